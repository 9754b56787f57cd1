/**
 * The SQL that reads and writes pawl's history, as text. The runner sends it
 * and `pawl sql` prints it, so that a script run by hand leaves what `upgrade`
 * leaves. Pure: no connection, no clock; every name is schema-qualified and
 * every literal is quoted for either setting of standard_conforming_strings.
 *
 * @module
 */

import { dollarQuote, quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { LOCK_CLASS, lockKey } from "../pg/lock_key.ts";

/** The version of the history schema that this pawl writes. */
export const HISTORY_VERSION = 1;

/** SQLSTATE of the exceptions that pawl's own guards raise. */
export const GUARD_SQLSTATE = "PAWL1";

/** Which history: its schema and the project in it. */
export interface HistoryScope {
  /** `[history] schema`. */
  readonly schema: string;
  /** `[project] name`. */
  readonly project: string;
}

/** What a `pawl.migrations` row says of a migration's file. */
export interface RecordedFile {
  readonly version: string;
  readonly name: string;
  readonly message: string;
  readonly upRaw: string;
  readonly upTokens: string;
  readonly downRaw: string | null;
  readonly downTokens: string | null;
  /** The SQL as stored: redacted, or null where it is not kept. */
  readonly upSql: string | null;
  readonly downSql: string | null;
}

/** Something that happened, for `pawl.events`. */
export interface EventRecord {
  readonly runId: string;
  readonly version: string | null;
  readonly event: string;
  /** Host, user and process of whoever ran it. */
  readonly origin: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

function literal(value: string | null): string {
  return value === null ? "NULL" : quoteLiteral(value);
}

/** A qualified, quoted name of a history table. */
export function historyTable(schema: string, table: string): string {
  return `${quoteIdentifier(schema)}.${table}`;
}

function owner(scope: HistoryScope, version: string): string {
  return `project = ${quoteLiteral(scope.project)} AND version = ${
    quoteLiteral(version)
  }`;
}

/** Milliseconds since the current transaction began, rounded. */
const SINCE_BEGIN =
  "pg_catalog.round(extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.now()) * 1000)::bigint";

/** Milliseconds since a step's intent was recorded: its statement ran in no transaction of ours. */
function sinceStep(
  scope: HistoryScope,
  version: string,
  at: { readonly direction: "up" | "down"; readonly step: number },
): string {
  return `coalesce((SELECT pg_catalog.round(extract(epoch FROM pg_catalog.clock_timestamp() - started_at) * 1000)::bigint FROM ${
    historyTable(scope.schema, "progress")
  } WHERE ${owner(scope, version)} AND direction = ${
    quoteLiteral(at.direction)
  } AND step = ${at.step}), 0)`;
}

/**
 * One statement that creates the history schema where it does not exist.
 *
 * @param scope Which history.
 * @param ddl The text of `migrations/0001_history.sql`.
 * @param options The tool's version, and the roles that may read.
 * @returns A DO block; it does nothing where `meta` exists.
 */
export function installHistory(
  scope: HistoryScope,
  ddl: string,
  options: {
    readonly toolVersion: string;
    readonly readers: readonly string[];
  },
): string {
  const schema = quoteIdentifier(scope.schema);
  const body = [
    "DECLARE",
    "  old_path text := pg_catalog.current_setting('search_path');",
    "BEGIN",
    `  IF pg_catalog.to_regclass(${
      quoteLiteral(`${schema}.meta`)
    }) IS NULL THEN`,
    `    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = ${
      quoteLiteral(scope.schema)
    }) THEN`,
    `      EXECUTE ${quoteLiteral(`CREATE SCHEMA ${schema}`)};`,
    "    END IF;",
    `    PERFORM pg_catalog.set_config('search_path', ${
      quoteLiteral(`${schema}, pg_catalog`)
    }, true);`,
    `    EXECUTE ${dollarQuote(ddl)};`,
    `    INSERT INTO ${
      historyTable(scope.schema, "meta")
    } (version, tool_version) VALUES (${HISTORY_VERSION}, ${
      quoteLiteral(options.toolVersion)
    });`,
    "    PERFORM pg_catalog.set_config('search_path', old_path, true);",
    ...grants(scope, options.readers).map((sql) => `    ${sql};`),
    "  END IF;",
    "END",
  ].join("\n");
  return `DO ${dollarQuote(`\n${body}\n`)}`;
}

/** The statements that let `readers` read the history. */
export function grants(
  scope: HistoryScope,
  readers: readonly string[],
): string[] {
  if (readers.length === 0) return [];
  const roles = readers.map((role) =>
    role.toUpperCase() === "PUBLIC" ? "PUBLIC" : quoteIdentifier(role)
  ).join(", ");
  const schema = quoteIdentifier(scope.schema);
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${roles}`,
    `GRANT SELECT ON ${
      ["meta", "migrations", "progress", "events", "objects"]
        .map((table) => historyTable(scope.schema, table)).join(", ")
    } TO ${roles}`,
  ];
}

/**
 * The statements that read the history in one round trip: its own version,
 * the migrations, the progress of partial ones.
 */
export function readHistory(scope: HistoryScope): string {
  const project = quoteLiteral(scope.project);
  return [
    `SELECT pg_catalog.max(version) AS version FROM ${
      historyTable(scope.schema, "meta")
    }`,
    `SELECT version, name, message, state, up_raw, up_tokens, down_raw, down_tokens, steps_done, steps_total, pg_catalog.to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS applied_at, applied_by, execution_ms, pg_catalog.to_char(rolled_back_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS rolled_back_at, schema_hash, tool_version, (down_sql IS NOT NULL) AS has_down_sql FROM ${
      historyTable(scope.schema, "migrations")
    } WHERE project = ${project} ORDER BY applied_at, version`,
    `SELECT version, direction, step, tokens, statement, before, finished_at IS NOT NULL AS finished FROM ${
      historyTable(scope.schema, "progress")
    } WHERE project = ${project} ORDER BY version, direction, step`,
  ].join(";\n");
}

/**
 * A statement that raises unless this project's lock is held.
 *
 * @param scope Which history.
 * @param holder The backend that must hold it; undefined: this one.
 */
export function assertLock(scope: HistoryScope, holder?: number): string {
  // Nobody but the session itself can give its lock away, short of ending it.
  const gone = holder === undefined
    ? "the lock of this pawl run is gone: a statement that ran in its session has given it away"
    : "the lock of this pawl run is gone";
  const body = [
    "",
    "BEGIN",
    "  IF NOT EXISTS (SELECT FROM pg_catalog.pg_locks",
    `    WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objid = ${
      lockKey(scope.schema, scope.project) >>> 0
    } AND objsubid = 2`,
    `    AND granted AND pid = ${holder ?? "pg_catalog.pg_backend_pid()"}`,
    "    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())",
    "  ) THEN",
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = ${
      quoteLiteral(gone)
    };`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

/** A statement that tries the session lock once and raises where somebody holds it. */
export function tryLockOrRaise(scope: HistoryScope): string {
  return tryOrRaise(scope, "pg_try_advisory_lock");
}

/** The same with a lock that ends with the transaction. */
export function tryTransactionLockOrRaise(scope: HistoryScope): string {
  return tryOrRaise(scope, "pg_try_advisory_xact_lock");
}

function tryOrRaise(
  scope: HistoryScope,
  call: "pg_try_advisory_lock" | "pg_try_advisory_xact_lock",
): string {
  const body = [
    "",
    "BEGIN",
    `  IF NOT pg_catalog.${call}(${LOCK_CLASS}, ${
      lockKey(scope.schema, scope.project)
    }) THEN`,
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = 'another pawl run holds the lock of this project', HINT = 'Run the script again when it has ended.';`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

/** The call that gives this project's session lock back. */
export function unlock(scope: HistoryScope): string {
  return `SELECT pg_catalog.pg_advisory_unlock(${LOCK_CLASS}, ${
    lockKey(scope.schema, scope.project)
  })`;
}

/**
 * The statements that record a migration as being in a state, replacing what
 * was recorded of it. DELETE and INSERT, not an upsert: where another run has
 * recorded it meanwhile (`--no-lock`), the primary key refuses the second.
 */
export function recordMigration(
  scope: HistoryScope,
  file: RecordedFile,
  options: {
    readonly state: "applied" | "partial" | "stamped";
    readonly stepsDone: number;
    readonly stepsTotal: number;
    readonly toolVersion: string;
  },
): string[] {
  const table = historyTable(scope.schema, "migrations");
  return [
    `DELETE FROM ${table} WHERE ${
      owner(scope, file.version)
    } AND state = 'rolled_back'`,
    `INSERT INTO ${table} (project, version, name, message, state, up_raw, up_tokens, down_raw, down_tokens, up_sql, down_sql, steps_done, steps_total, execution_ms, tool_version) VALUES (${
      [
        quoteLiteral(scope.project),
        quoteLiteral(file.version),
        quoteLiteral(file.name),
        quoteLiteral(file.message),
        quoteLiteral(options.state),
        quoteLiteral(file.upRaw),
        quoteLiteral(file.upTokens),
        literal(file.downRaw),
        literal(file.downTokens),
        literal(file.upSql),
        literal(file.downSql),
        String(options.stepsDone),
        String(options.stepsTotal),
        options.state === "stamped" ? "0" : SINCE_BEGIN,
        quoteLiteral(options.toolVersion),
      ].join(", ")
    })`,
  ];
}

/** The statement that starts a downgrade that is not one transaction. */
export function recordPartialDown(
  scope: HistoryScope,
  version: string,
  options: { readonly stepsDone: number; readonly stepsTotal: number },
): string {
  return `UPDATE ${
    historyTable(scope.schema, "migrations")
  } SET state = 'partial', steps_done = ${options.stepsDone}, steps_total = ${options.stepsTotal} WHERE ${
    owner(scope, version)
  }`;
}

/**
 * The statement that moves a migration on: to a further step, to its end, or
 * to having been rolled back.
 */
export function recordProgress(
  scope: HistoryScope,
  version: string,
  options: {
    /** `unchanged`: only what is known of the file is written. */
    readonly state: "partial" | "applied" | "rolled_back" | "unchanged";
    readonly stepsDone: number;
    readonly stepsTotal: number;
    /** The file as it is now: what had not run yet may have been edited. */
    readonly file?: RecordedFile;
    /** The recorded step that this time was spent on; undefined: this transaction. */
    readonly timed?: {
      readonly direction: "up" | "down";
      readonly step: number;
    };
  },
): string {
  const { state, file, timed } = options;
  const spent = timed === undefined
    ? SINCE_BEGIN
    : sinceStep(scope, version, timed);
  const set = [
    ...(state === "unchanged" ? [] : [
      `state = ${quoteLiteral(state)}`,
      `steps_done = ${options.stepsDone}`,
      `steps_total = ${options.stepsTotal}`,
      `execution_ms = execution_ms + ${spent}`,
    ]),
    ...(state === "rolled_back"
      ? ["rolled_back_at = pg_catalog.clock_timestamp()"]
      : []),
    ...(state === "applied"
      ? ["applied_at = pg_catalog.now()", "rolled_back_at = NULL"]
      : []),
    ...(file === undefined ? [] : [
      `name = ${quoteLiteral(file.name)}`,
      `message = ${quoteLiteral(file.message)}`,
      `up_raw = ${quoteLiteral(file.upRaw)}`,
      `up_tokens = ${quoteLiteral(file.upTokens)}`,
      `down_raw = ${literal(file.downRaw)}`,
      `down_tokens = ${literal(file.downTokens)}`,
      `up_sql = ${literal(file.upSql)}`,
      `down_sql = ${literal(file.downSql)}`,
    ]),
  ];
  return `UPDATE ${historyTable(scope.schema, "migrations")} SET ${
    set.join(", ")
  } WHERE ${owner(scope, version)}`;
}

/** The statement that says that other versions went with one that was undone. */
export function recordReplacedDown(
  scope: HistoryScope,
  versions: readonly string[],
): string {
  return `UPDATE ${
    historyTable(scope.schema, "migrations")
  } SET state = 'rolled_back', rolled_back_at = pg_catalog.clock_timestamp() WHERE project = ${
    quoteLiteral(scope.project)
  } AND version IN (${versions.map(quoteLiteral).join(", ")})`;
}

/** The statement that notes that a step is about to be run, or was. */
export function recordStep(
  scope: HistoryScope,
  step: {
    readonly version: string;
    readonly direction: "up" | "down";
    readonly step: number;
    readonly tokens: string;
    readonly statement: string;
    readonly before?: string;
    readonly finished: boolean;
  },
): string {
  const finished = step.finished ? "pg_catalog.clock_timestamp()" : "NULL";
  const before = step.before === undefined ? "NULL" : step.before;
  return `INSERT INTO ${
    historyTable(scope.schema, "progress")
  } AS p (project, version, direction, step, tokens, statement, before, finished_at) VALUES (${
    [
      quoteLiteral(scope.project),
      quoteLiteral(step.version),
      quoteLiteral(step.direction),
      String(step.step),
      quoteLiteral(step.tokens),
      quoteLiteral(step.statement),
      before,
      finished,
    ].join(", ")
  }) ON CONFLICT (project, version, direction, step) DO UPDATE SET tokens = excluded.tokens, statement = excluded.statement, before = coalesce(excluded.before, p.before), started_at = CASE WHEN excluded.finished_at IS NULL THEN excluded.started_at ELSE p.started_at END, finished_at = excluded.finished_at`;
}

/** The statement that reads what the catalog said before a step was begun. */
export function readStep(
  scope: HistoryScope,
  step: {
    readonly version: string;
    readonly direction: "up" | "down";
    readonly step: number;
  },
): string {
  return `SELECT before FROM ${historyTable(scope.schema, "progress")} WHERE ${
    owner(scope, step.version)
  } AND direction = ${
    quoteLiteral(step.direction)
  } AND step = ${step.step} AND finished_at IS NULL`;
}

/** The statements that say of the open step of a migration that it has happened, or has not. */
export function settleStep(
  scope: HistoryScope,
  version: string,
  as: "done" | "again",
): string[] {
  const progress = historyTable(scope.schema, "progress");
  const open = `${owner(scope, version)} AND finished_at IS NULL`;
  if (as === "again") return [`DELETE FROM ${progress} WHERE ${open}`];
  return [
    `UPDATE ${
      historyTable(scope.schema, "migrations")
    } SET steps_done = (SELECT pg_catalog.max(step) FROM ${progress} WHERE ${open}) WHERE ${
      owner(scope, version)
    }`,
    `UPDATE ${progress} SET finished_at = pg_catalog.clock_timestamp() WHERE ${open}`,
  ];
}

/** The statement that forgets the steps of a migration that has ended. */
export function forgetSteps(scope: HistoryScope, version: string): string {
  return `DELETE FROM ${historyTable(scope.schema, "progress")} WHERE ${
    owner(scope, version)
  }`;
}

/** The statement that takes a migration's row away. */
export function forgetMigration(scope: HistoryScope, version: string): string {
  return `DELETE FROM ${historyTable(scope.schema, "migrations")} WHERE ${
    owner(scope, version)
  }`;
}

/** The statement that adds an event. */
export function recordEvent(scope: HistoryScope, event: EventRecord): string {
  return `INSERT INTO ${
    historyTable(scope.schema, "events")
  } (run_id, project, version, event, origin, detail) VALUES (${
    [
      quoteLiteral(event.runId),
      quoteLiteral(scope.project),
      literal(event.version),
      quoteLiteral(event.event),
      quoteLiteral(event.origin),
      event.detail === undefined
        ? "NULL"
        : quoteLiteral(JSON.stringify(event.detail)),
    ].join(", ")
  })`;
}
