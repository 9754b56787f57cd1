/**
 * Functions and procedures as SQL: the statement that creates one, and what
 * other statements call it.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { dollarQuote, quoteLiteral } from "../sql/quote.ts";
import { type OpaqueBody, qualify } from "./kind.ts";
import type { RoutinePayload } from "./routine.ts";
import { type Argument, argumentText } from "./routine_arguments.ts";
import { listItems, settingClause } from "./setting.ts";

/** What SQL calls a routine of a kind. */
export type RoutineWord = "FUNCTION" | "PROCEDURE";

/** A function or procedure. */
export type Routine = SchemaObject<string, RoutinePayload>;

/** A routine as ALTER and COMMENT name it, such as `public.add(integer, integer)`. */
export function routineSignature(routine: Routine): string {
  return `${qualify(routine.name)}${routineTypes(routine)}`;
}

/** The types of its input arguments, such as `(integer, integer)`. */
export function routineTypes({ payload }: Routine): string {
  const types = payload.arguments.filter(isInput).map(({ type }) => type);
  return `(${types.join(", ")})`;
}

/** Whether an argument is part of what a routine is called with. */
export function isInput({ mode }: Argument): boolean {
  return mode !== "out" && mode !== "table";
}

/** Whether an argument is part of what a routine gives back. */
export function isOutput({ mode }: Argument): boolean {
  return mode === "out" || mode === "inout" || mode === "table";
}

/**
 * The place that a name has among routines. Overloads share it: while the one
 * that goes and the one that comes are both there, a call may be ambiguous or
 * mean the wrong one.
 */
export function overloadPlace(
  { name }: Pick<SchemaObject, "name">,
): readonly string[] {
  return [`pg_proc ${qualify(name)}`];
}

/**
 * The statement that says all of a routine.
 *
 * @param command `CREATE FUNCTION`, `CREATE OR REPLACE PROCEDURE` and the like.
 * @param routine The routine.
 */
export function routineStatement(command: string, routine: Routine): string {
  const { payload } = routine;
  const list = payload.arguments.filter((argument) => argument.mode !== "table")
    .map(argumentText);
  const lines = [`${command} ${qualify(routine.name)}(${list.join(", ")})`];
  if (payload.returns !== undefined) {
    lines.push(`RETURNS ${returnsText(payload)}`);
  }
  lines.push(
    [`LANGUAGE ${qualify([payload.language])}`, ...attributes(payload)].join(
      " ",
    ),
  );
  for (const [name, value] of Object.entries(payload.settings ?? {})) {
    lines.push(settingClause(name, value));
  }
  lines.push(bodyText(payload));
  return lines.join("\n");
}

/** Its body, where the server knows it as a string only. */
export function routineBody(
  word: RoutineWord,
  routine: Routine,
): OpaqueBody | undefined {
  const { body, language, settings } = routine.payload;
  if (body === undefined || language === "internal" || language === "c") {
    return undefined;
  }
  const path = settings?.search_path;
  return {
    language,
    text: body,
    statement: routineStatement(`CREATE ${word}`, routine),
    searchPath: path === undefined ? undefined : listItems(path),
  };
}

function returnsText(payload: RoutinePayload): string {
  const columns = payload.arguments.filter((argument) =>
    argument.mode === "table"
  );
  if (columns.length > 0) {
    return `TABLE(${columns.map(argumentText).join(", ")})`;
  }
  return `${payload.returnsSet ? "SETOF " : ""}${payload.returns}`;
}

function attributes(payload: RoutinePayload): string[] {
  return [
    ...(payload.transforms === undefined
      ? []
      : [`TRANSFORM ${
        payload.transforms.map((type) => `FOR TYPE ${type}`).join(", ")
      }`]),
    ...(payload.window ? ["WINDOW"] : []),
    ...(payload.volatility === undefined
      ? []
      : [payload.volatility.toUpperCase()]),
    ...(payload.strict ? ["STRICT"] : []),
    ...(payload.securityDefiner ? ["SECURITY DEFINER"] : []),
    ...(payload.leakproof ? ["LEAKPROOF"] : []),
    ...(payload.parallel === undefined
      ? []
      : [`PARALLEL ${payload.parallel.toUpperCase()}`]),
    ...(payload.cost === undefined ? [] : [`COST ${payload.cost}`]),
    ...(payload.rows === undefined ? [] : [`ROWS ${payload.rows}`]),
    ...(payload.support === undefined ? [] : [`SUPPORT ${payload.support}`]),
  ];
}

function bodyText(payload: RoutinePayload): string {
  if (payload.sqlBody !== undefined) return payload.sqlBody;
  const body = payload.body ?? "";
  return payload.library === undefined
    ? `AS ${dollarQuote(body)}`
    : `AS ${quoteLiteral(payload.library)}, ${quoteLiteral(body)}`;
}
