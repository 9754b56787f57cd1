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
  const dependents = schemas.map(dependentsIn);
  const parts = schemas.map(partsIn);
  const linked = (links: readonly Links[], address: string) =>
    links.flatMap((one) => one.get(address) ?? []);
  const pervading = schemas.flatMap(({ objects }) =>
    [...objects.values()].filter((object) => kind(object).pervades)
      .map(({ address }) => address)
  );
  return (touched) => {
    const wanted = new Set(touched);
    // Everything that could be in the way.
    for (const address of wanted) {
      for (const other of linked([...dependents, ...parts], address)) {
        wanted.add(other.address);
      }
    }
    // A partition gets an index for each that the partitioned table has.
    for (const address of kinOf(wanted, schemas)) {
      wanted.add(address);
      for (const part of linked(parts, address)) wanted.add(part.address);
    }
    // What comes by itself with whatever is created.
    for (const address of pervading) wanted.add(address);
    // Everything that those need.
    for (const address of wanted) {
      for (const schema of schemas) {
        const object = schema.objects.get(address);
        if (object === undefined) continue;
        for (const other of object.depends) wanted.add(other);
        for (const other of kind(object).attachesTo(object, schema.objects)) {
          wanted.add(other);
        }
        if (object.parent !== undefined) wanted.add(object.parent);
        const [first] = object.name;
        if (first !== undefined) wanted.add(addressOf("schema", [first]));
      }
      for (const part of linked(parts, address)) {
        if (kind(part).foldsInto || goesAlong(part)) wanted.add(part.address);
      }
    }
    const [from, to] = schemas;
    return [cut(from, wanted), cut(to, wanted)];
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
