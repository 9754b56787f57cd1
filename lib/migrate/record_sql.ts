/**
 * The statements that write rows of the history: of migrations, their steps
 * and events. The runner sends them and `pawl sql` prints them, so that a
 * script run by hand leaves what `upgrade` leaves. Pure: no connection, no
 * clock.
 *
 * @module
 */

import { quoteLiteral } from "../sql/quote.ts";
import { type HistoryScope, historyTable } from "./history_sql.ts";

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
