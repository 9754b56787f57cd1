/**
 * `pawl stamp` and `pawl prune`: the history without running anything.
 *
 * @module
 */

import { EXIT, PawlError } from "../../errors.ts";
import { prune } from "../../migrate/prune.ts";
import { stamp } from "../../migrate/stamp.ts";
import { command } from "../command.ts";
import { option, positional } from "../option.ts";
import { lock } from "./run_options.ts";
import { eventTeller } from "./run_talk.ts";
import {
  announce,
  confirmOption,
  confirmProtected,
  count,
  lockWait,
  lockWaitFlag,
  project,
} from "./shared.ts";

const EXITS = [
  EXIT.ok,
  EXIT.no,
  EXIT.usage,
  EXIT.failed,
  EXIT.integrity,
  EXIT.locked,
  EXIT.blocked,
  EXIT.interrupted,
];

/** `pawl stamp`. */
export const stampCommand = command({
  name: "stamp",
  group: "run",
  summary: "Record a version without running anything",
  description:
    "Makes the history say that the database stands at TARGET: everything up to it is recorded as stamped, what comes after it is no longer in force. Nothing else of the database changes. --purge forgets every row of the project first.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.stamp/1",
  exits: EXITS,
  examples: [
    { line: "pawl stamp head", does: "Records every migration as in force" },
    {
      line: "pawl stamp 20260102_030405 --dry-run",
      does: "Shows what would be recorded",
    },
    { line: "pawl stamp base --purge", does: "Forgets the project's history" },
  ],
  positionals: {
    target: positional.required({
      name: "TARGET",
      description: "A version, a unique prefix, head or base",
      alsoOption: true,
    }),
  },
  options: {
    purge: option.flag({
      description: "Forget every row of the project first",
    }),
    dryRun: option.flag({
      description: "Show what would be recorded, and change nothing",
    }),
    check: option.flag({
      description: "Change nothing; exit 1 if something would be recorded",
    }),
    lock,
    confirm: confirmOption,
    lockWait,
  },
  run: async (options, io) => {
    const opened = project(io, lockWaitFlag(options.lockWait));
    announce(io, opened);
    const plans = options.dryRun || options.check;
    const report = await stamp(opened, options.target, {
      purge: options.purge,
      dryRun: plans,
      noLock: !options.lock,
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text) => io.warn(text),
      confirm: async (planned) => {
        await confirmProtected(io, opened, {
          what: "stamp",
          database: databaseName(planned.database),
          confirm: options.confirm,
        });
        const losses = planned.unstamped.length + planned.purged.length;
        if (opened.settings.protected || losses === 0) return;
        if (
          !(await io.confirm(
            `Take ${
              count(losses, "row")
            } of the history of ${planned.database} out of force?`,
          ))
        ) {
          throw new PawlError("confirmation-needed", "Stopped: not confirmed", {
            hint: "Nothing was changed",
          });
        }
      },
    });
    const changes = report.stamped.length + report.unstamped.length +
      report.purged.length;
    return {
      exit: options.check && changes > 0 ? EXIT.no : EXIT.ok,
      document: {
        format: "pawl.stamp/1",
        dryRun: plans,
        ...report,
        target: report.target ?? null,
      },
      text: (style) => {
        if (changes === 0) {
          return `The history stands at ${report.target ?? "base"} already.`;
        }
        const would = plans ? "would be " : "";
        return [
          ...report.purged.map((v) => style.ok(`${v} ${would}forgotten`)),
          ...report.unstamped.map((v) =>
            style.ok(`${v} ${would}taken out of force`)
          ),
          ...report.stamped.map((v) => style.ok(`${v} ${would}stamped`)),
          `The history ${plans ? "would stand" : "stands"} at ${
            report.target ?? "base"
          }.`,
        ];
      },
    };
  },
});

/** `host:port/name` → `name`. */
function databaseName(place: string): string {
  return place.slice(place.lastIndexOf("/") + 1);
}

/** `pawl prune`. */
export const pruneCommand = command({
  name: "prune",
  group: "run",
  summary: "Forget rows whose migration file is gone",
  description:
    "Takes rows out of the history whose file is gone: after files were deleted on purpose, or replaced by a squash that this database has passed. Versions newer than every file belong to a newer release and stay. Rows of projects that this configuration does not have are listed, and taken only with --orphaned.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.prune/1",
  exits: EXITS,
  examples: [
    { line: "pawl prune --dry-run", does: "Shows which rows would go" },
    { line: "pawl prune -y", does: "Takes them without asking" },
  ],
  options: {
    orphaned: option.flag({
      description: "Also rows of projects that are not configured here",
    }),
    dryRun: option.flag({
      description: "Show which rows would go, and change nothing",
    }),
    check: option.flag({
      description: "Change nothing; exit 1 if a row would go",
    }),
    lock,
    confirm: confirmOption,
    lockWait,
  },
  run: async (options, io) => {
    const opened = project(io, lockWaitFlag(options.lockWait));
    announce(io, opened);
    const plans = options.dryRun || options.check;
    const report = await prune(opened, {
      orphaned: options.orphaned,
      dryRun: plans,
      noLock: !options.lock,
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text) => io.warn(text),
      confirm: async (planned) => {
        const rows = [
          ...planned.stale,
          ...(options.orphaned ? planned.orphaned : []),
        ];
        for (const row of rows) io.note(`  ${row}`);
        if (opened.settings.protected) {
          await confirmProtected(io, opened, {
            what: "prune",
            database: databaseName(planned.database),
            confirm: options.confirm,
          });
        } else if (
          !(await io.confirm(
            `Forget ${
              count(rows.length, "row")
            } of the history of ${planned.database}?`,
          ))
        ) {
          throw new PawlError("confirmation-needed", "Stopped: not confirmed", {
            hint: "Nothing was changed",
          });
        }
      },
    });
    const goes = report.stale.length +
      (options.orphaned ? report.orphaned.length : 0);
    return {
      exit: options.check && goes > 0 ? EXIT.no : EXIT.ok,
      document: { format: "pawl.prune/1", dryRun: plans, ...report },
      text: (style) => {
        const lines = report.stale.map((v) =>
          style.ok(
            `${v} ${plans ? "would be " : ""}forgotten: its file is gone`,
          )
        );
        for (const row of report.orphaned) {
          lines.push(
            options.orphaned
              ? style.ok(
                `${row} ${
                  plans ? "would be " : ""
                }forgotten: its project is not configured here`,
              )
              : style.fix(
                `${row} stays: its project is not configured here (--orphaned takes it)`,
              ),
          );
        }
        return lines.length === 0
          ? "Nothing to prune: every row has its file."
          : lines;
      },
    };
  },
});
