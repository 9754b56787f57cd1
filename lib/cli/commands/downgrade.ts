/**
 * `pawl downgrade`.
 *
 * @module
 */

import { EXIT, PawlError } from "../../errors.ts";
import { downgrade } from "../../migrate/downgrade.ts";
import type { RunReport } from "../../migrate/report.ts";
import { command, type CommandResult, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional } from "../option.ts";
import {
  announce,
  confirmOption,
  confirmProtected,
  count,
  lockWait,
  lockWaitFlag,
  project,
  requireDryRunForSql,
  warningDiagnostics,
} from "./shared.ts";
import {
  dryRunSql,
  reportDocument,
  reportExit,
  reportLines,
} from "./run_result.ts";
import { eventTeller } from "./run_talk.ts";

/** The command. */
export const downgradeCommand = command({
  name: "downgrade",
  aliases: ["rollback", "down"],
  group: "run",
  summary: "Take migrations back",
  description:
    "Undoes applied migrations by their down sections, the latest first: one step, -N steps, or down to TARGET, which stays applied. The rows stay in the history with the time of the rollback.\n\nWhere the file is not here any more, the down SQL that the history has kept is used.",
  globals: ["config", "env", "db", "project"],
  formats: ["text", "json", "sql"],
  json: "pawl.downgrade/1",
  exits: [
    EXIT.ok,
    EXIT.no,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.locked,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl downgrade", does: "Takes the latest migration back" },
    { line: "pawl downgrade -2", does: "Takes the latest two back" },
    {
      line: "pawl downgrade 20260102_030405",
      does: "Takes back what came after that version",
    },
    {
      line: "pawl downgrade base --dry-run",
      does: "Shows the SQL that would undo everything",
    },
  ],
  dashNumbers: true,
  positionals: {
    target: positional.optional({
      name: "TARGET",
      description: "-N, base, or a version that stays applied (default -1)",
      alsoOption: true,
    }),
  },
  options: {
    dryRun: option.flag({
      description: "Show what would run, and run nothing",
    }),
    check: option.flag({
      description: "Change nothing; exit 1 if something would be undone",
    }),
    fake: option.flag({
      description:
        "Record the migrations as rolled back without running anything",
    }),
    lock: option.unlessNot({ description: "Take no lock" }),
    transaction: option.unlessNot({
      description: "Run every statement by itself, outside a transaction",
    }),
    confirm: confirmOption,
    lockWait,
  },
  run: async (options, io) => {
    const opened = project(io, lockWaitFlag(options.lockWait));
    requireDryRunForSql(io, options.dryRun);
    announce(io, opened);
    const progress = io.progress("Downgrading");
    try {
      const report = await downgrade(opened, {
        target: options.target,
        dryRun: options.dryRun || options.check,
        fake: options.fake,
        noLock: !options.lock,
        noTransaction: !options.transaction,
        signal: io.signal,
        onEvent: eventTeller(io),
        onWarning: (text) => io.warn(text),
        onProgress: (name, status, index, total) => {
          if (status === "starting") {
            progress.update(`Undoing ${name} (${index + 1} of ${total})`);
          } else io.detail(`${name}: ${status}`);
        },
        confirm: async (results, database) => {
          if (opened.settings.protected) {
            await confirmProtected(io, opened, {
              what: "downgrade",
              database,
              confirm: options.confirm,
            });
            return;
          }
          const losses = results.flatMap((r) => r.warnings);
          if (losses.length === 0) return;
          // Whoever is not asked sees them in the report.
          if (!io.globals.yes) {
            for (const loss of losses) io.note(`  ! ${loss}`);
          }
          if (
            !(await io.confirm(
              `Take ${count(results.length, "migration")} back on ${database}?`,
            ))
          ) {
            throw new PawlError(
              "confirmation-needed",
              "Stopped: not confirmed",
              {
                hint: "Nothing was changed",
              },
            );
          }
        },
      });
      progress.done();
      return result(report, options, io);
    } finally {
      progress.done();
    }
  },
});

function result(
  report: RunReport,
  options: { readonly dryRun: boolean; readonly check: boolean },
  io: Io,
): CommandResult & { readonly document: JsonDocument<"pawl.downgrade/1"> } {
  const diagnostics = warningDiagnostics(report.warnings);
  const document = reportDocument("pawl.downgrade/1", report);
  const wanted = report.results.length;
  if (options.check) {
    return {
      exit: wanted === 0 ? EXIT.ok : EXIT.no,
      document,
      diagnostics,
      text: () =>
        wanted === 0 ? "Nothing would be undone." : [
          `${count(wanted, "migration")} would be undone:`,
          ...report.results.map((r) => `  ${r.name}`),
        ],
    };
  }
  if (options.dryRun) {
    const sql = dryRunSql(report);
    return {
      exit: EXIT.ok,
      document,
      diagnostics,
      sql,
      text: (style) =>
        wanted === 0
          ? "Nothing would be undone."
          : [...reportLines(report, style), "", sql.trimEnd()],
    };
  }
  if (report.error !== undefined && io.globals.format !== "json") {
    for (const line of reportLines(report, io.style)) io.note(line);
    throw report.error;
  }
  return {
    exit: reportExit(report),
    document,
    diagnostics,
    text: (style) =>
      wanted === 0 ? "Nothing to undo: no migration is applied." : [
        ...reportLines(report, style),
        `${count(report.appliedCount, "migration")} rolled back.`,
      ],
  };
}
