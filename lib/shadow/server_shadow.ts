/**
 * A throw-away database on a server that was named for it: made, swept when
 * its owner is gone, dropped. Roles belong to the whole server and are never
 * touched.
 *
 * Whose a database is, an advisory lock tells: its owner takes it before the
 * database is made, and PostgreSQL frees it when the owner's session ends,
 * however it ends.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  describeConninfo,
  parseConninfo,
  resolveConninfo,
  type ResolvedConninfo,
} from "../pg/conninfo.ts";
import { connectServer } from "../pg/server.ts";
import { ServerError, type Session } from "../pg/session.ts";
import { systemContext } from "../pg/system_context.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { ShadowOptions } from "./options.ts";
import {
  SHADOW_LOCK_CLASS,
  SHADOW_NAME_SQL,
  shadowLockKey,
  shadowName,
} from "./shadow_name.ts";

/** A throw-away database on a server. */
export interface ServerShadow {
  /** The session in it. */
  readonly session: Session;
  /** Closes the session and drops the database. */
  drop(): Promise<void>;
}

/** What constants mean and look like, whatever the server and the role have set. */
const SETTINGS = {
  datestyle: "ISO, MDY",
  intervalstyle: "postgres",
  timezone: "UTC",
  bytea_output: "hex",
  standard_conforming_strings: "on",
};

/**
 * Makes a throw-away database.
 *
 * @param url The server, as a URL or `key=value`; its database is only
 * connected to.
 * @param options Signal, environment, who is told of warnings.
 * @returns The database; the caller drops it.
 * @throws {PawlError} `permission-denied` where the role may create none,
 * `pooled-connection`, or what connecting throws.
 */
export async function createServerShadow(
  url: string,
  options: ShadowOptions,
): Promise<ServerShadow> {
  const resolved = resolveConninfo(
    parseConninfo(url),
    systemContext({ env: options.env }),
  );
  const owner = await connect(resolved, options);
  const name = shadowName(new Date(), crypto.randomUUID());
  const quoted = quoteIdentifier(name);
  try {
    refusePooled(owner);
    await owner.script(
      `SET idle_session_timeout = 0; SELECT pg_catalog.pg_advisory_lock(${SHADOW_LOCK_CLASS}, ${
        shadowLockKey(name)
      })`,
    );
    await sweepServer(owner);
    await owner.script(`CREATE DATABASE ${quoted} TEMPLATE template0`);
  } catch (error) {
    await owner.close();
    throw refused(error, resolved);
  }
  let session: Session | undefined;
  const drop = async () => {
    if (session?.open) await dropSubscriptions(session);
    await session?.close();
    const admin = owner.open ? owner : await connect(resolved, {
      ...options,
      signal: undefined,
    });
    await admin.script(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`)
      .finally(() => admin.close());
  };
  const dropped = () =>
    drop().catch((error) => {
      options.onWarning?.(
        `the throw-away database ${name} could not be dropped (${
          error instanceof Error ? error.message : String(error)
        }): the next run sweeps it`,
      );
    });
  try {
    await owner.script(
      `COMMENT ON DATABASE ${quoted} IS ${
        quoteLiteral(
          `A throw-away database of pawl, process ${Deno.pid}; pawl drops it, and so may you`,
        )
      }`,
    );
    session = await connect({
      ...resolved,
      database: name,
      settings: { ...resolved.settings, ...SETTINGS },
    }, options);
    return { session, drop: dropped };
  } catch (error) {
    await dropped();
    throw error;
  }
}

/**
 * Drops throw-away databases whose owner is gone; never one of a live run.
 *
 * @param session A session on the server, in any database.
 * @returns The names of those that were dropped.
 */
export async function sweepServer(session: Session): Promise<string[]> {
  const [databases, locks] = await session.script(
    `SELECT d.datname FROM pg_catalog.pg_database d
      WHERE d.datname ~ '${SHADOW_NAME_SQL}'
      AND pg_catalog.pg_has_role(d.datdba, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid);
    SELECT l.objid FROM pg_catalog.pg_locks l
      WHERE l.locktype = 'advisory' AND l.classid = ${SHADOW_LOCK_CLASS} AND l.objsubid = 2`,
  );
  const held = new Set(locks?.rows.map(([key]) => Number(key)));
  const swept: string[] = [];
  for (const [name] of databases?.rows ?? []) {
    if (typeof name !== "string" || held.has(shadowLockKey(name))) continue;
    try {
      await session.script(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
      swept.push(name);
    } catch (error) {
      // Another run sweeps it, or somebody has just connected to it.
      if (!(error instanceof ServerError)) throw error;
    }
  }
  return swept;
}

/** A database with subscriptions cannot be dropped, and one with a slot would reach out for it. */
async function dropSubscriptions(session: Session): Promise<void> {
  await session.script(
    `ROLLBACK; RESET SESSION AUTHORIZATION; RESET ROLE; DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT s.subname FROM pg_catalog.pg_subscription s
    JOIN pg_catalog.pg_database d ON d.oid = s.subdbid
    WHERE d.datname = pg_catalog.current_database()
  LOOP
    EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %I DISABLE', name);
    EXECUTE pg_catalog.format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', name);
    EXECUTE pg_catalog.format('DROP SUBSCRIPTION %I', name);
  END LOOP;
END $$`,
  ).catch(() => {});
}

async function connect(
  resolved: ResolvedConninfo,
  options: ShadowOptions,
): Promise<Session> {
  return await connectServer(resolved, {
    env: options.env,
    signal: options.signal,
    onWarning: options.onWarning,
  });
}

function refusePooled(session: Session): void {
  if (!session.info.pooled) return;
  throw new PawlError(
    "pooled-connection",
    "Cannot make a throw-away database: this connection goes through a transaction pooler",
    {
      hint:
        "Let url in [shadow] or --shadow name an address that leads straight to the server",
    },
  );
}

function refused(error: unknown, resolved: ResolvedConninfo): unknown {
  if (!(error instanceof ServerError)) return error;
  const { sqlstate, message } = error.fields;
  return new PawlError(
    sqlstate === "42501"
      ? "permission-denied"
      : sqlstate === "25006"
      ? "database-read-only"
      : "statement-failed",
    `Cannot make a throw-away database on ${
      describeConninfo(resolved)
    }: ${message}`,
    {
      server: { sqlstate, message },
      ...(sqlstate === "42501"
        ? { hint: `ALTER ROLE ${quoteIdentifier(resolved.user)} CREATEDB` }
        : {}),
      cause: error,
    },
  );
}
