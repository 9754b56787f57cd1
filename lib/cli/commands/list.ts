/**
 * `pawl list`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { isPending } from "../../migrate/status.ts";
import { command } from "../command.ts";
import { option } from "../option.ts";
import { warningDiagnostics } from "./shared.ts";
import {
  entryData,
  entryLines,
  readStanding,
  STANDING_EXITS,
  STANDING_GLOBALS,
} from "./standing_shared.ts";

/** `pawl list`. */
export const listCommand = command({
  name: "list",
  aliases: ["showmigrations"],
  group: "look",
  summary: "List every migration and whether it is applied",
  description:
    "Lists every migration in the order in which it is applied: [X] applied, [ ] pending, [~] partial, [-] not in force although there is a row or a replacement. -v adds when each was applied, by whom, and what it depends on.",
  globals: STANDING_GLOBALS,
  json: "pawl.list/1",
  exits: STANDING_EXITS,
  examples: [
    { line: "pawl list", does: "Lists every migration" },
    { line: "pawl list --pending", does: "Lists what an upgrade would apply" },
    { line: "pawl list -v", does: "Adds times and dependencies" },
  ],
  options: {
    pending: option.flag({ description: "Only what is pending" }),
  },
  run: async (options, io) => {
    const report = await readStanding(io);
    const entries = options.pending
      ? report.entries.filter(isPending)
      : report.entries;
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.list/1",
        project: report.project,
        database: report.database,
        migrations: entries.map(entryData),
      },
      diagnostics: warningDiagnostics(report.warnings),
      text: (style) =>
        entries.length === 0
          ? options.pending
            ? "Nothing is pending."
            : `No migrations in ${report.directory}.`
          : entries.flatMap((entry) =>
            entryLines(entry, io.globals.verbose > 0, style)
          ),
    };
  },
});
