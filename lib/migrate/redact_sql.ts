/**
 * Takes secrets out of SQL that is stored or shown: the literals behind
 * PASSWORD and CONNECTION, and the values in OPTIONS lists. What was redacted
 * cannot be run again; its token hash no longer fits, and so it is never run.
 * Pure.
 *
 * @module
 */

import type { ServerReport, SourceLocation } from "../errors.ts";
import { Lexer } from "../sql/lexer.ts";
import { lineAndColumn } from "../sql/split.ts";
import type { FileText } from "./model.ts";

/** What stands in the place of a secret. */
const REDACTED = "'[redacted]'";

/** Whether a text can hold a secret at all. */
const SUSPECT = /\b(password|connection|options)\b/i;

/** The longest line that a location shows, in UTF-16 units. */
const LONGEST_LINE = 200;

/** A string constant that is a secret, and what is shown in its place. */
interface Redaction {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What is between its quotes, where it stands behind PASSWORD or CONNECTION. */
  readonly password: string | undefined;
}

/** What is to be redacted in a text, in order; offsets are in UTF-16 units. */
function redactions(sql: string): Redaction[] {
  if (!SUSPECT.test(sql)) return [];
  const found: Redaction[] = [];
  const lexer = new Lexer(sql);
  let options = 0;
  let secretNext = false;
  let afterOptions = false;
  while (lexer.next()) {
    if (lexer.kind === "line_comment" || lexer.kind === "block_comment") {
      continue;
    }
    const isString = lexer.kind === "string" || lexer.kind === "dollar_string";
    if (isString) {
      const { start, end } = lexer;
      const { open, inside } = stringParts(sql.slice(start, end));
      if (secretNext || options > 0) {
        const password = secretNext ? inside : undefined;
        found.push({ start, end, text: REDACTED, password });
        // A string that goes on after a line end is one secret.
        continue;
      }
      const from = start + open.length;
      found.push(
        ...(open.endsWith("$") ? redactions(inside) : inQuotes(inside))
          .map((r) => ({ ...r, start: r.start + from, end: r.end + from })),
      );
    }
    if (lexer.isPunctuation("(") && (options > 0 || afterOptions)) options++;
    else if (lexer.isPunctuation(")") && options > 0) options--;
    afterOptions = lexer.isWord("options");
    secretNext = lexer.isWord("password") || lexer.isWord("connection") ||
      (secretNext && lexer.kind === "operator");
  }
  return found;
}

/** A string constant's opening (prefix and quote, or tag) and what it holds. */
function stringParts(
  constant: string,
): { readonly open: string; readonly inside: string } {
  const tag = /^\$[^$]*\$/.exec(constant)?.[0];
  const open = tag ?? constant.slice(0, constant.indexOf("'") + 1);
  const close = tag ?? "'";
  const rest = constant.slice(open.length);
  return {
    open,
    // The last one of a text may have no end.
    inside: rest.endsWith(close) ? rest.slice(0, -close.length) : rest,
  };
}

/** What is to be redacted in SQL that stands between quotes, as EXECUTE runs it. */
function inQuotes(inside: string): Redaction[] {
  if (!SUSPECT.test(inside)) return [];
  // Where each character of the SQL stands between the quotes.
  const places: number[] = [];
  let sql = "";
  for (let i = 0; i < inside.length; i++) {
    places.push(i);
    sql += inside[i];
    if (inside[i] === "'" && inside[i + 1] === "'") i++;
  }
  places.push(inside.length);
  return redactions(sql).map((r) => ({
    ...r,
    start: places[r.start] ?? 0,
    end: places[r.end] ?? inside.length,
    text: r.text.replaceAll("'", "''"),
  }));
}

/** A part of a text with its secrets replaced, those too that it holds a piece of. */
function shownPart(
  sql: string,
  found: readonly Redaction[],
  part: { readonly start: number; readonly end: number },
): string {
  let result = "";
  let copied = part.start;
  for (const { start, end, text } of found) {
    if (end <= part.start || start >= part.end) continue;
    result += sql.slice(copied, Math.max(copied, start)) + text;
    copied = end;
  }
  return result + (copied < part.end ? sql.slice(copied, part.end) : "");
}

/**
 * Redacts a text.
 *
 * @param sql One or more statements.
 * @returns The same text with its secrets replaced.
 */
export function redactSecrets(sql: string): string {
  return shownPart(sql, redactions(sql), { start: 0, end: sql.length });
}

/**
 * A place in a file, with its line as it may be shown: a secret on it is
 * redacted, also where it has begun on a line before.
 *
 * @param file The file.
 * @param offset In UTF-16 units, from 0.
 * @returns The line counts in the file, the column in the line as it is shown.
 */
export function locationIn(file: FileText, offset: number): SourceLocation {
  const { line, column, text } = lineAndColumn(file.text, offset);
  const found = redactions(file.text);
  const at = Math.max(0, Math.min(offset, file.text.length));
  const start = at === 0 ? 0 : file.text.lastIndexOf("\n", at - 1) + 1;
  const end = start + text.length;
  // Inside of a secret, the caret stands where that begins.
  const inside = found.find((r) => r.start < at && at < r.end);
  const before = { start, end: Math.min(inside?.start ?? at, end) };
  return {
    file: file.path,
    line,
    column: found.some((r) => r.start < at && r.end > start)
      ? [...shownPart(file.text, found, before)].length + 1
      : column,
    text: shownPart(file.text, found, { start, end }).slice(0, LONGEST_LINE),
  };
}

/** Literals behind PASSWORD and CONNECTION in a text that quotes SQL somewhere. */
const QUOTED_SECRET =
  /\b((?:password|connection)[\s=]+(?:e|u&)?)('{2,}[^']*'{2,}|'(?:''|[^'])*'?|\$(\w*)\$[^]*?(?:\$\3\$|$))/gi;
const QUOTED_OPTIONS = /\boptions\s*\((?:'(?:''|[^'])*'?|[^')])*/gi;

/**
 * Redacts what the server or the parser says, which may quote a statement: in
 * a CONTEXT, or "at or near" an error.
 *
 * @param text What was said.
 * @param sql What was run: its passwords are hidden wherever they stand.
 * @returns The same text with its secrets replaced.
 */
export function redactMessage(text: string, sql: string): string {
  let result = text.replace(QUOTED_SECRET, `$1${REDACTED}`)
    .replace(
      QUOTED_OPTIONS,
      (options) => options.replace(/'(?:''|[^'])*'?/g, REDACTED),
    );
  for (const { password } of redactions(sql)) {
    if (password === undefined) continue;
    const spellings = new Set([password, password.replaceAll("''", "'")]);
    for (const spelling of spellings) {
      result = result.replaceAll(`'${spelling}'`, REDACTED);
      // A short one would take ordinary words apart.
      if (spelling.length > 3) {
        result = result.replaceAll(spelling, "[redacted]");
      }
    }
  }
  return result;
}

/**
 * Redacts every field of a server's error that may quote a statement.
 *
 * @param report What the server said.
 * @param sql What was run.
 * @returns The same without secrets.
 */
export function redactReport(report: ServerReport, sql: string): ServerReport {
  const { sqlstate, message, detail, hint, where } = report;
  const clean = (text: string) => redactMessage(text, sql);
  return {
    sqlstate,
    message: clean(message),
    ...(detail === undefined ? {} : { detail: clean(detail) }),
    ...(hint === undefined ? {} : { hint: clean(hint) }),
    ...(where === undefined ? {} : { where: clean(where) }),
  };
}
