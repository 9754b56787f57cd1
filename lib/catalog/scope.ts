/**
 * What of a schema is ours to look at: patterns of objects to ignore, and
 * partitions that nobody declared. Parts go with their whole: an ignored
 * table's columns, constraints, indexes, comments and privileges.
 *
 * A pattern is `[KIND:]NAME`. NAME has parts with dots between them; `*`
 * stands for any characters and `?` for one, within one part; a part in double
 * quotes stands for itself. KIND is a kind's name or `*`.
 *
 * - `public.tmp_*`: everything in `public` whose name begins so.
 * - `*_backup`: the same in any schema. Never a schema itself: `schema:*_old`
 *   says that, and takes along everything in it.
 * - `public.users.*_old`: parts of a table: columns, constraints, triggers.
 * - `table:public.tmp_*`, `function:audit_*`, `column:*.legacy_id`: of one
 *   kind. NAME says as many of the last parts as it likes.
 * - `function:public.add(integer, *)`: of one name by the types of its
 *   arguments.
 * - `comment:*`, `owner:table:app.*`, `privilege:* to rds_*`: what is about
 *   other objects, by theirs and by the role.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { address } from "../schema/address.ts";
import type { Payload, Schema, SchemaObject } from "../schema/schema.ts";
import { quoteQualified } from "../sql/quote.ts";

/** What to leave out. */
export interface Ignored {
  /** The patterns. */
  readonly patterns: readonly string[];
  /**
   * Addresses of objects that go with others without being their parts, and
   * those others: a sequence, and the column that owns it.
   */
  readonly goesWith?: ReadonlyMap<string, readonly string[]>;
}

/**
 * A schema without what is to be ignored, and what is a part of that.
 *
 * @param schema The schema.
 * @param ignored The patterns.
 * @throws {PawlError} `config-invalid` for a pattern that is none.
 */
export function withoutIgnored(schema: Schema, ignored: Ignored): Schema {
  if (ignored.patterns.length === 0) return schema;
  const patterns = ignored.patterns.map(parsePattern);
  return without(
    schema,
    (object) => patterns.some((pattern) => matches(pattern, object)),
    ignored.goesWith,
  );
}

/**
 * A schema without the objects of some kinds, such as `owner`.
 *
 * @param schema The schema.
 * @param kinds The kinds' names.
 */
export function withoutKinds(
  schema: Schema,
  kinds: readonly string[],
): Schema {
  if (kinds.length === 0) return schema;
  return without(schema, (object) => kinds.includes(object.kind));
}

/**
 * A live schema without the partitions that the declared one does not name
 * and whose parent it does: pg_partman makes them, or a job. So are tables
 * that inherit, where nothing is declared in their schema: TimescaleDB's
 * chunks.
 *
 * @param live The schema as it is.
 * @param declared The schema as it is to be.
 */
export function withoutUnnamedPartitions(
  live: Schema,
  declared: Schema,
): Schema {
  const byName = new Map<string, string>();
  for (const { kind, name, payload } of live.objects.values()) {
    if (isRelation(payload)) {
      byName.set(quoteQualified(...name), address(kind, name));
    }
  }
  const schemas = new Set(
    [...declared.objects.values()].flatMap(({ name }) =>
      name.length > 1 ? [name[0]] : []
    ),
  );
  const unnamed = new Map<string, boolean>();
  const isUnnamed = (object: SchemaObject): boolean => {
    const known = unnamed.get(object.address);
    if (known !== undefined) return known;
    unnamed.set(object.address, false);
    const parents = parentsOf(object.payload, !schemas.has(object.name[0]));
    const found = !declared.objects.has(object.address) &&
      parents.some((name) => {
        const parent = live.objects.get(byName.get(name) ?? "");
        return parent !== undefined &&
          (declared.objects.has(parent.address) || isUnnamed(parent));
      });
    unnamed.set(object.address, found);
    return found;
  };
  return without(live, isUnnamed);
}

function isRelation(payload: Payload): boolean {
  return "partitionOf" in payload || "inherits" in payload ||
    "partitionBy" in payload;
}

/** The parents, as qualified names, of a partition or of a table that inherits. */
function parentsOf(payload: Payload, inherited: boolean): string[] {
  const { partitionOf, inherits } = payload;
  if (
    typeof partitionOf === "object" && partitionOf !== null &&
    "parent" in partitionOf && typeof partitionOf.parent === "string"
  ) return [partitionOf.parent];
  return inherited && Array.isArray(inherits) ? inherits.map(String) : [];
}

/** Leaves out objects with everything that is a part of them. */
function without(
  schema: Schema,
  leaves: (object: SchemaObject) => boolean,
  goesWith: ReadonlyMap<string, readonly string[]> = new Map(),
): Schema {
  const gone = new Map<string, boolean>();
  const isGone = (at: string): boolean => {
    const known = gone.get(at);
    if (known !== undefined) return known;
    const object = schema.objects.get(at);
    if (object === undefined) return false;
    gone.set(at, false);
    const [first, ...rest] = object.name;
    const wholes = [
      ...(object.parent === undefined ? [] : [object.parent]),
      ...(first === undefined || rest.length === 0
        ? []
        : [address("schema", [first])]),
      ...(goesWith.get(at) ?? []),
    ];
    const found = leaves(object) ||
      wholes.some((whole) => whole !== at && isGone(whole));
    gone.set(at, found);
    return found;
  };
  const kept = [...schema.objects].filter(([at]) => !isGone(at));
  return kept.length === schema.objects.size
    ? schema
    : { ...schema, objects: new Map(kept) };
}

/** A pattern, taken apart. */
interface Pattern {
  /** The kinds, outermost first: `owner`, `table`. */
  readonly kinds: readonly RegExp[];
  /** One for each part of the name that is said. */
  readonly parts: readonly RegExp[];
  /** The types of the arguments. */
  readonly argumentTypes: RegExp | undefined;
  /** Who has a privilege. */
  readonly role: RegExp | undefined;
}

function parsePattern(text: string): Pattern {
  const syntax =
    /^((?:[a-z_*?]+:)*)((?:"(?:[^"]|"")+"|[^".()\s:]+)(?:\.(?:"(?:[^"]|"")+"|[^".()\s:]+))*)(\(.*\))?(?: to (\S+))?$/;
  const [, kinds, name, types, role] = syntax.exec(text.trim()) ?? [];
  if (name === undefined) {
    throw new PawlError(
      "config-invalid",
      `Cannot ignore ${text}: it is no pattern`,
      {
        hint:
          "such as public.tmp_*, *_backup, table:app.log_* or schema:scratch",
      },
    );
  }
  return {
    kinds: (kinds ?? "").split(":").filter((kind) => kind !== "").map(glob),
    parts: [...name.matchAll(/"(?:[^"]|"")+"|[^".]+/g)].map(([part]) =>
      glob(part)
    ),
    argumentTypes: types === undefined ? undefined : glob(types),
    role: role === undefined ? undefined : glob(role),
  };
}

/** A part of a pattern; in double quotes it stands for itself. */
function glob(part: string): RegExp {
  const quoted = /^"(.*)"$/s.exec(part)?.[1];
  const literal = (text: string) =>
    text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(
    `^${
      quoted === undefined
        ? part.split(/([*?])/).map((piece) =>
          piece === "*" ? ".*" : piece === "?" ? "." : literal(piece)
        ).join("")
        : literal(quoted.replaceAll('""', '"'))
    }$`,
    "s",
  );
}

function matches(pattern: Pattern, object: SchemaObject): boolean {
  const kinds = kindsOf(object.address);
  const { parts } = pattern;
  const { name } = object;
  if (pattern.kinds.length === 0) {
    // What is about other objects goes with them, and schemas are named as such.
    if (kinds.length > 1 || name.length !== Math.max(parts.length, 2)) {
      return false;
    }
  } else if (!pattern.kinds.every((kind, i) => kind.test(kinds[i] ?? ""))) {
    return false;
  }
  const last = name.slice(-parts.length);
  if (
    last.length < parts.length ||
    !parts.every((part, i) => part.test(last[i] ?? ""))
  ) {
    return false;
  }
  const { argumentTypes, role } = pattern;
  if (argumentTypes !== undefined) {
    const types = /\(.*\)/s.exec(object.address)?.[0];
    if (types === undefined || !argumentTypes.test(types)) return false;
  }
  if (role === undefined) return true;
  const to = / to (?:([^" ]+)|"((?:[^"]|"")*)")$/.exec(object.address);
  return to !== null && role.test(to[1] ?? (to[2] ?? "").replaceAll('""', '"'));
}

/** The kinds in an address: a comment's has its own and that of what it is on. */
function kindsOf(text: string): string[] {
  const [prefix = ""] = /^(?:[a-z_]+:)+/.exec(text) ?? [];
  return prefix.split(":").slice(0, -1);
}
