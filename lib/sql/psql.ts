/**
 * What psql understands in a script and no server does: meta-commands, and
 * the rows behind COPY … FROM stdin. It knows where these end, so that nobody
 * takes them for SQL; it must not know how to run them.
 *
 * @module
 */

import { Lexer } from "./lexer.ts";

/** psql's commands that send or drop what has been typed so far. */
const ENDING_COMMANDS = /^\\(g.*|bind_named|watch|crosstabview|r|reset)$/;

/**
 * Where a line ends.
 *
 * @param sql The text.
 * @param offset An offset in the line.
 * @returns The offset of its line feed, or the end of the text.
 */
export function endOfLine(sql: string, offset: number): number {
  const newline = sql.indexOf("\n", offset);
  return newline < 0 ? sql.length : newline;
}

/** A meta-command in a script. */
export interface MetaCommand {
  /** The command with its backslash. */
  readonly name: string;
  /** Where it ends, with its line and any COPY data (exclusive). */
  readonly end: number;
  /** Whether it ends the statement that stands before it. */
  readonly ends: boolean;
}

/**
 * Reads a meta-command.
 *
 * @param sql The script.
 * @param offset Where its backslash is.
 * @returns The command.
 */
export function readMetaCommand(sql: string, offset: number): MetaCommand {
  const name = /^\\(?:[a-zA-Z_]+\+*|[^\s]?)/.exec(
    sql.slice(offset, offset + 64),
  )?.[0] ?? "\\";
  // `\;` separates statements without sending them: what follows is SQL.
  let end = name === "\\;" ? offset + 1 : endOfLine(sql, offset);
  if (
    name === "\\copy" &&
    /\bfrom\s+(?:stdin|pstdin)\b/i.test(sql.slice(offset, end))
  ) end = endOfCopyData(sql, end);
  return { name, end, ends: ENDING_COMMANDS.test(name) };
}

/**
 * Where the rows end that follow a COPY.
 *
 * @param sql The script.
 * @param offset Where the statement ends.
 * @returns Behind the line `\.`, or the end of the text.
 */
export function endOfCopyData(sql: string, offset: number): number {
  let line = endOfLine(sql, offset) + 1;
  while (line < sql.length) {
    const mark = sql.indexOf("\\.", line);
    if (mark < 0) return sql.length;
    const end = sql.charCodeAt(mark + 2) === 13 ? mark + 3 : mark + 2;
    if (
      sql.charCodeAt(mark - 1) === 10 &&
      (end >= sql.length || sql.charCodeAt(end) === 10)
    ) return end;
    line = mark + 2;
  }
  return sql.length;
}

/**
 * The relation that a COPY statement names.
 *
 * @param text The statement.
 * @returns The name as written.
 */
export function copyTarget(text: string): string {
  const lexer = new Lexer(text);
  lexer.next();
  let name = "";
  while (lexer.next()) {
    const piece = text.slice(lexer.start, lexer.end);
    if (
      lexer.kind === "word" || lexer.kind === "quoted_identifier" ||
      piece === "."
    ) {
      if (lexer.isWord("from")) break;
      if (!lexer.isWord("binary")) name += piece;
    } else if (piece === "(") break;
  }
  return name;
}
