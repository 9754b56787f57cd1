/**
 * The kind `column`: of tables and foreign tables. Written with its table.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { addColumn } from "./column_add.ts";
import { alterColumn, followColumn, goesWithParent } from "./column_alter.ts";
import { dropColumn } from "./column_drop.ts";
import { identityClause, sequenceOptions } from "./column_identity.ts";
import { identitySequence } from "./column_numbers.ts";
import { COMPRESSION, STORAGE } from "./column_storage.ts";
import { yieldColumn } from "./column_yield.ts";
import { optionsClause } from "./foreign_options.ts";
import {
  attach,
  create,
  type CreateTarget,
  type KindModule,
  type KindStatement,
  qualify,
} from "./kind.ts";
import type { Row } from "./row.ts";
import { fillsRows, holdersOfRows, NOTHING } from "./row_holders.ts";
import { storageParameters } from "./storage_parameters.ts";
import { need } from "./version_need.ts";

const SEQUENCE = shape.record({
  type: shape.type(),
  start: shape.text(),
  increment: shape.text(),
  minimum: shape.text(),
  maximum: shape.text(),
  cache: minor(shape.text()),
  cycle: shape.boolean(),
  /** Its name, where it is not the one that the server would choose. */
  name: optional(shape.text()),
});

const SHAPE = {
  type: shape.type(),
  notNull: shape.boolean(),
  /** Whether that was never proved of the rows that are there: `NOT VALID`, since 18. */
  notNullUnvalidated: optional(shape.boolean()),
  /** Whether that is for this table only: `NO INHERIT`, since 18. */
  notNullNoInherit: optional(shape.boolean()),
  default: optional(shape.expression()),
  identity: optional(shape.word("always", "by default")),
  sequence: optional(SEQUENCE),
  generated: optional(shape.record({
    kind: shape.word("stored", "virtual"),
    expression: shape.expression(),
  })),
  /** Where it is not the type's own, as `schema.name`. */
  collation: optional(shape.text()),
  /** Where it is not the type's own. */
  storage: optional(minor(shape.word("plain", "external", "extended", "main"))),
  compression: optional(minor(shape.text())),
  statistics: optional(minor(shape.integer())),
  parameters: optional(minor(shape.map(shape.text()))),
  /** Of a foreign table's column: what the foreign-data wrapper is told. */
  foreignOptions: optional(shape.map(shape.text())),
  /** Whether it comes from a parent table and is not declared here. */
  inherited: optional(shape.boolean()),
} as const;

/** A column's payload. */
export type ColumnPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const COLUMN: KindModule<"column", ColumnPayload> = {
  kind: "column",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  foldsInto: true,
  needs: ({ payload, parent }, objects) => [
    ...need(
      payload.generated?.kind === "virtual",
      18,
      "virtual generated columns",
    ),
    ...need(payload.notNullUnvalidated === true, 18, "NOT NULL … NOT VALID"),
    ...need(payload.notNullNoInherit === true, 18, "NOT NULL … NO INHERIT"),
    ...need(
      payload.identity !== undefined && payload.inherited !== true &&
        objects.get(parent ?? "")?.payload["partitionBy"] !== undefined,
      17,
      "identity columns of partitioned tables",
    ),
  ],
  commentOn: (object) => `COLUMN ${qualify(object.name)}`,
  query: (context) =>
    [
      // What the payload is made of stands behind the rest, from `type` on.
      "SELECT a.attrelid AS oid, a.attnum AS sub, n.nspname AS schema, c.relname AS table, c.relkind AS relkind, a.attname AS name,",
      "pg_catalog.to_json(a.attacl::text[]) AS acl, d.oid AS default_oid, s.seqrelid,",
      // What comes from a parent's column goes with it, too.
      "CASE WHEN a.attinhcount > 0 AND NOT a.attislocal THEN (SELECT pg_catalog.json_agg(pn.nspname ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname AND NOT pa.attisdropped JOIN pg_catalog.pg_class p ON p.oid = h.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = a.attrelid) END AS parent_schemas,",
      "CASE WHEN a.attinhcount > 0 AND NOT a.attislocal THEN (SELECT pg_catalog.json_agg(p.relname ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname AND NOT pa.attisdropped JOIN pg_catalog.pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = a.attrelid) END AS parent_tables,",
      "pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null, NULLIF(a.attidentity, '') AS identity, NULLIF(a.attgenerated, '') AS generated,",
      // A default names no column: without its table the server need not open that.
      "CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, 0) ELSE pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS default,",
      "CASE WHEN a.attcollation <> t.typcollation THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,",
      "CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END AS storage, NULLIF(a.attcompression, '') AS compression,",
      context.version >= 170000
        ? "a.attstattarget AS statistics,"
        : "NULLIF(a.attstattarget, -1) AS statistics,",
      "pg_catalog.to_json(a.attoptions) AS options, pg_catalog.to_json(a.attfdwoptions) AS foreign_options, CASE WHEN a.attinhcount > 0 AND NOT a.attislocal THEN true END AS inherited,",
      context.version >= 180000
        ? "nn.unvalidated, nn.no_inherit,"
        : "NULL AS unvalidated, NULL AS no_inherit,",
      "s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, s.seqtype, s.seqname",
      "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid",
      "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum",
      "LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace",
      // From the sequences, which are fewer than columns.
      "LEFT JOIN (SELECT q.*, pg_catalog.format_type(q.seqtypid, NULL) AS seqtype, sc.relname AS seqname, sd.refobjid, sd.refobjsubid FROM pg_catalog.pg_sequence q JOIN pg_catalog.pg_class sc ON sc.oid = q.seqrelid JOIN pg_catalog.pg_depend sd ON sd.classid = 'pg_catalog.pg_class'::regclass AND sd.objid = q.seqrelid AND sd.objsubid = 0 AND sd.refclassid = 'pg_catalog.pg_class'::regclass AND sd.deptype = 'i') s ON s.refobjid = a.attrelid AND s.refobjsubid = a.attnum",
      // Only those that are not as usual, which are few or none.
      context.version >= 180000
        ? "LEFT JOIN (SELECT conrelid, conkey[1] AS attnum, NULLIF(NOT convalidated, false) AS unvalidated, NULLIF(connoinherit, false) AS no_inherit FROM pg_catalog.pg_constraint WHERE contype = 'n' AND (connoinherit OR NOT convalidated)) nn ON nn.conrelid = a.attrelid AND nn.attnum = a.attnum"
        : "",
      `WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const table = [row.text("schema"), row.text("table")];
    const name = [...table, row.text("name")];
    const defaultOid = row.optional("default_oid");
    const sequence = row.optional("seqrelid");
    const inherited = row.optional("inherited") !== undefined;
    const parents = inherited ? row.list("parent_tables") : [];
    const schemas = inherited ? row.list("parent_schemas") : [];
    return {
      address: address("column", name),
      name,
      parent: address(
        row.text("relkind") === "f" ? "foreign_table" : "table",
        table,
      ),
      position: row.integer("sub"),
      aliases: [
        ...(defaultOid === undefined ? [] : [`pg_attrdef ${defaultOid}`]),
        ...(sequence === undefined ? [] : [`pg_class ${sequence}`]),
      ],
      depends: parents.map((parent, i) =>
        address("column", [schemas[i] ?? "", parent, row.text("name")])
      ),
      // What an identity column's sequence is called depends on the names.
      payload: sequence === undefined
        ? sharedPayload(row)
        : payloadOf(row, sequenceOf(row, name)),
    };
  },
  // A column by itself: columns of a new table are written with that.
  create: (object, _children, target) => addColumn(object, target),
  drop: dropColumn,
  alter: alterColumn,
  ousts: (object, statements, target) =>
    statements === undefined && fillsRows(object, target.objects) ||
      statements?.some(({ remakesRows }) => remakesRows) === true
      ? holdersOfRows(object.parent ?? "", true, target)
      : NOTHING,
  yields: yieldColumn,
  follow: followColumn,
  goesWith: goesWithParent,
  occupies: (object) => {
    const sequence = identitySequence(object);
    return sequence === undefined
      ? []
      : [`pg_class ${splitAddress(address("sequence", sequence)).name}`];
  },
  // Where it comes from a parent it is renamed there.
  rename: (object, name) =>
    object.payload.inherited === true ? [] : [create(
      `ALTER TABLE ${qualify(object.name.slice(0, 2))} RENAME COLUMN ${
        quoteIdentifier(object.name[2] ?? "")
      } TO ${quoteIdentifier(name[2] ?? "")}`,
    )],
};

/** Payloads by what the query says of them: of most there are many alike. */
const SHARED = new WeakMap<Row, Map<string, ColumnPayload>>();

function sharedPayload(row: Row): ColumnPayload {
  let known = SHARED.get(row);
  if (known === undefined) SHARED.set(row, known = new Map());
  const key = row.keyFrom("type");
  let payload = known.get(key);
  if (payload === undefined) {
    payload = payloadOf(row, undefined);
    known.set(key, payload);
  }
  return payload;
}

function payloadOf(
  row: Row,
  sequence: ColumnPayload["sequence"],
): ColumnPayload {
  const generated = row.optional("generated");
  const expression = row.optional("default");
  const identity = row.optional("identity");
  const inherited = row.optional("inherited") !== undefined;
  return {
    type: row.text("type"),
    notNull: row.boolean("not_null"),
    notNullUnvalidated: row.optional("unvalidated") === undefined
      ? undefined
      : true,
    notNullNoInherit: row.optional("no_inherit") === undefined
      ? undefined
      : true,
    default: generated === undefined ? expression : undefined,
    identity: identity === "a"
      ? "always"
      : identity === "d"
      ? "by default"
      : undefined,
    sequence,
    generated: generated === undefined || expression === undefined
      ? undefined
      : { kind: generated === "v" ? "virtual" : "stored", expression },
    collation: row.optional("collation"),
    storage: STORAGE[row.optional("storage") ?? ""],
    compression: COMPRESSION[row.optional("compression") ?? ""],
    statistics: row.optionalInteger("statistics"),
    parameters: row.options("options"),
    foreignOptions: row.options("foreign_options"),
    inherited: inherited ? true : undefined,
  };
}

function sequenceOf(
  row: Row,
  name: readonly string[],
): ColumnPayload["sequence"] {
  return {
    type: row.text("seqtype"),
    start: row.text("seqstart"),
    increment: row.text("seqincrement"),
    minimum: row.text("seqmin"),
    maximum: row.text("seqmax"),
    cache: row.text("seqcache"),
    cycle: row.boolean("seqcycle"),
    name: sequenceName(row.text("seqname"), name),
  };
}

/** The name of an identity column's sequence, unless it is the usual one. */
function sequenceName(
  sequence: string,
  name: readonly string[],
): string | undefined {
  return sequence === `${name[1]}_${name[2]}_seq` ? undefined : sequence;
}

/** Whether an object is a column. */
export function isColumn(
  object: SchemaObject,
): object is SchemaObject<"column", ColumnPayload> {
  return object.kind === "column" && COLUMN.holds(object.payload);
}

/**
 * A column as CREATE TABLE and ADD COLUMN write it.
 *
 * @returns Undefined for an object that is no column.
 */
export function columnDefinition(object: SchemaObject): string | undefined {
  if (!isColumn(object)) return undefined;
  const { payload } = object;
  const parts = [quoteIdentifier(object.name[2] ?? ""), payload.type];
  if (payload.foreignOptions !== undefined) {
    parts.push(optionsClause({ options: payload.foreignOptions }).trim());
  }
  if (payload.collation !== undefined) {
    parts.push(`COLLATE ${payload.collation}`);
  }
  const identity = identityClause(payload);
  return [
    ...parts,
    ...valueClauses(payload),
    ...(identity === undefined ? [] : [identity]),
    ...notNullClause(payload),
  ].join(" ");
}

/**
 * What a table of a composite type says of a column in CREATE TABLE: the type
 * says the rest.
 *
 * @returns Undefined where there is nothing to say.
 */
export function columnOptions(object: SchemaObject): string | undefined {
  if (!isColumn(object)) return undefined;
  const { payload } = object;
  const clauses = [...valueClauses(payload), ...notNullClause(payload)];
  return clauses.length === 0
    ? undefined
    : `${quoteIdentifier(object.name[2] ?? "")} WITH OPTIONS ${
      clauses.join(" ")
    }`;
}

/** Whether CREATE TABLE … OF takes a column: it takes none that is computed or numbered. */
export function isTypable(object: SchemaObject): boolean {
  return !isColumn(object) ||
    object.payload.generated === undefined &&
      identityClause(object.payload) === undefined;
}

function valueClauses({ generated, default: value }: ColumnPayload): string[] {
  return [
    ...(generated === undefined ? [] : [
      `GENERATED ALWAYS AS (${generated.expression}) ${generated.kind.toUpperCase()}`,
    ]),
    ...(value === undefined ? [] : [`DEFAULT ${value}`]),
  ];
}

function notNullClause(
  { notNull, notNullUnvalidated, notNullNoInherit }: ColumnPayload,
): string[] {
  if (!notNull || notNullUnvalidated === true) return [];
  return [notNullNoInherit ? "NOT NULL NO INHERIT" : "NOT NULL"];
}

/** Whether an object is a column that comes from a parent and is not declared in the table itself. */
export function isInherited(object: SchemaObject): boolean {
  return isColumn(object) && object.payload.inherited === true;
}

/**
 * What a table that inherits a column says of it by itself; the same again
 * does no harm.
 *
 * @param object The column.
 * @param table Its table, which depends on its parents.
 * @param target What the SQL is written for.
 */
export function inheritedSettings(
  object: SchemaObject,
  table: SchemaObject,
  target: CreateTarget,
): KindStatement[] {
  if (!isColumn(object) || object.payload.inherited !== true) return [];
  const { payload } = object;
  const above = parentColumns(object, table, target);
  const alter = `ALTER TABLE ONLY ${
    qualify(object.name.slice(0, 2))
  } ALTER COLUMN ${quoteIdentifier(object.name[2] ?? "")}`;
  return [
    ...(payload.default !== undefined
      ? [create(`${alter} SET DEFAULT ${payload.default}`)]
      : above.some((column) => column.default !== undefined)
      ? [create(`${alter} DROP DEFAULT`)]
      : []),
    // Since 18 it would be the child's own, and stay when the parent's goes.
    ...(payload.notNull && payload.notNullUnvalidated !== true &&
        !(target.version >= 180000 &&
          above.some((column) => column.notNull && !column.notNullNoInherit))
      ? [create(`${alter} SET NOT NULL`)]
      : []),
    // Until 17, a child may do without.
    ...(!payload.notNull && target.version < 180000 &&
        above.some((column) => column.notNull)
      ? [create(`${alter} DROP NOT NULL`)]
      : []),
  ];
}

/** The columns of a table's parents that a column comes from. */
function parentColumns(
  object: SchemaObject,
  table: SchemaObject,
  target: CreateTarget,
): ColumnPayload[] {
  return table.depends.flatMap((parent) => {
    const name = target.objects.get(parent)?.name ?? [];
    const column = target.objects.get(
      address("column", [...name, object.name[2] ?? ""]),
    );
    return column !== undefined && isColumn(column) ? [column.payload] : [];
  });
}

/** What ADD COLUMN and CREATE TABLE cannot say of a column. */
export function columnSettings(object: SchemaObject): KindStatement[] {
  if (!isColumn(object)) return [];
  const { payload } = object;
  const table = qualify(object.name.slice(0, 2));
  const column = quoteIdentifier(object.name[2] ?? "");
  const alter = `ALTER TABLE ONLY ${table} ALTER COLUMN ${column}`;
  const statements: string[] = [];
  // Not ONLY: its children have it from here.
  if (payload.notNullUnvalidated && payload.inherited !== true) {
    statements.push(
      `ALTER TABLE ${table} ADD NOT NULL ${column}${
        payload.notNullNoInherit ? " NO INHERIT" : ""
      } NOT VALID`,
    );
  }
  const { sequence } = payload;
  // AS IDENTITY gives a sequence the column's type; ALTER SEQUENCE another one.
  if (sequence !== undefined && sequence.type !== payload.type) {
    const name = sequence.name ?? `${object.name[1]}_${object.name[2]}_seq`;
    statements.push(
      `ALTER SEQUENCE ${
        qualify([object.name[0] ?? "", name])
      } AS ${sequence.type} ${sequenceOptions(sequence).join(" ")}`,
    );
  }
  if (payload.storage !== undefined) {
    statements.push(`${alter} SET STORAGE ${payload.storage.toUpperCase()}`);
  }
  if (payload.compression !== undefined) {
    statements.push(`${alter} SET COMPRESSION ${payload.compression}`);
  }
  if (payload.statistics !== undefined) {
    statements.push(`${alter} SET STATISTICS ${payload.statistics}`);
  }
  const parameters = storageParameters(payload.parameters);
  if (parameters !== "") statements.push(`${alter} SET (${parameters})`);
  return statements.map((sql) => attach(sql));
}
