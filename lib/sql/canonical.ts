/**
 * The canonical form of SQL that a server has deparsed: equal for what is
 * equal, whichever version wrote it, and before and after a dump is loaded.
 *
 * Most of what servers write is the same text on every version; its tokens are
 * its canonical form. The rest is parsed, and the tree compared. Which of the
 * two is chosen depends on words that every version writes alike.
 *
 * It knows how PostgreSQL deparses; it must not know kinds of objects.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { deparsesAlike, tokenForm } from "./canonical_tokens.ts";
import { normalTree, type TopLevel } from "./canonical_tree.ts";
import { mayNameRuleRelations, withoutRuleNames } from "./rule_names.ts";

/** What a piece of SQL is. */
export type SqlForm =
  /** What may stand behind SELECT, such as a default. */
  | "expression"
  /** A view's query. */
  | "query"
  /**
   * A whole statement, what stands behind ADD CONSTRAINT, or the body of an
   * SQL function as RETURN and BEGIN ATOMIC have it.
   */
  | "statement";

/** A canonical form: tokens, or the hash of a parse tree. */
export type CanonicalSql = string | { readonly tree: string };

/** PostgreSQL's parser. It throws where there is no tree. */
export type ParseSql = (sql: string) => unknown;

/** Longer texts are compared by tokens: the parser needs a hundred times their size. */
const LONGEST_PARSED = 1 << 20;

/**
 * Loads PostgreSQL's parser (version 18, as WebAssembly), which takes a tenth
 * of a second.
 */
export async function loadSqlParser(): Promise<ParseSql> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return parseSync;
}

/**
 * Whether the canonical form takes the parser.
 *
 * @param sql The SQL as a server deparsed it.
 * @param form What it is.
 */
export function needsParser(sql: string, form: SqlForm): boolean {
  return (form === "query" || !deparsesAlike(sql)) &&
    sql.length <= LONGEST_PARSED;
}

/**
 * The canonical form of a piece of SQL.
 *
 * @param sql The SQL as a server deparsed it, with an empty `search_path`.
 * @param form What it is.
 * @param parse The parser; only called where {@linkcode needsParser} says so.
 * @returns Equal data for equal SQL. What the parser does not take, such as a
 * partition's bound, is compared by tokens.
 *
 * @example A constant list, before and after a dump
 * ```ts
 * import { canonicalSql, loadSqlParser } from "./canonical.ts";
 * import assert from "node:assert/strict";
 *
 * const parse = await loadSqlParser();
 * assert.deepEqual(
 *   canonicalSql("(c = ANY ((ARRAY['x'::varchar])::text[]))", "expression", parse),
 *   canonicalSql("(c = ANY (ARRAY[('x'::varchar)::text]))", "expression", parse),
 * );
 * ```
 */
export function canonicalSql(
  sql: string,
  form: SqlForm,
  parse: ParseSql,
): CanonicalSql {
  if (needsParser(sql, form)) {
    const tree = canonicalTree(sql, form, parse);
    if (tree !== undefined) {
      return {
        tree: createHash("sha256").update(JSON.stringify(tree)).digest("hex"),
      };
    }
  }
  return tokenForm(sql);
}

/**
 * The tree whose hash is the canonical form of what is parsed.
 *
 * @param sql The SQL as a server deparsed it.
 * @param form What it is.
 * @param parse The parser.
 * @returns Plain data, or undefined where the parser does not take the text.
 */
function canonicalTree(
  sql: string,
  form: SqlForm,
  parse: ParseSql,
): unknown {
  const { before, top } = wrapper(sql, form);
  try {
    const tree = parse(before + sql);
    const named = form === "query" && mayNameRuleRelations(sql);
    return normalTree(named ? withoutRuleNames(tree) : tree, top);
  } catch (error) {
    // Only what the parser says of the text: a defect of ours must be seen.
    if (error instanceof Error && error.name === "SqlError") return undefined;
    throw error;
  }
}

interface Wrapper {
  /** What must stand before the text for the parser to take it. */
  readonly before: string;
  readonly top: TopLevel;
}

function wrapper(sql: string, form: SqlForm): Wrapper {
  switch (form) {
    case "query":
      return { before: "", top: "query" };
    case "expression":
      return { before: "SELECT ", top: "other" };
    case "statement": {
      const word = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toLowerCase() ?? "";
      return { before: BEFORE_STATEMENT.get(word) ?? "", top: "other" };
    }
    default:
      return form satisfies never;
  }
}

const ADD_CONSTRAINT = "ALTER TABLE t ADD CONSTRAINT c ";
const CREATE_FUNCTION = "CREATE FUNCTION f() RETURNS void LANGUAGE sql ";

const BEFORE_STATEMENT: ReadonlyMap<string, string> = new Map([
  ["check", ADD_CONSTRAINT],
  ["exclude", ADD_CONSTRAINT],
  ["foreign", ADD_CONSTRAINT],
  ["not", ADD_CONSTRAINT],
  ["primary", ADD_CONSTRAINT],
  ["unique", ADD_CONSTRAINT],
  ["begin", CREATE_FUNCTION],
  ["return", CREATE_FUNCTION],
]);
