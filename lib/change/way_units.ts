/**
 * One way of a change as the runner's units: the same transactions and
 * time-outs as a migration's. Pure.
 *
 * @module
 */

import type { Step } from "../migrate/model.ts";
import { type Unit, unitsOf } from "../migrate/units.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import { splitStatements, type Statement } from "../sql/split.ts";
import type { Way } from "./change_plan.ts";
import { isWithheld } from "./step_text.ts";

/** `lock_timeout` and `statement_timeout`, in milliseconds; 0 means none. */
export interface PlanTimeouts {
  /** `lock_timeout`, in milliseconds. */
  readonly lock: number;
  /** `statement_timeout`, in milliseconds. */
  readonly statement: number;
}

/** Units, and what each of their statements was made of. */
export interface WayUnits {
  readonly units: readonly Unit[];
  readonly planned: ReadonlyMap<Statement, PlannedStatement>;
}

/**
 * Cuts a way into units; what lacks a secret is left out.
 *
 * @param way The way.
 * @param timeouts Time-outs for what blocks others.
 */
export function unitsOfWay(way: Way, timeouts: PlanTimeouts): WayUnits {
  const planned = new Map<Statement, PlannedStatement>();
  const steps: Step[] = [];
  for (const { transactional, statements } of way.steps) {
    const list = statements.filter((statement) => !isWithheld(statement))
      .flatMap((statement) => {
        const [parsed] = splitStatements(`${statement.sql};`).statements;
        if (parsed === undefined) return [];
        planned.set(parsed, statement);
        return [{ sql: statement.sql, start: 0, parsed }];
      });
    if (list.length === 0) continue;
    steps.push({
      transaction: transactional ? "auto" : "none",
      timeouts: {},
      statements: list,
    });
  }
  if (steps.length === 0) return { units: [], planned };
  const units = unitsOf({ steps, verify: [], sql: "" }, { timeouts });
  return { units, planned };
}
