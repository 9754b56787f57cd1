/**
 * `pawl rebase`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { rebaseMigration } from "../../migrate/rebase.ts";
import { type Command, command } from "../command.ts";
import { positional } from "../option.ts";
import { announce, project, warningDiagnostics } from "./shared.ts";
import { eventTeller } from "./run_talk.ts";

/** The command. */
export const rebaseCommand: Command = command({
  name: "rebase",
  group: "author",
  summary: "Give a migration a new version behind all others",
  description:
    "For a file that sorts before applied ones, one of two files with one version, or a branch that is to follow the other: renames it, rewrites the depends lines that must change with it, and brings pawl.sum up to date, also one that holds a merge conflict, as long as each file is what one of its sides says.\n\nWhat has been applied must not be renamed. With --db or -e that database is asked first, and the rename refused where it holds the version; without them no database is used.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.rebase/1",
  exits: [
    EXIT.ok,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    {
      line: "pawl rebase migrations/20260101_090000_add_email.sql",
      does: "Moves that file behind all others",
    },
    {
      line: "pawl rebase 20260101_09 -e production",
      does: "Makes sure first that production has not applied it",
    },
  ],
  positionals: {
    migration: positional.required({
      name: "FILE",
      description: "The file, its version, or the beginning of one",
      completes: "file",
    }),
  },
  run: async (options, io) => {
    const opened = project(io);
    const askDatabase = io.globals.db !== undefined ||
      io.globals.envs.length > 0;
    if (askDatabase) announce(io, opened);
    const report = await rebaseMigration(opened, options.migration, {
      now: io.clock.now(),
      askDatabase,
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text) => io.warn(text),
    });
    const renamed = new Set(report.renamed.map(({ to }) => to));
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.rebase/1",
        moved: report.moved,
        from: report.from,
        to: report.to,
        renamed: report.renamed,
        rewritten: report.rewritten,
        parents: report.parents,
        sum: report.sum ?? null,
      },
      diagnostics: warningDiagnostics(report.warnings),
      text: (style) =>
        report.moved
          ? [
            ...report.renamed.map(({ from, to }) =>
              style.ok(`${from} is now ${to}`)
            ),
            ...report.rewritten.filter((file) => !renamed.has(file))
              .map((file) => style.ok(`${file} depends on the new version`)),
          ]
          : `Nothing to do: ${report.from} comes after all others already.`,
    };
  },
});
