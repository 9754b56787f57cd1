/**
 * Where the statements of a script start and end, and what in it no server
 * understands: psql's meta-commands, COPY data, quotes that never close. It
 * knows where a semicolon ends no statement (parentheses, BEGIN ATOMIC
 * bodies); it must not know what a statement does.
 *
 * @module
 */

import { Lexer, type TokenKind } from "./lexer.ts";
import { foldCase } from "./names.ts";
import {
  copyTarget,
  endOfCopyData,
  endOfLine,
  readMetaCommand,
} from "./psql.ts";

/** One statement of a script. Offsets are in UTF-16 units, from 0. */
export interface Statement {
  /** The statement, from its first to its last token, without the semicolon. */
  readonly text: string;
  /** Where the first token starts. */
  readonly start: number;
  /** Where the last token ends (exclusive); no comment, no semicolon. */
  readonly end: number;
  /**
   * Where the comments before the statement start, or `start` where there are
   * none. What stands on the line on which the statement before ends is not
   * counted in.
   */
  readonly commentStart: number;
  /** Whether a semicolon ended it; the last of a script may have none. */
  readonly terminated: boolean;
  /** The unquoted words that it begins with, in lower case, eight at most. */
  readonly words: readonly string[];
}

/** What {@linkcode splitStatements} found that a server cannot run. */
export type ProblemKind =
  | "unterminated-string"
  | "unterminated-identifier"
  | "unterminated-dollar-string"
  | "unterminated-comment"
  | "meta-command"
  | "copy-from-stdin"
  | "nul-character";

/** Something in a script that a server cannot run. */
export interface Problem {
  /** What it is. */
  readonly kind: ProblemKind;
  /** Where it starts, in UTF-16 units. */
  readonly offset: number;
  /** Where what was skipped on its account ends (exclusive). */
  readonly end: number;
  /** The meta-command with its backslash, or the relation that COPY fills. */
  readonly name?: string;
  /** What it is, in words that can follow a colon. */
  readonly message: string;
}

/** What {@linkcode splitStatements} returns. */
export interface Script {
  /** The statements, in order. */
  readonly statements: readonly Statement[];
  /** What no server can run, by offset. */
  readonly problems: readonly Problem[];
}

/** A place in a text. */
export interface Position {
  /** The line, from 1. */
  readonly line: number;
  /** The column in characters, from 1. */
  readonly column: number;
  /** The text of that line, without its line end. */
  readonly text: string;
}

const MAX_WORDS = 8;

const UNTERMINATED: { readonly [K in TokenKind]?: [ProblemKind, string] } = {
  string: ["unterminated-string", "unterminated quoted string"],
  quoted_identifier: [
    "unterminated-identifier",
    "unterminated quoted identifier",
  ],
  dollar_string: [
    "unterminated-dollar-string",
    "unterminated dollar-quoted string",
  ],
  block_comment: ["unterminated-comment", "unterminated /* comment"],
};

/** A statement while it is read. */
interface Draft {
  readonly start: number;
  readonly commentStart: number;
  readonly words: string[];
  end: number;
  /** Whether `words` may still grow. */
  leading: boolean;
  /** Open parentheses. */
  depth: number;
  /** What the statement's first words make of it. */
  role: "plain" | "routine" | "copy";
  /** Inside BEGIN ATOMIC … END, semicolons separate the body's statements. */
  atomic: boolean;
  /** The word, or the semicolon, just before; "" for any other token. */
  previous: string;
  /** A COPY that reads the client's data. */
  fromStdin: boolean;
}

/**
 * Splits a script into its statements.
 *
 * @param sql The script, as read from a file.
 * @returns The statements, and what in the script no server can run.
 *
 * @example Semicolons that end no statement
 * ```ts
 * import { splitStatements } from "./split.ts";
 * import assert from "node:assert/strict";
 *
 * const { statements } = splitStatements("SELECT ';'; SELECT $$;$$ -- ;\n");
 * assert.deepEqual(statements.map((s) => s.text), ["SELECT ';'", "SELECT $$;$$"]);
 * ```
 */
export function splitStatements(sql: string): Script {
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  const lexer = new Lexer(sql);
  let draft: Draft | undefined;
  let commentStart = -1;
  /** Where the line ends on which the last statement ended. */
  let sameLine = -1;

  const finish = (terminated: boolean): void => {
    if (draft !== undefined) {
      const { start, end, commentStart, words } = draft;
      const text = sql.slice(start, end);
      statements.push({ text, start, end, commentStart, terminated, words });
      if (draft.fromStdin) {
        const dataEnd = terminated ? endOfCopyData(sql, lexer.end) : lexer.end;
        const name = copyTarget(text);
        problems.push({
          kind: "copy-from-stdin",
          offset: start,
          end: dataEnd,
          name,
          message: `COPY ${name} FROM stdin reads rows from the client`,
        });
        lexer.seek(dataEnd);
      }
      draft = undefined;
    }
    commentStart = -1;
    // Asked again only behind that line: a script may be one very long line.
    if (lexer.end > sameLine) sameLine = endOfLine(sql, lexer.end);
  };

  while (lexer.next()) {
    const { kind, start, end } = lexer;
    if (lexer.unterminated) {
      const [problem, message] = UNTERMINATED[kind] ??
        ["unterminated-string", "unterminated token"];
      problems.push({ kind: problem, offset: start, end, message });
    }
    if (kind === "line_comment" || kind === "block_comment") {
      if (draft === undefined && commentStart < 0 && start >= sameLine) {
        commentStart = start;
      }
      continue;
    }
    if (kind === "other" && sql.charCodeAt(start) === 92) {
      const { name, end, ends } = readMetaCommand(sql, start);
      problems.push({
        kind: "meta-command",
        offset: start,
        end,
        name,
        message: `${name} is a command of psql's, not SQL`,
      });
      lexer.seek(end);
      if (ends) finish(false);
      else if (draft === undefined) commentStart = -1;
      continue;
    }
    if (
      lexer.isPunctuation(";") &&
      (draft === undefined || draft.depth === 0 && !draft.atomic)
    ) {
      finish(true);
      continue;
    }
    draft ??= {
      start,
      commentStart: commentStart < 0 ? start : commentStart,
      words: [],
      end,
      leading: true,
      depth: 0,
      role: "plain",
      atomic: false,
      previous: "",
      fromStdin: false,
    };
    take(draft, lexer);
  }
  finish(false);
  const nul = sql.indexOf("\0");
  if (nul >= 0) {
    problems.push({
      kind: "nul-character",
      offset: nul,
      end: nul + 1,
      message: "a NUL character, which PostgreSQL cannot store or read",
    });
  }
  return { statements, problems: problems.sort((a, b) => a.offset - b.offset) };
}

/** Takes one more token into a statement. */
function take(draft: Draft, lexer: Lexer): void {
  draft.end = lexer.end;
  if (lexer.kind === "punctuation") {
    const code = lexer.text.charCodeAt(lexer.start);
    draft.leading = false;
    if (code === 40) draft.depth++; // (
    else if (code === 41 && draft.depth > 0) draft.depth--; // )
    draft.previous = code === 59 ? ";" : "";
    return;
  }
  if (draft.leading) {
    if (lexer.kind !== "word" || draft.words.length === MAX_WORDS) {
      draft.leading = false;
    } else {
      draft.words.push(foldCase(lexer.text.slice(lexer.start, lexer.end)));
      draft.role = roleOf(draft.words);
    }
  }
  if (draft.role === "plain") return;
  draft.previous = followKeyword(draft, lexer);
}

function roleOf(words: readonly string[]): Draft["role"] {
  const [first, second, third, fourth] = words;
  if (first === "copy") return "copy";
  if (first !== "create") return "plain";
  const what = second === "or" && third === "replace" ? fourth : second;
  return what === "function" || what === "procedure" ? "routine" : "plain";
}

/** Follows the keywords that decide where a routine or a COPY ends. */
function followKeyword(draft: Draft, lexer: Lexer): string {
  if (lexer.kind !== "word" || draft.depth > 0) return "";
  if (draft.role === "copy") {
    // The grammar takes STDIN and STDOUT for each other.
    if (draft.previous === "from") {
      draft.fromStdin ||= lexer.isWord("stdin") || lexer.isWord("stdout");
    }
    return lexer.isWord("from") ? "from" : "";
  }
  if (draft.atomic) {
    // Each statement of the body ends in a semicolon, so that the END of the
    // body is the one right behind a semicolon: no CASE … END is, and neither
    // is a column named "end".
    if (
      lexer.isWord("end") &&
      (draft.previous === ";" || draft.previous === "atomic")
    ) draft.atomic = false;
    return "";
  }
  if (lexer.isWord("begin")) return "begin";
  if (draft.previous === "begin" && lexer.isWord("atomic")) {
    draft.atomic = true;
    return "atomic";
  }
  return "";
}

/**
 * The line and column of an offset.
 *
 * @param text The text.
 * @param offset In UTF-16 units, from 0; what lies outside is clamped.
 * @returns The line and column, from 1, and the line's text.
 */
export function lineAndColumn(text: string, offset: number): Position {
  const at = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let start = 0;
  for (
    let newline = text.indexOf("\n");
    newline >= 0 && newline < at;
    newline = text.indexOf("\n", start)
  ) {
    line++;
    start = newline + 1;
  }
  let end = endOfLine(text, start);
  if (end > start && text.charCodeAt(end - 1) === 13) end--;
  let column = 1;
  for (const _ of text.slice(start, Math.min(at, end))) column++;
  return { line, column, text: text.slice(start, end) };
}
