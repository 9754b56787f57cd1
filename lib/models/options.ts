/**
 * What options models and fields have, and the refusal of others: types are
 * taken away unchecked, and a misspelt `rowSecurity` would leave a table open.
 * Pure.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { Field } from "./field.ts";
import type { JunctionOptions } from "./junction.ts";
import type {
  EnumOptions,
  ForeignKeyModel,
  ForeignKeyOptions,
  IdentityOptions,
  IndexModel,
  IndexOptions,
  IndexPart,
  MaterializedViewOptions,
  NamedOptions,
  PrimaryKeyModel,
  ReferenceOptions,
  TableModel,
  TableOptions,
  UniqueModel,
  UniqueOptions,
  ViewOptions,
} from "./model.ts";
import { ModelError } from "./place.ts";
import { nameSql } from "./relation_name.ts";

/** Every option of a type; the compiler finds what is missing. */
type Known<T> = { readonly [Name in keyof Required<T>]: true };

const NAMED: Known<NamedOptions> = { name: true };
const CHECK: Known<NamedOptions & { expression: string }> = {
  expression: true,
  ...NAMED,
};
const UNIQUE: Known<UniqueOptions> = {
  ...NAMED,
  deferrable: true,
  nullsNotDistinct: true,
  include: true,
};
const UNIQUE_MODEL: Known<UniqueModel> = { columns: true, ...UNIQUE };
const PRIMARY_KEY: Known<PrimaryKeyModel> = {
  columns: true,
  ...NAMED,
  deferrable: true,
};
const ACTIONS: Known<Omit<ForeignKeyOptions, "name">> = {
  onDelete: true,
  onDeleteColumns: true,
  onUpdate: true,
  match: true,
  deferrable: true,
  enforced: true,
};
const REFERENCE: Known<ReferenceOptions> = {
  column: true,
  ...ACTIONS,
  ...NAMED,
};
const FOREIGN_KEY: Known<ForeignKeyModel> = {
  columns: true,
  table: true,
  references: true,
  ...ACTIONS,
  ...NAMED,
};
const INDEX: Known<IndexOptions> = {
  ...NAMED,
  unique: true,
  method: true,
  where: true,
  include: true,
  nullsNotDistinct: true,
  with: true,
};
const INDEX_MODEL: Known<IndexModel> = { on: true, ...INDEX };
const INDEX_PART: Known<IndexPart> = {
  column: true,
  expression: true,
  order: true,
  nulls: true,
  opclass: true,
  collation: true,
};
const IDENTITY: Known<IdentityOptions> = {
  start: true,
  increment: true,
  minimum: true,
  maximum: true,
  cache: true,
  cycle: true,
};
const TABLE_WITHOUT_KEY: Known<Omit<TableOptions, "primaryKey">> = {
  unique: true,
  checks: true,
  foreignKeys: true,
  constraints: true,
  indexes: true,
  comment: true,
  renamedFrom: true,
  environments: true,
  unlogged: true,
  partitionBy: true,
  inherits: true,
  with: true,
  tablespace: true,
  rowSecurity: true,
};
const TABLE: Known<TableOptions> = { primaryKey: true, ...TABLE_WITHOUT_KEY };
const JUNCTION: Known<JunctionOptions> = {
  name: true,
  leftColumns: true,
  rightColumns: true,
  foreignKeys: true,
  fields: true,
  options: true,
};
const VIEW: Known<ViewOptions> = {
  columns: true,
  securityInvoker: true,
  securityBarrier: true,
  checkOption: true,
  comment: true,
  renamedFrom: true,
  environments: true,
};
const MATERIALIZED_VIEW: Known<MaterializedViewOptions> = {
  columns: true,
  indexes: true,
  comment: true,
  renamedFrom: true,
  environments: true,
};
const ENUM: Known<EnumOptions> = {
  comment: true,
  renamedFrom: true,
  renamedLabels: true,
};

/** The options of what holds no further ones, by what it is. */
const KNOWN = {
  view: VIEW,
  enum: ENUM,
  schema: { renamedFrom: true },
  sql: { environments: true },
  of: { length: true },
} as const;

/**
 * Refuses options that there are not.
 *
 * @param what Whose options they are, as the message names it.
 * @param kind What that is.
 * @param options The options.
 * @throws {TypeError} For an option of another name.
 */
export function refuseOptions(
  what: string,
  kind: keyof typeof KNOWN,
  options: unknown,
): void {
  refuse(what, KNOWN[kind], options);
}

/**
 * Refuses options of a table, its keys, indexes and columns that there are not.
 *
 * @param table The table.
 * @throws {TypeError} For an option of another name, or a column that is none.
 */
export function refuseTableOptions(
  { name, fields, options }: TableModel,
): void {
  const table = `table ${nameSql(name)}`;
  refuse(table, TABLE, options);
  const { primaryKey, rowSecurity } = options;
  if (typeof primaryKey === "object" && !Array.isArray(primaryKey)) {
    refuse(`the primary key of ${table}`, PRIMARY_KEY, primaryKey);
  }
  for (const unique of notLists(options.unique ?? [])) {
    refuse(`a unique constraint of ${table}`, UNIQUE_MODEL, unique);
  }
  for (const key of options.foreignKeys ?? []) {
    refuse(`a foreign key of ${table}`, FOREIGN_KEY, key);
  }
  refuseIndexOptions(table, options.indexes);
  if (
    rowSecurity !== undefined && typeof rowSecurity !== "boolean" &&
    rowSecurity !== "force"
  ) {
    throw new TypeError(
      `${table} has rowSecurity ${rowSecurity}: it is true, false or "force"`,
    );
  }
  for (const [column, field] of Object.entries(fields)) {
    refuseFieldOptions(
      `column ${nameSql(name)}.${quoteIdentifier(column)}`,
      field,
    );
  }
}

/**
 * Refuses options of a materialized view and its indexes that there are not.
 *
 * @param what The view, as the message names it.
 * @param options Its options.
 * @throws {TypeError} For an option of another name.
 */
export function refuseMaterializedViewOptions(
  what: string,
  options: MaterializedViewOptions,
): void {
  refuse(what, MATERIALIZED_VIEW, options);
  refuseIndexOptions(what, options.indexes);
}

/**
 * Refuses options of `s.manyToMany()` that there are not. Those of the table
 * that it makes are for {@linkcode refuseTableOptions}.
 *
 * @param options The options.
 * @throws {TypeError} For an option of another name.
 */
export function refuseJunctionOptions(options: JunctionOptions): void {
  refuse("s.manyToMany()", JUNCTION, options);
  const { foreignKeys = {}, options: table = {} } = options;
  refuse("foreignKeys of s.manyToMany()", ACTIONS, foreignKeys);
  refuse("the table of s.manyToMany()", TABLE_WITHOUT_KEY, table);
}

function refuseFieldOptions(column: string, field: unknown): void {
  if (!(field instanceof Field)) {
    throw new TypeError(
      `${column} is no field: s.text() and the like make them`,
    );
  }
  const { identity, unique, checks, indexes, reference } = field.data;
  if (identity !== undefined) {
    refuse(`the identity of ${column}`, IDENTITY, identity.options);
  }
  if (unique !== undefined) {
    refuse(`the unique constraint of ${column}`, UNIQUE, unique);
  }
  for (const check of checks ?? []) {
    refuse(`a check of ${column}`, CHECK, check);
  }
  for (const index of indexes ?? []) {
    refuse(`an index of ${column}`, INDEX, index);
  }
  if (reference !== undefined) {
    refuse(`the foreign key of ${column}`, REFERENCE, reference.options);
  }
}

function refuseIndexOptions(
  what: string,
  indexes: readonly (readonly string[] | IndexModel)[] | undefined,
): void {
  for (const index of notLists(indexes ?? [])) {
    refuse(`an index of ${what}`, INDEX_MODEL, index);
  }
  for (const index of indexes ?? []) {
    for (const part of "on" in index ? index.on : index) {
      if (typeof part === "string") continue;
      refuse(`a part of an index of ${what}`, INDEX_PART, part);
    }
  }
}

function notLists(items: readonly unknown[]): unknown[] {
  return items.filter((item) => !Array.isArray(item));
}

function refuse(
  what: string,
  known: Readonly<Record<string, true>>,
  options: unknown,
): void {
  if (
    typeof options !== "object" || options === null || Array.isArray(options)
  ) {
    throw new TypeError(`${what} takes an object of options, not ${options}`);
  }
  const unknown = Object.keys(options).filter((name) =>
    !Object.hasOwn(known, name)
  );
  if (unknown.length === 0) return;
  throw new ModelError(
    `${what} has no option ${unknown.join(", ")}: there are ${
      Object.keys(known).join(", ")
    }`,
    options,
  );
}
