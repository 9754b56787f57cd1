/**
 * The options that stand before or after any command word, as declarations,
 * and the names that a command's options have on the command line. It knows no
 * command and does not decide which database is used (lib/config does). Pure.
 *
 * @module
 */

import type { CommandFacts, ScopedGlobal } from "./command.ts";
import { type Declaration, type Declarations, option } from "./option.ts";
import { withDefault } from "./option.ts";

/** Every global option. */
export const GLOBALS = {
  config: option.string({
    value: "FILE",
    description: "Read this file instead of the nearest pawl.toml",
    completes: "file",
    variable: "PAWL_CONFIG",
    variableIsConfiguration: true,
  }),
  envFile: option.string({
    value: "FILE",
    description: "Read further environment variables from this file",
    completes: "file",
    variable: "PAWL_ENV_FILE",
    variableIsConfiguration: true,
  }),
  env: option.strings({
    value: "NAME",
    short: "e",
    description: "Use this environment of pawl.toml, or this saved profile",
    variable: "PAWL_ENV",
    variableIsConfiguration: true,
  }),
  db: option.string({
    value: "SOURCE",
    description: "Use this database: a postgres:// URL, pglite:DIR or none",
    variable: "PAWL_URL",
    variableIsConfiguration: true,
  }),
  project: option.string({
    value: "NAME",
    short: "p",
    description: "Use this project of pawl.toml",
    variable: "PAWL_PROJECT",
    variableIsConfiguration: true,
  }),
  format: option.choice(["text", "json", "sql", "mermaid"], {
    value: "FORMAT",
    description: "Write standard output in this format",
  }),
  json: option.flag({ description: "Short for --format json" }),
  quiet: option.flag({
    short: "q",
    description: "Leave out notes and progress, not warnings and errors",
  }),
  verbose: option.count({
    short: "v",
    description: "Say more; twice, still more",
  }),
  color: withDefault(
    option.choice(["auto", "always", "never"], {
      value: "WHEN",
      description: "Use colour (NO_COLOR and FORCE_COLOR are heeded)",
    }),
    "auto",
  ),
  input: option.unlessNot({ description: "Never ask; fail instead" }),
  yes: option.flag({
    short: "y",
    description: "Answer yes to plain questions",
  }),
  help: option.flag({ short: "h", description: "Show help" }),
  version: option.flag({ description: "Show the version" }),
} as const;

const SCOPED: Readonly<Record<string, readonly ScopedGlobal[]>> = {
  config: ["config"],
  envFile: ["config"],
  env: ["env", "envs"],
  db: ["db"],
  project: ["project"],
};

/**
 * Whether a command takes a global option; most are taken by all.
 *
 * @param key The option's key in {@linkcode GLOBALS}.
 * @param facts The command.
 * @returns True when it takes it.
 */
export function takesGlobal(key: string, facts: CommandFacts): boolean {
  const scopes = SCOPED[key];
  if (scopes !== undefined) {
    return scopes.some((scope) => facts.globals.includes(scope));
  }
  return key === "json" ? facts.formats.includes("json") : true;
}

/**
 * The global options that a command takes, as help shows them for it.
 *
 * @param facts The command.
 * @returns The declarations by key.
 */
export function globalsOf(facts: CommandFacts): Declarations {
  return Object.fromEntries(
    Object.entries(GLOBALS).flatMap(([key, declared]): [
      string,
      Declaration<unknown>,
    ][] => {
      if (!takesGlobal(key, facts)) return [];
      if (key === "format") {
        const [first = "text", ...others] = facts.formats;
        if (others.length === 0) return [];
        return [[key, {
          ...declared,
          choices: facts.formats,
          defaultText: first,
        }]];
      }
      const repeatable = key === "env"
        ? facts.globals.includes("envs")
        : declared.repeatable;
      return [[key, { ...declared, repeatable }]];
    }),
  );
}

/** What a name on the command line stands for. */
export interface OptionEntry {
  /** Whose option it is. */
  readonly scope: "global" | "command";
  /** Its key. */
  readonly key: string;
  /** Its declaration. */
  readonly declared: Declaration<unknown>;
  /** For flags: what giving this name says. */
  readonly says: "true" | "false";
}

/**
 * The long name of an option's key: `dryRun` is `dry-run`.
 *
 * @param key The key.
 * @returns The name without dashes.
 */
export function longName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The names of options, with their dashes, that a declaration gives.
 *
 * @param scope Whose options they are.
 * @param declarations The options, and positionals that are options too.
 * @returns What every name stands for; hidden names too.
 */
export function optionNames(
  scope: OptionEntry["scope"],
  declarations: Declarations,
): Map<string, OptionEntry> {
  const names = new Map<string, OptionEntry>();
  for (const [key, declared] of Object.entries(declarations)) {
    const flag = declared.valueName === undefined;
    const yes: OptionEntry = { scope, key, declared, says: "true" };
    const no: OptionEntry = { ...yes, says: "false" };
    for (const name of [longName(key), ...declared.aliases]) {
      names.set(`--${name}`, yes);
      if (flag && declared.polarity !== "positive") {
        names.set(`--no-${name}`, no);
      }
    }
    if (declared.short !== undefined) {
      const says = declared.polarity === "negative" ? no : yes;
      names.set(`-${declared.short}`, says);
    }
  }
  return names;
}

/**
 * Every name that an argument list of a command may use.
 *
 * @param facts The command with its declarations, or undefined for none.
 * @returns What every name stands for; a command's own names win.
 */
export function namesFor(
  facts: {
    readonly options: Declarations;
    readonly positionals: Declarations;
  } | undefined,
): Map<string, OptionEntry> {
  const names = optionNames("global", GLOBALS);
  if (facts === undefined) return names;
  const also = Object.fromEntries(
    Object.entries(facts.positionals).filter(([, one]) => one.alsoOption),
  );
  for (const declarations of [also, facts.options]) {
    for (const [name, entry] of optionNames("command", declarations)) {
      names.set(name, entry);
    }
  }
  return names;
}
