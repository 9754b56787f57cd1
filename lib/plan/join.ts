/**
 * Statements that follow each other and alter the same table in the same way,
 * as one: a table that is written anew for several columns is so once. Names no
 * kind. Pure.
 *
 * @module
 */

import type { Hazard } from "../kinds/hazard.ts";
import type { PlannedStatement } from "./planned_statement.ts";

/**
 * Joins what can be one statement with what comes before it.
 *
 * @param statements The statements of a plan, in order.
 */
export function joinClauses(
  statements: readonly PlannedStatement[],
): PlannedStatement[] {
  const joined: PlannedStatement[] = [];
  let run: PlannedStatement[] = [];
  // What is said of the same columns afterwards keeps nobody from joining.
  let behind: PlannedStatement[] = [];
  const finish = () => {
    const [first] = run;
    if (first !== undefined) joined.push(run.length === 1 ? first : join(run));
    joined.push(...behind);
    [run, behind] = [[], []];
  };
  for (const statement of statements) {
    const last = run.at(-1);
    const head = last === undefined ? undefined : headOf(last);
    if (
      last === undefined || head === undefined ||
      last.action !== statement.action || last.phase !== statement.phase
    ) finish();
    else if (run.some(({ address }) => address === statement.address)) {
      if (!statement.alone && !statement.commits) {
        behind.push(statement);
        continue;
      }
      finish();
    } else if (head !== headOf(statement)) finish();
    run.push(statement);
  }
  finish();
  return joined;
}

/**
 * The statements that a statement was joined of; itself, where it was not.
 *
 * @param statement The statement.
 */
export function partsOf(
  statement: PlannedStatement,
): readonly PlannedStatement[] {
  return statement.parts ?? [statement];
}

/** What stands before its clause; undefined for what is not to be joined. */
function headOf(
  { alone, clause, commits, sql, withheld = [] }: PlannedStatement,
): string | undefined {
  return clause === undefined || alone || commits || withheld.length > 0 ||
      !sql.endsWith(` ${clause}`)
    ? undefined
    : sql.slice(0, -clause.length - 1);
}

function join(run: readonly PlannedStatement[]): PlannedStatement {
  const [first] = run;
  if (first === undefined) throw new RangeError("nothing to join");
  const hazards = new Map<string, Hazard>();
  for (const statement of run) {
    for (const hazard of statement.hazards ?? []) {
      hazards.set(JSON.stringify(hazard), hazard);
    }
  }
  const { address, action, phase } = first;
  return {
    address,
    action,
    phase,
    sql: `${headOf(first)}\n    ${
      run.map(({ clause }) => clause).join(",\n    ")
    }`,
    hazards: [...hazards.values()],
    parts: run,
  };
}
