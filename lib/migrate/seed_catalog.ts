/**
 * What the catalog says of the tables that seeds name: columns, keys, foreign
 * keys, owned sequences. One query for all of them. It knows PostgreSQL's
 * catalog and nothing of seed files.
 *
 * @module
 */

import { records, type Session } from "../pg/session.ts";
import type { TableName } from "./seed_data.ts";

/** What values of a column look like in a seed. */
export type ColumnShape = "json" | "array" | "composite" | "scalar";

/** A column of a table. */
export interface SeedColumn {
  /** Its name. */
  readonly name: string;
  /** As SQL, with its modifier: `character varying(3)`. */
  readonly type: string;
  /** GENERATED ALWAYS AS (expression). */
  readonly generated: boolean;
  /** GENERATED ALWAYS AS IDENTITY. */
  readonly identityAlways: boolean;
  /** What its values look like in a seed. */
  readonly shape: ColumnShape;
}

/** A primary key or unique constraint (or index) that rows are found by. */
export interface SeedKey {
  /** The index's name. */
  readonly name: string;
  /** Whether it is the primary key. */
  readonly primary: boolean;
  /** Its columns in order, with their equality. */
  readonly columns: readonly {
    readonly name: string;
    /** The key's own equality as SQL: `OPERATOR(pg_catalog.=)`. */
    readonly operator: string;
  }[];
}

/** A sequence that a column owns. */
export interface OwnedSequence {
  /** The column that owns it. */
  readonly column: string;
  /** Its OID. */
  readonly oid: string;
  /** As SQL, schema-qualified. */
  readonly name: string;
}

/** A foreign key. */
export interface Reference {
  /** The constraint's name. */
  readonly constraint: string;
  /** The OID of the table that it refers to. */
  readonly table: string;
}

/** A table as seeds see it. */
export interface SeedTable {
  /** Its OID. */
  readonly oid: string;
  /** Its schema. */
  readonly schema: string;
  /** Its name. */
  readonly name: string;
  /** `pg_class.relkind`. */
  readonly relkind: string;
  /** Its columns by name. */
  readonly columns: ReadonlyMap<string, SeedColumn>;
  /** The primary key first, then by name. */
  readonly keys: readonly SeedKey[];
  /** Its foreign keys. */
  readonly references: readonly Reference[];
  /** The sequences that its columns own. */
  readonly sequences: readonly OwnedSequence[];
}

/** Equality of a btree operator class; other access methods number it otherwise. */
const KEYS = `
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'name', ic.relname, 'primary', i.indisprimary, 'columns', k.columns)
    ORDER BY i.indisprimary DESC, ic.relname)
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
  CROSS JOIN LATERAL (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', a.attname,
      'operator', pg_catalog.format('OPERATOR(%I.%s)', opn.nspname, o.oprname))
      ORDER BY p.n) AS columns, pg_catalog.count(*) AS found
    FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) AS p(n)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[p.n]
    JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[p.n]
    JOIN pg_catalog.pg_am am ON am.oid = oc.opcmethod AND am.amname = 'btree'
    JOIN pg_catalog.pg_amop ao ON ao.amopfamily = oc.opcfamily AND ao.amopstrategy = 3
      AND ao.amoplefttype = oc.opcintype AND ao.amoprighttype = oc.opcintype
    JOIN pg_catalog.pg_operator o ON o.oid = ao.amopopr
    JOIN pg_catalog.pg_namespace opn ON opn.oid = o.oprnamespace
  ) k
  WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid
    AND i.indpred IS NULL AND i.indexprs IS NULL AND k.found = i.indnkeyatts`;

/** The type below a domain, and below a domain over a domain. */
const BASE_TYPE = `
  WITH RECURSIVE d AS (
    SELECT t.oid, t.typtype, t.typbasetype, t.typcategory, t.typelem
    FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
    UNION ALL
    SELECT t.oid, t.typtype, t.typbasetype, t.typcategory, t.typelem
    FROM d JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype WHERE d.typtype = 'd'
  )
  SELECT CASE
    WHEN d.oid IN ('pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.jsonb'::pg_catalog.regtype) THEN 'json'
    WHEN d.typcategory = 'A' AND d.typelem <> 0 THEN 'array'
    WHEN d.typtype = 'c' THEN 'composite'
    ELSE 'scalar' END
  FROM d WHERE d.typtype <> 'd'`;

const COLUMNS = `
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'name', a.attname,
    'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
    'generated', a.attgenerated <> '',
    'identityAlways', a.attidentity = 'a',
    'shape', (${BASE_TYPE})) ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped`;

const REFERENCES = `
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'constraint', f.conname, 'table', f.confrelid::pg_catalog.text))
  FROM pg_catalog.pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f'`;

/** Of serial and identity columns; smallint, integer, bigint and numeric ones. */
const SEQUENCES = `
  SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
    'column', a.attname, 'oid', q.oid::pg_catalog.text,
    'name', pg_catalog.format('%I.%I', qn.nspname, q.relname)) ORDER BY a.attnum)
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_class q ON q.oid = d.objid AND q.relkind = 'S'
  JOIN pg_catalog.pg_namespace qn ON qn.oid = q.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.refobjid = c.oid AND d.deptype IN ('a', 'i')
    AND a.atttypid IN (20, 21, 23, 1700)`;

const TABLES = `
SELECT x.n, c.oid, nc.nspname, c.relname, c.relkind,
  (${COLUMNS}) AS columns, (${KEYS}) AS keys,
  (${REFERENCES}) AS refs, (${SEQUENCES}) AS sequences
FROM pg_catalog.json_to_recordset($1::pg_catalog.json) AS x(n integer, "schema" text, "table" text)
JOIN pg_catalog.pg_class c ON c.relname = x."table" AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_catalog.pg_namespace nc ON nc.oid = c.relnamespace
WHERE nc.nspname = x."schema"
  OR (x."schema" IS NULL AND pg_catalog.pg_table_is_visible(c.oid))`;

/**
 * Reads what the catalog says of tables, as the session's search_path finds them.
 *
 * @param session The connection.
 * @param names The tables.
 * @returns One for each name, in its place; undefined where there is none.
 */
export async function readSeedTables(
  session: Session,
  names: readonly TableName[],
): Promise<(SeedTable | undefined)[]> {
  const found = new Map<number, SeedTable>();
  const asked = names.map((name, n) => ({
    n,
    schema: name.schema ?? null,
    table: name.table,
  }));
  for (
    const row of records(await session.query(TABLES, [JSON.stringify(asked)]))
  ) {
    found.set(Number(row["n"]), seedTable(row));
  }
  return names.map((_, n) => found.get(n));
}

/** The JSON of a row of {@linkcode TABLES}: the query above says what is in it. */
function aggregate<T>(text: string | null | undefined): readonly T[] {
  return text === null || text === undefined ? [] : JSON.parse(text);
}

function seedTable(row: Record<string, string | null>): SeedTable {
  const columns = aggregate<SeedColumn>(row["columns"]);
  return {
    oid: row["oid"] ?? "",
    schema: row["nspname"] ?? "",
    name: row["relname"] ?? "",
    relkind: row["relkind"] ?? "",
    columns: new Map(columns.map((column) => [column.name, column])),
    keys: aggregate<SeedKey>(row["keys"]),
    references: aggregate<Reference>(row["refs"]),
    sequences: aggregate<OwnedSequence>(row["sequences"]),
  };
}

/**
 * The names of all tables, for "did you mean": `users` where the search_path
 * finds it, else `app.users`.
 *
 * @param session The connection.
 */
export async function knownTables(session: Session): Promise<string[]> {
  const result = await session.query(
    `SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1`,
  );
  return result.rows.flatMap(([name]) =>
    name === null || name === undefined ? [] : [name]
  );
}
