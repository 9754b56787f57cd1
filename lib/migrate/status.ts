/**
 * Where a database stands: which migrations are applied, which are pending,
 * what is wrong. Reads only, in one round trip behind the connection.
 *
 * @module
 */

import type { MigrationDirectory } from "./directory.ts";
import { inForce } from "./history.ts";
import { allDifferences, type FileDifference } from "./integrity.ts";
import { isDownPartial, type StandingEntry, standings } from "./standings.ts";
import { type Project, readMigrations } from "./project.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "./run_session.ts";

/** Where a database stands. */
export interface StatusReport {
  /** The project's name. */
  readonly project: string;
  /** The environment's name, where one was chosen. */
  readonly environment: string | undefined;
  /** Where the database is, without secrets. */
  readonly database: string;
  /** `server_version` of the server. */
  readonly server: string;
  /** Whether the server is a standby. */
  readonly standby: boolean;
  /** The migrations directory as messages show it. */
  readonly directory: string;
  /** Whose file names the directory follows. */
  readonly layout: string;
  /** Whether pawl has a history in this database. */
  readonly installed: boolean;
  /** The latest migration in force, in the files' order. */
  readonly current: StandingEntry | undefined;
  /** Files in their order, then recorded versions without a file. */
  readonly entries: readonly StandingEntry[];
  /** How many migrations are in force. */
  readonly applied: number;
  /** Pending, late and rolled back: what an upgrade is about. */
  readonly pending: number;
  /** The versions that no file follows. */
  readonly heads: readonly string[];
  /** The partial versions that are half rolled back, not half applied. */
  readonly rollingBack: readonly string[];
  /** How applied files differ from what was applied. */
  readonly edited: readonly FileDifference[];
  /** `absent`, `ok`, or how many files differ from `pawl.sum`. */
  readonly sum: "absent" | "ok" | "cosmetic" | "stale";
  /** Files that are no migrations. */
  readonly others: readonly string[];
  /** What to know, one line each. */
  readonly warnings: readonly string[];
}

/** Whether an upgrade has something to do with an entry. */
export function isPending(entry: StandingEntry): boolean {
  return entry.standing === "pending" || entry.standing === "late" ||
    entry.standing === "rolled_back" || entry.standing === "partial";
}

/** What `pawl.sum` says of a directory, in a word. */
function sumState(directory: MigrationDirectory): StatusReport["sum"] {
  if (directory.sum === undefined) return "absent";
  if (directory.sum.length === 0) return "ok";
  return directory.sum.every((d) => d.kind === "cosmetic")
    ? "cosmetic"
    : "stale";
}

/**
 * Reads where the project's database stands.
 *
 * @param project The project.
 * @param options Signal and listeners.
 * @throws {PawlError} What reading files, connecting or the history throw.
 */
export async function status(
  project: Project,
  options: RunOptions = {},
): Promise<StatusReport> {
  const directory = readMigrations(project);
  return await withExecution(
    project,
    { ...options, readOnly: true },
    async (execution) => {
      const history = await readHistoryNow(execution);
      const { environment } = project.settings;
      const entries = standings({
        graph: directory.graph,
        history,
        environment,
      });
      const current =
        entries.findLast((e) => inForce(e.row) && e.migration !== undefined) ??
          entries.findLast((e) => inForce(e.row));
      const { info } = execution.session;
      return {
        project: project.settings.project,
        environment,
        database: info.place,
        server: info.versionText,
        standby: info.standby,
        directory: directory.display,
        layout: directory.layout,
        installed: history.installed,
        current,
        entries,
        applied: entries.filter((e) => inForce(e.row)).length,
        pending: entries.filter(isPending).length,
        heads: directory.graph.heads.map((m) => m.version),
        edited: allDifferences(directory, history),
        rollingBack: entries.filter((e) =>
          e.standing === "partial" && isDownPartial(history, e.version)
        ).map((e) => e.version),
        sum: sumState(directory),
        others: directory.others,
        warnings: directory.warnings,
      };
    },
  );
}
