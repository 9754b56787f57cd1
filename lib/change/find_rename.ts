/**
 * What a told rename is about: which object, its new name, and whether both
 * schemas bear that out. Names are looked at together, so that things may
 * change names among each other. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { kindOf } from "../kinds/registry.ts";
import { address } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { ToldRename } from "../sources/mod.ts";
import { quoteQualified } from "../sql/quote.ts";

/** What is renamed: an object, or a part that is none. */
export interface Found {
  readonly object: SchemaObject;
  /** The old and the new name of the part. */
  readonly part: { readonly from: string; readonly to: string } | undefined;
  /** The parts of the object's new name. */
  readonly name: readonly string[];
}

/** A rename, and what it is about. */
export interface FoundRename extends Found {
  readonly request: ToldRename;
}

/**
 * Finds what renames are about.
 *
 * @param schemas The schema as it is, and the one that it is to become.
 * @param requests What was told.
 * @returns In the order in which it can be carried out: what is said under the
 * old name of its table comes before the table.
 * @throws {PawlError} `rename-unknown` for what is not there, or is ambiguous,
 * or leads to a name that the goal does not have.
 */
export function findRenames(
  schemas: readonly [Schema, Schema],
  requests: readonly ToldRename[],
): FoundRename[] {
  const [from, to] = schemas;
  const found: FoundRename[] = [];
  // What contains others comes first, by whose new name the goal has those.
  for (const depth of [1, 2, 3]) {
    const objects = [...from.objects.values()].filter(({ name }) =>
      name.length === depth
    );
    const finding = { from, to, requests, found: [...found] };
    for (const request of requests) {
      for (const object of objects) {
        const matches = [
          ...asObject(object, request, finding),
          ...asPart(object, request, finding),
        ];
        found.push(...matches.map((match) => ({ ...match, request })));
      }
    }
  }
  const deepest = requests.toSorted((a, b) => b.from.length - a.from.length);
  for (const request of deepest) {
    const matches = found.filter((one) => one.request === request);
    if (matches.length > 1) throw severalFound(request, matches);
    if (matches.length === 0 && !request.mayBeDone) {
      throw nothingFound(request, requests, from);
    }
  }
  const wanted = found.filter((one) => isWanted(one, { found, schemas }));
  return wanted.sort((a, b) => depthOf(b) - depthOf(a))
    .map((one) => withinSchema(one, found));
}

interface Finding {
  readonly from: Schema;
  readonly to: Schema;
  readonly requests: readonly ToldRename[];
  /** What contains others. */
  readonly found: readonly FoundRename[];
}

function asObject(
  object: SchemaObject,
  request: ToldRename,
  finding: Finding,
): Found[] {
  if (!endsWith(object.name, request.from)) return [];
  const name = completed(object.name, request.to);
  const renames = kindOf(object.kind)?.rename(object, name);
  if (renames === undefined || renames.length === 0) return [];
  const there = finding.to.objects.has(
    addressOf(object, goalName(object.name, finding.found)),
  );
  return there && !isGivenAway(object, request, finding)
    ? []
    : [{ object, part: undefined, name }];
}

/** Whether another object gets an object's name. */
function isGivenAway(
  object: SchemaObject,
  request: ToldRename,
  { from, requests }: Finding,
): boolean {
  return requests.some((other) =>
    other !== request && endsWith(object.name, other.to.slice(-1)) &&
    [...from.objects.values()].some((one) =>
      one.kind === object.kind && one.address !== object.address &&
      endsWith(one.name, other.from) &&
      isSame(completed(one.name, other.to), object.name)
    )
  );
}

function asPart(
  object: SchemaObject,
  request: ToldRename,
  { requests, to, found }: Finding,
): Found[] {
  const { from } = request;
  const kind = kindOf(object.kind);
  const last = from.at(-1) ?? "";
  const part = request.to.at(-1) ?? "";
  if (
    from.length < 2 || !endsWith(object.name, from.slice(0, -1)) ||
    kind?.renamePart(object, last, part) === undefined
  ) return [];
  const is = to.objects.get(addressOf(object, goalName(object.name, found)));
  // A part that the goal still has under the old name is not renamed.
  const there = is !== undefined &&
    kind.renamePart(is, last, part) !== undefined;
  const given = requests.some((other) =>
    other !== request && other.from.length > 1 && other.to.at(-1) === last &&
    endsWith(object.name, other.from.slice(0, -1))
  );
  return there && !given
    ? []
    : [{ object, part: { from: last, to: part }, name: object.name }];
}

/** Whether the goal bears a rename out; what need not be told is left. */
function isWanted(
  one: FoundRename,
  { found, schemas: [from, to] }: {
    readonly found: readonly FoundRename[];
    readonly schemas: readonly [Schema, Schema];
  },
): boolean {
  const { object, part, request } = one;
  // What a part is of may have another name itself.
  const whole = found.find((other) =>
    other.part === undefined && other.object === object
  );
  const name = goalName(
    part === undefined ? one.name : whole?.name ?? object.name,
    found.filter((other) => other !== one),
  );
  const is = [...to.objects.values()].filter((other) =>
    other.kind === object.kind && isSame(other.name, name)
  );
  const exists = part === undefined
    ? is.length > 0
    : is.some((other) => hasPart(other, part.to));
  // Who says it where it is declared says it of what is declared.
  if (!exists && !request.mayBeDone) {
    throw new PawlError(
      "rename-unknown",
      `Cannot rename ${request.shown}: the goal has no ${
        part === undefined ? wordOf(object) : wordOf(object) + " with"
      } ${request.to.join(".")}`,
      { hint: "The new name must be of something that the goal has" },
    );
  }
  const taken = part === undefined
    ? from.objects.has(addressOf(object, one.name))
    : hasPart(object, part.to);
  const leaves = found.some((other) =>
    part === undefined
      ? other.part === undefined && other.object.kind === object.kind &&
        isSame(other.object.name, one.name)
      : other.object === object && other.part?.from === part.to
  );
  if (!taken || leaves) return true;
  if (request.mayBeDone) return false;
  throw new PawlError(
    "rename-unknown",
    `Cannot rename ${request.shown}: there is a ${
      part === undefined ? wordOf(object) : "part"
    } of the new name`,
    { hint: "Say what becomes of that one, too, or drop it first" },
  );
}

function wordOf({ kind }: SchemaObject): string {
  return kind.replaceAll("_", " ");
}

/** Whether something is a part of an object. */
export function hasPart(object: SchemaObject, part: string): boolean {
  return kindOf(object.kind)?.renamePart(object, part, `${part}_`) !==
    undefined;
}

/** What is in a schema that is renamed too gets there with that. */
function withinSchema(
  one: FoundRename,
  found: readonly FoundRename[],
): FoundRename {
  const [was = ""] = one.object.name;
  const [is, ...rest] = one.name;
  return rest.length > 0 &&
      found.some(({ object, name }) =>
        object.kind === "schema" && object.name[0] === was && name[0] === is
      )
    ? { ...one, name: [was, ...rest] }
    : one;
}

/** A name of the starting schema as the goal has it: by what contains it. */
function goalName(
  name: readonly string[],
  found: readonly FoundRename[],
): readonly string[] {
  let is = name;
  for (let length = name.length - 1; length > 0; length--) {
    const whole = found.find(({ object, part }) =>
      part === undefined && object.name.length === length &&
      isSame(object.name, name.slice(0, length))
    );
    if (whole !== undefined) {
      is = [...whole.name, ...is.slice(length)];
    }
  }
  return is;
}

/**
 * The address of an object under another name.
 *
 * @param object The object.
 * @param name The parts of that name.
 */
export function addressOf(
  object: SchemaObject,
  name: readonly string[],
): string {
  const own = address(object.kind, object.name);
  // What stands behind the name: the types of arguments.
  return address(object.kind, name) +
    (object.address.startsWith(own) ? object.address.slice(own.length) : "");
}

/**
 * How deep something is: what is in others is renamed before those.
 *
 * @param found What is renamed.
 */
export function depthOf({ object, part }: Found): number {
  return object.name.length + (part === undefined ? 0 : 1);
}

function nothingFound(
  { from, shown }: ToldRename,
  requests: readonly ToldRename[],
  schema: Schema,
): PawlError {
  const whole = requests.find((other) =>
    from.length > 1 && endsWith(from.slice(0, -1), other.to.slice(-1))
  );
  const folded = (name: readonly string[]) =>
    name.map((part) => part.toLowerCase());
  const other = [...schema.objects.values()].find(({ name }) =>
    !endsWith(name, from) && endsWith(folded(name), folded(from))
  );
  const quoted = other === undefined
    ? undefined
    : quoteQualified(...other.name.slice(-from.length));
  return new PawlError(
    "rename-unknown",
    `Cannot rename ${shown}: nothing of the old name is gone`,
    {
      hint: whole !== undefined
        ? `Say it under the old name of what it is a part of: ${
          [...whole.from, from.at(-1) ?? ""].join(".")
        }`
        : quoted !== undefined
        ? `Names are read as SQL reads them: '${quoted}=…' keeps its capitals`
        : "The old name must be of an object that the goal does not have; pawl diff shows which are dropped",
    },
  );
}

function severalFound(
  { shown }: ToldRename,
  found: readonly Found[],
): PawlError {
  return new PawlError(
    "rename-unknown",
    `Cannot rename ${shown}: several objects have the old name`,
    {
      details: found.map(({ object }) => object.address),
      hint: "Say more of the name, such as SCHEMA.TABLE.COLUMN",
    },
  );
}

/** Whether a name ends with some parts. */
export function endsWith(
  name: readonly string[],
  end: readonly string[],
): boolean {
  return end.length <= name.length &&
    end.every((part, i) => name[name.length - end.length + i] === part);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && endsWith(one, other);
}

/** A new name with what it leaves out, as the old one has it. */
function completed(
  old: readonly string[],
  name: readonly string[],
): readonly string[] {
  return old.length === 3
    ? [...old.slice(0, 2), name.at(-1) ?? ""]
    : [...old.slice(0, Math.max(0, old.length - name.length)), ...name];
}
