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

/**
 * The tokens of a piece of SQL, with one space between them but around
 * parentheses, commas and dots; without comments, and without parentheses
 * around parentheses.
 *
 * @param sql The SQL.
 * @returns The same text however the SQL was laid out.
 */
export function tokenForm(sql: string): string {
  return plainTokenForm(sql) ?? lexedTokenForm(sql);
}

/**
 * The same by the lexer, for every SQL there is.
 *
 * @param sql The SQL.
 */
export function lexedTokenForm(sql: string): string {
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

const STOP = 0;
const SPACE = 1;
const WORD = 2;
const GLUE = 3;
const COMPARISON = 4;
const QUOTE = 5;
const COLON = 6;
const DIGIT = 7;
const DOT = 8;

/** What characters are that servers write most texts with; others stop the short way. */
const CLASSES = ((): Uint8Array => {
  const classes = new Uint8Array(128);
  const set = (characters: string, value: number): void => {
    for (const character of characters) {
      classes[character.charCodeAt(0)] = value;
    }
  };
  set(" ", SPACE);
  set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", WORD);
  set("0123456789", DIGIT);
  set("(),", GLUE);
  set(".", DOT);
  set("=<>", COMPARISON);
  set("'", QUOTE);
  set(":", COLON);
  return classes;
})();

/**
 * The token form without a lexer, which takes ten times as long: of what
 * databases have most of, texts of words, numbers, comparisons, casts and plain
 * strings.
 *
 * @returns Undefined for any other.
 */
function plainTokenForm(sql: string): string | undefined {
  const end = sql.length;
  let form = "";
  let glued = true;
  for (let at = 0; at < end;) {
    const kind = classOf(sql, at);
    const start = at++;
    switch (kind) {
      case SPACE:
        continue;
      case GLUE:
        // Parentheses around parentheses are for the lexer.
        if (sql.charCodeAt(start) === OPEN && opensNext(sql, at)) {
          return undefined;
        }
        form += sql.charAt(start);
        glued = true;
        continue;
      case DOT:
        if (startsNoName(classOf(sql, at))) return undefined;
        form += ".";
        glued = true;
        continue;
      case DIGIT:
        at = endOfDigits(sql, at);
        if (classOf(sql, at) === DOT) {
          const fraction = endOfDigits(sql, at + 1);
          if (fraction === at + 1) return undefined;
          at = fraction;
        }
        break;
      case WORD:
        while (isWordPart(classOf(sql, at))) at++;
        break;
      case COMPARISON:
        while (classOf(sql, at) === COMPARISON) at++;
        break;
      case QUOTE:
        at = sql.indexOf("'", at) + 1;
        // A doubled quote, or no end.
        if (at === 0 || classOf(sql, at) === QUOTE) return undefined;
        break;
      case COLON:
        if (classOf(sql, at++) !== COLON) return undefined;
        break;
      default:
        return undefined;
    }
    if (touches(kind, classOf(sql, at))) return undefined;
    if (!glued) form += " ";
    form += sql.slice(start, at);
    glued = false;
  }
  return form;
}

const OPEN = "(".charCodeAt(0);

function classOf(sql: string, at: number): number {
  return CLASSES[sql.charCodeAt(at)] ?? STOP;
}

function isWordPart(kind: number): boolean {
  return kind === WORD || kind === DIGIT;
}

/** Behind a dot: `.5` and `..` are tokens. */
function startsNoName(kind: number): boolean {
  return kind === DIGIT || kind === DOT;
}

function endOfDigits(sql: string, from: number): number {
  let at = from;
  while (classOf(sql, at) === DIGIT) at++;
  return at;
}

function opensNext(sql: string, at: number): boolean {
  let next = at;
  while (classOf(sql, next) === SPACE) next++;
  return sql.charCodeAt(next) === OPEN;
}

/** Whether two neighbours could be one token, as in `E'x'`, `'x'y` and `:::`. */
function touches(kind: number, next: number): boolean {
  switch (kind) {
    case WORD:
      return next === QUOTE;
    case DIGIT:
      return next === WORD || next === DOT || next === QUOTE;
    case QUOTE:
      return isWordPart(next);
    case COLON:
      return next === COLON || next === COMPARISON;
    default:
      return false;
  }
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
