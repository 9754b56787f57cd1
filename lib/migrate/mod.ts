/**
 * What `mod.ts` exports of the migrations: the functions of the commands and
 * the types of what they take and return.
 *
 * @module
 */

export { downgrade, type DowngradeOptions } from "./downgrade.ts";
export { type EventRow, events } from "./events.ts";
export type { RunEvent } from "./execution.ts";
export type { HistoryRow, HistoryState } from "./history.ts";
export type { FileDifference } from "./integrity.ts";
export { runStatus, type RunStatus, type StartedRun, startUpgrade } from "./jobs.ts";
export { parseRange, sql, type SqlOptions } from "./offline.ts";
export type { Standing, StandingEntry } from "./plan.ts";
export type { ColumnValue, MigrationDatabase, ParameterValue } from "./program_database.ts";
export { allEnvironments, openProject, type Project, type ProjectOptions, TOOL_VERSION } from "./project.ts";
export { repair, type RepairOptions, type RepairReport } from "./repair.ts";
export type { MigrationResult, MigrationStatus, ProgressListener, RunReport } from "./report.ts";
export { readRows } from "./rows.ts";
export type { RunOptions } from "./run_session.ts";
export type { OfflineScript } from "./script.ts";
export { forEach, type Outcome, severalFailed } from "./several.ts";
export { prune, type PruneOptions, type PruneReport, stamp, type StampOptions, type StampReport } from "./stamp.ts";
export { isPending, status, type StatusReport } from "./status.ts";
export type { SumDifference } from "./sum.ts";
export { upgrade, type UpgradeOptions } from "./upgrade.ts";
export { verify, type VerifiedDifference, type VerifyReport } from "./verify.ts";
