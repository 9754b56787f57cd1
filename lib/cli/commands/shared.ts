/**
 * What commands that work on a project have in common: opening it as the
 * global options say, naming the database first, and telling what happens
 * while a run goes on.
 *
 * @module
 */

import { describeDatabase } from "../../config/database.ts";
import { requireDatabase } from "../../config/settings.ts";
import { EXIT, type ExitCode, PawlError } from "../../errors.ts";
import type { RunEvent } from "../../migrate/execution.ts";
import {
  allEnvironments,
  openProject,
  type Project,
  type ProjectOptions,
} from "../../migrate/project.ts";
import type { MigrationResult, RunReport } from "../../migrate/report.ts";
import { describeHolder } from "../../pg/lock.ts";
import { describeBlocker } from "../../pg/watch.ts";
import type { Diagnostic, JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option } from "../option.ts";
import type { Style } from "../style.ts";

/** The option for how long the lock is waited for. */
export const lockWait = option.string({
  value: "TIME",
  description:
    "How long to wait for another run's lock; 0 fails at once (default 30s)",
  variable: "PAWL_TIMEOUTS_LOCK_WAIT",
  variableIsConfiguration: true,
});

/** The option that confirms what `-y` does not, on a protected environment. */
export const confirmOption = option.string({
  value: "DATABASE",
  description:
    "Confirm by the database's name what a protected environment asks for",
});

/** Opens the project that the global options name. */
export function project(
  io: Io,
  more: Pick<ProjectOptions, "flags"> = {},
  env?: string,
): Project {
  const opened = openProject({
    cwd: io.cwd,
    config: io.globals.config,
    envFile: io.globals.envFile,
    project: io.globals.project,
    environment: env ?? io.globals.envs[0],
    db: io.globals.db,
    ...more,
  });
  for (const variable of opened.settings.variables.values()) {
    if (/PASSWORD|SECRET/.test(variable.origin)) io.secrets.add(variable.value);
  }
  io.secrets.addFrom(opened.settings.database?.source ?? "");
  for (const warning of opened.settings.warnings) io.warn(warning);
  return opened;
}

/** The value of `--lock-wait` as a flag for the settings. */
export function lockWaitFlag(
  value: string | undefined,
): Pick<ProjectOptions, "flags"> {
  return value === undefined ? {} : {
    flags: [{ key: "timeouts.lock_wait", flag: "--lock-wait", text: value }],
  };
}

/** Says which database is about to be opened, and what named it. */
export function announce(io: Io, opened: Project): void {
  io.note(`Database: ${describeDatabase(requireDatabase(opened.settings))}`);
}

/** SQL on standard output is what would run: a run itself has none to show. */
export function requireDryRunForSql(io: Io, dryRun: boolean): void {
  if (io.globals.format !== "sql" || dryRun) return;
  throw new PawlError(
    "usage",
    "Cannot write SQL: --format sql goes with --dry-run",
    {
      hint: "pawl sql FROM:TO writes a script to run by hand",
    },
  );
}

/**
 * The environments of a command that takes several.
 *
 * @returns Undefined for one database, however it is named.
 */
export function severalNames(
  io: Io,
  all: boolean,
): readonly string[] | undefined {
  const { envs, db } = io.globals;
  if (all && (envs.length > 0 || db !== undefined)) {
    throw new PawlError(
      "usage",
      "Cannot use --all with -e or --db: it means every environment",
    );
  }
  if (envs.length > 1 && db !== undefined) {
    throw new PawlError(
      "usage",
      "Cannot use --db with -e: each names a database",
    );
  }
  if (!all) return envs.length > 1 ? envs : undefined;
  const names = allEnvironments({ cwd: io.cwd, config: io.globals.config });
  if (names.length === 0) {
    throw new PawlError(
      "database-missing",
      "Cannot use --all: there is no environment and no profile",
      {
        hint: "Write [env.NAME] into pawl.toml, or pawl profiles save NAME URL",
      },
    );
  }
  return names;
}

/** The same Io with a name before every line of talk, for several databases. */
export function named(io: Io, name: string): Io {
  return {
    ...io,
    note: (text) => io.note(`${name}: ${text}`),
    detail: (text, level) => io.detail(`${name}: ${text}`, level),
    warn: (text, hint) => io.warn(`${name}: ${text}`, hint),
    progress: (text) => {
      const progress = io.progress(`${name}: ${text}`);
      return {
        update: (more) => progress.update(`${name}: ${more}`),
        done: progress.done,
      };
    },
  };
}

/** Asks for the database's name where the environment is protected. */
export async function confirmProtected(
  io: Io,
  opened: Project,
  asked: {
    readonly what: string;
    readonly database: string;
    readonly confirm: string | undefined;
  },
): Promise<void> {
  if (!opened.settings.protected) {
    if (asked.confirm !== undefined && asked.confirm !== asked.database) {
      throw new PawlError(
        "confirmation-needed",
        `Cannot ${asked.what}: --confirm names ${asked.confirm}, the database is ${asked.database}`,
      );
    }
    return;
  }
  await io.confirmTyped(
    `${
      opened.settings.environment ?? "This environment"
    } is protected. To ${asked.what}, type the database's name (${asked.database})`,
    asked.database,
    { flag: "--confirm DATABASE", given: asked.confirm },
  );
}

/** Tells what happens while a run goes on. */
export function eventTeller(io: Io): (event: RunEvent) => void {
  let lastWait = "";
  let lastBlock = "";
  return (event) => {
    switch (event.type) {
      case "waiting": {
        const who = event.holder === undefined
          ? "another run"
          : describeHolder(event.holder);
        if (who !== lastWait) {
          io.note(`Waiting for the migration lock: ${who} holds it`);
        }
        lastWait = who;
        return;
      }
      case "blocked": {
        const who = event.blockers.map(describeBlocker).join("; ");
        if (who !== lastBlock) io.note(`Waiting for a lock held by ${who}`);
        lastBlock = who;
        return;
      }
      case "building": {
        const percent = event.progress.percent === undefined
          ? ""
          : ` ${event.progress.percent} %`;
        if (io.terminal.stderr) {
          io.detail(`Index build: ${event.progress.phase}${percent}`, 0);
        }
        return;
      }
      case "retry":
        io.note(
          `${event.migration}: ${event.reason}; try ${
            event.attempt + 1
          } of ${event.attempts} in ${Math.round(event.delayMs / 100) / 10} s`,
        );
        for (const blocker of event.blockers) {
          io.note(`  blocked by ${describeBlocker(blocker)}`);
        }
        return;
      case "notice":
        if (event.notice.severity === "LOG") io.note(event.notice.message);
        else if (event.notice.severity === "WARNING") {
          io.note(`WARNING: ${event.notice.message}`);
        } else io.detail(`${event.notice.severity}: ${event.notice.message}`);
        return;
      case "repaired":
        io.note(event.message);
        return;
      default:
        event satisfies never;
    }
  };
}

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

/** Warnings as diagnostics. */
export function warningDiagnostics(warnings: readonly string[]): Diagnostic[] {
  return warnings.map((message) => ({ severity: "warning", message }));
}

/** The exit code of a report. */
export function reportExit(report: RunReport): ExitCode {
  return report.error === undefined ? EXIT.ok : report.error.exitCode;
}

/** `1 migration`, `2 migrations`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** The SQL of a dry run as one text. */
export function dryRunSql(report: RunReport): string {
  return report.results.map((r) => `-- ${r.file}\n${r.sql ?? ""}`).join("\n");
}

/** A document around a report. */
export function reportDocument<F extends string>(
  format: F,
  report: RunReport,
): JsonDocument<F> {
  return { format, ...reportData(report) };
}
