/**
 * The kind `function`: ordinary and window functions.
 *
 * @module
 */

import type { KindModule } from "./kind.ts";
import { routineKind, type RoutinePayload } from "./routine.ts";

/** The kind. */
export const FUNCTION: KindModule<"function", RoutinePayload> = routineKind(
  "function",
);
