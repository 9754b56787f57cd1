/**
 * What a models file is given: `s`, which makes fields, tables, views, enums
 * and the rest. Pure.
 *
 * @module
 */

import type { Expression } from "./expression.ts";
import { Field } from "./field.ts";
import { junction, type JunctionOptions } from "./junction.ts";
import type {
  EnumModel,
  EnumOptions,
  MaterializedViewModel,
  MaterializedViewOptions,
  Model,
  ReferenceOptions,
  RelationName,
  SchemaModel,
  SqlModel,
  TableModel,
  TableOptions,
  ViewModel,
  ViewOptions,
} from "./model.ts";
import {
  refuseMaterializedViewOptions,
  refuseOptions,
  refuseTableOptions,
} from "./options.ts";
import { ModelError, placed } from "./place.ts";
import { nameSql } from "./relation_name.ts";

/** A JavaScript class, or function, whose values a column is to hold. */
export type ValueClass =
  | typeof String
  | typeof Number
  | typeof BigInt
  | typeof Boolean
  | typeof Date
  | typeof Uint8Array
  | typeof Object;

/** Makes models. */
export interface SchemaBuilder {
  /** `smallint`: two bytes. */
  smallint(): Field;
  /** `integer`: four bytes. */
  int(): Field;
  /** `bigint`: eight bytes. */
  bigint(): Field;
  /** `real`: a float of four bytes. */
  real(): Field;
  /** `double precision`: a float of eight bytes, JavaScript's number. */
  float(): Field;
  /** `numeric`, exact; of so many digits, of which so many behind the point. */
  decimal(precision?: number, scale?: number): Field;
  /** `text`. */
  text(): Field;
  /** `varchar(length)`; `text` without a length. */
  string(length?: number): Field;
  /** `char(length)`, padded with spaces. */
  char(length: number): Field;
  /** `boolean`. */
  boolean(): Field;
  /** `bytea`. */
  bytes(): Field;
  /** `timestamptz`: a moment; with so many digits of a second. */
  datetime(precision?: number): Field;
  /** `timestamp`: without a time zone. */
  timestamp(precision?: number): Field;
  /** `date`. */
  date(): Field;
  /** `time`, without a time zone. */
  time(precision?: number): Field;
  /** `interval`. */
  interval(): Field;
  /** `uuid`. */
  uuid(): Field;
  /** `jsonb`. */
  json(): Field;
  /** `inet`: an address of a host. */
  inet(): Field;
  /**
   * A column for the values of a JavaScript class: `String` `text` (or
   * `varchar(length)`), `Number` `double precision`, `BigInt` `bigint`,
   * `Boolean` `boolean`, `Date` `timestamptz`, `Uint8Array` `bytea`, `Object`
   * `jsonb`.
   */
  of(value: ValueClass, options?: { readonly length?: number }): Field;
  /** Any other type: an enum of this file, or SQL such as `tsvector` or `app.mood`. */
  type(type: EnumModel | string): Field;
  /**
   * A foreign key to a table of this file, of the type of its primary key.
   *
   * @param table The table; a function where it is defined below.
   * @param options The column there, actions.
   */
  foreignKey(
    table: TableModel | (() => TableModel),
    options?: ReferenceOptions,
  ): Field;
  /** An SQL expression, for a default. */
  raw(sql: string): Expression;
  /** `now()`, for a default. */
  now(): Expression;
  /** A table. */
  table(
    name: RelationName,
    fields: Readonly<Record<string, Field>>,
    options?: TableOptions,
  ): TableModel;
  /** The table between two: a row for each pair of theirs. */
  manyToMany(
    left: TableModel,
    right: TableModel,
    options?: JunctionOptions,
  ): TableModel;
  /** An enum. */
  enum(
    name: RelationName,
    labels: readonly string[],
    options?: EnumOptions,
  ): EnumModel;
  /** A view. */
  view(name: RelationName, query: string, options?: ViewOptions): ViewModel;
  /** A materialized view. */
  materializedView(
    name: RelationName,
    query: string,
    options?: MaterializedViewOptions,
  ): MaterializedViewModel;
  /** A schema: what is not `public` must be said. */
  schema(
    name: string,
    options?: { readonly renamedFrom?: string },
  ): SchemaModel;
  /** SQL as it stands: functions, triggers, policies, whatever has no model. */
  sql(
    sql: string,
    options?: { readonly environments?: readonly string[] },
  ): SqlModel;
}

/** What a models file exports by default. */
export type ModelsFunction = (
  s: SchemaBuilder,
) => readonly Model[] | Promise<readonly Model[]>;

const CLASSES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [String, "text"],
  [Number, "double precision"],
  [BigInt, "bigint"],
  [Boolean, "boolean"],
  [Date, "timestamptz"],
  [Uint8Array, "bytea"],
  [Object, "jsonb"],
]);

/**
 * Makes what a models file is given.
 *
 * @example
 * ```ts
 * import { schemaBuilder } from "./builder.ts";
 * import { modelsDdl } from "./ddl.ts";
 * import assert from "node:assert/strict";
 *
 * const s = schemaBuilder();
 * const users = s.table("users", { id: s.bigint().identity() });
 * assert.match(modelsDdl([users]), /^CREATE TABLE users \(/);
 * ```
 */
export function schemaBuilder(): SchemaBuilder {
  const field = (type: string) => new Field({ type });
  return {
    smallint: () => field("smallint"),
    int: () => field("integer"),
    bigint: () => field("bigint"),
    real: () => field("real"),
    float: () => field("double precision"),
    decimal: (precision, scale) =>
      field(withSizes("numeric", precision, scale)),
    text: () => field("text"),
    string: (length) =>
      field(length === undefined ? "text" : withSizes("varchar", length)),
    char: (length) => field(withSizes("char", length)),
    boolean: () => field("boolean"),
    bytes: () => field("bytea"),
    datetime: (precision) => field(withSizes("timestamptz", precision)),
    timestamp: (precision) => field(withSizes("timestamp", precision)),
    date: () => field("date"),
    time: (precision) => field(withSizes("time", precision)),
    interval: () => field("interval"),
    uuid: () => field("uuid"),
    json: () => field("jsonb"),
    inet: () => field("inet"),
    of: (value, options = {}) => {
      refuseOptions("s.of()", "of", options);
      const { length } = options;
      const type = CLASSES.get(value);
      if (type === undefined) {
        throw new TypeError(
          "s.of() takes String, Number, BigInt, Boolean, Date, Uint8Array or Object",
        );
      }
      if (length === undefined) return field(type);
      if (value !== String) {
        throw new TypeError("s.of() takes a length for String only");
      }
      return field(withSizes("varchar", length));
    },
    type: (type) => field(typeof type === "string" ? type : nameSql(type.name)),
    foreignKey: (table, options = {}) => {
      const target = () =>
        tableOf(typeof table === "function" ? table() : table, options);
      // One that is defined below is not there yet.
      if (typeof table !== "function") target();
      return new Field({
        type: undefined,
        reference: { table: target, options: placed(options) },
      });
    },
    raw: (sql) => ({ kind: "expression", sql }),
    now: () => ({ kind: "expression", sql: "now()" }),
    table: (name, fields, options = {}) =>
      checked({ model: "table", name, fields, options }),
    manyToMany: (left, right, options) =>
      checked(junction(left, right, options)),
    enum: (name, labels, options = {}) => {
      refuseOptions(`enum ${nameSql(name)}`, "enum", options);
      return placed({ model: "enum", name, labels, options });
    },
    view: (name, query, options = {}) => {
      refuseOptions(`view ${nameSql(name)}`, "view", options);
      return placed({ model: "view", name, query, options });
    },
    materializedView: (name, query, options = {}) => {
      const what = `materialized view ${nameSql(name)}`;
      refuseMaterializedViewOptions(what, options);
      return placed({ model: "materialized view", name, query, options });
    },
    schema: (name, options = {}) => {
      refuseOptions(`schema ${nameSql(name)}`, "schema", options);
      const { renamedFrom } = options;
      return placed({ model: "schema", name, renamedFrom });
    },
    sql: (sql, options = {}) => {
      refuseOptions("s.sql()", "sql", options);
      const { environments } = options;
      return placed({ model: "sql", sql, environments });
    },
  };
}

function checked(table: TableModel): TableModel {
  refuseTableOptions(table);
  return placed(table);
}

/** JavaScript may give anything. */
function tableOf(table: unknown, options: ReferenceOptions): TableModel {
  if (isTableModel(table)) return table;
  throw new ModelError(
    "s.foreignKey() takes what s.table() returned, or a function that returns that; .references() takes a name",
    options,
  );
}

function isTableModel(value: unknown): value is TableModel {
  return typeof value === "object" && value !== null && "model" in value &&
    value.model === "table";
}

function withSizes(
  type: string,
  ...sizes: readonly (number | undefined)[]
): string {
  const said = sizes.filter((size) => size !== undefined);
  const wrong = said.find((size) => !Number.isInteger(size));
  if (wrong !== undefined) {
    throw new TypeError(`${type}(${wrong}): a size is a whole number`);
  }
  return said.length === 0 ? type : `${type}(${said.join(", ")})`;
}
