/**
 * The keys that a foreign key may be made to depend on. PostgreSQL chooses: of
 * all unique indexes on the columns that it refers to, the oldest.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { isConstraint } from "./constraint.ts";
import { type Constraint, hasIndex } from "./constraint_inheritance.ts";
import { isIndex } from "./index.ts";
import type { CreateTarget } from "./kind.ts";
import { ancestorsOf, partsOf } from "./partitions.ts";

/**
 * Addresses of the keys that must be as they are to be before a foreign key is
 * added: it would be in the way of those that change or go else.
 *
 * @param object The foreign key as it is to be; other constraints have none.
 * @param target What SQL is written for.
 * @param from The foreign key as it was: it lets go of its key by itself.
 */
export function keysBefore(
  object: Constraint,
  target: CreateTarget,
  from?: Constraint,
): string[] {
  const { before, objects } = target;
  if (before === undefined || object.payload.type !== "foreign key") return [];
  const columns = object.depends.flatMap((address) => {
    const found = objects.get(address);
    return found?.kind === "column" ? [found] : [];
  });
  // One that refers to its own table depends on columns of no other.
  const others = columns.filter(({ parent }) => parent !== object.parent);
  const referred = others.length > 0 ? others : columns;
  const table = referred[0]?.parent;
  if (table === undefined) return [];
  const isMeant = (key: SchemaObject) =>
    isUnique(key) && from?.depends.includes(key.address) !== true &&
    // Of its own table it is not known which columns refer to which.
    (others.length === 0 ||
      referred.every(({ address }) => key.depends.includes(address)));
  // What goes for good may wait for a foreign key that lets go of it.
  const known = from === undefined ? [before.objects, objects] : [objects];
  return [
    ...new Set(
      known.flatMap((schema) =>
        partsOf(table, schema).filter(isMeant).map(({ address }) => address)
      ),
    ),
  ];
}

/**
 * Addresses of keys above the table that a foreign key refers to, which go: of
 * those the table has parts that the server would choose as long as they are
 * there.
 *
 * @param object The foreign key as it is to be; other constraints have none.
 * @param target What SQL is written for.
 */
export function keysGoing(object: Constraint, target: CreateTarget): string[] {
  const { before, objects } = target;
  if (before === undefined || object.payload.type !== "foreign key") return [];
  const referred = object.depends.flatMap((address) => {
    const column = objects.get(address);
    return column?.kind === "column" && column.parent !== object.parent
      ? [column]
      : [];
  });
  const table = before.objects.get(referred[0]?.parent ?? "");
  return ancestorsOf(table, before.objects)
    .filter(({ partitioned }) => partitioned)
    .flatMap((above) => partsOf(above.table, before.objects))
    .filter((key) => isUnique(key) && !objects.has(key.address))
    .map(({ address }) => address);
}

function isUnique(key: SchemaObject): boolean {
  return isConstraint(key) ? hasIndex(key) : isIndex(key) && key.payload.unique;
}
