/**
 * The proof of a plan: SQL made from two schemas, run as text on a database
 * that holds the first one, leaves a database that is the second one, by
 * pawl's own reading, by pg_dump's and by the plan of what is left to do. Rows
 * are put in first and must be there afterwards.
 *
 * @module
 */

import { readSchema } from "../../lib/catalog/read.ts";
import { prepareForms } from "../../lib/diff.ts";
import { kindOf } from "../../lib/kinds/registry.ts";
import { objectHashes, schemaHash } from "../../lib/schema/hash.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import { type Bench, loadInto } from "./bench.ts";
import type { ScriptError } from "./empty_database.ts";
import { fillRows, lostRows, readRows, type TableRows } from "./fill_rows.ts";
import { dumpDifferences } from "./pg_dump.ts";
import {
  announces,
  losesData,
  type Planned,
  planOf,
  type ProofOptions,
} from "./planned.ts";
import { differences } from "./six_servers.ts";

/** What was loaded once to be compared with. */
export interface Goal {
  /** The DDL. */
  readonly sql: string;
  /** What was read of it. */
  readonly schema: Schema;
  /** What pg_dump says; undefined where there is none. */
  readonly dump: string | undefined;
}

/** Where a proof failed. */
export type Stage =
  | "load"
  | "plan"
  | "run"
  | "schema"
  | "again"
  | "dump"
  | "rows";

/** Why a proof failed. */
export interface Problem {
  readonly stage: Stage;
  /** One line, such as the server's message. */
  readonly summary: string;
  /** What else there is to say: the statement, the differences. */
  readonly details: readonly string[];
}

/** A change that was proved, or not. */
export interface Proof {
  /** Nothing where it holds. */
  readonly problems: readonly Problem[];
  /** The SQL; undefined where none could be made. */
  readonly script: string | undefined;
  /** Rows that were there, and how many tables had some. */
  readonly filled: number;
  /** Whether it was run without rows, since it announced that they may be in its way. */
  readonly withoutRows: boolean;
}

/**
 * Loads DDL into an emptied bench and reads what is there.
 *
 * @param bench The bench.
 * @param sql The DDL.
 * @returns The goal, or why it cannot be loaded.
 */
export async function loadGoal(
  bench: Bench,
  sql: string,
): Promise<Goal | ScriptError> {
  await bench.clear();
  const failed = await loadInto(bench, sql);
  if (failed !== undefined) return failed;
  return { sql, schema: await read(bench), dump: await bench.dump() };
}

/**
 * Proves the way from one schema to another.
 *
 * @param bench The bench; whatever is in it is removed.
 * @param change Both schemas, from {@linkcode loadGoal} on the same bench.
 * @param options How.
 */
export async function proveChange(
  bench: Bench,
  change: { readonly from: Goal; readonly to: Goal },
  options: ProofOptions,
): Promise<Proof> {
  const { from, to } = change;
  let plan: Planned;
  try {
    plan = await planOf(bench, [from.schema, to.schema], options);
  } catch (error) {
    const problem: Problem = {
      stage: "plan",
      summary: error instanceof Error ? error.message : String(error),
      details: [error instanceof Error ? error.stack ?? "" : ""],
    };
    return {
      problems: [problem],
      script: undefined,
      filled: 0,
      withoutRows: false,
    };
  }
  return await provePlan(bench, { from, to, plan }, options);
}

/**
 * Proves a plan: what its text does.
 *
 * @param bench The bench; whatever is in it is removed.
 * @param change Both schemas, and the plan.
 * @param options How it was made.
 */
export async function provePlan(
  bench: Bench,
  change: { readonly from: Goal; readonly to: Goal; readonly plan: Planned },
  options: ProofOptions,
): Promise<Proof> {
  const { from, to, plan } = change;
  const { script } = plan;
  let rows = await loadWithRows(bench, from.sql, true);
  if (!Array.isArray(rows)) return unloaded(rows, script);
  let failed = await bench.run(script);
  let withoutRows = false;
  // A row in the way is no fault where the plan said that it might be.
  if (
    failed !== undefined && rows.length > 0 && isAboutRows(failed) &&
    announces(plan)
  ) {
    withoutRows = true;
    rows = await loadWithRows(bench, from.sql, false);
    if (!Array.isArray(rows)) return unloaded(rows, script);
    failed = await bench.run(script);
  }
  const filled = rows.length;
  const problems = failed === undefined
    ? await compare(bench, to, { plan, rows, options })
    : [{
      stage: "run" as const,
      summary: isAboutRows(failed) && filled > 0
        ? `${failed.message} [with rows, and no hazard that says so]`
        : failed.message,
      details: failed.statement === undefined ? [] : [failed.statement],
    }];
  return { problems, script, filled, withoutRows };
}

/** A row or a value was refused: classes 22 and 23 of SQLSTATE. */
function isAboutRows({ sqlstate }: ScriptError): boolean {
  return /^2[23]/.test(sqlstate);
}

async function loadWithRows(
  bench: Bench,
  sql: string,
  wanted: boolean,
): Promise<TableRows[] | ScriptError> {
  await bench.clear();
  const failed = await loadInto(bench, sql);
  if (failed !== undefined) return failed;
  if (!wanted) return [];
  await fillRows(bench.session);
  return await readRows(bench.session);
}

function unloaded(failed: ScriptError, script: string): Proof {
  const problem: Problem = {
    stage: "load",
    summary: failed.message,
    details: failed.statement === undefined ? [] : [failed.statement],
  };
  return { problems: [problem], script, filled: 0, withoutRows: false };
}

/** What was reached, and what was to be. */
async function compare(
  bench: Bench,
  to: Goal,
  run: {
    readonly plan: Planned;
    readonly rows: readonly TableRows[];
    readonly options: ProofOptions;
  },
): Promise<Problem[]> {
  const reached = await read(bench);
  const problems: Problem[] = [];
  const different = await schemaDifferences(reached, to.schema);
  const [first] = different;
  if (first !== undefined) {
    problems.push({ stage: "schema", summary: first, details: different });
  }
  const again = await planOf(bench, [reached, to.schema], {
    locking: run.options.locking,
  });
  const [left] = again.statements;
  // What differs is to be done; what does not is not.
  if (left !== undefined && different.length === 0) {
    problems.push({
      stage: "again",
      summary: `a second plan is not empty: ${left.sql}`,
      details: again.statements.map(({ sql }) => sql),
    });
  }
  const dump = await bench.dump();
  if (dump !== undefined && to.dump !== undefined && different.length === 0) {
    const dumped = dumpDifferences(dump, to.dump);
    const [one] = dumped;
    if (one !== undefined) {
      problems.push({
        stage: "dump",
        summary: one.split("\n").slice(0, 2).join(" "),
        details: dumped,
      });
    }
  }
  const now = run.rows.length === 0 ? [] : await readRows(bench.session);
  // What was renamed is not where it was.
  const renamed = (run.options.renames ?? []).length > 0;
  const lost = (renamed ? [] : lostRows(run.rows, now)).filter(({ table }) =>
    !losesData(run.plan, table)
  );
  const [loss] = lost;
  if (loss !== undefined) {
    problems.push({
      stage: "rows",
      summary: loss.what,
      details: lost.map(({ what }) => what),
    });
  }
  return problems;
}

/** One line a difference; nothing where the hashes are equal. */
async function schemaDifferences(
  reached: Schema,
  wanted: Schema,
): Promise<string[]> {
  const forms = await prepareForms(
    [reached, wanted],
    (kind) => kindOf(kind)?.shape,
  );
  const [is, be] = [reached, wanted].map((schema) =>
    schemaHash(objectHashes(schema, forms.whole))
  );
  const found = await differences([
    { name: "reached", schema: reached },
    { name: "wanted", schema: wanted },
  ]);
  if ((found.length === 0) !== (is === be)) {
    return [
      `the hashes are ${is} and ${be}, and ${found.length} fields differ`,
    ];
  }
  return found.map(({ address, field, values }) =>
    `${address}${field === undefined ? "" : `.${field}`}: ${
      values.map(({ names, value }) => `${names.join(", ")} ${value}`).join(
        "; ",
      )
    }`
  );
}

async function read(bench: Bench): Promise<Schema> {
  return await readSchema(bench.session, {
    managedSchemas: undefined,
    historySchema: "pawl",
    dependencies: true,
  });
}
