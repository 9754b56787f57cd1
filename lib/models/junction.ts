/**
 * The table of a many-to-many relation. Pure.
 *
 * @module
 */

import { Field } from "./field.ts";
import { columnType, keyOf } from "./keys.ts";
import type {
  ForeignKeyModel,
  ForeignKeyOptions,
  RelationName,
  TableModel,
  TableOptions,
} from "./model.ts";
import { refuseJunctionOptions } from "./options.ts";
import { besides, partsOf } from "./relation_name.ts";

/** How a junction differs from the usual one. */
export interface JunctionOptions {
  /** Its name; `LEFT_RIGHT` by default, in the schema of the left table. */
  readonly name?: RelationName;
  /** The columns that refer to the left table; `LEFT_KEY` by default. */
  readonly leftColumns?: readonly string[];
  /** The columns that refer to the right table; `RIGHT_KEY` by default. */
  readonly rightColumns?: readonly string[];
  /** Of both foreign keys; rows go with theirs (`onDelete: "cascade"`) by default. */
  readonly foreignKeys?: Omit<ForeignKeyOptions, "name">;
  /** Further columns. */
  readonly fields?: Readonly<Record<string, Field>>;
  /** As any table's; its keys and index come on top. */
  readonly options?: Omit<TableOptions, "primaryKey">;
}

/**
 * The table between two: its primary key is the pair, each side is a foreign
 * key, and the right side has an index for the way back.
 *
 * @param left The one table.
 * @param right The other; it may be the same.
 * @param options Names, actions, further columns.
 * @throws {TypeError} Where a table has no primary key, or for an option of
 * another name.
 */
export function junction(
  left: TableModel,
  right: TableModel,
  options: JunctionOptions = {},
): TableModel {
  refuseJunctionOptions(options);
  const self = left === right;
  const from = sideOf(left, options.leftColumns, self ? "from_" : "");
  const to = sideOf(right, options.rightColumns, self ? "to_" : "");
  const actions: ForeignKeyOptions = {
    onDelete: "cascade",
    ...options.foreignKeys,
  };
  const rest = options.options ?? {};
  const foreignKey = (table: TableModel, side: Side): ForeignKeyModel => ({
    ...actions,
    table,
    columns: side.columns,
    references: side.keys,
  });
  return {
    model: "table",
    name: options.name ??
      besides(`${last(left.name)}_${last(right.name)}`, left.name),
    fields: { ...from.fields, ...to.fields, ...options.fields },
    options: {
      ...rest,
      primaryKey: [...from.columns, ...to.columns],
      foreignKeys: [
        foreignKey(left, from),
        foreignKey(right, to),
        ...rest.foreignKeys ?? [],
      ],
      indexes: [to.columns, ...rest.indexes ?? []],
    },
  };
}

interface Side {
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  readonly fields: Readonly<Record<string, Field>>;
}

function sideOf(
  table: TableModel,
  named: readonly string[] | undefined,
  prefix: string,
): Side {
  const keys = keyOf(table);
  const columns = named ??
    keys.map((key) => `${prefix}${last(table.name)}_${key}`);
  if (columns.length !== keys.length) {
    throw new TypeError(
      `the primary key of ${
        last(table.name)
      } has ${keys.length} columns, not ${columns.length}`,
    );
  }
  return {
    keys,
    columns,
    fields: Object.fromEntries(columns.map((column, i) => [
      column,
      new Field({ type: columnType(table, keys[i] ?? ""), notNull: true }),
    ])),
  };
}

function last(name: RelationName): string {
  return partsOf(name).at(-1) ?? "";
}
