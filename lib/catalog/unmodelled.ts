/**
 * What is in a database and is no object of the model: listed by name, so that
 * it is never silently missed. One query.
 *
 * @module
 */

import type { CatalogContext } from "../kinds/kind.ts";
import type { StatementResult } from "../pg/session.ts";
import type { SchemaNotice } from "../schema/schema.ts";
import { Row } from "../kinds/row.ts";

/** A part of the query: what it is called, and the rows of a catalog. */
interface Part {
  /** What a message calls it; undefined: as PostgreSQL does. */
  readonly word?: string;
  readonly catalog: string;
  /** The expression of the OID. */
  readonly oid: string;
  /** What follows FROM, with a `pg_namespace n` where it is in a schema. */
  readonly from: string;
}

function parts(context: CatalogContext): Part[] {
  const { managed, notOfExtension } = context;
  const own = (catalog: string, oid: string) =>
    `${oid} >= 16384 AND ${notOfExtension(catalog, oid)}`;
  return [
    {
      catalog: "pg_language",
      oid: "l.oid",
      from: `pg_language l WHERE ${own("pg_language", "l.oid")}`,
    },
    {
      // Its connection string is not read: it may hold a password.
      catalog: "pg_subscription",
      oid: "s.oid",
      from:
        "pg_subscription s WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())",
    },
    {
      // Arrays are of category A; an undefined one is a shell.
      word: "base type",
      catalog: "pg_type",
      oid: "t.oid",
      from:
        `pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE (t.typtype NOT IN ('c', 'd', 'e', 'm', 'r') AND (t.typtype <> 'b' OR t.typelem = 0 OR t.typsubscript <> 'pg_catalog.array_subscript_handler'::regproc)) AND ${
          own("pg_type", "t.oid")
        } AND ${managed}`,
    },
    {
      catalog: "pg_class",
      oid: "c.oid",
      from:
        `pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind NOT IN ('r', 'p', 'i', 'I', 'S', 't', 'v', 'm', 'c', 'f') AND ${
          own("pg_class", "c.oid")
        } AND ${managed}`,
    },
    {
      catalog: "pg_collation",
      oid: "l.oid",
      from:
        `pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace WHERE (l.collprovider NOT IN ('b', 'c', 'i') OR l.collencoding NOT IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))) AND ${
          own("pg_collation", "l.oid")
        } AND ${managed}`,
    },
    // Members that somebody added to a family of the server's own; one that
    // uses a member of an extension came with that.
    ...([["pg_amop", "amopfamily"], ["pg_amproc", "amprocfamily"]] as const)
      .map(([catalog, family]) => ({
        catalog,
        oid: "m.oid",
        from:
          `${catalog} m WHERE m.oid >= 16384 AND m.${family} < 16384 AND m.oid IN (SELECT d.objid FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.deptype = 'a') AND m.oid NOT IN (SELECT d.objid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_depend e ON e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e' WHERE d.classid = 'pg_catalog.${catalog}'::regclass)`,
      })),
  ];
}

/**
 * One SELECT with the columns `word` and `name`.
 *
 * @param context What every catalog query knows.
 */
export function unmodelledQuery(context: CatalogContext): string {
  const selects = parts(context).map(({ word, catalog, oid, from }) =>
    `SELECT ${
      word === undefined ? "i.type" : `'${word}'`
    } AS word, i.identity AS name FROM (SELECT ${oid} FROM pg_catalog.${from}) o (oid) CROSS JOIN LATERAL pg_catalog.pg_identify_object('pg_catalog.${catalog}'::regclass, o.oid, 0) i`
  );
  // A label of a column is one of its table.
  const labels =
    "SELECT 'security label' AS word, s.label || ' (' || s.provider || ') of ' || i.type || ' ' || i.identity AS name FROM pg_catalog.pg_seclabel s CROSS JOIN LATERAL pg_catalog.pg_identify_object(s.classoid, s.objoid, s.objsubid) i";
  return `${[...selects, labels].join(" UNION ALL ")} ORDER BY 1, 2`;
}

/**
 * Reads what {@linkcode unmodelledQuery} found.
 *
 * @param result The result of the query.
 * @returns One notice a name.
 */
export function unmodelledNotices(
  result: Pick<StatementResult, "fields" | "rows">,
): SchemaNotice[] {
  const row = new Row(result);
  return result.rows.map((values) => {
    row.at(values);
    return {
      code: "unmodelled",
      message: `${row.text("word")} ${
        row.text("name")
      } is not part of the model: it is neither compared nor written`,
    };
  });
}
