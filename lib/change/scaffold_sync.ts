/**
 * How a column of another type is kept up to date while the old one is
 * written, and how it gets the values of the rows that are there. Pure.
 *
 * @module
 */

import { baseType } from "../kinds/column_retype.ts";
import { typeChange } from "../kinds/column_type.ts";
import { NAME_BYTES, shortened } from "../kinds/stored_type.ts";
import { descendantsOf } from "../kinds/inheritance.ts";
import { qualify } from "../kinds/kind.ts";
import { kindOf } from "../kinds/registry.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import { compareAddresses } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import {
  dollarQuote,
  quoteIdentifier,
  quoteLiteral,
  quoteQualified,
} from "../sql/quote.ts";

/** A column that goes over to another type by a column beside it. */
export interface Carried {
  /** As it is. */
  readonly from: SchemaObject;
  /** As it is to be, at the same address. */
  readonly to: SchemaObject;
  /** What the column beside it is called until it takes its place. */
  readonly beside: string;
  /** What it is called once the other one has its place. */
  readonly aside: string;
  /** The value of the column beside it, of a column's name in SQL. */
  readonly value: (column: string) => string;
  /** What the function and the trigger are called that keep both alike. */
  readonly sync: { readonly function: string; readonly trigger: string };
  /**
   * The tables that the trigger is on, by their names: those of partitions come
   * with that of the whole, and those of tables that inherit do not.
   */
  readonly tables: readonly (readonly string[])[];
}

/** How many blocks of a table are filled between two commits. */
const BLOCKS = 100;

/**
 * A name that nothing has.
 *
 * @param name What it begins with, as far as it fits.
 * @param suffix What it ends with, without the `_` before it.
 * @param taken Whether something has a name.
 */
export function freeName(
  name: string,
  suffix: string,
  taken: (name: string) => boolean,
): string {
  for (let i = 1;; i++) {
    const end = `_${suffix}${i === 1 ? "" : i}`;
    const free = shortened(name, NAME_BYTES - end.length) + end;
    if (!taken(free)) return free;
  }
}

/**
 * What a column's value is as another type: as ALTER COLUMN … TYPE has it.
 *
 * @param from The column as it is, and its schema.
 * @param to The column as it is to be, and its schema.
 * @returns Makes the expression, of a column's name in SQL.
 */
export function valueOf(
  from: { readonly column: SchemaObject; readonly schema: Schema },
  to: { readonly column: SchemaObject; readonly schema: Schema },
): (column: string) => string {
  const names = ({ column, schema }: typeof from) => ({
    type: typeOf(column),
    base: baseType(column, schema),
  });
  const [was, is] = [names(from), names(to)];
  return (column) => typeChange(was, is, column).using ?? column;
}

/**
 * The tables whose rows have a column, that need a trigger of their own.
 *
 * @param column The column.
 * @param schemas The schema as it is, and as it is to be.
 */
export function tablesToSync(
  { name, parent = "" }: SchemaObject,
  schemas: readonly [Schema, Schema],
): (readonly string[])[] {
  const table = name.slice(0, 2);
  const [from, to] = schemas;
  return from.objects.get(parent)?.payload.partitionBy !== undefined
    ? [table]
    : [
      table,
      ...descendantsOf(qualify(table), from.objects)
        .filter((below) => to.objects.has(below.address))
        .map((below) => below.name),
    ];
}

/**
 * The name of a trigger that fires behind all others: they fire in the order
 * of their names, byte by byte.
 *
 * @param column The column.
 * @param schemas Where the others are.
 */
export function lastTriggerName(
  column: string,
  schemas: readonly Schema[],
): string {
  const others = schemas.flatMap(({ objects }) =>
    [...objects.values()].filter(({ kind }) => kind === "trigger")
      .map(({ name }) => name.at(-1) ?? "")
  );
  for (let first = "~";; first += "~") {
    const name = `${first}${
      shortened(column, NAME_BYTES - first.length - 5)
    }_sync`;
    if (others.every((other) => isBefore(other, name))) return name;
  }
}

function isBefore(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => new TextEncoder().encode(text));
  for (const [i, byte] of (a ?? []).entries()) {
    const against = b?.[i] ?? -1;
    if (byte !== against) return byte < against;
  }
  return one !== other;
}

/** What keeps the column beside up to date while the other one is written. */
export function syncStatements(one: Carried): PlannedStatement[] {
  const [schema = ""] = one.from.name;
  const called = quoteQualified(schema, one.sync.function);
  const trigger = quoteIdentifier(one.sync.trigger);
  const old = `NEW.${quoteIdentifier(one.from.name[2] ?? "")}`;
  return [
    planned(
      one,
      `CREATE FUNCTION ${called}() RETURNS trigger\nLANGUAGE plpgsql SET search_path TO ''\nAS ${
        dollarQuote(
          `\nBEGIN\n  NEW.${quoteIdentifier(one.beside)} := ${
            one.value(old)
          };\n  RETURN NEW;\nEND\n`,
        )
      }`,
    ),
    ...one.tables.map((table) => quoteQualified(...table)).flatMap((on) => [
      {
        ...planned(
          one,
          `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE ON ${on} FOR EACH ROW EXECUTE FUNCTION ${called}()`,
        ),
        hazards: [{
          kind: "data-dependent" as const,
          reason: `from here on a row is refused whose ${
            one.from.name[2]
          } does not turn into ${typeOf(one.to)}`,
        }],
      },
      // What a subscription applies, too, has values for both.
      planned(one, `ALTER TABLE ${on} ENABLE ALWAYS TRIGGER ${trigger}`),
    ]),
  ];
}

/** What ends that. */
export function unsyncStatements(one: Carried): PlannedStatement[] {
  const [schema = ""] = one.from.name;
  return [
    ...one.tables.map((table) =>
      planned(
        one,
        `DROP TRIGGER ${quoteIdentifier(one.sync.trigger)} ON ${
          quoteQualified(...table)
        }`,
      )
    ),
    planned(
      one,
      `DROP FUNCTION ${quoteQualified(schema, one.sync.function)}()`,
    ),
  ];
}

/**
 * What fills the column beside for the rows that are there: once over the
 * blocks that the table has when it begins. What is written meanwhile, the
 * trigger fills; so it ends, and goes on where it was ended.
 *
 * @param one The column.
 * @param schema The schema that it is in.
 */
export function backfillStatement(
  one: Carried,
  schema: Schema,
): PlannedStatement {
  const table = quoteQualified(...one.from.name.slice(0, 2));
  const column = quoteIdentifier(one.from.name[2] ?? "");
  const beside = quoteIdentifier(one.beside);
  const name = `${quoteLiteral(table)}::pg_catalog.regclass`;
  const whole = schema.objects.get(one.from.parent ?? "");
  const parts = whole !== undefined &&
    (kindOf(whole.kind)?.kin(whole, schema.objects).length ?? 0) > 0;
  const size = parts
    ? `(
    WITH RECURSIVE parts (oid) AS (
      SELECT ${name}::oid
      UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN parts p ON p.oid = i.inhparent
    )
    SELECT max(pg_catalog.pg_relation_size(oid)) FROM parts
  )`
    : `pg_catalog.pg_relation_size(${name})`;
  const sql = `DO ${
    dollarQuote(`
DECLARE
  blocks CONSTANT bigint := ${size} / pg_catalog.current_setting('block_size')::bigint;
  block bigint := 0;
BEGIN
  WHILE block <= blocks LOOP
    -- Rather fail than leave rows out that a policy hides.
    SET LOCAL row_security TO off;
    -- The trigger ${one.sync.trigger} gives each row its value.
    UPDATE ${table} SET ${beside} = NULL
    WHERE ctid >= pg_catalog.format('(%s,0)', block)::tid
      AND ctid < pg_catalog.format('(%s,0)', block + ${BLOCKS})::tid
      AND ${beside} IS NOT DISTINCT FROM NULL
      AND ${column} IS DISTINCT FROM NULL;
    COMMIT;
    block := block + ${BLOCKS};
  END LOOP;
END
`)
  }`;
  return { ...planned(one, sql), alone: true };
}

/**
 * What fails where a row has no value in the column beside, before the other
 * one goes: where the rows were not filled, or a trigger was off.
 *
 * @param one The column.
 */
export function filledStatement(one: Carried): PlannedStatement {
  const table = quoteQualified(...one.from.name.slice(0, 2));
  const message =
    `rows of ${table} have no ${one.beside} yet: fill them first, or take this statement out where NULL is meant`;
  const sql = `DO ${
    dollarQuote(`
BEGIN
  SET LOCAL row_security TO off;
  IF EXISTS (
    SELECT FROM ${table}
    WHERE ${quoteIdentifier(one.beside)} IS NOT DISTINCT FROM NULL
      AND ${quoteIdentifier(one.from.name[2] ?? "")} IS DISTINCT FROM NULL
  ) THEN
    RAISE EXCEPTION USING MESSAGE = ${quoteLiteral(message)};
  END IF;
END
`)
  }`;
  return planned(one, sql);
}

/**
 * The triggers of a table that writing a row's column beside fires, too.
 *
 * @param one The column.
 * @param schema The schema that it is in.
 */
export function firedTriggers(one: Carried, schema: Schema): string[] {
  const tables = new Set(one.tables.map((table) => qualify(table)));
  return [...schema.objects.values()].filter(({ kind, name, payload }) =>
    kind === "trigger" && tables.has(qualify(name.slice(0, 2))) &&
    payload.state !== "disabled" &&
    /^CREATE (CONSTRAINT )?TRIGGER [^]*? (BEFORE|AFTER) (INSERT OR )?(DELETE OR )?UPDATE(?! OF )/
      .test(String(payload.definition))
  ).sort((a, b) => compareAddresses(a.address, b.address))
    .map(({ name }) => name.at(-1) ?? "");
}

function typeOf({ payload }: SchemaObject): string {
  return typeof payload.type === "string" ? payload.type : "text";
}

function planned(one: Carried, sql: string): PlannedStatement {
  return { sql, phase: "create", address: one.to.address, action: "alter" };
}
