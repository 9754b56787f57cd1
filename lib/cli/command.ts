/**
 * What a command is: the one table that the parser, the help, the completions
 * and docs/cli.md derive from, and the builders that give a handler its
 * options typed from their declaration. It knows no particular command, no
 * stream and not how an argument list is read.
 *
 * @module
 */

import type { ExitCode, SourceLocation } from "../errors.ts";
import type { Format, Io } from "./io.ts";
import {
  bindValues,
  type Declarations,
  type Given,
  type None,
  type Values,
} from "./option.ts";
import type { Style } from "./style.ts";

/** The groups that commands are listed under, in order. */
export const GROUPS = [
  "set up",
  "author",
  "run",
  "declare",
  "look",
  "offline",
] as const;

/** One of {@linkcode GROUPS}. */
export type Group = typeof GROUPS[number];

/** A finding that is no failure. */
export interface Diagnostic {
  /** How much it matters. */
  readonly severity: "error" | "warning" | "note";
  /** Its stable kebab-case name, where it has one. */
  readonly code?: string;
  /** What was found; without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Where in which file. */
  readonly location?: SourceLocation;
}

/** A versioned JSON document. */
export type JsonDocument<F extends string = string> = {
  /** Its name and version, such as `pawl.status/1`. */
  readonly format: F;
  readonly [key: string]: unknown;
};

/** How a command ended; errors are thrown, not returned. */
export interface CommandResult {
  /** The exit code. */
  readonly exit: ExitCode;
  /** What `--format json` writes. */
  readonly document?: JsonDocument;
  /** What `--format text` writes; colour by the style it is given. */
  readonly text?: (style: Style) => string | readonly string[];
  /** What `--format sql` writes, byte for byte. */
  readonly sql?: string;
  /** What other formats, and text where there is no `text`, write byte for byte. */
  readonly raw?: string;
  /** Findings, shown on standard error and put into the JSON document. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** The result of a command whose JSON document is named `F`. */
export type ResultOf<F extends string> = [F] extends [never] ? CommandResult
  : CommandResult & { readonly document: JsonDocument<F> };

/** The global options that not every command takes; `envs` is `-e`, repeatable. */
export type ScopedGlobal = "config" | "env" | "envs" | "db" | "project";

/** A command line and what it does. */
export interface Example {
  /** The whole line, from `pawl`. */
  readonly line: string;
  /** What it does; without a full stop. */
  readonly does: string;
}

/** An environment variable that a command reads beside its options' ones. */
export interface Variable {
  /** Its name. */
  readonly name: string;
  /** What it means. */
  readonly description: string;
}

/** What is known of a command without running it. */
export interface CommandFacts {
  /** One word, or two for a subcommand. */
  readonly name: string;
  /** Other names, which are shown. */
  readonly aliases: readonly string[];
  /** Other names, which only work. */
  readonly hiddenAliases: readonly string[];
  /** Whether help, completions and docs leave the command out. */
  readonly hidden: boolean;
  /** What it is listed under. */
  readonly group: Group;
  /** One line without a full stop. */
  readonly summary: string;
  /** Paragraphs parted by blank lines. */
  readonly description: string;
  /** Which scoped global options it takes. */
  readonly globals: readonly ScopedGlobal[];
  /** What `--format` may be; the first is the default. */
  readonly formats: readonly Format[];
  /** The name of its JSON document. */
  readonly json: string | undefined;
  /** The exit codes that it may end with. */
  readonly exits: readonly ExitCode[];
  /** Environment variables that it reads beside its options' ones. */
  readonly variables: readonly Variable[];
  /** At least one. */
  readonly examples: readonly Example[];
  /** Whether `-1` is a positional and not an option. */
  readonly dashNumbers: boolean;
}

/** A command in the table. */
export interface Command extends CommandFacts {
  /** Its positionals, in order. */
  readonly positionals: Declarations;
  /** Its options. */
  readonly options: Declarations;
  /**
   * Reads the values and gives back what runs the handler with them.
   *
   * @throws {PawlError} "usage" for a value that is not accepted.
   */
  readonly bind: (
    given: ReadonlyMap<string, readonly Given[]>,
  ) => (io: Io) => Promise<CommandResult>;
}

/** What {@linkcode command} is given: a Command with a typed handler. */
export type CommandSpec<
  O extends Declarations,
  P extends Declarations,
  F extends string,
> =
  & Pick<
    CommandFacts,
    "name" | "group" | "summary" | "description" | "exits" | "examples"
  >
  & Partial<Omit<CommandFacts, "json">>
  & {
    /** Its options by key: `dryRun` is `--dry-run`. */
    readonly options?: O;
    /** Its positionals by key, in order. */
    readonly positionals?: P;
    /** The name of its JSON document. */
    readonly json?: F;
    /** Does it. */
    readonly run: (
      options: Values<O & P>,
      io: Io,
    ) => Promise<ResultOf<F>>;
  };

/**
 * Declares a command; the handler's options are typed by the declarations.
 *
 * @param spec What it is called, takes and does.
 * @returns The command, for the table.
 *
 * @example A command with an option
 * ```ts
 * import { command } from "./command.ts";
 * import { option } from "./option.ts";
 *
 * const greet = command({
 *   name: "greet",
 *   group: "look",
 *   summary: "Say hello",
 *   description: "Says hello to somebody.",
 *   exits: [0],
 *   examples: [{ line: "pawl greet --name Ada", does: "Says hello to Ada" }],
 *   options: { name: option.string({ value: "NAME", description: "To whom" }) },
 *   run: (options) =>
 *     Promise.resolve({ exit: 0, text: () => `Hello, ${options.name ?? "you"}` }),
 * });
 * console.assert(greet.formats[0] === "text");
 * ```
 */
export function command<
  O extends Declarations = None,
  P extends Declarations = None,
  F extends string = never,
>(spec: CommandSpec<O, P, F>): Command {
  const { run, options = {}, positionals = {}, json, ...facts } = spec;
  const declared: Declarations = { ...options, ...positionals };
  const twice = Object.keys(options).find((key) => key in positionals);
  if (twice !== undefined) {
    throw new TypeError(`Cannot declare ${spec.name}: ${twice} stands twice`);
  }
  return {
    aliases: [],
    hiddenAliases: [],
    hidden: false,
    globals: [],
    formats: json === undefined ? ["text"] : ["text", "json"],
    variables: [],
    dashNumbers: false,
    ...facts,
    json,
    options,
    positionals,
    bind: (given) => {
      const values = bindValues<O & P>(declared, given);
      return (io) => run(values, io);
    },
  };
}

/** Every command of a program. */
export interface Table {
  /** The name of the executable. */
  readonly program: string;
  /** Its version. */
  readonly version: string;
  /** One line on what it is. */
  readonly summary: string;
  /** Some first steps. */
  readonly examples: readonly Example[];
  /** The commands. */
  readonly commands: readonly Command[];
}
