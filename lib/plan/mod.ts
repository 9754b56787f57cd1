/**
 * From two schemas to a plan.
 *
 * @module
 */

export { type Action, type PlannedStatement } from "./graph.ts";
export { type Plan, planChanges, type PlanOptions } from "./plan.ts";
