/**
 * How a database is emptied, which takes a few milliseconds, and how a script
 * is run statement by statement.
 *
 * @module
 */

import { ServerError, type Session } from "../../lib/pg/session.ts";
import { splitStatements } from "../../lib/sql/split.ts";

/** Why a script stopped. */
export interface ScriptError {
  /** What the server said. */
  readonly message: string;
  /** The five-character SQLSTATE; empty where psql did not tell. */
  readonly sqlstate: string;
  /** The statement that failed; undefined where nobody knows. */
  readonly statement: string | undefined;
}

/** Undoes what a script may leave behind in a session. */
export const RESET = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL";

/**
 * Runs a script statement by statement.
 *
 * @param session Where.
 * @param script The statements.
 * @returns The first error; undefined where there was none.
 */
export async function statementByStatement(
  session: Session,
  script: string,
): Promise<ScriptError | undefined> {
  for (const { text } of splitStatements(script).statements) {
    try {
      await session.script(text);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      await session.script("ROLLBACK");
      const { message, detail, sqlstate } = error.fields;
      return {
        message: detail === undefined ? message : `${message} (${detail})`,
        sqlstate,
        statement: text,
      };
    }
  }
  return undefined;
}

/**
 * Empties a database, and makes sure that it is empty.
 *
 * @param session The connection, as a superuser.
 * @returns False where something is left: then only a new database will do.
 */
export async function emptied(session: Session): Promise<boolean> {
  try {
    await session.script(RESET);
    await session.script(EMPTY);
    const { rows } = await session.query(LEFT);
    return rows.length === 0;
  } catch (error) {
    if (error instanceof ServerError) return false;
    throw error;
  }
}

// Event triggers first: they may refuse the rest. pg_identify_object says what
// DROP calls things; an identity column's sequence goes with its table only.
const EMPTY = `DO $empty$
DECLARE
  command text;
  commands text[];
BEGIN
  SET LOCAL client_min_messages = error;
  SET LOCAL search_path = '';
  FOR command IN
    SELECT format('DROP EVENT TRIGGER %I', evtname)
    FROM pg_catalog.pg_event_trigger
  LOOP EXECUTE command; END LOOP;
  FOR command IN
    SELECT format('DROP %s IF EXISTS %s CASCADE', replace(o.type, '-', ' '), o.identity)
    FROM (
      SELECT 1 AS rank, 'pg_extension'::regclass AS class, oid
        FROM pg_catalog.pg_extension WHERE oid >= 16384
      UNION ALL SELECT 2, 'pg_publication'::regclass, oid
        FROM pg_catalog.pg_publication
      UNION ALL SELECT 3, 'pg_namespace'::regclass, oid
        FROM pg_catalog.pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_'
      UNION ALL SELECT 4, 'pg_foreign_data_wrapper'::regclass, oid
        FROM pg_catalog.pg_foreign_data_wrapper WHERE oid >= 16384
    ) AS c, pg_catalog.pg_identify_object(c.class, c.oid, 0) AS o
    ORDER BY c.rank
  LOOP EXECUTE command; END LOOP;
  SELECT array_agg(format('DROP %s IF EXISTS %s CASCADE', replace(o.type, '-', ' '), o.identity)
      ORDER BY o.type = 'sequence', d.classid = 'pg_type'::regclass DESC, d.objid)
    INTO commands
    FROM pg_catalog.pg_depend AS d,
      pg_catalog.pg_identify_object(d.classid, d.objid, 0) AS o
    WHERE d.refclassid = 'pg_namespace'::regclass
      AND d.refobjid = 'public'::regnamespace AND d.deptype = 'n';
  FOREACH command IN ARRAY COALESCE(commands, '{}') LOOP
    EXECUTE command;
  END LOOP;
  FOR command IN
    SELECT format('DROP %s IF EXISTS %s CASCADE', replace(o.type, '-', ' '), o.identity)
    FROM (
      SELECT 'pg_cast'::regclass AS class, oid
        FROM pg_catalog.pg_cast WHERE oid >= 16384
      UNION ALL SELECT 'pg_language'::regclass, oid
        FROM pg_catalog.pg_language WHERE oid >= 16384
      UNION ALL SELECT 'pg_am'::regclass, oid
        FROM pg_catalog.pg_am WHERE oid >= 16384
    ) AS c, pg_catalog.pg_identify_object(c.class, c.oid, 0) AS o
  LOOP EXECUTE command; END LOOP;
  DELETE FROM pg_catalog.pg_shdepend
    WHERE classid = 'pg_default_acl'::regclass
      AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
  DELETE FROM pg_catalog.pg_default_acl;
END $empty$`;

/** One row for each thing that a new database does not have. */
const LEFT = [
  ...[
    "pg_class",
    "pg_proc",
    "pg_type",
    "pg_operator",
    "pg_opclass",
    "pg_opfamily",
    "pg_cast",
    "pg_conversion",
    "pg_collation",
    "pg_language",
    "pg_extension",
    "pg_foreign_data_wrapper",
    "pg_foreign_server",
    "pg_ts_config",
    "pg_ts_dict",
    "pg_am",
    "pg_policy",
    "pg_publication",
    "pg_event_trigger",
    "pg_default_acl",
    "pg_statistic_ext",
    "pg_largeobject_metadata",
  ].map((name) => `SELECT oid FROM pg_catalog.${name} WHERE oid >= 16384`),
  "SELECT oid FROM pg_catalog.pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_'",
  // PUBLIC has USAGE, and CREATE before 15.
  `SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'public'
    AND (nspowner::regrole::text NOT IN ('pg_database_owner', 'postgres')
      OR EXISTS (SELECT FROM pg_catalog.aclexplode(nspacl)
        WHERE grantee NOT IN (0, nspowner) OR is_grantable
          OR grantee = 0 AND privilege_type = 'CREATE' AND current_setting('server_version_num')::int >= 150000)
      OR (SELECT count(*) FROM pg_catalog.aclexplode(nspacl)) <>
        CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 3 ELSE 4 END
      OR obj_description(oid, 'pg_namespace') IS DISTINCT FROM 'standard public schema')`,
  "SELECT 0 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public')",
  "SELECT setdatabase FROM pg_catalog.pg_db_role_setting",
].join("\nUNION ALL ");
