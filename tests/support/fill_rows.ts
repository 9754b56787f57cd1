/**
 * Rows for whatever tables there are, and whether they are still there
 * afterwards. Values are made by type; a table that refuses them stays empty.
 *
 * @module
 */

import { records, ServerError, type Session } from "../../lib/pg/session.ts";
import { quoteLiteral } from "../../lib/sql/quote.ts";

/** The rows of one table. */
export interface TableRows {
  /** Such as `public.users`, quoted where needed. */
  readonly table: string;
  /** The columns, as `name type`, by their quoted names. */
  readonly columns: ReadonlyMap<string, string>;
  /** Each row: its values as text by the columns' names. */
  readonly rows: readonly ReadonlyMap<string, string | null>[];
}

/** A column to be filled. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly values: readonly (string | undefined)[];
  readonly required: boolean;
}

const ROWS = 3;

/**
 * Puts up to three rows into each table that takes some.
 *
 * @param session The database, as a superuser.
 */
export async function fillRows(session: Session): Promise<void> {
  // So that types are written with their schemas.
  await session.script("SET search_path = ''");
  const columns = records(await session.query(COLUMNS));
  await session.script("RESET search_path");
  const tables = Map.groupBy(columns, (row) => row["table"] ?? "");
  if (tables.size === 0) return;
  const inserts: string[] = [];
  for (let i = 1; i <= ROWS; i++) {
    for (const [table, rows] of tables) {
      const columns = rows.map((row) => columnOf(row));
      inserts.push(...insertsInto(table, columns, i));
    }
  }
  // Once more for what needs rows of tables that come later.
  const body = [...inserts, ...inserts].join("\n");
  try {
    await session.script(`DO $fill$ BEGIN
      SET LOCAL client_min_messages = error;
      SET LOCAL search_path = '';
      ${body}
      END $fill$`);
  } catch (error) {
    // A deferred constraint does not like them: then there are none.
    if (!(error instanceof ServerError)) throw error;
  }
}

/** Tries all columns, then what is required only. */
function insertsInto(
  table: string,
  columns: readonly Column[],
  i: number,
): string[] {
  const forms = [
    columns.filter(({ values }) => values[i - 1] !== undefined),
    columns.filter(({ required }) => required),
  ].map((filled) =>
    filled.length === 0
      ? `INSERT INTO ${table} DEFAULT VALUES`
      : `INSERT INTO ${table} (${
        filled.map((c) => c.name).join(", ")
      }) VALUES (${filled.map((c) => c.values[i - 1] ?? "NULL").join(", ")})`
  );
  const [all = "", least = ""] = forms.map((sql) => quoteLiteral(sql));
  return [
    `BEGIN EXECUTE ${
      quoteLiteral(`SELECT 1 / (count(*) < ${i})::int FROM ${table}`)
    };`,
    `BEGIN EXECUTE ${all}; EXCEPTION WHEN OTHERS THEN EXECUTE ${least}; END;`,
    "EXCEPTION WHEN OTHERS THEN NULL; END;",
  ];
}

function columnOf(row: Readonly<Record<string, string | null>>): Column {
  const type = row["type"] ?? "";
  const refers = row["refers"];
  const column = row["refers_to"] ?? "";
  const values = Array.from(
    { length: ROWS },
    (_, i) =>
      typeof refers === "string"
        ? `(SELECT ${column} FROM ${refers} ORDER BY 1 OFFSET ${i} LIMIT 1)`
        : valueOf(row, i + 1),
  );
  return {
    name: row["name"] ?? "",
    type,
    values,
    required: row["required"] === "t",
  };
}

/** A value of a type; undefined where nothing is known of it. */
function valueOf(
  row: Readonly<Record<string, string | null>>,
  i: number,
): string | undefined {
  const type = row["type"] ?? "";
  const labels: unknown = JSON.parse(row["labels"] ?? "null");
  if (Array.isArray(labels)) {
    const label: unknown = labels[Math.min(i, labels.length) - 1];
    return typeof label === "string"
      ? `${quoteLiteral(label)}::${type}`
      : undefined;
  }
  const parts: unknown = JSON.parse(row["parts"] ?? "null");
  if (Array.isArray(parts)) {
    const values = parts.map((part: unknown) =>
      typeof part === "string" ? VALUES.get(part)?.(i) ?? "NULL" : "NULL"
    );
    const value = `ROW(${values.join(", ")})`;
    return row["is_array"] === "t"
      ? `ARRAY[${value}]::${type}`
      : `${value}::${type}`;
  }
  if (row["is_array"] === "t") return `'{}'::${type}`;
  const text = VALUES.get(row["base"] ?? "")?.(i);
  return text === undefined ? undefined : `(${text})::${type}`;
}

const NUMBER = (i: number) => `${i}`;
const TEXT = (i: number) => `'${"abc"[i - 1] ?? "x"}'`;
const DATE = (i: number) => `'2020-01-0${i}'`;

const VALUES: ReadonlyMap<string, (i: number) => string> = new Map([
  ...["int2", "int4", "int8", "numeric", "float4", "float8", "money", "oid"]
    .map((name) => [name, NUMBER] as const),
  ...["text", "varchar", "bpchar", "name", "citext", "char"].map((name) =>
    [name, TEXT] as const
  ),
  ...["date", "timestamp", "timestamptz"].map((name) => [name, DATE] as const),
  ["bool", (i) => i % 2 === 0 ? "true" : "false"],
  ["time", (i) => `'0${i}:00'`],
  ["timetz", (i) => `'0${i}:00+00'`],
  ["interval", (i) => `'${i} days'`],
  ["uuid", (i) => `'00000000-0000-0000-0000-00000000000${i}'`],
  ["json", (i) => `'{"a": ${i}}'`],
  ["jsonb", (i) => `'{"a": ${i}}'`],
  ["bytea", (i) => `'\\x0${i}'`],
  ["inet", (i) => `'10.0.0.${i}'`],
  ["cidr", (i) => `'10.0.${i}.0/24'`],
  ["macaddr", (i) => `'08:00:2b:01:02:0${i}'`],
  ["bit", () => "'1'"],
  ["varbit", () => "'1'"],
  ["xml", (i) => `'<a>${i}</a>'`],
  ["point", (i) => `'(${i},0)'`],
  ["tsvector", TEXT],
  ["int4range", (i) => `'[${i * 10},${i * 10 + 5})'`],
  ["int8range", (i) => `'[${i * 10},${i * 10 + 5})'`],
  ["numrange", (i) => `'[${i * 10},${i * 10 + 5})'`],
  ["daterange", (i) => `'[2020-01-0${i},2020-01-0${i + 1})'`],
  ["tsrange", (i) => `'[2020-01-0${i},2020-01-0${i + 1})'`],
  ["tstzrange", (i) => `'[2020-01-0${i},2020-01-0${i + 1})'`],
]);

const TABLES = `FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
      AND d.objid = c.oid AND d.deptype = 'e')`;

// Columns that nobody fills: generated ones, and identities that are ALWAYS.
const COLUMNS =
  `SELECT pg_catalog.format('%I.%I', t.nspname, t.relname) AS "table",
  pg_catalog.quote_ident(a.attname) AS name,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
  b.typname AS base, b.typelem <> 0 AND b.typcategory = 'A' AS is_array,
  (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = b.oid) AS labels,
  (SELECT pg_catalog.json_agg(y.typname ORDER BY p.attnum) FROM pg_catalog.pg_type o
    JOIN pg_catalog.pg_attribute p ON p.attrelid = o.typrelid AND p.attnum > 0 AND NOT p.attisdropped
    JOIN pg_catalog.pg_type y ON y.oid = p.atttypid
    WHERE o.oid = CASE WHEN b.typcategory = 'A' THEN b.typelem ELSE b.oid END AND o.typrelid <> 0) AS parts,
  (a.attnotnull OR k.conrelid IS NOT NULL) AND NOT a.atthasdef AND a.attidentity = '' AS required,
  k.refers, k.refers_to
  FROM (SELECT c.oid, n.nspname, c.relname ${TABLES} AND NOT c.relispartition) AS t
  JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = '' AND a.attidentity <> 'a'
  CROSS JOIN LATERAL (
    WITH RECURSIVE base AS (
      SELECT y.oid, y.typname, y.typelem, y.typcategory, y.typbasetype FROM pg_catalog.pg_type y WHERE y.oid = a.atttypid
      UNION ALL SELECT y.oid, y.typname, y.typelem, y.typcategory, y.typbasetype
      FROM base JOIN pg_catalog.pg_type y ON y.oid = base.typbasetype)
    SELECT * FROM base WHERE typbasetype = 0) AS b
  LEFT JOIN LATERAL (
    SELECT f.conrelid, f.confrelid::pg_catalog.regclass::text AS refers, pg_catalog.quote_ident(r.attname) AS refers_to
    FROM pg_catalog.pg_constraint f
    CROSS JOIN LATERAL unnest(f.conkey, f.confkey) AS u(here, there)
    JOIN pg_catalog.pg_attribute r ON r.attrelid = f.confrelid AND r.attnum = u.there
    WHERE f.conrelid = t.oid AND f.contype = 'f' AND u.here = a.attnum AND f.confrelid <> f.conrelid
    ORDER BY f.conname LIMIT 1) AS k ON true
  ORDER BY t.oid, a.attnum`;

// What a type consists of in the end, if there are rows in it: those of another
// form are written in another way.
const PARTS = `WITH RECURSIVE of(type) AS (
    SELECT a.atttypid
    UNION SELECT n.type FROM of JOIN pg_catalog.pg_type y ON y.oid = of.type CROSS JOIN LATERAL (
      SELECT y.typelem UNION ALL SELECT y.typbasetype
      UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE y.oid IN (r.rngtypid, r.rngmultitypid)
      UNION ALL SELECT p.atttypid FROM pg_catalog.pg_attribute p
        WHERE p.attrelid = y.typrelid AND p.attnum > 0 AND NOT p.attisdropped) AS n(type))
  SELECT pg_catalog.string_agg(pg_catalog.format(' %I %s', p.attname, pg_catalog.format_type(p.atttypid, p.atttypmod)), ',' ORDER BY y.typname, p.attnum)
  FROM of JOIN pg_catalog.pg_type y ON y.oid = of.type
  JOIN pg_catalog.pg_attribute p ON p.attrelid = y.typrelid AND p.attnum > 0 AND NOT p.attisdropped`;

/**
 * The rows of all tables that have some, each where it lies: those of a
 * partition, not those of the whole.
 *
 * @param session The database.
 */
export async function readRows(session: Session): Promise<TableRows[]> {
  const found = records(
    await session.query(
      `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
        CASE c.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END AS only,
        (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(pg_catalog.quote_ident(a.attname),
            pg_catalog.format_type(a.atttypid, a.atttypmod)
            || CASE WHEN a.atttypid < 16384 THEN '' ELSE COALESCE((${PARTS}), '') END
            || CASE a.attgenerated WHEN '' THEN '' ELSE ' GENERATED ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) END) ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a
          LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v') AS columns
        ${TABLES} AND c.relkind = 'r' ORDER BY 1`,
    ),
  );
  const tables: TableRows[] = [];
  for (const { name, only, columns: json } of found) {
    const list: unknown = JSON.parse(json ?? "[]");
    if (name === null || name === undefined || !Array.isArray(list)) continue;
    const columns = new Map<string, string>(
      list.map((pair: unknown) =>
        Array.isArray(pair) ? [String(pair[0]), String(pair[1])] : ["", ""]
      ),
    );
    if (columns.size === 0) continue;
    const names = [...columns.keys()];
    const { rows } = await session.query(
      `SELECT ${names.map((column) => `${column}::text`).join(", ")} FROM ${
        only ?? ""
      }${name}`,
    );
    if (rows.length === 0) continue;
    tables.push({
      table: name,
      columns,
      rows: rows.map((values) =>
        new Map(names.map((column, i) => [column, values[i] ?? null]))
      ),
    });
  }
  return tables;
}

/** Rows that are not what they were. */
export interface Loss {
  /** The table, as {@linkcode TableRows} has it. */
  readonly table: string;
  /** One line. */
  readonly what: string;
}

/**
 * What became of rows.
 *
 * @param before The tables as they were.
 * @param after The tables as they are; those without rows may be left out.
 * @returns Tables and columns that are gone with what was in them, and tables
 * whose rows are not what they were, in the columns that are of the same type.
 */
export function lostRows(
  before: readonly TableRows[],
  after: readonly TableRows[],
): Loss[] {
  const found = new Map(after.map((rows) => [rows.table, rows]));
  return before.flatMap((was) => {
    const { table } = was;
    const is = found.get(table);
    const what = is === undefined
      ? `its ${was.rows.length} rows are gone`
      : is.rows.length !== was.rows.length
      ? `it has ${is.rows.length} rows of ${was.rows.length}`
      : goneColumn(was, is) ?? otherValues(was, is);
    return what === undefined ? [] : [{ table, what: `${table}: ${what}` }];
  });
}

function goneColumn(was: TableRows, is: TableRows): string | undefined {
  const gone = [...was.columns].find(([name, type]) =>
    // What is generated can be had again.
    !is.columns.has(name) && !type.includes(" GENERATED ") &&
    was.rows.some((row) => (row.get(name) ?? null) !== null)
  );
  return gone && `the values of ${gone[0]} are gone`;
}

function otherValues(was: TableRows, is: TableRows): string | undefined {
  const shared = [...was.columns.keys()].filter((name) =>
    was.columns.get(name) === is.columns.get(name)
  );
  const texts = ({ rows }: TableRows) =>
    rows.map((row) =>
      JSON.stringify(shared.map((name) => row.get(name) ?? null))
    ).sort();
  const wanted = texts(was);
  const other = texts(is).findIndex((row, i) => row !== wanted[i]);
  return other < 0
    ? undefined
    : `(${shared.join(", ")}) is ${texts(is)[other]}, and was ${wanted[other]}`;
}
