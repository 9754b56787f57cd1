/**
 * Routines whose bodies the server has parsed, while what those name is not
 * there: a routine of the same signature whose body names nothing.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { dependsOnExtension } from "./depends_on_extension.ts";
import { create, type KindStatement, qualify, type StandIn } from "./kind.ts";
import {
  isOutput,
  type Routine,
  routineSignature,
  routineStatement,
  type RoutineWord,
} from "./routine_statement.ts";
import { bareType, isOfType } from "./stored_type.ts";

/** The SQL that creates a routine. */
export function createRoutine(
  word: RoutineWord,
  routine: Routine,
): readonly KindStatement[] {
  return [
    ...(callsItself(routine)
      ? [
        create(standInStatement(word, routine)),
        create(routineStatement(`CREATE OR REPLACE ${word}`, routine)),
      ]
      : [create(routineStatement(`CREATE ${word}`, routine))]),
    ...dependsOnExtension(
      `${word} ${routineSignature(routine)}`,
      routine.payload.extensions,
    ),
  ];
}

/** A body that is parsed must find what it calls, be it the routine itself. */
function callsItself({ name, payload }: Routine): boolean {
  return payload.sqlBody?.includes(`${qualify(name)}(`) ?? false;
}

/**
 * A routine of the same signature whose body names nothing; undefined where
 * the body is a string, which does not hold what it names.
 *
 * @param word What SQL calls it.
 * @param routine The routine.
 */
export function routineStandIn(
  word: RoutineWord,
  routine: Routine,
): StandIn | undefined {
  if (routine.payload.sqlBody === undefined) return undefined;
  return {
    sql: standInStatement(word, routine),
    become: [
      create(routineStatement(`CREATE OR REPLACE ${word}`, routine)),
      ...dependsOnExtension(
        `${word} ${routineSignature(routine)}`,
        routine.payload.extensions,
      ),
    ],
    needs: (dependency) => holds(routine, dependency),
  };
}

/**
 * Whether a routine holds an object by anything but its body.
 *
 * @param routine The routine.
 * @param object The object.
 */
export function holds({ payload }: Routine, object: SchemaObject): boolean {
  const name = object.name.at(-1) ?? "";
  // An extension or a schema: whatever of it is used goes with it.
  if (object.name.length === 1) return true;
  const types = [
    ...payload.arguments.map(({ type }) => type),
    ...payload.transforms ?? [],
    payload.returns ?? "",
  ];
  return types.some((type) => isOfType(type, object)) ||
    payload.support === qualify(object.name) ||
    payload.arguments.some((argument) =>
      argument.default !== undefined &&
      (argument.default.includes(name) ||
        argument.default.includes(quoteIdentifier(name)))
    );
}

/**
 * The routine with a body that depends on nothing, and fails where it is
 * called.
 *
 * @param word What SQL calls it.
 * @param routine The routine.
 */
export function standInStatement(word: RoutineWord, routine: Routine): string {
  const { payload } = routine;
  const { support: _support, sqlBody: _sqlBody, ...rest } = payload;
  const columns = payload.arguments.filter(isOutput).map(({ type }) => type);
  const list = columns.length > 0 ? columns : [payload.returns ?? "integer"];
  return routineStatement(`CREATE OR REPLACE ${word}`, {
    ...routine,
    payload: {
      ...rest,
      body: `SELECT ${
        list.map((type) =>
          `NULL::${bareType(type) === "record" ? "text" : type}`
        )
          .join(", ")
      } WHERE 1 / 0 = 0 -- until what it uses is there\n`,
    },
  });
}
