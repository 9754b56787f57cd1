/**
 * `pawl init`.
 *
 * @module
 */

import { join } from "node:path";
import { EXIT } from "../../errors.ts";
import {
  type HistoryReport,
  initProject,
  type InitReport,
  installHistory,
} from "../../migrate/init.ts";
import { type Command, command } from "../command.ts";
import type { Io } from "../io.ts";
import { positional } from "../option.ts";
import type { Style } from "../style.ts";
import { announce, project } from "./shared.ts";
import { eventTeller } from "./run_talk.ts";

/** The command. */
export const initCommand: Command = command({
  name: "init",
  group: "set up",
  summary: "Make a project",
  description:
    "Makes pawl.toml, the migrations directory and an entry for .pawl/ in .gitignore. What exists is kept as it is and named; with everything there it exits 0.\n\nWith --db or -e the tables of the history are made in that database right away; otherwise the first upgrade makes them.",
  globals: ["env", "db"],
  json: "pawl.init/1",
  exits: [
    EXIT.ok,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.locked,
    EXIT.interrupted,
  ],
  examples: [
    {
      line: "pawl init",
      does: "Makes a project here, on an embedded database",
    },
    { line: "pawl init services/billing", does: "Makes one in that directory" },
    {
      line: "pawl init --db postgres://app@localhost/app",
      does: "Makes the history in that database too",
    },
  ],
  positionals: {
    directory: positional.optional({
      name: "DIR",
      description: "The project's directory, made if need be; by default here",
      completes: "directory",
    }),
  },
  run: async (options, io) => {
    const report = initProject({ cwd: io.cwd, directory: options.directory });
    const named = io.globals.db !== undefined || io.globals.envs.length > 0;
    let history: HistoryReport | undefined;
    try {
      history = named ? await makeHistory(io, report) : undefined;
    } catch (error) {
      // What has been made is said first, then why it went no further.
      for (const line of itemLines(report, io.style)) io.note(line);
      throw error;
    }
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.init/1",
        directory: report.directory,
        items: report.items,
        history: history ?? null,
      },
      text: (style) => [
        ...itemLines(report, style),
        ...history === undefined ? [] : [historyLine(history, style)],
        report.items.every((item) => item.done === "kept")
          ? "Nothing to do: the project is there."
          : 'Next: pawl new "create users"',
      ],
    };
  },
});

async function makeHistory(io: Io, report: InitReport): Promise<HistoryReport> {
  const config = join(report.directory, "pawl.toml");
  const opened = project({ ...io, globals: { ...io.globals, config } });
  announce(io, opened);
  return await installHistory(opened, {
    signal: io.signal,
    onEvent: eventTeller(io),
    onWarning: (text) => io.warn(text),
  });
}

const DONE = {
  created: "made",
  extended: "extended",
  kept: "there already",
} as const;

function itemLines(report: InitReport, style: Style): string[] {
  return report.items.map(({ path, done }) => {
    const line = `${path} ${DONE[done]}`;
    return done === "kept" ? `  ${line}` : style.ok(line);
  });
}

function historyLine(history: HistoryReport, style: Style): string {
  const line = `history in schema ${history.schema} of ${history.database}`;
  return history.installed
    ? style.ok(`${line} made`)
    : `  ${line} there already`;
}
