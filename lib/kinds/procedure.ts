/**
 * The kind `procedure`.
 *
 * @module
 */

import type { KindModule } from "./kind.ts";
import { routineKind, type RoutinePayload } from "./routine.ts";

/** The kind. */
export const PROCEDURE: KindModule<"procedure", RoutinePayload> = routineKind(
  "procedure",
);
