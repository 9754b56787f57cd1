/**
 * How a column gets numbers of its own: identity columns, columns with a
 * sequence of their own, and the way from the one to the other.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import { type ColumnPayload, isColumn } from "./column.ts";
import {
  continueNumbers,
  identitySequence,
  keptNumber,
  sequenceOf,
} from "./column_numbers.ts";
import { columnQualified } from "./inheritance.ts";
import {
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  release,
} from "./kind.ts";
import { fitValue } from "./sequence_bounds.ts";
import { freeName } from "./stored_type.ts";

type Column = SchemaObject<"column", ColumnPayload>;

/**
 * The options of an identity column's sequence, as ADD COLUMN has them: those
 * that the server would not give it by itself.
 *
 * @returns An empty text where it has none, or no sequence.
 */
function identityOptions(payload: ColumnPayload): string {
  const { sequence } = payload;
  if (sequence === undefined) return "";
  const options = [
    ...(sequence.name === undefined
      ? []
      : [`SEQUENCE NAME ${quoteIdentifier(sequence.name)}`]),
    ...optionsAs(payload.type, sequence),
  ];
  return options.length === 0 ? "" : ` (${options.join(" ")})`;
}

type IdentitySequence = NonNullable<ColumnPayload["sequence"]>;

const LARGEST: Readonly<Record<string, string>> = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};

/**
 * What is said of a sequence while it has the type of its column: one that is
 * to have another type gets that afterwards.
 */
function optionsAs(type: string, sequence: IdentitySequence): string[] {
  const largest = BigInt(LARGEST[type] ?? 0);
  const fit = (value: string): string => {
    const number = BigInt(value);
    return String(
      number > largest
        ? largest
        : number < -largest - 1n
        ? -largest - 1n
        : number,
    );
  };
  const fitted = {
    ...sequence,
    type,
    minimum: fit(sequence.minimum),
    maximum: fit(sequence.maximum),
  };
  return isUsual(fitted) || fit(sequence.start) !== sequence.start
    ? []
    : sequenceOptions(fitted);
}

/** Whether a sequence is what the server makes where nothing is said. */
function isUsual(sequence: IdentitySequence): boolean {
  return sequence.start === "1" && sequence.increment === "1" &&
    sequence.minimum === "1" && sequence.maximum === LARGEST[sequence.type] &&
    sequence.cache === "1" && !sequence.cycle;
}

/** Everything about a sequence but its name and type, as AS IDENTITY and ALTER SEQUENCE have it. */
export function sequenceOptions(sequence: IdentitySequence): string[] {
  return [
    `START WITH ${sequence.start}`,
    `INCREMENT BY ${sequence.increment}`,
    `MINVALUE ${sequence.minimum}`,
    `MAXVALUE ${sequence.maximum}`,
    `CACHE ${sequence.cache}`,
    ...(sequence.cycle ? ["CYCLE"] : []),
  ];
}

/**
 * The clause that makes a column an identity column.
 *
 * @returns Undefined for one that is none, and for that of a partition, which
 * has no sequence and becomes one when it is attached.
 */
export function identityClause(payload: ColumnPayload): string | undefined {
  return payload.identity === undefined || payload.sequence === undefined
    ? undefined
    : `GENERATED ${payload.identity.toUpperCase()} AS IDENTITY${
      identityOptions(payload)
    }`;
}

/**
 * The statements that change what a column gets its numbers from.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function identityChanges(
  from: Column,
  to: Column,
  target: ChangeTarget,
): KindStatement[] {
  const alter = `ALTER TABLE ${qualify(to.name.slice(0, 2))} ALTER COLUMN ${
    quoteIdentifier(to.name[2] ?? "")
  }`;
  // A partition's is its parent's, since 17, and comes and goes with that.
  const own = ({ identity, sequence }: ColumnPayload) =>
    sequence === undefined ? undefined : identity;
  const was = own(from.payload);
  const is = own(to.payload);
  if (is === undefined) {
    if (was === undefined) return [];
    const kept = keptNumber(from, to, target);
    return [
      ...kept.map((sql) => release(sql)),
      release(
        `${alter} DROP IDENTITY`,
        kept.length > 0 ? {} : {
          hazards: [{
            kind: "irreversible",
            reason: `the number that ${
              qualify(to.name)
            } stands at is gone, and it gets none by itself any more`,
          }],
        },
      ),
    ];
  }
  const clause = identityClause(to.payload);
  if (was === undefined) {
    if (clause === undefined) return [];
    const owned = ownedSequence(from, target);
    const { sequence } = to.payload;
    const old = owned === undefined
      ? sequenceOf(from, target.before)?.name
      : [owned.name[0] ?? "", freeName(owned, target)];
    return [
      // The new one mostly has its name, and goes on where it stands.
      ...(owned === undefined ? [] : [
        create(`ALTER SEQUENCE ${qualify(owned.name)} OWNED BY NONE`),
        create(
          `ALTER SEQUENCE ${qualify(owned.name)} RENAME TO ${
            quoteIdentifier(old?.[1] ?? "")
          }`,
        ),
      ]),
      create(`${alter} ADD ${clause}`),
      ...(sequence?.type === to.payload.type ? [] : retyped(to)),
      ...(sequence === undefined ? [] : continueNumbers(to, {
        ...sequence,
        name: `pg_catalog.pg_get_serial_sequence(${
          quoteLiteral(qualify(to.name.slice(0, 2)))
        }, ${quoteLiteral(to.name[2] ?? "")})::pg_catalog.regclass`,
      }, old === undefined ? [] : [old])),
      ...(owned === undefined || old === undefined
        ? []
        : [create(`DROP SEQUENCE ${qualify(old)}`)]),
    ];
  }
  return [
    ...renamed(from, to, target),
    ...(was === is
      ? []
      : [create(`${alter} SET GENERATED ${is.toUpperCase()}`)]),
    ...optionChanges(from, to, alter),
  ];
}

/** The sequence that a column owned, and that is in the way of the one that it gets. */
function ownedSequence(
  from: Column,
  target: ChangeTarget,
): SchemaObject | undefined {
  return from.depends.map((dep) => target.before.objects.get(dep)).find((dep) =>
    dep?.kind === "sequence" && goesWithIdentity(dep, target)
  );
}

/**
 * Whether a sequence is dropped by the statements of the column that owned it
 * and becomes an identity column: the new sequence has its name, mostly.
 *
 * @param sequence The sequence as it was.
 * @param target What SQL is written for.
 */
export function goesWithIdentity(
  sequence: SchemaObject,
  target: ChangeTarget,
): boolean {
  if (target.objects.has(sequence.address)) return false;
  const was = columnQualified(
    String(sequence.payload.ownedBy),
    target.before.objects,
  );
  const is = target.objects.get(was?.address ?? "");
  return was !== undefined && is?.payload.sequence !== undefined &&
    was.payload.identity === undefined && was.payload.generated === undefined &&
    was.depends.includes(sequence.address);
}

/** Its sequence's name is a relation's of its own. */
function renamed(
  from: Column,
  to: Column,
  target: ChangeTarget,
): KindStatement[] {
  const was = identitySequence(from);
  const is = identitySequence(to);
  const name = is?.[1];
  if (was === undefined || name === undefined || was[1] === name) return [];
  // Whose name it is until then.
  const after = [...target.before.objects.values()].filter((object) =>
    isColumn(object)
      ? identitySequence(object)?.join() === is?.join()
      : object.kind === "sequence" && object.name.join() === is?.join()
  ).map((object) => object.address);
  return [
    create(
      `ALTER SEQUENCE ${qualify(was)} RENAME TO ${quoteIdentifier(name)}`,
      {
        after,
      },
    ),
  ];
}

/** ALTER SEQUENCE gives it a type that is not the column's. */
function retyped(to: Column): KindStatement[] {
  const { sequence } = to.payload;
  const name = identitySequence(to);
  return sequence === undefined || name === undefined ? [] : [create(
    [
      `ALTER SEQUENCE ${qualify(name)} AS ${sequence.type}`,
      ...sequenceOptions(sequence),
      ...(sequence.cycle ? [] : ["NO CYCLE"]),
    ].join(" "),
  )];
}

function optionChanges(
  from: Column,
  to: Column,
  alter: string,
): KindStatement[] {
  const was = from.payload.sequence;
  const is = to.payload.sequence;
  const name = identitySequence(to);
  if (was === undefined || is === undefined || name === undefined) return [];
  const becomes = from.payload.type === to.payload.type
    ? was.type
    : to.payload.type;
  if (is.type !== becomes) {
    return [...fitValue(qualify(name), was, is), ...retyped(to)];
  }
  // ALTER COLUMN TYPE changes the sequence's type, and a limit that was the
  // old type's to that of the new one: what is said then is what is to be.
  const all = was.type !== is.type;
  const clauses = [
    ...(all || was.start !== is.start ? [`START WITH ${is.start}`] : []),
    ...(all || was.increment !== is.increment
      ? [`INCREMENT BY ${is.increment}`]
      : []),
    ...(all || was.minimum !== is.minimum ? [`MINVALUE ${is.minimum}`] : []),
    ...(all || was.maximum !== is.maximum ? [`MAXVALUE ${is.maximum}`] : []),
    ...(was.cache === is.cache ? [] : [`CACHE ${is.cache}`]),
    ...(was.cycle === is.cycle ? [] : [is.cycle ? "CYCLE" : "NO CYCLE"]),
  ];
  if (clauses.length === 0) return [];
  return [
    ...fitValue(qualify(name), was, is),
    create(`${alter} ${clauses.map((clause) => `SET ${clause}`).join(" ")}`),
  ];
}
