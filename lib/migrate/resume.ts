/**
 * Where a partial migration goes on: the steps that have run are found again
 * in the file by their tokens, however that run had cut it, and the rest is
 * cut as asked now. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { tokenHash } from "../sql/token_hash.ts";
import type { ProgressRow } from "./history.ts";
import type { PreparedMigration } from "./prepare.ts";
import type { UnitRun } from "./unit_run.ts";
import { type RunStatement, type Unit, unitOf } from "./units.ts";

/** A partial migration's row, and its steps. */
export interface Unfinished {
  /** How many steps are done. */
  readonly done: number;
  /** Steps of any migrations. */
  readonly progress: readonly ProgressRow[];
}

/**
 * Cuts a partial migration so that it goes on behind what has run: a run with
 * `--no-transaction` counts other steps than one without.
 *
 * @param prepared The migration as it would be cut from nothing.
 * @param from What has run.
 * @throws {PawlError} `checksum-mismatch` where a step that has run is not in
 * the file any more.
 */
export function resumed(
  prepared: PreparedMigration,
  from: Unfinished,
): PreparedMigration {
  const { run } = prepared;
  if (prepared.program !== undefined) return prepared;
  const units = unitsBehind(prepared, finishedSteps(run, from));
  return { ...prepared, run: { ...run, units } };
}

/**
 * The step that has run and is not in the file any more.
 *
 * @param prepared The migration as it would be cut from nothing.
 * @param from What has run.
 */
export function editedStep(
  prepared: PreparedMigration,
  from: Unfinished,
): ProgressRow | undefined {
  const steps = finishedSteps(prepared.run, from);
  if (prepared.program !== undefined) {
    return steps.find((step) => step.tokens !== prepared.run.units[0]?.tokens);
  }
  const ran = unitsThatRan(prepared, steps);
  return ran.length < steps.length ? steps[ran.length] : undefined;
}

/** The error of a step that has run and was edited. */
export function stepEdited(run: UnitRun, step: ProgressRow): PawlError {
  return new PawlError(
    "checksum-mismatch",
    `Cannot go on with ${run.file.path}: step ${step.step} has run, and was edited since`,
    {
      details: [`it ran: ${step.statement.slice(0, 500)}`],
      hint:
        "Put the statements that have run back as they were; what has not run may be changed",
    },
  );
}

function finishedSteps(run: UnitRun, from: Unfinished): ProgressRow[] {
  return from.progress.filter((p) =>
    p.version === run.version && p.direction === run.direction && p.finished &&
    p.step <= from.done
  ).sort((a, b) => a.step - b.step);
}

function unitsBehind(
  prepared: PreparedMigration,
  steps: readonly ProgressRow[],
): Unit[] {
  const units = unitsThatRan(prepared, steps);
  const missing = steps[units.length];
  if (missing !== undefined) throw stepEdited(prepared.run, missing);
  const done = units.reduce((n, unit) => n + unit.statements.length, 0);
  let passed = 0;
  for (const unit of prepared.run.units) {
    const rest = unit.statements.slice(Math.max(0, done - passed));
    passed += unit.statements.length;
    if (rest.length > 0) units.push(unitOf(units.length + 1, unit.kind, rest));
  }
  return units.length === 0 ? [...prepared.run.units] : units;
}

/** One unit for each step that ran, up to the first that is not in the file. */
function unitsThatRan(
  prepared: PreparedMigration,
  steps: readonly ProgressRow[],
): Unit[] {
  const statements = prepared.run.units.flatMap((unit) => unit.statements);
  const ends = groupEnds(prepared.groups);
  const units: Unit[] = [];
  let at = 0;
  for (const step of steps) {
    // It was one statement by itself, or all that a transaction holds.
    const end = [at + 1, ends.find((e) => e > at) ?? at + 1].find((e) =>
      tokensOf(statements.slice(at, e)) === step.tokens
    );
    if (end === undefined || end > statements.length) return units;
    const ran = statements.slice(at, end);
    units.push(unitOf(units.length + 1, kindOf(ran), ran));
    at = end;
  }
  return units;
}

function groupEnds(groups: readonly number[]): number[] {
  let end = 0;
  return groups.map((size) => end += size);
}

function tokensOf(statements: readonly RunStatement[]): string {
  return tokenHash(statements.map((s) => s.sql).join(";\n"));
}

function kindOf(ran: readonly RunStatement[]): Unit["kind"] {
  const [first] = ran;
  return ran.length === 1 && first?.class.transaction === "forbidden"
    ? "outside"
    : "transaction";
}
