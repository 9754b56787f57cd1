/**
 * Roles as far as a schema knows them: who owns the database and its schemas,
 * and which roles a schema refers to. Roles themselves belong to the server
 * and are no objects of a schema.
 *
 * @module
 */

import { DEFAULT_PRIVILEGE } from "../kinds/default_privilege.ts";
import type { Ownership } from "../kinds/kind.ts";
import { OWNER } from "../kinds/owner.ts";
import { POLICY } from "../kinds/policy.ts";
import { PRIVILEGE } from "../kinds/privilege.ts";
import type { StatementResult } from "../pg/session.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
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

/**
 * The roles that a schema refers to: owners, grantees and grantors, those of
 * policies and user mappings. The server's own (`pg_…`) are left out.
 *
 * @param schema The schema.
 * @returns Their names, sorted. All must exist where it is to be loaded.
 */
export function rolesOf(schema: Schema): string[] {
  const roles = new Set<string>();
  for (const object of schema.objects.values()) {
    for (const role of rolesOfObject(object)) {
      if (!role.startsWith("pg_")) roles.add(role);
    }
  }
  return [...roles].sort();
}

function rolesOfObject({ kind, name, payload }: SchemaObject): string[] {
  const found: (string | undefined)[] = [];
  if (kind === "owner" && OWNER.holds(payload)) found.push(payload.role);
  else if (kind === "privilege" && PRIVILEGE.holds(payload)) {
    found.push(
      payload.role,
      ...(payload.by ?? []).map((grant) => grant.grantor),
    );
  } else if (kind === "default_privilege" && DEFAULT_PRIVILEGE.holds(payload)) {
    found.push(payload.role, ...payload.grants.map((grant) => grant.role));
  } else if (kind === "policy" && POLICY.holds(payload)) {
    found.push(...payload.roles ?? []);
  } // The reserved word is no role: it stands for PUBLIC.
  else if (kind === "user_mapping" && name[1] !== "public") found.push(name[1]);
  return found.filter((role) => role !== undefined);
}
