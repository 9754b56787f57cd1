/**
 * What is not there for a while: dropped in one transaction, and created again
 * in a later one, so that others see the schema without it. Names no kind.
 * Pure.
 *
 * @module
 */

import type { Hazard } from "../kinds/hazard.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { PlannedStatement } from "./planned_statement.ts";
import { partsOf } from "./join.ts";
import type { PlanStep } from "./steps.ts";

/**
 * Steps whose statements say what others do without until a later step.
 *
 * @param steps The steps of a plan.
 * @param schemas The schema as it is, and as it is to be.
 */
export function withAbsences(
  steps: readonly PlanStep[],
  [from, to]: readonly [Schema, Schema],
): PlanStep[] {
  /** By address: the statement that dropped it, and its transaction. */
  const dropped = new Map<string, Dropped>();
  const absent = new Map<PlannedStatement, string[]>();
  const created = new Set<string>();
  let transaction = 0;
  /** What was there for the same, under another name: a key of these columns. */
  const predecessorOf = (made: SchemaObject | undefined) => {
    if (
      made?.parent === undefined ||
      !made.depends.some((of) => to.objects.get(of)?.parent === made.parent)
    ) return undefined;
    const gone = [...dropped].find(([address]) => {
      const was = from.objects.get(address);
      return was?.kind === made.kind && was.parent === made.parent &&
        !to.objects.has(address) &&
        was.depends.join("\0") === made.depends.join("\0");
    });
    return gone?.[1];
  };
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
      // What is joined is about columns, and made with the table there. The
      // first statement makes it; a later one validates, or says more.
      if (action !== "create" || created.has(address)) continue;
      created.add(address);
      const object = from.objects.get(address);
      // An index goes with its column, a trigger with its table.
      const drop = object === undefined
        ? predecessorOf(to.objects.get(address))
        : [address, object.parent ?? "", ...object.depends]
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
          ...addresses.map((address) => absence(address, from)),
        ],
      };
    }),
  }));
}

interface Dropped {
  readonly statement: PlannedStatement;
  readonly transaction: number;
}

function absence(address: string, from: Schema): Hazard {
  return {
    kind: "absent",
    reason: from.objects.has(address)
      ? `${address} is not there until a later step creates it again`
      : `${address}, which is to take its place, is not there until a later step`,
  };
}
