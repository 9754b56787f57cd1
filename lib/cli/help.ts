/**
 * Help, written from the command table: an overview, a family of subcommands,
 * or one command, examples first. It knows no particular command. Pure.
 *
 * @module
 */

import type { ExitCode } from "../errors.ts";
import {
  type Command,
  command,
  type Example,
  GROUPS,
  type Table,
} from "./command.ts";
import { commandNamed, familyOf, unknownCommand } from "./find.ts";
import { GLOBALS, globalsOf, longName } from "./globals.ts";
import { type Declaration, type Declarations, positional } from "./option.ts";
import { type Definition, definitionList, type Style, wrap } from "./style.ts";

/** What the exit codes mean. */
export const EXIT_MEANING: { readonly [C in ExitCode]: string } = {
  0: "Done, or the answer is yes",
  1: "The answer is no",
  2: "The command line or the configuration is wrong",
  3: "The database refused or the run failed; the message says what stands",
  4: "A checksum, the history or pawl.sum does not fit",
  5: "The lock is held by somebody else",
  6: "A person must act first; the message says what",
  130: "Interrupted",
};

/** A choice of values is written into the option where it is this short. */
const SHORT_CHOICE = 24;

/**
 * How an option is written, such as `-e, --env NAME` or `--no-lock`.
 *
 * @param key The option's key.
 * @param declared Its declaration.
 * @returns The term, without padding.
 */
export function optionTerm(
  key: string,
  declared: Declaration<unknown>,
): string {
  const prefix = { positive: "", negative: "no-", both: "[no-]" };
  const long = `--${prefix[declared.polarity]}${longName(key)}`;
  const short = declared.short === undefined ? "" : `-${declared.short}, `;
  const choices = declared.choices?.join("|") ?? "";
  const value = choices !== "" && choices.length <= SHORT_CHOICE
    ? choices
    : declared.valueName;
  return short + long + (value === undefined ? "" : ` ${value}`);
}

/**
 * What an option means, with its choices, default and variable.
 *
 * @param declared Its declaration.
 * @returns One line.
 */
export function optionMeaning(declared: Declaration<unknown>): string {
  const choices = declared.choices?.join("|") ?? "";
  const list = choices.length > SHORT_CHOICE
    ? [`one of ${declared.choices?.join(", ")}`]
    : [];
  const notes = [
    ...list,
    ...declared.repeatable && declared.valueName !== undefined
      ? ["may be repeated"]
      : [],
    ...declared.required ? ["required"] : [],
    ...declared.defaultText === undefined
      ? []
      : [`default: ${declared.defaultText}`],
    ...declared.variable === undefined ? [] : [`env: ${declared.variable}`],
  ];
  return notes.length === 0
    ? declared.description
    : `${declared.description} [${notes.join("; ")}]`;
}

/** Options as rows; those without a letter stand where the others' names do. */
function optionRows(declarations: Declarations): Definition[] {
  return Object.entries(declarations).filter(([, one]) => !one.hidden)
    .map(([key, one]): Definition => {
      const pad = one.short === undefined ? "    " : "";
      return [pad + optionTerm(key, one), optionMeaning(one)];
    });
}

/** How the positionals stand in a usage line. */
function positionalTerm([key, one]: [string, Declaration<unknown>]): string {
  const name = (one.valueName ?? key) + (one.repeatable ? "..." : "");
  return one.required ? name : `[${name}]`;
}

/**
 * The usage line of a command.
 *
 * @param of The command.
 * @param table Names the program.
 * @returns Such as `pawl upgrade [OPTIONS] [TARGET]`.
 */
export function usageLine(of: Command, table: Table): string {
  const words = Object.entries(of.positionals).map(positionalTerm);
  return [table.program, of.name, "[OPTIONS]", ...words].join(" ");
}

/**
 * The options of a command, with positionals that are options too.
 *
 * @param of The command.
 * @returns The declarations by key.
 */
export function shownOptions(of: Command): Declarations {
  const also = Object.entries(of.positionals)
    .filter(([, one]) => one.alsoOption)
    .map(([key, one]) =>
      [key, {
        ...one,
        required: false,
        description: `The same as ${one.valueName}`,
      }] as const
    );
  return { ...of.options, ...Object.fromEntries(also) };
}

function section(
  title: string,
  lines: readonly string[],
  style: Style,
): string[] {
  return lines.length === 0 ? [] : ["", style.bold(`${title}:`), ...lines];
}

function exampleLines(examples: readonly Example[], style: Style): string[] {
  return examples.flatMap(({ line, does }) => [
    `  ${style.cyan(line)}`,
    ...wrap(does, style.width - 6).map((text) => `      ${text}`),
  ]);
}

/**
 * The help of one command.
 *
 * @param of The command.
 * @param table Names the program.
 * @param style Colour and width.
 * @returns The lines.
 */
function commandHelp(
  of: Command,
  table: Table,
  style: Style,
): string[] {
  const list = (rows: readonly Definition[]) => definitionList(rows, style);
  const run = `${table.program} ${of.name}`;
  const words = Object.entries(of.positionals).map(([key, one]): Definition => [
    one.valueName ?? key,
    optionMeaning({ ...one, required: false }),
  ]);
  const variables = of.variables.map(({ name, description }): Definition => [
    name,
    description,
  ]);
  const exits = [...of.exits].sort((left, right) => left - right)
    .map((code): Definition => [String(code), EXIT_MEANING[code]]);
  const aliases = of.aliases.map((alias) => `  ${table.program} ${alias}`);
  const json = of.json === undefined ? [] : wrap(
    `\`${run} --json\` writes one document, "format": "${of.json}"`,
    style.width - 2,
  ).map((line) => `  ${line}`);
  return [
    `${style.bold("Usage:")} ${usageLine(of, table)}`,
    "",
    ...wrap(`${of.summary}.`, style.width),
    ...section("Examples", exampleLines(of.examples, style), style),
    "",
    ...wrap(of.description, style.width),
    ...section("Arguments", list(words), style),
    ...section("Options", list(optionRows(shownOptions(of))), style),
    ...section("Global options", list(optionRows(globalsOf(of))), style),
    ...section("Aliases", aliases, style),
    ...section("Environment", list(variables), style),
    ...section("JSON", json, style),
    ...section("Exit codes", list(exits), style),
  ];
}

function commandRows(commands: readonly Command[]): Definition[] {
  return commands.filter((one) => !one.hidden).map((one): Definition => {
    const also = one.aliases.length === 0 ? "" : ` [${one.aliases.join(", ")}]`;
    return [one.name, one.summary + also];
  });
}

/**
 * The help of the program: its commands by group.
 *
 * @param table The commands.
 * @param style Colour and width.
 * @returns The lines.
 */
export function overview(table: Table, style: Style): string[] {
  const groups = GROUPS.flatMap((group) => {
    const title = `${group.charAt(0).toUpperCase()}${group.slice(1)}`;
    const rows = commandRows(
      table.commands.filter((one) => one.group === group),
    );
    return section(title, definitionList(rows, style), style);
  });
  return [
    `${style.bold("Usage:")} ${table.program} [OPTIONS] COMMAND [ARGUMENTS]`,
    "",
    ...wrap(`${table.summary}.`, style.width),
    ...section("Examples", exampleLines(table.examples, style), style),
    ...groups,
    ...section(
      "Global options",
      definitionList(optionRows(GLOBALS), style),
      style,
    ),
    "",
    ...wrap(
      `\`${table.program} help COMMAND\` says what a command does, takes and ends with.`,
      style.width,
    ),
  ];
}

/**
 * The help of a topic.
 *
 * @param topic A command, the first word of several, or undefined for all.
 * @param table The commands.
 * @param style Colour and width.
 * @returns The lines.
 */
export function helpFor(
  topic: Command | string | undefined,
  table: Table,
  style: Style,
): string[] {
  if (topic === undefined) return overview(table, style);
  if (typeof topic !== "string") return commandHelp(topic, table, style);
  const members = familyOf(topic, table)
    .map((
      name,
    ): Definition => [name, commandNamed(name, table)?.summary ?? ""]);
  return [
    `${style.bold("Usage:")} ${table.program} ${topic} COMMAND [OPTIONS]`,
    ...section("Commands", definitionList(members, style), style),
  ];
}

/**
 * The command `help`, for the table.
 *
 * @param table Gives the table that the command itself is in.
 * @returns The command.
 */
export function helpCommand(table: () => Table): Command {
  return command({
    name: "help",
    group: "set up",
    summary: "Show what a command does",
    description:
      "Shows the commands, or what one command does, takes and ends with. " +
      "The same as --help.",
    exits: [0, 2],
    examples: [
      { line: "pawl help", does: "List the commands" },
      { line: "pawl help help", does: "Show the help of one command" },
    ],
    positionals: {
      topic: positional.variadic({
        name: "COMMAND",
        description: "The command, one word or two",
      }),
    },
    run: ({ topic }) => {
      const name = topic.join(" ");
      const found = name === "" ? undefined : commandNamed(name, table());
      if (found === undefined && name !== "") {
        if (familyOf(name, table()).length === 0) {
          throw unknownCommand(name, table());
        }
      }
      const shown = found ?? (name === "" ? undefined : name);
      return Promise.resolve({
        exit: 0 as const,
        text: (style: Style) => helpFor(shown, table(), style),
      });
    },
  });
}
