/**
 * `pawl import`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { importHistory, type ImportReport } from "../../migrate/import.ts";
import { HISTORIES } from "../../migrate/layouts/mod.ts";
import { fullName } from "../../migrate/version.ts";
import { type Command, command } from "../command.ts";
import { option, required } from "../option.ts";
import type { Style } from "../style.ts";
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
  warningDiagnostics,
} from "./shared.ts";

const TOOLS = ["auto" as const, ...HISTORIES.map((history) => history.tool)];

/** The command. */
export const importCommand: Command = command({
  name: "import",
  group: "set up",
  summary: "Adopt the history of another migration tool",
  description:
    "Reads the table in which another tool has recorded its migrations and shows which of the files here it has applied. With --apply they are recorded in pawl's history as applied, with the checksums of the files as they are now, in one transaction; the other table stays as it is, and no migration runs.\n\nRows that no file is for are shown and not adopted, unless they are newer than every file: those a newer release has run. Files that the other tool has not applied stay pending.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.import/1",
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
    {
      line: "pawl import --from auto",
      does: "Shows what would be adopted, from whichever tool it is",
    },
    {
      line: "pawl import --from diesel --apply",
      does: "Adopts diesel's history",
    },
    {
      line: "pawl import --from golang-migrate --table ops.schema_migrations",
      does: "Reads the table of another schema",
    },
  ],
  options: {
    from: required(option.choice(TOOLS, {
      value: "TOOL",
      description: "The other tool; auto goes by its table",
    })),
    apply: option.flag({ description: "Record what is shown" }),
    table: option.string({
      value: "NAME",
      description:
        "The other tool's table, as NAME or SCHEMA.NAME, where it has not the tool's own name",
    }),
    lock,
    confirm: confirmOption,
    lockWait,
  },
  run: async (options, io) => {
    const opened = project(io, lockWaitFlag(options.lockWait));
    announce(io, opened);
    const report = await importHistory(opened, {
      from: options.from,
      table: options.table,
    }, {
      apply: options.apply,
      noLock: !options.lock,
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text) => io.warn(text),
      confirm: (planned) =>
        confirmProtected(io, opened, {
          what: "import",
          database: planned.databaseName,
          confirm: options.confirm,
        }),
    });
    return {
      exit: EXIT.ok,
      document: { format: "pawl.import/1", ...reportData(report) },
      diagnostics: warningDiagnostics(report.warnings),
      text: (style) => reportLines(report, style),
    };
  },
});

function reportData(report: ImportReport): Record<string, unknown> {
  return {
    project: report.project,
    database: report.database,
    tool: report.tool,
    table: report.table,
    directory: report.directory,
    layout: report.layout,
    outcome: report.outcome,
    recorded: report.record.map((row) => ({
      version: row.version,
      name: row.name,
      file: row.migration?.file ?? null,
      appliedAt: row.appliedAt,
    })),
    withoutFile: report.withoutFile,
    undone: report.undone,
    pending: report.pending,
    warnings: report.warnings,
  };
}

function reportLines(report: ImportReport, style: Style): string[] {
  const head =
    `${report.tool}: ${report.table}, files of ${report.directory} (layout ${report.layout})`;
  return [
    head,
    ...recordLines(report, style),
    ...restLines(report, style),
    lastLine(report),
  ];
}

function recordLines(report: ImportReport, style: Style): string[] {
  if (report.outcome === "unchanged") return [];
  const done = report.outcome === "written"
    ? "recorded as applied"
    : "would be recorded as applied";
  return report.record.map((row) => {
    const line = `${fullName(row)} ${done}${
      row.appliedAt === null ? "" : ` at ${row.appliedAt}`
    }`;
    return row.migration === undefined
      ? style.ok(`${line}, without a file: it is newer than all of them`)
      : style.ok(line);
  });
}

/** How many pending files are named one by one. */
const SHOWN = 10;

function restLines(report: ImportReport, style: Style): string[] {
  const pending = report.pending.filter((file) => !file.late);
  const more = pending.length - SHOWN;
  return [
    ...report.withoutFile.map((name) =>
      style.yellow(`! ${name} has no file and is not adopted`)
    ),
    ...report.undone.map((name) =>
      `  ${name} was taken back and is not adopted`
    ),
    ...report.pending.filter((file) => file.late).map((file) =>
      style.yellow(
        `! ${file.file} is pending, and sorts before applied ones: pawl rebase, or pawl upgrade --out-of-order`,
      )
    ),
    ...pending.slice(0, SHOWN).map((file) => `  ${file.file} is pending`),
    ...(more > 0
      ? [`  ${count(more, "more file")} pending; --json names all`]
      : []),
  ];
}

function lastLine(report: ImportReport): string {
  switch (report.outcome) {
    case "planned":
      return report.record.length === 0
        ? "Nothing would be recorded: no file here is one of these migrations."
        : `${
          count(report.record.length, "migration")
        } would be recorded: --apply does it.`;
    case "written":
      return `${
        count(report.record.length, "migration")
      } recorded; ${report.table} is as it was.`;
    case "unchanged":
      return "The history has these migrations already: nothing to do.";
    case "empty":
      return `${report.tool} has applied nothing to this database: there is nothing to record.`;
    default:
      return report.outcome satisfies never;
  }
}
