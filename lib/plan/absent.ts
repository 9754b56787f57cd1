/**
 * What is not there for a while: dropped in one transaction, and created again
 * in a later one, so that others see the schema without it. Names no kind.
 * Pure.
 *
 * @module
 */

import type { Hazard } from "../kinds/hazard.ts";
import type { Schema } from "../schema/schema.ts";
import type { PlannedStatement } from "./planned_statement.ts";
import { partsOf } from "./join.ts";
import type { PlanStep } from "./steps.ts";

/**
 * Steps whose statements say what others do without until a later step.
 *
 * @param steps The steps of a plan.
 * @param from The schema as it is.
 */
export function withAbsences(
  steps: readonly PlanStep[],
  from: Schema,
): PlanStep[] {
  /** By address: the statement that dropped it, and its transaction. */
  const dropped = new Map<string, Dropped>();
  const absent = new Map<PlannedStatement, string[]>();
  const created = new Set<string>();
  let transaction = 0;
  for (const step of steps) {
    transaction++;
    for (const statement of step.statements) {
      if (!step.transactional) transaction++;
      const { action, address } = statement;
      if (action === "drop") {
        for (const part of partsOf(statement)) {
          dropped.set(part.address, { statement, transaction });
        }
        continue;
      }
      // What is joined is about columns, and made with the table there.
      const object = from.objects.get(address);
      // The first statement makes it; a later one validates, or says more.
      if (action !== "create" || object === undefined || created.has(address)) {
        continue;
      }
      created.add(address);
      // An index goes with its column, a trigger with its table.
      const drop = [address, object.parent ?? "", ...object.depends]
        .map((of) => dropped.get(of)).find((found) => found !== undefined);
      if (drop === undefined || drop.transaction === transaction) continue;
      absent.set(drop.statement, [
        ...absent.get(drop.statement) ?? [],
        address,
      ]);
    }
  }
  if (absent.size === 0) return [...steps];
  return steps.map((step) => ({
    ...step,
    statements: step.statements.map((statement) => {
      const addresses = absent.get(statement);
      return addresses === undefined ? statement : {
        ...statement,
        hazards: [
          ...statement.hazards ?? [],
          ...addresses.map(absence),
        ],
      };
    }),
  }));
}

interface Dropped {
  readonly statement: PlannedStatement;
  readonly transaction: number;
}

function absence(address: string): Hazard {
  return {
    kind: "absent",
    reason: `${address} is not there until a later step creates it again`,
  };
}
