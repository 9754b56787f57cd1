/**
 * Operators and support functions of operator classes and families. A class
 * has those that its index cannot do without; the others are loose in the
 * family, and PostgreSQL decides which are which (`amadjustmembers`).
 *
 * @module
 */

import type { Row } from "./row.ts";
import { optional, type RecordOf, shape } from "../schema/shape.ts";
import { jsonColumn } from "./json_column.ts";

const OPERATORS = shape.list(shape.record({
  strategy: shape.integer(),
  /** With its argument types. */
  operator: shape.text(),
  /** The family that sorts its results, as `schema.name`; absent: a search operator. */
  orderBy: optional(shape.text()),
}));

const FUNCTIONS = shape.list(shape.record({
  support: shape.integer(),
  left: shape.type(),
  right: shape.type(),
  /** With its argument types. */
  function: shape.text(),
}));

const OIDS = shape.list(shape.text());

/** The keys of a payload with members. */
export const MEMBERS_SHAPE = {
  operators: OPERATORS,
  functions: FUNCTIONS,
} as const;

/** What a payload holds of members. */
export type MembersPayload = RecordOf<typeof MEMBERS_SHAPE>;

/**
 * The columns `operators`, `functions` and `member_rows` of a query.
 *
 * @param catalog `pg_opclass` or `pg_opfamily`: what the members hang on.
 * @param oid The expression of its OID.
 */
export function memberColumns(
  catalog: "pg_opclass" | "pg_opfamily",
  oid: string,
): string {
  // An operator depends on the family that sorts its results, too.
  const own = (member: string, alias: string) =>
    catalog === "pg_opclass"
      ? ""
      : ` AND ${alias}.${member.slice("pg_".length)}family = ${oid}`;
  const tied = (member: string, alias: string) =>
    `FROM pg_catalog.pg_depend d JOIN pg_catalog.${member} ${alias} ON ${alias}.oid = d.objid WHERE d.refclassid = 'pg_catalog.${catalog}'::regclass AND d.refobjid = ${oid} AND d.classid = 'pg_catalog.${member}'::regclass AND d.deptype IN ('a', 'i')${
      own(member, alias)
    }`;
  const sortFamily =
    "(SELECT pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(sf.opfname) FROM pg_catalog.pg_opfamily sf JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace WHERE sf.oid = ao.amopsortfamily)";
  return [
    `(SELECT pg_catalog.json_agg(pg_catalog.json_strip_nulls(pg_catalog.json_build_object('strategy', ao.amopstrategy, 'operator', ao.amopopr::regoperator::text, 'orderBy', ${sortFamily})) ORDER BY ao.amopstrategy, ao.amopopr::regoperator::text COLLATE "C") ${
      tied("pg_amop", "ao")
    }) AS operators,`,
    `(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('support', ap.amprocnum, 'left', pg_catalog.format_type(ap.amproclefttype, NULL), 'right', pg_catalog.format_type(ap.amprocrighttype, NULL), 'function', ap.amproc::regprocedure::text) ORDER BY ap.amprocnum, pg_catalog.format_type(ap.amproclefttype, NULL) COLLATE "C", pg_catalog.format_type(ap.amprocrighttype, NULL) COLLATE "C") ${
      tied("pg_amproc", "ap")
    }) AS functions,`,
    `(SELECT pg_catalog.json_agg(d.classid::regclass::text || ' ' || d.objid) FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.${catalog}'::regclass AND d.refobjid = ${oid} AND (d.classid = 'pg_catalog.pg_amproc'::regclass OR (d.classid = 'pg_catalog.pg_amop'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_amop mo WHERE mo.oid = d.objid${
      own("pg_amop", "mo")
    })))) AS member_rows`,
  ].join(" ");
}

/**
 * Reads what {@linkcode memberColumns} selected.
 *
 * @param row The row.
 */
export function readMembers(row: Row): MembersPayload {
  return {
    operators: jsonColumn(row, "operators", OPERATORS) ?? [],
    functions: jsonColumn(row, "functions", FUNCTIONS) ?? [],
  };
}

/**
 * The catalog rows that stand for the members.
 *
 * @param row The row.
 */
export function memberRows(row: Row): readonly string[] {
  return jsonColumn(row, "member_rows", OIDS) ?? [];
}

/**
 * Members as CREATE OPERATOR CLASS and ALTER OPERATOR FAMILY … ADD list them.
 *
 * @param payload The members.
 */
export function memberItems(payload: MembersPayload): string[] {
  return [
    ...payload.operators.map((member) =>
      `OPERATOR ${member.strategy} ${member.operator}${
        member.orderBy === undefined ? "" : ` FOR ORDER BY ${member.orderBy}`
      }`
    ),
    ...payload.functions.map((member) =>
      `FUNCTION ${member.support} (${member.left}, ${member.right}) ${member.function}`
    ),
  ];
}

/**
 * The members that another list has not.
 *
 * @param payload The members.
 * @param others The other list.
 */
export function membersWithout(
  payload: MembersPayload,
  others: MembersPayload,
): MembersPayload {
  const known = new Set(memberItems(others));
  const isNew = (operators: MembersPayload["operators"]) =>
  (
    functions: MembersPayload["functions"],
  ) => !known.has(memberItems({ operators, functions })[0] ?? "");
  return {
    operators: payload.operators.filter((member) => isNew([member])([])),
    functions: payload.functions.filter((member) => isNew([])([member])),
  };
}

/**
 * Members as ALTER OPERATOR FAMILY … DROP lists them: by their numbers and
 * argument types.
 *
 * @param payload The members.
 */
export function memberSlots(payload: MembersPayload): string[] {
  return [
    ...payload.operators.map(({ strategy, operator }) => {
      const [, types = ""] =
        /^(?:"(?:[^"]|"")*"|[^"(])*(\(.*)$/.exec(operator) ??
          [];
      return `OPERATOR ${strategy} ${types}`;
    }),
    ...payload.functions.map(({ support, left, right }) =>
      `FUNCTION ${support} (${left}, ${right})`
    ),
  ];
}
