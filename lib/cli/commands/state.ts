/**
 * `pawl state`: the newest snapshot file and the state recorded in the
 * database, compared and brought together.
 *
 * @module
 */

import type { StateReport, StateSync } from "../../drift/state.ts";
import { EXIT, PawlError } from "../../errors.ts";
import type { StateDifference } from "../../schema/object_state.ts";
import {
  type Command,
  command,
  type CommandResult,
  type JsonDocument,
} from "../command.ts";
import { option, positional } from "../option.ts";
import type { Style } from "../style.ts";
import { announce, count, lockWait, lockWaitFlag, project } from "./shared.ts";
import { eventTeller } from "./run_talk.ts";

/** The command. */
export const stateCommand: Command = command({
  name: "state",
  group: "look",
  summary: "Compare and sync the local and the recorded state",
  description:
    "The last known state of a schema is kept twice: the newest snapshot file is the local one, pawl.objects the database's. check compares them and exits 1 if they differ. pull writes the recorded state into a new snapshot file; the live database must be as recorded. push records the newest snapshot; with --live it records the live database as it is, all of it or the objects that are named, with their parts: so drift is accepted.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.state/1",
  exits: [
    EXIT.ok,
    EXIT.no,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.locked,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl state", does: "Compares the two" },
    { line: "pawl state pull", does: "Writes the recorded state into a file" },
    { line: "pawl state push", does: "Records the newest snapshot" },
    {
      line: "pawl state push --live table:public.users",
      does: "Accepts what was done to a table by hand",
    },
  ],
  positionals: {
    action: positional.optional({
      name: "ACTION",
      description: "What to do; check by default",
      choices: ["check", "pull", "push"],
    }),
    objects: positional.variadic({
      name: "OBJECT",
      description:
        "With push: the address or name of an object; all by default",
    }),
  },
  options: {
    live: option.flag({
      description: "With push: record the live database as it is",
    }),
    lockWait,
  },
  run: async (options, io) => {
    const { action = "check", objects, live } = options;
    if (action !== "push" && (live || objects.length > 0)) {
      throw new PawlError(
        "usage",
        `Cannot ${action} ${live ? "--live" : objects[0]}: that goes with push`,
      );
    }
    const opened = project(io, lockWaitFlag(options.lockWait));
    announce(io, opened);
    const { checkState, pullState, pushState } = await import(
      "../../drift/state.ts"
    );
    const common = {
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text: string) => io.warn(text),
    };
    if (action === "check") {
      return checkResult(await checkState(opened, common));
    }
    const sync = action === "pull"
      ? await pullState(opened, { ...common, now: io.clock.now() })
      : await pushState(opened, { ...common, live, objects });
    return syncResult(sync, action);
  },
});

type Result = CommandResult & {
  readonly document: JsonDocument<"pawl.state/1">;
};

function checkResult(report: StateReport): Result {
  return {
    exit: report.consistent ? EXIT.ok : EXIT.no,
    document: {
      format: "pawl.state/1",
      action: "check",
      project: report.project,
      database: report.database,
      local: report.local ?? null,
      recorded: {
        objects: report.recorded.objects,
        hash: report.recorded.hash ?? null,
      },
      consistent: report.consistent,
      differences: report.differences,
    },
    text: (style) => checkLines(report, style),
  };
}

function checkLines(report: StateReport, style: Style): string[] {
  const { local, recorded } = report;
  const lines = [
    `${style.dim("local     ")}${
      local === undefined ? "no snapshot" : `${local.file} ${local.hash}`
    }`,
    `${style.dim("recorded  ")}${
      recorded.objects === 0
        ? "nothing"
        : `${count(recorded.objects, "object")} ${
          recorded.hash ?? "(of another canonical form)"
        }`
    }`,
  ];
  if (report.consistent) {
    lines.push(
      style.ok(
        local === undefined ? "Neither has a state" : "Both are the same",
      ),
    );
    return lines;
  }
  lines.push(
    style.bad("They differ"),
    ...differenceLines(report.differences),
  );
  if (recorded.objects > 0) {
    lines.push("pawl state pull takes the recorded state into a file");
  }
  if (local !== undefined) lines.push("pawl state push records the file");
  return lines;
}

const MARKS = { created: "+", dropped: "-", altered: "~" } as const;

/** The most lines of differences; the others are counted. */
const MOST_LINES = 40;

function differenceLines(differences: readonly StateDifference[]): string[] {
  const lines = differences.slice(0, MOST_LINES).map((
    { kind, address, attributes },
  ) =>
    `  ${MARKS[kind]} ${address}${
      attributes.length === 0
        ? ""
        : `: ${attributes.map(({ key }) => key).join(", ")}`
    }`
  );
  return differences.length <= MOST_LINES
    ? lines
    : [...lines, `  and ${differences.length - MOST_LINES} more`];
}

function syncResult(sync: StateSync, action: string): Result {
  return {
    exit: EXIT.ok,
    document: {
      format: "pawl.state/1",
      action,
      database: sync.database,
      from: sync.from,
      written: sync.written ?? null,
      hash: sync.hash ?? null,
      differences: sync.differences,
    },
    text: (style) =>
      sync.written === undefined
        ? style.ok("Nothing to do: both are the same")
        : [
          style.ok(`${sync.written} is now as ${sync.from}`),
          ...differenceLines(sync.differences),
        ],
  };
}
