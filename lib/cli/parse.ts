/**
 * From an argument list to a command with its values, or to the one usage
 * error that says what is wrong. It runs nothing and writes nothing. Pure: the
 * environment is passed in.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Command, CommandResult, Table } from "./command.ts";
import { familyOf, findCommand } from "./find.ts";
import {
  GLOBALS,
  longName,
  namesFor,
  type OptionEntry,
  takesGlobal,
} from "./globals.ts";
import type { Format, Globals, Io } from "./io.ts";
import { bindValues, type Given } from "./option.ts";
import { type Fault, faultOf, type Scan, scanArguments } from "./scan.ts";
import type { ColorChoice } from "./style.ts";

/** What an argument list asks for. */
export type Action =
  | {
    readonly kind: "run";
    readonly command: Command;
    /** Runs the handler with its values. */
    readonly start: (io: Io) => Promise<CommandResult>;
  }
  /** `topic` is a command, the first word of several, or undefined for all. */
  | { readonly kind: "help"; readonly topic: Command | string | undefined }
  | { readonly kind: "version" }
  /** Nothing but the program's name, and options perhaps. */
  | { readonly kind: "bare"; readonly error: PawlError }
  | { readonly kind: "invalid"; readonly error: PawlError };

/** An argument list that has been read. */
export interface Invocation {
  /** The global options; after an error, those that say how to show it. */
  readonly globals: Globals;
  /** What to do. */
  readonly action: Action;
}

/** An option that contradicts itself or stands where it may stand once. */
function repeated(
  given: ReadonlyMap<string, readonly Given[]>,
  entries: Iterable<OptionEntry>,
  fault: Fault,
): PawlError | undefined {
  for (const { key, declared } of entries) {
    const [first, ...others] = given.get(key) ?? [];
    if (first === undefined || declared.repeatable) continue;
    const other = others.find((one) =>
      declared.valueName !== undefined || one.text !== first.text
    );
    if (other === undefined) continue;
    return fault(
      other.place === first.place
        ? `${other.place} stands twice`
        : `${first.place} and ${other.place} exclude one another`,
    );
  }
  return undefined;
}

/** Puts the words into the command's positionals. */
function placeWords(command: Command, scan: Scan, fault: Fault): void {
  const words = [...scan.words];
  for (const [key, declared] of Object.entries(command.positionals)) {
    const name = declared.valueName ?? key;
    const taken = words.splice(0, declared.repeatable ? words.length : 1);
    const [named] = scan.own.get(key) ?? [];
    if (named !== undefined && taken.length > 0) {
      throw fault(`${name} and ${named.place} say the same: give one of them`);
    }
    if (named !== undefined) continue;
    if (taken.length === 0 && declared.required) {
      throw fault(`${name} is missing`);
    }
    scan.own.set(key, taken.map((text) => ({ text, place: name })));
  }
  const [extra] = words;
  if (extra === undefined) return;
  const count = Object.keys(command.positionals).length;
  throw fault(
    count === 0
      ? `it takes no argument, and got "${extra}"`
      : `it takes no argument after ${
        Object.values(command.positionals).at(-1)?.valueName
      }, and got "${extra}"`,
  );
}

/** Takes from the environment what the command line left out. */
function fillFromEnvironment(
  command: Command,
  scan: Scan,
  env: (name: string) => string | undefined,
): void {
  for (const [key, declared] of Object.entries(command.options)) {
    const name = declared.variable;
    if (name === undefined || declared.variableIsConfiguration) continue;
    const value = env(name) ?? "";
    if (value === "" || scan.own.has(key)) continue;
    const texts = declared.repeatable
      ? value.split(",").map((text) => text.trim()).filter((text) => text)
      : [value];
    scan.own.set(key, texts.map((text) => ({ text, place: name })));
  }
}

const COLORS = ["auto", "always", "never"] as const;

/** How to show an error of an argument list that could not be read. */
function looks(scan: Scan): Globals {
  const last = (key: string) => scan.globals.get(key)?.at(-1)?.text;
  const json = scan.globals.has("json") || last("format") === "json";
  return {
    config: undefined,
    envFile: undefined,
    envs: [],
    db: undefined,
    project: undefined,
    format: json ? "json" : "text",
    quiet: scan.globals.has("quiet"),
    verbose: scan.globals.get("verbose")?.length ?? 0,
    color: COLORS.find((choice) => choice === last("color")) ?? "auto",
    input: !scan.globals.has("input"),
    yes: scan.globals.has("yes"),
  };
}

/** The global options of a run, checked against what the command takes. */
function readGlobals(command: Command, scan: Scan, fault: Fault): Globals {
  for (const [key, [given]] of scan.globals) {
    if (given === undefined || key === "json") continue;
    if (!takesGlobal(key, command)) {
      throw fault(`it has no use for ${given.place}`);
    }
  }
  const values = bindValues<typeof GLOBALS>(GLOBALS, scan.globals);
  if (values.env.length > 1 && !command.globals.includes("envs")) {
    throw fault("it works on one environment, and -e stands more than once");
  }
  if (values.json && values.format !== undefined && values.format !== "json") {
    throw fault(`--json and --format ${values.format} exclude one another`);
  }
  if (values.quiet && values.verbose > 0) {
    throw fault("--quiet and --verbose exclude one another");
  }
  const color: ColorChoice = values.color;
  const format: Format = values.json
    ? "json"
    : values.format ?? command.formats[0] ?? "text";
  if (!command.formats.includes(format)) {
    const formats = command.formats.join(", ");
    throw fault(`it has no format ${format}, only ${formats}`);
  }
  return {
    config: values.config,
    envFile: values.envFile,
    envs: values.env,
    db: values.db,
    project: values.project,
    format,
    quiet: values.quiet,
    verbose: values.verbose,
    color,
    input: values.input,
    yes: values.yes,
  };
}

/** Reads a command's arguments to the end, or throws the usage error. */
function readRun(
  command: Command,
  scan: Scan,
  by: {
    readonly names: ReadonlyMap<string, OptionEntry>;
    readonly fault: Fault;
    readonly env: (name: string) => string | undefined;
  },
): Invocation {
  if (scan.error !== undefined) throw scan.error;
  for (const scope of ["global", "command"] as const) {
    const entries = [...by.names.values()]
      .filter((entry) => entry.scope === scope);
    const given = scope === "global" ? scan.globals : scan.own;
    const error = repeated(given, entries, by.fault);
    if (error !== undefined) throw error;
  }
  const globals = readGlobals(command, scan, by.fault);
  placeWords(command, scan, by.fault);
  fillFromEnvironment(command, scan, by.env);
  for (const [key, declared] of Object.entries(command.options)) {
    if (declared.required && !scan.own.has(key)) {
      throw by.fault(`--${longName(key)} ${declared.valueName} is missing`);
    }
  }
  const start = command.bind(scan.own);
  return { globals, action: { kind: "run", command, start } };
}

/**
 * Reads an argument list.
 *
 * @param args The arguments, without the program's name.
 * @param table The commands.
 * @param env Reads an environment variable.
 * @returns What to do; a usage error is an action, not thrown.
 */
export function parse(
  args: readonly string[],
  table: Table,
  env: (name: string) => string | undefined,
): Invocation {
  const found = findCommand(args, table);
  const command = found.kind === "command" ? found.command : undefined;
  const fault = faultOf(command, table);
  const names = namesFor(command);
  const scan = scanArguments(
    args,
    found.kind === "command" ? found.words : new Set(),
    { names, dashNumbers: command?.dashNumbers ?? false, fault },
  );
  const globals = looks(scan);
  if (scan.globals.has("help") && found.kind !== "unknown") {
    const topic = found.kind === "family" ? found.word : command;
    return { globals, action: { kind: "help", topic } };
  }
  if (scan.globals.has("version")) {
    return { globals, action: { kind: "version" } };
  }
  try {
    if (command !== undefined) {
      return readRun(command, scan, { names, fault, env });
    }
    throw wordError(found, scan, table);
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    const bare = found.kind === "none" && scan.error === undefined;
    const kind = bare ? "bare" : "invalid";
    const hint = [
      ...error.hint === undefined ? [] : [error.hint],
      ...error.hint?.includes("--help") ? [] : [fault("").hint],
    ].join(" ");
    return {
      globals,
      action: {
        kind,
        error: withHint(error, hint),
      },
    };
  }
}

/** The same error with another hint. */
function withHint(error: PawlError, hint: string): PawlError {
  const { code, message, details, location, server, cause } = error;
  return new PawlError(code, message, {
    hint,
    details,
    cause,
    ...location === undefined ? {} : { location },
    ...server === undefined ? {} : { server },
  });
}

/** The error of an argument list that names no command. */
function wordError(
  found: ReturnType<typeof findCommand>,
  scan: Scan,
  table: Table,
): PawlError {
  if (found.kind === "unknown") return found.error;
  if (found.kind !== "family") {
    return scan.error ??
      new PawlError(
        "usage",
        `Cannot run ${table.program}: no command is given`,
      );
  }
  const members = familyOf(found.word, table).map((name) => `\`${name}\``);
  return new PawlError(
    "unknown-command",
    `Cannot run \`${table.program} ${found.word}\`: it is only the first word of commands`,
    {
      hint: `Did you mean one of ${members.join(", ")}? ` +
        `See \`${table.program} ${found.word} --help\``,
    },
  );
}
