/**
 * Replays migrations in a throw-away database, with the runner that upgrades
 * real ones: what comes out is what `upgrade` leaves.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { MigrationDirectory } from "../migrate/directory.ts";
import type { Execution } from "../migrate/execution.ts";
import { requireOneHead } from "../migrate/graph.ts";
import { loadHistory, NO_HISTORY } from "../migrate/history.ts";
import { installHistory } from "../migrate/history_sql.ts";
import { requireIntegrity } from "../migrate/integrity.ts";
import type { Migration } from "../migrate/model.ts";
import { type PlannedUp, planUpgrade } from "../migrate/plan.ts";
import { touchedNames } from "../migrate/touched.ts";
import { prepareUp } from "../migrate/prepare.ts";
import {
  historyDdl,
  historyScope,
  type Project,
  TOOL_VERSION,
} from "../migrate/project.ts";
import { runProgram } from "../migrate/run_program.ts";
import { origin, searchPathOf } from "../migrate/run_session.ts";
import { runUnits } from "../migrate/run_units.ts";
import { SESSION_SETTINGS } from "../migrate/session_text.ts";
import { ServerError, type Session } from "../pg/session.ts";
import { imageKey } from "../shadow/image_cache.ts";
import { lackOf, SERVER_SHADOW_HINT } from "../shadow/lacks.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { missingRole, roleRemedy } from "./shadow_roles.ts";

/** What to replay. */
export interface Replay {
  /** Settings: history schema, environment, `search_path`. */
  readonly project: Project;
  /** The migrations. */
  readonly directory: MigrationDirectory;
  /** A version or a unique prefix of one; undefined for all. */
  readonly target: string | undefined;
  /** Cancels what runs. */
  readonly signal?: AbortSignal | undefined;
}

/** No time-outs: nobody waits for a shadow. */
const PREPARE = {
  timeouts: { lock: 0, statement: 0 },
  timeoutsAsked: false,
  storeSql: false,
  noTransaction: false,
} as const;

/**
 * The migrations that a replay runs, in order.
 *
 * @param replay The directory and the target.
 * @throws {PawlError} `several-heads`, `target-unknown`, `sum-stale`.
 */
export function replayed(
  { project, directory, target }: Omit<Replay, "signal">,
): readonly Migration[] {
  requireIntegrity(directory, undefined);
  if (target === undefined) requireOneHead(directory.graph);
  return planned({ project, directory, target }, NO_HISTORY)
    .map(({ migration }) => migration);
}

/**
 * What images after some migrations are known by: one key for each of them,
 * in order, as long as none is a program, which may do something else the next
 * time.
 *
 * @param project The settings that migrations can see.
 * @param migrations Those that are run, in order.
 * @param inputs What else decides what is in the database.
 */
export function replayKeys(
  project: Project,
  migrations: readonly Migration[],
  inputs: readonly string[],
): readonly string[] {
  const { history, project: name, searchPath = "" } = project.settings;
  const keys: string[] = [];
  let key = imageKey([
    "migrations",
    TOOL_VERSION,
    history.schema,
    name,
    searchPath,
    ...inputs,
  ]);
  for (const { version, language, up } of migrations) {
    if (language !== "sql") break;
    key = imageKey([key, version, up.raw]);
    keys.push(key);
  }
  return keys;
}

/**
 * Replays migrations in a database where none or some of them have run.
 *
 * @param session The throw-away database.
 * @param replay What to replay.
 * @throws {PawlError} `migration-failed` and what else an upgrade throws;
 * `shadow-lacks` naming what the embedded database has not.
 */
export async function replayMigrations(
  session: Session,
  replay: Replay,
): Promise<void> {
  const execution = await prepare(session, replay);
  const history = await loadHistory(session, execution.scope);
  for (const one of planned(replay, history)) {
    try {
      await run(execution, one.migration);
    } catch (error) {
      throw branched(error, one.migration, replay.directory);
    }
  }
  await session.script(
    "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL",
  );
}

function planned(
  { project, directory, target }: Omit<Replay, "signal">,
  history: typeof NO_HISTORY,
): readonly PlannedUp[] {
  return planUpgrade({
    graph: directory.graph,
    history,
    environment: project.settings.environment,
  }, target === undefined ? {} : { target });
}

async function prepare(session: Session, replay: Replay): Promise<Execution> {
  const { settings } = replay.project;
  const execution: Execution = {
    session,
    scope: historyScope(settings),
    toolVersion: TOOL_VERSION,
    runId: crypto.randomUUID(),
    origin: origin(),
    role: undefined,
    searchPath: searchPathOf(settings.searchPath),
    lock: undefined,
    signal: replay.signal,
    watcher: undefined,
    onEvent: () => {},
  };
  const server = session.info.backend === "server";
  await session.script([
    ...(server ? [...SESSION_SETTINGS, "SET synchronous_commit = off"] : []),
    ...(settings.searchPath ?? "").split(",").map((name) => name.trim())
      .filter((name) => name !== "" && name !== "public").map((name) =>
        `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)}`
      ),
    installHistory(execution.scope, historyDdl(), {
      toolVersion: TOOL_VERSION,
      readers: [],
    }),
  ].join(";\n"));
  return execution;
}

/** Runs a migration; in the embedded database it gets the roles that it names. */
async function run(execution: Execution, migration: Migration): Promise<void> {
  const { session, scope } = execution;
  const prepared = prepareUp(migration, PREPARE);
  for (const made = new Set<string>();;) {
    const history = await loadHistory(session, scope);
    const row = history.byVersion.get(migration.version);
    const resume = row?.state === "partial"
      ? { done: row.stepsDone, progress: history.progress }
      : undefined;
    try {
      if (prepared.program === undefined) {
        await runUnits(execution, prepared.run, resume);
      } else {
        const { program } = prepared;
        await runProgram(execution, { ...prepared, program }, resume);
      }
      return;
    } catch (error) {
      const remedy = remedyOf(execution, error, migration);
      if (remedy === undefined || made.has(remedy)) {
        throw explain(execution, migration, error);
      }
      made.add(remedy);
      await session.script(remedy);
    }
  }
}

/**
 * What a migration fails of that was generated from the same state as an
 * earlier one, which has changed that since: what merged branches bring.
 */
function branched(
  error: unknown,
  migration: Migration,
  { graph }: Replay["directory"],
): unknown {
  const { file, header: { before } } = migration;
  const names = namesIn(migration);
  const other = before === undefined
    ? undefined
    // What names nothing that was there has the same hash as any such.
    : graph.order.slice(0, graph.order.indexOf(migration)).find((one) =>
      one.header.before === before &&
      [...namesIn(one)].some((name) => names.has(name))
    );
  if (
    !(error instanceof PawlError) || error.code === "interrupted" ||
    other === undefined
  ) return error;
  return new PawlError("migration-failed", error.message, {
    ...(error.location === undefined ? {} : { location: error.location }),
    ...(error.server === undefined ? {} : { server: error.server }),
    details: [
      ...error.details,
      `${other.file} was generated from the same state of what both change (pawl:before)`,
    ],
    hint:
      `Keep one of the two: delete the other where no database has it yet, and run pawl generate; or rewrite ${file} for what ${other.file} leaves`,
    cause: error,
  });
}

function namesIn(migration: Migration): ReadonlySet<string> {
  const body = migration.body();
  return body.kind === "sql" ? touchedNames([body.up]) : new Set();
}

/** What gives the roles of an embedded database what they lack. */
function remedyOf(
  { session }: Execution,
  error: unknown,
  migration: Migration,
): string | undefined {
  const server = serverErrorOf(error);
  if (
    session.info.backend !== "embedded" || !session.open || server === undefined
  ) return undefined;
  const body = migration.body();
  return roleRemedy(server, body.kind === "sql" ? body.up.sql : "");
}

/** The server's error at the end of a chain of causes. */
function serverErrorOf(error: unknown): ServerError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ServerError) return at;
  }
  return undefined;
}

function explain(
  { session }: Execution,
  migration: Migration,
  error: unknown,
): unknown {
  const server = serverErrorOf(error);
  if (server === undefined) return error;
  const embedded = session.info.backend === "embedded";
  const lack = embedded ? lackOf(server.fields) : undefined;
  const located = error instanceof PawlError ? error.location : undefined;
  if (lack !== undefined) {
    return new PawlError(
      "shadow-lacks",
      `Cannot replay ${migration.file}: the embedded database has no ${lack}`,
      {
        ...(located === undefined ? {} : { location: located }),
        hint: SERVER_SHADOW_HINT,
        cause: error,
      },
    );
  }
  const others = (migration.header.depends ?? []).flatMap((
    { project, version },
  ) => project === undefined ? [] : [`${project}/${version}`]);
  if (others.length > 0) {
    return new PawlError(
      "dependency-missing",
      `Cannot replay ${migration.file}: ${server.message}`,
      {
        ...(located === undefined ? {} : { location: located }),
        details: [`it depends on ${others.join(", ")}`],
        hint:
          "A replay runs the migrations of one project: read the live database instead, or a snapshot",
        cause: error,
      },
    );
  }
  if (missingRole(server) === undefined || embedded) return error;
  return new PawlError(
    "migration-failed",
    `Cannot replay ${migration.file}: ${server.message}`,
    {
      ...(located === undefined ? {} : { location: located }),
      hint:
        "A shadow on a server creates no roles: create it there, or use the embedded shadow, which does",
      cause: error,
    },
  );
}
