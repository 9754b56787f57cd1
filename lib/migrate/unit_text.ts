/**
 * The texts of a unit: what begins it, its statements under their time-outs,
 * the history that is committed with it. Pure; the offline script uses the
 * same pieces.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { probeStatement, refuseInvalidIndex } from "./effects.ts";
import type { Execution } from "./execution.ts";
import {
  assertLock,
  forgetSteps,
  type RecordedFile,
  recordEvent,
  recordMigration,
  recordPartialDown,
  recordProgress,
  recordReplacedDown,
  recordStep,
} from "./history_sql.ts";
import type { FileStatement, FileText } from "./model.ts";
import { redactSecrets } from "./redact_sql.ts";
import { ScriptBuilder, type ScriptText } from "./script_text.ts";
import type { RunStatement, Unit } from "./units.ts";

/** What the texts must know of a run: no connection, so that a script can be written without one. */
export interface TextContext {
  readonly scope: Execution["scope"];
  readonly toolVersion: string;
  readonly runId: string;
  readonly origin: string;
  readonly role: string | undefined;
  readonly searchPath: string | undefined;
  readonly lock: { readonly pid: number } | undefined;
  readonly session: { readonly info: { readonly pooled: boolean } };
}

/** What records are made from: the part of {@linkcode TextContext} that names no session. */
export type RecordContext = Pick<TextContext, "scope" | "toolVersion" | "runId" | "origin">;

/** One direction of one migration, ready to run. */
export interface UnitRun {
  readonly version: string;
  readonly direction: "up" | "down";
  readonly units: readonly Unit[];
  readonly verify: readonly FileStatement[];
  /** The text that offsets count in. */
  readonly file: FileText;
  readonly recorded: RecordedFile;
  /** Versions whose rows go with this one's when it is undone. */
  readonly replaces: readonly string[];
}

/** Where a unit stands in its run. */
export interface UnitPlace {
  readonly unit: Unit;
  readonly begun: boolean;
  readonly fresh: boolean;
  readonly done: number;
}

/**
 * What every session of pawl sets for itself. client_connection_check_interval
 * (since 14) makes a backend whose client was killed end within a second.
 */
export const SESSION_SETTINGS: readonly string[] = [
  "SET client_connection_check_interval = '1s'",
  "SET idle_session_timeout = 0",
  "SET idle_in_transaction_session_timeout = 0",
];

/**
 * The statements that begin a transaction of a run: settings as the role and
 * database have them where a file begins, the role, the lock.
 */
export function beginStatements(context: TextContext, fresh: boolean): string[] {
  const local = context.session.info.pooled;
  return [
    "BEGIN ISOLATION LEVEL READ COMMITTED",
    ...(fresh && !local ? ["RESET ALL", ...SESSION_SETTINGS] : []),
    ...identity(context),
    ...(fresh || local ? searchPath(context) : []),
    ...(context.lock === undefined ? [] : [assertLock(context.scope, local ? context.lock.pid : undefined)]),
  ];
}

function identity(context: TextContext): string[] {
  const local = context.session.info.pooled ? "LOCAL " : "";
  if (context.role !== undefined) return [`SET ${local}ROLE ${quoteIdentifier(context.role)}`];
  return context.session.info.pooled ? [] : ["RESET ROLE"];
}

function searchPath(context: TextContext): string[] {
  if (context.searchPath === undefined) return [];
  const local = context.session.info.pooled ? "LOCAL " : "";
  return [`SET ${local}search_path = ${context.searchPath}`];
}

/** Puts back what a file's own SET ROLE or SESSION AUTHORIZATION has changed. */
function identityAfter(context: TextContext, unit: Unit): string[] {
  const changes = unit.statements.some((s) => /\b(role|authorization|set_config)\b/i.test(s.sql));
  return changes ? ["RESET SESSION AUTHORIZATION", ...identity(context)] : [];
}

/** Settings that earlier units of the same file made, for a new session. */
function replayedSettings(run: UnitRun, place: UnitPlace): string[] {
  if (!place.fresh || place.unit.number === 1) return [];
  return run.units.slice(0, place.unit.number - 1).flatMap((u) => u.statements)
    .map((s) => s.sql)
    .filter((sql) => /^(set|reset)\s/i.test(sql) && !/^set\s+(local|constraints|transaction)\b/i.test(sql));
}

/** What is recorded when the last unit of a run is done, before its COMMIT. */
export function endStatements(context: TextContext, run: UnitRun, place: UnitPlace): string[] {
  return ["RESET SESSION AUTHORIZATION", ...identity(context), ...recordEnd(context, run, place.begun)];
}

/** The text of a unit that is one transaction. */
export function transactionText(
  context: TextContext,
  run: UnitRun,
  place: UnitPlace,
): readonly ScriptText[] {
  const builder = new ScriptBuilder().addAll(beginStatements(context, place.fresh))
    .addAll(replayedSettings(run, place));
  addStatements(builder, place.unit.statements);
  const last = place.done === run.units.length;
  if (last) addVerify(builder, run);
  builder.addAll(identityAfter(context, place.unit)).addAll(recordUnit(context, run, { ...place, last }));
  return builder.add("COMMIT").texts();
}

/** A unit's statements and the verify section behind them. */
export function addUnit(builder: ScriptBuilder, run: UnitRun, unit: Unit): void {
  addStatements(builder, unit.statements);
  addVerify(builder, run);
}

/** Statements, each under its time-outs. */
function addStatements(builder: ScriptBuilder, statements: readonly RunStatement[]): void {
  let lock: number | undefined;
  let timeout: number | undefined;
  for (const statement of statements) {
    if (statement.lockTimeout !== undefined && statement.lockTimeout !== lock) {
      lock = statement.lockTimeout;
      builder.add(`SET LOCAL lock_timeout = ${lock}`);
    }
    if (statement.statementTimeout !== undefined && statement.statementTimeout !== timeout) {
      timeout = statement.statementTimeout;
      builder.add(`SET LOCAL statement_timeout = ${timeout}`);
    }
    const guard = refuseInvalidIndex(statement.sql);
    if (guard !== undefined) builder.add(guard);
    builder.add(statement.sql, statement);
  }
}

function addVerify(builder: ScriptBuilder, run: UnitRun): void {
  if (run.verify.length === 0) return;
  builder.add("SAVEPOINT pawl_verify");
  for (const statement of run.verify) builder.add(statement.sql, statement);
  builder.add("ROLLBACK TO SAVEPOINT pawl_verify");
}

/** What is recorded when a unit is done. */
export function recordUnit(
  context: RecordContext,
  run: UnitRun,
  place: UnitPlace & { readonly last: boolean },
): string[] {
  if (place.last) return recordEnd(context, run, place.begun);
  const { scope } = context;
  const steps = { stepsDone: place.done, stepsTotal: run.units.length };
  return [
    ...beginRecord(context, run, { begun: place.begun, done: place.done }),
    ...(place.begun
      ? [recordProgress(scope, run.version, { state: "partial", ...steps })]
      : []),
    recordStep(scope, stepRecord(run, place.unit, { finished: true })),
  ];
}

/** The row of a migration that begins and will not end in this transaction. */
export function beginRecord(
  context: RecordContext,
  run: UnitRun,
  at: { readonly begun: boolean; readonly done: number },
): string[] {
  if (at.begun) return [];
  const steps = { stepsDone: at.done, stepsTotal: run.units.length };
  return run.direction === "up"
    ? recordMigration(context.scope, run.recorded, {
      state: "partial",
      ...steps,
      toolVersion: context.toolVersion,
    })
    : [recordPartialDown(context.scope, run.version, steps)];
}

/** What is recorded when a migration has ended. */
export function recordEnd(context: RecordContext, run: UnitRun, begun: boolean): string[] {
  const { scope } = context;
  const total = run.units.length;
  const event = recordEvent(scope, {
    runId: context.runId,
    version: run.version,
    event: run.direction === "up" ? "applied" : "rolled_back",
    origin: context.origin,
  });
  if (run.direction === "down") {
    return [
      recordProgress(scope, run.version, { state: "rolled_back", stepsDone: 0, stepsTotal: total }),
      ...(run.replaces.length === 0 ? [] : [recordReplacedDown(scope, run.replaces)]),
      ...(total > 1 || begun ? [forgetSteps(scope, run.version)] : []),
      event,
    ];
  }
  if (begun) {
    return [
      recordProgress(scope, run.version, {
        state: "applied",
        stepsDone: total,
        stepsTotal: total,
        file: run.recorded,
      }),
      forgetSteps(scope, run.version),
      event,
    ];
  }
  return [
    ...recordMigration(scope, run.recorded, {
      state: "applied",
      stepsDone: total,
      stepsTotal: total,
      toolVersion: context.toolVersion,
    }),
    event,
  ];
}

/** How much of a step's SQL is kept, in characters. */
const LONGEST_STATEMENT = 100_000;

/** What is recorded of a step. */
export function stepRecord(run: UnitRun, unit: Unit, options: { readonly finished: boolean; readonly before?: string }) {
  const text = unit.statements.map((s) => s.sql).join(";\n");
  return {
    version: run.version,
    direction: run.direction,
    step: unit.number,
    tokens: unit.tokens,
    statement: redactSecrets(text).slice(0, LONGEST_STATEMENT),
    ...options,
  };
}

/** The text that records the intent to run a statement outside a transaction. */
export function intentText(
  context: TextContext,
  run: UnitRun,
  place: UnitPlace,
): readonly ScriptText[] {
  const [statement] = place.unit.statements;
  const builder = new ScriptBuilder().addAll(beginStatements(context, place.fresh))
    .addAll(replayedSettings(run, place));
  const guard = statement === undefined ? undefined : refuseInvalidIndex(statement.sql);
  if (guard !== undefined && statement !== undefined) builder.add(guard, statement);
  builder.addAll(beginRecord(context, run, { begun: place.begun, done: place.done - 1 }));
  const before = statement === undefined ? undefined : probeStatement(statement.class.effect);
  builder.add(recordStep(context.scope, stepRecord(run, place.unit, {
    finished: false,
    ...(before === undefined ? {} : { before }),
  })));
  builder.add("COMMIT");
  if (statement?.lockTimeout !== undefined) builder.add(`SET lock_timeout = ${statement.lockTimeout}`);
  if (statement?.statementTimeout !== undefined) {
    builder.add(`SET statement_timeout = ${statement.statementTimeout}`);
  }
  return builder.texts();
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
  builder.addAll(beginStatements(context, false));
  if (statement?.lockTimeout !== undefined) builder.add("RESET lock_timeout");
  if (statement?.statementTimeout !== undefined) builder.add("RESET statement_timeout");
  const ends = place.done === run.units.length && run.verify.length === 0;
  builder.addAll(recordUnit(context, run, { ...place, begun: true, last: ends }));
  return builder.add("COMMIT").texts();
}

/** The text that ends a migration whose last step was outside a transaction. */
export function finalText(context: TextContext, run: UnitRun): readonly ScriptText[] {
  const builder = new ScriptBuilder().addAll(beginStatements(context, true));
  addVerify(builder, run);
  builder.addAll(recordEnd(context, run, true));
  return builder.add("COMMIT").texts();
}
