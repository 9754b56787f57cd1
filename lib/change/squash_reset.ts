/**
 * `squash --reset`: a squash, and at once everything that otherwise waits for
 * the databases to pass: the old files go, and their rows in the databases
 * that are named.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { inForce } from "../migrate/history.ts";
import type { Project } from "../migrate/project.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "../migrate/run_session.ts";
import { prune } from "../migrate/prune.ts";
import { upgrade } from "../migrate/upgrade.ts";
import { removeFiles } from "./remove_files.ts";
import { squash, type SquashRequest, type SquashResult } from "./squash.ts";

/** What to reset, and where. */
export interface ResetRequest extends SquashRequest {
  /** The project in each of the databases that are to pass. */
  readonly databases: readonly Project[];
  /** Signal and listeners for work on the databases. */
  readonly run: RunOptions;
}

/** What was reset. */
export interface ResetResult extends SquashResult {
  /** The files that were removed, within the directory. */
  readonly removed: readonly string[];
}

/**
 * Squashes, lets databases pass, and removes what the squash stands for.
 *
 * @param project The project.
 * @param request Which migrations, how, and in which databases.
 * @throws {PawlError} `squash-impossible` where a database is behind: nothing
 * is written then; what squashing and upgrading throw.
 */
export async function resetAfterSquash(
  project: Project,
  request: ResetRequest,
): Promise<ResetResult> {
  const { databases, run } = request;
  const tried = await squash(project, { ...request, dryRun: true });
  for (const database of databases) {
    await refuseBehind(database, tried.replaces, run);
  }
  const result = await squash(project, request);
  const target = result.written?.version;
  let passed = false;
  try {
    for (const database of databases) {
      const report = await upgrade(database, { ...run, target });
      passed ||= report.results.length > 0;
      if (report.error !== undefined) throw report.error;
    }
  } catch (error) {
    // No database has heard of it: a refused command leaves nothing behind.
    if (!passed) removeFiles(project, target === undefined ? [] : [target]);
    throw error;
  }
  const removed = removeFiles(project, result.replaces);
  for (const database of databases) await prune(database, run);
  return { ...result, removed };
}

/** A database that lacks one of them would have no way to get it. */
async function refuseBehind(
  database: Project,
  versions: readonly string[],
  run: RunOptions,
): Promise<void> {
  await withExecution(
    database,
    { ...run, readOnly: true },
    async (execution) => {
      const history = await readHistoryNow(execution);
      const missing = versions.filter((version) =>
        !inForce(history.byVersion.get(version))
      );
      if (missing.length === 0) return;
      throw new PawlError(
        "squash-impossible",
        `Cannot reset: ${execution.session.info.place} is behind`,
        {
          details: missing.slice(0, 10).map((version) =>
            `${version} is not applied`
          ),
          hint:
            "Bring it up first: pawl upgrade; or squash without --reset, and prune later",
        },
      );
    },
  );
}
