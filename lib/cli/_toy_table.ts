/**
 * A command table for the tests of lib/cli alone: it has one command of each
 * sort that the real table has, and touches no database.
 *
 * @module
 */

import { EXIT, PawlError } from "../errors.ts";
import { command, type Table } from "./command.ts";
import { completionsCommand } from "./completions.ts";
import { helpCommand } from "./help.ts";
import { option, positional, required, withDefault } from "./option.ts";

const upgrade = command({
  name: "upgrade",
  aliases: ["migrate", "up"],
  hiddenAliases: ["db migrate"],
  group: "run",
  summary: "Apply pending migrations",
  description: "Applies what is pending, in order.\n\nA second paragraph.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.upgrade/1",
  exits: [0, 1, 2, 3, 4, 5, 6],
  variables: [{ name: "PAWL_TOY", description: "Means nothing" }],
  examples: [
    { line: "pawl upgrade", does: "Apply all" },
    { line: "pawl upgrade +1 --dry-run | less", does: "Show the next one" },
    { line: 'PAWL_URL="$URL" pawl -e dev upgrade', does: "On one environment" },
  ],
  positionals: {
    target: positional.optional({
      name: "TARGET",
      description: "Where to stop",
      alsoOption: true,
    }),
  },
  options: {
    dryRun: option.flag({ short: "n", description: "Print what would run" }),
    lock: option.unlessNot({ description: "Take no lock" }),
    batch: option.toggle({ description: "All in one transaction, or not" }),
    lockWait: withDefault(
      option.duration({
        value: "DURATION",
        description: "How long to wait",
        variable: "PAWL_LOCK_WAIT",
      }),
      30_000,
      "30s",
    ),
    allow: option.strings({
      value: "CODE",
      description: "Allow a hazard",
      aliases: ["permit"],
      variable: "PAWL_ALLOW",
    }),
    limit: option.integer({
      value: "N",
      short: "l",
      min: 1,
      max: 9,
      description: "At most so many",
    }),
    output: option.string({
      value: "FILE",
      short: "o",
      completes: "file",
      description: "Write here",
    }),
  },
  run: (options) => {
    const { target, ...rest } = options;
    return Promise.resolve({
      exit: EXIT.ok,
      text: (style) => [
        style.ok("1 migration applied"),
        style.fix("1 index (auto-fix)"),
      ],
      document: { format: "pawl.upgrade/1", target: target ?? null, ...rest },
    });
  },
});

const downgrade = command({
  name: "downgrade",
  aliases: ["down"],
  hiddenAliases: ["rollback"],
  group: "run",
  summary: "Undo migrations",
  description: "Undoes the last migration.",
  globals: ["db"],
  dashNumbers: true,
  exits: [0, 2],
  examples: [{ line: "pawl downgrade -1", does: "Undo one" }],
  positionals: {
    target: positional.optional({
      name: "TARGET",
      description: "Where to stop",
    }),
  },
  run: ({ target }) =>
    Promise.resolve({ exit: EXIT.ok, text: () => `to ${target}` }),
});

const diff = command({
  name: "diff",
  group: "look",
  summary: "Compare two schemas",
  description: "Compares two schemas.",
  formats: ["text", "json", "sql"],
  json: "pawl.diff/1",
  exits: [0, 1, 2],
  examples: [{ line: "pawl diff a.sql b.sql", does: "Compare two files" }],
  positionals: {
    from: positional.required({
      name: "FROM",
      description: "One schema",
      completes: "file",
    }),
    to: positional.required({
      name: "TO",
      description: "The other one",
      completes: "file",
    }),
  },
  options: { check: option.flag({ description: "Exit 1 on a difference" }) },
  run: ({ from, to, check }) =>
    Promise.resolve({
      exit: check ? EXIT.no : EXIT.ok,
      text: () => `${from} -> ${to}`,
      sql: `-- ${from}\nSELECT '\x1b';\n`,
      document: { format: "pawl.diff/1", from, to },
      diagnostics: [{
        severity: "warning" as const,
        code: "drop-table",
        message: "A table is dropped",
        hint: "Keep it",
        location: { file: "b.sql", line: 2, column: 3, text: "\tDROP" },
      }],
    }),
});

const sql = command({
  name: "sql",
  group: "offline",
  summary: "Write the SQL of a range",
  description: "Writes SQL.",
  formats: ["sql"],
  exits: [0, 2],
  examples: [{ line: "pawl sql base:head", does: "Everything" }],
  positionals: {
    range: positional.required({ name: "FROM:TO", description: "The range" }),
  },
  options: {
    for: withDefault(
      option.choice(["psql", "plain"], {
        value: "WHAT",
        description: "For what",
      }),
      "psql",
    ),
  },
  run: (options) =>
    Promise.resolve({
      exit: EXIT.ok,
      sql: `-- ${options.range} for ${options.for}\n`,
    }),
});

const sqlUpgrade = command({
  name: "sql upgrade",
  group: "offline",
  summary: "Write the SQL of an upgrade",
  description: "Writes SQL.",
  formats: ["sql"],
  exits: [0, 2],
  examples: [{ line: "pawl sql upgrade", does: "Everything" }],
  run: () => Promise.resolve({ exit: EXIT.ok, sql: "-- upgrade\n" }),
});

const profilesList = command({
  name: "profiles list",
  group: "set up",
  summary: "List profiles",
  description: "Lists profiles.",
  globals: ["envs"],
  exits: [0, 2],
  examples: [{ line: "pawl profiles list", does: "List them" }],
  run: (_, { globals }) =>
    Promise.resolve({
      exit: EXIT.ok,
      text: () => globals.envs.join() || "none",
    }),
});

const profilesSave = command({
  name: "profiles save",
  group: "set up",
  summary: "Save a profile",
  description: "Saves a profile.",
  exits: [0, 2],
  examples: [{ line: "pawl profiles save --url x", does: "Save one" }],
  options: {
    url: required(option.string({ value: "URL", description: "Its URL" })),
  },
  run: ({ url }) => Promise.resolve({ exit: EXIT.ok, text: () => url }),
});

const users = command({
  name: "users",
  hidden: true,
  group: "set up",
  summary: "Old name",
  description: "Old name.",
  exits: [0, 2],
  examples: [{ line: "pawl users", does: "List them" }],
  run: () => Promise.resolve({ exit: EXIT.ok, text: () => "users" }),
});

/** How `toy` ends, by the name it is given. */
const ENDINGS = {
  known: () =>
    new PawlError("migration-failed", "Cannot run 7_x: syntax error", {
      hint: "Mend it",
      details: ["rolled back"],
      location: {
        file: "m/7_x.sql",
        line: 3,
        column: 7,
        text: "ALTER TABEL x",
      },
      server: {
        sqlstate: "42601",
        message: 'syntax error at or near "TABEL"',
        detail: "a detail",
        hint: "a hint",
        where: "line one\nline two",
      },
    }),
  unknown: () => new RangeError("no such thing"),
  thrown: () => "a string",
} as const;

const toy = command({
  name: "toy",
  hidden: true,
  group: "look",
  summary: "What the tests need",
  description: "Does what a test asks for.",
  json: "pawl.toy/1",
  exits: [0, 2],
  examples: [{ line: "pawl toy note", does: "Say something" }],
  positionals: {
    what: positional.choice([
      "known",
      "unknown",
      "thrown",
      "note",
      "ask",
      "typed",
      "stdin",
      "interrupt",
      "progress",
      "slow",
      "many",
      "json",
    ], { name: "WHAT", description: "What" }),
  },
  options: {
    confirm: option.string({ value: "WORD", description: "The word" }),
    times: withDefault(option.integer({ value: "N", description: "Times" }), 1),
    secret: option.string({ value: "TEXT", description: "What to hide" }),
  },
  run: async ({ what, confirm, times, secret }, io) => {
    const done = (said: unknown) => ({
      exit: EXIT.ok,
      text: () => String(said),
      document: { format: "pawl.toy/1" as const, said },
    });
    if (secret !== undefined) io.secrets.add(secret);
    switch (what) {
      case "known":
      case "unknown":
      case "thrown":
        throw ENDINGS[what]();
      case "note":
        io.note(`a note ${secret ?? ""}`.trim());
        io.detail("a detail");
        io.detail("more detail", 2);
        io.warn("a warning", "a remedy");
        return done(`said ${secret ?? ""}`.trim());
      case "ask":
        return done(await io.confirm("Drop it?") ? "yes" : "no");
      case "typed":
        await io.confirmTyped("Drop it all?", "prod", {
          flag: "--confirm DATABASE",
          given: confirm,
        });
        return done("typed");
      case "stdin":
        return done((await io.readStdin()).length);
      case "interrupt":
        io.note("ready");
        return await new Promise((_, reject) => {
          io.signal.addEventListener(
            "abort",
            // A handler that will not end needs the second signal.
            () => times === 1 ? reject(io.signal.reason) : io.note("still"),
          );
        });
      case "progress": {
        const progress = io.progress("building");
        progress.update("building users_idx");
        await io.confirm("Go on?");
        progress.done();
        return done("built");
      }
      case "slow": {
        const outer = io.progress("waiting");
        const inner = io.progress(`building ${secret}`);
        await io.readStdin();
        io.note("talk");
        inner.done();
        inner.done();
        outer.done();
        return done("built");
      }
      case "many":
        return done("line\n".repeat(times));
      case "json":
        return done({ big: 12n, odd: "\x9b", url: `postgres://a:${secret}@h` });
      default:
        return what satisfies never;
    }
  },
});

/** The table of the tests. */
export const TOY: Table = {
  program: "pawl",
  version: "0.0.0-toy",
  summary: "A toy",
  examples: [{ line: "pawl upgrade", does: "Apply all" }],
  commands: [
    upgrade,
    downgrade,
    diff,
    sql,
    sqlUpgrade,
    profilesList,
    profilesSave,
    users,
    toy,
    helpCommand(() => TOY),
    completionsCommand(() => TOY),
    command({
      name: "drift",
      hiddenAliases: ["db drift", "db verify"],
      group: "look",
      summary: "Compare with the record",
      description: "Compares.",
      exits: [0, 1, 2],
      examples: [{ line: "pawl drift", does: "Compare" }],
      run: () => Promise.resolve({ exit: EXIT.no, text: () => "differs" }),
    }),
  ],
};
