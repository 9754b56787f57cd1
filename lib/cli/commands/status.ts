/**
 * `pawl status`, `pawl list` and `pawl current`: where a database stands.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import { fullName } from "../../migrate/version.ts";
import { inForce } from "../../migrate/history.ts";
import type { Standing, StandingEntry } from "../../migrate/standings.ts";
import type { Project } from "../../migrate/project.ts";
import { isPending, status, type StatusReport } from "../../migrate/status.ts";
import { command, type Diagnostic, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option } from "../option.ts";
import type { Style } from "../style.ts";
import { announce, count, project, warningDiagnostics } from "./shared.ts";
import { duration } from "./run_result.ts";

const GLOBALS = ["config", "env", "db", "project"] as const;
const EXITS = [
  EXIT.ok,
  EXIT.no,
  EXIT.usage,
  EXIT.failed,
  EXIT.integrity,
  EXIT.blocked,
  EXIT.interrupted,
];

async function read(
  io: Io,
  opened: Project = project(io),
): Promise<StatusReport> {
  announce(io, opened);
  return await status(opened, {
    signal: io.signal,
    onWarning: (text) => io.warn(text),
  });
}

/** Whether the schema is as it was last recorded: by hashes alone. */
interface DriftAnswer {
  /** Undefined where nothing is recorded that can be compared. */
  readonly drifted: boolean | undefined;
  /** How many objects differ, without what is shown apart. */
  readonly objects: number;
}

async function readDrift(io: Io, opened: Project): Promise<DriftAnswer> {
  // It takes every kind along, which status by itself does not need.
  const { readRecordedDrift } = await import("../../drift/drift.ts");
  const { summary, differences } = await readRecordedDrift(opened, {
    signal: io.signal,
  });
  const found = differences.filter(({ apart }) => apart === undefined);
  return {
    drifted: summary.hash === undefined ? undefined : found.length > 0,
    objects: found.length,
  };
}

function driftFindings(
  answer: DriftAnswer | undefined,
  opened: Project,
): Diagnostic[] {
  if (answer?.drifted !== true) return [];
  return [{
    severity: opened.settings.drift.fail ? "error" : "warning",
    code: "schema-drifted",
    message: `${
      count(answer.objects, "object")
    } of the schema not as pawl left it`,
    hint: "pawl drift shows which",
  }];
}

/** What is wrong, and what to do about it, in the order of urgency. */
function findings(report: StatusReport): Diagnostic[] {
  const found: Diagnostic[] = [];
  const add = (
    severity: Diagnostic["severity"],
    message: string,
    hint: string,
  ) => found.push({ severity, message, hint });
  for (const entry of report.entries) {
    const name = fullName(entry);
    if (report.rollingBack.includes(entry.version)) {
      add(
        "error",
        `${name} is half rolled back: ${entry.row?.stepsDone} of ${entry.row?.stepsTotal} steps are rolled back`,
        "pawl downgrade goes on with it",
      );
    } else if (entry.standing === "partial") {
      add(
        "error",
        `${name} is partial: ${entry.row?.stepsDone} of ${entry.row?.stepsTotal} steps are in force`,
        "pawl upgrade goes on with it",
      );
    } else if (entry.standing === "missing") {
      add(
        "error",
        `${name} is applied, but has no file`,
        "Restore the file, or pawl prune",
      );
    } else if (entry.standing === "late") {
      add(
        "error",
        `${name} is pending, but sorts before what has been applied`,
        `pawl rebase ${entry.migration?.file}, or pawl upgrade --out-of-order`,
      );
    } else if (entry.standing === "future") {
      add(
        "warning",
        `${name} was applied by a newer release`,
        "Deploy that release again, or pawl downgrade",
      );
    }
  }
  for (const difference of report.edited) {
    if (difference.step !== undefined) {
      add(
        "error",
        `${difference.file} was edited where it has run: step ${difference.step} (${difference.direction})`,
        "pawl verify shows what changed; put it back, what has not run may be changed",
      );
    } else if (difference.kind === "semantic") {
      add(
        "error",
        `${difference.file} was edited after it had been applied (${difference.direction})`,
        "pawl verify shows what changed",
      );
    } else {add(
        "note",
        `${difference.file} differs in comments or white space from what was applied`,
        "pawl repair accepts it",
      );}
  }
  if (report.sum === "stale") {
    add(
      "error",
      "pawl.sum does not fit the files",
      "pawl verify shows which; pawl sum writes it anew",
    );
  }
  if (report.heads.length > 1) {
    add(
      "error",
      `${report.heads.length} migrations have none after them: ${
        report.heads.join(", ")
      }`,
      'pawl merge "message" joins them',
    );
  }
  return found;
}

function entryData(entry: StandingEntry): Record<string, unknown> {
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

function statusData(report: StatusReport): Record<string, unknown> {
  return {
    project: report.project,
    environment: report.environment ?? null,
    database: report.database,
    server: report.server,
    standby: report.standby,
    directory: report.directory,
    layout: report.layout,
    initialized: report.installed,
    current: report.current?.version ?? null,
    applied: report.applied,
    pending: report.pending,
    heads: report.heads,
    rollingBack: report.rollingBack,
    sum: report.sum,
    edited: report.edited,
    others: report.others,
    migrations: report.entries.map(entryData),
  };
}

/** `pawl status`. */
export const statusCommand = command({
  name: "status",
  group: "look",
  summary: "Say where the database stands",
  description:
    "Shows the database, its current version, how many migrations are applied and pending, and what is wrong: partial or late migrations, edited files, versions without a file. Exits 0 whatever it finds; with --check it exits 1 if something is pending or wrong.",
  globals: GLOBALS,
  json: "pawl.status/1",
  exits: EXITS,
  examples: [
    { line: "pawl status", does: "Shows where the default environment stands" },
    {
      line: "pawl status --drift",
      does: "Says too whether the schema was changed by hand",
    },
    {
      line: "pawl status -e production --check",
      does: "Exits 1 if production is behind or damaged",
    },
    { line: "pawl status --json", does: "Writes the same for scripts" },
  ],
  options: {
    check: option.flag({
      description: "Exit 1 if something is pending or wrong",
    }),
    drift: option.flag({
      description:
        "Say whether the schema is as it was last recorded; with [drift] fail that counts for --check",
    }),
  },
  run: async (options, io) => {
    const opened = project(io);
    const report = await read(io, opened);
    const drift = options.drift ? await readDrift(io, opened) : undefined;
    const wrong = [...findings(report), ...driftFindings(drift, opened)];
    const bad = report.pending > 0 || wrong.some((d) => d.severity === "error");
    return {
      exit: options.check && bad ? EXIT.no : EXIT.ok,
      document: {
        ...document("pawl.status/1", report),
        ...(drift === undefined ? {} : {
          drift: { drifted: drift.drifted ?? null, objects: drift.objects },
        }),
      },
      diagnostics: [...wrong, ...warningDiagnostics(report.warnings)],
      text: (style) => statusLines(report, drift, style),
    };
  },
});

function document<F extends string>(
  format: F,
  report: StatusReport,
): JsonDocument<F> {
  return { format, ...statusData(report) };
}

function statusLines(
  report: StatusReport,
  drift: DriftAnswer | undefined,
  style: Style,
): string[] {
  const { current } = report;
  const rows: (readonly [string, string])[] = [
    ["project", report.project],
    ...(report.environment === undefined
      ? []
      : [["environment", report.environment] as const]),
    [
      "database",
      `${report.database} (PostgreSQL ${report.server}${
        report.standby ? ", standby" : ""
      })`,
    ],
    [
      "migrations",
      `${report.directory}${
        report.layout === "pawl" ? "" : ` (${report.layout})`
      }`,
    ],
    ["history", report.installed ? "present" : "none yet"],
    [
      "current",
      current === undefined ? "base: nothing is applied" : fullName(current),
    ],
    ["applied", String(report.applied)],
    [
      "pending",
      report.pending === 0
        ? "0: up to date"
        : style.yellow(String(report.pending)),
    ],
    ["pawl.sum", SUM[report.sum]],
    ...(drift === undefined
      ? []
      : [["drift", driftText(drift, style)] as const]),
  ];
  const lines = rows.map(([name, value]) =>
    `${style.dim(name.padEnd(12))}${value}`
  );
  const pending = report.entries.filter(isPending);
  if (pending.length > 0) {
    lines.push("", "Pending:");
    for (const entry of pending.slice(0, 20)) {
      const note = report.rollingBack.includes(entry.version)
        ? " (half rolled back)"
        : NOTE[entry.standing];
      lines.push(`  ${fullName(entry)}${note}`);
    }
    if (pending.length > 20) {
      lines.push(`  and ${pending.length - 20} more: pawl list`);
    }
  }
  if (report.others.length > 0) {
    lines.push(
      "",
      `Not migrations, left alone: ${report.others.slice(0, 5).join(", ")}${
        report.others.length > 5 ? ` and ${report.others.length - 5} more` : ""
      }`,
    );
  }
  return lines;
}

function driftText({ drifted, objects }: DriftAnswer, style: Style): string {
  if (drifted === undefined) return "not known: no state is recorded";
  return drifted
    ? style.yellow(`yes: ${count(objects, "object")}`)
    : "no: as pawl left it";
}

const SUM: Readonly<Record<StatusReport["sum"], string>> = {
  absent: "absent: pawl sum writes it",
  ok: "fits the files",
  cosmetic: "differs in comments or white space",
  stale: "does not fit the files",
};

const NOTE: Readonly<Record<Standing, string>> = {
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

/** `pawl list`. */
export const listCommand = command({
  name: "list",
  aliases: ["showmigrations"],
  group: "look",
  summary: "List every migration and whether it is applied",
  description:
    "Lists every migration in the order in which it is applied: [X] applied, [ ] pending, [~] partial, [-] not in force although there is a row or a replacement. -v adds when each was applied, by whom, and what it depends on.",
  globals: GLOBALS,
  json: "pawl.list/1",
  exits: EXITS,
  examples: [
    { line: "pawl list", does: "Lists every migration" },
    { line: "pawl list --pending", does: "Lists what an upgrade would apply" },
    { line: "pawl list -v", does: "Adds times and dependencies" },
  ],
  options: {
    pending: option.flag({ description: "Only what is pending" }),
  },
  run: async (options, io) => {
    const report = await read(io);
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

function entryLines(
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

/** `pawl current`. */
export const currentCommand = command({
  name: "current",
  group: "look",
  summary: "Print the current version",
  description:
    "Prints the version of the latest migration in force, or base where none is.",
  globals: GLOBALS,
  json: "pawl.current/1",
  exits: EXITS,
  examples: [{
    line: "pawl current",
    does: "Prints the version that the database stands at",
  }],
  run: async (_options, io) => {
    const report = await read(io);
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
