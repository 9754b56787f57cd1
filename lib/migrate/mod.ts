/**
 * What `mod.ts` exports of the migrations: the functions of the commands and
 * the types of what they take and return.
 *
 * @module
 */

export type { DirectoryFile, MigrationDirectory } from "./directory.ts";
export { downgrade, type DowngradeOptions } from "./downgrade.ts";
export { type EventRow, events } from "./events.ts";
export type { RunEvent } from "./execution.ts";
export type { Graph } from "./graph.ts";
export type { HistoryRow, HistoryState } from "./history.ts";
export {
  importHistory,
  type ImportOptions,
  type ImportReport,
} from "./import.ts";
export type { ForeignSource } from "./import_table.ts";
export type { ForeignTool } from "./layouts/foreign_history.ts";
export type { ImportPlan, ImportRow, PendingFile } from "./import_plan.ts";
export {
  type HistoryReport,
  type InitItem,
  type InitOptions,
  initProject,
  type InitReport,
  installHistory,
} from "./init.ts";
export type { FileDifference } from "./integrity.ts";
export {
  type RunStatus,
  runStatus,
  type StartedRun,
  startUpgrade,
} from "./jobs.ts";
export type { LayoutName } from "./layout.ts";
export {
  mergeHeads,
  type MergeOptions,
  type MergeReport,
  projectHeads,
} from "./merge.ts";
export type {
  Checksums,
  Dependency,
  FileStatement,
  FileText,
  Header,
  Migration,
  ProgramBody,
  SqlBody,
  SqlDirection,
  Step,
  TimeoutOverride,
} from "./model.ts";
export {
  type NewMigration,
  newMigration,
  type NewMigrationOptions,
} from "./new_migration.ts";
export { parseRange, sql, type SqlOptions } from "./offline.ts";
export type { Standing, StandingEntry } from "./standings.ts";
export type {
  ColumnValue,
  MigrationDatabase,
  ParameterValue,
} from "./program_database.ts";
export {
  allEnvironments,
  openProject,
  type Project,
  type ProjectOptions,
  readMigrations,
  TOOL_VERSION,
} from "./project.ts";
export {
  rebaseMigration,
  type RebaseOptions,
  type RebaseReport,
} from "./rebase.ts";
export { repair, type RepairOptions, type RepairReport } from "./repair.ts";
export type {
  MigrationResult,
  MigrationStatus,
  ProgressListener,
  RunReport,
} from "./report.ts";
export {
  type RequireOptions,
  type RequireReport,
  requireVersion,
} from "./require_version.ts";
export { readRows } from "./rows.ts";
export type { RunOptions } from "./run_session.ts";
export type { OfflineScript } from "./script.ts";
export {
  seed,
  type SeedFileResult,
  type SeedOptions,
  type SeedReport,
  type SeedSequenceResult,
  type SeedTableResult,
} from "./seed.ts";
export type { SeedChoice } from "./seed_files.ts";
export type { RowCounts } from "./seed_load.ts";
export { forEach, type Outcome, severalFailed } from "./several.ts";
export { prune, type PruneOptions, type PruneReport } from "./prune.ts";
export { stamp, type StampOptions, type StampReport } from "./stamp.ts";
export { isPending, status, type StatusReport } from "./status.ts";
export type { SumDifference } from "./sum.ts";
export {
  checkSum,
  type SumReport,
  type SumUpdate,
  writeSum,
} from "./sum_file.ts";
export { upgrade, type UpgradeOptions } from "./upgrade.ts";
export {
  type VerifiedDifference,
  verify,
  type VerifyReport,
} from "./verify.ts";
export {
  waitForDatabase,
  type WaitForOptions,
  type WaitReport,
} from "./wait.ts";
