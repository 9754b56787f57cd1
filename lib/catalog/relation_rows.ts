/**
 * Which rows of the catalogs have to do with some relations: for reading a
 * small part of a large schema. Names no kind.
 *
 * @module
 */

import { quoteLiteral } from "../sql/quote.ts";

/** A row of a catalog: the catalog's OID and its own. */
export type CatalogRow = readonly [catalog: string, oid: string];

/** What is known of relations that are wanted. */
export interface WantedRelations {
  /** Schemas with names of relations, or of indexes on them. */
  readonly names: Iterable<readonly [schema: string, name: string]>;
  /** Rows that belong to relations, or to none. */
  readonly rows: Iterable<CatalogRow>;
}

/** Catalogs of which each row belongs to a relation, and the column that says to which one. */
const RELATION_OF: Readonly<Record<string, string>> = {
  pg_attrdef: "adrelid",
  pg_constraint: "conrelid",
  pg_policy: "polrelid",
  pg_publication_rel: "prrelid",
  pg_rewrite: "ev_class",
  pg_statistic_ext: "stxrelid",
  pg_trigger: "tgrelid",
};

/** The catalogs of what belongs to relations. */
const OF_RELATIONS = ["pg_class", ...Object.keys(RELATION_OF)];

/** Other catalogs whose rows say nothing of what depends on them, or are many and say it elsewhere. */
const SILENT = ["pg_namespace", "pg_default_acl"];

/** What relations are, as a condition on `relkind`. */
const IS_RELATION = "relkind IN ('r', 'p', 'v', 'm', 'f', 'S')";

/** Asks how many relations there are that are not the system's. */
export const RELATION_COUNT =
  `SELECT pg_catalog.count(*) FROM pg_catalog.pg_class WHERE oid >= 16384 AND ${IS_RELATION}`;

/**
 * Asks for OIDs, schemas and names of relations, and of those that they inherit
 * from or that inherit from them.
 */
export function relationsQuery(wanted: WantedRelations): string {
  const names = [...wanted.names];
  const rows = [...wanted.rows];
  const homes = Object.entries(RELATION_OF).map(([catalog, column]) =>
    `WHEN ${
      catalogOid(catalog)
    } THEN (SELECT x.${column} FROM pg_catalog.${catalog} x WHERE x.oid = w.oid)`
  );
  return `WITH RECURSIVE family(oid) AS (
(SELECT coalesce(i.indrelid, c.oid) FROM ROWS FROM (pg_catalog.unnest(${
    texts(names.map(([schema]) => schema))
  }), pg_catalog.unnest(${
    texts(names.map(([, name]) => name))
  })) w(schema, name)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
UNION SELECT CASE w.catalog
WHEN ${
    catalogOid("pg_class")
  } THEN coalesce((SELECT i.indrelid FROM pg_catalog.pg_index i WHERE i.indexrelid = w.oid), w.oid)
WHEN ${
    catalogOid("pg_type")
  } THEN (SELECT coalesce(nullif(t.typrelid, 0), e.typrelid) FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem WHERE t.oid = w.oid)
${homes.join("\n")} END
FROM ROWS FROM (pg_catalog.unnest(${
    oids(rows.map(([catalog]) => catalog))
  }), pg_catalog.unnest(${oids(rows.map(([, oid]) => oid))})) w(catalog, oid)
UNION SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relname LIKE '%\\_pawl%')
UNION SELECT x.oid FROM family f, LATERAL (
SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = f.oid
UNION ALL SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = f.oid) x(oid))
SELECT c.oid, n.nspname, c.relname FROM family f JOIN pg_catalog.pg_class c ON c.oid = f.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.${IS_RELATION}`;
}

/**
 * Asks for the OIDs of all rows that belong to relations, of these themselves,
 * and of types that are no relations'.
 *
 * @param relations Their OIDs.
 */
export function membersQuery(relations: Iterable<string>): string {
  const these = `= ANY (${oids(relations)})`;
  return [
    `SELECT c.oid FROM pg_catalog.pg_class c WHERE c.oid ${these}`,
    `SELECT c.reltype FROM pg_catalog.pg_class c WHERE c.oid ${these}`,
    `SELECT t.typarray FROM pg_catalog.pg_class c JOIN pg_catalog.pg_type t ON t.oid = c.reltype WHERE c.oid ${these}`,
    `SELECT i.indexrelid FROM pg_catalog.pg_index i WHERE i.indrelid ${these}`,
    ...Object.entries(RELATION_OF).map(([catalog, column]) =>
      `SELECT x.oid FROM pg_catalog.${catalog} x WHERE x.${column} ${these}`
    ),
    // Types that are no relations' are few, and so are the constraints of domains.
    "SELECT t.oid FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem WHERE t.oid >= 16384 AND t.typrelid = 0 AND coalesce(e.typrelid, 0) = 0",
    "SELECT c.reltype FROM pg_catalog.pg_class c WHERE c.relkind = 'c'",
    "SELECT t.typarray FROM pg_catalog.pg_class c JOIN pg_catalog.pg_type t ON t.oid = c.reltype WHERE c.relkind = 'c'",
    "SELECT k.oid FROM pg_catalog.pg_constraint k WHERE k.contypid <> 0",
    // Sequences that columns own.
    `SELECT d.objid FROM pg_catalog.pg_depend d WHERE d.refclassid = ${
      catalogOid("pg_class")
    } AND d.refobjid ${these} AND d.refobjsubid > 0 AND d.classid = ${
      catalogOid("pg_class")
    } AND d.deptype IN ('a', 'i')`,
  ].join("\nUNION ALL ");
}

/**
 * A query for a kind's rows, of those that belong to relations only some.
 *
 * @param catalog The kind's.
 * @param sql The query for all of them.
 * @param members What {@linkcode membersQuery} found.
 */
export function queryWithin(
  catalog: string,
  sql: string,
  members: readonly string[],
): string {
  const some = isMember("q.oid", members);
  if (catalog === "pg_description") {
    const others = OF_RELATIONS.map(quoteLiteral).join(", ");
    return `SELECT * FROM (${sql}) q WHERE ${some} OR q.class NOT IN (${others})`;
  }
  // What is known of it there is about relations' privileges.
  return OF_RELATIONS.includes(catalog) || catalog === "pg_shdepend"
    ? `SELECT * FROM (${sql}) q WHERE ${some}`
    : sql;
}

/** A condition: whether an OID is one of those that {@linkcode membersQuery} found. */
export function isMember(oid: string, members: readonly string[]): string {
  return `${oid} = ANY (${oids(members)})`;
}

/**
 * A condition on rows of `pg_depend`: those of what belongs to some relations,
 * and of all that belongs to none.
 *
 * @param members What {@linkcode membersQuery} found.
 * @param catalogs The catalogs of all kinds.
 */
export function dependencyWithin(
  members: readonly string[],
  catalogs: Iterable<string>,
): string {
  const some = `= ANY (${oids(members)})`;
  const catalogsOfSome = [...OF_RELATIONS, "pg_type"];
  const ofSome = catalogsOfSome.map(catalogOid).join(", ");
  const others = [...new Set(catalogs)].filter((catalog) =>
    !catalogsOfSome.includes(catalog) && !SILENT.includes(catalog)
  ).map(catalogOid).join(", ");
  return `(classid IN (${ofSome}) AND objid ${some} OR refclassid IN (${ofSome}) AND refobjid ${some} OR classid IN (${others}) OR refclassid IN (${others}))`;
}

function catalogOid(name: string): string {
  return `'pg_catalog.${name}'::pg_catalog.regclass`;
}

function oids(values: Iterable<string>): string {
  return `'{${[...values].join(",")}}'::pg_catalog.oid[]`;
}

function texts(values: readonly string[]): string {
  return `ARRAY[${values.map(quoteLiteral).join(", ")}]::pg_catalog.text[]`;
}
