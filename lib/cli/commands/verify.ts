/**
 * `pawl verify` and `pawl repair`: whether the files are what was applied.
 *
 * @module
 */

import { optionalDatabase } from "../../config/settings.ts";
import { EXIT, PawlError } from "../../errors.ts";
import { repair } from "../../migrate/repair.ts";
import { fullName } from "../../migrate/version.ts";
import {
  type VerifiedDifference,
  verify,
  type VerifyReport,
} from "../../migrate/verify.ts";
import { command } from "../command.ts";
import { option } from "../option.ts";
import type { Style } from "../style.ts";
import {
  announce,
  confirmOption,
  confirmProtected,
  count,
  lockWait,
  lockWaitFlag,
  project,
  warningDiagnostics,
} from "./shared.ts";
import { eventTeller } from "./run_talk.ts";

/** `pawl verify`. */
export const verifyCommand = command({
  name: "verify",
  group: "look",
  summary: "Check that no migration was edited",
  description:
    "Compares every file with pawl.sum, and where a database is configured with the history: raw bytes first, then the tokens of the SQL, so that comments, white space and line ends count as cosmetic. Shows what changed. Exits 4 if anything else differs.\n\nWith --db none only pawl.sum is looked at.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.verify/1",
  exits: [EXIT.ok, EXIT.usage, EXIT.failed, EXIT.integrity, EXIT.interrupted],
  examples: [
    {
      line: "pawl verify",
      does: "Checks files against pawl.sum and the database",
    },
    {
      line: "pawl verify --db none",
      does: "Checks files against pawl.sum only",
    },
  ],
  run: async (_options, io) => {
    const opened = project(io);
    if (optionalDatabase(opened.settings) !== undefined) announce(io, opened);
    const report = await verify(opened, {
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    });
    return {
      exit: report.ok ? EXIT.ok : EXIT.integrity,
      document: {
        format: "pawl.verify/1",
        ok: report.ok,
        files: report.files,
        database: report.database ?? null,
        sumPresent: report.sumPresent,
        sum: report.sum,
        compared: report.compared,
        edited: report.edited,
        missing: report.missing.map(fullName),
      },
      diagnostics: warningDiagnostics(report.warnings),
      text: (style) => verifyLines(report, style),
    };
  },
});

function verifyLines(report: VerifyReport, style: Style): string[] {
  const lines: string[] = [];
  if (!report.sumPresent) {
    lines.push(style.fix("there is no pawl.sum: pawl sum writes it"));
  } else if (report.sum.length === 0) {
    lines.push(
      style.ok(
        `${count(report.files, "file")} ${
          report.files === 1 ? "fits" : "fit"
        } pawl.sum`,
      ),
    );
  }
  for (const difference of report.sum) {
    const line = `${difference.file}: ${SUM[difference.kind]}`;
    lines.push(
      difference.kind === "cosmetic" ? style.fix(line) : style.bad(line),
    );
  }
  if (report.database !== undefined) {
    if (report.edited.length === 0) {
      lines.push(
        style.ok(
          `${
            count(report.compared, "applied migration")
          } as in the history of ${report.database}`,
        ),
      );
    }
    for (const difference of report.edited) {
      lines.push(...differenceLines(difference, style));
    }
    for (const entry of report.missing) {
      lines.push(style.bad(`${fullName(entry)} is applied and has no file`));
    }
  }
  if (!report.ok) {
    lines.push(
      "",
      "Put the files back as they were, or accept what was edited: pawl repair --accept VERSION, pawl sum, pawl prune.",
    );
  }
  return lines;
}

const SUM = {
  edited: "edited since pawl.sum was written",
  cosmetic: "comments or white space edited since pawl.sum was written",
  added: "not in pawl.sum",
  removed: "in pawl.sum, and gone",
} as const;

/** One difference with its patch. */
function differenceLines(
  difference: VerifiedDifference,
  style: Style,
): string[] {
  const what = difference.kind === "cosmetic"
    ? "differs in comments or white space from what was applied"
    : difference.step !== undefined
    ? `step ${difference.step} has run, and was edited since`
    : "was edited after it had been applied";
  const line = `${difference.file} (${difference.direction}): ${what}`;
  const patch = difference.patch === undefined
    ? ["    the history has kept no SQL to compare with"]
    : difference.patch === ""
    ? ["    only passwords or options differ, which are not shown"]
    : difference.patch.trimEnd().split("\n").map((l) =>
      `    ${patchStyle(l, style)}`
    );
  return [
    difference.kind === "cosmetic" ? style.fix(line) : style.bad(line),
    ...patch,
  ];
}

function patchStyle(line: string, style: Style): string {
  if (line.startsWith("+")) return style.green(line);
  return line.startsWith("-") ? style.red(line) : line;
}

/** `pawl repair`. */
export const repairCommand = command({
  name: "repair",
  group: "run",
  summary: "Accept edits of applied files, settle an unknown outcome",
  description:
    "Accepts edits of comments, white space and line ends in applied files: the history takes the files' checksums as they are now. An edit of the SQL itself is accepted only by name (--accept), after it has been shown.\n\nWhere a run ended in the middle of a statement whose outcome nobody can tell, --step-done VERSION says that it has happened, --step-again VERSION that it has not.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.repair/1",
  exits: [
    EXIT.ok,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.locked,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl repair", does: "Accepts cosmetic edits" },
    {
      line: "pawl repair --accept 20260102_030405",
      does: "Shows and accepts an edit of that file",
    },
    {
      line: "pawl repair --step-done 20260102_030405",
      does: "Says that its open step has happened",
    },
  ],
  options: {
    accept: option.strings({
      value: "VERSION",
      description: "Accept this file's edit; may be repeated",
    }),
    stepDone: option.string({
      value: "VERSION",
      description: "The open step of this migration has happened",
    }),
    stepAgain: option.string({
      value: "VERSION",
      description:
        "The open step of this migration has not happened: run it again",
    }),
    dryRun: option.flag({
      description: "Show what would be accepted, and change nothing",
    }),
    confirm: confirmOption,
    lockWait,
  },
  run: async (options, io) => {
    if (options.stepDone !== undefined && options.stepAgain !== undefined) {
      throw new PawlError(
        "usage",
        "Cannot repair: --step-done and --step-again exclude one another",
      );
    }
    const opened = project(io, lockWaitFlag(options.lockWait));
    announce(io, opened);
    const report = await repair(opened, {
      accept: options.accept,
      stepDone: options.stepDone,
      stepAgain: options.stepAgain,
      dryRun: options.dryRun,
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text) => io.warn(text),
      confirm: async (accepted, database) => {
        for (const difference of accepted) {
          for (const line of differenceLines(difference, io.style)) {
            io.note(line);
          }
        }
        if (opened.settings.protected) {
          await confirmProtected(io, opened, {
            what: "accept this",
            database,
            confirm: options.confirm,
          });
        } else if (
          !(await io.confirm(
            "Accept what was edited as what has been applied?",
          ))
        ) {
          throw new PawlError("confirmation-needed", "Stopped: not confirmed", {
            hint: "Nothing was changed",
          });
        }
      },
    });
    const semantic = report.remaining.length > 0;
    return {
      exit: semantic ? EXIT.integrity : EXIT.ok,
      document: {
        format: "pawl.repair/1",
        dryRun: options.dryRun,
        ...report,
        settled: report.settled ?? null,
      },
      text: (style) => {
        const lines = report.accepted.flatMap((d) =>
          options.dryRun
            ? [...differenceLines(d, style), "    would be accepted"]
            : [style.ok(`${d.file} (${d.direction}): accepted (${d.kind})`)]
        );
        if (report.settled !== undefined) {
          lines.push(
            style.ok(
              `${report.settled.version}: its open step ${
                report.settled.as === "done"
                  ? "is taken as done"
                  : "will be run again"
              }; pawl upgrade goes on`,
            ),
          );
        }
        for (const d of report.remaining) {
          lines.push(
            ...differenceLines(d, style),
            d.step === undefined
              ? `    accept it with --accept ${d.version}`
              : "    put that step back as it was; what has not run may be changed",
          );
        }
        return lines.length === 0 ? "Nothing to repair." : lines;
      },
    };
  },
});
