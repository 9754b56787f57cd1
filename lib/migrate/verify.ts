/**
 * `verify`: whether the files are what was applied. Against `pawl.sum` it
 * needs no database; against the history it shows what changed. `repair`
 * accepts what was found.
 *
 * @module
 */

import { optionalDatabase } from "../config/settings.ts";
import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { quoteLiteral } from "../sql/quote.ts";
import type { MigrationDirectory } from "./directory.ts";
import type { Execution } from "./execution.ts";
import { type History, inForce } from "./history.ts";
import { historyTable } from "./history_sql.ts";
import { allDifferences, type FileDifference } from "./integrity.ts";
import { type StandingEntry, standings } from "./standings.ts";
import { type Project, readMigrations } from "./project.ts";
import { redactSecrets } from "./redact_sql.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "./run_session.ts";
import type { SumDifference } from "./sum.ts";

/** A file that differs from what was applied, and how. */
export interface VerifiedDifference extends FileDifference {
  /**
   * The difference as a unified diff without secrets: empty where only those
   * differ, undefined where the history has kept no SQL.
   */
  readonly patch: string | undefined;
}

/** What was found. */
export interface VerifyReport {
  /** How many files there are. */
  readonly files: number;
  /** Where the database is; undefined where none was asked. */
  readonly database: string | undefined;
  /** Whether there was a `pawl.sum` to compare with. */
  readonly sumPresent: boolean;
  /** How the files differ from `pawl.sum`. */
  readonly sum: readonly SumDifference[];
  /** How applied files differ from the history. */
  readonly edited: readonly VerifiedDifference[];
  /** Recorded versions that no file has, and that are not newer than all files. */
  readonly missing: readonly StandingEntry[];
  /** How many migrations of the history were compared. */
  readonly compared: number;
  /** What to know, one line each. */
  readonly warnings: readonly string[];
  /** False where something but comments and white space differs. */
  readonly ok: boolean;
}

/**
 * Verifies the project's files.
 *
 * @param project The project; without a database only `pawl.sum` is looked at.
 * @param options Signal and listeners.
 * @throws {PawlError} What reading files, connecting or the history throw.
 */
export async function verify(
  project: Project,
  options: RunOptions = {},
): Promise<VerifyReport> {
  const directory = readMigrations(project);
  if (optionalDatabase(project.settings) === undefined) {
    return report(directory, {
      database: undefined,
      edited: [],
      missing: [],
      compared: 0,
    });
  }
  return await withExecution(
    project,
    { ...options, readOnly: true },
    async (execution) => {
      const history = await readHistoryNow(execution);
      const edited = await describeDifferences(execution, directory, history);
      const missing = standings({
        graph: directory.graph,
        history,
        environment: project.settings.environment,
      }).filter((e) => e.standing === "missing");
      return report(directory, {
        database: execution.session.info.place,
        edited,
        missing,
        compared: history.rows.filter((r) =>
          (inForce(r) || r.state === "partial") &&
          directory.graph.byVersion.has(r.version)
        )
          .length,
      });
    },
  );
}

function report(
  directory: MigrationDirectory,
  found: Pick<VerifyReport, "database" | "edited" | "missing" | "compared">,
): VerifyReport {
  const sum = directory.sum ?? [];
  return {
    files: directory.files.length,
    sumPresent: directory.sum !== undefined,
    sum,
    warnings: directory.warnings,
    ...found,
    ok: sum.every((d) => d.kind === "cosmetic") &&
      found.edited.every((d) => d.kind === "cosmetic") &&
      found.missing.length === 0,
  };
}

/** Every difference with the SQL that was applied beside the file's. */
export async function describeDifferences(
  execution: Execution,
  directory: MigrationDirectory,
  history: History,
): Promise<VerifiedDifference[]> {
  const found = allDifferences(directory, history);
  if (found.length === 0) return [];
  const [result] = await execution.session.script(
    `SELECT version, up_sql, down_sql FROM ${
      historyTable(execution.scope.schema, "migrations")
    } WHERE project = ${
      quoteLiteral(execution.scope.project)
    } AND version IN (${
      [...new Set(found.map((d) => quoteLiteral(d.version)))].join(", ")
    })`,
  );
  const stored = new Map(
    (result === undefined ? [] : records(result)).map((r) => [r["version"], r]),
  );
  const { createTwoFilesPatch } = await import("diff");
  return found.map((difference) => {
    const kept = stored.get(difference.version)
      ?.[`${difference.direction}_sql`];
    const current = currentSql(directory, difference);
    if (kept === null || kept === undefined || current === undefined) {
      return { ...difference, patch: undefined };
    }
    // What is stored is redacted, but not what other tools or hands stored.
    const before = redactSecrets(kept);
    const now = redactSecrets(current);
    if (before === now) return { ...difference, patch: "" };
    const patch = createTwoFilesPatch(
      `${difference.version} as applied`,
      difference.file,
      before,
      now,
      undefined,
      undefined,
      { context: 2 },
    );
    return { ...difference, patch: patch.split("\n").slice(1).join("\n") };
  });
}

function currentSql(
  directory: MigrationDirectory,
  difference: FileDifference,
): string | undefined {
  const migration = directory.graph.byVersion.get(difference.version);
  try {
    const body = migration?.body();
    if (body?.kind !== "sql") return undefined;
    return difference.direction === "up" ? body.up.sql : body.down?.sql ?? "";
  } catch (error) {
    // What cannot be read any more is edited all the same.
    if (error instanceof PawlError) return undefined;
    throw error;
  }
}
