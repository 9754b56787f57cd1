/**
 * Reads the rows of the history without any migration files.
 *
 * @module
 */

import type { HistoryRow } from "./history.ts";
import type { Project } from "./project.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "./run_session.ts";

/**
 * Reads every row of the project, in the order in which they were applied.
 *
 * @param project The project.
 * @param options Signal and listeners.
 * @returns The rows; none where there is no history.
 */
export async function readRows(
  project: Project,
  options: RunOptions = {},
): Promise<readonly HistoryRow[]> {
  return await withExecution(
    project,
    { ...options, readOnly: true },
    async (execution) => (await readHistoryNow(execution)).rows,
  );
}
