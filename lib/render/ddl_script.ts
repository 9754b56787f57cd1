/**
 * A schema's DDL as a text that psql runs. What needs a secret that is not
 * there becomes a comment, and so does what cannot exist without it: never a
 * statement that would put something else in its place. Names no kind. Pure.
 *
 * @module
 */

import type { Schema } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { bodyPaths } from "./body_path.ts";
import { ddl, type DdlOptions, type DdlStatement } from "./ddl.ts";

/** A statement as a script has it. */
export interface ScriptStatement {
  /** The object that it makes. */
  readonly address: string;
  /** What stands in the script, ending in a line feed. */
  readonly text: string;
  /** Why it is only a comment; undefined for a statement that runs. */
  readonly leftOut: string | undefined;
}

/** How a script is written. */
export interface ScriptOptions extends DdlOptions {
  /** What its first lines say, without the signs of a comment. */
  readonly header?: readonly string[];
}

const NO_PATH = "''";

/** Strictly the names that the DDL says, and functions before what they call. */
const SETTINGS = [
  "SET client_encoding = 'UTF8';",
  "SET standard_conforming_strings = on;",
  "SET check_function_bodies = off;",
  "SET client_min_messages = warning;",
  `SET search_path = ${NO_PATH};`,
];

/**
 * The statements that recreate a schema, as a script has them.
 *
 * @param schema The schema, read with its dependencies.
 * @param options The secrets that they carry.
 * @returns The statements, in an order in which they run.
 */
export function scriptStatements(
  schema: Schema,
  options: DdlOptions = {},
): ScriptStatement[] {
  const statements = ddl(schema, options);
  const missing = leftOut(schema, statements);
  return statements.map(({ address, sql }) => {
    const reason = missing.get(address);
    return {
      address,
      text: reason === undefined
        ? `${sql};\n`
        : comment([`Left out: ${reason}.`, `${sql};`]),
      leftOut: reason,
    };
  });
}

/**
 * A script that recreates a schema in an empty database, under
 * `psql -v ON_ERROR_STOP=1 -f -`.
 *
 * @param schema The schema, read with its dependencies.
 * @param options What it begins with.
 * @returns The text, and the objects that are comments in it, by address, with the reason.
 */
export function ddlScript(
  schema: Schema,
  options: ScriptOptions = {},
): { readonly sql: string; readonly leftOut: ReadonlyMap<string, string> } {
  const statements = scriptStatements(schema, options);
  const header = options.header ?? [];
  const parts = [
    ...(header.length === 0 ? [] : [comment(header)]),
    `${SETTINGS.join("\n")}\n`,
    ...underPaths(schema, statements),
  ];
  return { sql: parts.join("\n"), leftOut: reasonsOf(statements) };
}

/** The statements' texts, and what sets the `search_path` where one needs another. */
function underPaths(
  schema: Schema,
  statements: readonly ScriptStatement[],
): string[] {
  const pathOf = bodyPaths(schema);
  const texts: string[] = [];
  let current = NO_PATH;
  for (const { address, text, leftOut } of statements) {
    const names = leftOut === undefined ? pathOf(address) : [];
    const path = names.map(quoteIdentifier).join(", ") || NO_PATH;
    if (path !== current) texts.push(`SET search_path = ${path};\n`);
    current = path;
    texts.push(text);
  }
  if (current !== NO_PATH) texts.push(`SET search_path = ${NO_PATH};\n`);
  return texts;
}

/**
 * The objects that are comments in a script, by address, with the reason.
 *
 * @param statements The script's statements.
 */
export function reasonsOf(
  statements: readonly ScriptStatement[],
): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { address, leftOut } of statements) {
    if (leftOut !== undefined) reasons.set(address, leftOut);
  }
  return reasons;
}

/** Why objects cannot be created: a secret is missing, or what they need is. */
function leftOut(
  schema: Schema,
  statements: readonly DdlStatement[],
): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const { address, withheld = [] } of statements) {
    if (withheld.length === 0) continue;
    reasons.set(
      address,
      `it has secrets that are not known or not shown (${withheld.join(", ")})`,
    );
  }
  for (let before = -1; reasons.size > Math.max(before, 0);) {
    before = reasons.size;
    for (const { address, parent, depends } of schema.objects.values()) {
      if (reasons.has(address)) continue;
      const needs = [...(parent === undefined ? [] : [parent]), ...depends]
        .find((needed) => reasons.has(needed));
      if (needs !== undefined) {
        reasons.set(address, `it needs ${needs}, which is left out`);
      }
    }
  }
  return reasons;
}

/** To the server a carriage return ends a comment as well. */
function comment(lines: readonly string[]): string {
  return lines.flatMap((line) => line.split(/\r\n|\r|\n/))
    .map((line) => `-- ${line}`.trimEnd() + "\n").join("");
}
