/**
 * `pawl upgrade`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import type { RunReport } from "../../migrate/report.ts";
import { upgrade } from "../../migrate/upgrade.ts";
import { command, type CommandResult, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional } from "../option.ts";
import {
  announce,
  count,
  dryRunSql,
  eventTeller,
  lockWait,
  lockWaitFlag,
  project,
  reportDocument,
  reportExit,
  reportLines,
  requireDryRunForSql,
  warningDiagnostics,
} from "./shared.ts";

/** The command. */
export const upgradeCommand = command({
  name: "upgrade",
  aliases: ["migrate", "up"],
  group: "run",
  summary: "Apply pending migrations",
  description:
    "Applies every pending migration in order, or those up to TARGET. Each step is one transaction with its row of the history in it; what cannot run in a transaction runs statement by statement and goes on where it stopped.\n\nWith nothing pending it exits 0 without taking the lock or writing anything.",
  globals: ["config", "env", "db", "project"],
  formats: ["text", "json", "sql"],
  json: "pawl.upgrade/1",
  exits: [EXIT.ok, EXIT.no, EXIT.usage, EXIT.failed, EXIT.integrity, EXIT.locked, EXIT.blocked, EXIT.interrupted],
  examples: [
    { line: "pawl upgrade", does: "Applies everything that is pending" },
    { line: "pawl upgrade +1", does: "Applies the next migration only" },
    { line: "pawl upgrade --dry-run", does: "Shows the SQL that would run" },
    { line: "pawl upgrade --check", does: "Exits 1 if something is pending" },
  ],
  dashNumbers: true,
  positionals: {
    target: positional.optional({
      name: "TARGET",
      description: "A version, a unique prefix of one, head, or +N",
      alsoOption: true,
    }),
  },
  options: {
    dryRun: option.flag({ description: "Show what would run, and run nothing" }),
    check: option.flag({ description: "Change nothing; exit 1 if something is pending" }),
    fake: option.flag({ description: "Record the migrations as applied without running them" }),
    batch: option.flag({ description: "Apply all in one transaction, or none", aliases: ["atomic-batch"] }),
    outOfOrder: option.flag({ description: "Let files run that sort before applied ones" }),
    lock: option.unlessNot({ description: "Take no lock" }),
    transaction: option.unlessNot({
      description: "Run every statement by itself, outside a transaction",
    }),
    lockWait,
  },
  run: async (options, io) => {
    const opened = project(io, lockWaitFlag(options.lockWait));
    requireDryRunForSql(io, options.dryRun);
    announce(io, opened);
    const plans = options.dryRun || options.check;
    const progress = io.progress("Upgrading");
    try {
      const report = await upgrade(opened, {
        target: options.target,
        dryRun: plans,
        fake: options.fake,
        batch: options.batch,
        outOfOrder: options.outOfOrder,
        noLock: !options.lock,
        noTransaction: !options.transaction,
        signal: io.signal,
        onEvent: eventTeller(io),
        onWarning: (text) => io.warn(text),
        onProgress: (name, status, index, total) => {
          if (status === "starting") progress.update(`Applying ${name} (${index + 1} of ${total})`);
          else io.detail(`${name}: ${status}`);
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
): CommandResult & { readonly document: JsonDocument<"pawl.upgrade/1"> } {
  const diagnostics = warningDiagnostics(report.warnings);
  const document = reportDocument("pawl.upgrade/1", report);
  const pending = report.results.length;
  if (options.check) {
    return {
      exit: pending === 0 ? EXIT.ok : EXIT.no,
      document,
      diagnostics,
      text: () =>
        pending === 0
          ? "Up to date."
          : [`${count(pending, "migration")} pending:`, ...report.results.map((r) => `  ${r.name}`)],
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
        pending === 0 ? "Up to date: nothing would run." : [
          ...reportLines(report, style),
          "",
          sql.trimEnd(),
        ],
    };
  }
  if (report.error !== undefined && io.globals.format !== "json") {
    // What has been applied is said first, then why it went no further.
    for (const line of reportLines(report, io.style)) io.note(line);
    throw report.error;
  }
  return {
    exit: reportExit(report),
    document,
    diagnostics,
    text: (style) =>
      report.results.length === 0 ? "Up to date: nothing is pending." : [
        ...reportLines(report, style),
        `${count(report.appliedCount, "migration")} applied.`,
      ],
  };
}
