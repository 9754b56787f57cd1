/**
 * `pawl require`.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import {
  type RequireReport,
  requireVersion,
} from "../../migrate/require_version.ts";
import { type Command, command } from "../command.ts";
import { option, required } from "../option.ts";
import { announce, project } from "./shared.ts";

/** The command. */
export const requireCommand: Command = command({
  name: "require",
  group: "look",
  summary: "Exit 1 unless the database is at least at a version",
  description:
    "For start-up scripts: exits 0 if VERSION is in force, and 1 if it is not. It reads the history only, so that a role in [history] readers may run it, on a standby too; it needs no migration files.\n\nA version that the history does not know, because it was squashed or came before a baseline, counts as reached when a later one is in force. One that was rolled back or is partial does not.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.require/1",
  exits: [
    EXIT.ok,
    EXIT.no,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.locked,
    EXIT.interrupted,
  ],
  examples: [
    {
      line: "pawl require --min-version 20260102_030405",
      does: "Asks whether that migration is in force",
    },
    {
      line: "pawl require --min-version 5 && exec ./server",
      does: "Starts a server only on a schema that it knows",
    },
  ],
  options: {
    minVersion: required(option.string({
      value: "VERSION",
      description: "A version, a sequence number, or a unique prefix",
    })),
  },
  run: async (options, io) => {
    const opened = project(io);
    announce(io, opened);
    const report = await requireVersion(opened, {
      minVersion: options.minVersion,
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    });
    return {
      exit: report.satisfied ? EXIT.ok : EXIT.no,
      document: {
        format: "pawl.require/1" as const,
        satisfied: report.satisfied,
        minVersion: report.minVersion,
        standing: report.standing,
        current: report.current ?? null,
        initialized: report.installed,
        project: report.project,
        environment: report.environment ?? null,
        database: report.database,
      },
      text: (style) =>
        report.satisfied ? style.ok(said(report)) : style.bad(said(report)),
    };
  },
});

function said(report: RequireReport): string {
  const { minVersion } = report;
  const current = report.current === undefined
    ? "nothing is applied"
    : `the newest in force is ${report.current}`;
  if (!report.installed) {
    return `${minVersion} is not in force: ${report.database} has no history of pawl`;
  }
  switch (report.standing) {
    case "applied":
    case "stamped":
      return `${minVersion} is in force`;
    case "passed":
      return `${minVersion} is passed: ${current}`;
    case "partial":
      return `${minVersion} is partial: pawl upgrade goes on with it; ${current}`;
    case "rolled_back":
      return `${minVersion} was rolled back; ${current}`;
    case "unknown":
      return `${minVersion} is not in force; ${current}`;
    default:
      return report.standing satisfies never;
  }
}
