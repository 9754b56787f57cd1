/**
 * `seed`: loads rows and SQL from files into a database, all in one
 * transaction under the lock. It ties reading, loading and recording together.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { serverReport } from "../pg/server_report.ts";
import { ServerError } from "../pg/session.ts";
import {
  type Execution,
  rollback,
  send,
  StatementFailed,
  withCancel,
} from "./execution.ts";
import { recordEvent } from "./record_sql.ts";
import { type HookFacts, runHooks } from "./hooks.ts";
import type { FileStatement, FileText } from "./model.ts";
import type { Project } from "./project.ts";
import { noteEvent } from "./run_events.ts";
import { type RunOptions, underLock, withExecution } from "./run_session.ts";
import { ScriptBuilder } from "./script_text.ts";
import { readSeeds, type SeedChoice, type SeedFile } from "./seed_files.ts";
import { loadRows, planRows, type RowCounts } from "./seed_load.ts";
import type { TableLoad } from "./seed_rows.ts";
import { sequenceQuery, setSequence } from "./seed_sql.ts";
import { seedLocation } from "./seed_value.ts";
import { beginStatements } from "./session_text.ts";

/** How to seed. */
export interface SeedOptions extends RunOptions, SeedChoice {
  /** Run it and roll it back: errors are found, nothing stays. */
  readonly dryRun?: boolean;
}

/** What became of a table's rows. */
export interface SeedTableResult extends RowCounts {
  /** `schema.table`. */
  readonly table: string;
}

/** A seed file that was loaded. */
export interface SeedFileResult {
  /** The path as the user would type it. */
  readonly file: string;
  /** Whether it is a file of rows or of SQL. */
  readonly kind: "rows" | "sql";
  /** How many SQL statements, or rows, it has. */
  readonly count: number;
}

/** A sequence that was set, so that it gives no loaded value again. */
export interface SeedSequenceResult {
  /** As SQL, schema-qualified. */
  readonly sequence: string;
  /** The last value that it counts as given. */
  readonly value: string;
}

/** What a seed run did. */
export interface SeedReport {
  /** The run's id, as in `pawl.events`. */
  readonly runId: string;
  /** The project's name. */
  readonly project: string;
  /** The environment's name, where one was chosen. */
  readonly environment: string | undefined;
  /** Where the database is, without secrets. */
  readonly database: string;
  /** Whether it was rolled back. */
  readonly dryRun: boolean;
  /** In the order in which they were loaded. */
  readonly files: readonly SeedFileResult[];
  /** In the order in which the files name them. */
  readonly tables: readonly SeedTableResult[];
  /** The sequences that were moved on, or would be. */
  readonly sequences: readonly SeedSequenceResult[];
  /** Whole milliseconds. */
  readonly totalDurationMs: number;
}

function hookFacts(execution: Execution, options: SeedOptions): HookFacts {
  return {
    runId: execution.runId,
    place: execution.session.info.place,
    versions: [],
    signal: options.signal,
  };
}

/**
 * Loads seeds. Rows are found again by their key: new ones are inserted, those
 * that differ are updated, the others stay untouched.
 *
 * A dry run takes no lock. Like any rolled-back transaction it may move
 * sequences that fill columns which the seeds leave out.
 *
 * @param project The project.
 * @param options Which seeds, dry run, signal, listeners.
 * @returns What became of the rows.
 * @throws {PawlError} `protected`; `seed-invalid` and `file-unreadable` for the
 * files; `statement-failed` or `lock-timeout` from the database, which then
 * is as it was.
 *
 * @example Load what the environment `dev` has
 * ```ts ignore
 * const report = await seed(openProject({ environment: "dev" }));
 * for (const { table, inserted } of report.tables) console.log(table, inserted);
 * ```
 */
export async function seed(
  project: Project,
  options: SeedOptions = {},
): Promise<SeedReport> {
  const started = performance.now();
  const { settings } = project;
  if (settings.protected) {
    throw new PawlError(
      "protected",
      `Cannot seed ${
        settings.environment ?? "this database"
      }: it is protected, and seeds overwrite rows`,
      { hint: "Put what production needs into a migration" },
    );
  }
  const files = readSeeds(project, options);
  return await withExecution(project, options, async (execution) => {
    const lockTimeout = settings.timeouts.migrationLock;
    const run = (on: Execution) =>
      new SeedRun(on, { files, lockTimeout, dryRun: options.dryRun === true });
    let done: SeedRun;
    if (options.dryRun === true) {
      done = run(execution);
      await done.all();
    } else {
      await run(execution).check();
      await runHooks(project, "before_seed", hookFacts(execution, options));
      done = await underLock(project, execution, {
        ...options,
        work: async (locked) => {
          const under = run(locked);
          await under.all();
          return under;
        },
      });
      await runHooks(project, "after_seed", hookFacts(execution, options));
    }
    return {
      runId: execution.runId,
      project: settings.project,
      environment: settings.environment,
      database: execution.session.info.place,
      dryRun: options.dryRun === true,
      files: files.map(fileResult),
      tables: done.tables,
      sequences: done.sequences,
      totalDurationMs: Math.round(performance.now() - started),
    };
  });
}

function fileResult(seed: SeedFile): SeedFileResult {
  return {
    file: seed.file.path,
    kind: seed.kind,
    count: seed.kind === "sql"
      ? seed.statements.length
      : seed.sections.reduce((n, section) => n + section.rows.length, 0),
  };
}

/** Row files next to one another are loaded together: their tables may refer to one another. */
function stages(files: readonly SeedFile[]): SeedFile[][] {
  const found: SeedFile[][] = [];
  for (const file of files) {
    const last = found.at(-1);
    if (file.kind === "rows" && last?.[0]?.kind === "rows") last.push(file);
    else found.push([file]);
  }
  return found;
}

/** One transaction over all seeds. */
class SeedRun {
  readonly #execution: Execution;
  readonly #files: readonly SeedFile[];
  readonly #lockTimeout: number;
  readonly #dryRun: boolean;
  #tables = new Map<string, SeedTableResult>();
  #loads: TableLoad[] = [];
  #sequences: SeedSequenceResult[] = [];
  /** Whether the transaction was rolled back when a text was refused. */
  #ended = false;

  constructor(
    execution: Execution,
    run: {
      readonly files: readonly SeedFile[];
      readonly lockTimeout: number;
      readonly dryRun: boolean;
    },
  ) {
    this.#execution = execution;
    this.#files = run.files;
    this.#lockTimeout = run.lockTimeout;
    this.#dryRun = run.dryRun;
  }

  get tables(): readonly SeedTableResult[] {
    return [...this.#tables.values()];
  }

  get sequences(): readonly SeedSequenceResult[] {
    return this.#sequences;
  }

  /** Finds the tables before the history is installed or anybody waits for the lock. */
  async check(): Promise<void> {
    // What SQL seeds make cannot be known before they have run.
    if (this.#files.some((file) => file.kind === "sql")) return;
    await this.#script(beginStatements(this.#execution, true));
    await planRows(this.#execution, sectionsOf(this.#files));
    await rollback(this.#execution.session);
  }

  async all(): Promise<void> {
    const execution = this.#execution;
    try {
      await this.#script([
        ...beginStatements(execution, true),
        ...this.#settings(),
      ]);
      for (const stage of stages(this.#files)) await this.#stage(stage);
      // What is deferred fails here, not in a COMMIT that says less.
      await this.#script(["SET CONSTRAINTS ALL IMMEDIATE"]);
      await this.#moveSequences();
      if (this.#dryRun) await rollback(execution.session);
      else await this.#script([this.#event(), "COMMIT"]);
    } catch (error) {
      await this.#noteFailure(error);
      throw lockProblem(error);
    }
  }

  #settings(): string[] {
    return [`SET LOCAL lock_timeout = ${this.#lockTimeout}`];
  }

  async #stage(stage: readonly SeedFile[]): Promise<void> {
    const [first] = stage;
    if (first?.kind === "sql") {
      await this.#sql(first);
      return;
    }
    const loads = await planRows(this.#execution, sectionsOf(stage));
    const counts = await loadRows(this.#execution, loads);
    for (const load of loads) {
      const count = counts.get(load);
      if (count === undefined) continue;
      const table = `${load.table.schema}.${load.table.name}`;
      const before = this.#tables.get(table);
      this.#tables.set(table, {
        table,
        inserted: count.inserted + (before?.inserted ?? 0),
        updated: count.updated + (before?.updated ?? 0),
        unchanged: count.unchanged + (before?.unchanged ?? 0),
      });
      this.#loads.push(load);
    }
  }

  /** A SQL seed; what it has set does not reach the files behind it. */
  async #sql(
    seed: {
      readonly file: FileText;
      readonly statements: readonly FileStatement[];
    },
  ): Promise<void> {
    const builder = new ScriptBuilder();
    for (const statement of seed.statements) {
      builder.add(statement.sql, statement);
    }
    builder.add("RESET SESSION AUTHORIZATION")
      .addAll(beginStatements(this.#execution, true).slice(1))
      .addAll(this.#settings());
    try {
      await send(this.#execution, builder.texts());
    } catch (error) {
      this.#ended = true;
      throw explain(error, seed.file);
    }
  }

  /** Puts owned sequences past the values that were given explicitly. */
  async #moveSequences(): Promise<void> {
    const execution = this.#execution;
    const seen = new Set<string>();
    for (const load of this.#loads) {
      for (const sequence of load.table.sequences) {
        const given = load.sets.some((set) =>
          set.columns.some((column) => column.name === sequence.column)
        );
        if (!given || seen.has(sequence.oid)) continue;
        seen.add(sequence.oid);
        const { rows } = await withCancel(
          execution,
          () => execution.session.query(sequenceQuery(load, sequence)),
        );
        const value = rows[0]?.[0];
        if (value === undefined || value === null) continue;
        // setval is not undone by a rollback.
        if (!this.#dryRun) await this.#script([setSequence(sequence, value)]);
        this.#sequences.push({ sequence: sequence.name, value });
      }
    }
  }

  #event(): string {
    const { scope, runId, origin } = this.#execution;
    return recordEvent(scope, {
      runId,
      version: null,
      event: "seeded",
      origin,
      detail: {
        files: this.#files.map(({ file }) => file.path),
        tables: this.tables,
      },
    });
  }

  async #script(statements: readonly string[]): Promise<void> {
    try {
      await send(
        this.#execution,
        new ScriptBuilder().addAll(statements).texts(),
      );
    } catch (error) {
      this.#ended = true;
      throw explain(error, undefined);
    }
  }

  async #noteFailure(error: unknown): Promise<void> {
    const { session } = this.#execution;
    const known = error instanceof PawlError ? error : undefined;
    try {
      // An interrupt between two statements rolls back by itself.
      if (!this.#ended && known?.code !== "interrupted") {
        await rollback(session);
      }
      if (this.#dryRun) return;
      await noteEvent(this.#execution, {
        event: known?.code === "interrupted" ? "interrupted" : "failed",
        detail: {
          command: "seed",
          code: known?.code ?? "statement-failed",
          ...(known?.server === undefined
            ? {}
            : { sqlstate: known.server.sqlstate }),
        },
      });
    } catch {
      // The failure itself matters more than its record.
    }
  }
}

function sectionsOf(files: readonly SeedFile[]) {
  return files.flatMap((file) => file.kind === "rows" ? file.sections : []);
}

/** A lock that somebody else held too long, outside of any file. */
function lockProblem(error: unknown): unknown {
  if (!(error instanceof ServerError)) return error;
  const { sqlstate, message } = error.fields;
  return sqlstate === "55P03" || sqlstate === "40P01"
    ? new PawlError("lock-timeout", `Cannot seed: ${message}`, {
      server: { sqlstate, message },
      details: ["rolled back: nothing was loaded"],
      hint: AGAIN,
      cause: error,
    })
    : error;
}

const AGAIN = "Run pawl seed again when nobody else changes these rows";

/** A refused statement, in words that say where and what is left. */
function explain(error: unknown, file: FileText | undefined): unknown {
  if (!(error instanceof StatementFailed)) return error;
  const { sqlstate, message } = error.error.fields;
  // Not of a file: whoever runs this turns it into pawl's words.
  if (sqlstate === "42501" || sqlstate === "25006") return error.error;
  const offset = error.part.fileOffset;
  const place = file !== undefined && offset !== undefined
    ? seedLocation(file, offset)
    : undefined;
  const code = sqlstate === "PAWL1"
    ? "lock-lost"
    : sqlstate === "55P03" || sqlstate === "40P01"
    ? "lock-timeout"
    : "statement-failed";
  return new PawlError(
    code,
    `Cannot ${place === undefined ? "seed" : `load ${place.file}`}: ${message}`,
    {
      ...(place === undefined ? {} : { location: place }),
      server: serverReport(error.error.fields),
      details: ["rolled back: nothing was loaded"],
      ...(code === "statement-failed" ? {} : { hint: AGAIN }),
      cause: error,
    },
  );
}
