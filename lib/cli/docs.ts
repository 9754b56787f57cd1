/**
 * docs/cli.md, written from the command table. It knows no particular command
 * and touches no file. Pure.
 *
 * @module
 */

import { EXIT, PawlError } from "../errors.ts";
import { type Command, type Example, GROUPS, type Table } from "./command.ts";
import { GLOBALS, globalsOf } from "./globals.ts";
import {
  EXIT_MEANING,
  optionMeaning,
  optionTerm,
  shownOptions,
  usageLine,
} from "./help.ts";
import type { Declarations } from "./option.ts";
import { tableProblems } from "./table_problems.ts";

/** Text inside a cell of a Markdown table. */
const cell = (text: string) => text.replace(/\|/g, "\\|").replace(/\n+/g, " ");

/** Code in Markdown, which must not end at a backtick of its own. */
const code = (text: string) =>
  text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;

function rows(
  head: readonly string[],
  lines: readonly (readonly string[])[],
): string[] {
  if (lines.length === 0) return [];
  const row = (cells: readonly string[]) =>
    `| ${cells.map(cell).join(" | ")} |`;
  return ["", row(head), row(head.map(() => "---")), ...lines.map(row)];
}

function optionTable(declarations: Declarations): string[] {
  return rows(
    ["option", "what it does"],
    Object.entries(declarations).filter(([, one]) => !one.hidden)
      .map(([key, one]) => [code(optionTerm(key, one)), optionMeaning(one)]),
  );
}

function exampleBlock(examples: readonly Example[]): string[] {
  if (examples.length === 0) return [];
  const lines = examples.flatMap(({ line, does }, i) => [
    ...i === 0 ? [] : [""],
    `# ${does}`,
    line,
  ]);
  return ["", "```sh", ...lines, "```"];
}

function commandSection(of: Command, table: Table): string[] {
  const words = Object.entries(of.positionals).map(([key, one]) => [
    code(one.valueName ?? key),
    optionMeaning({ ...one, required: false }),
  ]);
  const scoped = Object.keys(globalsOf(of)).filter((key) =>
    ["config", "env", "db", "project", "format"].includes(key)
  );
  const globals = Object.entries(globalsOf(of))
    .filter(([key]) => scoped.includes(key))
    .map(([key, one]) => code(optionTerm(key, one)));
  const aliases = of.aliases.map((alias) => code(`${table.program} ${alias}`));
  const exits = [...of.exits].sort((left, right) => left - right).map(String);
  return [
    "",
    `### ${table.program} ${of.name}`,
    "",
    `${of.summary}.`,
    "",
    "```",
    usageLine(of, table),
    "```",
    ...exampleBlock(of.examples),
    "",
    of.description,
    ...rows(["argument", "what it is"], words),
    ...optionTable(shownOptions(of)),
    ...rows(
      ["variable", "what it means"],
      of.variables.map(({ name, description }) => [code(name), description]),
    ),
    "",
    ...aliases.length === 0 ? [] : [`- Aliases: ${aliases.join(", ")}`],
    ...globals.length === 0 ? [] : [`- Global options: ${globals.join(", ")}`],
    ...of.json === undefined ? [] : [`- JSON document: ${code(of.json)}`],
    `- Exit codes: ${exits.join(", ")}`,
  ];
}

/**
 * Writes docs/cli.md.
 *
 * @param table The commands.
 * @returns The Markdown text.
 */
export function renderDocs(table: Table): string {
  const shown = table.commands.filter((one) => !one.hidden);
  const groups = GROUPS.flatMap((group) => {
    const members = shown.filter((one) => one.group === group);
    if (members.length === 0) return [];
    const title = group.charAt(0).toUpperCase() + group.slice(1);
    return [
      "",
      `## ${title}`,
      ...members.flatMap((one) => commandSection(one, table)),
    ];
  });
  return [
    `# ${table.program}: commands`,
    "",
    `<!-- Written by scripts/docs.ts from the command table: change that. -->`,
    "",
    `${table.summary}.`,
    ...exampleBlock(table.examples),
    ...rows(
      ["command", "what it does"],
      shown.map((one) => [code(`${table.program} ${one.name}`), one.summary]),
    ),
    "",
    "## Global options",
    "",
    "They stand before or after the command's name. Not every command takes " +
    "`--config`, `-e`, `--db`, `-p` and every format.",
    ...optionTable(GLOBALS),
    "",
    "## Exit codes",
    ...rows(
      ["code", "meaning"],
      Object.values(EXIT).map((exit) => [String(exit), EXIT_MEANING[exit]]),
    ),
    "",
    "With `--format json` an error is one document on standard output, " +
    "`pawl.error/1`, and the exit code is the same.",
    ...groups,
    "",
  ].join("\n");
}

/**
 * Writes docs/cli.md of a table without problems.
 *
 * @param table The commands.
 * @returns The Markdown text.
 * @throws {PawlError} "internal" that lists what the table lacks.
 */
export function renderCheckedDocs(table: Table): string {
  const problems = tableProblems(table);
  if (problems.length === 0) return renderDocs(table);
  throw new PawlError(
    "internal",
    "Cannot write docs/cli.md: the command table is not complete",
    { details: problems },
  );
}
