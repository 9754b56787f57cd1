/**
 * What a run has done, for `upgrade` and `downgrade`: as JSON, as lines, as an
 * exit code.
 *
 * @module
 */

import { EXIT, type ExitCode, type PawlError } from "../../errors.ts";
import type { MigrationResult, RunReport } from "../../migrate/report.ts";
import type { CommandResult, JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import type { Style } from "../style.ts";
import { count, warningDiagnostics } from "./shared.ts";

/** An error as a JSON document shows it. */
export function errorData(
  error: PawlError | undefined,
): Record<string, unknown> | null {
  if (error === undefined) return null;
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    details: error.details,
    location: error.location ?? null,
    server: error.server ?? null,
  };
}

/** A run's report as JSON. */
export function reportData(report: RunReport): Record<string, unknown> {
  return {
    runId: report.runId,
    project: report.project,
    environment: report.environment ?? null,
    database: report.database,
    direction: report.direction,
    success: report.success,
    totalDurationMs: report.totalDurationMs,
    appliedCount: report.appliedCount,
    skippedCount: report.skippedCount,
    failedCount: report.failedCount,
    warnings: report.warnings,
    error: errorData(report.error),
    migrations: report.results.map(resultData),
  };
}

function resultData(result: MigrationResult): Record<string, unknown> {
  return {
    version: result.version,
    name: result.name,
    file: result.file,
    status: result.status,
    durationMs: result.durationMs,
    statements: result.statements,
    warnings: result.warnings,
    error: errorData(result.error),
    ...(result.sql === undefined ? {} : { sql: result.sql }),
  };
}

const DONE: Readonly<Record<MigrationResult["status"], string>> = {
  applied: "applied",
  rolled_back: "rolled back",
  recorded: "recorded (all that it replaces is applied)",
  fake: "recorded without running",
  dry_run: "would run",
  failed: "failed",
  skipped: "not run",
};

/** A run's report for people. */
export function reportLines(report: RunReport, style: Style): string[] {
  const lines: string[] = [];
  for (const result of report.results) {
    const took = result.status === "applied" || result.status === "rolled_back"
      ? ` (${duration(result.durationMs)})`
      : "";
    const line = `${result.name} ${DONE[result.status]}${took}`;
    lines.push(
      result.status === "failed"
        ? style.bad(line)
        : result.status === "skipped" || result.status === "dry_run"
        ? `  ${line}`
        : style.ok(line),
    );
    for (const warning of result.warnings) {
      lines.push(`    ${style.yellow("!")} ${warning}`);
    }
  }
  return lines;
}

/** Milliseconds for people. */
export function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}

/** The exit code of a report. */
function reportExit(report: RunReport): ExitCode {
  return report.error === undefined ? EXIT.ok : report.error.exitCode;
}

/** The SQL of a dry run as one text. */
export function dryRunSql(report: RunReport): string {
  return report.results.map((r) => `-- ${r.file}\n${r.sql ?? ""}`).join("\n");
}

/** A document around a report. */
function reportDocument<F extends string>(
  format: F,
  report: RunReport,
): JsonDocument<F> {
  return { format, ...reportData(report) };
}

/** What a command says of its runs. */
export interface RunWords<F extends string> {
  /** The JSON document's name and version. */
  readonly format: F;
  /** Sentences for a run that has nothing to do. */
  readonly nothing: {
    readonly check: string;
    readonly dryRun: string;
    readonly run: string;
  };
  /** What `--check` says behind how many migrations. */
  readonly check: string;
  /** What is said behind how many migrations in the end. */
  readonly done: string;
}

/**
 * How a run of migrations has ended.
 *
 * @param report What it has done.
 * @param how What was asked for, and in which words it is told.
 * @throws {PawlError} Why the run ended early, behind what it has done; in a
 * JSON document it stands with that.
 */
export function runResult<F extends string>(
  report: RunReport,
  { choices, io, words }: {
    readonly choices: { readonly dryRun: boolean; readonly check: boolean };
    readonly io: Io;
    readonly words: RunWords<F>;
  },
): CommandResult & { readonly document: JsonDocument<F> } {
  const { results } = report;
  const { nothing } = words;
  const told = {
    document: reportDocument(words.format, report),
    diagnostics: warningDiagnostics(report.warnings),
  };
  if (choices.check) {
    return {
      ...told,
      exit: results.length === 0 ? EXIT.ok : EXIT.no,
      text: () =>
        results.length === 0 ? nothing.check : [
          `${count(results.length, "migration")} ${words.check}:`,
          ...results.map(({ name }) => `  ${name}`),
        ],
    };
  }
  if (choices.dryRun) {
    const sql = dryRunSql(report);
    return {
      ...told,
      exit: EXIT.ok,
      sql,
      text: (style) =>
        results.length === 0
          ? nothing.dryRun
          : [...reportLines(report, style), "", sql.trimEnd()],
    };
  }
  if (report.error !== undefined && io.globals.format !== "json") {
    // What has been done is said first, then why it went no further.
    for (const line of reportLines(report, io.style)) io.note(line);
    throw report.error;
  }
  return {
    ...told,
    exit: reportExit(report),
    text: (style) =>
      results.length === 0 ? nothing.run : [
        ...reportLines(report, style),
        `${count(report.appliedCount, "migration")} ${words.done}.`,
      ],
  };
}
