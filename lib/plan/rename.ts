/**
 * Renames that the structure tells: an object that is gone and a new one of
 * the same kind and place that differ in nothing but their names, and no third
 * of the same structure. Names no kind. Pure.
 *
 * @module
 */

import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import { quoteLiteral, quoteQualified } from "../sql/quote.ts";
import type { PlannedStatement } from "./planned_statement.ts";
import { kind } from "./work.ts";

/** A schema after renames. */
export interface Renamed {
  readonly schema: Schema;
  readonly statements: readonly PlannedStatement[];
}

/**
 * Renames what differs from the goal by its name only.
 *
 * @param from As it is.
 * @param to As it is to be.
 * @param at Addresses in their order, where it is known that each has the
 * other's objects at all others.
 */
export function renamedByStructure(
  from: Schema,
  to: Schema,
  at?: readonly string[],
): Renamed {
  const gone = byStructure(from, to, at);
  const made = byStructure(to, from, at);
  const names = new Map<string, SchemaObject>();
  const statements: PlannedStatement[] = [];
  let held: ReadonlySet<string> | undefined;
  for (const [structure, olds] of gone) {
    const news = made.get(structure) ?? [];
    const [was] = olds;
    const [is] = news;
    if (
      was === undefined || is === undefined || olds.length > 1 ||
      news.length > 1
    ) continue;
    const renames = kind(was).rename(was, is.name);
    if (renames === undefined) continue;
    // Renames come first: a name that something else still has is not free yet.
    held ??= placesOf(from);
    const own = new Set(kind(was).occupies(was));
    if (
      kind(is).occupies(is).some((place) => !own.has(place) && held?.has(place))
    ) continue;
    names.set(was.address, is);
    for (const statement of renames) {
      statements.push({ ...statement, address: is.address, action: "rename" });
    }
  }
  if (names.size === 0) return { schema: from, statements: [] };
  return { schema: renameObjects(from, names), statements };
}

/** Every name that something has. */
function placesOf(schema: Schema): Set<string> {
  const places = new Set<string>();
  for (const object of schema.objects.values()) {
    for (const place of kind(object).occupies(object)) places.add(place);
  }
  return places;
}

/** What only one of two schemas has, by kind, place and structure. */
function byStructure(
  schema: Schema,
  other: Schema,
  at: readonly string[] | undefined,
): Map<string, SchemaObject[]> {
  const found = new Map<string, SchemaObject[]>();
  for (const address of at ?? schema.objects.keys()) {
    const object = schema.objects.get(address);
    if (object === undefined || other.objects.has(address)) continue;
    const structure = kind(object).structure(object);
    // Where its whole is new too it is made with that.
    if (
      structure === undefined ||
      object.parent !== undefined && !other.objects.has(object.parent)
    ) continue;
    const key = `${object.kind}\0${object.parent}\0${structure}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, [object]);
    else group.push(object);
  }
  return found;
}

/**
 * An object as the server writes it once what it names has another name: a
 * constant of type regclass follows that, but for a body that is kept as text.
 */
function withNames(
  object: SchemaObject,
  { objects }: Schema,
  names: ReadonlyMap<string, SchemaObject>,
): SchemaObject {
  const texts = object.depends.flatMap((dep) => {
    const [was, is] = [objects.get(dep), names.get(dep)];
    return was === undefined || is === undefined
      ? []
      : [[regclass(was), regclass(is)] as const];
  });
  if (texts.length === 0 || kind(object).body(object) !== undefined) {
    return object;
  }
  let found = false;
  const payload = Object.fromEntries(
    Object.entries(object.payload).map(([key, value]) => {
      if (typeof value !== "string") return [key, value];
      const text = texts.reduce(
        (text, [was, is]) => text.replaceAll(was, () => is),
        value,
      );
      found ||= text !== value;
      return [key, text];
    }),
  );
  // What does not name it reads as it did.
  return found ? { ...object, payload } : object;
}

/** As the server writes it where the search path is empty. */
function regclass({ name }: SchemaObject): string {
  return `${quoteLiteral(quoteQualified(...name))}::regclass`;
}

/** Gives objects, and those about them, the addresses of others. */
function renameObjects(
  schema: Schema,
  names: ReadonlyMap<string, SchemaObject>,
): Schema {
  const rename = (address: string) => names.get(address)?.address ?? address;
  const objects = [...schema.objects.values()].map((before) => {
    const object = withNames(before, schema, names);
    const is = names.get(object.address);
    const parent = object.parent === undefined
      ? undefined
      : names.get(object.parent);
    // Most have nothing to do with it, and stay the objects that they are.
    const touched = is !== undefined || parent !== undefined ||
      object.depends.some((address) => names.has(address));
    if (!touched) return object;
    const depends = object.depends.map(rename).sort();
    if (is !== undefined) {
      return { ...object, ...is, depends, position: object.position };
    }
    return parent === undefined ? { ...object, depends } : {
      ...object,
      depends,
      parent: parent.address,
      name: parent.name,
      address: object.address.replace(
        object.parent ?? "",
        () => parent.address,
      ),
    };
  });
  return makeSchema(objects, schema);
}
