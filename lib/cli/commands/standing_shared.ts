/**
 * What `status`, `list` and `current` have in common: how they are asked, and
 * one migration as data and as lines.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { inForce } from "../../migrate/history.ts";
import type { Project } from "../../migrate/project.ts";
import type { Standing, StandingEntry } from "../../migrate/standings.ts";
import { status, type StatusReport } from "../../migrate/status.ts";
import { fullName } from "../../migrate/version.ts";
import type { Io } from "../io.ts";
import type { Style } from "../style.ts";
import { duration } from "./run_result.ts";
import { announce, project } from "./shared.ts";

/** The global options that they take. */
export const STANDING_GLOBALS = ["config", "env", "db", "project"] as const;

/** How they may end. */
export const STANDING_EXITS = [
  EXIT.ok,
  EXIT.no,
  EXIT.usage,
  EXIT.failed,
  EXIT.integrity,
  EXIT.blocked,
  EXIT.interrupted,
];

/** Asks where the database of the project stands. */
export async function readStanding(
  io: Io,
  opened: Project = project(io),
): Promise<StatusReport> {
  announce(io, opened);
  return await status(opened, {
    signal: io.signal,
    onWarning: (text) => io.warn(text),
  });
}

/** One migration as data. */
export function entryData(entry: StandingEntry): Record<string, unknown> {
  return {
    version: entry.version,
    name: fullName(entry),
    message: entry.migration?.header.message ?? entry.row?.message ?? "",
    file: entry.migration?.file ?? null,
    state: entry.standing,
    appliedAt: entry.row?.appliedAt ?? null,
    appliedBy: entry.row?.appliedBy ?? null,
    executionMs: entry.row?.executionMs ?? null,
    rolledBackAt: entry.row?.rolledBackAt ?? null,
    stepsDone: entry.row?.stepsDone ?? null,
    stepsTotal: entry.row?.stepsTotal ?? null,
    depends:
      entry.migration?.header.depends?.map((d) =>
        d.project === undefined ? d.version : `${d.project}:${d.version}`
      ) ?? null,
    replaces: entry.migration?.header.replaces ?? [],
  };
}

/** What is said of a migration behind its name. */
export const NOTE: Readonly<Record<Standing, string>> = {
  applied: "",
  stamped: " (stamped: recorded without being run)",
  partial: " (partial)",
  pending: "",
  late: " (late)",
  rolled_back: " (rolled back)",
  replaced: " (replaced by another file)",
  skipped: " (not for this environment)",
  missing: " (no file)",
  future: " (of a newer release)",
};

function mark(entry: StandingEntry): string {
  switch (entry.standing) {
    case "applied":
    case "stamped":
    case "future":
    case "missing":
      return "[X]";
    case "partial":
      return "[~]";
    case "pending":
    case "late":
      return "[ ]";
    case "rolled_back":
      return "[ ]";
    case "replaced":
      return inForce(entry.row) ? "[X]" : "[-]";
    case "skipped":
      return "[-]";
    default:
      return entry.standing satisfies never;
  }
}

/** One migration as lines: with `-v` what else is known of it. */
export function entryLines(
  entry: StandingEntry,
  verbose: boolean,
  style: Style,
): string[] {
  const line = `${mark(entry)} ${fullName(entry)}${
    style.dim(NOTE[entry.standing])
  }`;
  if (!verbose) return [line];
  const more: string[] = [];
  const message = entry.migration?.header.message ?? entry.row?.message ?? "";
  if (message !== "") more.push(message);
  if (entry.row !== undefined) {
    more.push(
      entry.row.state === "rolled_back"
        ? `rolled back ${entry.row.rolledBackAt}`
        : `applied ${entry.row.appliedAt} by ${entry.row.appliedBy} in ${
          duration(entry.row.executionMs)
        }`,
    );
  }
  const depends = entry.migration?.header.depends;
  if (depends !== undefined) {
    more.push(
      `depends on ${
        depends.map((d) =>
          d.project === undefined ? d.version : `${d.project}:${d.version}`
        ).join(", ")
      }`,
    );
  }
  return [line, ...more.map((text) => style.dim(`      ${text}`))];
}
