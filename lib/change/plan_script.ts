/**
 * One way of a change as a script for psql: the same transactions and
 * time-outs that pawl itself would run it with.
 *
 * @module
 */

import {
  timedStatements,
  timeoutsAround,
} from "../migrate/statement_timeouts.ts";
import type { RunStatement, Unit } from "../migrate/units.ts";
import { lockLines } from "../render/lock_lines.ts";
import type { Way } from "./change_plan.ts";
import { comment, isWithheld, statementText } from "./step_text.ts";
import { type PlanTimeouts, unitsOfWay } from "./way_units.ts";

/** How a script is written. */
export interface PlanScriptOptions {
  /** What its first lines say, without the signs of a comment. */
  readonly header: readonly string[];
  /** Time-outs for what blocks others. */
  readonly timeouts: PlanTimeouts;
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
  const { units, planned } = unitsOfWay(way, options.timeouts);
  const texts = units.map((unit, i) =>
    comment([
      `Step ${i + 1} of ${units.length}`,
      ...lockLines(unit.statements.flatMap(({ parsed }) => {
        const known = planned.get(parsed);
        return known === undefined ? [] : [known];
      })),
    ]) +
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
  const { statements } = unit;
  if (unit.kind === "transaction") {
    const lines = timedStatements(statements).map(({ sql, source }) =>
      source === undefined ? `${sql};\n` : text(source)
    );
    return ["BEGIN;\n", ...lines, "COMMIT;\n"].join("");
  }
  return statements.map((statement) => {
    const { set, reset } = timeoutsAround(statement);
    return [
      ...set.map((sql) => `${sql};\n`),
      text(statement),
      ...reset.map((sql) => `${sql};\n`),
    ].join("");
  }).join("");
}
