/**
 * `pawl upgrade`.
 *
 * @module
 */

import { EXIT, type PawlError } from "../../errors.ts";
import type { Project } from "../../migrate/project.ts";
import type { RunReport } from "../../migrate/report.ts";
import { forEach, type Outcome, severalFailed } from "../../migrate/several.ts";
import { upgrade } from "../../migrate/upgrade.ts";
import { command, type CommandResult, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional, withDefault } from "../option.ts";
import {
  dryRun,
  lock,
  progressTeller,
  RUN_EXITS,
  transaction,
} from "./run_options.ts";
import {
  dryRunSql,
  errorData,
  reportData,
  reportLines,
  runResult,
  type RunWords,
} from "./run_result.ts";
import { eventTeller } from "./run_talk.ts";
import {
  announce,
  lockWait,
  lockWaitFlag,
  named,
  project,
  requireDryRunForSql,
  severalNames,
  warningDiagnostics,
} from "./shared.ts";

/** The command. */
export const upgradeCommand = command({
  name: "upgrade",
  aliases: ["migrate", "up"],
  group: "run",
  summary: "Apply pending migrations",
  description:
    "Applies every pending migration in order, or those up to TARGET. Each step is one transaction with its row of the history in it; what cannot run in a transaction runs statement by statement and goes on where it stopped.\n\nWith nothing pending it exits 0 without taking the lock or writing anything.",
  globals: ["config", "envs", "db", "project"],
  formats: ["text", "json", "sql"],
  json: "pawl.upgrade/1",
  exits: RUN_EXITS,
  examples: [
    { line: "pawl upgrade", does: "Applies everything that is pending" },
    { line: "pawl upgrade +1", does: "Applies the next migration only" },
    { line: "pawl upgrade --dry-run", does: "Shows the SQL that would run" },
    { line: "pawl upgrade --check", does: "Exits 1 if something is pending" },
    {
      line: "pawl upgrade -e eu -e us -j 2",
      does: "Upgrades two environments at the same time",
    },
    {
      line: "pawl upgrade --all",
      does: "Upgrades every environment, or else every profile",
    },
  ],
  dashNumbers: true,
  positionals: {
    target: positional.optional({
      name: "TARGET",
      description: "A version, a unique prefix of one, head, or +N",
      alsoOption: true,
    }),
  },
  options: {
    dryRun,
    check: option.flag({
      description: "Change nothing; exit 1 if something is pending",
    }),
    fake: option.flag({
      description: "Record the migrations as applied without running them",
    }),
    batch: option.flag({
      description: "Apply all in one transaction, or none",
      aliases: ["atomic-batch"],
    }),
    outOfOrder: option.flag({
      description: "Let files run that sort before applied ones",
    }),
    lock,
    transaction,
    lockWait,
    all: option.flag({
      description:
        "Every environment of pawl.toml; without any, every saved profile",
    }),
    jobs: withDefault(
      option.integer({
        value: "N",
        short: "j",
        description: "With several databases: how many at a time",
        min: 1,
        max: 64,
      }),
      1,
    ),
  },
  run: async (options, io) => {
    requireDryRunForSql(io, options.dryRun);
    const names = severalNames(io, options.all);
    if (names === undefined) {
      const opened = project(io, lockWaitFlag(options.lockWait));
      return runResult(await one(opened, options, io), {
        choices: options,
        io,
        words: WORDS,
      });
    }
    const outcomes = await forEach(names, {
      jobs: options.jobs,
      signal: io.signal,
    }, async (name) => {
      const opened = project(io, lockWaitFlag(options.lockWait), name);
      return await one(opened, options, named(io, name));
    });
    return severalResult(outcomes, options, io);
  },
});

const WORDS: RunWords<"pawl.upgrade/1"> = {
  format: "pawl.upgrade/1",
  nothing: {
    check: "Up to date.",
    dryRun: "Up to date: nothing would run.",
    run: "Up to date: nothing is pending.",
  },
  check: "pending",
  done: "applied",
};

interface Choices {
  readonly target: string | undefined;
  readonly dryRun: boolean;
  readonly check: boolean;
  readonly fake: boolean;
  readonly batch: boolean;
  readonly outOfOrder: boolean;
  readonly lock: boolean;
  readonly transaction: boolean;
}

/** One database. */
async function one(
  opened: Project,
  options: Choices,
  io: Io,
): Promise<RunReport> {
  announce(io, opened);
  const progress = io.progress("Upgrading");
  try {
    return await upgrade(opened, {
      target: options.target,
      dryRun: options.dryRun || options.check,
      fake: options.fake,
      batch: options.batch,
      outOfOrder: options.outOfOrder,
      noLock: !options.lock,
      noTransaction: !options.transaction,
      signal: io.signal,
      onEvent: eventTeller(io),
      onWarning: (text) => io.warn(text),
      onProgress: progressTeller(io, progress, "Applying"),
    });
  } finally {
    progress.done();
  }
}

/** Several databases: a heading each, what became of it, and one exit code. */
function severalResult(
  outcomes: readonly Outcome<RunReport>[],
  options: Choices,
  io: Io,
): CommandResult & { readonly document: JsonDocument<"pawl.upgrade/1"> } {
  const failed = outcomes.flatMap((o) => {
    const error = o.ok ? o.value.error : o.error;
    return error === undefined ? [] : [{ name: o.name, error }];
  });
  const pending = outcomes.some((o) => o.ok && o.value.results.length > 0);
  const exit = failed.length > 0
    ? severalFailed("upgrade", failed).exitCode
    : options.check && pending
    ? EXIT.no
    : EXIT.ok;
  return {
    exit,
    document: {
      format: "pawl.upgrade/1",
      success: failed.length === 0,
      runs: outcomes.map((o) =>
        o.ok
          ? { name: o.name, ...reportData(o.value) }
          : { name: o.name, success: false, error: errorData(o.error) }
      ),
    },
    text: (style) =>
      outcomes.flatMap((outcome) => {
        const error = outcome.ok ? outcome.value.error : outcome.error;
        const lines = outcome.ok ? reportLines(outcome.value, style) : [];
        if (error !== undefined) {
          lines.push(style.bad(error.message), ...errorLines(error));
        } else if (lines.length === 0) {
          lines.push(style.ok("up to date"));
        }
        if (options.dryRun && outcome.ok) {
          lines.push("", dryRunSql(outcome.value).trimEnd());
        }
        return [
          style.bold(`${outcome.name}:`),
          ...lines.map((line) => `  ${line}`),
        ];
      }),
    ...(options.dryRun && io.globals.format === "sql"
      ? {
        sql: outcomes.map((o) =>
          o.ok ? `-- ${o.name}\n${dryRunSql(o.value)}` : ""
        ).join("\n"),
      }
      : {}),
    diagnostics: outcomes.flatMap((o) =>
      o.ok
        ? warningDiagnostics(o.value.warnings.map((w) => `${o.name}: ${w}`))
        : []
    ),
  };
}

/** Location, details and hint of an error, for the middle of a report. */
function errorLines(error: PawlError): string[] {
  const { location } = error;
  return [
    ...(location === undefined ? [] : [
      `  ${
        [location.file, location.line, location.column].filter((p) =>
          p !== undefined
        ).join(":")
      }`,
    ]),
    ...error.details.map((line) => `  ${line}`),
    ...(error.hint === undefined ? [] : [`  hint: ${error.hint}`]),
  ];
}
