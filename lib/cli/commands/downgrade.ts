/**
 * `pawl downgrade`.
 *
 * @module
 */

import { PawlError } from "../../errors.ts";
import { downgrade } from "../../migrate/downgrade.ts";
import { command } from "../command.ts";
import { option, positional } from "../option.ts";
import {
  dryRun,
  lock,
  progressTeller,
  RUN_EXITS,
  transaction,
} from "./run_options.ts";
import { runResult, type RunWords } from "./run_result.ts";
import { eventTeller } from "./run_talk.ts";
import {
  announce,
  confirmOption,
  confirmProtected,
  count,
  lockWait,
  lockWaitFlag,
  project,
  requireDryRunForSql,
} from "./shared.ts";

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
  exits: RUN_EXITS,
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
    dryRun,
    check: option.flag({
      description: "Change nothing; exit 1 if something would be undone",
    }),
    fake: option.flag({
      description:
        "Record the migrations as rolled back without running anything",
    }),
    lock,
    transaction,
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
        onProgress: progressTeller(io, progress, "Undoing"),
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
      return runResult(report, { choices: options, io, words: WORDS });
    } finally {
      progress.done();
    }
  },
});

const WORDS: RunWords<"pawl.downgrade/1"> = {
  format: "pawl.downgrade/1",
  nothing: {
    check: "Nothing would be undone.",
    dryRun: "Nothing would be undone.",
    run: "Nothing to undo: no migration is applied.",
  },
  check: "would be undone",
  done: "rolled back",
};
