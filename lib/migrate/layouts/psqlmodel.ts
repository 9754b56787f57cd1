/**
 * PSQLModel: the table `_psqlmodel_migrations`. Its migrations are Python
 * files; a team that has written them anew in SQL under the same versions,
 * which are timestamps of pawl's form, keeps its history.
 *
 * @module
 */

import { type ForeignHistory, plainVersion } from "./foreign_history.ts";

/** The history: a row that was rolled back stays, and is not in force. */
export const PSQLMODEL_HISTORY: ForeignHistory = {
  tool: "psqlmodel",
  table: "_psqlmodel_migrations",
  columns: ["version", "applied_at", "rolled_back_at"],
  layout: undefined,
  rows: "each",
  select: {
    recorded: "version",
    appliedAt: "applied_at",
    inForce: "rolled_back_at IS NULL",
    order: "applied_at, version",
  },
  recordedKey: plainVersion,
  fileKey: (migration) => plainVersion(migration.version),
  versionOf: (recorded) => recorded,
};
