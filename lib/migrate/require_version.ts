/**
 * Whether a database is new enough for a program: asked when the program
 * starts, by a role that may read the history and nothing else, on a standby
 * too, and without any migration file. Read-only.
 *
 * @module
 */

import { requireDatabase } from "../config/settings.ts";
import { PawlError } from "../errors.ts";
import { cancelOnAbort } from "../pg/cancel_on_abort.ts";
import type { Session } from "../pg/session.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  type History,
  type HistoryRow,
  type HistoryState,
  inForce,
  loadHistory,
  NO_HISTORY,
} from "./history.ts";
import {
  embeddedDirectory,
  historyScope,
  openSession,
  type Project,
} from "./project.ts";
import { compareVersions, findVersion } from "./version.ts";

/** What is required. */
export interface RequireOptions {
  /** A version, the name of its file, or a prefix that fits one version only. */
  readonly minVersion: string;
  /** Ends the asking. */
  readonly signal?: AbortSignal | undefined;
  /** Told what the user should know while connecting. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** Whether the requirement is met, and why. */
export interface RequireReport {
  /** Whether the version is reached. */
  readonly satisfied: boolean;
  /** As it was asked for. */
  readonly minVersion: string;
  /**
   * What the history says of that version: its state, `passed` where it does
   * not know it and a later one is in force, or `unknown`.
   */
  readonly standing: HistoryState | "passed" | "unknown";
  /** The newest version in force; undefined where none is. */
  readonly current: string | undefined;
  /** False where the database has no history at all. */
  readonly installed: boolean;
  /** The project's name. */
  readonly project: string;
  /** The environment's name, where one was chosen. */
  readonly environment: string | undefined;
  /** Where the database is, without secrets. */
  readonly database: string;
}

/**
 * Asks whether a database's schema is at least at a version.
 *
 * It is when that very version is applied or stamped. A version that the
 * history does not know (it was squashed, or came before a baseline) counts as
 * reached when a later one is in force; "later" exists only among complete
 * versions of one form, timestamps or sequence numbers. A version that was
 * rolled back, or is partial, is not reached, whatever came after it.
 *
 * @param project The project; its migration files are not read.
 * @param options The version.
 * @returns The answer.
 * @throws {PawlError} `usage` for what is no version, `target-unknown` where
 * several versions fit, or what connecting and reading throw.
 *
 * @example Refuse to start on an old schema
 * ```ts ignore
 * const { satisfied, current } = await requireVersion(openProject(), {
 *   minVersion: "20260102_030405",
 * });
 * if (!satisfied) throw new Error(`the database is at ${current}`);
 * ```
 */
export async function requireVersion(
  project: Project,
  options: RequireOptions,
): Promise<RequireReport> {
  const wanted = options.minVersion;
  if (/^(heads?|base|[+-]\d+)$/.test(wanted)) {
    throw new PawlError(
      "usage",
      `Cannot require ${wanted}: it is relative, and no version`,
      {
        hint:
          "Give a version, such as 20260102_030405; pawl check asks whether everything is applied",
      },
    );
  }
  const { history, place } = await readHistory(project, options);
  const rows = history.rows.filter(inForce);
  const standing = standingOf(history, rows, wanted);
  return {
    satisfied: standing === "applied" || standing === "stamped" ||
      standing === "passed",
    minVersion: wanted,
    standing,
    current: newest(rows)?.version,
    installed: history.installed,
    project: project.settings.project,
    environment: project.settings.environment,
    database: place,
  };
}

async function readHistory(
  project: Project,
  options: RequireOptions,
): Promise<{ readonly history: History; readonly place: string }> {
  const { settings } = project;
  const { source } = requireDatabase(settings);
  const directory = embeddedDirectory(source)?.directory;
  // Opening an embedded database makes it where there is none.
  if (directory !== undefined && !isCluster(directory)) {
    return { history: NO_HISTORY, place: source };
  }
  const session = await openSession(settings, options);
  try {
    const history = await cancelOnAbort(
      session,
      options.signal,
      () => load(project, session),
    );
    return { history, place: session.info.place };
  } finally {
    await session.close();
  }
}

/** As the login role, which may be a reader; else as the environment's role. */
async function load(project: Project, session: Session): Promise<History> {
  const { settings } = project;
  const scope = historyScope(settings);
  try {
    return await loadHistory(session, scope);
  } catch (error) {
    if (
      settings.role === undefined || !(error instanceof PawlError) ||
      error.code !== "permission-denied"
    ) throw error;
    await session.script("ROLLBACK");
    await session.script(`SET ROLE ${quoteIdentifier(settings.role)}`);
    return await loadHistory(session, scope);
  }
}

function isCluster(directory: string): boolean {
  try {
    return Deno.statSync(`${directory}/PG_VERSION`).isFile;
  } catch {
    return false;
  }
}

function standingOf(
  history: History,
  rows: readonly HistoryRow[],
  wanted: string,
): RequireReport["standing"] {
  const known = findRow(history.rows, wanted);
  if (known !== undefined) return known.state;
  const form = formOf(wanted);
  if (form === undefined) return "unknown";
  const later = rows.some((row) =>
    formOf(row.version) === form && compareVersions(row.version, wanted) > 0
  );
  return later ? "passed" : "unknown";
}

function findRow(
  rows: readonly HistoryRow[],
  wanted: string,
): HistoryRow | undefined {
  try {
    return findVersion(rows, wanted);
  } catch (error) {
    // The error of several fitting versions lists them.
    if (
      error instanceof PawlError && error.code === "target-unknown" &&
      error.details.length === 0
    ) return undefined;
    throw error;
  }
}

/**
 * Whether a text is a complete version that has a place in an order. The
 * beginning of a timestamp is none: as a number it would be far below.
 */
function formOf(version: string): "timestamp" | "sequence" | undefined {
  if (/^\d{8}[_-]?\d{6}$/.test(version)) return "timestamp";
  return /^\d{1,7}$/.test(version) ? "sequence" : undefined;
}

/** The highest version; where versions have no order, the one applied last. */
function newest(rows: readonly HistoryRow[]): HistoryRow | undefined {
  if (rows.some((row) => formOf(row.version) === undefined)) return rows.at(-1);
  return rows.reduce<HistoryRow | undefined>(
    (best, row) =>
      best === undefined || compareVersions(row.version, best.version) > 0
        ? row
        : best,
    undefined,
  );
}
