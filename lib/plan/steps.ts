/**
 * From statements to steps: what is committed as one. Names no kind. Pure.
 *
 * @module
 */

import type { PlannedStatement } from "./planned_statement.ts";

/** What is committed as one, or statement by statement. */
export interface PlanStep {
  /** Whether its statements are one transaction; else each is committed by itself. */
  readonly transactional: boolean;
  /** At least one. */
  readonly statements: readonly PlannedStatement[];
}

/**
 * Cuts statements into as few steps as there can be: what cannot run in a
 * transaction, and what must not hold the locks of what came before it, goes
 * by itself.
 *
 * @param statements The statements of a plan, in order.
 */
export function stepsOf(statements: readonly PlannedStatement[]): PlanStep[] {
  const steps: { transactional: boolean; statements: PlannedStatement[] }[] =
    [];
  let committed = true;
  for (const statement of statements) {
    const transactional = statement.alone !== true &&
      (statement.phase !== "validate" || statement.brief === true);
    const last = steps.at(-1);
    if (
      last !== undefined && last.transactional === transactional && !committed
    ) last.statements.push(statement);
    else steps.push({ transactional, statements: [statement] });
    committed = transactional && statement.commits === true;
  }
  return steps;
}
