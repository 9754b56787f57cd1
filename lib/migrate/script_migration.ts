/**
 * One migration in an offline script: its statements as the file has them,
 * under their time-outs, with its history rows. Pure.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { refuseInvalidIndex } from "./effects.ts";
import { tryTransactionLockOrRaise } from "./lock_sql.ts";
import type { FileStatement } from "./model.ts";
import { recordOnly } from "./record_only.ts";
import { recordEnd, recordIntent, recordUnit } from "./record_unit.ts";
import { lockKept, standsBetween } from "./script_guards.ts";
import type { Entry, ScriptOptions } from "./script_options.ts";
import {
  changesIdentity,
  changesSession,
  rolesBefore,
} from "./session_changes.ts";
import { timedStatements, timeoutsAround } from "./statement_timeouts.ts";
import type { RecordContext } from "./unit_run.ts";
import type { Unit } from "./units.ts";

interface ScriptFacts {
  readonly options: ScriptOptions;
  readonly context: RecordContext;
}

/**
 * What a migration is in a script: a transaction for each of its units, or
 * around the row alone where it is only recorded.
 *
 * @param entry The migration.
 * @param facts Settings, what stands before it in the script, and what raises
 * unless the script fits, for the first one.
 */
export function migrationLines(
  entry: Entry,
  facts: ScriptFacts & {
    readonly previous: string | undefined;
    readonly stands: string | undefined;
  },
): string[] {
  const { prepared, migration } = entry;
  const { run } = prepared;
  const { context, previous } = facts;
  const guards = (begun: boolean, done: number) =>
    facts.options.target === "psql" ? [] : [
      tryTransactionLockOrRaise(facts.options.scope),
      begun || facts.stands === undefined
        ? standsBetween(context, { run, previous, begun, done })
        : facts.stands,
    ];
  const title = `-- ${"=".repeat(8)} ${migration.file}${
    migration.header.message === ""
      ? ""
      : `: ${migration.header.message.replaceAll(/[\r\n]+/g, " ")}`
  }`;
  if (entry.recordOnly) {
    return [
      title,
      "BEGIN;",
      ...statements([
        ...guards(false, 0),
        ...recordOnly(context, "record", run),
      ]),
      "COMMIT;",
      "",
    ];
  }
  const lines = [title];
  let begun = false;
  for (const unit of run.units) {
    lines.push(...unitLines(entry, unit, { ...facts, begun, guards }));
    begun = true;
  }
  const last = run.units.at(-1);
  if (last?.kind === "outside" && run.verify.length > 0) {
    lines.push(
      "BEGIN;",
      ...statements(guards(true, run.units.length)),
      ...verifyLines(entry),
      ...statements([
        ...lockKept(facts.options),
        ...recordEnd(facts.context, run, true),
      ]),
      "COMMIT;",
    );
  }
  return [...lines, ""];
}

/** What makes the session as it was before a file that has changed it, for the next one. */
export function sessionAfter(entry: Entry, options: ScriptOptions): string[] {
  const { run } = entry.prepared;
  const changes = !entry.recordOnly &&
    [...run.units.flatMap((u) => u.statements), ...run.verify].some((s) =>
      changesSession(s.sql)
    );
  if (!changes) return [];
  return [
    "-- What that file has set is not for the next one.",
    ...statements([
      "RESET ALL",
      ...identity(options),
      ...(options.searchPath === undefined
        ? []
        : [`SET search_path = ${options.searchPath}`]),
      "DISCARD TEMP",
    ]),
    "",
  ];
}

function identity(options: ScriptOptions): string[] {
  return [
    "RESET SESSION AUTHORIZATION",
    options.role === undefined
      ? "RESET ROLE"
      : `SET ROLE ${quoteIdentifier(options.role)}`,
  ];
}

function statements(list: readonly string[]): string[] {
  return list.map((sql) => `${sql};`);
}

/** A statement as the file has it, with the comments before it. */
function verbatim(entry: Entry, statement: FileStatement): string {
  const { parsed, start } = statement;
  const from = start - (parsed.start - parsed.commentStart);
  const comments = entry.prepared.run.file.text.slice(from, start);
  return `${
    comments.replaceAll(/^\s*--\s*pawl:.*$/gm, "").trimStart()
  }${statement.sql};`;
}

function verifyLines(entry: Entry): string[] {
  const { verify } = entry.prepared.run;
  if (verify.length === 0) return [];
  return [
    "SAVEPOINT pawl_verify;",
    ...verify.map((s) => verbatim(entry, s)),
    "ROLLBACK TO SAVEPOINT pawl_verify;",
  ];
}

function unitLines(
  entry: Entry,
  unit: Unit,
  facts: ScriptFacts & {
    readonly begun: boolean;
    readonly guards: (begun: boolean, done: number) => string[];
  },
): string[] {
  const { run } = entry.prepared;
  const { context, options } = facts;
  const place = { unit, begun: facts.begun, fresh: false, done: unit.number };
  const last = unit.number === run.units.length;
  const guards = facts.guards(facts.begun, unit.number - 1);
  const roles = rolesBefore(run, unit.number);
  if (unit.kind === "transaction") {
    const changes = roles.length > 0 ||
      unit.statements.some((s) => changesIdentity(s.sql));
    return [
      "BEGIN;",
      ...statements([...guards, ...roles]),
      ...timedStatements(unit.statements).map(({ sql, source }) =>
        source === undefined ? `${sql};` : verbatim(entry, source)
      ),
      ...(last ? verifyLines(entry) : []),
      ...statements([
        ...(changes ? identity(options) : []),
        ...lockKept(options),
        ...recordUnit(context, run, { ...place, last }),
      ]),
      "COMMIT;",
    ];
  }
  const [statement] = unit.statements;
  if (statement === undefined) return [];
  const guard = refuseInvalidIndex(statement.sql);
  const { set, reset } = timeoutsAround(statement);
  const ends = last && run.verify.length === 0;
  return [
    "BEGIN;",
    ...statements([
      ...guards,
      ...(guard === undefined ? [] : [guard]),
      ...recordIntent(context, run, place),
      ...roles,
    ]),
    "COMMIT;",
    ...statements(set),
    verbatim(entry, statement),
    ...statements(reset),
    ...(roles.length === 0 ? [] : statements(identity(options))),
    "BEGIN;",
    ...statements([
      ...facts.guards(true, unit.number - 1),
      ...lockKept(options),
      ...recordUnit(context, run, { ...place, begun: true, last: ends }),
    ]),
    "COMMIT;",
  ];
}
