/**
 * Which columns hold values of a type, directly or inside of other types, and
 * how a type whose values are held stands aside while they go over to the new
 * one. Pure.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import type { SchemaObject } from "../schema/schema.ts";
import type { AllowCode, Hazard } from "./hazard.ts";
import {
  type Alteration,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";

type Objects = CreateTarget["objects"];

/** The kinds of types that values of other types may be inside of. */
const TYPES: ReadonlySet<string> = new Set([
  "enum",
  "composite",
  "domain",
  "range",
  "collation",
]);

const DEPENDENTS = new WeakMap<
  Objects,
  ReadonlyMap<string, readonly SchemaObject[]>
>();

/**
 * What depends on what, found once for each schema.
 *
 * @param objects The objects of the schema.
 */
export function dependentsIn(
  objects: Objects,
): ReadonlyMap<string, readonly SchemaObject[]> {
  const known = DEPENDENTS.get(objects);
  if (known !== undefined) return known;
  const found = new Map<string, SchemaObject[]>();
  for (const object of objects.values()) {
    for (const address of object.depends) {
      const list = found.get(address);
      if (list === undefined) found.set(address, [object]);
      else list.push(object);
    }
  }
  DEPENDENTS.set(objects, found);
  return found;
}

/**
 * What depends on an object, as the schema was.
 *
 * @param address The object's address.
 * @param target What SQL is written for.
 */
export function dependentsOf(
  address: string,
  target: ChangeTarget,
): readonly SchemaObject[] {
  return dependentsIn(target.before.objects).get(address) ?? [];
}

/**
 * The columns that stay and whose values are of a type or have some of it in
 * them: through arrays, domains, composite types and ranges.
 *
 * @param address The type's address, or a collation's.
 * @param target What SQL is written for.
 */
export function columnsOf(
  address: string,
  target: ChangeTarget,
): readonly SchemaObject[] {
  const columns: SchemaObject[] = [];
  const seen = new Set([address]);
  const queue = [address];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const dependent of dependentsOf(at, target)) {
      if (seen.has(dependent.address)) continue;
      seen.add(dependent.address);
      if (TYPES.has(dependent.kind)) queue.push(dependent.address);
      if (
        dependent.kind === "column" && target.objects.has(dependent.address)
      ) columns.push(dependent);
    }
  }
  return columns;
}

/**
 * Whether columns hold values of a domain inside of arrays, composite types or
 * ranges: ALTER DOMAIN looks for values that do not fit in columns of the
 * domain itself, and refuses where they may be elsewhere.
 *
 * @param domain The domain, as it was.
 * @param target What SQL is written for.
 */
export function isInside(domain: SchemaObject, target: ChangeTarget): boolean {
  return dependentsOf(domain.address, target).some((dependent) => {
    const isArray = /\[\]$/.test(String(dependent.payload.type));
    switch (dependent.kind) {
      case "column":
        return isArray && target.objects.has(dependent.address);
      case "domain":
        return isArray
          ? columnsOf(dependent.address, target).length > 0
          : isInside(dependent, target);
      default:
        return (dependent.kind === "composite" || dependent.kind === "range") &&
          columnsOf(dependent.address, target).length > 0;
    }
  });
}

/**
 * Whether the type of something is made of another type, which is replaced
 * with that one: a domain over it, a composite type with it in an attribute.
 *
 * @param user The column, domain or type, as it was.
 * @param type The other type.
 * @param target What SQL is written for.
 */
export function isHeldBy(
  user: SchemaObject,
  type: SchemaObject,
  target: ChangeTarget,
): boolean {
  return user.depends.some((address) => {
    const own = target.before.objects.get(address);
    if (own === undefined || !TYPES.has(own.kind)) return false;
    // A default may name any type.
    if (
      typeof user.payload.type === "string" &&
      !isOfType(user.payload.type, own)
    ) return false;
    return address === type.address
      ? user.kind !== "column"
      : isHeldBy(own, type, target);
  });
}

/**
 * The name of a type in SQL without modifiers and array brackets.
 *
 * @param type As `format_type` writes it, such as `public.price(10,2)[]`.
 */
export function bareType(type: string): string {
  const array = type.replace(/(?:\[\])+$/, "");
  const [name = array] = /^(?:"(?:[^"]|"")*"|[^"(])+/.exec(array) ?? [];
  return name;
}

/**
 * Whether a type is another one, its multirange type, or an array of one.
 *
 * @param type As `format_type` writes it.
 * @param object The other type.
 */
export function isOfType(type: string, object: SchemaObject): boolean {
  const name = bareType(type);
  return name === qualify(object.name) || name === object.payload.multirange;
}

/** The longest name that PostgreSQL keeps, in bytes. */
export const NAME_BYTES = 63;

const SUFFIX = "__pawl_old";

/**
 * A name in an object's schema that nothing has, before and after.
 *
 * @param object The object.
 * @param target What SQL is written for.
 */
export function freeName(object: SchemaObject, target: ChangeTarget): string {
  const [schema = "", name = ""] = object.name;
  const taken = new Set<string>();
  for (const { objects } of [target, target.before]) {
    for (const { name } of objects.values()) {
      if (name.length === 2 && name[0] === schema) taken.add(name[1] ?? "");
    }
  }
  for (let n = 1;; n++) {
    const suffix = n === 1 ? SUFFIX : `${SUFFIX}${n}`;
    const free = told(name, NAME_BYTES - suffix.length) + suffix;
    if (!taken.has(free)) return free;
  }
}

/** A name in so many bytes; one of which only the beginning fits is still told from others. */
function told(name: string, bytes: number): string {
  if (shortened(name, bytes) === name) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${shortened(name, bytes - digest.length - 1)}_${digest}`;
}

/** The longest beginning of a text that has no more than some bytes. */
export function shortened(text: string, bytes: number): string {
  let size = 0;
  let short = "";
  for (const character of text) {
    size += new TextEncoder().encode(character).length;
    if (size > bytes) break;
    short += character;
  }
  return short;
}

/** How something is replaced whose values are held. */
export interface ReplacementOptions {
  /** What ALTER and DROP call it: `TYPE`, `DOMAIN`, `COLLATION`. */
  readonly word: "TYPE" | "DOMAIN" | "COLLATION";
  /** What may go wrong with the values that are there. */
  readonly hazards: readonly Hazard[];
  /** What else must give up its name for the new one. */
  readonly away?: (name: string) => readonly KindStatement[];
}

/**
 * A type's replacement: while the old one stands aside where columns hold
 * values of it, or else by dropping and creating it.
 *
 * @param object The type as it was.
 * @param target What SQL is written for.
 * @param options How.
 */
export function replacement(
  object: SchemaObject,
  target: ChangeTarget,
  options: ReplacementOptions,
): Alteration {
  const columns = columnsOf(object.address, target);
  if (columns.length === 0) return { how: "replace" };
  const { word } = options;
  const hazards = options.hazards.map((hazard) => ({
    ...hazard,
    tables: tablesOf(columns),
  }));
  const [schema = ""] = object.name;
  const name = freeName(object, target);
  const away = renameStatements(`ALTER ${word}`, object.name, {
    name: [schema, name],
  });
  return {
    how: "replace",
    aside: {
      away: [
        ...away.map((statement) => ({ ...statement, hazards })),
        ...options.away?.(name) ?? [],
      ],
      gone: [create(`DROP ${word} ${qualify([schema, name])}`)],
    },
  };
}

/**
 * The addresses of the tables that columns are of.
 *
 * @param columns The columns.
 */
export function tablesOf(columns: readonly SchemaObject[]): readonly string[] {
  return columns.flatMap(({ parent }) => parent ?? []);
}

/**
 * Columns for a hazard's reason.
 *
 * @param columns At least one.
 * @returns Such as `public.orders.status and 2 more`.
 */
export function columnList(columns: readonly SchemaObject[]): string {
  const [first, ...others] = columns;
  const name = qualify(first?.name ?? []);
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

/**
 * What may go wrong with the values of a type when there is a new one.
 *
 * @param type The type as it was.
 * @param target What SQL is written for.
 * @param allow What `--allow` calls the change.
 * @returns None where no column holds any.
 */
export function unfitValues(
  type: SchemaObject,
  target: ChangeTarget,
  allow: AllowCode,
): Hazard[] {
  const columns = columnsOf(type.address, target);
  return columns.length === 0 ? [] : [{
    kind: "data-dependent",
    allow,
    reason: `it fails where a value of ${
      columnList(columns)
    } does not fit the new ${qualify(type.name)}`,
  }];
}

/**
 * How a type makes room for one of another kind, of its name, which the columns
 * that hold values of it go over to.
 *
 * @param type The type as it was.
 * @param target What SQL is written for.
 * @param word What ALTER and DROP call it.
 */
export function makeTypeRoom(
  type: SchemaObject,
  target: ChangeTarget,
  word: "TYPE" | "DOMAIN",
): Alteration {
  return replacement(type, target, {
    word,
    hazards: unfitValues(type, target, "change-type"),
  });
}
