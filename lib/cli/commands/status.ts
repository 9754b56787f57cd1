/**
 * `pawl status`: where a database stands.
 *
 * @module
 */

import { EXIT } from "../../errors.ts";
import type { Project } from "../../migrate/project.ts";
import { isPending, type StatusReport } from "../../migrate/status.ts";
import { fullName } from "../../migrate/version.ts";
import { command, type Diagnostic, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option } from "../option.ts";
import type { Style } from "../style.ts";
import { count, project, warningDiagnostics } from "./shared.ts";
import {
  entryData,
  NOTE,
  readStanding,
  STANDING_EXITS,
  STANDING_GLOBALS,
} from "./standing_shared.ts";

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
  globals: STANDING_GLOBALS,
  json: "pawl.status/1",
  exits: STANDING_EXITS,
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
    const report = await readStanding(io, opened);
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
