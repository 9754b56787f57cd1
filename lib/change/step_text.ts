/**
 * The statements of a plan as SQL text with comments: what each is about, what
 * it may do to data or to those who work with it.
 *
 * @module
 */

import { hazardReason } from "../kinds/hazard.ts";
import { partsOf, type PlannedStatement } from "../plan/mod.ts";

/**
 * One statement with its comments, ending in a line feed. What lacks a secret
 * is a comment as a whole: it is never run with something else in its place.
 *
 * @param statement The statement.
 */
export function statementText(statement: PlannedStatement): string {
  const { action, hazards = [], sql, withheld = [] } = statement;
  const lines = [
    `${action} ${partsOf(statement).map(({ address }) => address).join(", ")}`,
    ...hazards.map((hazard) => {
      const { kind, allow } = hazard;
      const code = allow === undefined ? "" : ` (${allow})`;
      return `${kind}${code}: ${hazardReason(hazard)}`;
    }),
  ];
  if (withheld.length === 0) return `${comment(lines)}${sql};\n`;
  return comment([
    ...lines,
    `Not run: pawl does not keep secrets, and this needs ${
      withheld.join(", ")
    }. Fill in and run:`,
    `${sql};`,
  ]);
}

/**
 * Lines as SQL comments.
 *
 * @param lines The lines, without the signs of a comment.
 */
export function comment(lines: readonly string[]): string {
  // To the server a carriage return ends a comment as well.
  return lines.flatMap((line) => line.split(/\r\n|\r|\n/))
    .map((line) => `-- ${line}`.trimEnd() + "\n").join("");
}

/** Whether a statement lacks secrets, and so is text only. */
export function isWithheld({ withheld = [] }: PlannedStatement): boolean {
  return withheld.length > 0;
}
