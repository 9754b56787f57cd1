/**
 * Makes a migration ready to run in one direction: its units, what is
 * recorded of it, what to warn of. Pure but for reading the file's statements.
 *
 * @module
 */

import { EMPTY_HEADER, invalidAt } from "./directives.ts";
import { readSqlFile } from "./file.ts";
import type { RecordedFile } from "./record_sql.ts";
import { readBlocks } from "./layouts/blocks.ts";
import type { Migration, ProgramBody, SqlDirection } from "./model.ts";
import type { Project } from "./project.ts";
import { redactSecrets } from "./redact_sql.ts";
import type { UnitRun } from "./unit_run.ts";
import { type Unit, type UnitOptions, unitsOf } from "./units.ts";

/** How migrations are prepared. */
export interface PrepareOptions {
  /** pawl's own time-outs in milliseconds. */
  readonly timeouts: { readonly lock: number; readonly statement: number };
  /** Whether somebody configured them: then they hold for other tools' files too. */
  readonly timeoutsAsked: boolean;
  /** Whether the SQL is kept in the history. */
  readonly storeSql: boolean;
  /** Every statement by itself. */
  readonly noTransaction: boolean;
}

/** How a project's migrations are prepared for running. */
export function prepareOptions(
  project: Project,
  options: { readonly noTransaction?: boolean },
): PrepareOptions {
  const { timeouts, history } = project.settings;
  return {
    timeouts: {
      lock: timeouts.migrationLock,
      statement: timeouts.migrationStatement,
    },
    timeoutsAsked: timeouts.asked.has("migrationLock") ||
      timeouts.asked.has("migrationStatement"),
    storeSql: history.storeSql,
    noTransaction: options.noTransaction === true,
  };
}

/** A migration that is ready to run in one direction. */
export interface PreparedMigration {
  readonly run: UnitRun;
  /** How many statements each unit has where transactions are wanted. */
  readonly groups: readonly number[];
  /** How many SQL statements it has in this direction; 0 for a program. */
  readonly statements: number;
  /** What it destroys, one line each. */
  readonly warnings: readonly string[];
  /** Set for a JavaScript or TypeScript migration. */
  readonly program: ProgramBody | undefined;
}

/** The longest SQL that is kept in the history, in characters. */
const LONGEST_STORED = 1_000_000;

function stored(
  sql: string | undefined,
  options: { readonly storeSql: boolean },
): string | null {
  if (!options.storeSql || sql === undefined || sql.length > LONGEST_STORED) {
    return null;
  }
  return redactSecrets(sql);
}

/** What the history records of a migration's file. */
export function recordedFile(
  migration: Migration,
  options: { readonly storeSql: boolean },
): RecordedFile {
  const body = migration.body();
  return {
    version: migration.version,
    name: migration.name,
    message: migration.header.message,
    upRaw: migration.up.raw,
    upTokens: migration.up.tokens,
    downRaw: migration.down?.raw ?? null,
    downTokens: migration.down?.tokens ?? null,
    upSql: body.kind === "sql" ? stored(body.up.sql, options) : null,
    downSql: body.kind === "sql" ? stored(body.down?.sql, options) : null,
  };
}

function unitOptions(migration: Migration, options: PrepareOptions) {
  const ours = migration.ownTimeouts || options.timeoutsAsked;
  return {
    timeouts: ours ? options.timeouts : undefined,
    noTransaction: options.noTransaction,
  };
}

/** A direction's units, and how many statements each has without `--no-transaction`. */
function cut(
  direction: SqlDirection,
  options: UnitOptions,
): Pick<PreparedMigration, "groups" | "statements" | "warnings"> & {
  readonly units: readonly Unit[];
} {
  const units = unitsOf(direction, options);
  const whole = options.noTransaction === true
    ? unitsOf(direction, { ...options, noTransaction: false })
    : units;
  return {
    units,
    groups: whole.map((unit) => unit.statements.length),
    statements: units.reduce((n, unit) => n + unit.statements.length, 0),
    warnings: destruction(units),
  };
}

function destruction(units: readonly Unit[]): string[] {
  const messages = units.flatMap((unit) => unit.statements)
    .flatMap((s) => s.class.destructive.map((d) => d.message));
  return [...new Set(messages)];
}

/** One unit that stands for a program: its source is what must not be edited. */
function programUnit(migration: Migration): Unit {
  return {
    number: 1,
    kind: migration.header.transaction === "none" ? "outside" : "transaction",
    statements: [],
    tokens: migration.up.raw,
  };
}

/**
 * Prepares a migration for being applied.
 *
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function prepareUp(
  migration: Migration,
  options: PrepareOptions,
): PreparedMigration {
  const body = migration.body();
  const common = {
    version: migration.version,
    direction: "up" as const,
    recorded: recordedFile(migration, options),
    replaces: migration.header.replaces,
  };
  if (body.kind === "program") {
    const file = { path: body.path, text: body.source };
    return {
      run: { ...common, units: [programUnit(migration)], verify: [], file },
      groups: [],
      statements: 0,
      warnings: [],
      program: body,
    };
  }
  const { units, ...counted } = cut(body.up, unitOptions(migration, options));
  return {
    run: { ...common, units, verify: body.up.verify, file: body.upFile },
    ...counted,
    program: undefined,
  };
}

/** The down SQL of a migration whose file is gone, from the history. */
export interface StoredDown {
  readonly recorded: RecordedFile;
  readonly downSql: string;
}

/**
 * Prepares a migration for being undone by its file; undefined where the file
 * has nothing that undoes it.
 *
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function prepareDown(
  migration: Migration,
  options: PrepareOptions,
): PreparedMigration | undefined {
  if (!migration.hasDown) return undefined;
  const body = migration.body();
  const common = {
    version: migration.version,
    direction: "down" as const,
    recorded: recordedFile(migration, options),
    replaces: migration.header.replaces,
    verify: [],
  };
  if (body.kind === "program") {
    const file = { path: body.path, text: body.source };
    return {
      run: { ...common, units: [programUnit(migration)], file },
      groups: [],
      statements: 0,
      warnings: [],
      program: body,
    };
  }
  if (body.down === undefined) return undefined;
  const { units, ...counted } = cut(body.down, unitOptions(migration, options));
  return {
    run: { ...common, units, file: body.downFile },
    ...counted,
    program: undefined,
  };
}

/** Prepares the down SQL that the history has kept. */
export function prepareStoredDown(
  stored: StoredDown,
  options: PrepareOptions,
): PreparedMigration {
  const path = `the history's copy of ${stored.recorded.version}`;
  const file = { path, text: stored.downSql };
  // Without its marker line it was a file of its own, in another tool's layout.
  const own = /^--[ \t]*(pawl:down|DOWN)\b/.test(stored.downSql);
  const body = own ? readSqlFile(file).body() : undefined;
  const direction = body?.down ?? body?.up ??
    { steps: readBlocks(file, EMPTY_HEADER), verify: [], sql: stored.downSql };
  const { units, ...counted } = cut(direction, {
    timeouts: own || options.timeoutsAsked ? options.timeouts : undefined,
    noTransaction: options.noTransaction,
  });
  return {
    run: {
      version: stored.recorded.version,
      direction: "down",
      recorded: stored.recorded,
      replaces: [],
      units,
      verify: [],
      file,
    },
    ...counted,
    program: undefined,
  };
}

/**
 * Refuses a file that would give the lock of its own run away.
 *
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function refuseDiscardAll(run: UnitRun): void {
  const found = run.units.flatMap((unit) => unit.statements).find((s) =>
    s.class.verb === "DISCARD ALL"
  );
  if (found === undefined) return;
  throw invalidAt(run.file, found.start, {
    message: "DISCARD ALL would give the lock of this run away",
    hint:
      "RESET ALL, DISCARD TEMP, DISCARD PLANS and DISCARD SEQUENCES do the rest of what it does; nothing was run",
  });
}
