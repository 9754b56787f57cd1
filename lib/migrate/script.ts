/**
 * `sql`: writes the script that a person runs instead of `upgrade` or
 * `downgrade`, with the same history rows in it. Needs no database; pure but
 * for reading the files.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { PawlError } from "../errors.ts";
import { dollarQuote, quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { MigrationDirectory } from "./directory.ts";
import { probeStatement, refuseInvalidIndex } from "./effects.ts";
import { ancestors, requireOneHead } from "./graph.ts";
import type { History, HistoryRow } from "./history.ts";
import {
  assertLock,
  GUARD_SQLSTATE,
  historyTable,
  installHistory,
  recordEvent,
  recordMigration,
  recordStep,
  tryLockOrRaise,
  tryTransactionLockOrRaise,
  unlock,
} from "./history_sql.ts";
import type { FileStatement, Migration } from "./model.ts";
import { planDowngrade, planUpgrade } from "./plan.ts";
import {
  type PreparedMigration,
  prepareDown,
  type PrepareOptions,
  prepareUp,
  refuseDiscardAll,
} from "./prepare.ts";
import {
  beginRecord,
  recordEnd,
  recordUnit,
  stepRecord,
} from "./record_unit.ts";
import {
  changesIdentity,
  changesSession,
  rolesBefore,
} from "./session_changes.ts";
import type { RecordContext, UnitRun } from "./unit_run.ts";
import type { RunStatement, Unit } from "./units.ts";
import { findVersion } from "./version.ts";

/** What a script is made of. */
export interface ScriptOptions {
  /** A version or `base`. */
  readonly from: string;
  /** A version, `head`, `base`, `+N` or `-N`. */
  readonly to: string;
  /** `psql` stops at the first error; `plain` has no meta-commands. */
  readonly target: "psql" | "plain";
  readonly environment: string | undefined;
  readonly role: string | undefined;
  readonly searchPath: string | undefined;
  readonly scope: RecordContext["scope"];
  readonly toolVersion: string;
  readonly readers: readonly string[];
  /** The text of `migrations/0001_history.sql`. */
  readonly historyDdl: string;
  readonly prepare: PrepareOptions;
}

/** A script and what it does. */
export interface OfflineScript {
  /** The script. */
  readonly sql: string;
  /** Which direction. */
  readonly direction: "up" | "down";
  /** The version that the history must stand at; undefined for base. */
  readonly from: string | undefined;
  /** The version that the history stands at afterwards; undefined for base. */
  readonly to: string | undefined;
  /** The versions of the range, in order. */
  readonly versions: readonly string[];
  /** What to know, one line each. */
  readonly warnings: readonly string[];
}

/** A migration of a script. */
interface Entry {
  readonly migration: Migration;
  readonly prepared: PreparedMigration;
  /** Only its row is written: it replaces what is in force. */
  readonly recordOnly: boolean;
}

/**
 * Writes a script.
 *
 * @param directory The files.
 * @param options Range, dialect, settings.
 * @throws {PawlError} `target-unknown`, `not-offline`, `irreversible`.
 */
export function offlineScript(
  directory: MigrationDirectory,
  options: ScriptOptions,
): OfflineScript {
  const start = position(directory, options.from, options.environment);
  const history = standingAt(directory, start.versions);
  const input = {
    graph: directory.graph,
    history,
    environment: options.environment,
  };
  const down = goesDown(directory, start, options.to);
  if (!down && options.to === "head") requireOneHead(directory.graph);
  const entries = down
    ? planDowngrade(input, options.to).map((p) =>
      downEntry(p.migration, options)
    )
    : planUpgrade(input, { target: options.to }).map((p) =>
      upEntry(p.migration, p.action === "record", options)
    );
  const direction = down ? "down" : "up";
  const to = endVersion(directory, start, entries, down);
  const versions = entries.map((e) => e.migration.version);
  const runId = runIdOf(entries, options);
  const context: RecordContext = {
    scope: options.scope,
    toolVersion: options.toolVersion,
    runId,
    origin: "pawl sql",
  };
  const required = [...start.versions];
  const stands = standsAt(context, {
    required,
    replaced: replacedBy(directory, start),
  });
  const lines = [
    ...header(entries, { options, direction, from: start.target, to }),
    ...opening({ options, required, stands }),
    ...entries.flatMap((entry, i) => [
      ...migrationLines(entry, {
        options,
        context,
        direction,
        previous: entries[i - 1]?.migration.version,
        stands: i === 0 ? stands : undefined,
      }),
      ...(i < entries.length - 1 ? sessionAfter(entry, options) : []),
    ]),
    ...closing(options),
  ];
  return {
    sql: lines.join("\n") + "\n",
    direction,
    from: start.target,
    to,
    versions,
    warnings: entries.flatMap((e) => e.prepared.warnings),
  };
}

interface Position {
  readonly target: string | undefined;
  readonly versions: ReadonlySet<string>;
}

function position(
  directory: MigrationDirectory,
  word: string,
  environment: string | undefined,
): Position {
  const { graph } = directory;
  if (word === "base" || word === "") {
    return { target: undefined, versions: new Set() };
  }
  if (word === "head") requireOneHead(graph);
  const migration = word === "head"
    ? graph.order.at(-1)
    : findVersion(graph.order, word);
  if (migration === undefined) {
    return { target: undefined, versions: new Set() };
  }
  const versions = ancestors(graph, [migration.version]);
  for (const version of [...versions]) {
    const only = graph.byVersion.get(version)?.header.only;
    if (
      only !== undefined &&
      (environment === undefined || !only.includes(environment))
    ) versions.delete(version);
    // What is replaced by a file of the range was never run where it is in force.
    const replacement = graph.replacedBy.get(version);
    if (replacement !== undefined && versions.has(replacement.version)) {
      versions.delete(version);
    }
  }
  return { target: migration.version, versions };
}

/** Versions whose rows may stand beside those of the files that replace them. */
function replacedBy(directory: MigrationDirectory, start: Position): string[] {
  return [...directory.graph.byVersion.values()].filter((m) =>
    start.versions.has(m.version)
  )
    .flatMap((m) => m.header.replaces);
}

/** The history as it is where the script is going to be run. */
function standingAt(
  directory: MigrationDirectory,
  versions: ReadonlySet<string>,
): History {
  const rows: HistoryRow[] = directory.graph.order.filter((m) =>
    versions.has(m.version)
  ).map((m) => ({
    version: m.version,
    name: m.name,
    message: m.header.message,
    state: "applied",
    upRaw: null,
    upTokens: null,
    downRaw: null,
    downTokens: null,
    stepsDone: 0,
    stepsTotal: 0,
    appliedAt: "",
    appliedBy: "",
    executionMs: 0,
    rolledBackAt: null,
    schemaHash: null,
    toolVersion: "",
    hasDownSql: false,
  }));
  return {
    installed: true,
    rows,
    byVersion: new Map(rows.map((row) => [row.version, row])),
    progress: [],
  };
}

function goesDown(
  directory: MigrationDirectory,
  start: Position,
  to: string,
): boolean {
  if (to === "head" || to.startsWith("+")) return false;
  if (to === "base" || /^-\d+$/.test(to)) return true;
  return start.versions.has(findVersion(directory.graph.order, to).version) &&
    findVersion(directory.graph.order, to).version !== start.target;
}

function endVersion(
  directory: MigrationDirectory,
  start: Position,
  entries: readonly Entry[],
  down: boolean,
): string | undefined {
  if (!down) return entries.at(-1)?.migration.version ?? start.target;
  const gone = new Set(entries.map((e) => e.migration.version));
  return directory.graph.order.findLast((m) =>
    start.versions.has(m.version) && !gone.has(m.version)
  )
    ?.version;
}

function upEntry(
  migration: Migration,
  recordOnly: boolean,
  options: ScriptOptions,
): Entry {
  const prepared = prepareUp(migration, options.prepare);
  if (prepared.program !== undefined) throw notOffline(migration);
  if (!recordOnly) refuseDiscardAll(prepared.run);
  return { migration, prepared, recordOnly };
}

function downEntry(
  migration: Migration | undefined,
  options: ScriptOptions,
): Entry {
  if (migration === undefined) {
    throw new TypeError("a planned downgrade of a file has the file");
  }
  const prepared = prepareDown(migration, options.prepare);
  if (prepared?.program !== undefined) throw notOffline(migration);
  if (prepared === undefined || migration.header.irreversible !== undefined) {
    throw new PawlError(
      "irreversible",
      `Cannot write SQL: ${migration.file} ${
        migration.header.irreversible === undefined
          ? "has no down section"
          : `is irreversible: ${migration.header.irreversible}`
      }`,
      { location: { file: migration.file }, hint: "End the range before it" },
    );
  }
  refuseDiscardAll(prepared.run);
  return { migration, prepared, recordOnly: false };
}

function notOffline(migration: Migration): PawlError {
  return new PawlError(
    "not-offline",
    `Cannot write SQL: ${migration.file} is a program, which no SQL script can run`,
    {
      location: { file: migration.file },
      hint:
        `Write the range up to the file before it, run pawl upgrade ${migration.version}, then write the rest`,
    },
  );
}

/** The same script has the same id, so that it can be written again byte for byte. */
function runIdOf(entries: readonly Entry[], options: ScriptOptions): string {
  const hash = createHash("sha256").update(
    `${options.scope.schema}\0${options.scope.project}\0${options.from}\0`,
  );
  for (const { prepared } of entries) {
    hash.update(`${prepared.run.recorded.upRaw}\0`);
  }
  const hex = hash.digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${
    hex.slice(17, 20)
  }-${hex.slice(20, 32)}`;
}

interface HeaderFacts {
  readonly options: ScriptOptions;
  readonly direction: "up" | "down";
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function header(entries: readonly Entry[], facts: HeaderFacts): string[] {
  const { options } = facts;
  const comment = (text: string) => `-- ${text.replaceAll(/[\r\n]+/g, " ")}`;
  const lines = [
    comment(
      `${
        facts.direction === "up" ? "Upgrade" : "Downgrade"
      } of project ${options.scope.project}, from ${facts.from ?? "base"} to ${
        facts.to ?? "base"
      }, written by pawl ${options.toolVersion}.`,
    ),
    options.target === "psql"
      ? comment("Run it with: psql -X -v ON_ERROR_STOP=1 -f FILE DATABASE")
      : comment("Run it in one session that stops at the first error."),
    comment(
      "It raises, and changes nothing, unless the history stands at the version it starts from.",
    ),
    "--",
    comment("Files (SHA-256 of this direction):"),
    ...entries.map(({ migration, prepared }) => {
      const raw = facts.direction === "up"
        ? prepared.run.recorded.upRaw
        : prepared.run.recorded.downRaw;
      return comment(`  ${raw ?? ""} ${migration.file}`);
    }),
  ];
  const rights = new Set<string>();
  if (facts.from === undefined) {
    rights.add(
      `CREATE on the database, where schema ${options.scope.schema} does not exist yet`,
    );
  } else {rights.add(
      `INSERT, UPDATE and DELETE on the tables of schema ${options.scope.schema}`,
    );}
  if (options.role !== undefined) {
    rights.add(`membership in role ${options.role}`);
  }
  rights.add(
    "what the statements below need, as a rule ownership of the tables that they alter",
  );
  lines.push(
    "--",
    comment("Rights needed:"),
    ...[...rights].map((r) => comment(`  ${r}`)),
  );
  const locks = lockLines(entries);
  lines.push(
    "--",
    comment(
      locks.length === 0
        ? "Locks: no SHARE or stronger lock on a table that exists."
        : "SHARE or stronger locks are taken by:",
    ),
    ...locks.map((l) => comment(`  ${l}`)),
  );
  const warnings = entries.flatMap((e) => e.prepared.warnings);
  if (warnings.length > 0) {
    lines.push(
      "--",
      comment("Data is lost:"),
      ...warnings.map((w) => comment(`  ${w}`)),
    );
  }
  return [...lines, ""];
}

function lockLines(entries: readonly Entry[]): string[] {
  return entries.filter((e) => !e.recordOnly).flatMap((entry) =>
    entry.prepared.run.units.flatMap((unit) => unit.statements).filter((s) =>
      s.class.strongLock
    ).map((s) => {
      const on = s.class.relations.length === 0
        ? ""
        : ` on ${s.class.relations.join(", ")}`;
      return `${s.class.verb}${on} (${entry.migration.file})`;
    })
  );
}

interface ScriptFacts {
  readonly options: ScriptOptions;
  readonly context: RecordContext;
}

/** What comes before the first migration: one session, one lock, the right history. */
function opening(
  facts: {
    readonly options: ScriptOptions;
    readonly required: readonly string[];
    /** What raises unless the history stands where the script begins. */
    readonly stands: string;
  },
): string[] {
  const { options, stands } = facts;
  const role = options.role === undefined
    ? []
    : [`SET ROLE ${quoteIdentifier(options.role)};`];
  const path = options.searchPath === undefined
    ? []
    : [`SET search_path = ${options.searchPath};`];
  const install = facts.required.length > 0 ? [] : [
    installHistory(options.scope, options.historyDdl, {
      toolVersion: options.toolVersion,
      readers: options.readers,
    }) + ";",
  ];
  if (options.target === "psql") {
    return [
      "\\set ON_ERROR_STOP on",
      ...role,
      ...path,
      "-- One run at a time: the lock is tried once, and kept until the end.",
      tryLockOrRaise(options.scope) + ";",
      ...install,
      stands + ";",
      "",
    ];
  }
  // Without ON_ERROR_STOP each transaction must guard itself (standsBetween).
  return [
    ...role,
    ...path,
    "BEGIN;",
    tryTransactionLockOrRaise(options.scope) + ";",
    ...install,
    stands + ";",
    "COMMIT;",
    "",
  ];
}

/** A statement that raises unless just these versions are in force, and what they replace. */
function standsAt(
  context: RecordContext,
  versions: {
    readonly required: readonly string[];
    readonly replaced: readonly string[];
  },
): string {
  const { scope } = context;
  const table = historyTable(scope.schema, "migrations");
  const list = (items: readonly string[]) =>
    items.length === 0
      ? "ARRAY[]::text[]"
      : `ARRAY[${items.map(quoteLiteral).join(", ")}]`;
  const body = [
    "",
    "DECLARE",
    "  missing text;",
    "  present text;",
    "BEGIN",
    `  SELECT pg_catalog.min(v) INTO missing FROM pg_catalog.unnest(${
      list(versions.required)
    }) AS v`,
    `    WHERE NOT EXISTS (SELECT FROM ${table} m WHERE m.project = ${
      quoteLiteral(scope.project)
    } AND m.version = v AND m.state IN ('applied', 'stamped'));`,
    "  IF missing IS NOT NULL THEN",
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = 'this script does not fit this database: migration ' || missing || ' has not been applied';`,
    "  END IF;",
    `  SELECT pg_catalog.min(m.version) INTO present FROM ${table} m`,
    `    WHERE m.project = ${
      quoteLiteral(scope.project)
    } AND m.state <> 'rolled_back' AND (m.state = 'partial' OR NOT m.version = ANY (${
      list([...versions.required, ...versions.replaced])
    }));`,
    "  IF present IS NOT NULL THEN",
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = 'this script does not fit this database: migration ' || present || ' is in its history already';`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

/**
 * A statement that raises where what comes before in the script has not
 * happened: a console may go on behind an error.
 */
function standsBetween(
  context: RecordContext,
  at: {
    readonly run: UnitRun;
    /** The migration before this one in the script. */
    readonly previous: string | undefined;
    readonly begun: boolean;
    readonly done: number;
  },
): string {
  const { run } = at;
  const row = (version: string, condition: string) =>
    `EXISTS (SELECT FROM ${
      historyTable(context.scope.schema, "migrations")
    } WHERE project = ${quoteLiteral(context.scope.project)} AND version = ${
      quoteLiteral(version)
    } AND ${condition})`;
  const inForce = "state IN ('applied', 'stamped')";
  const conditions = at.begun
    ? [row(run.version, `state = 'partial' AND steps_done = ${at.done}`)]
    : [
      run.direction === "down"
        ? row(run.version, inForce)
        : `NOT ${row(run.version, "state <> 'rolled_back'")}`,
      ...(at.previous === undefined ? [] : [
        `${run.direction === "down" ? "NOT " : ""}${row(at.previous, inForce)}`,
      ]),
    ];
  const body = [
    "",
    "BEGIN",
    `  IF NOT (${conditions.join(" AND ")}) THEN`,
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = ${
      quoteLiteral(
        `the history does not stand where ${run.version} follows: what comes before it in this script has not happened`,
      )
    };`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

function closing(options: ScriptOptions): string[] {
  return options.target === "psql" ? [unlock(options.scope) + ";"] : [];
}

function migrationLines(
  entry: Entry,
  facts: ScriptFacts & {
    readonly direction: "up" | "down";
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
        ...recordMigration(facts.context.scope, run.recorded, {
          state: "stamped",
          stepsDone: run.units.length,
          stepsTotal: run.units.length,
          toolVersion: facts.context.toolVersion,
        }),
        recordEvent(facts.context.scope, {
          runId: facts.context.runId,
          version: run.version,
          event: "recorded",
          origin: facts.context.origin,
        }),
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

/**
 * What raises where a file has given the session's lock away. The lock of a
 * transaction, which `plain` takes, cannot be given away before its end.
 */
function lockKept(options: ScriptOptions): string[] {
  return options.target === "psql" ? [assertLock(options.scope)] : [];
}

/** What makes the session as it was before a file that has changed it, for the next one. */
function sessionAfter(entry: Entry, options: ScriptOptions): string[] {
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
      ...timedStatements(entry, unit.statements),
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
  const before = probeStatement(statement.class.effect);
  const ends = last && run.verify.length === 0;
  return [
    "BEGIN;",
    ...statements([
      ...guards,
      ...(guard === undefined ? [] : [guard]),
      ...beginRecord(context, run, {
        begun: facts.begun,
        done: unit.number - 1,
      }),
      recordStep(
        context.scope,
        stepRecord(run, unit, {
          finished: false,
          ...(before === undefined ? {} : { before }),
        }),
      ),
      ...roles,
    ]),
    "COMMIT;",
    ...(statement.lockTimeout === undefined
      ? []
      : [`SET lock_timeout = ${statement.lockTimeout};`]),
    ...(statement.statementTimeout === undefined
      ? []
      : [`SET statement_timeout = ${statement.statementTimeout};`]),
    verbatim(entry, statement),
    ...(statement.lockTimeout === undefined ? [] : ["RESET lock_timeout;"]),
    ...(statement.statementTimeout === undefined
      ? []
      : ["RESET statement_timeout;"]),
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

function timedStatements(
  entry: Entry,
  list: readonly RunStatement[],
): string[] {
  const lines: string[] = [];
  let lock: number | undefined;
  let timeout: number | undefined;
  for (const statement of list) {
    if (statement.lockTimeout !== undefined && statement.lockTimeout !== lock) {
      lock = statement.lockTimeout;
      lines.push(`SET LOCAL lock_timeout = ${lock};`);
    }
    if (
      statement.statementTimeout !== undefined &&
      statement.statementTimeout !== timeout
    ) {
      timeout = statement.statementTimeout;
      lines.push(`SET LOCAL statement_timeout = ${timeout};`);
    }
    const guard = refuseInvalidIndex(statement.sql);
    if (guard !== undefined) lines.push(`${guard};`);
    lines.push(verbatim(entry, statement));
  }
  return lines;
}
