/**
 * Which command an argument list names: one word or two, by name or alias,
 * with options before, between and after them. It runs nothing, and it never
 * takes a near word for the right one. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Command, Table } from "./command.ts";
import { namesFor, type OptionEntry } from "./globals.ts";
import { nearest } from "./suggest.ts";

/** What an argument list names. */
export type Found =
  | {
    readonly kind: "command";
    readonly command: Command;
    /** Where its words stand in the argument list. */
    readonly words: ReadonlySet<number>;
  }
  /** The first word of subcommands, such as `profiles`. */
  | { readonly kind: "family"; readonly word: string }
  /** No word at all. */
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly error: PawlError };

/**
 * Every name of a command: its own, aliases, hidden aliases.
 *
 * @param command The command.
 * @returns The names, its own first.
 */
export function namesOf(command: Command): readonly string[] {
  return [command.name, ...command.aliases, ...command.hiddenAliases];
}

/**
 * The command of that very name or alias.
 *
 * @param name One word or two.
 * @param table The commands.
 * @returns The command, or undefined.
 */
export function commandNamed(name: string, table: Table): Command | undefined {
  return table.commands.find((command) => namesOf(command).includes(name));
}

/**
 * The names and aliases of two words that begin with a word.
 *
 * @param word The first word.
 * @param table The commands.
 * @returns The whole names; hidden ones only where there are no others.
 */
export function familyOf(word: string, table: Table): readonly string[] {
  const begins = (name: string) => name.startsWith(`${word} `);
  const shown = table.commands.filter((command) => !command.hidden)
    .flatMap((command) => [command.name, ...command.aliases]).filter(begins);
  return shown.length > 0
    ? shown
    : table.commands.flatMap(namesOf).filter(begins);
}

/**
 * Whether a text can be the value of the option before it. What looks like an
 * option is none, so that a forgotten value does not swallow the next option.
 *
 * @param text The next argument.
 * @returns True for `-`, numbers and what has no dash.
 */
export function isValue(text: string | undefined): text is string {
  return text !== undefined &&
    (!text.startsWith("-") || text === "-" || /^-\d/.test(text));
}

/** Whether the option at hand takes the next argument as its value. */
function takesNext(
  argument: string,
  names: ReadonlyMap<string, OptionEntry>,
): boolean {
  if (argument.startsWith("--")) {
    return names.get(argument)?.declared.valueName !== undefined;
  }
  // In `-ye` the last letter may want a value; in `-edev` the rest is the value.
  const letters = [...argument.slice(1)];
  const at = letters.findIndex((letter) =>
    names.get(`-${letter}`)?.declared.valueName !== undefined
  );
  return at >= 0 && at === letters.length - 1;
}

/** What the names mean in any of some commands. */
function namesIn(commands: readonly Command[]): Map<string, OptionEntry> {
  return new Map(
    [...commands, undefined].flatMap((command) => [...namesFor(command)]),
  );
}

/** The places of all words that are no options and not their values. */
function wordPlaces(args: readonly string[], table: Table): number[] {
  // Until the first word it is unknown whose options these are.
  let names = namesIn(table.commands);
  const places: number[] = [];
  const addWord = (place: number) => {
    if (places.push(place) > 1) return;
    names = namesIn(
      table.commands.filter((command) =>
        namesOf(command).some((name) => name.split(" ")[0] === args[place])
      ),
    );
  };
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (argument === "--") {
      for (let j = i + 1; j < args.length; j++) addWord(j);
      break;
    }
    if (!argument.startsWith("-") || argument === "-") addWord(i);
    else if (takesNext(argument, names) && isValue(args[i + 1])) i++;
  }
  return places;
}

/**
 * The error of a name that no command has.
 *
 * @param name What was typed: one word or two.
 * @param table The commands.
 * @returns The error, with the nearest name in its hint.
 */
export function unknownCommand(name: string, table: Table): PawlError {
  const known = table.commands.filter((command) => !command.hidden)
    .flatMap(namesOf);
  const near = nearest(name, known);
  const program = table.program;
  return new PawlError(
    "unknown-command",
    `Cannot run \`${program} ${name}\`: there is no such command`,
    {
      hint: near === undefined
        ? `\`${program} --help\` lists the commands`
        : `Did you mean \`${program} ${near}\`? \`${program} --help\` lists the commands`,
    },
  );
}

/**
 * Finds the command that an argument list names.
 *
 * @param args The arguments, without the program's name.
 * @param table The commands.
 * @returns What was found.
 */
export function findCommand(args: readonly string[], table: Table): Found {
  const [first, second] = wordPlaces(args, table);
  const word = first === undefined ? undefined : args[first];
  if (first === undefined || word === undefined) return { kind: "none" };
  const family = familyOf(word, table);
  const next = second === undefined ? undefined : args[second];
  if (second !== undefined && next !== undefined) {
    const command = commandNamed(`${word} ${next}`, table);
    if (command !== undefined) {
      return { kind: "command", command, words: new Set([first, second]) };
    }
  }
  const command = commandNamed(word, table);
  if (command !== undefined && !word.includes(" ")) {
    return { kind: "command", command, words: new Set([first]) };
  }
  if (family.length === 0) {
    return { kind: "unknown", error: unknownCommand(word, table) };
  }
  if (next === undefined) return { kind: "family", word };
  return { kind: "unknown", error: unknownCommand(`${word} ${next}`, table) };
}
