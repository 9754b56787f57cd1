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
  /** Whether a commit of the same run follows, which waits for the disk. */
  readonly flushLater?: boolean;
  readonly session: { readonly info: { readonly pooled: boolean } };
}

/** What records are made from: the part of {@linkcode TextContext} that names no session. */
export type RecordContext = Pick<
  TextContext,
  "scope" | "toolVersion" | "runId" | "origin"
>;

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
  /** Whether an earlier run did it, so that nobody knows how long it took. */
  readonly settled?: boolean;
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
 * database have them where a file begins and none of the last file's temporary
 * tables, the role, the lock.
 */
export function beginStatements(
  context: TextContext,
  fresh: boolean,
): string[] {
  const local = context.session.info.pooled;
  return [
    "BEGIN ISOLATION LEVEL READ COMMITTED",
    ...(fresh && !local
      ? ["RESET ALL", "DISCARD TEMP", ...SESSION_SETTINGS]
      : []),
    ...identity(context),
    ...(fresh || local ? searchPath(context) : []),
    ...lockStatements(context),
  ];
}

/** The statements that make a session what it was before any file ran in it. */
export function cleanSession(context: TextContext): string[] {
  return [
    "RESET SESSION AUTHORIZATION",
    "RESET ALL",
    ...(context.session.info.pooled ? [] : SESSION_SETTINGS),
    ...identity(context),
  ];
}

/**
 * The statements between two files in one transaction: the second finds what
 * it would find by itself.
 */
export function betweenFiles(context: TextContext): string[] {
  return [
    "CLOSE ALL",
    ...cleanSession(context),
    "DISCARD TEMP",
    ...searchPath(context),
    ...lockStatements(context),
  ];
}

/**
 * A default that makes transactions read-only would refuse the next one that
 * writes history, and BEGIN takes it before anything else could be said.
 */
function writableAfter(statements: readonly string[]): string[] {
  return statements.some((sql) =>
      /\bdefault_transaction_read_only\b|\bsession\s+characteristics\b/i
        .test(sql)
    )
    ? ["RESET default_transaction_read_only"]
    : [];
}

/** What raises where the lock of the run is gone. */
function lockStatements(context: TextContext): string[] {
  if (context.lock === undefined) return [];
  return [
    assertLock(
      context.scope,
      context.session.info.pooled ? context.lock.pid : undefined,
    ),
  ];
}

/** The role of the run, whatever a file's own statements have made of it. */
function identity(context: TextContext): string[] {
  const own = context.role === undefined ? [] : [quoteIdentifier(context.role)];
  // Behind a pooler, the session's role must be as it was for whoever is next.
  if (context.session.info.pooled) {
    return [
      "RESET ROLE",
      ...own.map((role) => `SET LOCAL ROLE ${role}`),
    ];
  }
  return own.length === 0
    ? ["RESET ROLE"]
    : own.map((role) => `SET ROLE ${role}`);
}

/** The text that puts the role of the run back. */
export function identityText(context: TextContext): readonly ScriptText[] {
  return new ScriptBuilder().addAll([
    "RESET SESSION AUTHORIZATION",
    ...identity(context),
  ]).texts();
}

function searchPath(context: TextContext): string[] {
  if (context.searchPath === undefined) return [];
  const local = context.session.info.pooled ? "LOCAL " : "";
  return [`SET ${local}search_path = ${context.searchPath}`];
}

/** Puts back what a file's own SET ROLE or SESSION AUTHORIZATION has changed. */
function identityAfter(
  context: TextContext,
  statements: readonly string[],
): string[] {
  return statements.some(changesIdentity)
    ? ["RESET SESSION AUTHORIZATION", ...identity(context)]
    : [];
}

/** Leaves a pooler's backend as it was: what a file sets is not for whoever is next. */
export function backendAfter(
  context: TextContext,
  statements: readonly string[],
): string[] {
  if (!context.session.info.pooled) return [];
  return [
    ...(statements.some((sql) => /^set\s|\bset_config\b/i.test(sql))
      ? ["RESET ALL"]
      : []),
    ...(statements.some((sql) => /\btemp(orary)?\b/i.test(sql))
      ? ["DISCARD TEMP"]
      : []),
  ];
}

/** The same after a program, of which nobody knows what it has sent. */
export function backendAfterProgram(context: TextContext): readonly string[] {
  return context.session.info.pooled
    ? [
      "RESET SESSION AUTHORIZATION",
      "RESET ROLE",
      "RESET ALL",
      "DISCARD TEMP",
    ]
    : [];
}

/** What lasts beyond its transaction: SET and the like, also as pg_dump writes it. */
const LASTING =
  /^(?:set|reset)\s+(?!local\b|constraints\b|transaction\b)|^select\s+(?:pg_catalog\.)?set_config\s*\([^()]*,\s*false\s*\)$/i;

const IDENTITY =
  /^(?:set|reset)\s+(?:session\s+)?(?:role|session\s+authorization|authorization)\b/i;

/**
 * Settings that the first units of a file made: all of them for a session that
 * has not run them, else its role only, which is ours between units.
 */
function replayed(
  context: TextContext,
  run: UnitRun,
  from: { readonly fresh: boolean; readonly before: number },
): { readonly settings: string[]; readonly roles: string[] } {
  const all = from.fresh || context.session.info.pooled;
  return {
    settings: all
      ? lastingBefore(run, from.before).filter((sql) => !IDENTITY.test(sql))
      : [],
    roles: rolesBefore(run, from.before),
  };
}

function lastingBefore(run: UnitRun, unit: number): string[] {
  return run.units.slice(0, unit - 1).flatMap((u) => u.statements)
    .map((s) => s.sql).filter((sql) => LASTING.test(sql));
}

/** The statements of a file that set the role which a unit runs under. */
export function rolesBefore(run: UnitRun, unit: number): string[] {
  return lastingBefore(run, unit).filter((sql) => IDENTITY.test(sql));
}

/** Whether a statement may change who the session is. */
export function changesIdentity(sql: string): boolean {
  return /\b(role|authorization|set_config)\b/i.test(sql);
}

/** Whether a statement may change what a later file finds in the session. */
export function changesSession(sql: string): boolean {
  return /^(set|reset)\s|\b(set_config|temp|temporary)\b/i.test(sql);
}

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

/** Statements, each under its time-outs. */
function addStatements(
  builder: ScriptBuilder,
  statements: readonly RunStatement[],
): void {
  let lock: number | undefined;
  let timeout: number | undefined;
  for (const statement of statements) {
    if (statement.lockTimeout !== undefined && statement.lockTimeout !== lock) {
      lock = statement.lockTimeout;
      builder.add(`SET LOCAL lock_timeout = ${lock}`);
    }
    if (
      statement.statementTimeout !== undefined &&
      statement.statementTimeout !== timeout
    ) {
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
  const timed = place.unit.kind === "outside" && place.settled !== true
    ? { direction: run.direction, step: place.unit.number }
    : undefined;
  if (place.last) return recordEnd(context, run, place.begun, timed);
  const { scope } = context;
  const steps = {
    stepsDone: place.done,
    stepsTotal: run.units.length,
    ...(timed === undefined ? {} : { timed }),
  };
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
export function recordEnd(
  context: RecordContext,
  run: UnitRun,
  begun: boolean,
  timed?: { readonly direction: "up" | "down"; readonly step: number },
): string[] {
  const { scope } = context;
  const spent = timed === undefined ? {} : { timed };
  const total = run.units.length;
  const event = recordEvent(scope, {
    runId: context.runId,
    version: run.version,
    event: run.direction === "up" ? "applied" : "rolled_back",
    origin: context.origin,
  });
  if (run.direction === "down") {
    return [
      recordProgress(scope, run.version, {
        state: "rolled_back",
        stepsDone: 0,
        stepsTotal: total,
        ...spent,
      }),
      ...(run.replaces.length === 0
        ? []
        : [recordReplacedDown(scope, run.replaces)]),
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
        ...spent,
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
export function stepRecord(
  run: UnitRun,
  unit: Unit,
  options: { readonly finished: boolean; readonly before?: string },
) {
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
  builder.addAll(
    beginRecord(context, run, { begun: place.begun, done: place.done - 1 }),
  );
  const before = statement === undefined
    ? undefined
    : probeStatement(statement.class.effect);
  builder.add(recordStep(
    context.scope,
    stepRecord(run, place.unit, {
      finished: false,
      ...(before === undefined ? {} : { before }),
    }),
  ));
  // Last, since the records are not that role's to write.
  builder.addAll(writableAfter(settings)).addAll(roles).add("COMMIT");
  if (statement?.lockTimeout !== undefined) {
    builder.add(`SET lock_timeout = ${statement.lockTimeout}`);
  }
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
  builder.addAll([
    "RESET SESSION AUTHORIZATION",
    ...beginStatements(context, false),
  ]);
  if (statement?.lockTimeout !== undefined) builder.add("RESET lock_timeout");
  if (statement?.statementTimeout !== undefined) {
    builder.add("RESET statement_timeout");
  }
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
