/**
 * `pawl new`.
 *
 * @module
 */

import { EXIT, PawlError } from "../../errors.ts";
import { newMigration } from "../../migrate/new_migration.ts";
import { type Command, command } from "../command.ts";
import { option, positional } from "../option.ts";
import { project, warningDiagnostics } from "./shared.ts";

/** The command. */
export const newCommand: Command = command({
  name: "new",
  group: "author",
  summary: "Write a new migration file",
  description:
    "Writes a migration named after the message, with sections to fill in, and its path to standard output. Its version is later than every other in the directory. In a directory that follows another tool's layout, the file follows it too.\n\nWhere there is a pawl.sum that fits the files, it is brought up to date; one that does not fit is left as it is.",
  globals: ["config", "env", "project"],
  json: "pawl.new/1",
  exits: [EXIT.ok, EXIT.usage, EXIT.failed, EXIT.blocked],
  examples: [
    {
      line: 'pawl new "add email to users"',
      does: "Writes migrations/20260102_030405_add_email_to_users.sql",
    },
    {
      line: 'pawl new "backfill emails" --ts',
      does: "Writes a TypeScript migration",
    },
    {
      line: 'pawl new "hotfix" --depends 20260101',
      does: "Starts a branch behind that version",
    },
  ],
  positionals: {
    message: positional.required({
      name: "MESSAGE",
      description: "What it changes, in one line",
    }),
  },
  options: {
    js: option.flag({ description: "Write a JavaScript migration" }),
    ts: option.flag({ description: "Write a TypeScript migration" }),
    depends: option.strings({
      value: "VERSION",
      description:
        "Follow this version, or PROJECT:VERSION, instead of the file before; may be repeated",
    }),
    sequence: option.flag({
      description: "Number it 0001, 0002, … whatever version_format says",
    }),
    empty: option.flag({
      description: "Leave out the lines that say what to fill in",
    }),
  },
  run: (options, io) => {
    if (options.js && options.ts) {
      throw new PawlError(
        "usage",
        "Cannot write the migration: --js and --ts exclude one another",
      );
    }
    const opened = project(io);
    const written = newMigration(opened, {
      message: options.message,
      now: io.clock.now(),
      language: options.js ? "js" : options.ts ? "ts" : "sql",
      depends: options.depends,
      sequence: options.sequence,
      empty: options.empty,
    });
    return Promise.resolve({
      exit: EXIT.ok,
      document: {
        format: "pawl.new/1",
        version: written.version,
        message: written.message,
        files: written.files,
        depends: written.depends ?? null,
        sum: written.sum,
      },
      diagnostics: warningDiagnostics(written.warnings),
      text: () => written.files,
    });
  },
});
