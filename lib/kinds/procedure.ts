/**
 * The kind `procedure`, by the types of its input arguments. Like a function, it
 * is what routine.ts says.
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
export const PROCEDURE: KindModule<"procedure", RoutinePayload> = {
  kind: "procedure",
  catalog: "pg_proc",
  shape: ROUTINE_SHAPE,
  holds: holdsRoutine,
  commentOn: (object) => `PROCEDURE ${routineSignature(object)}`,
  query: (context) => routineQuery(context, "'p'"),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("procedure", name, row.text("identity")),
      name,
      payload: routinePayload(row),
    };
  },
  create: (object) => createRoutine("PROCEDURE", object),
};
