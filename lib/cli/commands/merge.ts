/**
 * `pawl merge`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { mergeHeads } from "../../migrate/merge.ts";
import { type Command, command } from "../command.ts";
import { option, positional } from "../option.ts";
import { project, warningDiagnostics } from "./shared.ts";

/** The command. */
export const mergeCommand: Command = command({
  name: "merge",
  group: "author",
  summary: "Write a migration that joins several heads",
  description:
    "Writes a migration that depends on all heads, or on those named with -r, and its path to standard output. It changes nothing by itself; statements may be added where the branches need them. With one head there is nothing to merge: it says so and exits 0.",
  globals: ["config", "env", "project"],
  json: "pawl.merge/1",
  exits: [EXIT.ok, EXIT.usage, EXIT.failed, EXIT.blocked],
  examples: [
    { line: 'pawl merge "join billing and login"', does: "Joins all heads" },
    {
      line: "pawl merge -r 20260101_0900 -r 20260102_1000",
      does: "Joins these two",
    },
  ],
  positionals: {
    message: positional.optional({
      name: "MESSAGE",
      description: "What is joined; by default the versions",
    }),
  },
  options: {
    revision: option.strings({
      value: "VERSION",
      short: "r",
      description: "Join this one; may be repeated (default: all heads)",
    }),
  },
  run: (options, io) => {
    const report = mergeHeads(project(io), {
      message: options.message,
      revisions: options.revision,
      now: io.clock.now(),
    });
    const { created, merged } = report;
    if (created === undefined) {
      const [head] = merged;
      io.note(
        head === undefined
          ? "Nothing to merge: there are no migrations yet."
          : `Nothing to merge: ${head.file} is the only head.`,
      );
    }
    return Promise.resolve({
      exit: EXIT.ok,
      document: {
        format: "pawl.merge/1",
        merged: merged.map((m) => m.version),
        version: created?.version ?? null,
        message: created?.message ?? null,
        files: created?.files ?? [],
        sum: created?.sum ?? null,
      },
      diagnostics: warningDiagnostics(created?.warnings ?? []),
      text: () => created?.files ?? [],
    });
  },
});
