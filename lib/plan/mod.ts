/**
 * From two schemas to a plan.
 *
 * @module
 */

export { withAbsences } from "./absent.ts";
export { type Action, type PlannedStatement } from "./graph.ts";
export { type Plan, planChanges, type PlanOptions } from "./plan.ts";
export {
  type Blocked,
  blockedBy,
  type Category,
  categoryOf,
  needsLeave,
} from "./policy.ts";
export { sliceOf, slicer } from "./slice.ts";
export { type PlanStep, stepsOf } from "./steps.ts";
