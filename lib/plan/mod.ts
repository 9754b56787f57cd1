/**
 * From two schemas to a plan.
 *
 * @module
 */

export { withAbsences } from "./absent.ts";
export type { PlannedStatement } from "./planned_statement.ts";
export type { Action } from "./nodes.ts";
export { joinClauses, partsOf } from "./join.ts";
export { type Plan, planChanges, type PlanOptions } from "./plan.ts";
export {
  type Blocked,
  blockedBy,
  type Category,
  categoryOf,
  needsLeave,
} from "./policy.ts";
export { type Reach, reacher, sliceOf, slicer } from "./slice.ts";
export { type PlanStep, stepsOf } from "./steps.ts";
export { refuseNewer } from "./version_needs.ts";
