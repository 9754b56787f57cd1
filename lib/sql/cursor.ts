/**
 * A statement's tokens without its comments, and a cursor that reads words
 * and names from them. It knows how names and lists are written; it must not
 * know what any statement means.
 *
 * @module
 */

import { Lexer, type TokenKind } from "./lexer.ts";
import { type QualifiedName, quotedName, wordName } from "./names.ts";

/** A token of a statement. */
export interface SqlToken {
  /** What it is; never a comment. */
  readonly kind: TokenKind;
  /**
   * The folded word, the name that a quoted identifier means, or for any
   * other token its text.
   */
  readonly value: string;
}

/**
 * The tokens of a statement.
 *
 * @param text The statement.
 * @returns Its tokens without comments; of a string that goes on, the first
 * part only.
 */
export function tokensOf(text: string): SqlToken[] {
  const lexer = new Lexer(text);
  const tokens: SqlToken[] = [];
  let unicode = "";
  while (lexer.next()) {
    const { kind } = lexer;
    if (kind === "line_comment" || kind === "block_comment") continue;
    if (lexer.continuation) continue;
    const raw = text.slice(lexer.start, lexer.end);
    const last = tokens.length - 1;
    if (
      kind === "string" && unicode !== "" && tokens[last]?.value === "uescape"
    ) {
      // U&"…" UESCAPE '!' is one name.
      const value = quotedName(unicode, raw.slice(1, -1));
      tokens.splice(last - 1, 2, { kind: "quoted_identifier", value });
      unicode = "";
      continue;
    }
    if (kind === "quoted_identifier") {
      unicode = raw.startsWith('"') ? "" : raw;
      tokens.push({ kind, value: quotedName(raw) });
      continue;
    }
    if (!(kind === "word" && unicode !== "" && lexer.isWord("uescape"))) {
      unicode = "";
    }
    tokens.push({ kind, value: kind === "word" ? wordName(raw) : raw });
  }
  return tokens;
}

/** The server refuses an empty name and one with a NUL character. */
function isName(name: string | undefined): name is string {
  return name !== undefined && name !== "" && !name.includes("\0");
}

/** Reads tokens from left to right. A class: its place is its state. */
export class Cursor {
  /** The tokens that are read. */
  readonly tokens: readonly SqlToken[];
  /** The index of the next token. */
  at: number;

  /** Makes a cursor that stands before a token. */
  constructor(tokens: readonly SqlToken[], at = 0) {
    this.tokens = tokens;
    this.at = at;
  }

  /** Whether no token is left. */
  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The unquoted word some tokens ahead; "" where no such word is. */
  word(ahead = 0): string {
    const token = this.tokens[this.at + ahead];
    return token?.kind === "word" ? token.value : "";
  }

  /** Whether the token some tokens ahead is this punctuation or operator. */
  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead];
    return (token?.kind === "punctuation" || token?.kind === "operator") &&
      token.value === symbol;
  }

  /** Whether these words come next. */
  isNext(...words: readonly string[]): boolean {
    return words.every((word, i) => this.word(i) === word);
  }

  /** Steps over these words if they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.isNext(...words)) return false;
    this.at += words.length;
    return true;
  }

  /** Steps over one of these words if it comes next. */
  acceptAny(words: ReadonlySet<string>): boolean {
    if (!words.has(this.word())) return false;
    this.at++;
    return true;
  }

  /** Steps over this punctuation if it comes next. */
  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.at++;
    return true;
  }

  /** Steps over parentheses and what is in them, if they come next. */
  skipParentheses(): readonly SqlToken[] {
    if (!this.isSymbol("(")) return [];
    const start = this.at + 1;
    let depth = 0;
    for (; !this.done; this.at++) {
      if (this.isSymbol("(")) depth++;
      else if (this.isSymbol(")") && --depth === 0) {
        return this.tokens.slice(start, this.at++);
      }
    }
    return this.tokens.slice(start);
  }

  /**
   * Goes on behind a word that stands outside of parentheses.
   *
   * @returns False, and the end, where the word does not come.
   */
  skipTo(word: string): boolean {
    while (!this.done) {
      if (this.isSymbol("(")) this.skipParentheses();
      else if (this.word() === word) {
        this.at++;
        return true;
      } else this.at++;
    }
    return false;
  }

  /** Reads an identifier; undefined where none is next. */
  identifier(): string | undefined {
    const token = this.tokens[this.at];
    if (token?.kind !== "word" && token?.kind !== "quoted_identifier") {
      return undefined;
    }
    this.at++;
    return token.value;
  }

  /** Reads a name that may be qualified; undefined where none is next. */
  name(): QualifiedName | undefined {
    let name = this.identifier();
    let schema: string | undefined;
    while (isName(name) && this.acceptSymbol(".")) {
      schema = name;
      name = this.identifier();
    }
    if (!isName(name)) return undefined;
    return schema === undefined ? { name } : { schema, name };
  }

  /** Reads a relation's name with ONLY, parentheses or a star around it. */
  relation(): QualifiedName | undefined {
    this.accept("only");
    const parenthesis = this.acceptSymbol("(");
    const name = this.name();
    if (parenthesis) this.acceptSymbol(")");
    this.acceptSymbol("*");
    return name;
  }

  /** Reads relations' names with commas between them. */
  relations(): QualifiedName[] {
    const names: QualifiedName[] = [];
    do {
      const name = this.relation();
      if (name === undefined) break;
      names.push(name);
    } while (this.acceptSymbol(","));
    return names;
  }

  /** The tokens from here on, cut at the commas outside of parentheses. */
  segments(): SqlToken[][] {
    const segments: SqlToken[][] = [];
    let depth = 0;
    let segment: SqlToken[] = [];
    for (const token of this.tokens.slice(this.at)) {
      if (token.kind === "punctuation") {
        if (token.value === "(" || token.value === "[") depth++;
        else if (token.value === ")" || token.value === "]") depth--;
        else if (token.value === "," && depth === 0) {
          segments.push(segment);
          segment = [];
          continue;
        }
      }
      segment.push(token);
    }
    segments.push(segment);
    return segments;
  }
}

/**
 * The truth value of an option in parentheses, as the server reads it: an
 * option without a value is on.
 *
 * @param options The tokens between the parentheses.
 * @param name The option's name.
 * @returns True, false, or undefined where the option is not given.
 */
export function booleanOption(
  options: readonly SqlToken[],
  name: string,
): boolean | undefined {
  let found: boolean | undefined;
  for (const segment of new Cursor(options).segments()) {
    const cursor = new Cursor(segment);
    if (cursor.identifier() !== name) continue;
    cursor.acceptSymbol("=");
    const value = segment[cursor.at]?.value.toLowerCase().replaceAll("'", "");
    found = value !== "false" && value !== "off" && value !== "0";
  }
  return found;
}
