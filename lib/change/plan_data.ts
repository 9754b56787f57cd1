/**
 * A plan as plain data: format `pawl.plan/1`, which `apply --plan` reads back.
 *
 * @module
 */

import { adviceOf } from "../kinds/hazard.ts";
import { categoryOf, partsOf, type PlannedStatement } from "../plan/mod.ts";
import type { Data } from "../schema/data.ts";
import { classify } from "../sql/classify.ts";
import { splitStatements } from "../sql/split.ts";
import { type ChangePlan, statementsOf, type Way } from "./change_plan.ts";

/** The format of a plan. */
export const PLAN_FORMAT = "pawl.plan/1";

/**
 * A plan as data.
 *
 * @param plan The plan.
 */
export function planData(plan: ChangePlan): Record<string, Data> {
  const statements = new Map<string, PlannedStatement[]>();
  for (const one of statementsOf(plan.up).flatMap(partsOf)) {
    const list = statements.get(one.address);
    if (list === undefined) statements.set(one.address, [one]);
    else list.push(one);
  }
  return {
    from: plan.from,
    to: plan.to,
    postgres: plan.version,
    locking: plan.locking,
    changes: plan.up.changes.map((change) => ({
      change: change.kind,
      address: change.address,
      category: categoryOf(change, statements.get(change.address) ?? []),
      minor: change.minor,
      attributes: change.kind === "altered"
        ? change.attributes.map(({ key, from, to, minor }) => ({
          key,
          from: from ?? null,
          to: to ?? null,
          minor,
        }))
        : [],
    })),
    steps: [...stepsData(plan.up)],
    undo: [...stepsData(plan.down)],
  };
}

/**
 * What one way runs, as data.
 *
 * @param way The way.
 */
export function stepsData(way: Way): readonly Data[] {
  return way.steps.map(({ transactional, statements }) => ({
    transactional,
    statements: statements.map((statement) => {
      const [parsed] = splitStatements(`${statement.sql};`).statements;
      const kind = parsed === undefined ? undefined : classify(parsed);
      return {
        sql: statement.sql,
        action: statement.action,
        object: statement.address,
        objects: partsOf(statement).map(({ address }) => address),
        lock: {
          strong: kind?.strongLock ?? false,
          relations: kind?.relations ?? [],
          tables: [...statement.locks ?? []].map(([table, mode]) => ({
            table,
            mode,
          })),
        },
        hazards: (statement.hazards ?? []).map((hazard) => ({
          kind: hazard.kind,
          allow: hazard.allow ?? null,
          reason: hazard.reason,
          rows: hazard.size?.rows ?? null,
          better: adviceOf(hazard) ?? null,
        })),
        withheld: statement.withheld ?? [],
      };
    }),
  }));
}
