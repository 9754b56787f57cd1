/**
 * The text of an index as `pg_get_indexdef` writes it, put together by the
 * query itself for what most indexes are. The function looks a dozen catalog
 * rows up for each index, and scans every operator class of the access method
 * to find out whether a column's is the default one: three quarters of the time
 * that reading a large schema took. What is not plain is left to the function.
 *
 * Plain is a B-tree of the server's own, default operator classes, whose columns are
 * columns of its table, or that is on one function call; at most
 * {@linkcode MOST_COLUMNS} of them. B-trees' own classes have no options.
 *
 * @module
 */

import type { CatalogContext } from "./catalog_context.ts";

/** With more columns an index is left to the function. */
const MOST_COLUMNS = 4;

/** `pg_am`'s row of B-trees, and the OIDs of `text` and `varchar`: fixed in `pg_am.dat` and `pg_type.dat`. */
const BTREE = 403;
const TEXT = 25;
const VARCHAR = 1043;

/**
 * What stands before SELECT: the default operator classes, and the columns of
 * tables that have indexes as arrays by their number. There is a row of
 * `pg_attribute` for each number from 1, for dropped columns too.
 *
 * @param context Which indexes are read.
 */
export function indexDefinitionTables(
  { among }: Pick<CatalogContext, "among">,
): string {
  return [
    // A default of somebody's own for varchar would go before that for text.
    `WITH opclass AS MATERIALIZED (SELECT o.oid, o.opcintype AS type, o.opcintype = ${TEXT} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_opclass v WHERE v.opcdefault AND v.opcmethod = ${BTREE} AND v.opcintype = ${VARCHAR}) AS takes_varchar`,
    `FROM pg_catalog.pg_opclass o WHERE o.opcdefault AND o.opcmethod = ${BTREE} AND o.oid < 16384),`,
    "indexed AS MATERIALIZED (SELECT x.attrelid, pg_catalog.array_agg(x.atttypid) AS types, pg_catalog.array_agg(x.attcollation) AS collations, pg_catalog.array_agg(x.attname::text) AS names",
    `FROM (SELECT a.attrelid, a.atttypid, a.attcollation, a.attname FROM pg_catalog.pg_attribute a WHERE a.attnum > 0 AND a.attrelid IN (SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid >= 16384 AND NOT indisprimary AND ${
      among("indexrelid")
    }) ORDER BY a.attrelid, a.attnum) x GROUP BY x.attrelid)`,
  ].join(" ");
}

const COLUMNS = Array.from({ length: MOST_COLUMNS }, (_, i) => i);

/** What stands in FROM, behind `pg_index i`. */
export const INDEX_DEFINITION_JOINS = [
  "LEFT JOIN indexed x ON x.attrelid = i.indrelid",
  ...COLUMNS.map((k) =>
    `LEFT JOIN opclass o${k} ON o${k}.oid = i.indclass[${k}]`
  ),
].join(" ");

/** A key column whose operator class and collation go without saying. */
function isPlain(k: number): string {
  const type = `x.types[i.indkey[${k}]]`;
  return `(i.indnkeyatts <= ${k} OR (o${k}.type = ${type} OR o${k}.takes_varchar AND ${type} = ${VARCHAR}) AND i.indcollation[${k}] = x.collations[i.indkey[${k}]])`;
}

/** The bits are INDOPTION_DESC and INDOPTION_NULLS_FIRST. */
function order(k: number): string {
  return `CASE i.indoption[${k}] WHEN 1 THEN ' DESC NULLS LAST' WHEN 2 THEN ' NULLS FIRST' WHEN 3 THEN ' DESC' ELSE '' END`;
}

function column(k: number): string {
  const name = `pg_catalog.quote_ident(x.names[i.indkey[${k}]])`;
  if (k === 0) return `${name} || ${order(k)}`;
  return `CASE WHEN i.indnkeyatts > ${k} THEN ', ' || ${name} || ${
    order(k)
  } WHEN i.indnatts > ${k} THEN CASE i.indnkeyatts WHEN ${k} THEN ') INCLUDE (' ELSE ', ' END || ${name} ELSE '' END`;
}

/** The tree of the expressions; where a version writes it otherwise, nothing is found in it. */
const TREE = "i.indexprs::text";

/**
 * A column that is a function call, not a cast or an operator that looks like
 * one: such a call stands without parentheses. Its type and collation are in
 * the tree, behind a number. (A regular expression would take longer than
 * pg_get_indexdef does.)
 */
const IS_CALL = [
  `i.indnatts = 1 AND pg_catalog.starts_with(${TREE}, '({FUNCEXPR :funcid ')`,
  `pg_catalog.starts_with(pg_catalog.substr(${TREE}, pg_catalog.strpos(${TREE}, ' :funcresulttype ')), ' :funcresulttype ' || o0.type || ' :funcretset false :funcvariadic false :funcformat 0 :funccollid ' || i.indcollation[0] || ' ')`,
].join(" AND ");

/**
 * The expression of the definition.
 *
 * @param version `server_version_num`: 15 added NULLS NOT DISTINCT.
 */
export function indexDefinition(version: number): string {
  const nulls = version >= 150000 ? " OR i.indnullsnotdistinct" : "";
  const head =
    "'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX ' || pg_catalog.quote_ident(c.relname) || ' ON ' || CASE c.relkind WHEN 'I' THEN 'ONLY ' ELSE '' END || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.relname) || ' USING btree ('";
  const where =
    "')' || CASE WHEN i.indpred IS NULL THEN '' ELSE ' WHERE ' || pg_catalog.pg_get_expr(i.indpred, i.indrelid) END";
  return [
    `CASE WHEN c.relam <> ${BTREE}${nulls} THEN pg_catalog.pg_get_indexdef(c.oid)`,
    `WHEN i.indexprs IS NULL AND i.indnatts <= ${MOST_COLUMNS} AND ${
      COLUMNS.map(isPlain).join(" AND ")
    } THEN ${head} || ${COLUMNS.map(column).join(" || ")} || ${where}`,
    `WHEN ${IS_CALL} THEN ${head} || pg_catalog.pg_get_expr(i.indexprs, i.indrelid) || ${
      order(0)
    } || ${where}`,
    "ELSE pg_catalog.pg_get_indexdef(c.oid) END",
  ].join(" ");
}
