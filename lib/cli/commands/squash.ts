/**
 * `pawl squash` and `pawl baseline`: one migration for many, and one for what
 * was there before.
 *
 * @module
 */

import { baseline } from "../../change/baseline.ts";
import { squash } from "../../change/squash.ts";
import { resetAfterSquash } from "../../change/squash_reset.ts";
import { EXIT } from "../../errors.ts";
import { type Command, command } from "../command.ts";
import { option, positional } from "../option.ts";
import { shadowOption } from "./drift.ts";
import { fileLines } from "./generate.ts";
import {
  announce,
  count,
  project as openProject,
  severalNames,
  warningDiagnostics,
} from "./shared.ts";
import { eventTeller } from "./run_talk.ts";

const EXITS = [
  EXIT.ok,
  EXIT.usage,
  EXIT.failed,
  EXIT.integrity,
  EXIT.locked,
  EXIT.blocked,
  EXIT.interrupted,
];

/** The command. */
export const squashCommand: Command = command({
  name: "squash",
  group: "author",
  summary: "Write one migration that stands for several",
  description:
    "Replays the migrations in a shadow and writes one file that leaves the same: the DDL of all of them as one, then their statements about rows, in order; a replaces line names what it stands for. It is replayed too, and must leave the same schema and the same rows; where the statements about rows do not fit the last schema, the files are put one behind the other instead, and why is said.\n\nThe old files stay until every database has passed them: one that has all of them records the squash as applied, one that has none runs it instead, one that has some goes on with the old files. Then remove the files, and pawl prune takes their rows away. --reset does that at once in the databases that -e names, and refuses while one of them is behind.",
  globals: ["config", "envs", "db", "project"],
  json: "pawl.squash/1",
  exits: EXITS,
  examples: [
    { line: 'pawl squash "schema of 2026"', does: "Squashes all migrations" },
    {
      line: "pawl squash --from 20260101 --to 20260301",
      does: "Squashes those between two versions, both included",
    },
    {
      line: "pawl squash --reset -e dev -e production",
      does: "Squashes all, removes the old files and rows",
    },
  ],
  positionals: {
    message: positional.optional({
      name: "MESSAGE",
      description: "What it is called",
    }),
  },
  options: {
    from: option.string({
      value: "VERSION",
      description: "The first migration (default: the project's first)",
    }),
    to: option.string({
      value: "VERSION",
      description: "The last migration (default: the newest)",
    }),
    optimize: option.unlessNot({
      description: "Put the files one behind the other",
    }),
    reset: option.flag({
      description:
        "Remove the old files, and their rows in the databases that -e names",
    }),
    dryRun: option.flag({ description: "Show the file, and write nothing" }),
    shadow: shadowOption,
  },
  run: async (options, io) => {
    const names = severalNames(io, false);
    const opened = openProject(io, {}, names?.[0]);
    const progress = io.progress("Replaying the migrations");
    const request = {
      message: options.message,
      now: io.clock.now(),
      from: options.from,
      to: options.to,
      optimize: options.optimize,
      dryRun: options.dryRun,
      shadow: options.shadow,
      signal: io.signal,
      onWarning: (text: string) => io.warn(text),
    };
    const run = { signal: io.signal, onEvent: eventTeller(io) };
    const result = await (options.reset && !options.dryRun
      ? resetAfterSquash(opened, {
        ...request,
        databases: names?.map((name) =>
          openProject(io, {}, name)
        ) ?? [opened],
        run,
      })
      : squash(opened, request)).finally(progress.done);
    const { written, replaces, text } = result;
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.squash/1",
        version: written?.version ?? null,
        files: written?.files ?? [],
        message: result.message,
        replaces,
        optimized: result.optimized,
        reasons: result.reasons,
        up: text.up,
        down: text.down ?? null,
        removed: "removed" in result ? result.removed : [],
      },
      diagnostics: [
        ...warningDiagnostics(
          result.reasons.map((reason) =>
            `the files are put one behind the other: ${reason}`
          ),
        ),
        ...warningDiagnostics(written?.warnings ?? []),
      ],
      text: (style) =>
        written === undefined ? fileLines(result.message, text) : [
          style.ok(
            `${written.files.join(", ")} stands for ${
              count(replaces.length, "migration")
            }, and leaves the same schema and rows`,
          ),
          options.reset
            ? "The old files are removed, and their rows in the databases named"
            : "When every database has passed them, remove the old files and run pawl prune",
        ],
    };
  },
});

/** The command. */
export const baselineCommand: Command = command({
  name: "baseline",
  group: "set up",
  summary: "Make an existing database version one",
  description:
    "Writes the schema of the project's database as the first migration, tries it in a shadow, where it must make the same schema, and records it as applied in that database. Other databases of the same schema: pawl stamp head.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.baseline/1",
  exits: EXITS,
  examples: [
    {
      line: "pawl baseline",
      does: "Writes migrations/20260102_030405_baseline.sql and records it",
    },
    {
      line: 'pawl baseline "schema of the monolith" --dry-run',
      does: "Shows the file only",
    },
  ],
  positionals: {
    message: positional.optional({
      name: "MESSAGE",
      description: "What it is called (default: baseline)",
    }),
  },
  options: {
    prove: option.unlessNot({
      description: "Do not try the file in a shadow first",
    }),
    dryRun: option.flag({ description: "Show the file, and write nothing" }),
    shadow: shadowOption,
  },
  run: async (options, io) => {
    const opened = openProject(io);
    announce(io, opened);
    const progress = io.progress("Reading the schema");
    const result = await baseline(opened, {
      message: options.message,
      now: io.clock.now(),
      prove: options.prove,
      dryRun: options.dryRun,
      shadow: options.shadow,
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text) => io.warn(text),
    }).finally(progress.done);
    const { written, text } = result;
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.baseline/1",
        database: result.database,
        hash: result.hash,
        objects: result.objects,
        version: written?.version ?? null,
        files: written?.files ?? [],
        proved: result.proved,
        up: text.up,
      },
      diagnostics: warningDiagnostics(result.warnings),
      text: (style) =>
        written === undefined
          ? fileLines(options.message ?? "baseline", text)
          : [
            style.ok(
              `${
                written.files.join(", ")
              } makes the schema of ${result.database} (${
                count(result.objects, "object")
              }, ${result.hash})${result.proved ? "" : "; not proved"}`,
            ),
            style.ok(`${written.version} is recorded as applied there`),
          ],
    };
  },
});
