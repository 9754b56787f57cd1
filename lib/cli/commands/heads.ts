/**
 * `pawl heads`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { projectHeads } from "../../migrate/merge.ts";
import { type Command, command, type Diagnostic } from "../command.ts";
import { project } from "./shared.ts";

/** The command. */
export const headsCommand: Command = command({
  name: "heads",
  group: "look",
  summary: "Show the migrations that none follows",
  description:
    "Shows the last migration of the directory, or of each branch where depends lines have made several. Several heads block an upgrade until they are merged or one is rebased. No database is used.",
  globals: ["config", "env", "project"],
  json: "pawl.heads/1",
  exits: [EXIT.ok, EXIT.usage, EXIT.blocked],
  examples: [
    { line: "pawl heads", does: "Shows every head" },
    { line: "pawl heads --json", does: "Shows them for a program" },
  ],
  run: (_options, io) => {
    const heads = projectHeads(project(io));
    const diagnostics: Diagnostic[] = heads.length <= 1 ? [] : [{
      severity: "warning",
      code: "several-heads",
      message: `${heads.length} heads block the next upgrade`,
      hint:
        'pawl merge "message" joins them; pawl rebase FILE moves one behind the others',
    }];
    return Promise.resolve({
      exit: EXIT.ok,
      document: {
        format: "pawl.heads/1",
        heads: heads.map((head) => ({
          version: head.version,
          name: head.name,
          message: head.header.message,
          file: head.file,
        })),
      },
      diagnostics,
      text: () =>
        heads.length === 0
          ? "There are no migrations yet."
          : heads.map((head) => head.file),
    });
  },
});
