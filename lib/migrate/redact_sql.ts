/**
 * Takes secrets out of SQL that is stored: the literals behind PASSWORD and
 * CONNECTION, and the values in OPTIONS lists. What was redacted cannot be
 * run again; its token hash no longer fits, and so it is never run. Pure.
 *
 * @module
 */

import { Lexer } from "../sql/lexer.ts";

/** What stands in the place of a secret. */
const REDACTED = "'[redacted]'";

/** Whether a text can hold a secret at all. */
const SUSPECT = /\b(password|connection|options)\b/i;

/** Redacts what a string holds where that is SQL: the body of DO, what EXECUTE runs. */
function redactInside(text: string): string {
  if (!SUSPECT.test(text)) return text;
  const tag = /^\$[^$]*\$/.exec(text)?.[0];
  if (tag !== undefined) {
    const body = text.slice(tag.length, -tag.length);
    const inside = redactSecrets(body);
    return inside === body ? text : `${tag}${inside}${tag}`;
  }
  const quote = text.indexOf("'");
  const body = text.slice(quote + 1, -1).replaceAll("''", "'");
  const inside = redactSecrets(body);
  return inside === body
    ? text
    : `${text.slice(0, quote + 1)}${inside.replaceAll("'", "''")}'`;
}

/**
 * Redacts a text.
 *
 * @param sql One or more statements.
 * @returns The same text with its secrets replaced.
 */
export function redactSecrets(sql: string): string {
  if (!SUSPECT.test(sql)) return sql;
  const lexer = new Lexer(sql);
  let result = "";
  let copied = 0;
  let options = 0;
  let secretNext = false;
  let afterOptions = false;
  while (lexer.next()) {
    if (lexer.kind === "line_comment" || lexer.kind === "block_comment") {
      continue;
    }
    const isString = lexer.kind === "string" || lexer.kind === "dollar_string";
    if (isString && (secretNext || options > 0)) {
      result += sql.slice(copied, lexer.start) + REDACTED;
      copied = lexer.end;
      // A string that goes on after a line end is one secret.
      continue;
    }
    if (isString) {
      const text = sql.slice(lexer.start, lexer.end);
      const inside = redactInside(text);
      if (inside !== text) {
        result += sql.slice(copied, lexer.start) + inside;
        copied = lexer.end;
      }
    }
    if (lexer.isPunctuation("(") && (options > 0 || afterOptions)) options++;
    else if (lexer.isPunctuation(")") && options > 0) options--;
    afterOptions = lexer.isWord("options");
    secretNext = lexer.isWord("password") || lexer.isWord("connection") ||
      (secretNext && lexer.kind === "operator");
  }
  return result + sql.slice(copied);
}
