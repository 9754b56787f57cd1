/**
 * Asks a new connection what it is connected to, in one round trip, and says
 * whether pawl can work there.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { TargetSessionAttrs } from "./conninfo.ts";
import type { ServerConnection } from "./server_connection.ts";
import { type DatabaseInfo, ServerError } from "./session.ts";

/** The oldest `server_version_num` that pawl works with. */
const OLDEST_VERSION = 140000;

/** What is known of a server, and whether its sessions can write. */
export interface ServerInfo extends DatabaseInfo {
  /** `default_transaction_read_only`, or a standby. */
  readonly readOnly: boolean;
}

const INFO = `SELECT pg_catalog.current_setting('server_version_num'),
  pg_catalog.current_setting('server_version'),
  pg_catalog.current_database(), session_user,
  pg_catalog.pg_backend_pid()::text, pg_catalog.pg_is_in_recovery()::text,
  pg_catalog.current_setting('default_transaction_read_only'),
  pg_catalog.version()`;

/**
 * Reads what is known of the database behind a connection.
 *
 * @param connection A new connection.
 * @param place Where it is, without any secret.
 * @param keyPid The pid of BackendKeyData, null when there was none.
 * @returns What is known.
 * @throws {PawlError} `server-unsupported` for other products and old servers.
 */
export async function readServerInfo(
  connection: ServerConnection,
  place: string,
  keyPid: number | null,
): Promise<ServerInfo> {
  const row = await ask(connection, INFO).catch(async (error) => {
    if (!(error instanceof ServerError)) throw error;
    // Other products lack some of these functions; all have version().
    const product =
      (await ask(connection, "SELECT version()").catch(() => []))[0] ?? "";
    const objection = productObjection(product);
    if (objection === undefined) throw error;
    throw unsupported(place, objection);
  });
  const [number, text, database, user, pid, recovery, readOnly, product] = row;
  const version = Number(number);
  const objection = productObjection(product ?? "") ??
    (version < OLDEST_VERSION
      ? `it is PostgreSQL ${text}, and pawl needs ${
        OLDEST_VERSION / 10000
      } or newer`
      : undefined);
  if (objection !== undefined) throw unsupported(place, objection);
  const standby = recovery === "true" || recovery === "t";
  return {
    backend: "server",
    version,
    versionText: text ?? "",
    database: database ?? "",
    user: user ?? "",
    place,
    pid: Number(pid),
    pooled: Number(pid) !== keyPid,
    standby,
    readOnly: standby || readOnly === "on",
  };
}

/**
 * Why a product that speaks PostgreSQL's protocol will not do.
 *
 * @param product What `version()` returned.
 * @returns The reason, or undefined for PostgreSQL itself.
 */
export function productObjection(product: string): string | undefined {
  const other =
    /CockroachDB|Redshift|Materialize|CrateDB|QuestDB|RisingWave|Greenplum|DuckDB|Spanner/i
      .exec(product)?.[0];
  if (other !== undefined) return `it is ${other}, not PostgreSQL`;
  return /^(?:PostgreSQL|EnterpriseDB) /.test(product)
    ? undefined
    : `it is not PostgreSQL (version() says "${product.slice(0, 60)}")`;
}

/**
 * Why a server is not of the kind that is wanted.
 *
 * @param wanted `target_session_attrs`.
 * @param info What is known of the server.
 * @returns The reason, or undefined when it will do.
 */
export function targetObjection(
  wanted: TargetSessionAttrs,
  info: Pick<ServerInfo, "readOnly" | "standby">,
): string | undefined {
  switch (wanted) {
    case "any":
      return undefined;
    case "read-write":
      return info.readOnly ? "its sessions are read-only" : undefined;
    case "read-only":
      return info.readOnly ? undefined : "its sessions are not read-only";
    case "primary":
      return info.standby ? "it is a standby" : undefined;
    case "standby":
    case "prefer-standby":
      return info.standby ? undefined : "it is no standby";
    default:
      return wanted satisfies never;
  }
}

async function ask(
  connection: ServerConnection,
  sql: string,
): Promise<readonly (string | null)[]> {
  return (await connection.run(sql)).results[0]?.rows[0] ?? [];
}

function unsupported(place: string, objection: string): PawlError {
  return new PawlError(
    "server-unsupported",
    `Cannot work with ${place}: ${objection}`,
  );
}
