/**
 * Roles as far as a schema knows them: who owns the database and its schemas.
 * Roles themselves belong to the server and are no objects of a schema.
 *
 * @module
 */

import type { Ownership } from "../kinds/kind.ts";
import type { StatementResult } from "../pg/session.ts";
import { Row } from "../kinds/row.ts";

/** The query for {@linkcode ownershipOf}. */
export const OWNERSHIP_QUERY =
  "SELECT n.nspname AS schema, pg_catalog.pg_get_userbyid(n.nspowner) AS owner, n.nspowner = 10 AS initial, (SELECT pg_catalog.pg_get_userbyid(d.datdba) FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) AS database_owner, CURRENT_USER AS reader FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' OR n.nspname = 'pg_catalog'";

/**
 * Reads the owners.
 *
 * @param result What {@linkcode OWNERSHIP_QUERY} returned.
 * @param version `server_version_num`: before 15 the owner of a new
 * database's `public` is the role that made the cluster.
 * @returns With the role that asked.
 */
export function ownershipOf(
  result: Pick<StatementResult, "fields" | "rows">,
  version: number,
): Ownership & { readonly reader: string } {
  const row = new Row(result);
  const owners = new Map<string, string>();
  let database = "";
  let reader = "";
  const behind = (role: string) =>
    role === "pg_database_owner" ? database : role;
  for (const values of result.rows) {
    row.at(values);
    database = row.text("database_owner");
    reader = row.text("reader");
    const schema = row.text("schema");
    const initial = schema === "public" && version < 150000 &&
      row.boolean("initial");
    owners.set(schema, initial ? database : behind(row.text("owner")));
  }
  return { database, reader, behind, ofSchema: (name) => owners.get(name) };
}
