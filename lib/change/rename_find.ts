/**
 * What a told rename means: which object of the schema, and by which name in the
 * goal. Names may be handed on, or exchanged. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { kindOf } from "../kinds/registry.ts";
import { address } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { ToldRename } from "../sources/mod.ts";

/** What is renamed: an object, or a part that is none. */
export interface Found {
  readonly object: SchemaObject;
  /** The old and the new name of the part. */
  readonly part: { readonly from: string; readonly to: string } | undefined;
  /** The parts of the object's new name. */
  readonly name: readonly string[];
}

/**
 * What a request is about.
 *
 * @param schemas The schema, and the one that it is to become.
 * @param told The request, all of them, and addresses whose names are reused.
 * @returns Undefined for what has been done.
 * @throws {PawlError} `rename-unknown` for what is not there, or ambiguous.
 */
export function findRenamed(
  [schema, to]: readonly [Schema, Schema],
  { request, requests, reused }: {
    readonly request: ToldRename;
    readonly requests: readonly ToldRename[];
    readonly reused: ReadonlySet<string>;
  },
): Found | undefined {
  const { from, shown } = request;
  const found: Found[] = [];
  for (const object of schema.objects.values()) {
    const kind = kindOf(object.kind);
    if (kind === undefined) continue;
    if (
      endsWith(object.name, from) &&
      (!to.objects.has(object.address) || reused.has(object.address))
    ) {
      const name = completed(object.name, request.to);
      const renames = kind.rename(object, name);
      if (renames !== undefined && renames.length > 0) {
        found.push({ object, part: undefined, name });
      }
    }
    const last = from.at(-1) ?? "";
    const part = request.to.at(-1) ?? "";
    if (from.length > 1 && endsWith(object.name, from.slice(0, -1))) {
      const is = to.objects.get(object.address) ?? object;
      // A part that the goal still has under the old name is not renamed.
      if (
        kind.renamePart(object, last, part) !== undefined &&
        (is === object || kind.renamePart(is, last, part) === undefined)
      ) {
        found.push({
          object,
          part: { from: last, to: part },
          name: object.name,
        });
      }
    }
  }
  const [first, second] = found;
  if (first === undefined) {
    if (request.mayBeDone) return undefined;
    throw new PawlError(
      "rename-unknown",
      `Cannot rename ${shown}: nothing of the old name is gone`,
      { hint: hintOf(request, requests) },
    );
  }
  if (second !== undefined) {
    throw new PawlError(
      "rename-unknown",
      `Cannot rename ${shown}: several objects have the old name`,
      {
        details: found.map(({ object }) => object.address),
        hint: "Say more of the name, such as SCHEMA.TABLE.COLUMN",
      },
    );
  }
  if (
    first.part === undefined && isNamed(first.object) &&
    !isWanted(first, requests, to)
  ) {
    if (request.mayBeDone) return undefined;
    throw new PawlError(
      "rename-unknown",
      `Cannot rename ${shown}: the goal has no ${
        first.object.kind.replaceAll("_", " ")
      } ${request.to.join(".")}`,
      {
        hint:
          "The new name must be of an object that the goal has and the start has not; pawl diff shows which are created",
      },
    );
  }
  return first;
}

/** Whether the goal has something of the new name, which is in what others have renamed. */
function isWanted(
  { object, name }: Found,
  requests: readonly ToldRename[],
  to: Schema,
): boolean {
  const wholes = requests.filter(({ from }) =>
    from.length < name.length && endsWith(name.slice(0, -1), from)
  ).map(({ to: is }) => completed(name.slice(0, -1), is));
  const schemas = requests.filter(({ from, to: is }) =>
    from.length === 1 && is.length === 1 && from[0] === name[0]
  ).map(({ to: [is = ""] }) => is);
  return [name.slice(0, -1), ...wholes].some((whole) =>
    [whole[0] ?? "", ...schemas].some((schema) =>
      to.objects.has(
        address(
          object.kind,
          whole.length === 0
            ? name
            : [schema, ...whole.slice(1), name.at(-1) ?? ""],
        ),
      )
    )
  );
}

function hintOf(
  { from }: ToldRename,
  requests: readonly ToldRename[],
): string {
  const whole = requests.find(({ to }) =>
    from.length > to.length && endsWith(from.slice(0, -1), to)
  );
  return whole === undefined
    ? "The old name must be of an object that the goal does not have; pawl diff shows which are dropped"
    : `Say it under the old name of what it is a part of: ${
      [...whole.from, from.at(-1) ?? ""].join(".")
    }`;
}

/** Whether a name ends as another one. */
export function endsWith(
  name: readonly string[],
  end: readonly string[],
): boolean {
  return end.length <= name.length &&
    end.every((part, i) => name[name.length - end.length + i] === part);
}

/** A new name with what it leaves out, as the old one has it. */
export function completed(
  old: readonly string[],
  name: readonly string[],
): readonly string[] {
  return old.length === 3
    ? [...old.slice(0, 2), name.at(-1) ?? ""]
    : [...old.slice(0, Math.max(0, old.length - name.length)), ...name];
}

/** Whether it is known by its name alone, and not by arguments, too. */
function isNamed({ address: at, kind, name }: SchemaObject): boolean {
  return at === address(kind, name);
}

/** Whether something else has the new name yet. */
export function isTaken(
  schema: Schema,
  { object, part, name }: Found,
): boolean {
  return part === undefined && isNamed(object) &&
    schema.objects.has(address(object.kind, name));
}

/** A name beside an object's own that nothing of its kind has. */
export function freeName(object: SchemaObject, schema: Schema): string {
  for (let n = 1;; n++) {
    const free = `${(object.name.at(-1) ?? "").slice(0, 50)}_pawl${
      n === 1 ? "" : n
    }`;
    const at = address(object.kind, [...object.name.slice(0, -1), free]);
    if (!schema.objects.has(at)) return free;
  }
}

/**
 * What has another name in the goal although something has its old one there:
 * it is renamed, too. Comments stay when that is done, so that two that exchange
 * their names are told on the command line only.
 *
 * @param schemas The schema, and the one that it is to become.
 * @param requests What to rename.
 * @returns Addresses, as they are.
 */
export function reusedNames(
  [schema, to]: readonly [Schema, Schema],
  requests: readonly ToldRename[],
): Set<string> {
  const told = requests.flatMap((request) =>
    [...schema.objects.values()].filter((object) =>
      endsWith(object.name, request.from) &&
      (kindOf(object.kind)?.rename(object, completed(object.name, request.to))
          ?.length ?? 0) > 0
    ).map((object) => ({
      request,
      at: object.address,
      becomes: address(object.kind, completed(object.name, request.to)),
    }))
  );
  const reused = new Set<string>();
  const isGone = (at: string) => !to.objects.has(at) || reused.has(at);
  for (let size = -1; size < reused.size;) {
    size = reused.size;
    for (const { at } of told) {
      const taken = told.some((other) =>
        other.becomes === at && isGone(other.at)
      );
      if (to.objects.has(at) && taken) reused.add(at);
    }
  }
  // A circle, told as a whole.
  const circle = told.filter(({ at, request }) =>
    !request.mayBeDone && !isGone(at)
  );
  for (const { at } of circle) {
    const rounds = new Set([at]);
    for (const one of rounds) {
      const next = circle.find((other) => other.at === one)?.becomes;
      if (next !== undefined) rounds.add(next);
    }
    if (
      rounds.size > 1 &&
      [...rounds].every((one) => circle.some((other) => other.becomes === one))
    ) reused.add(at);
  }
  return reused;
}
