/**
 * The part of a schema that a change can be tried on: what changes, what
 * depends on that, what hands its parts on to that, and all that these need.
 * Names no kind. Pure.
 *
 * @module
 */

import { address as addressOf } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import { dependentsIn, type Links, partsIn } from "./links.ts";
import { kind } from "./work.ts";

/**
 * Cuts two schemas down to what a change between them is about.
 *
 * @param schemas The schema as it is, and as it is to be.
 * @param touched Addresses of what changes, in either of them.
 * @param goesAlong Whether a part comes with what it is a part of, though it
 * is not written with it.
 * @returns Both, without what has nothing to do with the change.
 */
export function sliceOf(
  schemas: readonly [Schema, Schema],
  touched: Iterable<string>,
  goesAlong: (part: SchemaObject) => boolean = () => false,
): [Schema, Schema] {
  return slicer(schemas, goesAlong)(touched);
}

/**
 * The same for whoever wants several slices of the same schemas: the time of
 * each does not grow with them.
 *
 * @param schemas The schema as it is, and as it is to be.
 * @param goesAlong As for {@linkcode sliceOf}.
 * @returns Cuts out what addresses of changes are about.
 */
export function slicer(
  schemas: readonly [Schema, Schema],
  goesAlong: (part: SchemaObject) => boolean = () => false,
): (touched: Iterable<string>) => [Schema, Schema] {
  const reach = reacher(schemas, goesAlong);
  return (touched) => {
    const { all } = reach(touched);
    const [from, to] = schemas;
    return [cut(from, all), cut(to, all)];
  };
}

/** What changes are about, by address. */
export interface Reach {
  /** What changes, with all that depends on it and its parts. */
  readonly affected: ReadonlySet<string>;
  /** That, and what it needs. */
  readonly all: ReadonlySet<string>;
}

/**
 * How far changes reach.
 *
 * @param schemas The schema as it is, and as it is to be.
 * @param goesAlong As for {@linkcode sliceOf}.
 * @returns Finds what addresses of changes are about.
 */
export function reacher(
  schemas: readonly [Schema, Schema],
  goesAlong: (part: SchemaObject) => boolean = () => false,
): (touched: Iterable<string>) => Reach {
  const dependents = schemas.map(dependentsIn);
  const parts = schemas.map(partsIn);
  const linked = (links: readonly Links[], address: string) =>
    links.flatMap((one) => one.get(address) ?? []);
  const pervading = schemas.flatMap(({ objects }) =>
    [...objects.values()].filter((object) => kind(object).pervades)
      .map(({ address }) => address)
  );
  return (touched) => {
    const affected = new Set(touched);
    // Everything that could be in the way.
    for (const address of affected) {
      for (const other of linked([...dependents, ...parts], address)) {
        affected.add(other.address);
      }
    }
    const all = new Set(affected);
    // A partition gets an index for each that the partitioned table has.
    for (const address of kinOf(affected, schemas)) {
      all.add(address);
      for (const part of linked(parts, address)) all.add(part.address);
    }
    // What comes by itself with whatever is created.
    for (const address of pervading) all.add(address);
    // Everything that those need.
    for (const address of all) {
      for (const schema of schemas) {
        const object = schema.objects.get(address);
        if (object === undefined) continue;
        for (const other of object.depends) all.add(other);
        for (const other of kind(object).attachesTo(object, schema.objects)) {
          all.add(other);
        }
        if (object.parent !== undefined) all.add(object.parent);
        const [first] = object.name;
        if (first !== undefined) all.add(addressOf("schema", [first]));
      }
      for (const part of linked(parts, address)) {
        if (kind(part).foldsInto || goesAlong(part)) all.add(part.address);
      }
    }
    return { affected, all };
  };
}

/** What hands parts on to objects, or gets theirs. */
function kinOf(
  addresses: Iterable<string>,
  schemas: readonly Schema[],
): ReadonlySet<string> {
  const kin = new Set<string>();
  const asked = new Set<string>();
  for (const address of addresses) {
    for (const schema of schemas) {
      const object = schema.objects.get(address);
      const whole = schema.objects.get(object?.parent ?? address);
      if (object !== undefined && object !== whole) {
        for (const other of kind(object).kin(object, schema.objects)) {
          kin.add(other);
        }
      }
      if (whole === undefined) continue;
      // A table of a thousand columns is asked once.
      const question = `${schemas.indexOf(schema)} ${whole.address}`;
      if (asked.has(question)) continue;
      asked.add(question);
      for (const other of kind(whole).kin(whole, schema.objects)) {
        kin.add(other);
      }
    }
  }
  return kin;
}

function cut(schema: Schema, wanted: ReadonlySet<string>): Schema {
  const objects = [...wanted].map((address) => schema.objects.get(address))
    .filter((object) => object !== undefined);
  return makeSchema(objects, schema);
}
