/**
 * What a query or a change of rows is: read in one pass, since such a
 * statement may be megabytes of rows. It knows SELECT, WITH, INSERT, UPDATE,
 * DELETE, MERGE and what leads to them; it must not know DDL.
 *
 * @module
 */

import type { Destruction } from "./classification.ts";
import { Cursor, tokensOf } from "./cursor.ts";
import { deletion } from "./destructive.ts";
import { Lexer } from "./lexer.ts";
import type { QualifiedName } from "./names.ts";

/** What a query or a change of rows is. */
export interface Dml {
  /** `SELECT`, `SELECT INTO`, `INSERT`, `UPDATE`, `DELETE`, `MERGE`, … */
  readonly verb: string;
  /** The table that SELECT INTO creates. */
  readonly creates: QualifiedName | undefined;
  /** Its deletions, also those in WITH queries. */
  readonly destructive: readonly Destruction[];
}

/** First words of the statements that are read here. */
const FIRST_WORDS: ReadonlySet<string> = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "merge",
  "values",
  "with",
  "table",
  "copy",
  "explain",
  "prepare",
  "execute",
  "declare",
]);

/** What may follow the list of WITH queries. */
const MAIN: ReadonlySet<string> = new Set([
  "select",
  "insert",
  "update",
  "delete",
  "merge",
  "values",
  "table",
]);

/** After these words a WITH list goes on with a name, not with its query. */
const BEFORE_NAME: ReadonlySet<string> = new Set([
  "with",
  "recursive",
  "by",
  "set",
  "to",
  "default",
  "using",
  "cycle",
  "first",
  ",",
]);

/** Enough text to read a relation's name in. */
const NAME_LENGTH = 600;

/**
 * Whether a statement is to be read as a query or a change of rows.
 *
 * @param words The statement's leading words.
 * @returns True where {@linkcode readDml} reads it.
 */
export function isDml(words: readonly string[]): boolean {
  const [first] = words;
  if (first === "prepare") return words[1] !== "transaction";
  return first === undefined || FIRST_WORDS.has(first);
}

/**
 * Reads a query or a change of rows.
 *
 * @param text The statement.
 * @returns What it is.
 */
export function readDml(text: string): Dml {
  const lexer = new Lexer(text);
  const destructive: Destruction[] = [];
  let creates: QualifiedName | undefined;
  let first = "";
  let main = "";
  let depth = 0;
  let previous = "";
  while (lexer.next()) {
    if (lexer.kind === "punctuation") {
      const code = text.charCodeAt(lexer.start);
      if (code === 40) depth++;
      else if (code === 41) depth--;
      previous = text.slice(lexer.start, lexer.end);
      continue;
    }
    if (lexer.kind !== "word") {
      if (lexer.kind !== "line_comment" && lexer.kind !== "block_comment") {
        previous = "";
      }
      continue;
    }
    const word = keyword(lexer);
    const begins = first === "" ||
      main === "" && first === "with" && depth === 0 && MAIN.has(word) &&
        !BEFORE_NAME.has(previous);
    first ||= word;
    if (begins && MAIN.has(word)) main = word;
    else if (
      word === "into" && main === "select" && depth === 0 &&
      creates === undefined && previous !== "." && previous !== "as"
    ) creates = target(text, lexer.end);
    else if (word === "delete" && previous === "then" && main === "merge") {
      destructive.push(deletion(mergeTarget(text)));
    }
    if (
      word === "delete" && (begins || beginsQuery(previous, first))
    ) {
      const cursor = ahead(text, lexer.end);
      if (cursor.accept("from")) destructive.push(deletion(cursor.relation()));
    }
    previous = word;
  }
  const verb = first === "with"
    ? main || "select"
    : first === "declare"
    ? "declare cursor"
    : first || "select";
  return {
    verb: creates === undefined ? verb.toUpperCase() : "SELECT INTO",
    creates,
    destructive,
  };
}

/** Where DELETE begins a query, and is neither a label nor a column. */
function beginsQuery(previous: string, first: string): boolean {
  if (previous === "(") return true;
  if (first === "explain") {
    return /^(explain|analyze|analyse|verbose|\))$/.test(previous);
  }
  return first === "prepare" && previous === "as";
}

/** The words that matter here, folded; "" for any other. */
function keyword(lexer: Lexer): string {
  const length = lexer.end - lexer.start;
  return length > 12
    ? "?"
    : lexer.text.slice(lexer.start, lexer.end).toLowerCase();
}

function ahead(text: string, offset: number): Cursor {
  return new Cursor(tokensOf(text.slice(offset, offset + NAME_LENGTH)));
}

function target(text: string, offset: number): QualifiedName | undefined {
  const cursor = ahead(text, offset);
  cursor.accept("local");
  cursor.accept("global");
  while (
    cursor.accept("temp") || cursor.accept("temporary") ||
    cursor.accept("unlogged") || cursor.accept("table")
  );
  return cursor.name();
}

function mergeTarget(text: string): QualifiedName | undefined {
  const cursor = ahead(text, 0);
  return cursor.skipTo("into") ? cursor.relation() : undefined;
}
