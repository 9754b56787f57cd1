/**
 * pawl as a library: everything that the command line does, as plain
 * functions with typed results.
 *
 * Open a project with {@linkcode openProject}, then call {@linkcode upgrade},
 * {@linkcode status}, {@linkcode verify} and the others with it. What goes
 * wrong is a {@linkcode PawlError} with a stable code.
 *
 * @example Apply what is pending, and stop a run that takes too long
 * ```ts ignore
 * import { openProject, upgrade } from "@pawl/pawl";
 *
 * const project = openProject({ environment: "staging" });
 * const report = await upgrade(project, {
 *   signal: AbortSignal.timeout(60_000),
 *   onProgress: (name, status, index, total) =>
 *     console.log(`${index}/${total} ${name}: ${status}`),
 * });
 * if (!report.success) throw report.error;
 * ```
 *
 * @module
 */

export * from "./lib/errors.ts";
export * from "./lib/config/mod.ts";
export * from "./lib/migrate/mod.ts";
export * from "./lib/models/mod.ts";
export * from "./lib/pg/mod.ts";
export type { Statement } from "./lib/sql/split.ts";
export type { ReadOptions, RowValues } from "./lib/catalog/read.ts";
export type { ObjectPart } from "./lib/catalog/schema_reader.ts";
export type { STRONG_MODES, StrongMode } from "./lib/sql/locked_relations.ts";
export { withoutKinds } from "./lib/catalog/scope.ts";
export {
  type Against,
  type CheckedObject,
  type CheckOptions,
  checkSchema,
  checkState,
  drift,
  type DriftAttribute,
  type DriftEntry,
  type DriftOptions,
  type DriftReport,
  flatten,
  isIssue,
  type LocalSnapshot,
  newestSnapshot,
  type ObjectStanding,
  type PullOptions,
  pullState,
  type PushOptions,
  pushState,
  type SchemaReport,
  type StateReport,
  type StateSync,
} from "./lib/drift/mod.ts";
export {
  hashesOf,
  hashSource,
  readManaged,
  type ReadRequest,
  type ReadResult,
  type SnapshotRequest,
  type SourceHashes,
  type TakenSnapshot,
  takeSnapshot,
  writeSplit,
  type WrittenSplit,
} from "./lib/inspect/mod.ts";
export type { Apart } from "./lib/migrate/recorded_drift.ts";
export type { DdlOptions } from "./lib/render/ddl.ts";
export { ddlScript, type ScriptOptions } from "./lib/render/ddl_script.ts";
export { mermaid, type MermaidOptions } from "./lib/render/mermaid.ts";
export {
  type SplitFile,
  type SplitSchema,
  splitSchema,
} from "./lib/render/split.ts";
export type { SchemaHashes } from "./lib/render/json.ts";
export type { RelationSize } from "./lib/render/text.ts";
export type {
  Field as ResultField,
  Parameter,
  RowListener,
  RowSource,
  Session,
  StatementResult,
} from "./lib/pg/session.ts";
export * from "./lib/change/mod.ts";
export type { AttributeChange, Change } from "./lib/diff.ts";
export {
  adviceOf,
  ALLOW_CODES,
  type AllowCode,
  type Hazard,
  type HazardKind,
  hazardReason,
  type HazardSize,
  type Instead,
} from "./lib/kinds/hazard.ts";
export type { KindStatement, StatementOptions } from "./lib/kinds/kind.ts";
export type { MigrationText } from "./lib/migrate/new_migration.ts";
export type {
  Action,
  PlannedStatement,
  PlanOptions,
  PlanStep,
} from "./lib/plan/mod.ts";
export type { Data } from "./lib/schema/data.ts";
export type {
  AttributeDifference,
  StateDifference,
} from "./lib/schema/object_state.ts";
export type {
  Payload,
  Schema,
  SchemaNotice,
  SchemaObject,
} from "./lib/schema/schema.ts";
export {
  type DdlFile,
  readSnapshotFile,
  readSource,
  type Source,
  type SourceContext,
  type ToldRename,
  writeSnapshotFile,
} from "./lib/sources/mod.ts";
