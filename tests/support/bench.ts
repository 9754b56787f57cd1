/**
 * A database that one schema after another is loaded into: on a server, or
 * embedded in this process. Emptying it takes a few milliseconds, where making
 * a new one takes a second on the embedded database.
 *
 * It knows how a database is emptied and filled; it must not know what is
 * proved with it.
 *
 * @module
 */

import { connectServer } from "../../lib/pg/server.ts";
import { ServerError, type Session } from "../../lib/pg/session.ts";
import { splitStatements } from "../../lib/sql/split.ts";
import { openEmbeddedBench } from "./embedded_bench.ts";
import {
  emptied,
  RESET,
  type ScriptError,
  statementByStatement,
} from "./empty_database.ts";
import { dumpOfServer } from "./pg_dump.ts";
import { psql } from "./psql.ts";
import {
  execute,
  type ServerAddress,
  type ServerVersion,
  sharedServer,
  type TestDatabase,
} from "./servers.ts";

/** What a bench is opened on. */
export type BenchTarget = ServerVersion | "embedded";

/** A database for one schema after another. */
export interface Bench {
  /** Such as `15` or `embedded`. */
  readonly target: BenchTarget;
  /** Where a shadow of the same version can be made, as `--shadow` has it. */
  readonly shadow: string;
  /** The connection to it; another one after {@linkcode Bench.clear}. */
  readonly session: Session;
  /** Makes it as empty as a new one. */
  clear(): Promise<void>;
  /**
   * Runs a script as people do: psql with ON_ERROR_STOP on a server, statement
   * by statement on the embedded database.
   *
   * @returns What was wrong; undefined for a script that ran to its end.
   */
  run(script: string): Promise<ScriptError | undefined>;
  /**
   * What an independent pg_dump says of the schema; undefined where there is
   * none for this server.
   */
  dump(): Promise<string | undefined>;
  /** Drops it. */
  close(): Promise<void>;
}

/**
 * Opens a bench.
 *
 * @param target Where.
 * @param roles SQL that makes roles, which stay there when it is emptied.
 * @returns The bench; the caller closes it.
 */
export async function openBench(
  target: BenchTarget,
  roles = "",
): Promise<Bench> {
  if (target === "embedded") return await openEmbeddedBench(roles);
  const server = await sharedServer(target);
  // Roles are the whole server's: of two that look for one, both may make it.
  await execute(
    server.url(),
    `BEGIN; SELECT pg_advisory_xact_lock(7061770); ${roles}; COMMIT`,
  );
  return await openServerBench(server);
}

/**
 * Loads DDL into an empty bench.
 *
 * @param bench The bench.
 * @param sql The DDL. Lines of psql's own commands are left out.
 * @returns Why it cannot be loaded; undefined where it was.
 */
export async function loadInto(
  bench: Bench,
  sql: string,
): Promise<ScriptError | undefined> {
  const text = sql.split("\n").filter((line) => !line.startsWith("\\"))
    .join("\n");
  try {
    await bench.session.script(text);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    // Some statements want a transaction of their own.
    await bench.clear();
    const failed = await statementByStatement(bench.session, text);
    if (failed !== undefined) return failed;
  }
  await bench.session.script(RESET);
  return undefined;
}

async function openServerBench(server: ServerAddress): Promise<Bench> {
  const { version } = server;
  let database: TestDatabase | undefined;
  let session: Session | undefined;
  const open = async () => {
    database = await server.createDatabase();
    session = await connectServer(database.url);
  };
  const close = async () => {
    await session?.close();
    session = undefined;
    await database?.drop();
    database = undefined;
  };
  const current = () => {
    if (session === undefined || database === undefined) {
      throw new Error("Cannot use a bench: it is closed");
    }
    return { session, database };
  };
  await open();
  return {
    target: version,
    shadow: server.url(),
    get session() {
      return current().session;
    },
    async clear() {
      if (session?.open && await emptied(session)) return;
      await close();
      await open();
    },
    async run(script) {
      const { code, stderr } = await psql(current().database.url, script, [
        "-v",
        "VERBOSITY=verbose",
      ]);
      return code === 0 ? undefined : psqlError(script, stderr);
    },
    dump: () => dumpOfServer(current().database.url, version),
    close,
  };
}

/** Reads `psql:<stdin>:12: ERROR:  42P01: …`; the line is the statement's last. */
function psqlError(script: string, stderr: string): ScriptError {
  const match = /^psql:[^\n]*?:(\d+): (?:ERROR|FATAL): {2}(\w{5}): ([^\n]*)/m
    .exec(stderr);
  if (match === null) {
    return { message: stderr.trim(), sqlstate: "", statement: undefined };
  }
  const [, line = "0", sqlstate = "", message = ""] = match;
  const detail = /^DETAIL: {2}([^\n]*)/m.exec(stderr)?.[1];
  const end = script.split("\n").slice(0, Number(line)).join("\n").length;
  const statement = splitStatements(script).statements
    .findLast(({ start }) => start <= end)?.text;
  return {
    message: detail === undefined ? message : `${message} (${detail})`,
    sqlstate,
    statement,
  };
}
