/**
 * The SQL that loads rows into tables: one statement for tables that refer to
 * one another, since foreign keys are checked when a statement ends. Pure.
 *
 * Values come as JSON text and are read by `json_to_recordset`, each by its
 * column's type and modifier, as an INSERT of the literal would.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { OwnedSequence, SeedColumn } from "./seed_catalog.ts";
import type { SeedRow } from "./seed_data.ts";
import type { SeedSet, TableLoad } from "./seed_rows.ts";
import { toJson } from "./seed_value.ts";

/** A statement and its parameters. */
export interface SeedStatement {
  /** The statement, with $1, $2, … for its parameters. */
  readonly sql: string;
  /** The parameters in order. */
  readonly parameters: readonly string[];
}

/**
 * Rows as one JSON text.
 *
 * @param set Rows and their columns.
 */
function rowsJson(set: SeedSet): string {
  return `[${set.rows.map((row) => rowJson(row, set.columns)).join(",")}]`;
}

function rowJson(row: SeedRow, columns: readonly SeedColumn[]): string {
  const cells = columns.flatMap((column) => {
    const value = row.cells.get(column.name)?.value;
    if (value === undefined) return [];
    const text = toJson(value, column.shape === "json");
    return [`${JSON.stringify(column.name)}:${text}`];
  });
  return `{${cells.join(",")}}`;
}

/** The names of the columns of a set's source, which no table's name can clash with. */
function alias(index: number): string {
  return `c${index + 1}`;
}

/** A WITH query of a set's rows: columns c1, c2, … and their number n, from 1. */
function source(
  set: SeedSet,
  at: { readonly name: string; readonly parameter: number },
): string {
  const definitions = set.columns.map((column) =>
    `${quoteIdentifier(column.name)} ${column.type}`
  );
  const names = [...set.columns.map((_, i) => alias(i)), "n"];
  return `${at.name} AS MATERIALIZED (SELECT * FROM ROWS FROM (pg_catalog.json_to_recordset($${at.parameter}::pg_catalog.json) AS (${
    definitions.join(", ")
  })) WITH ORDINALITY AS s (${names.join(", ")}))`;
}

function indexOf(set: SeedSet, name: string): number {
  return set.columns.findIndex((column) => column.name === name);
}

/** Whether row t of the table is row s of the set, by the key's own equality. */
function sameRow(load: TableLoad, set: SeedSet): string {
  return load.key.columns.map(({ name, operator }) =>
    `t.${quoteIdentifier(name)} ${operator} s.${alias(indexOf(set, name))}`
  ).join(" AND ");
}

/** Children of inheritance are tables of their own; partitions are not. */
function relation(load: TableLoad): string {
  return load.table.relkind === "r" ? `ONLY ${load.name}` : load.name;
}

/**
 * Updates what differs. Compared is the text: a type need not have an equality
 * (json, point), and one that has may call different texts equal (citext).
 */
function update(load: TableLoad, set: SeedSet, from: string): string {
  const inKey = new Set(load.key.columns.map((column) => column.name));
  const others = set.columns.map((column, i) => ({ column, i }))
    .filter(({ column }) => !inKey.has(column.name));
  if (others.length === 0) return "SELECT 1 WHERE false";
  const text = (value: string) =>
    `${value}::pg_catalog.text COLLATE pg_catalog."C"`;
  const sets = others.map(({ column, i }) =>
    `${quoteIdentifier(column.name)} = s.${alias(i)}`
  );
  const differs = others.map(({ column, i }) =>
    `${text(`t.${quoteIdentifier(column.name)}`)} IS DISTINCT FROM ${
      text(`s.${alias(i)}`)
    }`
  );
  return `UPDATE ${relation(load)} AS t SET ${
    sets.join(", ")
  } FROM ${from} AS s WHERE ${sameRow(load, set)} AND (${
    differs.join(" OR ")
  }) RETURNING 1`;
}

function insert(load: TableLoad, set: SeedSet, from: string): string {
  const names = set.columns.map((column) => quoteIdentifier(column.name));
  const overriding = set.columns.some((column) => column.identityAlways)
    ? " OVERRIDING SYSTEM VALUE"
    : "";
  return `INSERT INTO ${load.name} (${names.join(", ")})${overriding} SELECT ${
    set.columns.map((_, i) => `s.${alias(i)}`).join(", ")
  } FROM ${from} AS s WHERE NOT EXISTS (SELECT FROM ${
    relation(load)
  } AS t WHERE ${sameRow(load, set)}) ORDER BY s.n RETURNING 1`;
}

/**
 * The statement that loads tables. Its one row has, for each set of each load
 * in order, how many rows it updated and how many it inserted.
 *
 * @param loads Tables that refer to one another, or a single one.
 */
export function loadStatement(loads: readonly TableLoad[]): SeedStatement {
  const queries: string[] = [];
  const counts: string[] = [];
  const parameters: string[] = [];
  for (const load of loads) {
    for (const set of load.sets) {
      const number = parameters.push(rowsJson(set));
      const rows = `s${number}`;
      queries.push(
        source(set, { name: rows, parameter: number }),
        `u${number} AS (${update(load, set, rows)})`,
        `i${number} AS (${insert(load, set, rows)})`,
      );
      counts.push(
        `(SELECT pg_catalog.count(*) FROM u${number})`,
        `(SELECT pg_catalog.count(*) FROM i${number})`,
      );
    }
  }
  return {
    sql: `WITH ${queries.join(",\n")}\nSELECT ${counts.join(", ")}`,
    parameters,
  };
}

/**
 * The statement that finds rows of one table with the same key. Its one row,
 * if any, is `set:row` of all of them, from 1, comma-separated.
 *
 * @param load The table.
 */
export function twiceStatement(load: TableLoad): SeedStatement {
  const parameters = load.sets.map(rowsJson);
  const sources = load.sets.map((set, i) =>
    source(set, { name: `s${i + 1}`, parameter: i + 1 })
  );
  const keys = load.key.columns.map((_, i) => `k${i + 1}`).join(", ");
  const rows = load.sets.map((set, i) => {
    const columns = load.key.columns.map(({ name }, k) =>
      `${alias(indexOf(set, name))} AS k${k + 1}`
    );
    return `SELECT ${i + 1} AS s, n, ${columns.join(", ")} FROM s${i + 1}`;
  });
  return {
    sql: `WITH ${
      sources.join(",\n")
    }\nSELECT pg_catalog.string_agg(s || ':' || n, ',' ORDER BY s, n) FROM (${
      rows.join(" UNION ALL ")
    }) AS r GROUP BY ${keys} HAVING pg_catalog.count(*) > 1 ORDER BY pg_catalog.min(s), pg_catalog.min(n) LIMIT 1`,
    parameters,
  };
}

/**
 * The query for where a sequence must be set so that it gives no value again
 * that its column holds: no row where it is past them all already.
 *
 * @param load The table.
 * @param sequence The sequence that one of its columns owns.
 */
export function sequenceQuery(
  load: TableLoad,
  sequence: OwnedSequence,
): string {
  const column = `t.${quoteIdentifier(sequence.column)}`;
  // Values outside of the sequence's bounds are none that it could give.
  return `SELECT w.value FROM ${sequence.name} AS v, pg_catalog.pg_sequence AS q,
LATERAL (SELECT CASE WHEN q.seqincrement > 0 THEN pg_catalog.ceil(pg_catalog.max(${column})) ELSE pg_catalog.floor(pg_catalog.min(${column})) END::pg_catalog.int8 AS value
  FROM ${load.name} AS t WHERE ${column} BETWEEN q.seqmin AND q.seqmax) AS w
WHERE q.seqrelid = ${quoteLiteral(sequence.oid)}::pg_catalog.oid
  AND (CASE WHEN q.seqincrement > 0 THEN w.value > v.last_value ELSE w.value < v.last_value END
    OR (w.value = v.last_value AND NOT v.is_called))`;
}

/**
 * The statement that sets a sequence.
 *
 * @param sequence The sequence.
 * @param value The last value that it is to have given.
 */
export function setSequence(sequence: OwnedSequence, value: string): string {
  return `SELECT pg_catalog.setval(${
    quoteLiteral(sequence.oid)
  }::pg_catalog.oid::pg_catalog.regclass, ${value})`;
}
