/**
 * The canonical form of deparsed SQL by its tokens, and whether tokens are
 * enough. It parses nothing.
 *
 * @module
 */

import { Lexer } from "./lexer.ts";

/** Without one of these characters there is no such token as {@linkcode deparsesAlike} looks for. */
const SUSPICIOUS = /select|values|array|-/i;

/**
 * Whether every version deparses an expression or statement to the same
 * tokens, and still does after a dump was loaded. What does not:
 *
 * - queries inside: their columns' names (`true AS bool` until 14), and names
 *   that a dump makes explicit;
 * - `(ARRAY['x'::varchar])::text[]`, whose cast a dump moves into the elements;
 * - `(- 1.5)`, which is the constant `'-1.5'::numeric` after a dump.
 *
 * All of them show in tokens that stand in either text.
 *
 * @param sql The SQL as a server deparsed it.
 */
export function deparsesAlike(sql: string): boolean {
  if (!SUSPICIOUS.test(sql)) return true;
  const lexer = new Lexer(sql);
  let before = "";
  while (lexer.next()) {
    switch (lexer.kind) {
      case "word":
        if (lexer.isWord("select") || lexer.isWord("values")) {
          // `FOR VALUES` is a partition's bound and no query.
          if (before !== "for") return false;
        }
        break;
      case "punctuation":
        if (before === "array" && lexer.isPunctuation("[")) return false;
        break;
      case "number":
        if (before === "-") return false;
        break;
      case "string":
        if (/^'-[\d.]/.test(sql.slice(lexer.start, lexer.start + 3))) {
          return false;
        }
        break;
    }
    before = lexer.kind === "word" || lexer.kind === "operator"
      ? sql.slice(lexer.start, lexer.end).toLowerCase()
      : "";
  }
  return true;
}

/** A pair of parentheses among the tokens. */
interface Pair {
  readonly open: number;
  close: number;
  /** Whether a comma stands right inside: what it holds is a list or a row. */
  comma: boolean;
}

/** Words, dots, commas and single parentheses: what keys and most indexes are written with. */
const PLAIN = /^(?:[\w\s.,)]|\((?!\s*\())*$/;

/**
 * The tokens of a piece of SQL, with one space between them but around
 * parentheses, commas and dots; without comments, and without parentheses
 * around parentheses.
 *
 * @param sql The SQL.
 * @returns The same text however the SQL was laid out.
 */
export function tokenForm(sql: string): string {
  // What databases have most of; a regular expression is faster than a lexer.
  if (PLAIN.test(sql)) {
    return sql.trim().replaceAll(/\s+/g, " ").replaceAll(/ ?([(),.]) ?/g, "$1");
  }
  let form = "";
  let glued = true;
  for (const token of singleParentheses(sql)) {
    const glue = token.length === 1 && "(),.".includes(token);
    if (!glued && !glue) form += " ";
    form += token;
    glued = glue;
  }
  return form;
}

/** The tokens of a piece of SQL; of parentheses right around parentheses, one pair. */
function singleParentheses(sql: string): readonly string[] {
  const lexer = new Lexer(sql);
  const tokens: string[] = [];
  const open: Pair[] = [];
  let closed: Pair | undefined;
  let doubled = false;
  while (lexer.next()) {
    if (lexer.kind === "line_comment" || lexer.kind === "block_comment") {
      continue;
    }
    const at = tokens.push(sql.slice(lexer.start, lexer.end)) - 1;
    if (lexer.kind !== "punctuation") continue;
    if (lexer.isPunctuation("(")) {
      open.push({ open: at, close: at, comma: false });
    } else if (lexer.isPunctuation(",")) {
      const around = open.at(-1);
      if (around !== undefined) around.comma = true;
    } else if (lexer.isPunctuation(")")) {
      const pair = open.pop();
      if (pair === undefined) continue;
      pair.close = at;
      if (
        closed?.close === at - 1 && closed.open === pair.open + 1 &&
        !closed.comma && closed.close > closed.open + 1
      ) {
        tokens[closed.open] = "";
        tokens[closed.close] = "";
        doubled = true;
      }
      closed = pair;
    }
  }
  return doubled ? tokens.filter((token) => token !== "") : tokens;
}
