/**
 * What every run against a database needs around its work: a connection, the
 * lock, the history installed and read under it.
 *
 * @module
 */

import { hostname, userInfo } from "node:os";
import { PawlError } from "../errors.ts";
import { acquireLock, type Lock } from "../pg/lock.ts";
import { lockKey } from "../pg/lock_key.ts";
import { serverReport } from "../pg/server_report.ts";
import { ConnectionLostError, ServerError } from "../pg/session.ts";
import { Watcher } from "../pg/watch.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import {
  connectionLost,
  type Execution,
  interrupted,
  type RunEvent,
  withCancel,
} from "./execution.ts";
import { type History, loadHistory } from "./history.ts";
import { grants, installHistory } from "./history_sql.ts";
import {
  historyDdl,
  historyScope,
  openSession,
  type Project,
  TOOL_VERSION,
} from "./project.ts";
import { SESSION_SETTINGS } from "./session_text.ts";

/** How a run goes about its work; every command that writes takes these. */
export interface RunOptions {
  /** Stops the run: what runs is cancelled and rolled back. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to go without the lock. */
  readonly noLock?: boolean;
  /** The run's id; a fresh UUID by default. */
  readonly runId?: string;
  /** Told what happens: waiting, retries, notices. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Only reads: nothing of the session is set but its role. */
  readonly readOnly?: boolean;
  /** Told what the user should know while connecting. */
  readonly onWarning?: (text: string) => void;
}

/** Who runs this: user, host and process. */
export function origin(): string {
  let user = "";
  try {
    user = userInfo().username;
  } catch {
    // A container's user may have no entry in the user database.
    user = Deno.env.get("USER") ?? "";
  }
  return `${user}@${hostname()} pid ${Deno.pid}`;
}

/** The `search_path` of an environment's `schema`: one or more names, comma-separated. */
export function searchPathOf(schema: string | undefined): string | undefined {
  if (schema === undefined) return undefined;
  return schema.split(",").map((name) => quoteIdentifier(name.trim())).join(
    ", ",
  );
}

/**
 * Connects, does some work, and closes the connection whatever happens.
 *
 * @param project The project.
 * @param options Signal and listeners.
 * @param work What to do; it is given what a run shares, still without a lock.
 * @throws {PawlError} What connecting or the work throws.
 */
export async function withExecution<T>(
  project: Project,
  options: RunOptions,
  work: (execution: Execution) => Promise<T>,
): Promise<T> {
  const { settings } = project;
  const onEvent = options.onEvent ?? (() => {});
  const connect = () =>
    openSession(settings, {
      signal: options.signal,
      onWarning: options.onWarning,
      onWait: (message) =>
        onEvent({
          type: "notice",
          notice: { severity: "LOG", sqlstate: "00000", message },
        }),
    });
  const session = await connect();
  const stopNotices = session.onNotice((notice) => {
    // 25P01 answers our ROLLBACK where a statement outside a transaction failed.
    if (notice.sqlstate !== "25P01") onEvent({ type: "notice", notice });
  });
  const watchable = options.readOnly !== true &&
    session.info.backend === "server" && !session.info.pooled;
  const watcher = watchable
    ? new Watcher(connect, (seen) => {
      if (seen.blockers.length > 0) {
        onEvent({ type: "blocked", blockers: seen.blockers });
      }
      if (seen.build !== undefined) {
        onEvent({ type: "building", progress: seen.build });
      }
    })
    : undefined;
  const execution: Execution = {
    session,
    scope: historyScope(settings),
    toolVersion: TOOL_VERSION,
    runId: options.runId ?? crypto.randomUUID(),
    origin: origin(),
    role: settings.role,
    searchPath: searchPathOf(settings.searchPath),
    lock: undefined,
    signal: options.signal,
    watcher,
    onEvent,
  };
  try {
    await prepareSession(execution, options.readOnly === true);
    return await work(execution);
  } catch (error) {
    throw translate(error, options.signal);
  } finally {
    stopNotices();
    await watcher?.close();
    await session.close();
  }
}

/** Errors of calls outside a migration, in pawl's words. */
function translate(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted && !(error instanceof PawlError)) return interrupted();
  if (error instanceof ConnectionLostError) return connectionLost(error);
  if (error instanceof ServerError) {
    const { sqlstate, message } = error.fields;
    const code = sqlstate === "42501"
      ? "permission-denied"
      : sqlstate === "25006"
      ? "database-read-only"
      : "statement-failed";
    return new PawlError(code, `Cannot go on: ${message}`, {
      server: serverReport(error.fields),
      ...(code === "permission-denied"
        ? {
          hint:
            "Give the role the right, or set role in pawl.toml to one that has it",
        }
        : code === "database-read-only"
        ? {
          hint: "Connect to the primary: this server or role takes no writes",
        }
        : {}),
      cause: error,
    });
  }
  return error;
}

async function prepareSession(
  execution: Execution,
  readOnly: boolean,
): Promise<void> {
  const { session } = execution;
  // Behind a transaction pooler a SET would stay with somebody else's backend.
  if (session.info.pooled || session.info.backend === "embedded") return;
  const role = execution.role === undefined
    ? []
    : [`SET ROLE ${quoteIdentifier(execution.role)}`];
  const statements = readOnly ? role : [...SESSION_SETTINGS, ...role];
  if (statements.length === 0) return;
  await withCancel(execution, () => session.script(statements.join(";\n")));
}

/** The history, as the environment's role sees it. */
export function readHistoryNow(execution: Execution): Promise<History> {
  return withCancel(
    execution,
    () => loadHistory(execution.session, execution.scope),
  );
}

/**
 * Takes the lock and makes sure that the history exists, then does the work.
 *
 * @param project The project.
 * @param execution What the run shares.
 * @param options Whether to go without the lock.
 * @param work Given the history as it is under the lock.
 */
export async function underLock<T>(
  project: Project,
  execution: Execution,
  options: RunOptions & {
    readonly work: (execution: Execution, history: History) => Promise<T>;
  },
): Promise<T> {
  const { settings } = project;
  let lock: Lock | undefined;
  if (options.noLock !== true) {
    lock = await acquireLock(execution.session, {
      key: lockKey(execution.scope.schema, execution.scope.project),
      waitMs: settings.timeouts.lockWait,
      ...(execution.signal === undefined ? {} : { signal: execution.signal }),
      onWait: (holder, waitedMs) =>
        execution.onEvent({ type: "waiting", holder, waitedMs }),
      second: () => openSession(settings, { signal: execution.signal }),
    });
  }
  const locked: Execution = { ...execution, lock };
  try {
    await install(locked, settings.history.readers);
    const history = await readHistoryNow(locked);
    return await options.work(locked, history);
  } finally {
    await lock?.release().catch(() => {});
  }
}

async function install(
  execution: Execution,
  readers: readonly string[],
): Promise<void> {
  const { scope, session } = execution;
  const role = session.info.pooled && execution.role !== undefined
    ? [`SET LOCAL ROLE ${quoteIdentifier(execution.role)}`]
    : [];
  const installed = (await readHistoryNow(execution)).installed;
  const statements = installed
    ? grants(scope, await missingReaders(execution, readers))
    : [
      installHistory(scope, historyDdl(), {
        toolVersion: execution.toolVersion,
        readers,
      }),
    ];
  if (statements.length === 0) return;
  await withCancel(
    execution,
    () =>
      session.script(["BEGIN", ...role, ...statements, "COMMIT"].join(";\n")),
  ).catch(async (error) => {
    if (session.open) await session.script("ROLLBACK");
    throw error;
  });
}

/** The configured readers that may not read yet. */
async function missingReaders(
  execution: Execution,
  readers: readonly string[],
): Promise<readonly string[]> {
  if (readers.length === 0) return [];
  const checks = readers.map((role) =>
    role.toUpperCase() === "PUBLIC"
      ? "true"
      : `pg_catalog.has_schema_privilege(${quoteLiteral(role)}, ${
        quoteLiteral(execution.scope.schema)
      }, 'USAGE')`
  );
  const [result] = await execution.session.script(
    `SELECT ${checks.join(", ")}`,
  );
  return readers.filter((_, i) => result?.rows[0]?.[i] !== "t");
}
