/**
 * `pawl drift`: whether somebody has changed the schema by hand.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Against, DriftEntry, DriftReport } from "../../drift/report.ts";
import { EXIT } from "../../errors.ts";
import type { Apart } from "../../migrate/recorded_drift.ts";
import type { Data } from "../../schema/data.ts";
import { type Command, command, type JsonDocument } from "../command.ts";
import { type Declaration, option } from "../option.ts";
import { type Style, truncate } from "../style.ts";
import { announce, count, project, warningDiagnostics } from "./shared.ts";

/** `--shadow`, for what reads the declared schema. */
export const shadowOption: Declaration<string | undefined> = option.string({
  value: "URL",
  description:
    "Where the declared schema is loaded: embedded, or a server for throw-away databases",
  variable: "PAWL_SHADOW_URL",
  variableIsConfiguration: true,
});

/** The command. */
export const driftCommand: Command = command({
  name: "drift",
  aliases: ["db drift", "db verify"],
  group: "look",
  summary: "Say whether the schema was changed by hand",
  description:
    "Compares the live schema with the state that pawl last recorded: what upgrade left, or state push said. With --against FILE it is compared with a snapshot, with --against schema with the declared schema.\n\nOne line for each object: + is there and should not be, - should be there and is not, ~ differs, with the attributes that do; below it, what takes the database as it is (keep) and what puts it back (undo). What an application does not notice is shown apart, and so is what belongs to another project, to a schema of its own, or is not declared. Exits 1 if there is drift.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.drift/1",
  exits: [
    EXIT.ok,
    EXIT.no,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl drift", does: "Compares with what pawl left" },
    {
      line: "pawl drift -e production --against schema",
      does: "Compares production with the declared schema",
    },
    {
      line: "pawl drift --against migrations/snapshots/0007_snapshot.json",
      does: "Compares with a snapshot",
    },
    { line: "pawl drift --json", does: "Writes the same for scripts" },
  ],
  options: {
    against: option.string({
      value: "FILE",
      description:
        "A snapshot file, or schema for the declared schema; the last recorded state by default",
      completes: "file",
    }),
    strict: option.flag({
      description: "What is shown apart is drift too",
    }),
    shadow: shadowOption,
  },
  run: async (options, io) => {
    const opened = project(io);
    announce(io, opened);
    const { drift } = await import("../../drift/drift.ts");
    const progress = io.progress("Reading the schema");
    const report = await drift(opened, {
      against: againstOf(options.against, io.cwd),
      shadow: options.shadow,
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    }).finally(progress.done);
    const drifted = report.drifted ||
      options.strict && report.entries.length > 0;
    return {
      exit: drifted ? EXIT.no : EXIT.ok,
      document: document(report, drifted),
      diagnostics: warningDiagnostics(report.warnings),
      text: (style) => driftLines(report, io.globals.verbose > 0, style),
    };
  },
});

function againstOf(text: string | undefined, cwd: string): Against {
  if (text === undefined) return { kind: "recorded" };
  if (text === "schema") return { kind: "declared" };
  return { kind: "snapshot", path: resolve(cwd, text) };
}

const MARKS = { created: "+", dropped: "-", altered: "~" } as const;

function document(
  report: DriftReport,
  drifted: boolean,
): JsonDocument<"pawl.drift/1"> {
  const { entries } = report;
  const drift = entries.filter(({ apart }) => apart === undefined);
  return {
    format: "pawl.drift/1",
    project: report.project,
    environment: report.environment ?? null,
    database: report.database,
    against: report.against,
    comparable: report.comparable,
    drifted,
    hash: report.hash,
    expectedHash: report.expected ?? null,
    created: drift.filter(({ kind }) => kind === "created").length,
    dropped: drift.filter(({ kind }) => kind === "dropped").length,
    altered: drift.filter(({ kind }) => kind === "altered").length,
    apart: entries.length - drift.length,
    objects: entries.map((entry) => ({
      mark: MARKS[entry.kind],
      kind: entry.kind,
      address: entry.address,
      partOf: entry.partOf ?? null,
      attributes: entry.attributes.map((a) => ({
        key: a.key,
        minor: a.minor,
        known: a.known,
        from: a.from ?? null,
        to: a.to ?? null,
      })),
      apart: entry.apart ?? null,
      keep: entry.keep,
      undo: entry.undo ?? null,
    })),
  };
}

/** A report for people. */
function driftLines(
  report: DriftReport,
  verbose: boolean,
  style: Style,
): string[] {
  const { entries } = report;
  const drift = entries.filter(({ apart }) => apart === undefined);
  const apart = entries.filter((entry) => entry.apart !== undefined);
  const lines: string[] = [];
  if (drift.length > 0) {
    lines.push(
      style.bad(
        `${count(drift.length, "object")} not as in ${report.against}:`,
      ),
      ...entryLines(drift, { verbose, advise: true }, style),
    );
  } else if (report.comparable) {
    lines.push(style.ok(`No drift: the schema is as in ${report.against}`));
  } else lines.push(style.fix("Nothing to compare with"));
  if (apart.length > 0) {
    lines.push(
      "",
      "Apart, and no drift:",
      ...entryLines(apart, { verbose, advise: false }, style),
    );
  }
  return lines;
}

function entryLines(
  entries: readonly DriftEntry[],
  how: { readonly verbose: boolean; readonly advise: boolean },
  style: Style,
): string[] {
  const parts = new Map<string, number>();
  for (const { partOf } of entries) {
    if (partOf !== undefined) parts.set(partOf, (parts.get(partOf) ?? 0) + 1);
  }
  const shown = new Set(entries.map(({ address }) => address));
  return entries.flatMap((entry) => {
    const { kind, address, partOf } = entry;
    // What came or went with its whole is said with the whole.
    const within = partOf !== undefined && shown.has(partOf);
    if (within && !how.verbose) return [];
    const many = parts.get(address) ?? 0;
    const line = `${MARKS[kind]} ${address}${
      entry.attributes.length === 0
        ? ""
        : `: ${entry.attributes.map(attributeText).join(", ")}`
    }${many === 0 || how.verbose ? "" : ` (with ${count(many, "part")})`}${
      entry.apart === undefined ? "" : style.dim(` (${apartText(entry.apart)})`)
    }`;
    const advice = how.advise && !within
      ? [
        style.dim(`      keep: ${entry.keep}`),
        ...entry.undo === undefined ? [] : undoLines(entry.undo, style),
      ]
      : [];
    return [`  ${COLOURS[kind](style)(line)}`, ...advice];
  });
}

function undoLines(sql: string, style: Style): string[] {
  return sql.split("\n").map((line, i) =>
    style.dim(`      ${i === 0 ? "undo: " : "      "}${line}`)
  );
}

const COLOURS = {
  created: (style: Style) => style.green,
  dropped: (style: Style) => style.red,
  altered: (style: Style) => style.yellow,
} as const;

/** An attribute and how it differs, where that is known. */
export function attributeText(
  attribute: DriftEntry["attributes"][number],
): string {
  const { key, known, from, to } = attribute;
  if (known) return `${key} ${valueText(from)} → ${valueText(to)}`;
  return to === undefined ? `${key} is gone` : `${key} is now ${valueText(to)}`;
}

/** The most columns that a value takes in a line. */
const VALUE_WIDTH = 120;

function valueText(value: Data | undefined): string {
  if (value === undefined) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return truncate(text.replaceAll(/\s+/g, " ").trim(), VALUE_WIDTH);
}

/** Why something is shown apart, in words. */
function apartText(apart: Apart): string {
  switch (apart.why) {
    case "minor":
      return "no application notices";
    case "partition":
      return "a partition";
    case "project":
      return `of project ${apart.project}`;
    case "schema":
      return `in schema ${apart.schema}, of which nothing is recorded`;
    case "undeclared":
      return "not declared";
    case "unreadable":
      return "the role may not read it";
    default:
      return apart satisfies never;
  }
}
