/**
 * The kind `aggregate`: ordinary, ordered-set and hypothetical-set ones.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { canReplaceAggregate } from "./aggregate_alter.ts";
import { altered, create, type KindModule, qualify, REPLACE } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import { functionName } from "./routine.ts";
import { overloadPlace } from "./routine_statement.ts";
import {
  ARGUMENT,
  type Argument,
  ARGUMENTS,
  argumentsOf,
  argumentText,
  IDENTITY_ARGUMENTS,
} from "./routine_arguments.ts";

const MODIFY = shape.word("read_only", "shareable", "read_write");

/** The state that a moving aggregate keeps, and the plain one's. */
const STATE = {
  type: shape.type(),
  /** The transition function, as `schema.name`; so are all functions here. */
  function: shape.text(),
  /** `SSPACE`: the average size of the state in bytes, for the planner. */
  space: optional(minor(shape.integer())),
  initial: optional(shape.text()),
  final: optional(shape.text()),
  finalExtra: optional(shape.boolean()),
  /** Where it is not the usual one of its kind. */
  finalModify: optional(MODIFY),
} as const;

const SHAPE = {
  /** Those before ORDER BY and those behind it. */
  arguments: shape.list(ARGUMENT),
  /** Absent for an ordinary aggregate. */
  orderedSet: optional(shape.record({
    /** How many arguments stand before ORDER BY. */
    direct: shape.integer(),
    hypothetical: shape.boolean(),
  })),
  state: shape.record(STATE),
  /** The inverse transition function is `inverse`. */
  moving: optional(shape.record({ ...STATE, inverse: shape.text() })),
  combine: optional(shape.text()),
  serialize: optional(shape.text()),
  deserialize: optional(shape.text()),
  /** As `schema.operator`. */
  sortOperator: optional(shape.text()),
  parallel: optional(shape.word("safe", "restricted")),
} as const;

/** An aggregate's payload. */
export type AggregatePayload = RecordOf<typeof SHAPE>;

const MODIFIES: Readonly<
  Record<string, "read_only" | "shareable" | "read_write">
> = {
  r: "read_only",
  s: "shareable",
  w: "read_write",
};

/** The kind. */
export const AGGREGATE: KindModule<"aggregate", AggregatePayload> = {
  kind: "aggregate",
  catalog: "pg_proc",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `AGGREGATE ${aggregateSignature(object)}`,
  query: (context) =>
    [
      "SELECT p.oid, 0 AS sub, n.nspname AS schema, p.proname AS name,",
      `${IDENTITY_ARGUMENTS} AS identity, ${ARGUMENTS} AS arguments, p.proparallel AS parallel,`,
      "a.aggkind AS kind, a.aggnumdirectargs AS direct, a.aggfinalextra AS final_extra, a.aggmfinalextra AS moving_final_extra,",
      "NULLIF(a.aggfinalmodify, CASE a.aggkind WHEN 'n' THEN 'r'::\"char\" ELSE 'w' END) AS final_modify, NULLIF(a.aggmfinalmodify, CASE a.aggkind WHEN 'n' THEN 'r'::\"char\" ELSE 'w' END) AS moving_final_modify,",
      "pg_catalog.format_type(a.aggtranstype, NULL) AS type, CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END AS moving_type,",
      "NULLIF(a.aggtransspace, 0) AS space, NULLIF(a.aggmtransspace, 0) AS moving_space, a.agginitval AS initial, a.aggminitval AS moving_initial,",
      ...Object.entries(FUNCTIONS).map(([name, column]) =>
        `${functionName(`a.${column}`)} AS ${name},`
      ),
      "(SELECT pg_catalog.quote_ident(opn.nspname) || '.' || op.oprname FROM pg_catalog.pg_operator op JOIN pg_catalog.pg_namespace opn ON opn.oid = op.oprnamespace WHERE op.oid = a.aggsortop) AS sort_operator,",
      "pg_catalog.pg_get_userbyid(p.proowner) AS owner, pg_catalog.to_json(p.proacl::text[]) AS acl",
      "FROM pg_catalog.pg_aggregate a JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_proc", "p.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const kind = row.text("kind");
    const parallel = row.text("parallel");
    const movingType = row.optional("moving_type");
    const state = (prefix: "" | "moving_") => ({
      function: row.text(`${prefix}function`),
      space: row.optionalInteger(`${prefix}space`),
      initial: row.optional(`${prefix}initial`),
      final: row.optional(`${prefix}final`),
      finalExtra: row.boolean(`${prefix}final_extra`) ? true : undefined,
      finalModify: MODIFIES[row.optional(`${prefix}final_modify`) ?? ""],
    });
    return {
      address: address("aggregate", name, row.text("identity")),
      name,
      payload: {
        arguments: argumentsOf(row),
        orderedSet: kind === "n"
          ? undefined
          : { direct: row.integer("direct"), hypothetical: kind === "h" },
        state: { type: row.text("type"), ...state("") },
        moving: movingType === undefined ? undefined : {
          type: movingType,
          ...state("moving_"),
          inverse: row.text("inverse"),
        },
        combine: row.optional("combine"),
        serialize: row.optional("serialize"),
        deserialize: row.optional("deserialize"),
        sortOperator: row.optional("sort_operator"),
        parallel: parallel === "s"
          ? "safe"
          : parallel === "r"
          ? "restricted"
          : undefined,
      },
    };
  },
  create: (object) => [create(aggregateStatement("CREATE AGGREGATE", object))],
  alter: (from, to, keys, target) =>
    canReplaceAggregate(from, to, keys, target)
      ? altered([
        create(aggregateStatement("CREATE OR REPLACE AGGREGATE", to)),
      ])
      : REPLACE,
  occupies: overloadPlace,
  rename: (object, name) =>
    renameStatements("ALTER AGGREGATE", object.name, {
      name,
      suffix: aggregateTypes(object),
    }),
};

const FUNCTIONS: Readonly<Record<string, string>> = {
  function: "aggtransfn",
  final: "aggfinalfn",
  combine: "aggcombinefn",
  serialize: "aggserialfn",
  deserialize: "aggdeserialfn",
  moving_function: "aggmtransfn",
  inverse: "aggminvtransfn",
  moving_final: "aggmfinalfn",
};

function aggregateStatement(
  command: string,
  object: SchemaObject<string, AggregatePayload>,
): string {
  const { payload } = object;
  const { moving, orderedSet, sortOperator } = payload;
  const usual = orderedSet === undefined ? "read_only" : "read_write";
  const state = (prefix: "" | "M", from: AggregatePayload["state"]) => [
    ...(prefix === "" ? [`SFUNC = ${from.function}`] : []),
    `${prefix}STYPE = ${from.type}`,
    ...(from.space === undefined ? [] : [`${prefix}SSPACE = ${from.space}`]),
    ...(from.final === undefined ? [] : [`${prefix}FINALFUNC = ${from.final}`]),
    ...(from.finalExtra ? [`${prefix}FINALFUNC_EXTRA`] : []),
    ...(from.finalModify === undefined || from.finalModify === usual
      ? []
      : [`${prefix}FINALFUNC_MODIFY = ${from.finalModify.toUpperCase()}`]),
    ...(from.initial === undefined
      ? []
      : [`${prefix}INITCOND = ${quoteLiteral(from.initial)}`]),
  ];
  const operator = sortOperator === undefined
    ? []
    : [`SORTOP = OPERATOR(${sortOperator})`];
  const items = [
    ...state("", payload.state),
    ...(payload.combine === undefined
      ? []
      : [`COMBINEFUNC = ${payload.combine}`]),
    ...(payload.serialize === undefined
      ? []
      : [`SERIALFUNC = ${payload.serialize}`]),
    ...(payload.deserialize === undefined
      ? []
      : [`DESERIALFUNC = ${payload.deserialize}`]),
    ...(moving === undefined ? [] : [
      `MSFUNC = ${moving.function}`,
      `MINVFUNC = ${moving.inverse}`,
      ...state("M", moving),
    ]),
    ...operator,
    ...(payload.parallel === undefined
      ? []
      : [`PARALLEL = ${payload.parallel.toUpperCase()}`]),
    ...(orderedSet?.hypothetical ? ["HYPOTHETICAL"] : []),
  ];
  return `${command} ${aggregateSignature(object, argumentText)} (\n    ${
    items.join(",\n    ")
  }\n)`;
}

/** An aggregate as ALTER, COMMENT and (with names) CREATE write it, such as `public.sum(integer)`. */
function aggregateSignature(
  object: SchemaObject<string, AggregatePayload>,
  write: typeof argumentText = withoutName,
): string {
  return `${qualify(object.name)}${aggregateTypes(object, write)}`;
}

function aggregateTypes(
  { payload }: SchemaObject<string, AggregatePayload>,
  write: typeof argumentText = withoutName,
): string {
  const list = payload.arguments.map(write);
  const direct = payload.orderedSet?.direct;
  if (direct === undefined) {
    return `(${list.length === 0 ? "*" : list.join(", ")})`;
  }
  // One VARIADIC argument stands for the direct and the aggregated ones.
  const aggregated = direct < list.length ? list.slice(direct) : list.slice(-1);
  const before = list.slice(0, direct).join(", ");
  return `(${before === "" ? "" : `${before} `}ORDER BY ${
    aggregated.join(", ")
  })`;
}

function withoutName({ mode, type }: Argument): string {
  return `${mode === "variadic" ? "VARIADIC " : ""}${type}`;
}
