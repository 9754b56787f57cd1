/**
 * A table's model as DDL. Pure.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { constantSql, isExpression } from "./expression.ts";
import type { Field } from "./field.ts";
import { indexStatement, list, storage } from "./index_ddl.ts";
import { columnType, fieldOf, isTable, keyOf, primaryKeyOf } from "./keys.ts";
import type {
  DeferrableOptions,
  ForeignKeyModel,
  ForeignKeyOptions,
  IdentityOptions,
  TableModel,
  UniqueOptions,
} from "./model.ts";
import { nameSql, renamedFrom } from "./relation_name.ts";

/**
 * CREATE TABLE with columns, keys and checks.
 *
 * @param table The table.
 * @throws {TypeError} For columns that are named and are not there.
 */
export function createTable(table: TableModel): string {
  const { options } = table;
  refuseUnknownColumns(table);
  const key = primaryKeyOf(table);
  const lines = [
    ...Object.entries(table.fields).map(([name, field]) =>
      `${renamedFrom(field.data.renamedFrom).replace("\n", "\n  ")}${
        columnSql(table, name, field)
      }`
    ),
    ...(key === undefined ? [] : [
      `${named(key.name)}PRIMARY KEY ${list(key.columns)}${deferrable(key)}`,
    ]),
    ...Object.entries(table.fields).flatMap(([name, { data }]) =>
      data.unique === undefined ? [] : [uniqueSql([name], data.unique)]
    ),
    ...(options.unique ?? []).map((unique) =>
      "columns" in unique
        ? uniqueSql(unique.columns, unique)
        : uniqueSql(unique, {})
    ),
    ...Object.values(table.fields).flatMap(({ data }) =>
      (data.checks ?? []).map(({ name, expression }) =>
        `${named(name)}CHECK (${expression})`
      )
    ),
    ...Object.entries(options.checks ?? {}).map(([name, expression]) =>
      `${named(name)}CHECK (${expression})`
    ),
    ...Object.entries(options.constraints ?? {}).map(([name, definition]) =>
      `${named(name)}${definition}`
    ),
  ];
  const tail = [
    ...(options.inherits === undefined
      ? []
      : [`INHERITS (${options.inherits.map(nameSql).join(", ")})`]),
    ...(options.partitionBy === undefined
      ? []
      : [`PARTITION BY ${options.partitionBy}`]),
    ...storage(options.with),
    ...(options.tablespace === undefined
      ? []
      : [`TABLESPACE ${quoteIdentifier(options.tablespace)}`]),
  ];
  const body = lines.length === 0 ? "()" : `(\n  ${lines.join(",\n  ")}\n)`;
  return `${renamedFrom(options.renamedFrom)}CREATE ${
    options.unlogged ? "UNLOGGED " : ""
  }TABLE ${nameSql(table.name)} ${[body, ...tail].join("\n")}`;
}

/** ALTER TABLE … ADD FOREIGN KEY: after all tables, which may refer to each other. */
export function foreignKeyStatements(table: TableModel): string[] {
  const alter = `ALTER TABLE ${nameSql(table.name)} ADD `;
  const ofFields = Object.entries(table.fields).flatMap(([name, { data }]) => {
    if (data.reference === undefined) return [];
    const { table: target, options } = data.reference;
    return [foreignKeySql([name], target(), {
      ...options,
      references: options.column === undefined ? undefined : [options.column],
    })];
  });
  const ofTable = (table.options.foreignKeys ?? []).map((key) =>
    foreignKeySql(key.columns, key.table, key)
  );
  return [...ofFields, ...ofTable].map((sql) => alter + sql);
}

/** Indexes, settings that CREATE TABLE has no words for, comments. */
export function tableDetails(table: TableModel): string[] {
  const name = nameSql(table.name);
  const { options } = table;
  const alter = `ALTER TABLE ${name}`;
  const fields = Object.entries(table.fields);
  return [
    ...fields.flatMap(([column, { data }]) =>
      (data.indexes ?? []).map((index) =>
        indexStatement(table.name, { ...index, on: [column] })
      )
    ),
    ...(options.indexes ?? []).map((index) =>
      indexStatement(table.name, index)
    ),
    // In CREATE TABLE since 16 only.
    ...fields.flatMap(([column, { data }]) =>
      data.storage === undefined ? [] : [
        `${alter} ALTER COLUMN ${
          quoteIdentifier(column)
        } SET STORAGE ${data.storage.toUpperCase()}`,
      ]
    ),
    ...(options.rowSecurity ? [`${alter} ENABLE ROW LEVEL SECURITY`] : []),
    ...(options.rowSecurity === "force"
      ? [`${alter} FORCE ROW LEVEL SECURITY`]
      : []),
    ...(options.comment === undefined
      ? []
      : [`COMMENT ON TABLE ${name} IS ${quoteLiteral(options.comment)}`]),
    ...fields.flatMap(([column, { data }]) =>
      data.comment === undefined ? [] : [
        `COMMENT ON COLUMN ${name}.${quoteIdentifier(column)} IS ${
          quoteLiteral(data.comment)
        }`,
      ]
    ),
  ];
}

/**
 * The models that a table's foreign keys refer to.
 *
 * @param table The table.
 */
export function referencedTables(table: TableModel): TableModel[] {
  return [
    ...Object.values(table.fields).map(({ data }) => data.reference?.table()),
    ...(table.options.foreignKeys ?? []).map((key) => key.table),
  ].flatMap((target) =>
    target !== undefined && isTable(target) ? [target] : []
  );
}

function columnSql(table: TableModel, name: string, { data }: Field): string {
  const { identity, generated } = data;
  return [
    quoteIdentifier(name),
    columnType(table, name),
    ...(data.compression === undefined
      ? []
      : [`COMPRESSION ${data.compression}`]),
    ...(data.collation === undefined
      ? []
      : [`COLLATE ${nameSql(data.collation)}`]),
    ...(generated === undefined ? [] : [
      `GENERATED ALWAYS AS (${generated.expression}) ${generated.kind.toUpperCase()}`,
    ]),
    ...(data.default === undefined ? [] : [
      `DEFAULT ${
        isExpression(data.default.value)
          ? data.default.value.sql
          : constantSql(data.default.value, (data.dimensions ?? 0) > 0)
      }`,
    ]),
    ...(identity === undefined ? [] : [
      `GENERATED ${identity.mode.toUpperCase()} AS IDENTITY${
        sequenceSql(identity.options)
      }`,
    ]),
    ...(data.notNull ? ["NOT NULL"] : []),
  ].join(" ");
}

function sequenceSql(options: IdentityOptions): string {
  const said: string[] = [];
  const say = (words: string, value: number | bigint | undefined) => {
    if (value !== undefined) said.push(`${words} ${value}`);
  };
  say("START WITH", options.start);
  say("INCREMENT BY", options.increment);
  say("MINVALUE", options.minimum);
  say("MAXVALUE", options.maximum);
  say("CACHE", options.cache);
  if (options.cycle) said.push("CYCLE");
  return said.length === 0 ? "" : ` (${said.join(" ")})`;
}

function uniqueSql(columns: readonly string[], options: UniqueOptions): string {
  return `${named(options.name)}UNIQUE ${
    options.nullsNotDistinct ? "NULLS NOT DISTINCT " : ""
  }${list(columns)}${
    options.include === undefined ? "" : ` INCLUDE ${list(options.include)}`
  }${deferrable(options)}`;
}

interface Target extends ForeignKeyOptions {
  readonly references?: readonly string[] | undefined;
}

function foreignKeySql(
  columns: readonly string[],
  table: ForeignKeyModel["table"],
  options: Target,
): string {
  const to = isTable(table) ? table.name : table;
  const theirs = options.references ??
    (isTable(table) ? keyOf(table) : undefined);
  if (theirs !== undefined && theirs.length !== columns.length) {
    throw new TypeError(
      `a foreign key of ${
        columns.join(", ")
      } refers to ${theirs.length} columns of ${nameSql(to)}`,
    );
  }
  const { onDelete, onDeleteColumns, onUpdate, match } = options;
  return [
    `${named(options.name)}FOREIGN KEY ${list(columns)}`,
    `REFERENCES ${nameSql(to)}${
      theirs === undefined ? "" : ` ${list(theirs)}`
    }`,
    ...(match === undefined ? [] : [`MATCH ${match.toUpperCase()}`]),
    ...(onDelete === undefined ? [] : [
      `ON DELETE ${onDelete.toUpperCase()}${
        onDeleteColumns === undefined ? "" : ` ${list(onDeleteColumns)}`
      }`,
    ]),
    ...(onUpdate === undefined ? [] : [`ON UPDATE ${onUpdate.toUpperCase()}`]),
  ].join(" ") + deferrable(options) +
    (options.enforced === false ? " NOT ENFORCED" : "");
}

function named(name: string | undefined): string {
  return name === undefined ? "" : `CONSTRAINT ${quoteIdentifier(name)} `;
}

function deferrable({ deferrable }: DeferrableOptions): string {
  return deferrable === undefined
    ? ""
    : ` DEFERRABLE INITIALLY ${deferrable.toUpperCase()}`;
}

/** Names that are misspelt, before a server finds them in DDL that nobody wrote. */
function refuseUnknownColumns(table: TableModel): void {
  // What is inherited is not said here.
  if (table.options.inherits !== undefined) return;
  const { unique = [], foreignKeys = [], indexes = [] } = table.options;
  const named = [
    ...primaryKeyOf(table)?.columns ?? [],
    ...unique.flatMap((one) => "columns" in one ? one.columns : one),
    ...foreignKeys.flatMap(({ columns }) => columns),
    ...indexes.flatMap((one) =>
      ("on" in one ? one.on : one).flatMap((part) =>
        typeof part === "string" ? [part] : part.column ?? []
      )
    ),
  ];
  for (const column of named) fieldOf(table, column);
}
