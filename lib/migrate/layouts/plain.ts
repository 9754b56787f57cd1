/**
 * plain.postgres: the table `plainmigrations`. Its migrations are Python
 * files, several packages in one table, so that no file of pawl's is meant by
 * a row: the history can be shown, and a baseline takes its place.
 *
 * @module
 */

import type { ForeignHistory } from "./foreign_history.ts";

/** The history. */
export const PLAIN_HISTORY: ForeignHistory = {
  tool: "plain",
  table: "plainmigrations",
  columns: ["app", "name", "applied"],
  layout: undefined,
  rows: "each",
  select: {
    recorded: "app || '.' || name",
    appliedAt: "applied",
    order: "applied, app, name",
  },
  recordedKey: (recorded) => recorded,
  fileKey: () => undefined,
};
