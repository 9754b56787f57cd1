/**
 * `sql` for a project: which range is meant, and the script for it.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { requireSum } from "./integrity.ts";
import {
  historyDdl,
  historyScope,
  type Project,
  readMigrations,
  TOOL_VERSION,
} from "./project.ts";
import { searchPathOf } from "./run_session.ts";
import { type OfflineScript, offlineScript } from "./script.ts";
import { prepareOptions } from "./prepare.ts";

/** How a script is asked for. */
export interface SqlOptions {
  /** Where the history stands: a version or `base`. */
  readonly from: string;
  /** Where it shall stand: a version, `head`, `base`, `+N` or `-N`. */
  readonly to: string;
  /** `psql` (the default) or `plain`, without meta-commands. */
  readonly for?: "psql" | "plain";
}

/**
 * Writes the script that brings a database from one version to another.
 * Needs no database.
 *
 * @param project The project.
 * @param options The range, and who will run it.
 * @throws {PawlError} `target-unknown`, `not-offline`, `irreversible`, or what
 * reading the files throws.
 */
export function sql(project: Project, options: SqlOptions): OfflineScript {
  const directory = readMigrations(project);
  const warnings = requireSum(directory);
  const { settings } = project;
  const script = offlineScript(directory, {
    from: options.from,
    to: options.to,
    target: options.for ?? "psql",
    environment: settings.environment,
    role: settings.role,
    searchPath: searchPathOf(settings.searchPath),
    scope: historyScope(settings),
    toolVersion: TOOL_VERSION,
    readers: settings.history.readers,
    historyDdl: historyDdl(),
    prepare: prepareOptions(project, {}),
  });
  return { ...script, warnings: [...warnings, ...script.warnings] };
}

/**
 * Takes `FROM:TO` apart; either side may be left out (base, head).
 *
 * @throws {PawlError} `usage` for anything else.
 */
export function parseRange(
  text: string,
): { readonly from: string; readonly to: string } {
  const [from, to, more] = text.split(":");
  if (from === undefined || to === undefined || more !== undefined) {
    throw new PawlError(
      "usage",
      `Cannot use range ${text}: a range is FROM:TO`,
      {
        hint:
          "pawl sql base:head, pawl sql 20260102_030405:head, pawl sql head:-1",
      },
    );
  }
  return { from: from === "" ? "base" : from, to: to === "" ? "head" : to };
}
