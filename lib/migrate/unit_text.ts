/**
 * The texts of a unit: its statements under their time-outs, between what
 * begins it and the history that is committed with it. Pure; the offline
 * script uses the same pieces.
 *
 * @module
 */

import { refuseInvalidIndex } from "./effects.ts";
import { recordEnd, recordIntent, recordUnit } from "./record_unit.ts";
import { ScriptBuilder, type ScriptText } from "./script_text.ts";
import {
  backendAfter,
  identityAfter,
  replayed,
  writableAfter,
} from "./session_changes.ts";
import { beginStatements, identity, lockStatements } from "./session_text.ts";
import { timedStatements, timeoutsAround } from "./statement_timeouts.ts";
import type { TextContext, UnitPlace, UnitRun } from "./unit_run.ts";
import type { RunStatement, Unit } from "./units.ts";

/** The text that makes a new session as it was before a unit of a file. */
export function restoreText(
  context: TextContext,
  run: UnitRun,
  unit: number,
): readonly ScriptText[] {
  return new ScriptBuilder().addAll(beginStatements(context, true))
    .addAll(replayed(context, run, { fresh: true, before: unit }).settings)
    .add("COMMIT").texts();
}

/** What is recorded when the last unit of a run is done, before its COMMIT. */
export function endStatements(
  context: TextContext,
  run: UnitRun,
  place: UnitPlace,
): string[] {
  return [
    "RESET SESSION AUTHORIZATION",
    ...identity(context),
    ...lockStatements(context),
    ...recordEnd(context, run, place.begun),
  ];
}

/** The text of a unit that is one transaction. */
export function transactionText(
  context: TextContext,
  run: UnitRun,
  place: UnitPlace,
): readonly ScriptText[] {
  const { settings, roles } = replayed(context, run, {
    fresh: place.fresh,
    before: place.unit.number,
  });
  const builder = new ScriptBuilder().addAll(
    beginStatements(context, place.fresh),
  )
    .addAll(settings).addAll(roles);
  addStatements(builder, place.unit.statements);
  const last = place.done === run.units.length;
  if (last) addVerify(builder, run);
  const changing = [
    ...settings,
    ...roles,
    ...place.unit.statements.map((s) => s.sql),
  ];
  builder.addAll(identityAfter(context, changing))
    // Once more: the file itself may have given all locks away.
    .addAll(lockStatements(context))
    .addAll(recordUnit(context, run, { ...place, last }))
    .addAll(writableAfter(changing))
    .addAll(backendAfter(context, changing))
    .addAll(flushLater(context, changing));
  return builder.add("COMMIT").texts();
}

/**
 * In a run of several migrations only its last commit waits for the disk. The
 * log is written in order: what a crash of the server loses meanwhile is lost
 * with its history row, and a later commit that is safe makes all before it so.
 */
function flushLater(
  context: TextContext,
  statements: readonly string[],
): string[] {
  if (context.flushLater !== true) return [];
  return statements.some((sql) => /\bsynchronous_commit\b/i.test(sql))
    ? []
    : ["SET LOCAL synchronous_commit = off"];
}

/** A unit's statements and the verify section behind them. */
export function addUnit(
  builder: ScriptBuilder,
  run: UnitRun,
  unit: Unit,
): void {
  addStatements(builder, unit.statements);
  addVerify(builder, run);
}

function addStatements(
  builder: ScriptBuilder,
  statements: readonly RunStatement[],
): void {
  for (const { sql, source } of timedStatements(statements)) {
    builder.add(sql, source);
  }
}

function addVerify(builder: ScriptBuilder, run: UnitRun): void {
  if (run.verify.length === 0) return;
  builder.add("SAVEPOINT pawl_verify");
  for (const statement of run.verify) builder.add(statement.sql, statement);
  builder.add("ROLLBACK TO SAVEPOINT pawl_verify");
}

/** The text that records the intent to run a statement outside a transaction. */
export function intentText(
  context: TextContext,
  run: UnitRun,
  place: UnitPlace,
): readonly ScriptText[] {
  const [statement] = place.unit.statements;
  const { settings, roles } = replayed(context, run, {
    fresh: place.fresh,
    before: place.unit.number,
  });
  const builder = new ScriptBuilder().addAll(
    beginStatements(context, place.fresh),
  ).addAll(settings);
  const guard = statement === undefined
    ? undefined
    : refuseInvalidIndex(statement.sql);
  if (guard !== undefined && statement !== undefined) {
    builder.add(guard, statement);
  }
  return builder.addAll(recordIntent(context, run, place))
    // Last, since the records are not that role's to write.
    .addAll(writableAfter(settings)).addAll(roles).add("COMMIT")
    .addAll(timeoutsAround(statement).set).texts();
}

/** The statement by itself: a second one in the message would make a transaction of both. */
export function outsideText(statement: RunStatement): readonly ScriptText[] {
  return [{
    sql: statement.sql,
    parts: [{ offset: 0, length: statement.sql.length, source: statement }],
  }];
}

/** The text that records that a statement outside a transaction has happened. */
export function afterOutside(
  context: TextContext,
  run: UnitRun,
  place: UnitPlace,
): readonly ScriptText[] {
  const [statement] = place.unit.statements;
  const builder = new ScriptBuilder();
  builder.addAll([
    "RESET SESSION AUTHORIZATION",
    ...beginStatements(context, false),
  ]);
  builder.addAll(timeoutsAround(statement).reset);
  const ends = place.done === run.units.length && run.verify.length === 0;
  builder.addAll(
    recordUnit(context, run, { ...place, begun: true, last: ends }),
  );
  return builder.add("COMMIT").texts();
}

/**
 * The text that ends a migration whose last step was outside a transaction.
 *
 * @param fresh Whether the session is another one than the steps ran in.
 */
export function finalText(
  context: TextContext,
  run: UnitRun,
  fresh: boolean,
): readonly ScriptText[] {
  const { settings, roles } = replayed(context, run, {
    fresh,
    before: run.units.length + 1,
  });
  const builder = new ScriptBuilder().addAll(beginStatements(context, fresh))
    .addAll(settings).addAll(roles);
  addVerify(builder, run);
  builder.addAll(identityAfter(context, roles)).addAll(
    recordEnd(context, run, true),
  ).addAll(writableAfter(settings));
  return builder.add("COMMIT").texts();
}
