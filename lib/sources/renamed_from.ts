/**
 * `-- pawl:renamed-from OLD` in DDL: what stands behind it, or on its line,
 * had another name before. Reads tokens only; whether there is such an object
 * is for others to find out. Pure.
 *
 * @module
 */

import { Cursor, tokensOf } from "../sql/cursor.ts";
import { Lexer } from "../sql/lexer.ts";
import { quotedName, wordName } from "../sql/names.ts";
import { lineAndColumn } from "../sql/split.ts";
import { ddlError, type DdlFile } from "./ddl_script.ts";

/** A rename that somebody has told. */
export interface ToldRename {
  /** The parts of the old name, as far as they were said. */
  readonly from: readonly string[];
  /** The parts of the new one. */
  readonly to: readonly string[];
  /** How messages show it. */
  readonly shown: string;
  /** Whether it is no error that there is no such object: it was renamed before. */
  readonly mayBeDone: boolean;
}

const DIRECTIVE = /^--[ \t]*pawl:renamed-from(?![\w-])[ \t]*(.*?)[ \t\r]*$/;

/** What CREATE calls things that have names. */
const THINGS: ReadonlySet<string> = new Set([
  "table",
  "view",
  "type",
  "domain",
  "sequence",
  "function",
  "procedure",
  "aggregate",
  "index",
  "schema",
  "collation",
  "statistics",
]);

/**
 * Finds the renames that DDL tells of.
 *
 * @param files The DDL.
 * @throws {PawlError} `statement-failed` naming file and line, for a comment
 * that names nothing, or stands at nothing that could have been renamed.
 */
export function renamesIn(files: readonly DdlFile[]): ToldRename[] {
  return files.flatMap((file) =>
    file.text.includes("pawl:renamed-from") ? inFile(file) : []
  );
}

interface Token {
  readonly name: string | undefined;
  /** The value of a string constant. */
  readonly text: string | undefined;
  readonly word: string;
  readonly symbol: string;
  readonly start: number;
  readonly line: number;
  /** The old name, where it is a comment that says one. */
  readonly old: string | undefined;
}

function inFile(file: DdlFile): ToldRename[] {
  const statements: Token[][] = [[]];
  let end: Token | undefined;
  for (const token of readTokens(file.text)) {
    if (token.symbol === ";") {
      statements.push([]);
      end = token;
      continue;
    }
    // Behind the semicolon, on its line, it is about that statement still.
    const behind = token.old !== undefined && token.line === end?.line;
    statements.at(behind ? -2 : -1)?.push(token);
  }
  return statements.flatMap((statement) => inStatement(file, statement));
}

function readTokens(text: string): Token[] {
  const lexer = new Lexer(text);
  const tokens: Token[] = [];
  while (lexer.next()) {
    const { kind, start, end } = lexer;
    const raw = text.slice(start, end);
    const old = kind === "line_comment" ? DIRECTIVE.exec(raw)?.[1] : undefined;
    if (
      kind === "block_comment" || kind === "line_comment" && old === undefined
    ) {
      continue;
    }
    tokens.push({
      name: kind === "word"
        ? wordName(raw)
        : kind === "quoted_identifier"
        ? quotedName(raw)
        : undefined,
      text: kind === "string"
        ? raw.slice(raw.indexOf("'") + 1, -1).replaceAll("''", "'")
        : undefined,
      word: kind === "word" ? raw.toLowerCase() : "",
      symbol: kind === "punctuation" ? raw : "",
      start,
      line: lineAndColumn(text, start).line,
      old,
    });
  }
  return tokens;
}

function inStatement(file: DdlFile, tokens: readonly Token[]): ToldRename[] {
  const code = tokens.filter(({ old }) => old === undefined);
  const created = createdName(code);
  const comments = tokens.filter((token) => token.old !== undefined);
  if (comments.length === 0) return [];
  const depths = depthsOf(code);
  const whole = comments.map((comment) => ({
    comment,
    at: targetOf(code, comment),
  }));
  const renamed = whole.find(({ at }) => at === 0 || depths[at] === 0);
  const oldWhole = renamed === undefined
    ? undefined
    : nameIn(file, renamed.comment);
  return whole.flatMap(({ comment, at }) => {
    const shown = `pawl:renamed-from ${comment.old}`;
    const old = nameIn(file, comment);
    const target = code[at];
    if (created === undefined || target === undefined) {
      throw misplaced(file, comment);
    }
    if (at === 0 || depths[at] === 0) {
      return [{ from: old, to: created, shown, mayBeDone: true }];
    }
    const part = target.name ?? target.text;
    if (part === undefined) throw misplaced(file, comment);
    // Its whole may have been renamed before, or is now.
    return [created, ...(oldWhole === undefined ? [] : [oldWhole])].map((
      owner,
    ) => ({
      from: [...owner, old.at(-1) ?? ""],
      to: [...created, part],
      shown,
      mayBeDone: true,
    }));
  });
}

/** The token that a comment is about: the first of its line, or the next. */
function targetOf(code: readonly Token[], comment: Token): number {
  const before = code.findIndex(({ line, start }) =>
    line === comment.line && start < comment.start
  );
  if (before >= 0) {
    // Behind a comma that ends its line, or at the end of it.
    return code[before]?.symbol === "," ? before + 1 : before;
  }
  return code.findIndex(({ start }) => start > comment.start);
}

function depthsOf(code: readonly Token[]): number[] {
  let depth = 0;
  return code.map(({ symbol }) => {
    if (symbol === ")") depth--;
    const own = depth;
    if (symbol === "(") depth++;
    return own;
  });
}

/** What a CREATE statement creates. */
function createdName(code: readonly Token[]): string[] | undefined {
  if (code[0]?.word !== "create") return undefined;
  let at = code.findIndex(({ word }, i) => i > 0 && i < 6 && THINGS.has(word)) +
    1;
  if (at === 0) return undefined;
  for (const word of ["concurrently", "if", "not", "exists"]) {
    if (code[at]?.word === word) at++;
  }
  const parts: string[] = [];
  for (;; at += 2) {
    const name = code[at]?.name;
    if (name === undefined) return undefined;
    parts.push(name);
    if (code[at + 1]?.symbol !== ".") return parts;
  }
}

/** The old name that a comment says. */
function nameIn(file: DdlFile, comment: Token): string[] {
  const cursor = new Cursor(tokensOf(comment.old ?? ""));
  const parts = dottedName(cursor);
  if (parts === undefined || !cursor.done) {
    throw ddlError(file, comment.start, {
      message: "pawl:renamed-from wants the old name, as SQL writes it",
    });
  }
  return parts;
}

/**
 * Reads a dotted name.
 *
 * @param cursor Stands before it.
 * @returns Undefined where none comes next.
 */
export function dottedName(cursor: Cursor): string[] | undefined {
  const parts: string[] = [];
  for (;;) {
    const token = cursor.tokens[cursor.at];
    if (token?.kind !== "word" && token?.kind !== "quoted_identifier") {
      return undefined;
    }
    parts.push(token.value);
    cursor.at++;
    if (!cursor.acceptSymbol(".")) return parts;
  }
}

function misplaced(file: DdlFile, comment: Token) {
  return ddlError(file, comment.start, {
    message:
      "pawl:renamed-from stands at nothing that could have had another name: it goes before CREATE, or at a column, attribute or value",
  });
}
