/**
 * The kind `operator`.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { addressParts } from "../schema/address_parts.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type KindModule,
  REPLACE,
} from "./kind.ts";

const SHAPE = {
  /** Absent: a prefix operator. */
  left: optional(shape.type()),
  right: shape.type(),
  /** As `schema.name`. */
  function: shape.text(),
  /** As `schema.operator`. */
  commutator: optional(shape.text()),
  /** As `schema.operator`. */
  negator: optional(shape.text()),
  /** The selectivity estimator for restrictions. */
  restrict: optional(shape.text()),
  /** The selectivity estimator for joins. */
  join: optional(shape.text()),
  hashes: optional(shape.boolean()),
  merges: optional(shape.boolean()),
} as const;

/** An operator's payload. */
export type OperatorPayload = RecordOf<typeof SHAPE>;

/** An SQL expression: the qualified name of the operator whose OID is `oid`, or NULL. */
function operatorName(oid: string): string {
  return `(SELECT pg_catalog.quote_ident(rn.nspname) || '.' || r.oprname FROM pg_catalog.pg_operator r JOIN pg_catalog.pg_namespace rn ON rn.oid = r.oprnamespace WHERE r.oid = ${oid})`;
}

/** The kind. */
export const OPERATOR: KindModule<"operator", OperatorPayload> = {
  kind: "operator",
  catalog: "pg_operator",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: phraseOf,
  // An operator without a function is the shell that a commutator or negator
  // left behind.
  query: (context) =>
    [
      "SELECT o.oid, 0 AS sub, n.nspname AS schema, o.oprname AS name,",
      "CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END AS left, pg_catalog.format_type(o.oprright, NULL) AS right,",
      `o.oprcode::text AS function, ${
        operatorName("o.oprcom")
      } AS commutator, ${operatorName("o.oprnegate")} AS negator,`,
      "NULLIF(o.oprrest::oid, 0)::regproc::text AS restrict, NULLIF(o.oprjoin::oid, 0)::regproc::text AS join,",
      "o.oprcanhash AS hashes, o.oprcanmerge AS merges, pg_catalog.pg_get_userbyid(o.oprowner) AS owner",
      "FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace",
      `WHERE o.oprcode::oid <> 0 AND ${context.managed} AND ${
        context.notOfExtension("pg_operator", "o.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const left = row.optional("left");
    const right = row.text("right");
    return {
      address: address("operator", name, `${left ?? "NONE"}, ${right}`),
      name,
      payload: {
        left,
        right,
        function: row.text("function"),
        commutator: row.optional("commutator"),
        negator: row.optional("negator"),
        restrict: row.optional("restrict"),
        join: row.optional("join"),
        hashes: row.boolean("hashes") ? true : undefined,
        merges: row.boolean("merges") ? true : undefined,
      },
    };
  },
  // A commutator or negator that does not exist yet becomes a shell, which
  // its own CREATE OPERATOR fills: no circle.
  create: (object) => {
    const { payload } = object;
    const parts = [`FUNCTION = ${payload.function}`];
    const add = (name: string, value: string | undefined) => {
      if (value !== undefined) parts.push(`${name} = ${value}`);
    };
    const addOperator = (name: string, value: string | undefined) =>
      add(name, value === undefined ? undefined : `OPERATOR(${value})`);
    add("LEFTARG", payload.left);
    add("RIGHTARG", payload.right);
    addOperator("COMMUTATOR", payload.commutator);
    addOperator("NEGATOR", payload.negator);
    add("RESTRICT", payload.restrict);
    add("JOIN", payload.join);
    if (payload.hashes === true) parts.push("HASHES");
    if (payload.merges === true) parts.push("MERGES");
    return [
      create(
        `CREATE OPERATOR ${operatorOf(object)} (\n    ${
          parts.join(",\n    ")
        }\n)`,
      ),
    ];
  },
  alter: alterOperator,
  rename: (object, [schema = "", name]) =>
    name === object.name[1]
      ? [
        create(
          `ALTER ${phraseOf(object)} SET SCHEMA ${quoteIdentifier(schema)}`,
        ),
      ]
      : undefined,
};

type Operator = SchemaObject<"operator", OperatorPayload>;

function phraseOf(object: Operator): string {
  const { left, right } = object.payload;
  return `OPERATOR ${operatorOf(object)} (${left ?? "NONE"}, ${right})`;
}

/** The address of an operator's commutator or negator. */
function partner(
  { payload }: Operator,
  key: "commutator" | "negator",
): string | undefined {
  const name = payload[key];
  if (name === undefined) return undefined;
  // An operator's name is never quoted and has no dot in it.
  const dot = name.lastIndexOf(".");
  const [schema = ""] = addressParts(`schema:${name.slice(0, dot)}`).parts;
  const { left = "NONE", right } = payload;
  return address(
    "operator",
    [schema, name.slice(dot + 1)],
    key === "negator" ? `${left}, ${right}` : `${right}, ${left}`,
  );
}

/** Since 17 ALTER OPERATOR sets what has not been set. */
const SETS_ONCE = 170000;

function alterOperator(
  from: Operator,
  to: Operator,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const canSet = target.version >= SETS_ONCE;
  const early: string[] = [];
  const late: string[] = [];
  for (const key of keys) {
    switch (key) {
      case "restrict":
      case "join":
        early.push(`${key.toUpperCase()} = ${to.payload[key] ?? "NONE"}`);
        break;
      case "hashes":
      case "merges":
        if (!canSet || to.payload[key] !== true) return REPLACE;
        early.push(key.toUpperCase());
        break;
      case "commutator":
      case "negator": {
        const was = partner(from, key);
        const is = partner(to, key);
        // Who goes takes the link along, who comes brings it.
        if (is === undefined && !target.objects.has(was ?? "")) break;
        if (was !== undefined || is === undefined) return REPLACE;
        if (!target.before.objects.has(is)) break;
        if (!canSet) return REPLACE;
        late.push(`${key.toUpperCase()} = OPERATOR(${to.payload[key]})`);
        break;
      }
      default:
        return REPLACE;
    }
  }
  const set = (options: readonly string[]) =>
    `ALTER ${phraseOf(to)} SET (${options.join(", ")})`;
  return altered([
    ...(early.length === 0 ? [] : [create(set(early))]),
    ...(late.length === 0 ? [] : [attach(set(late))]),
  ]);
}

/** An operator's name is never quoted. */
function operatorOf(object: SchemaObject): string {
  return `${quoteIdentifier(object.name[0] ?? "")}.${object.name[1] ?? ""}`;
}
