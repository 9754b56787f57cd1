/**
 * Which columns hold rows of a table, as values of its row type: directly or
 * inside of arrays, domains, composite types, ranges and rows of further
 * relations. PostgreSQL refuses to give the table's rows another form, or new
 * values, as long as a stored column holds any. Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import type { ColumnPayload } from "./column.ts";
import { descendantsOf, isRebuilt } from "./inheritance.ts";
import {
  type ChangeTarget,
  type CreateTarget,
  type Ousted,
  qualify,
} from "./kind.ts";
import { typedParts } from "./row_parts.ts";
import { bareType, dependentsIn, isOfType } from "./stored_type.ts";

type Objects = CreateTarget["objects"];

/** Whether a type is made of another one, or a relation has a column of it. */
function isMadeOf(user: SchemaObject, type: SchemaObject): boolean {
  switch (user.kind) {
    case "column":
    case "domain":
      return isOfType(String(user.payload.type), type);
    case "range":
      return isOfType(String(user.payload.subtype), type);
    case "composite":
      return typedParts(user.payload.attributes).some((part) =>
        isOfType(part.type, type)
      );
    case "view":
    case "materialized_view":
      return typedParts(user.payload.columns).some((part) =>
        isOfType(part.type, type)
      );
    default:
      return false;
  }
}

/**
 * The columns of tables, and the materialized views, that hold rows of a
 * relation.
 *
 * @param relation The relation's address.
 * @param objects The objects of the schema.
 * @returns Their addresses.
 */
function holdersOf(relation: string, objects: Objects): string[] {
  const holders: string[] = [];
  const seen = new Set([relation]);
  for (const at of seen) {
    const type = objects.get(at);
    if (type === undefined) continue;
    for (const user of dependentsIn(objects).get(at) ?? []) {
      if (seen.has(user.address) || !isMadeOf(user, type)) continue;
      if (user.kind === "column") {
        const whole = user.parent ?? "";
        if (whole.startsWith("table:")) holders.push(user.address);
        seen.add(whole);
        continue;
      }
      if (user.kind === "materialized_view") holders.push(user.address);
      seen.add(user.address);
    }
  }
  return [...new Set(holders)];
}

/**
 * What holds rows of a table and of what inherits from it, before and after.
 *
 * @param table The table's address.
 * @param below Whether what inherits from it changes as well.
 * @param target What SQL is written for.
 */
export function holdersOfRows(
  table: string,
  below: boolean,
  target: ChangeTarget,
): Ousted {
  const { objects } = target.before;
  const relation = objects.get(table);
  // What is made anew has a new row type.
  if (relation === undefined || isRebuilt(table, target)) return NOTHING;
  const tables = [
    table,
    ...below
      ? descendantsOf(qualify(relation.name), objects).map(({ address }) =>
        address
      )
      : [],
  ];
  const before = tables.flatMap((one) => holdersOf(one, objects));
  const after = tables.flatMap((one) => holdersOf(one, target.objects));
  return before.length + after.length === 0 ? NOTHING : {
    before: new Set(before),
    after: new Set(after),
  };
}

/** Nothing is in the way. */
export const NOTHING: Ousted = { before: new Set(), after: new Set() };

/**
 * Whether a column that is added fills the rows that are there: those of a
 * domain are looked at at least.
 *
 * @param column The column.
 * @param objects The objects of its schema.
 */
export function fillsRows(
  { payload, depends }: SchemaObject<"column", ColumnPayload>,
  objects: Objects,
): boolean {
  return payload.default !== undefined || payload.identity !== undefined ||
    payload.generated !== undefined ||
    depends.some((dep) => {
      const domain = objects.get(dep);
      return domain?.kind === "domain" &&
        bareType(payload.type) === qualify(domain.name);
    });
}
