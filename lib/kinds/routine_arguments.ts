/**
 * The arguments of functions, procedures and aggregates: how the catalog has
 * them, and how SQL writes them.
 *
 * @module
 */

import type { Row } from "./row.ts";
import { optional, type RecordOf, type Shape, shape } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";

/** The keys of one argument, or of one column of `RETURNS TABLE`. */
const ARGUMENT_SHAPE = {
  /** Absent: `in`. */
  mode: optional(shape.word("out", "inout", "variadic", "table")),
  name: optional(shape.text()),
  type: shape.type(),
  default: optional(shape.expression()),
} as const;

/** One argument, or one column of `RETURNS TABLE`. */
export type Argument = RecordOf<typeof ARGUMENT_SHAPE>;

/** The shape of an argument. */
export const ARGUMENT: Shape<Argument> = shape.record(ARGUMENT_SHAPE);

/** An SQL expression: the types of the input arguments of a `pg_proc p`, as `integer, text`. */
export const IDENTITY_ARGUMENTS =
  "COALESCE((SELECT pg_catalog.string_agg(pg_catalog.format_type(u.type, NULL), ', ' ORDER BY u.i) FROM pg_catalog.unnest(p.proargtypes::oid[]) WITH ORDINALITY u (type, i)), '')";

/** An SQL expression: mode, name, type and default of each argument of a `pg_proc p`, as JSON. */
export const ARGUMENTS =
  "(SELECT pg_catalog.json_agg(pg_catalog.json_build_array(p.proargmodes[u.i], NULLIF(p.proargnames[u.i], ''), pg_catalog.format_type(u.type, NULL), CASE WHEN p.pronargdefaults > 0 THEN pg_catalog.pg_get_function_arg_default(p.oid, u.i::integer) END) ORDER BY u.i) FROM pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY u (type, i))";

const MODES: Readonly<Record<string, "out" | "inout" | "variadic" | "table">> =
  {
    o: "out",
    b: "inout",
    v: "variadic",
    t: "table",
  };

/** Reads the `arguments` of {@linkcode ARGUMENTS}. */
export function argumentsOf(row: Row): Argument[] {
  return row.tuples("arguments").map(([mode, name, type, value]) => ({
    mode: MODES[mode ?? ""],
    name,
    type: type ?? "",
    default: value,
  }));
}

/**
 * One argument as CREATE writes it.
 *
 * @param argument The argument.
 */
export function argumentText(argument: Argument): string {
  return [
    ...(argument.mode === undefined || argument.mode === "table"
      ? []
      : [argument.mode.toUpperCase()]),
    ...(argument.name === undefined ? [] : [quoteIdentifier(argument.name)]),
    argument.type,
    ...(argument.default === undefined ? [] : [`DEFAULT ${argument.default}`]),
  ].join(" ");
}
