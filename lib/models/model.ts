/**
 * What a model says, as plain data: fields, tables, views, enums, raw SQL.
 * Pure.
 *
 * @module
 */

import type { Constant, Expression } from "./expression.ts";
import type { Field } from "./field.ts";

/** A name where the `search_path` leads, or a schema and a name. */
export type RelationName = string | readonly [schema: string, name: string];

/** A constraint's name; the server chooses one by default, such as `users_email_key`. */
export interface NamedOptions {
  /** The name. */
  readonly name?: string;
}

/** When a constraint is checked: `immediate` and `deferred` say how a transaction begins. */
export interface DeferrableOptions {
  /** `DEFERRABLE INITIALLY …`; not deferrable by default. */
  readonly deferrable?: "immediate" | "deferred";
}

/** A unique constraint's options. */
export interface UniqueOptions extends NamedOptions, DeferrableOptions {
  /** `NULLS NOT DISTINCT` (PostgreSQL 15). */
  readonly nullsNotDistinct?: boolean;
  /** `INCLUDE`: columns that the index has beside the key. */
  readonly include?: readonly string[];
}

/** What becomes of a row whose referenced row is deleted or changes its key. */
export type ForeignKeyAction =
  | "no action"
  | "restrict"
  | "cascade"
  | "set null"
  | "set default";

/** A foreign key's options. */
export interface ForeignKeyOptions extends NamedOptions, DeferrableOptions {
  /** `ON DELETE`; `no action` by default. */
  readonly onDelete?: ForeignKeyAction;
  /** With `set null` or `set default`: only these columns (PostgreSQL 15). */
  readonly onDeleteColumns?: readonly string[];
  /** `ON UPDATE`; `no action` by default. */
  readonly onUpdate?: ForeignKeyAction;
  /** `MATCH`; `simple` by default. */
  readonly match?: "simple" | "full";
  /** False: `NOT ENFORCED` (PostgreSQL 18). */
  readonly enforced?: boolean;
}

/** The options of a foreign key of one column. */
export interface ReferenceOptions extends ForeignKeyOptions {
  /** The column that it refers to; the primary key by default. */
  readonly column?: string;
}

/** A foreign key of several columns. */
export interface ForeignKeyModel extends ForeignKeyOptions {
  /** The columns here. */
  readonly columns: readonly string[];
  /** The table that it refers to. */
  readonly table: RelationName | TableModel;
  /** The columns there; the primary key by default. */
  readonly references?: readonly string[];
}

/** An index's options. */
export interface IndexOptions extends NamedOptions {
  /** `UNIQUE`. */
  readonly unique?: boolean;
  /** `USING`: `btree` by default, `hash`, `gin`, `gist`, `brin`, `spgist`, an extension's. */
  readonly method?: string;
  /** `WHERE`: SQL. */
  readonly where?: string;
  /** `INCLUDE`: columns beside the key. */
  readonly include?: readonly string[];
  /** `NULLS NOT DISTINCT` (PostgreSQL 15). */
  readonly nullsNotDistinct?: boolean;
  /** `WITH`: storage parameters. */
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

/** One column, or expression, of an index. */
export interface IndexPart {
  /** The column. */
  readonly column?: string;
  /** SQL, instead of a column. */
  readonly expression?: string;
  /** `asc` by default. */
  readonly order?: "asc" | "desc";
  /** Where NULLs are; `last` by default, `first` with `desc`. */
  readonly nulls?: "first" | "last";
  /** The operator class, such as `gin_trgm_ops`. */
  readonly opclass?: RelationName;
  /** The collation. */
  readonly collation?: RelationName;
}

/** An index of a table. */
export interface IndexModel extends IndexOptions {
  /** Its columns by name, or parts that say more. */
  readonly on: readonly (string | IndexPart)[];
}

/** The primary key, where a field does not say it. */
export interface PrimaryKeyModel extends NamedOptions, DeferrableOptions {
  /** Its columns. */
  readonly columns: readonly string[];
}

/** A unique constraint of several columns. */
export interface UniqueModel extends UniqueOptions {
  /** Its columns. */
  readonly columns: readonly string[];
}

/** What is said of a table beside its columns. */
export interface TableOptions {
  /** The primary key: columns, or more; false: none, whatever is an identity. */
  readonly primaryKey?: readonly string[] | PrimaryKeyModel | false;
  /** Unique constraints. */
  readonly unique?: readonly (readonly string[] | UniqueModel)[];
  /** Checks by name: SQL. */
  readonly checks?: Readonly<Record<string, string>>;
  /** Foreign keys of several columns. */
  readonly foreignKeys?: readonly ForeignKeyModel[];
  /** Further constraints by name, as behind `ADD CONSTRAINT name`: exclusions. */
  readonly constraints?: Readonly<Record<string, string>>;
  /** Indexes: columns, or more. */
  readonly indexes?: readonly (readonly string[] | IndexModel)[];
  /** `COMMENT ON TABLE`. */
  readonly comment?: string;
  /** What it was called before; a name, or schema and name. */
  readonly renamedFrom?: RelationName;
  /**
   * The environments (databases) that have the table; all by default. Where no
   * environment was chosen, every table is there.
   */
  readonly environments?: readonly string[];
  /** `UNLOGGED`. */
  readonly unlogged?: boolean;
  /** `PARTITION BY`, such as `RANGE (made_at)`. */
  readonly partitionBy?: string;
  /** `INHERITS`. */
  readonly inherits?: readonly RelationName[];
  /** `WITH`: storage parameters. */
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  /** `TABLESPACE`. */
  readonly tablespace?: string;
  /** Row level security: on, or also for the table's owner. */
  readonly rowSecurity?: boolean | "force";
}

/** The options of an identity column's sequence. */
export interface IdentityOptions {
  /** The first value. */
  readonly start?: number | bigint;
  /** The step. */
  readonly increment?: number | bigint;
  /** The least value. */
  readonly minimum?: number | bigint;
  /** The greatest value. */
  readonly maximum?: number | bigint;
  /** How many are taken at once. */
  readonly cache?: number | bigint;
  /** Whether it starts again at its end. */
  readonly cycle?: boolean;
}

/** A foreign key of a field. */
export interface FieldReference {
  /** The table, once all are there. */
  readonly table: () => RelationName | TableModel;
  /** Column and actions. */
  readonly options: ReferenceOptions;
}

/** What is said of a column. */
export interface FieldData {
  /** The type as SQL; undefined: that of the column that it refers to. */
  readonly type: string | undefined;
  /** Of an array: how many dimensions. */
  readonly dimensions?: number;
  /** `NOT NULL`. */
  readonly notNull?: boolean;
  /** `DEFAULT`. */
  readonly default?: { readonly value: Constant | Expression };
  /** `GENERATED … AS IDENTITY`. */
  readonly identity?: {
    readonly mode: "always" | "by default";
    readonly options: IdentityOptions;
  };
  /** `GENERATED ALWAYS AS`. */
  readonly generated?: {
    readonly expression: string;
    readonly kind: "stored" | "virtual";
  };
  /** Whether it is of the primary key. */
  readonly primaryKey?: boolean;
  /** Its unique constraint. */
  readonly unique?: UniqueOptions;
  /** Its checks. */
  readonly checks?: readonly (NamedOptions & { readonly expression: string })[];
  /** Its indexes. */
  readonly indexes?: readonly IndexOptions[];
  /** Its foreign key. */
  readonly reference?: FieldReference;
  /** `COLLATE`. */
  readonly collation?: RelationName;
  /** `STORAGE`. */
  readonly storage?: string;
  /** What the column was called before. */
  readonly renamedFrom?: string;
  /** `COMPRESSION`. */
  readonly compression?: string;
  /** `COMMENT ON COLUMN`. */
  readonly comment?: string;
}

/** A table. */
export interface TableModel {
  /** What it is. */
  readonly model: "table";
  /** Its name. */
  readonly name: RelationName;
  /** Its columns by name, in their order. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Keys, checks, indexes and the rest. */
  readonly options: TableOptions;
}

/** A view's options. */
export interface ViewOptions {
  /** Names of its columns. */
  readonly columns?: readonly string[];
  /** `security_invoker` (PostgreSQL 15). */
  readonly securityInvoker?: boolean;
  /** `security_barrier`. */
  readonly securityBarrier?: boolean;
  /** `WITH … CHECK OPTION`. */
  readonly checkOption?: "local" | "cascaded";
  /** `COMMENT ON VIEW`. */
  readonly comment?: string;
  /** As a table's. */
  readonly renamedFrom?: RelationName;
  /** As a table's. */
  readonly environments?: readonly string[];
}

/** A materialized view's options. */
export interface MaterializedViewOptions {
  /** Names of its columns. */
  readonly columns?: readonly string[];
  /** Indexes: columns, or more. */
  readonly indexes?: readonly (readonly string[] | IndexModel)[];
  /** `COMMENT ON MATERIALIZED VIEW`. */
  readonly comment?: string;
  /** As a table's. */
  readonly renamedFrom?: RelationName;
  /** As a table's. */
  readonly environments?: readonly string[];
}

/** A view. */
export interface ViewModel {
  /** What it is. */
  readonly model: "view";
  /** Its name. */
  readonly name: RelationName;
  /** Its query. */
  readonly query: string;
  /** What else is said of it. */
  readonly options: ViewOptions;
}

/** A materialized view. */
export interface MaterializedViewModel {
  /** What it is. */
  readonly model: "materialized view";
  /** Its name. */
  readonly name: RelationName;
  /** Its query. */
  readonly query: string;
  /** What else is said of it. */
  readonly options: MaterializedViewOptions;
}

/** An enum's options. */
export interface EnumOptions {
  /** `COMMENT ON TYPE`. */
  readonly comment?: string;
  /** As a table's. */
  readonly renamedFrom?: RelationName;
  /** What labels were called before, by what they are called now. */
  readonly renamedLabels?: Readonly<Record<string, string>>;
}

/** An enum. */
export interface EnumModel {
  /** What it is. */
  readonly model: "enum";
  /** Its name. */
  readonly name: RelationName;
  /** Its labels, in their order. */
  readonly labels: readonly string[];
  /** What else is said of it. */
  readonly options: EnumOptions;
}

/** A schema. */
export interface SchemaModel {
  /** What it is. */
  readonly model: "schema";
  /** Its name. */
  readonly name: string;
  /** What it was called before. */
  readonly renamedFrom: string | undefined;
}

/** SQL as it stands. */
export interface SqlModel {
  /** What it is. */
  readonly model: "sql";
  /** One statement or several. */
  readonly sql: string;
  /** As a table's. */
  readonly environments: readonly string[] | undefined;
}

/** Anything that a models file may export. */
export type Model =
  | SchemaModel
  | EnumModel
  | TableModel
  | ViewModel
  | MaterializedViewModel
  | SqlModel;
