/**
 * Where a column's numbers go on when it gets them from another sequence: at
 * one that no row has, or had.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { ColumnPayload } from "./column.ts";
import {
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { freeName } from "./stored_type.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/** The schema and name of an identity column's sequence; undefined where there is none. */
export function identitySequence(
  column: Column,
): readonly string[] | undefined {
  const [schema = "", table = "", name = ""] = column.name;
  const { sequence } = column.payload;
  return sequence === undefined
    ? undefined
    : [schema, sequence.name ?? `${table}_${name}_seq`];
}

/**
 * The sequence that a column's default takes its numbers from.
 *
 * @param column The column.
 * @param target The schema that it is in.
 */
export function sequenceOf(
  column: Column,
  target: CreateTarget,
): SchemaObject | undefined {
  return column.depends.map((dep) => target.objects.get(dep)).find((dep) =>
    dep?.kind === "sequence"
  );
}

/**
 * An identity's number for the sequence that is to follow it, which may have
 * the same name and cannot be there yet.
 *
 * @param from The column as it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 * @returns Statements for as long as the identity is there.
 */
export function keptNumber(
  from: Column,
  to: Column,
  target: ChangeTarget,
): readonly string[] {
  const was = identitySequence(from);
  const keeper = keeperOf(from, to, target);
  if (was === undefined || keeper === undefined) return [];
  const name = qualify(keeper);
  return [
    `CREATE SEQUENCE ${name} MINVALUE ${LEAST} START WITH 1`,
    `SELECT pg_catalog.setval(${quoteLiteral(name)}, ${lastOf(was)})`,
  ];
}

const LEAST = "-9223372036854775808";

/** The name of the sequence that keeps an identity's number; undefined where it is not wanted. */
function keeperOf(
  from: Column,
  to: Column,
  target: ChangeTarget,
): readonly string[] | undefined {
  const was = identitySequence(from);
  return was === undefined || to.payload.sequence !== undefined ||
      !takesNumbers(to) || sequenceOf(to, target) === undefined
    ? undefined
    : [was[0] ?? "", freeName({ ...from, name: was }, target)];
}

/** Whether a column's default takes numbers from a sequence. */
function takesNumbers({ payload }: Column): boolean {
  return payload.default?.startsWith("nextval(") === true &&
    INTEGERS.test(payload.type);
}

const INTEGERS = /^(smallint|integer|bigint)$/;

/** The last number that a sequence has given, as SQL; NULL where it has given none. */
function lastOf(sequence: readonly string[]): string {
  return `pg_catalog.pg_sequence_last_value(${
    quoteLiteral(qualify(sequence))
  })`;
}

/**
 * Makes the next number one that no row has, where a column with rows gets
 * another sequence. What another server has in a foreign table is not read.
 *
 * @param column The column, as it is to be.
 * @param sequence What the sequence counts, and its name as a `regclass` in SQL.
 * @param old Names of the sequences that it follows.
 */
export function continueNumbers(
  column: SchemaObject,
  sequence: {
    readonly start: string;
    readonly increment: string;
    readonly minimum: string;
    readonly maximum: string;
    readonly name: string;
  },
  old: readonly (readonly string[])[] = [],
): KindStatement[] {
  const name = quoteIdentifier(column.name[2] ?? "");
  const { start, minimum, maximum } = sequence;
  const down = sequence.increment.startsWith("-");
  const foreign = column.parent?.startsWith("foreign_table:") === true;
  const lasts = [
    ...(foreign ? [] : [`pg_catalog.${down ? "min" : "max"}(${name})`]),
    // Numbers of rows that are gone are not given again.
    ...old.map(lastOf),
  ];
  const [first] = lasts;
  if (first === undefined) return [];
  const last = lasts.length === 1
    ? first
    : `${down ? "LEAST" : "GREATEST"}(${lasts.join(", ")})`;
  const between = down ? `${minimum} AND ${start}` : `${start} AND ${maximum}`;
  const from = foreign ? "" : ` FROM ${qualify(column.name.slice(0, 2))}`;
  return [create(
    `SELECT pg_catalog.setval(${sequence.name}, ${last})${from} HAVING ${last} BETWEEN ${between}`,
  )];
}

/**
 * Makes a sequence that is new go on behind the numbers that rows have already.
 *
 * @param from The column as it was.
 * @param to As it is to be, with a default that takes its numbers from it.
 * @param target What SQL is written for.
 */
export function continueDefault(
  from: Column,
  to: Column,
  target: ChangeTarget,
): KindStatement[] {
  const sequence = sequenceOf(to, target);
  // One that was there stands where it is to stand.
  return sequence === undefined || target.before.objects.has(sequence.address)
    ? []
    : behind({ from, to, sequence }, []);
}

/**
 * The same for a column that stays, so that what it got its numbers from is
 * there too: the numbers of rows that are gone are not given again.
 *
 * @param from The column as it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function followNumbers(
  from: Column,
  to: Column,
  target: ChangeTarget,
): KindStatement[] {
  const sequence = sequenceOf(to, target);
  if (sequence === undefined) return [];
  const keeper = keeperOf(from, to, target);
  const was = keeper ?? sequenceOf(from, target.before)?.name;
  const isNew = !target.before.objects.has(sequence.address);
  // One that was there stands where it is to stand, unless it gives numbers
  // that another one has given.
  if (
    !isNew && (was === undefined || qualify(was) === qualify(sequence.name))
  ) {
    return [];
  }
  return [
    ...behind({ from, to, sequence }, [
      ...(was === undefined ? [] : [was]),
      ...(isNew ? [] : [sequence.name]),
    ]),
    ...(keeper === undefined
      ? []
      : [create(`DROP SEQUENCE ${qualify(keeper)}`)]),
  ];
}

function behind(
  { from, to, sequence }: {
    readonly from: Column;
    readonly to: Column;
    readonly sequence: SchemaObject;
  },
  old: readonly (readonly string[])[],
): KindStatement[] {
  if (!takesNumbers(to) || !INTEGERS.test(from.payload.type)) return [];
  const { start, increment, minimum, maximum } = sequence.payload;
  return continueNumbers(to, {
    start: String(start),
    increment: String(increment),
    minimum: String(minimum),
    maximum: String(maximum),
    name: `${quoteLiteral(qualify(sequence.name))}::pg_catalog.regclass`,
  }, old);
}
