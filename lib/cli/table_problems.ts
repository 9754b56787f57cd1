/**
 * What keeps a command table from being complete and unambiguous: undocumented
 * commands, names that two have, examples that the parser refuses. It knows no
 * particular command. Pure.
 *
 * @module
 */

import { EXIT } from "../errors.ts";
import type { Command, Table } from "./command.ts";
import { findCommand, namesOf } from "./find.ts";
import { GLOBALS, namesFor, optionNames } from "./globals.ts";
import { shownOptions } from "./help.ts";
import { parse } from "./parse.ts";

/** The arguments of an example's first command that is the program itself. */
function exampleArguments(line: string, program: string): string[] | undefined {
  const word = /"(?:[^"\\]|\\.)*"|'[^']*'|[|<>&;()]+|[^\s"'|<>&;()]+/g;
  const words: string[] = [];
  let inside = false;
  // "$(pawl …)" is a command inside a word.
  for (const [found] of line.replace(/"?\$\(/g, " ").matchAll(word)) {
    const text = found.replace(/^(["'])([^]*)\1$/, "$2");
    if (inside && /^[|<>&;()]+$/.test(found)) break;
    if (inside) words.push(text);
    else if (text === program) inside = true;
  }
  return inside ? words : undefined;
}

function exampleProblems(of: Command, table: Table): string[] {
  return of.examples.flatMap(({ line, does }) => {
    if (does.trim() === "") return [`example "${line}" says not what it does`];
    const args = exampleArguments(line, table.program);
    if (args === undefined) return [`example "${line}" does not run it`];
    const found = findCommand(args, table);
    if (found.kind !== "command" || found.command !== of) {
      return [`example "${line}" runs another command`];
    }
    const { action } = parse(args, table, () => undefined);
    return action.kind === "invalid"
      ? [`example "${line}" is refused: ${action.error.message}`]
      : [];
  });
}

function factProblems(of: Command): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  const capitals = /^\p{Lu}/u;
  must(/^[a-z][a-z-]*( [a-z][a-z-]*)?$/.test(of.name), "has an odd name");
  must(capitals.test(of.summary), "lacks a summary with a capital");
  must(!/[.\n]$/.test(of.summary), "has a summary that ends in a full stop");
  must(of.description.trim() !== "", "lacks a description");
  must(of.examples.length > 0, "lacks an example");
  must(of.exits.length > 0, "lacks exit codes");
  must(new Set(of.exits).size === of.exits.length, "lists an exit code twice");
  must(
    of.exits.includes(EXIT.usage),
    "lacks exit code 2, as any may be misused",
  );
  must(of.formats.length > 0, "has no format");
  must(
    (of.json !== undefined) === of.formats.includes("json"),
    "has a JSON document without the format json, or the format without it",
  );
  must(
    of.json === undefined || /^pawl\.[a-z-]+\/\d+$/.test(of.json),
    "has a JSON document whose name is not pawl.NAME/VERSION",
  );
  must(
    !(of.globals.includes("env") && of.globals.includes("envs")),
    "takes both one environment and several",
  );
  return problems;
}

function optionProblems(of: Command): string[] {
  const problems: string[] = [];
  const globals = optionNames("global", GLOBALS);
  const seen = new Set<string>();
  const own = { ...shownOptions(of) };
  for (const [key, one] of Object.entries(own)) {
    if (one.description.trim() === "") problems.push(`--${key} says nothing`);
    if (one.short !== undefined && [...one.short].length !== 1) {
      problems.push(`--${key} has a short form of more than a letter`);
    }
    for (const name of optionNames("command", { [key]: one }).keys()) {
      if (globals.has(name)) problems.push(`${name} hides a global option`);
      if (seen.has(name)) problems.push(`${name} stands twice`);
      seen.add(name);
    }
  }
  const words = Object.values(of.positionals);
  for (const [i, one] of words.entries()) {
    if (one.description.trim() === "") {
      problems.push(`${one.valueName} says nothing`);
    }
    const next = words[i + 1];
    if (next === undefined) continue;
    if (one.repeatable) problems.push(`${one.valueName} leaves no other word`);
    if (!one.required && next.required) {
      problems.push(`${next.valueName} can never be given alone`);
    }
  }
  return problems;
}

/** Names that two commands have, or a command twice. */
function nameProblems(table: Table): string[] {
  const owners = new Map<string, Command>();
  return table.commands.flatMap((of) =>
    namesOf(of).flatMap((name) => {
      const owner = owners.get(name);
      owners.set(name, of);
      return owner === undefined
        ? []
        : [`${of.name}: the name ${name} is ${owner.name}'s already`];
    })
  );
}

/** Whether an option takes a value must not depend on a command to come. */
function arityProblems(table: Table): string[] {
  const known = new Map<string, boolean>();
  return table.commands.flatMap((of) =>
    [...namesFor(of)].flatMap(([name, { declared }]) => {
      const takes = declared.valueName !== undefined;
      const before = known.get(name) ?? takes;
      known.set(name, before);
      return before === takes
        ? []
        : [`${of.name}: ${name} takes a value here or there, but not both`];
    })
  );
}

/**
 * What keeps a table from being complete and unambiguous.
 *
 * @param table The commands.
 * @returns One line a problem; none for a good table.
 */
export function tableProblems(table: Table): string[] {
  const each = table.commands.flatMap((of) =>
    [
      ...factProblems(of),
      ...optionProblems(of),
      ...exampleProblems(of, table),
    ].map((problem) => `${of.name}: ${problem}`)
  );
  return [...nameProblems(table), ...arityProblems(table), ...each];
}
