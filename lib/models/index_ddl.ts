/**
 * An index's model as DDL, and what tables write like it. Pure.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { IndexModel, IndexPart, RelationName } from "./model.ts";
import { nameSql } from "./relation_name.ts";

/**
 * CREATE INDEX.
 *
 * @param on The table or materialized view.
 * @param index Its columns, or more.
 */
export function indexStatement(
  on: RelationName,
  index: readonly string[] | IndexModel,
): string {
  const model: IndexModel = "on" in index ? index : { on: index };
  const parts = model.on.map((part) =>
    typeof part === "string" ? quoteIdentifier(part) : partSql(part)
  );
  return [
    `CREATE ${model.unique ? "UNIQUE " : ""}INDEX`,
    ...(model.name === undefined ? [] : [quoteIdentifier(model.name)]),
    `ON ${nameSql(on)}`,
    ...(model.method === undefined
      ? []
      : [`USING ${quoteIdentifier(model.method)}`]),
    `(${parts.join(", ")})`,
    ...(model.include === undefined ? [] : [`INCLUDE ${list(model.include)}`]),
    ...(model.nullsNotDistinct ? ["NULLS NOT DISTINCT"] : []),
    ...storage(model.with),
    ...(model.where === undefined ? [] : [`WHERE ${model.where}`]),
  ].join(" ");
}

function partSql(part: IndexPart): string {
  const { column, expression, collation, opclass, order, nulls } = part;
  if ((column === undefined) === (expression === undefined)) {
    throw new TypeError("a part of an index is a column or an expression");
  }
  return [
    column === undefined ? `(${expression})` : quoteIdentifier(column),
    ...(collation === undefined ? [] : [`COLLATE ${nameSql(collation)}`]),
    ...(opclass === undefined ? [] : [nameSql(opclass)]),
    ...(order === undefined ? [] : [order.toUpperCase()]),
    ...(nulls === undefined ? [] : [`NULLS ${nulls.toUpperCase()}`]),
  ].join(" ");
}

/** Columns in parentheses. */
export function list(columns: readonly string[]): string {
  return `(${columns.map(quoteIdentifier).join(", ")})`;
}

/** `WITH (…)`; nothing where there are no storage parameters. */
export function storage(
  parameters: Readonly<Record<string, string | number | boolean>> | undefined,
): string[] {
  const said = Object.entries(parameters ?? {}).map(([name, value]) =>
    `${name} = ${typeof value === "string" ? quoteLiteral(value) : value}`
  );
  return said.length === 0 ? [] : [`WITH (${said.join(", ")})`];
}
