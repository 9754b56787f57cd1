/**
 * The kind `function`: ordinary and window functions, by the types of their
 * input arguments.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { KindModule } from "./kind.ts";
import {
  createRoutine,
  holdsRoutine,
  ROUTINE_SHAPE,
  type RoutinePayload,
  routinePayload,
  routineQuery,
  routineSignature,
} from "./routine.ts";

/** The kind. */
export const FUNCTION: KindModule<"function", RoutinePayload> = {
  kind: "function",
  catalog: "pg_proc",
  shape: ROUTINE_SHAPE,
  holds: holdsRoutine,
  commentOn: (object) => `FUNCTION ${routineSignature(object)}`,
  query: (context) => routineQuery(context, "'f', 'w'"),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("function", name, row.text("identity")),
      name,
      payload: routinePayload(row),
    };
  },
  create: (object) => createRoutine("FUNCTION", object),
};
