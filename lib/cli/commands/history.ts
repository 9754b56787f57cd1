/**
 * `pawl history`: what has happened to the database.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { type EventRow, events } from "../../migrate/events.ts";
import type { HistoryRow } from "../../migrate/history.ts";
import { readRows } from "../../migrate/rows.ts";
import { fullName } from "../../migrate/version.ts";
import { command } from "../command.ts";
import { option, withDefault } from "../option.ts";
import type { Style } from "../style.ts";
import { announce, project } from "./shared.ts";
import { duration } from "./run_result.ts";

/** The command. */
export const historyCommand = command({
  name: "history",
  group: "look",
  summary: "Show what has been applied, when and by whom",
  description:
    "Shows the rows of the history, the latest first: each migration that is or was in force, when it was applied, by whom, how long it took, and when it was rolled back. --events shows every attempt instead, failed and interrupted ones too.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.history/1",
  exits: [EXIT.ok, EXIT.usage, EXIT.failed, EXIT.integrity, EXIT.interrupted],
  examples: [
    { line: "pawl history", does: "Shows the latest 20 migrations" },
    { line: "pawl history -n 5 --first", does: "Shows the first five" },
    {
      line: "pawl history --events",
      does: "Shows every attempt, with its outcome",
    },
  ],
  options: {
    limit: withDefault(
      option.integer({
        value: "N",
        short: "n",
        description: "How many to show; 0 for all",
        min: 0,
      }),
      20,
    ),
    first: option.flag({ description: "The oldest first" }),
    events: option.flag({ description: "Every attempt, from pawl.events" }),
  },
  run: async (options, io) => {
    const opened = project(io);
    announce(io, opened);
    const limit = options.limit === 0 ? {} : { limit: options.limit };
    if (options.events) {
      const found = await events(opened, {
        signal: io.signal,
        oldestFirst: options.first,
        ...limit,
      });
      return {
        exit: EXIT.ok,
        document: {
          format: "pawl.history/1",
          project: opened.settings.project,
          events: found,
        },
        text: (style) =>
          found.length === 0
            ? "No history yet."
            : found.map((e) => eventLine(e, style)),
      };
    }
    const all = await readRows(opened, { signal: io.signal });
    const ordered = options.first ? all : all.toReversed();
    const rows = options.limit === 0
      ? ordered
      : ordered.slice(0, options.limit);
    return {
      exit: EXIT.ok,
      document: {
        format: "pawl.history/1",
        project: opened.settings.project,
        total: all.length,
        rows,
      },
      text: (style) =>
        rows.length === 0
          ? "No history yet."
          : rows.map((row) => rowLine(row, style)),
    };
  },
});

function rowLine(row: HistoryRow, style: Style): string {
  const when = row.state === "rolled_back"
    ? row.rolledBackAt ?? row.appliedAt
    : row.appliedAt;
  const took = row.state === "applied" ? `, ${duration(row.executionMs)}` : "";
  const steps = row.state === "partial"
    ? ` ${row.stepsDone}/${row.stepsTotal}`
    : "";
  return `${when}  ${(row.state + steps).padEnd(12)} ${fullName(row)}${
    style.dim(` by ${row.appliedBy}${took}`)
  }`;
}

function eventLine(event: EventRow, style: Style): string {
  const detail = event.detail === null
    ? ""
    : ` ${JSON.stringify(event.detail)}`;
  return `${event.at}  ${event.event.padEnd(18)} ${event.version ?? ""}${
    style.dim(` by ${event.byRole} (${event.origin})${detail}`)
  }`;
}
