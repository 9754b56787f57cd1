/**
 * Says of each hazard of a plan how many rows it is about, where the database
 * that the plan starts from was asked. Pure.
 *
 * @module
 */

import type { Hazard, HazardKind } from "../kinds/hazard.ts";
import { descendantsOf } from "../kinds/inheritance.ts";
import { qualify } from "../kinds/kind.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import type { RelationSize } from "../render/text.ts";
import { address } from "../schema/address.ts";
import type { Schema } from "../schema/schema.ts";
import type { ToldRename } from "../sources/mod.ts";
import type { Way } from "./change_plan.ts";

/** Sizes by the addresses that relations have in the database. */
export type Sizes = ReadonlyMap<string, RelationSize>;

/** What hazards are about, and the sizes of that. */
export interface SizedFrom {
  /** The schema that the way starts from, after renames, and the one it ends at. */
  readonly schemas: readonly [Schema, Schema];
  /** Sizes by address. */
  readonly sizes: Sizes;
  /** What takes back the renames that the way begins with. */
  readonly back: readonly ToldRename[];
}

/** Kinds that are about rows. */
const OF_ROWS: ReadonlySet<HazardKind> = new Set([
  "data-loss",
  "rewrite",
  "scan",
  "lock",
  "data-dependent",
]);

/**
 * A way whose hazards say how many rows they are about.
 *
 * @param way The way.
 * @param from What it starts from.
 */
export function withSizes(way: Way, from: SizedFrom): Way {
  return {
    ...way,
    steps: way.steps.map((step) => ({
      ...step,
      statements: step.statements.map((one) => withSizesOf(one, from)),
    })),
  };
}

function withSizesOf(
  statement: PlannedStatement,
  from: SizedFrom,
): PlannedStatement {
  const { hazards, parts } = statement;
  return hazards === undefined ? statement : {
    ...statement,
    hazards: hazards.map((hazard) => sized(hazard, statement, from)),
    // What is not allowed is said of each by itself.
    ...(parts === undefined
      ? {}
      : { parts: parts.map((part) => withSizesOf(part, from)) }),
  };
}

function sized(
  hazard: Hazard,
  statement: PlannedStatement,
  from: SizedFrom,
): Hazard {
  if (!OF_ROWS.has(hazard.kind)) return hazard;
  const tables = new Set(hazard.tables ?? relationsOf(statement, from));
  const found = [...tables].flatMap((table) => sizeOf(table, from) ?? []);
  if (found.length === 0) return hazard;
  const rows = found.map((size) => size.rows);
  return {
    ...hazard,
    size: {
      // Where one was never counted the sum says nothing.
      rows: rows.includes(undefined)
        ? undefined
        : rows.reduce<number>((sum, n) => sum + (n ?? 0), 0),
      bytes: found.reduce((sum, size) => sum + size.bytes, 0),
    },
  };
}

/** The relation that a statement's object is or is a part of, and all that inherit from it. */
function relationsOf(
  { address }: PlannedStatement,
  { schemas: [from, to] }: SizedFrom,
): string[] {
  const at = (key: string | undefined) =>
    key === undefined
      ? undefined
      : from.objects.get(key) ?? to.objects.get(key);
  let whole = at(address);
  for (let above = whole; above !== undefined; above = at(above.parent)) {
    whole = above;
  }
  if (whole === undefined) return [];
  return [
    whole.address,
    ...descendantsOf(qualify(whole.name), from.objects).map((child) =>
      child.address
    ),
  ];
}

function sizeOf(
  table: string,
  { schemas: [from], sizes, back }: SizedFrom,
): RelationSize | undefined {
  const object = from.objects.get(table);
  if (object === undefined) return undefined;
  const name = back.reduce<readonly string[]>(
    (now, { from, to }) =>
      from.length <= now.length && from.every((part, i) => part === now[i])
        ? [...to, ...now.slice(from.length)]
        : now,
    object.name,
  );
  return sizes.get(address(object.kind, name)) ?? sizes.get(table);
}
