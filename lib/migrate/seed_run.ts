/**
 * Loads seeds: one transaction over all of them, and what has become of each
 * table. It is given the lock, or runs dry without one.
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
import type { FileStatement, FileText } from "./model.ts";
import { recordEvent } from "./record_sql.ts";
import { noteEvent } from "./run_events.ts";
import { ScriptBuilder } from "./script_text.ts";
import type { SeedSequenceResult, SeedTableResult } from "./seed.ts";
import type { SeedFile } from "./seed_files.ts";
import { loadRows, planRows } from "./seed_load.ts";
import type { TableLoad } from "./seed_rows.ts";
import { sequenceQuery, setSequence } from "./seed_sql.ts";
import { seedLocation } from "./seed_value.ts";
import { beginStatements } from "./session_text.ts";

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
export class SeedRun {
  readonly #execution: Execution;
  readonly #files: readonly SeedFile[];
  readonly #lockTimeout: number;
  readonly #dryRun: boolean;
  #tables = new Map<string, SeedTableResult>();
  #loads: TableLoad[] = [];
  #sequences: SeedSequenceResult[] = [];
  /** Whether the transaction was rolled back when a text was refused. */
  #ended = false;

  /** Begins nothing yet. */
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
