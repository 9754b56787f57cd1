/**
 * Reads pawl's history from a database, checks that it makes sense, and
 * installs it where it is missing.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  ServerError,
  type Session,
  type StatementResult,
} from "../pg/session.ts";
import { quoteLiteral } from "../sql/quote.ts";
import {
  HISTORY_VERSION,
  type HistoryScope,
  readHistory,
} from "./history_sql.ts";

/** The states of a row of `pawl.migrations`. */
export type HistoryState = "applied" | "partial" | "rolled_back" | "stamped";

/** One row of `pawl.migrations`, without the stored SQL. */
export interface HistoryRow {
  /** The version. */
  readonly version: string;
  /** The name behind the version in the file's name. */
  readonly name: string;
  /** The message of the file. */
  readonly message: string;
  /** Whether it is in force. */
  readonly state: HistoryState;
  /** SHA-256 of the up text, 64 hex digits. */
  readonly upRaw: string | null;
  /** `t1:` and 64 hex digits over its tokens. */
  readonly upTokens: string | null;
  /** SHA-256 of the down text. */
  readonly downRaw: string | null;
  /** The same over its tokens. */
  readonly downTokens: string | null;
  /** How many of its steps are in force. */
  readonly stepsDone: number;
  /** How many steps it has. */
  readonly stepsTotal: number;
  /** ISO 8601 in UTC. */
  readonly appliedAt: string;
  /** The role that applied it. */
  readonly appliedBy: string;
  /** How long it took, in whole milliseconds. */
  readonly executionMs: number;
  /** When it was rolled back, ISO 8601 in UTC; null where it was not. */
  readonly rolledBackAt: string | null;
  /** The schema's hash afterwards, where it is known. */
  readonly schemaHash: string | null;
  /** The version of the pawl that recorded it. */
  readonly toolVersion: string;
  /** Whether the down SQL was stored with it. */
  readonly hasDownSql: boolean;
}

/** One step of a migration that has not ended. */
export interface ProgressRow {
  readonly version: string;
  readonly direction: "up" | "down";
  readonly step: number;
  readonly tokens: string;
  readonly statement: string;
  /** What the catalog said before the statement was sent. */
  readonly before: unknown;
  readonly finished: boolean;
}

/** What a database says has happened to it. */
export interface History {
  /** False where there is no history schema, or it holds no tables. */
  readonly installed: boolean;
  /** In the order in which they were applied. */
  readonly rows: readonly HistoryRow[];
  readonly byVersion: ReadonlyMap<string, HistoryRow>;
  readonly progress: readonly ProgressRow[];
}

/** A history with nothing in it. */
export const NO_HISTORY: History = {
  installed: false,
  rows: [],
  byVersion: new Map(),
  progress: [],
};

/** A history that holds rows, for plans of what runs elsewhere. */
export function historyOf(rows: readonly HistoryRow[]): History {
  return {
    installed: true,
    rows,
    byVersion: new Map(rows.map((row) => [row.version, row])),
    progress: [],
  };
}

/** The row of a migration of which nothing is known but that it is in force. */
export function rowInForce(
  migration: Pick<HistoryRow, "version" | "name">,
): HistoryRow {
  return {
    version: migration.version,
    name: migration.name,
    message: "",
    state: "applied",
    upRaw: null,
    upTokens: null,
    downRaw: null,
    downTokens: null,
    stepsDone: 0,
    stepsTotal: 0,
    appliedAt: "",
    appliedBy: "",
    executionMs: 0,
    rolledBackAt: null,
    schemaHash: null,
    toolVersion: "",
    hasDownSql: false,
  };
}

/** Whether a row says that its migration is in force. */
export function inForce(row: HistoryRow | undefined): boolean {
  return row !== undefined &&
    (row.state === "applied" || row.state === "stamped");
}

function damaged(
  scope: HistoryScope,
  what: string,
  options: { readonly cause?: unknown } = {},
): PawlError {
  return new PawlError(
    "history-damaged",
    `Cannot read the history in schema ${scope.schema}: ${what}`,
    {
      hint:
        "It was changed by hand or by another program: compare it with migrations/0001_history.sql of pawl and put it right; where these tables are another program's, name another schema with schema in [history] of pawl.toml",
      ...options,
    },
  );
}

/**
 * Reads one project's history in one round trip.
 *
 * @param session The connection.
 * @param scope Which history.
 * @returns The history, empty where none is installed.
 * @throws {PawlError} `history-newer` when a newer pawl has changed it,
 * `history-damaged` when it does not make sense, `permission-denied` when the
 * role may not read it.
 */
export async function loadHistory(
  session: Session,
  scope: HistoryScope,
): Promise<History> {
  let results: StatementResult[];
  try {
    results = await session.script(readHistory(scope));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (
      error.completed === 0 &&
      (error.sqlstate === "42P01" || error.sqlstate === "3F000")
    ) {
      return await noHistory(session, scope);
    }
    if (error.sqlstate === "42501") {
      throw new PawlError(
        "permission-denied",
        `Cannot read the history in schema ${scope.schema}: ${error.message}`,
        {
          hint:
            `Connect as its owner, or let the owner add ${session.info.user} to [history] readers`,
          cause: error,
        },
      );
    }
    if (
      ["42P01", "42703", "42883", "42804", "42809"].includes(error.sqlstate)
    ) {
      throw damaged(scope, error.message, { cause: error });
    }
    throw error;
  }
  const [meta, migrations, progress] = results;
  if (
    meta === undefined || migrations === undefined || progress === undefined
  ) {
    throw damaged(
      scope,
      "the server returned fewer results than were asked for",
    );
  }
  const version = Number(meta.rows[0]?.[0] ?? 0);
  if (version > HISTORY_VERSION) {
    throw new PawlError(
      "history-newer",
      `Cannot use the history in schema ${scope.schema}: a newer pawl has made it version ${version}, this one knows ${HISTORY_VERSION}`,
      {
        hint:
          "Use the pawl that the other users of this database use, or a newer one",
      },
    );
  }
  if (version === 0) throw damaged(scope, "its meta table is empty");
  const rows = valuesOf(migrations).map((row) => historyRow(scope, row));
  return {
    installed: true,
    rows,
    byVersion: new Map(rows.map((row) => [row.version, row])),
    progress: valuesOf(progress).map((row) => progressRow(scope, row)),
  };
}

/**
 * What stands where there is no `meta`: nothing yet, or relations that our own
 * would collide with.
 */
async function noHistory(
  session: Session,
  scope: HistoryScope,
): Promise<History> {
  const [result] = await session.script(
    `SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${
      quoteLiteral(scope.schema)
    } AND c.relname IN ('meta', 'migrations', 'progress', 'events', 'objects') ORDER BY 1`,
  );
  const names = (result?.rows ?? []).map(([name]) => name ?? "");
  // Another run has installed it meanwhile, all of it in one transaction.
  if (names.includes("meta")) return await loadHistory(session, scope);
  if (names.length === 0) return NO_HISTORY;
  throw damaged(
    scope,
    `it holds ${
      names.join(", ")
    }, but no meta table, which pawl makes with them`,
  );
}

/** Reads a column of one row; undefined where the result has none of that name. */
type Values = (column: string) => string | null | undefined;

/** The rows without an object for each: a history has thousands. */
function valuesOf(result: StatementResult): Values[] {
  const places = new Map(
    result.fields.map((field, place) => [field.name, place]),
  );
  return result.rows.map((row) => (column) => row[places.get(column) ?? -1]);
}

function historyRow(scope: HistoryScope, row: Values): HistoryRow {
  const version = row("version") ?? "";
  const state = row("state");
  if (
    state !== "applied" && state !== "partial" && state !== "rolled_back" &&
    state !== "stamped"
  ) {
    throw damaged(
      scope,
      `${version} is in state ${state}, which is none of pawl's`,
    );
  }
  const stepsDone = Number(row("steps_done"));
  const stepsTotal = Number(row("steps_total"));
  if (state === "applied" && stepsDone !== stepsTotal) {
    throw damaged(
      scope,
      `${version} is applied, but has done ${stepsDone} of ${stepsTotal} steps`,
    );
  }
  return {
    version,
    name: row("name") ?? "",
    message: row("message") ?? "",
    state,
    upRaw: row("up_raw") ?? null,
    upTokens: row("up_tokens") ?? null,
    downRaw: row("down_raw") ?? null,
    downTokens: row("down_tokens") ?? null,
    stepsDone,
    stepsTotal,
    appliedAt: row("applied_at") ?? "",
    appliedBy: row("applied_by") ?? "",
    executionMs: Number(row("execution_ms")),
    rolledBackAt: row("rolled_back_at") ?? null,
    schemaHash: row("schema_hash") ?? null,
    toolVersion: row("tool_version") ?? "",
    hasDownSql: row("has_down_sql") === "t",
  };
}

function progressRow(scope: HistoryScope, row: Values): ProgressRow {
  const direction = row("direction");
  if (direction !== "up" && direction !== "down") {
    throw damaged(
      scope,
      `a step of ${
        row("version")
      } goes ${direction}, which is neither up nor down`,
    );
  }
  const before = row("before");
  return {
    version: row("version") ?? "",
    direction,
    step: Number(row("step")),
    tokens: row("tokens") ?? "",
    statement: row("statement") ?? "",
    before: before === null || before === undefined ? null : JSON.parse(before),
    finished: row("finished") === "t",
  };
}
