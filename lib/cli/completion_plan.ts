/**
 * What a shell can complete where, from the command table. It knows no shell.
 * Pure.
 *
 * @module
 */

import type { Table } from "./command.ts";
import { familyOf, namesOf } from "./find.ts";
import { GLOBALS, globalsOf, optionNames } from "./globals.ts";
import { shownOptions } from "./help.ts";
import type { Declaration, Declarations } from "./option.ts";

/** What can be completed in the place of a value. */
export interface ValuePlan {
  /** The value's name in capitals. */
  readonly name: string;
  /** Words to choose from; empty where there is no list. */
  readonly choices: readonly string[];
  /** Whether files or directories are offered. */
  readonly files: "file" | "directory" | undefined;
  /** Whether it may stand any number of times. */
  readonly repeatable: boolean;
}

/** An option in all its shown spellings. */
export interface OptionPlan {
  /** With dashes: `-n`, `--dry-run`. */
  readonly names: readonly string[];
  /** What it does. */
  readonly description: string;
  /** Its value; undefined for a flag. */
  readonly value: ValuePlan | undefined;
  /** Whether it may be given again. */
  readonly repeatable: boolean;
}

/** What can be completed after a command. */
export interface CommandPlan {
  /** Its name; empty where no command is named yet. */
  readonly name: string;
  /** All its names, hidden ones too: they must be recognised. */
  readonly names: readonly string[];
  /** The names that are offered. */
  readonly shown: readonly string[];
  /** One line on what it does. */
  readonly summary: string;
  /** Its options and the global ones that it takes. */
  readonly options: readonly OptionPlan[];
  /** Its positionals, in order. */
  readonly positionals: readonly ValuePlan[];
}

/** A word that can stand first, or second after a certain first one. */
export interface WordPlan {
  /** The word. */
  readonly word: string;
  /** What it does. */
  readonly summary: string;
}

/** Everything that a script is written from. */
export interface CompletionPlan {
  /** The name of the executable. */
  readonly program: string;
  /** The commands; the first has no name and holds the global options. */
  readonly commands: readonly CommandPlan[];
  /** The words that can stand first. */
  readonly words: readonly WordPlan[];
  /** The words that can stand second, by the first. */
  readonly families: ReadonlyMap<string, readonly WordPlan[]>;
}

/** Words that no shell gives a meaning to; others are not offered. */
const PLAIN = /^[\w.,:@%+\/-]+$/;

function valuePlan(declared: Declaration<unknown>): ValuePlan {
  return {
    name: declared.valueName ?? "",
    choices: (declared.choices ?? []).filter((choice) => PLAIN.test(choice)),
    files: declared.completes,
    repeatable: declared.repeatable,
  };
}

function optionPlans(declarations: Declarations): OptionPlan[] {
  return Object.entries(declarations).flatMap(([key, declared]) => {
    if (declared.hidden) return [];
    const value = declared.valueName === undefined
      ? undefined
      : valuePlan(declared);
    const { description, repeatable } = declared;
    const bare = { ...declared, aliases: [] };
    const names = [...optionNames("command", { [key]: bare })];
    // `--no-x` and `--x` are two options to a shell; of a default yes, only the no.
    return [["true", "--"], ["false", "--no-"]].flatMap(
      ([says, dashes = ""]) => {
        const said = names.filter(([name, entry]) =>
          entry.says === says &&
          (!name.startsWith("--") || name.startsWith(dashes))
        ).map(([name]) => name);
        const offered = declared.polarity !== "negative" || says === "false";
        return said.length > 0 && offered
          ? [{ names: said.sort(), description, value, repeatable }]
          : [];
      },
    );
  });
}

/**
 * What can be completed where.
 *
 * @param table The commands.
 * @returns The plan that every shell's script is written from.
 */
export function completionPlan(table: Table): CompletionPlan {
  const shown = table.commands.filter((one) => !one.hidden);
  const words = new Map<string, WordPlan>();
  const families = new Map<string, readonly WordPlan[]>();
  for (const one of shown) {
    for (const name of [one.name, ...one.aliases]) {
      const [word = "", second] = name.split(" ");
      if (second === undefined) words.set(word, { word, summary: one.summary });
      if (second === undefined || families.has(word)) continue;
      const members = familyOf(word, table);
      families.set(
        word,
        members.map((member) => ({
          word: member.split(" ")[1] ?? "",
          summary: shown.find((each) => namesOf(each).includes(member))
            ?.summary ?? "",
        })),
      );
      if (!words.has(word)) {
        words.set(word, { word, summary: members.join(", ") });
      }
    }
  }
  const commands = table.commands.map((one): CommandPlan => ({
    name: one.name,
    names: namesOf(one),
    shown: one.hidden ? [] : [one.name, ...one.aliases],
    summary: one.summary,
    options: optionPlans({ ...shownOptions(one), ...globalsOf(one) }),
    positionals: one.name === "help"
      ? [{
        name: "COMMAND",
        choices: [...words.keys()],
        files: undefined,
        repeatable: true,
      }]
      : Object.values(one.positionals).map(valuePlan),
  }));
  const none: CommandPlan = {
    name: "",
    names: [],
    shown: [],
    summary: "",
    options: optionPlans(GLOBALS),
    positionals: [],
  };
  return {
    program: table.program,
    commands: [none, ...commands],
    words: [...words.values()],
    families,
  };
}
