/**
 * `pawl diff`: the SQL between any two schemas.
 *
 * @module
 */

import {
  countDifferences,
  isEmpty,
  statementsOf,
  type Way,
} from "../../change/change_plan.ts";
import { type DiffResult, diffSources } from "../../change/diff.ts";
import { PLAN_FORMAT, planData } from "../../change/plan_data.ts";
import { type AskRename, parseRename } from "../../change/rename.ts";
import type { ToldRename } from "../../sources/mod.ts";
import { planScript } from "../../change/plan_script.ts";
import { isWithheld } from "../../change/step_text.ts";
import { EXIT } from "../../errors.ts";
import { planLines } from "../../render/plan_text.ts";
import { versionText } from "../../schema/snapshot.ts";
import { type Command, command, type Diagnostic } from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional } from "../option.ts";
import type { Style } from "../style.ts";
import { noticeDiagnostics, sourceOptions } from "./schema_shared.ts";
import { count, project } from "./shared.ts";

const SOURCE =
  "postgres://…, pglite:DIR, a directory, .sql or .ts file, a .json snapshot, migrations:DIR[@VERSION], env:NAME, or - for DDL on standard input";

/** `--rename`. */
export const renameOption = option.strings({
  value: "OLD=NEW",
  description:
    "What has another name in the goal and is not to be dropped: a table, TABLE.COLUMN, type, TYPE.VALUE, function …; may be repeated",
});

/** What `--rename` was given. */
export function renamesOf(
  values: readonly string[] | undefined,
): ToldRename[] {
  return (values ?? []).map(parseRename);
}

/** Asks about renames, where somebody sits before the terminal. */
export function renameAsker(io: Io): AskRename | undefined {
  const silent = !io.globals.input || io.globals.yes ||
    io.globals.format !== "text" || !io.terminal.stdin || !io.terminal.stderr;
  if (silent) return undefined;
  return (from, to) =>
    io.confirm(
      `Is ${from.kind} ${from.name.join(".")} now ${to.name.join(".")}?`,
    );
}

/** The command. */
export const diffCommand: Command = command({
  name: "diff",
  group: "look",
  summary: "Write the SQL between any two schemas",
  description:
    "Compares the schema of FROM with that of TO and writes the SQL that makes FROM into TO: as text grouped by object, with what each statement may do to data or to those who work with it, as SQL that psql runs as it is, or as JSON (pawl.plan/1, with the way back).\n\nNeither source is changed. The change is tried in a shadow first, up and down: what is printed leads where it says. On tables that exist writers are not blocked: indexes are built concurrently, constraints added NOT VALID and validated afterwards; --locking writes plain DDL instead.\n\nSQL is for the server of a live source, or for the version that [project] postgres names.",
  globals: ["config", "project"],
  formats: ["text", "json", "sql"],
  json: PLAN_FORMAT,
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
    {
      line: "pawl diff migrations:migrations schema",
      does:
        "Shows what the declared schema has that the migrations do not make",
    },
    {
      line: "pawl diff env:production schema --format sql > change.sql",
      does: "Writes SQL for psql",
    },
    {
      line: "pawl diff env:staging env:production --check",
      does: "Exits 1 if two databases differ",
    },
    {
      line: "git show main:schema.sql | pawl diff - schema.sql",
      does: "Compares with another git revision, without a database",
    },
  ],
  positionals: {
    from: positional.required({ name: "FROM", description: SOURCE }),
    to: positional.required({ name: "TO", description: SOURCE }),
  },
  options: {
    ...sourceOptions,
    rename: renameOption,
    locking: option.flag({
      description:
        "Plain DDL, which blocks those who use the tables: for databases that nobody uses meanwhile",
    }),
    prove: option.unlessNot({
      description: "Do not try the change in a shadow first",
    }),
    reverse: option.flag({ description: "Write the way back instead" }),
    check: option.flag({
      description: "Exit 1 if the schemas differ",
    }),
  },
  run: async (options, io) => {
    const { format } = io.globals;
    io.secrets.addFrom(options.from);
    io.secrets.addFrom(options.to);
    const opened = project(io);
    const progress = io.progress("Comparing the schemas");
    const result = await diffSources(opened, {
      from: options.reverse ? options.to : options.from,
      to: options.reverse ? options.from : options.to,
      locking: options.locking,
      renames: renamesOf(options.rename),
      askRename: renameAsker(io),
      prove: options.prove,
      shadow: options.shadow,
      strict: options.strict,
      stdin: async () => new TextEncoder().encode(await io.readStdin()),
      signal: io.signal,
      onWarning: (text) => io.warn(text),
    }).finally(progress.done);
    const { plan } = result;
    const differs = !isEmpty(plan.up);
    return {
      exit: options.check && differs ? EXIT.no : EXIT.ok,
      document: {
        format: PLAN_FORMAT,
        source: result.shown,
        proved: result.proved,
        ...planData(plan),
      },
      diagnostics: [
        ...noticeDiagnostics(result.notices),
        ...withheldDiagnostics(plan.up),
      ],
      ...(format === "sql"
        ? {
          sql: planScript(plan.up, {
            header: headerOf(result),
            timeouts: {
              lock: opened.settings.timeouts.migrationLock,
              statement: opened.settings.timeouts.migrationStatement,
            },
          }),
        }
        : {}),
      text: (style) => diffLines(result, style),
    };
  },
});

/** What the first lines of a script say. */
function headerOf({ plan, shown, proved }: DiffResult): string[] {
  return [
    `From ${shown.from} (${plan.from})`,
    `to ${shown.to} (${plan.to})`,
    `for PostgreSQL ${versionText(plan.version)}${
      proved ? ", proved on a shadow in both directions" : ""
    }`,
    "Run with: psql -v ON_ERROR_STOP=1 -f FILE",
    ...(plan.up.steps.length === 0 ? ["There is nothing to do"] : []),
  ];
}

/** A statement that lacks a secret is not in what runs. */
export function withheldDiagnostics(way: Way): Diagnostic[] {
  return statementsOf(way).filter(isWithheld).map((statement) => ({
    severity: "warning",
    code: "withheld",
    message:
      `${statement.address}: not run, since pawl does not keep secrets (${
        statement.withheld?.join(", ") ?? ""
      })`,
  }));
}

/** A change for people. */
function diffLines(result: DiffResult, style: Style): string[] {
  const { plan, from, to, sizes, proved } = result;
  if (isEmpty(plan.up)) {
    return [
      style.ok(
        `No difference between ${result.shown.from} and ${result.shown.to}`,
      ),
    ];
  }
  return [
    ...planLines({
      ...plan.up,
      schemas: [from, to],
      paint: style,
      sizes,
    }),
    "",
    `${count(countDifferences(plan.up), "object")} differ${
      countDifferences(plan.up) === 1 ? "s" : ""
    }, ${count(plan.up.steps.length, "step")}${
      proved ? "; proved on a shadow in both directions" : "; not proved"
    }`,
  ];
}
