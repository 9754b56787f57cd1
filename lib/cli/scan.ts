/**
 * From an argument list to what was given for every option, as text: long and
 * short names, `=`, bundles, `--`. It knows nothing of what values mean. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Command, Table } from "./command.ts";
import { isValue } from "./find.ts";
import type { OptionEntry } from "./globals.ts";
import type { Given } from "./option.ts";
import { nearest } from "./suggest.ts";

/** What was given, by key, and the first thing that was wrong. */
export interface Scan {
  /** The global options. */
  readonly globals: Map<string, Given[]>;
  /** The command's own. */
  readonly own: Map<string, Given[]>;
  /** What is no option, without the command's words. */
  readonly words: string[];
  /** The first thing that was wrong. */
  error: PawlError | undefined;
}

/** How a usage error of a command is made. */
export type Fault = (state: string, suggestion?: string) => PawlError;

/**
 * Makes usage errors of a command, which end in where its help is.
 *
 * @param command The command, or undefined where none was found.
 * @param table Names the program.
 * @returns A maker of errors.
 */
export function faultOf(command: Command | undefined, table: Table): Fault {
  const run = [table.program, ...command === undefined ? [] : [command.name]]
    .join(" ");
  return (state, suggestion) =>
    new PawlError("usage", `Cannot run \`${run}\`: ${state}`, {
      hint: [
        ...suggestion === undefined ? [] : [suggestion],
        `See \`${run} --help\``,
      ].join(" "),
    });
}

function push(
  scan: Scan,
  entry: OptionEntry,
  given: Given,
): void {
  const map = entry.scope === "global" ? scan.globals : scan.own;
  const list = map.get(entry.key) ?? [];
  list.push(given);
  map.set(entry.key, list);
}

function unknownOption(
  name: string,
  names: ReadonlyMap<string, OptionEntry>,
  fault: Fault,
): PawlError {
  const shown = [...names].filter(([known, entry]) =>
    known.startsWith("--") && !entry.declared.hidden
  ).map(([known]) => known);
  // `-target` is a habit from other programs.
  const near = names.has(`-${name}`) ? `-${name}` : nearest(name, shown);
  return fault(
    `it has no option ${name}`,
    near === undefined ? undefined : `Did you mean ${near}?`,
  );
}

/**
 * Reads the arguments beside the command's words; never throws.
 *
 * @param args The arguments.
 * @param words Where the command's words stand.
 * @param options The names that are known, and how an error is made.
 * @returns What was given, and the first thing that was wrong.
 */
export function scanArguments(
  args: readonly string[],
  words: ReadonlySet<number>,
  options: {
    readonly names: ReadonlyMap<string, OptionEntry>;
    readonly dashNumbers: boolean;
    readonly fault: Fault;
  },
): Scan {
  const { names, fault } = options;
  const scan: Scan = {
    globals: new Map(),
    own: new Map(),
    words: [],
    error: undefined,
  };
  const fail = (error: PawlError) => scan.error ??= error;
  /** Takes one option; returns how many further arguments were its value. */
  const take = (name: string, value: string | undefined, next?: string) => {
    const entry = names.get(name);
    if (entry === undefined) {
      fail(unknownOption(name, names, fault));
      return 0;
    }
    const place = name;
    const valueName = entry.declared.valueName;
    if (valueName === undefined) {
      if (value !== undefined) fail(fault(`${name} takes no value`));
      push(scan, entry, { text: entry.says, place });
      return 0;
    }
    if (value === undefined && !isValue(next)) {
      const suggestion = next === undefined || !name.startsWith("--")
        ? undefined
        : `Write ${name}=${valueName} where the value begins with a dash.`;
      fail(fault(`${name} needs a value, ${valueName}`, suggestion));
      return 0;
    }
    push(scan, entry, { text: value ?? next ?? "", place });
    return value === undefined ? 1 : 0;
  };
  let ended = false;
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] ?? "";
    if (words.has(i)) continue;
    if (!ended && argument === "--") {
      ended = true;
    } else if (
      ended || !argument.startsWith("-") || argument === "-" ||
      (options.dashNumbers && /^-\d+$/.test(argument))
    ) {
      scan.words.push(argument);
    } else if (argument.startsWith("--")) {
      const equals = argument.indexOf("=");
      i += equals < 0
        ? take(argument, undefined, args[i + 1])
        : take(argument.slice(0, equals), argument.slice(equals + 1));
    } else {
      i += takeLetters(argument, names, {
        take,
        next: args[i + 1],
        fail,
        fault,
      });
    }
  }
  return scan;
}

/** Reads `-v`, `-qy`, `-e dev`, `-edev`, `-e=dev`. */
function takeLetters(
  argument: string,
  names: ReadonlyMap<string, OptionEntry>,
  by: {
    readonly take: (name: string, value?: string, next?: string) => number;
    readonly next: string | undefined;
    readonly fail: (error: PawlError) => void;
    readonly fault: Fault;
  },
): number {
  const letters = [...argument.slice(1)];
  for (const [at, letter] of letters.entries()) {
    const name = `-${letter}`;
    const entry = names.get(name);
    if (entry === undefined) {
      by.fail(unknownOption(argument, names, by.fault));
      return 0;
    }
    const rest = letters.slice(at + 1).join("").replace(/^=/, "");
    if (entry.declared.valueName !== undefined) {
      return rest === "" && !argument.endsWith("=")
        ? by.take(name, undefined, by.next)
        : by.take(name, rest);
    }
    by.take(name);
  }
  return 0;
}
