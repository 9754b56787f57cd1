/**
 * `pawl generate` and `pawl check`: an edited schema as a migration, and
 * whether there is anything to generate.
 *
 * @module
 */

import { countDifferences, isEmpty } from "../../change/change_plan.ts";
import { generate, type GenerateResult } from "../../change/generate.ts";
import { planData, stepsData } from "../../change/plan_data.ts";
import type { ScaffoldFile } from "../../change/scaffold.ts";
import { EXIT, PawlError } from "../../errors.ts";
import { ALLOW_CODES } from "../../kinds/hazard.ts";
import {
  type MigrationText,
  type NewMigration,
  newMigration,
  sqlText,
} from "../../migrate/new_migration.ts";
import { planLines } from "../../render/plan_text.ts";
import type { Data } from "../../schema/data.ts";
import {
  type Command,
  command,
  type CommandResult,
  type JsonDocument,
} from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional } from "../option.ts";
import type { Style } from "../style.ts";
import { nearest } from "../suggest.ts";
import {
  renameAsker,
  renameOption,
  renamesOf,
  withheldDiagnostics,
} from "./diff.ts";
import { shadowOption } from "./drift.ts";
import {
  announce,
  count,
  project as openProject,
  warningDiagnostics,
} from "./shared.ts";

const FORMAT = "pawl.generate/1";

const EXITS = [
  EXIT.ok,
  EXIT.no,
  EXIT.usage,
  EXIT.failed,
  EXIT.integrity,
  EXIT.blocked,
  EXIT.interrupted,
];

const sourceWords =
  "a source: a directory, .sql or .ts file, snapshot, migrations:DIR[@VERSION], database";

/** `--allow`. */
export const allowOption = option.strings({
  value: "CODE",
  description:
    "Write or run what this code names, such as drop-column; several by commas or repetition",
});

/** The codes of `--allow`. */
export function codesOf(values: readonly string[] | undefined): string[] {
  const known: readonly string[] = ALLOW_CODES;
  const codes = (values ?? []).flatMap((value) => value.split(","))
    .map((code) => code.trim()).filter((code) => code !== "");
  const unknown = codes.find((code) => !known.includes(code));
  if (unknown === undefined) return codes;
  const meant = nearest(unknown, known);
  throw new PawlError("usage", `Cannot allow ${unknown}: it is no code`, {
    hint: meant === undefined
      ? `the codes are ${known.join(", ")}`
      : `did you mean ${meant}?`,
  });
}

/** The command. */
export const generateCommand: Command = command({
  name: "generate",
  aliases: ["autogenerate", "makemigrations"],
  group: "author",
  summary: "Write what the declared schema has changed as a migration",
  description:
    "Replays the migrations in a shadow, loads the declared schema (schema in pawl.toml) into another, and writes the difference as one migration file: up, down, and hashes of what it touches before and after. No database is needed. The file is tried up and down on the replayed migrations before it is written.\n\nWhat may lose data, or may not fit the rows that are there, is written only with its --allow CODE; the way down is always written. Without a message the file is named after the change. Where nothing has changed no file is written, and that is no error.",
  globals: ["config", "env", "db", "project"],
  json: FORMAT,
  exits: EXITS,
  examples: [
    {
      line: "pawl generate",
      does: "Writes a migration named after the change",
    },
    {
      line: 'pawl generate "add email to users"',
      does: "Names it",
    },
    { line: "pawl generate --dry-run", does: "Shows the file, writes nothing" },
    {
      line: "pawl generate --allow drop-column",
      does: "Allows that columns are dropped",
    },
    {
      line: "pawl generate --live",
      does: "Starts from the project's database instead of the migrations",
    },
  ],
  positionals: {
    message: positional.optional({
      name: "MESSAGE",
      description: "What it changes, in one line",
    }),
  },
  options: {
    name: option.string({
      value: "MESSAGE",
      description: "The same as MESSAGE",
    }),
    allow: allowOption,
    from: option.string({
      value: "SOURCE",
      description: `Start from ${sourceWords}; the migrations by default`,
    }),
    to: option.string({
      value: "SOURCE",
      description: `End at ${sourceWords}; the declared schema by default`,
    }),
    live: option.flag({
      description: "Start from the project's database, not from the migrations",
    }),
    rename: renameOption,
    locking: option.flag({
      description: "Plain DDL, which blocks those who use the tables",
    }),
    prove: option.unlessNot({
      description: "Do not try the change in a shadow first",
    }),
    scaffold: option.flag({
      description:
        "Write a type that rows may not fit, or a required column, as three migrations: expand, backfill, contract",
    }),
    dryRun: option.flag({
      description: "Show the file, and write nothing",
    }),
    check: option.flag({
      description: "Write nothing; exit 1 if there is something to write",
    }),
    empty: option.flag({
      description: "Write an empty migration, whatever has changed",
    }),
    shadow: shadowOption,
  },
  run: async (options, io) => {
    if (options.live && options.from !== undefined) {
      throw new PawlError(
        "usage",
        "Cannot use --live with --from: each names where to start",
      );
    }
    if (options.name !== undefined && options.message !== undefined) {
      throw new PawlError(
        "usage",
        "Cannot use --name with MESSAGE: each names the migration",
      );
    }
    const message = options.message ?? options.name;
    for (const source of [options.from, options.to]) {
      io.secrets.addFrom(source ?? "");
    }
    if (options.empty) return writeEmpty(message, io);
    const opened = openProject(io);
    if (options.live) announce(io, opened);
    const progress = io.progress("Comparing the declared schema");
    const result = await generate(opened, {
      message,
      now: io.clock.now(),
      from: options.from,
      to: options.to,
      live: options.live,
      // The question whether there is something wants no leave.
      allow: options.check ? "all" : codesOf(options.allow),
      locking: options.locking,
      renames: renamesOf(options.rename),
      askRename: options.check ? undefined : renameAsker(io),
      prove: options.prove && !options.check,
      scaffold: options.scaffold,
      dryRun: options.dryRun || options.check,
      shadow: options.shadow,
      stdin: async () => new TextEncoder().encode(await io.readStdin()),
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    }).finally(progress.done);
    return resultOf(result, options);
  },
});

/** The command. */
export const checkCommand: Command = command({
  name: "check",
  group: "look",
  summary: "Say whether the declared schema and the migrations differ",
  description:
    "Does what generate does without writing anything, and exits 1 if a migration is missing: for CI, and for a hook before each commit. No database is needed.",
  globals: ["config", "env", "project"],
  json: FORMAT,
  exits: EXITS,
  examples: [
    { line: "pawl check", does: "Exits 1 if a migration is missing" },
    { line: "pawl check --json", does: "Writes what is missing for scripts" },
  ],
  options: { shadow: shadowOption },
  run: async (options, io) => {
    const opened = openProject(io);
    const progress = io.progress("Comparing the declared schema");
    const result = await generate(opened, {
      now: io.clock.now(),
      allow: "all",
      prove: false,
      dryRun: true,
      shadow: options.shadow,
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    }).finally(progress.done);
    return resultOf(result, { check: true, dryRun: false });
  },
});

function resultOf(
  result: GenerateResult,
  options: { readonly check: boolean; readonly dryRun: boolean },
): CommandResult & { readonly document: JsonDocument<typeof FORMAT> } {
  const { plan, written, text, scaffold } = result;
  const nothing = isEmpty(plan.up);
  // Instead of the one file there are those of the scaffold.
  const single = scaffold.length === 0 ? text : undefined;
  return {
    exit: options.check && !nothing ? EXIT.no : EXIT.ok,
    document: {
      format: FORMAT,
      source: result.shown,
      message: nothing ? null : result.message,
      version: written?.version ?? null,
      files: [written, ...result.scaffolded].flatMap((one) => one?.files ?? []),
      proved: result.proved,
      up: single?.up ?? null,
      down: single?.down ?? null,
      ...planData(plan),
      ...(scaffold.length === 0 ? {} : {
        steps: scaffold.flatMap(({ up }) => stepsData(up)),
        undo: scaffold.toReversed().flatMap(({ down }) => stepsData(down)),
      }),
      migrations: migrationsData(result),
    },
    diagnostics: [
      ...withheldDiagnostics(plan.up),
      ...warningDiagnostics([
        ...new Set(
          [written, ...result.scaffolded].flatMap((one) => one?.warnings ?? []),
        ),
      ]),
    ],
    text: (style) => generateLines(result, options, style),
  };
}

/** Each migration that was written, or would be. */
function migrationsData(result: GenerateResult): Data[] {
  const { message, plan, scaffold, scaffolded, text, written } = result;
  const one = (
    step: ScaffoldFile["step"] | null,
    file: Pick<ScaffoldFile, "text" | "up" | "down">,
    made: NewMigration | undefined,
  ): Data => ({
    step,
    message: step === null ? message : `${step}: ${message}`,
    version: made?.version ?? null,
    files: made?.files ?? [],
    up: file.text.up,
    down: file.text.down ?? null,
    steps: stepsData(file.up),
    undo: stepsData(file.down),
  });
  if (text === undefined) return [];
  return scaffold.length === 0
    ? [one(null, { text, up: plan.up, down: plan.down }, written)]
    : scaffold.map((file, i) => one(file.step, file, scaffolded[i]));
}

function generateLines(
  result: GenerateResult,
  options: { readonly check: boolean; readonly dryRun: boolean },
  style: Style,
): string[] {
  const { plan, shown, written, text } = result;
  if (isEmpty(plan.up)) {
    return [style.ok(`Nothing to generate: ${shown.from} makes ${shown.to}`)];
  }
  if (options.check) {
    return [
      style.bad(
        `${shown.from} does not make ${shown.to}: ${
          count(countDifferences(plan.up), "object")
        } differ${countDifferences(plan.up) === 1 ? "s" : ""}`,
      ),
      ...planLines({
        changes: plan.up.changes,
        steps: [],
        schemas: [result.from, result.to],
        paint: style,
        sizes: result.sizes,
      }),
      "",
      "pawl generate writes the migration",
    ];
  }
  if (options.dryRun && result.scaffold.length > 0) {
    return result.scaffold.flatMap(({ step, text }) => [
      ...fileLines(`${step}: ${result.message}`, text),
      "",
    ]);
  }
  if (options.dryRun && text !== undefined) {
    return fileLines(result.message, text);
  }
  return [
    ...planLines({
      changes: plan.up.changes,
      // What the three do instead is in them.
      steps: result.scaffold.length > 0 ? [] : plan.up.steps,
      schemas: [result.from, result.to],
      paint: style,
      sizes: result.sizes,
    }),
    "",
    style.ok(
      `${
        [written, ...result.scaffolded].flatMap((one) => one?.files ?? [])
          .join(", ")
      }${result.proved ? ", proved up and down" : ", not proved"}`,
    ),
    `Read ${result.scaffold.length > 0 ? "them" : "it"}, then: pawl upgrade`,
  ];
}

/** A migration that has not been written, as it would be. */
export function fileLines(message: string, text: MigrationText): string[] {
  return sqlText({ message, now: new Date(0), body: text }).trimEnd()
    .split("\n");
}

function writeEmpty(
  message: string | undefined,
  io: Io,
): CommandResult & { readonly document: JsonDocument<typeof FORMAT> } {
  const written = newMigration(openProject(io), {
    message: message ?? "empty",
    now: io.clock.now(),
    body: { header: [], up: "", down: "" },
  });
  return {
    exit: EXIT.ok,
    document: {
      format: FORMAT,
      message: written.message,
      version: written.version,
      files: written.files,
    },
    diagnostics: warningDiagnostics(written.warnings),
    text: () => written.files,
  };
}
