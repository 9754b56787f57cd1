/**
 * Drift: how live databases differ from what they are to be.
 *
 * @module
 */

export {
  type CheckedObject,
  type CheckOptions,
  checkSchema,
  flatten,
  isIssue,
  type ObjectStanding,
  type SchemaReport,
} from "./check_schema.ts";
export { drift, type DriftOptions, readRecordedDrift } from "./drift.ts";
export type {
  Against,
  DriftAttribute,
  DriftEntry,
  DriftReport,
} from "./report.ts";
export { type LocalSnapshot, newestSnapshot } from "./snapshots.ts";
export {
  checkState,
  type PullOptions,
  pullState,
  type PushOptions,
  pushState,
  type StateReport,
  type StateSync,
} from "./state.ts";
