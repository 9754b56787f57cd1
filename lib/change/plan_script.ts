/**
 * One way of a change as a script for psql: the same transactions and
 * time-outs that pawl itself would run it with.
 *
 * @module
 */

import type { SqlDirection, Step } from "../migrate/model.ts";
import { type RunStatement, type Unit, unitsOf } from "../migrate/units.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import { splitStatements, type Statement } from "../sql/split.ts";
import type { Way } from "./change_plan.ts";
import { comment, isWithheld, statementText } from "./step_text.ts";

/** How a script is written. */
export interface PlanScriptOptions {
  /** What its first lines say, without the signs of a comment. */
  readonly header: readonly string[];
  /** `lock_timeout` and `statement_timeout` in milliseconds. */
  readonly timeouts: { readonly lock: number; readonly statement: number };
}

/** What the session needs, whatever its defaults. */
const SETTINGS = [
  "SET client_encoding = 'UTF8';",
  "SET standard_conforming_strings = on;",
  "SET client_min_messages = warning;",
  // Bodies may name what comes later.
  "SET check_function_bodies = off;",
];

/**
 * A script that runs under `psql -v ON_ERROR_STOP=1 -f -`.
 *
 * @param way What to run.
 * @param options Its first lines, and the time-outs.
 */
export function planScript(way: Way, options: PlanScriptOptions): string {
  if (way.steps.length === 0) return comment(options.header);
  const planned = new Map<Statement, PlannedStatement>();
  const units = unitsOf(directionOf(way, planned), {
    timeouts: options.timeouts,
  });
  const texts = units.map((unit, i) =>
    comment([`Step ${i + 1} of ${units.length}`]) +
    unitText(unit, ({ parsed, sql }) => {
      const known = planned.get(parsed);
      return known === undefined ? `${sql};\n` : statementText(known);
    })
  );
  const withheld = way.steps.flatMap((step) => step.statements)
    .filter(isWithheld);
  return [
    comment(options.header),
    `${SETTINGS.join("\n")}\n`,
    ...texts,
    ...withheld.map(statementText),
  ].join("\n");
}

function unitText(
  unit: Unit,
  text: (statement: RunStatement) => string,
): string {
  const lines: string[] = [];
  let lock: number | undefined;
  let timeout: number | undefined;
  const inside = unit.kind === "transaction";
  const set = inside ? "SET LOCAL" : "SET";
  if (inside) lines.push("BEGIN;\n");
  for (const statement of unit.statements) {
    if (statement.lockTimeout !== undefined && statement.lockTimeout !== lock) {
      lock = statement.lockTimeout;
      lines.push(`${set} lock_timeout = ${lock};\n`);
    }
    if (
      statement.statementTimeout !== undefined &&
      statement.statementTimeout !== timeout
    ) {
      timeout = statement.statementTimeout;
      lines.push(`${set} statement_timeout = ${timeout};\n`);
    }
    lines.push(text(statement));
  }
  if (inside) lines.push("COMMIT;\n");
  else {
    if (lock !== undefined) lines.push("RESET lock_timeout;\n");
    if (timeout !== undefined) lines.push("RESET statement_timeout;\n");
  }
  return lines.join("");
}

/** A way as the runner takes it. */
function directionOf(
  way: Way,
  planned: Map<Statement, PlannedStatement>,
): SqlDirection {
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
  return { steps, verify: [], sql: "" };
}
