/**
 * `pawl plan` and `pawl apply`: the project's database straight to a schema.
 *
 * @module
 */

import { resolve } from "node:path";
import {
  apply,
  type ApplyRequest,
  type LivePlan,
  planLive,
} from "../../change/apply.ts";
import {
  countDifferences,
  isEmpty,
  statementsOf,
} from "../../change/change_plan.ts";
import { digestsOf } from "../../change/moved.ts";
import { PLAN_FORMAT, planData } from "../../change/plan_data.ts";
import { planScript } from "../../change/plan_script.ts";
import {
  planChecksum,
  readSavedPlan,
  type SavedPlan,
} from "../../change/saved_plan.ts";
import { EXIT, PawlError } from "../../errors.ts";
import type { Project } from "../../migrate/project.ts";
import { planLines } from "../../render/plan_text.ts";
import { versionText } from "../../schema/snapshot.ts";
import { readText } from "../../sources/files.ts";
import { type Command, command, type JsonDocument } from "../command.ts";
import type { Io } from "../io.ts";
import { option } from "../option.ts";
import type { Style } from "../style.ts";
import {
  renameAsker,
  renameOption,
  renamesOf,
  withheldDiagnostics,
} from "./diff.ts";
import { shadowOption } from "./drift.ts";
import { allowOption, codesOf } from "./generate.ts";
import {
  announce,
  confirmOption,
  confirmProtected,
  count,
  project as openProject,
  warningDiagnostics,
} from "./shared.ts";
import { eventTeller } from "./run_talk.ts";

const EXITS = [
  EXIT.ok,
  EXIT.no,
  EXIT.usage,
  EXIT.failed,
  EXIT.integrity,
  EXIT.locked,
  EXIT.blocked,
  EXIT.interrupted,
];

const planOptions = {
  to: option.string({
    value: "SOURCE",
    description:
      "The schema to go to: a directory, .sql or .ts file, snapshot, migrations:DIR[@VERSION], another database",
  }),
  rename: renameOption,
  locking: option.flag({
    description: "Plain DDL, which blocks those who use the tables",
  }),
  prove: option.unlessNot({
    description: "Do not try the change in a shadow first",
  }),
  shadow: shadowOption,
};

interface PlanOptions {
  readonly to: string | undefined;
  readonly rename: readonly string[] | undefined;
  readonly locking: boolean;
  readonly prove: boolean;
  readonly shadow: string | undefined;
}

/** The command. */
export const planCommand: Command = command({
  name: "plan",
  group: "declare",
  summary: "Show what apply would do to the database",
  description:
    'Compares the project\'s database with the schema that --to names, and shows the statements that take it there, with what each may do to data or to those who work with it. Nothing is changed. --json writes a plan that apply --plan runs, while the schema is still the same; --format sql writes the same for psql.\n\nWhat stands by itself and is not in the goal stays, unless undeclared = "drop" in pawl.toml; partitions that the goal does not name stay always.',
  globals: ["config", "env", "db", "project"],
  formats: ["text", "json", "sql"],
  json: PLAN_FORMAT,
  exits: EXITS,
  examples: [
    {
      line: "pawl plan --to schema",
      does: "Shows what takes the database to the declared schema",
    },
    {
      line: "pawl plan -e production --to schema --json > plan.json",
      does: "Saves the plan, for review",
    },
  ],
  options: {
    ...planOptions,
    check: option.flag({ description: "Exit 1 if there is something to do" }),
  },
  run: async (options, io) => {
    const opened = openProject(io);
    const request = requestOf(io, options, undefined);
    announce(io, opened);
    const progress = io.progress("Comparing the schemas");
    const planned = await planLive(opened, request).finally(progress.done);
    const { plan } = planned;
    return {
      exit: options.check && !isEmpty(plan.up) ? EXIT.no : EXIT.ok,
      document: await documentOf(planned, request.to, {
        digests: io.globals.format === "json",
      }),
      diagnostics: withheldDiagnostics(plan.up),
      ...(io.globals.format === "sql"
        ? { sql: scriptOf(opened, planned) }
        : {}),
      text: (style) => linesOf(planned, style),
    };
  },
});

/** The command. */
export const applyCommand: Command = command({
  name: "apply",
  group: "declare",
  summary: "Take the database straight to a schema, without migration files",
  description:
    "Makes the plan that plan shows, shows it, asks, makes it again under the lock, runs it, and reads the schema back: it must be the goal. What may lose data, or may not fit the rows that are there, wants its --allow CODE. Each step is committed by itself where it cannot be in one transaction; after a failure the same command goes on from what is there.\n\nWith --plan FILE a saved plan is run, and only if the schema and the goal are still what it was made for.",
  globals: ["config", "env", "db", "project"],
  json: PLAN_FORMAT,
  exits: EXITS,
  examples: [
    {
      line: "pawl apply --to schema",
      does: "Takes the database to the declared schema",
    },
    {
      line: "pawl apply --to schema --allow drop-column -y",
      does: "Allows that columns are dropped, and does not ask",
    },
    {
      line: "pawl apply -e production --plan plan.json",
      does: "Runs a plan that was saved and reviewed",
    },
  ],
  options: {
    ...planOptions,
    plan: option.string({
      value: "FILE",
      description: "Run a plan that pawl plan --json has written",
      completes: "file",
    }),
    allow: allowOption,
    confirm: confirmOption,
    check: option.flag({
      description: "Change nothing; exit 1 if there is something to do",
    }),
    dryRun: option.flag({
      description: "Show what would be run, and change nothing",
    }),
  },
  run: async (options, io) => {
    const opened = openProject(io);
    const saved = options.plan === undefined ? undefined : readSavedPlan(
      readText(
        resolve(io.cwd, options.plan),
        options.plan,
        "pawl plan --to SOURCE --json > FILE writes one",
      ),
      options.plan,
    );
    const request = {
      ...requestOf(io, options, saved),
      allow: codesOf(options.allow),
    };
    announce(io, opened);
    if (options.check || options.dryRun) {
      const planned = await planLive(opened, request);
      return {
        exit: options.check && !isEmpty(planned.plan.up) ? EXIT.no : EXIT.ok,
        document: {
          ...await documentOf(planned, request.to),
          applied: false,
        },
        diagnostics: withheldDiagnostics(planned.plan.up),
        text: (style) => linesOf(planned, style),
      };
    }
    const result = await apply(opened, {
      ...request,
      confirm: async (planned) => {
        io.note(linesOf(planned, io.style).join("\n"));
        const loses = statementsOf(planned.plan.up).some(({ hazards = [] }) =>
          hazards.some(({ kind }) => kind === "data-loss")
        );
        if (loses) {
          await confirmProtected(io, opened, {
            what: "apply a change that loses data",
            database: planned.database,
            confirm: options.confirm,
          });
        }
        if (
          !(await io.confirm(`Apply this to ${planned.shown.from}?`))
        ) {
          throw new PawlError("confirmation-needed", "Stopped: not confirmed", {
            hint: "Nothing was changed",
          });
        }
      },
    });
    return {
      exit: EXIT.ok,
      document: {
        ...await documentOf(result, request.to),
        applied: result.applied,
      },
      diagnostics: [
        ...withheldDiagnostics(result.plan.up),
        ...warningDiagnostics(result.warnings),
      ],
      text: (style) => [
        style.ok(
          result.applied
            ? `Applied: ${result.shown.from} is as in ${result.shown.to}`
            : `Nothing to apply: ${result.shown.from} is as in ${result.shown.to}`,
        ),
      ],
    };
  },
});

function requestOf(
  io: Io,
  options: PlanOptions,
  saved: SavedPlan | undefined,
): ApplyRequest {
  if (saved !== undefined && options.to !== undefined) {
    throw new PawlError(
      "usage",
      "Cannot use --plan with --to: the plan says where it goes",
    );
  }
  const to = saved?.target ?? options.to;
  if (to === undefined) {
    throw new PawlError(
      "usage",
      "Cannot tell where to go: neither --to SOURCE nor --plan FILE is given",
      {
        hint:
          "--to schema goes to the declared schema; pawl upgrade runs migrations",
      },
    );
  }
  io.secrets.addFrom(to);
  return {
    signal: io.signal,
    onEvent: eventTeller(io),
    onWarning: (text) => io.warn(text),
    to,
    saved,
    locking: saved?.locking ?? options.locking,
    renames: renamesOf(options.rename),
    askRename: saved === undefined ? renameAsker(io) : undefined,
    prove: options.prove,
    shadow: options.shadow,
    stdin: async () => new TextEncoder().encode(await io.readStdin()),
  };
}

async function documentOf(
  planned: LivePlan,
  target: string,
  { digests = false }: { readonly digests?: boolean } = {},
): Promise<JsonDocument<typeof PLAN_FORMAT>> {
  const data = {
    ...planData(planned.plan),
    target,
    // What moves later is told by these.
    ...(digests
      ? {
        objects: {
          from: await digestsOf(planned.from),
          to: await digestsOf(planned.to),
        },
      }
      : {}),
  };
  return {
    format: PLAN_FORMAT,
    source: planned.shown,
    proved: planned.proved,
    ...data,
    checksum: planChecksum(data),
  };
}

function scriptOf(opened: Project, planned: LivePlan): string {
  const { plan, shown } = planned;
  const { migrationLock, migrationStatement } = opened.settings.timeouts;
  return planScript(plan.up, {
    header: [
      `From ${shown.from} (${plan.from})`,
      `to ${shown.to} (${plan.to})`,
      `for PostgreSQL ${versionText(plan.version)}`,
      "Run with: psql -v ON_ERROR_STOP=1 -f FILE",
    ],
    timeouts: { lock: migrationLock, statement: migrationStatement },
  });
}

function linesOf(planned: LivePlan, style: Style): string[] {
  const { plan, shown, from, to, sizes } = planned;
  if (isEmpty(plan.up)) {
    return [style.ok(`Nothing to do: ${shown.from} is as in ${shown.to}`)];
  }
  return [
    ...planLines({ ...plan.up, schemas: [from, to], paint: style, sizes }),
    "",
    `${count(countDifferences(plan.up), "object")} differ${
      countDifferences(plan.up) === 1 ? "s" : ""
    }, ${count(plan.up.steps.length, "step")}${
      planned.proved
        ? "; proved on a shadow in both directions"
        : "; not proved"
    }`,
  ];
}
