/**
 * Changes the `depends` line of a migration's text and nothing else. Pure.
 *
 * @module
 */

import { Lexer } from "../sql/lexer.ts";

interface Line {
  /** The offset of the line's first character. */
  readonly start: number;
  /** The offset behind its line end. */
  readonly end: number;
  readonly argument: string;
}

/**
 * Rewrites a file's `pawl:depends` line.
 *
 * @param text The file's text.
 * @param path Its path: the ending tells SQL from a program.
 * @param edit Given the words of the line, undefined without one; returns the
 * words that it is to have, undefined for no line.
 * @returns The text, the same where the words stay as they are.
 */
export function rewriteDepends(
  text: string,
  path: string,
  edit: (words: readonly string[] | undefined) => readonly string[] | undefined,
): string {
  const program = /\.(js|ts)$/.test(path);
  const line = program ? programLine(text) : sqlLine(text);
  const words = line?.argument.split(/[\s,]+/).filter(Boolean);
  const wanted = edit(words);
  if (words?.join(" ") === wanted?.join(" ")) return text;
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? "\n";
  const comment = program ? "//" : "--";
  const written = wanted === undefined
    ? ""
    : `${comment} pawl:depends ${wanted.join(" ")}${lineEnd}`;
  if (line !== undefined) {
    return text.slice(0, line.start) + written + text.slice(line.end);
  }
  const at = headerStart(text, comment);
  return text.slice(0, at) + written + text.slice(at);
}

/** Behind a `message` in the first line, else at the top, behind a byte order mark. */
function headerStart(text: string, comment: "--" | "//"): number {
  const top = text.startsWith("\uFEFF") ? 1 : 0;
  const message = /^(?:--|\/\/)[ \t]*pawl:message[ \t][^\r\n]*\r?\n/
    .exec(text.slice(top))?.[0];
  return message?.startsWith(comment) ? top + message.length : top;
}

/** The first such comment before the first statement; elsewhere it is text. */
function sqlLine(text: string): Line | undefined {
  const lexer = new Lexer(text);
  if (text.startsWith("\uFEFF")) lexer.seek(1);
  while (lexer.next()) {
    if (lexer.kind === "block_comment") continue;
    if (lexer.kind !== "line_comment") return undefined;
    const comment = text.slice(lexer.start, lexer.end);
    const argument = /^--[ \t]*pawl:depends(?![\w-])[ \t]*(.*)$/.exec(
      comment.trimEnd(),
    )?.[1];
    if (argument !== undefined) {
      return wholeLine(text, lexer.start, { end: lexer.end, argument });
    }
  }
  return undefined;
}

function programLine(text: string): Line | undefined {
  const match = /^\/\/[ \t]*pawl:depends(?![\w-])[ \t]*(.*)$/m.exec(text);
  const argument = match?.[1];
  return match === null || argument === undefined ? undefined : wholeLine(
    text,
    match.index,
    { end: match.index + match[0].length, argument },
  );
}

/** A comment with the blanks before it and the line end behind it. */
function wholeLine(
  text: string,
  start: number,
  comment: { readonly end: number; readonly argument: string },
): Line {
  let from = start;
  while (from > 0 && /[ \t]/.test(text[from - 1] ?? "")) from--;
  const rest = /^[ \t]*\r?\n?/.exec(text.slice(comment.end))?.[0] ?? "";
  return {
    start: from,
    end: comment.end + rest.length,
    argument: comment.argument,
  };
}
