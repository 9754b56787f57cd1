/**
 * A plan as its proof sees it: the text that is run, and what it has announced.
 *
 * @module
 */

import assert from "@std/assert";
import {
  planBothWays,
  statementsOf,
  toldRenames,
} from "../../lib/change/change_plan.ts";
import { planScript } from "../../lib/change/plan_script.ts";
import { parseRename } from "../../lib/change/rename.ts";
import { openProject } from "../../lib/migrate/project.ts";
import type { PlannedStatement } from "../../lib/plan/mod.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import type { Bench } from "./bench.ts";

/** How a change is proved. */
export interface ProofOptions {
  /** Whether plain DDL may block. */
  readonly locking: boolean;
  /** What `--rename` is given, such as `users.mail=email`. */
  readonly renames?: readonly string[];
  /** Whether the renames are told of the way back. */
  readonly back?: boolean;
}

/** A plan, as far as its proof looks at it. */
export interface Planned {
  /** What runs, with its hazards. */
  readonly statements: readonly PlannedStatement[];
  /** The SQL, as pawl writes it. */
  readonly script: string;
}

/**
 * Plans the way from one schema to another.
 *
 * @param bench Where shadows are made, for renames.
 * @param schemas The schema as it is, and as it is to be.
 * @param options How.
 */
export async function planOf(
  bench: Bench,
  [from, to]: readonly [Schema, Schema],
  { locking, renames = [], back = false }: ProofOptions,
): Promise<Planned> {
  // What was told is told of the way there; the way back follows from it.
  const [start, end] = back ? [to, from] : [from, to];
  const told = await toldRenames([start, end], renames.map(parseRename), {
    // Nobody's configuration: there is none in an empty environment.
    project: openProject({ cwd: "/", env: { HOME: "/" } }),
    shadow: bench.shadow,
  });
  const { up, down } = await planBothWays(start, end, {
    locking,
    renames: told,
  });
  const way = back ? down : up;
  const statements = statementsOf(way);
  for (const { hazards = [] } of statements) {
    for (const { reason } of hazards) assert.match(reason, /^[^A-Z].*[^.]$/);
  }
  return {
    statements,
    script: planScript(way, { header: ["A proof"], timeouts: TIMEOUTS }),
  };
}

/** Nobody else is at work there, but the machine may be slow. */
const TIMEOUTS = { lock: 60_000, statement: 60_000 };

/**
 * Whether a plan says that rows may be in its way.
 *
 * @param plan The plan.
 */
export function announces(plan: Planned): boolean {
  return plan.statements.some(({ hazards = [] }) =>
    hazards.some(({ kind }) =>
      kind === "data-dependent" || kind === "data-loss" || kind === "manual"
    )
  );
}

/**
 * Whether a plan says that it loses something of a table, or may.
 *
 * @param plan The plan.
 * @param table Such as `public.users`, quoted where needed.
 */
export function losesData(plan: Planned, table: string): boolean {
  return plan.statements.some(({ hazards = [], address, sql }) =>
    hazards.some(({ kind, reason }) =>
      (kind === "data-loss" || kind === "data-dependent") &&
      [address, sql, reason].some((text) => text.includes(table))
    )
  );
}
