/**
 * The columns that a scaffold is about: as they are, as they are to be, and
 * what stands beside them meanwhile. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Blocked, PlannedStatement, PlanOptions } from "../plan/mod.ts";
import { address } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { ToldRenames } from "./change_plan.ts";

/** What is scaffolded. */
export interface ScaffoldRequest {
  readonly from: Schema;
  readonly to: Schema;
  /** What wants leave. */
  readonly blocked: readonly Blocked[];
  /** Codes that have it. */
  readonly allowed: ReadonlySet<string>;
  /** Renames that were told. */
  readonly renames: ToldRenames | undefined;
  readonly options: PlanOptions;
}

/** A column that the rows may not fit. */
export interface Case {
  /** As it is to be. */
  readonly to: SchemaObject;
  /** The column that holds the values meanwhile: of a new one, itself. */
  readonly beside: SchemaObject;
}

/** A column that is there already. */
export interface Copy extends Case {
  /** As it is. */
  readonly from: SchemaObject;
  /** As it is called when the new one has its name. */
  readonly aside: SchemaObject;
}

/** Whether a column is there already, so that its values are copied. */
export function isCopy(one: Case): one is Copy {
  return "from" in one;
}

/**
 * The columns that rows may not fit.
 *
 * @param request The schemas, and what wants leave.
 * @param start The schema as it is after renames.
 * @throws {PawlError} `change-blocked` for what is no such column.
 */
export function casesOf(
  { to, blocked }: ScaffoldRequest,
  start: Schema,
): readonly Case[] {
  refuseOthers(
    blocked.filter(({ hazard, statement }) =>
      !["change-type", "add-required-column"].includes(hazard.allow ?? "") ||
      to.objects.get(statement.address)?.kind !== "column"
    ),
  );
  const addresses = new Set(blocked.map(({ statement }) => statement.address));
  return [...addresses].flatMap((at): Case[] => {
    const column = to.objects.get(at);
    if (column === undefined) return [];
    const from = start.objects.get(at);
    if (from === undefined) {
      return [{ to: column, beside: plain(column, column.name) }];
    }
    const named = (suffix: "new" | "old") => [
      ...column.name.slice(0, 2),
      freeName(column, suffix, [start, to]),
    ];
    const without = {
      default: undefined,
      identity: undefined,
      sequence: undefined,
      generated: undefined,
    };
    const copy: Copy = {
      to: column,
      from,
      beside: plain(column, named("new"), without),
      aside: plain(from, named("old"), without),
    };
    return [copy];
  });
}

/** A column under a name, without what rows may not fit. */
function plain(
  column: SchemaObject,
  name: readonly string[],
  without: SchemaObject["payload"] = {},
): SchemaObject {
  return {
    ...column,
    name,
    address: address("column", name),
    payload: { ...column.payload, notNull: false, ...without },
    position: Number.MAX_SAFE_INTEGER,
  };
}

function freeName(
  column: SchemaObject,
  suffix: "new" | "old",
  schemas: readonly Schema[],
): string {
  const [schema = "", table = "", name = ""] = column.name;
  for (let i = 1;; i++) {
    const free = `${name.slice(0, 50)}_${suffix}${i === 1 ? "" : i}`;
    const at = address("column", [schema, table, free]);
    if (!schemas.some(({ objects }) => objects.has(at))) return free;
  }
}

/**
 * Refuses what wants leave and is no column that rows may not fit.
 *
 * @param others What there is of that.
 * @throws {PawlError} `change-blocked`.
 */
export function refuseOthers(others: readonly Blocked[]): void {
  const [other] = others;
  if (other === undefined) return;
  throw new PawlError(
    "change-blocked",
    "Cannot scaffold the change: a part of it is no column that rows may not fit",
    {
      details: others.map(({ statement, hazard }) =>
        `${statement.address}: ${hazard.reason} (${hazard.allow})`
      ),
      hint: `--allow ${other.hazard.allow} writes that part as it stands`,
    },
  );
}

/** A statement about a column. */
export function planned(
  { to }: Case,
  statement: Pick<PlannedStatement, "sql"> & Partial<PlannedStatement>,
): PlannedStatement {
  return {
    phase: "create",
    address: to.address,
    action: "alter",
    ...statement,
  };
}
