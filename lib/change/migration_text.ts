/**
 * A change as the text of a migration file: both directions with a comment for
 * each statement, and a step where something must be committed by itself.
 *
 * @module
 */

import { kindOf } from "../kinds/registry.ts";
import type { MigrationText } from "../migrate/new_migration.ts";
import type { PlanStep } from "../plan/mod.ts";
import type { Schema } from "../schema/schema.ts";
import type { ChangePlan, Way } from "./change_plan.ts";
import { lockLines } from "../render/lock_lines.ts";
import { comment, statementText } from "./step_text.ts";

/** What is written beside the statements. */
export interface MigrationTextOptions {
  /** The schemas that the change is between. */
  readonly schemas: readonly [Schema, Schema];
  /** Codes that were allowed, for the header. */
  readonly allowed: readonly string[];
  /** Hashes of what the change touches, before and after it. */
  readonly touched: { readonly before: string; readonly after: string };
}

/**
 * Writes a change as a migration.
 *
 * @param plan The change.
 * @param options Allowed codes, hashes.
 */
export function migrationText(
  plan: ChangePlan,
  options: MigrationTextOptions,
): MigrationText {
  const { allowed, schemas: [from, to], touched } = options;
  return {
    header: [
      ...(allowed.length === 0 ? [] : [
        `-- pawl:allow ${allowed.join(",")}: allowed when this was generated`,
      ]),
      `-- pawl:before ${touched.before}`,
      `-- pawl:after ${touched.after}`,
    ],
    up: wayText(plan.up, to),
    down: wayText(plan.down, from),
  };
}

/**
 * One way as the SQL of a section.
 *
 * @param way What to run.
 * @param goal The schema that it leads to.
 */
export function wayText(way: Way, goal: Schema): string {
  return way.steps.map((step, i) =>
    `${i === 0 ? "" : stepLine(step)}${settings(step, goal)}${
      statementsText(step)
    }`
  ).join("");
}

/** What is committed as one says what it locks, once. */
function statementsText({ transactional, statements }: PlanStep): string {
  const texts = statements.map(statementText);
  return transactional
    ? comment(lockLines(statements)) + texts.join("")
    : statements.map((statement, i) =>
      comment(lockLines([statement])) + texts[i]
    ).join("");
}

function stepLine({ transactional }: PlanStep): string {
  return `\n-- pawl:step${transactional ? "" : " transaction=none"}\n`;
}

/** Bodies that are texts may name what comes later, or lies in a search path of their own. */
function settings({ statements }: PlanStep, goal: Schema): string {
  const opaque = statements.some(({ address, action }) => {
    const object = goal.objects.get(address);
    return action !== "drop" && object !== undefined &&
      kindOf(object.kind)?.body(object) !== undefined;
  });
  return opaque ? "SET LOCAL check_function_bodies = off;\n" : "";
}
