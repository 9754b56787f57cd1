/**
 * `pawl current`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { fullName } from "../../migrate/version.ts";
import { command } from "../command.ts";
import { count } from "./shared.ts";
import {
  readStanding,
  STANDING_EXITS,
  STANDING_GLOBALS,
} from "./standing_shared.ts";

/** `pawl current`. */
export const currentCommand = command({
  name: "current",
  group: "look",
  summary: "Print the current version",
  description:
    "Prints the version of the latest migration in force, or base where none is.",
  globals: STANDING_GLOBALS,
  json: "pawl.current/1",
  exits: STANDING_EXITS,
  examples: [{
    line: "pawl current",
    does: "Prints the version that the database stands at",
  }],
  run: async (_options, io) => {
    const report = await readStanding(io);
    const { current } = report;
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.current/1",
        version: current?.version ?? null,
        name: current === undefined ? null : fullName(current),
        appliedAt: current?.row?.appliedAt ?? null,
        pending: report.pending,
      },
      text: (style) =>
        current === undefined
          ? "base"
          : `${current.version}${
            io.globals.verbose > 0
              ? style.dim(
                ` ${current.name}, ${
                  count(report.pending, "migration")
                } pending`,
              )
              : ""
          }`,
    };
  },
});
