/**
 * `seed`: loads rows and SQL from files into a database, all in one
 * transaction under the lock. It ties reading, loading and recording together.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Execution } from "./execution.ts";
import { type HookFacts, runHooks } from "./hooks.ts";
import type { Project } from "./project.ts";
import { type RunOptions, underLock, withExecution } from "./run_session.ts";
import { readSeeds, type SeedChoice, type SeedFile } from "./seed_files.ts";
import type { RowCounts } from "./seed_load.ts";
import { SeedRun } from "./seed_run.ts";

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
