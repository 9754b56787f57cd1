/**
 * Changes between schemas: planned, proved, written, run.
 *
 * @module
 */

export {
  apply,
  type ApplyRequest,
  type ApplyResult,
  type LivePlan,
  planLive,
} from "./apply.ts";
export {
  baseline,
  type BaselineRequest,
  type BaselineResult,
} from "./baseline.ts";
export {
  type ChangePlan,
  planBothWays,
  type ToldRenames,
  type Way,
} from "./change_plan.ts";
export { type DiffRequest, type DiffResult, diffSources } from "./diff.ts";
export {
  generate,
  type GenerateRequest,
  type GenerateResult,
} from "./generate.ts";
export type { Sizes } from "./hazard_sizes.ts";
export { planScript, type PlanScriptOptions } from "./plan_script.ts";
export { type AskRename, parseRename } from "./rename.ts";
export { type RenameBack, type RenamedSchema } from "./rename_told.ts";
export type { Digests } from "./moved.ts";
export { readSavedPlan, type SavedPlan } from "./saved_plan.ts";
export type { ScaffoldFile } from "./scaffold.ts";
export { squash, type SquashRequest, type SquashResult } from "./squash.ts";
export {
  resetAfterSquash,
  type ResetRequest,
  type ResetResult,
} from "./squash_reset.ts";
export type { PlanTimeouts } from "./way_units.ts";
