/**
 * `pawl seed`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { seed, type SeedReport } from "../../migrate/seed.ts";
import {
  type Command,
  command,
  type CommandResult,
  type JsonDocument,
} from "../command.ts";
import { option } from "../option.ts";
import type { Style } from "../style.ts";
import { lock } from "./run_options.ts";
import { eventTeller } from "./run_talk.ts";
import { announce, count, lockWait, lockWaitFlag, project } from "./shared.ts";

/** The command. */
export const seedCommand: Command = command({
  name: "seed",
  group: "run",
  summary: "Load seed data",
  description: [
    "Loads rows from JSON and YAML files, and SQL files, in one transaction: all of it or nothing. The seeds of an environment are ENV.json, ENV.yaml, ENV.yml, the files in the folder ENV, and ENV.sql in the seeds directory, in this order. Without an environment they are its *.sql files in the order of their names. A protected environment is refused.",
    'A file of rows is {"table": [{"column": value, …}, …], …}. A row is found again by its primary key, or else by a unique constraint whose columns all rows of the table give: new rows are inserted, those that differ are updated, the others stay untouched, so that a second run changes nothing. The order of tables does not matter. Sequences that own a given column are set past its values.',
    "Values are read by PostgreSQL as the column's type. Lists are for array and json columns, maps for json and composite ones; bytea is '\\x…' or, in YAML, !!binary.",
  ].join("\n\n"),
  globals: ["config", "env", "db", "project"],
  formats: ["text", "json"],
  json: "pawl.seed/1",
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
      line: "pawl seed -e dev",
      does: "Loads the seeds of the environment dev",
    },
    {
      line: "pawl seed -f seeds/users.yaml -f seeds/demo",
      does: "Loads a file, then every seed in a folder",
    },
    {
      line: "pawl seed --dry-run",
      does: "Says how many rows would change, and leaves nothing",
    },
  ],
  options: {
    file: option.strings({
      value: "FILE",
      short: "f",
      description: "Load this file, or the seeds in this folder",
      completes: "file",
    }),
    dryRun: option.flag({
      description: "Run it and roll it back; only sequences may have moved",
    }),
    lock,
    lockWait,
  },
  run: async (options, io) => {
    const opened = project(io, lockWaitFlag(options.lockWait));
    announce(io, opened);
    const progress = io.progress("Loading seeds");
    try {
      const report = await seed(opened, {
        files: options.file,
        environment: io.globals.envs[0],
        dryRun: options.dryRun,
        noLock: !options.lock,
        signal: io.signal,
        onEvent: eventTeller(io),
        onWarning: (text) => io.warn(text),
      });
      return result(report);
    } finally {
      progress.done();
    }
  },
});

function result(
  report: SeedReport,
): CommandResult & { readonly document: JsonDocument<"pawl.seed/1"> } {
  return {
    exit: EXIT.ok,
    document: {
      format: "pawl.seed/1",
      runId: report.runId,
      project: report.project,
      environment: report.environment ?? null,
      database: report.database,
      dryRun: report.dryRun,
      totalDurationMs: report.totalDurationMs,
      files: report.files,
      tables: report.tables,
      sequences: report.sequences,
    },
    text: (style) => lines(report, style),
  };
}

function lines(report: SeedReport, style: Style): string[] {
  const mark = (line: string) => report.dryRun ? `  ${line}` : style.ok(line);
  const rows = report.tables.map(({ table, ...counts }) =>
    mark(`${table}: ${said(counts)}`)
  );
  const scripts = report.files.filter((file) => file.kind === "sql").map((
    file,
  ) => mark(`${file.file}: ${count(file.count, "statement")}`));
  const sequences = report.sequences.map(({ sequence, value }) =>
    mark(`${sequence} set to ${value}`)
  );
  const sum = (key: "inserted" | "updated" | "unchanged") =>
    report.tables.reduce((total, table) => total + table[key], 0);
  const total = said({
    inserted: sum("inserted"),
    updated: sum("updated"),
    unchanged: sum("unchanged"),
  });
  return [
    ...rows,
    ...sequences,
    ...scripts,
    report.dryRun
      ? `Dry run, rolled back. It would be: ${total}.`
      : `Seeded: ${total}.`,
  ];
}

function said(
  counts: {
    readonly inserted: number;
    readonly updated: number;
    readonly unchanged: number;
  },
): string {
  const { inserted, updated, unchanged } = counts;
  return `${inserted} inserted, ${updated} updated, ${unchanged} unchanged`;
}
