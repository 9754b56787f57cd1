/**
 * The canonical form of deparsed SQL by its tokens, and whether tokens are
 * enough. It parses nothing.
 *
 * @module
 */

import { Lexer, type TokenKind } from "./lexer.ts";

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
        if (/^'-[\d.]/.test(sql.slice(lexer.start, lexer.start + 3))) return false;
        break;
    }
    before = lexer.kind === "word" || lexer.kind === "operator"
      ? sql.slice(lexer.start, lexer.end).toLowerCase()
      : "";
  }
  return true;
}

/**
 * The tokens of a piece of SQL, with one space between them, without comments
 * and without parentheses around parentheses.
 *
 * @param sql The SQL.
 * @returns The same text however the SQL was laid out.
 */
export function tokenForm(sql: string): string {
  const lexer = new Lexer(sql);
  const tokens: string[] = [];
  /** For each closing parenthesis that was written, where its opening one is. */
  const openedAt: number[] = [];
  const open: { at: number; comma: boolean }[] = [];
  while (lexer.next()) {
    if (isComment(lexer.kind)) continue;
    const token = sql.slice(lexer.start, lexer.end);
    if (token === "(") open.push({ at: tokens.length, comma: false });
    else if (token === ",") {
      const last = open.at(-1);
      if (last !== undefined) last.comma = true;
    } else if (token === ")") {
      const pair = open.pop();
      const end = tokens.length - 1;
      if (pair !== undefined) {
        // `((a > 0))`: the inner pair closes just before, and opened just behind.
        if (tokens[end] === ")" && openedAt[end] === pair.at + 1 && !commas.has(tokens, end)) {
          tokens.splice(end, 1);
          tokens.splice(pair.at, 1);
        }
      }
    }
    tokens.push(token);
  }
  return tokens.join(" ");
}

function isComment(kind: TokenKind): boolean {
  return kind === "line_comment" || kind === "block_comment";
}
