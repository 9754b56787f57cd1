/**
 * Primary keys of models, and the types of their columns. Pure.
 *
 * @module
 */

import type { Field } from "./field.ts";
import type { FieldData, PrimaryKeyModel, TableModel } from "./model.ts";
import { nameSql } from "./relation_name.ts";

/**
 * The primary key of a table: what its options say, else the fields that are
 * one, else its identity column.
 *
 * @param table The table.
 * @returns Undefined where it has none.
 * @throws {TypeError} Where options and fields both say one.
 */
export function primaryKeyOf(table: TableModel): PrimaryKeyModel | undefined {
  const { primaryKey } = table.options;
  const fields = Object.entries(table.fields);
  const said = fields.filter(([, { data }]) => data.primaryKey)
    .map(([name]) => name);
  if (primaryKey !== undefined && said.length > 0) {
    throw new TypeError(
      `table ${nameSql(table.name)} has a primary key in its options and on ${
        said.join(", ")
      }`,
    );
  }
  if (primaryKey === false) return undefined;
  if (primaryKey !== undefined) {
    return "columns" in primaryKey ? primaryKey : { columns: primaryKey };
  }
  if (said.length > 0) return { columns: said };
  const identity = fields.filter(([, { data }]) => data.identity !== undefined)
    .map(([name]) => name);
  return identity.length === 0 ? undefined : { columns: identity.slice(0, 1) };
}

/**
 * The columns of a table's primary key.
 *
 * @throws {TypeError} Where there is none.
 */
export function keyOf(table: TableModel): readonly string[] {
  const columns = primaryKeyOf(table)?.columns ?? [];
  if (columns.length === 0) {
    throw new TypeError(`table ${nameSql(table.name)} has no primary key`);
  }
  return columns;
}

/**
 * The type of a column as SQL.
 *
 * @param table The table.
 * @param column The column's name.
 * @throws {TypeError} Where there is no such column, or no end of references.
 */
export function columnType(table: TableModel, column: string): string {
  return fieldType(fieldOf(table, column).data, new Set());
}

function fieldType(data: FieldData, seen: Set<FieldData>): string {
  const array = "[]".repeat(data.dimensions ?? 0);
  if (data.type !== undefined) return data.type + array;
  const { reference } = data;
  const table = reference?.table();
  if (seen.has(data) || table === undefined || !isTable(table)) {
    throw new TypeError("a column's type comes from a reference to itself");
  }
  const { options: { column = soleKey(table) } = {} } = reference ?? {};
  return fieldType(fieldOf(table, column).data, seen.add(data)) + array;
}

/**
 * A column of a table.
 *
 * @throws {TypeError} Where there is none of that name.
 */
export function fieldOf(table: TableModel, column: string): Field {
  const field = Object.hasOwn(table.fields, column)
    ? table.fields[column]
    : undefined;
  if (field !== undefined) return field;
  throw new TypeError(`table ${nameSql(table.name)} has no column ${column}`);
}

function soleKey(table: TableModel): string {
  const [first = "", ...more] = keyOf(table);
  if (more.length > 0) {
    throw new TypeError(
      `the primary key of ${
        nameSql(table.name)
      } has several columns: name one, or use foreignKeys`,
    );
  }
  return first;
}

/** Whether a reference is to a model, and no name. */
export function isTable(
  table: TableModel | string | readonly string[],
): table is TableModel {
  return typeof table === "object" && "model" in table;
}
