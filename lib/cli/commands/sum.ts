/**
 * `pawl sum`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import type { Project } from "../../migrate/project.ts";
import {
  checkSum,
  describeDifference,
  type SumReport,
  writeSum,
} from "../../migrate/sum_file.ts";
import { type Command, command, type Diagnostic } from "../command.ts";
import { option } from "../option.ts";
import { count, project } from "./shared.ts";

/** The command. */
export const sumCommand: Command = command({
  name: "sum",
  group: "author",
  summary: "Write or check pawl.sum, the checksums of the migration files",
  description:
    "Writes pawl.sum beside the migrations, whatever it held before, a merge conflict included, and says what differed. Look at that before it is committed: pawl.sum vouches for the files.\n\nWith --check it writes nothing: it exits 4 where a file was added, edited or removed, and warns where only comments, white space or line ends differ, or where there is no pawl.sum.",
  globals: ["config", "env", "project"],
  json: "pawl.sum/1",
  exits: [EXIT.ok, EXIT.usage, EXIT.failed, EXIT.integrity],
  examples: [
    { line: "pawl sum", does: "Writes migrations/pawl.sum" },
    { line: "pawl sum --check", does: "Exits 4 if it does not fit the files" },
  ],
  options: {
    check: option.flag({
      description: "Write nothing; exit 4 if it does not fit",
    }),
  },
  run: (options, io) => {
    const opened = project(io);
    const report = options.check ? checkSum(opened) : writeSum(opened);
    return Promise.resolve({
      exit: EXIT.ok,
      document: {
        format: "pawl.sum/1",
        file: report.file,
        files: report.count,
        existed: report.existed,
        written: report.written,
        differences: report.differences,
        problem: report.problem?.message ?? null,
      },
      diagnostics: options.check ? checkFindings(report, opened) : [],
      text: () => [
        ...(options.check || !report.existed ? [] : changes(report, opened)),
        outcome(report, options.check),
      ],
    });
  },
});

function checkFindings(report: SumReport, opened: Project): Diagnostic[] {
  if (!report.existed) {
    return report.count === 0 ? [] : [{
      severity: "warning",
      message: `${report.file} does not exist`,
      hint: "pawl sum writes it",
    }];
  }
  return report.differences.map((difference) => ({
    severity: "warning",
    message: describeDifference(difference, opened),
    hint: "pawl sum writes it anew",
  }));
}

/** What was different before, for whoever reviews the change. */
function changes(report: SumReport, opened: Project): string[] {
  return [
    ...(report.problem === undefined
      ? []
      : [`It could not be read: ${report.problem.message}`]),
    ...report.differences.map((difference) =>
      `  ${describeDifference(difference, opened)}`
    ),
  ];
}

function outcome(report: SumReport, check: boolean): string {
  const files = count(report.count, "file");
  if (report.written) return `${report.file} written: ${files}.`;
  if (check && !report.existed) return `Nothing to check: ${files}.`;
  return report.differences.length === 0
    ? `${report.file} fits ${files}.`
    : `${report.file} fits ${files} but for comments and white space.`;
}
