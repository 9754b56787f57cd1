/**
 * `repair`: makes the history agree with what a person has looked at. Edits
 * of comments and white space are accepted as they are; an edit of what was
 * applied, or the fate of a statement that nobody could tell, only by name.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { MigrationDirectory } from "./directory.ts";
import { type Execution, send } from "./execution.ts";
import type { History } from "./history.ts";
import { recordEvent, recordProgress, settleStep } from "./record_sql.ts";
import type { Migration } from "./model.ts";
import { recordedFile } from "./prepare.ts";
import { type Project, readMigrations } from "./project.ts";
import {
  readHistoryNow,
  type RunOptions,
  underLock,
  withExecution,
} from "./run_session.ts";
import { ScriptBuilder } from "./script_text.ts";
import { beginStatements } from "./session_text.ts";
import { describeDifferences, type VerifiedDifference } from "./verify.ts";
import { findVersion } from "./version.ts";

/** What to repair. */
export interface RepairOptions extends RunOptions {
  /** Versions whose semantic edits are accepted. */
  readonly accept?: readonly string[];
  /** A version whose open step has happened. */
  readonly stepDone?: string | undefined;
  /** A version whose open step has not happened: it will be run again. */
  readonly stepAgain?: string | undefined;
  /** Say what would be repaired, and change nothing. */
  readonly dryRun?: boolean;
  /** Asked before a semantic edit is accepted, with the difference. @throws To stop. */
  readonly confirm?: (
    accepted: readonly VerifiedDifference[],
    database: string,
  ) => Promise<void>;
}

/** What was repaired. */
export interface RepairReport {
  /** Where the database is, without secrets. */
  readonly database: string;
  /** Accepted differences. */
  readonly accepted: readonly VerifiedDifference[];
  /** Semantic differences that were not accepted. */
  readonly remaining: readonly VerifiedDifference[];
  /** The version whose open step was settled, and how. */
  readonly settled:
    | { readonly version: string; readonly as: "done" | "again" }
    | undefined;
}

/**
 * Repairs the history.
 *
 * @param project The project.
 * @param options What to accept.
 * @throws {PawlError} `migration-not-found`, `confirmation-needed`, and what
 * connecting throws.
 */
export async function repair(
  project: Project,
  options: RepairOptions = {},
): Promise<RepairReport> {
  const directory = readMigrations(project);
  const wanted = (options.accept ?? []).map((word) =>
    findVersion(directory.graph.order, word).version
  );
  return await withExecution(project, options, async (execution) => {
    const history = await readHistoryNow(execution);
    const plan = await planRepair(execution, { directory, history, wanted });
    const open = openStep(history, options);
    const report: RepairReport = {
      database: execution.session.info.place,
      ...plan,
      settled: open,
    };
    if (
      options.dryRun === true ||
      (plan.accepted.length === 0 && open === undefined)
    ) return report;
    const semantic = plan.accepted.filter((d) => d.kind === "semantic");
    if (semantic.length > 0) {
      await options.confirm?.(semantic, execution.session.info.database);
    }
    return await underLock(project, execution, {
      ...options,
      work: async (locked, now) => {
        const again = await planRepair(locked, {
          directory,
          history: now,
          wanted,
        });
        const settled = openStep(now, options);
        await write(project, locked, {
          directory,
          accepted: again.accepted,
          settled,
          history: now,
        });
        return { database: locked.session.info.place, ...again, settled };
      },
    });
  });
}

async function planRepair(
  execution: Execution,
  at: {
    readonly directory: MigrationDirectory;
    readonly history: History;
    readonly wanted: readonly string[];
  },
): Promise<Pick<RepairReport, "accepted" | "remaining">> {
  const found = await describeDifferences(execution, at.directory, at.history);
  const accepts = (d: VerifiedDifference) =>
    d.kind === "cosmetic" || at.wanted.includes(d.version);
  for (const version of at.wanted) {
    if (at.history.byVersion.get(version)?.state === "partial") {
      throw new PawlError(
        "migration-partial",
        `Cannot accept ${version}: it is partial, and goes on only behind the steps that have run`,
        {
          hint:
            "Put the statements that have run back as they were; what has not run may be changed",
        },
      );
    }
    if (found.some((d) => d.version === version)) continue;
    throw new PawlError(
      "migration-not-found",
      `Cannot accept ${version}: its file is as it was applied`,
      {
        hint: "pawl verify lists what differs",
      },
    );
  }
  return {
    accepted: found.filter(accepts),
    remaining: found.filter((d) => !accepts(d)),
  };
}

function openStep(
  history: History,
  options: RepairOptions,
): RepairReport["settled"] {
  const word = options.stepDone ?? options.stepAgain;
  if (word === undefined) return undefined;
  const row = findVersion(
    history.rows.filter((r) => r.state === "partial"),
    word,
  );
  const open = history.progress.find((p) =>
    p.version === row.version && !p.finished
  );
  if (open === undefined) {
    throw new PawlError(
      "migration-not-found",
      `Cannot settle ${row.version}: none of its steps is open`,
      {
        hint: "pawl upgrade goes on with it",
      },
    );
  }
  return {
    version: row.version,
    as: options.stepDone === undefined ? "again" : "done",
  };
}

async function write(
  project: Project,
  execution: Execution,
  plan: {
    readonly directory: MigrationDirectory;
    readonly accepted: readonly VerifiedDifference[];
    readonly settled: RepairReport["settled"];
    readonly history: History;
  },
): Promise<void> {
  const builder = new ScriptBuilder().addAll(beginStatements(execution, true));
  const versions = new Set(plan.accepted.map((d) => d.version));
  for (const version of versions) {
    const migration = plan.directory.graph.byVersion.get(version);
    const row = plan.history.byVersion.get(version);
    if (migration === undefined || row === undefined) continue;
    builder.add(acceptFile(project, execution, migration, row.stepsTotal))
      .add(recordEvent(execution.scope, {
        runId: execution.runId,
        version,
        event: "repaired",
        origin: execution.origin,
        detail: {
          kinds: plan.accepted.filter((d) => d.version === version).map((d) =>
            `${d.direction}: ${d.kind}`
          ),
        },
      }));
  }
  if (plan.settled !== undefined) {
    builder.addAll(
      settleStep(execution.scope, plan.settled.version, plan.settled.as),
    )
      .add(recordEvent(execution.scope, {
        runId: execution.runId,
        version: plan.settled.version,
        event: `step-${plan.settled.as}`,
        origin: execution.origin,
      }));
  }
  await send(execution, builder.add("COMMIT").texts());
}

/** The file as it is now becomes what the history knows; nothing else of the row changes. */
function acceptFile(
  project: Project,
  execution: Execution,
  migration: Migration,
  stepsTotal: number,
): string {
  return recordProgress(execution.scope, migration.version, {
    state: "unchanged",
    stepsDone: stepsTotal,
    stepsTotal,
    file: recordedFile(migration, project.settings.history),
  });
}
