/**
 * PostgreSQL's lexical rules over a JavaScript string: where each token
 * starts and ends. It follows the server's own scanner (version 18, with
 * `standard_conforming_strings` on); it knows nothing of statements, of what
 * a token means, or of files.
 *
 * @module
 */

/**
 * What a token is. `other` is a character that no rule of PostgreSQL's takes,
 * such as a backslash; `end` is the state before the first and after the last
 * token.
 */
export type TokenKind =
  | "word"
  | "quoted_identifier"
  | "string"
  | "dollar_string"
  | "number"
  | "parameter"
  | "operator"
  | "punctuation"
  | "line_comment"
  | "block_comment"
  | "other"
  | "end";

const OTHER = 0;
const SPACE = 1;
const LETTER = 2;
const DIGIT = 3;
const OPERATOR = 4;
const SINGLE = 5;
const QUOTE = 6;
const DOUBLE_QUOTE = 7;
const DOLLAR = 8;
const DOT = 9;
const COLON = 10;

/** The class of every ASCII character; what is beyond ASCII is a letter. */
const CLASSES = ((): Uint8Array => {
  const classes = new Uint8Array(128);
  const set = (characters: string, value: number): void => {
    for (const character of characters) {
      classes[character.charCodeAt(0)] = value;
    }
  };
  set(" \t\n\r\f\v", SPACE);
  set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", LETTER);
  set("0123456789", DIGIT);
  set("~!@#^&|`?+-*/%<>=", OPERATOR);
  set(",()[];", SINGLE);
  set("'", QUOTE);
  set('"', DOUBLE_QUOTE);
  set("$", DOLLAR);
  set(".", DOT);
  set(":", COLON);
  return classes;
})();

/** The class of a character; past the end of a text (NaN) it is OTHER. */
function classOf(code: number): number {
  return code >= 128 ? LETTER : CLASSES[code] ?? OTHER;
}

/** How the inside of a string constant reads; 0 is "in none". */
const PLAIN = 1;
const ESCAPES = 2;
/** B'' and X'': a doubled quote does not stand for a quote there. */
const BITS = 3;

function isNewline(code: number): boolean {
  return code === 10 || code === 13;
}

/** Whether an operator may end in + or - because it holds one of these. */
function allowsTrailingSign(code: number): boolean {
  switch (code) {
    case 33: // !
    case 35: // #
    case 37: // %
    case 38: // &
    case 63: // ?
    case 64: // @
    case 94: // ^
    case 96: // `
    case 124: // |
    case 126: // ~
      return true;
    default:
      return false;
  }
}

/**
 * A scanner over one text. It is a class, with fields that {@linkcode next}
 * overwrites, so that scanning megabytes allocates nothing.
 *
 * White space is skipped; comments are tokens. A string constant that goes on
 * after a newline (`'a'` newline `'b'` is one constant in SQL) comes as one
 * token a part, the later ones with {@linkcode continuation} set.
 *
 * @example Count the words
 * ```ts
 * import { Lexer } from "./lexer.ts";
 * import assert from "node:assert/strict";
 *
 * const lexer = new Lexer("SELECT a$b$c -- not this");
 * let words = 0;
 * while (lexer.next()) if (lexer.kind === "word") words++;
 * assert.equal(words, 2);
 * ```
 */
export class Lexer {
  /** The text that is scanned. */
  readonly text: string;
  /** What the current token is. */
  kind: TokenKind = "end";
  /** Where the current token starts, in UTF-16 units. */
  start = 0;
  /** Where the current token ends (exclusive), in UTF-16 units. */
  end = 0;
  /** Whether the text ended inside the current quote or comment. */
  unterminated = false;
  /** Whether the current string is a further part of the one before it. */
  continuation = false;
  /** How the string constant reads that goes on at the next quote, or 0. */
  #open = 0;

  /** Makes a scanner that stands before the first token of a text. */
  constructor(text: string) {
    this.text = text;
  }

  /** Moves on to an offset, which must not lie inside a token. */
  seek(offset: number): void {
    this.kind = "end";
    this.start = offset;
    this.end = offset;
    this.unterminated = false;
    this.continuation = false;
    this.#open = 0;
  }

  /**
   * Whether the current token is this unquoted word.
   *
   * @param lowerCase The word in lower case, ASCII only.
   */
  isWord(lowerCase: string): boolean {
    if (
      this.kind !== "word" || this.end - this.start !== lowerCase.length
    ) return false;
    for (let i = 0; i < lowerCase.length; i++) {
      let code = this.text.charCodeAt(this.start + i);
      if (code >= 65 && code <= 90) code += 32;
      if (code !== lowerCase.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Whether the current token is this one character of punctuation. */
  isPunctuation(character: string): boolean {
    return this.kind === "punctuation" && this.end - this.start === 1 &&
      this.text.charCodeAt(this.start) === character.charCodeAt(0);
  }

  /**
   * Goes to the next token.
   *
   * @returns False at the end of the text.
   */
  next(): boolean {
    const text = this.text;
    const length = text.length;
    let i = this.end;
    // A byte order mark is no part of the SQL; elsewhere it is a letter.
    if (i === 0 && text.charCodeAt(0) === 0xfeff) i = 1;
    while (i < length && classOf(text.charCodeAt(i)) === SPACE) i++;
    this.start = i;
    this.unterminated = false;
    this.continuation = false;
    if (i >= length) {
      this.kind = "end";
      this.end = length;
      return false;
    }
    const code = text.charCodeAt(i);
    switch (classOf(code)) {
      case LETTER:
        this.#word(i, code);
        break;
      case SINGLE:
        this.#finish("punctuation", i + 1);
        break;
      case QUOTE:
        if (this.#open === 0) {
          this.#string(i + 1, PLAIN);
        } else {
          this.continuation = true;
          this.#string(i + 1, this.#open);
        }
        break;
      case DIGIT:
        this.#number(i);
        break;
      case OPERATOR:
        this.#operator(i);
        break;
      case DOT:
        if (classOf(text.charCodeAt(i + 1)) === DIGIT) this.#number(i);
        else {
          const double = text.charCodeAt(i + 1) === 46;
          this.#finish("punctuation", double ? i + 2 : i + 1);
        }
        break;
      case COLON: {
        const next = text.charCodeAt(i + 1);
        const double = next === 58 || next === 61;
        this.#finish("punctuation", double ? i + 2 : i + 1);
        break;
      }
      case DOUBLE_QUOTE:
        this.#identifier(i + 1);
        break;
      case DOLLAR:
        this.#dollar(i);
        break;
      default:
        this.#finish("other", i + 1);
    }
    return true;
  }

  #finish(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  #word(start: number, first: number): void {
    const text = this.text;
    const second = text.charCodeAt(start + 1);
    if (second === 39) {
      switch (first | 32) {
        case 101: // e
          return this.#string(start + 2, ESCAPES);
        case 98: // b
        case 120: // x
          return this.#string(start + 2, BITS);
        case 110: // n
          return this.#string(start + 2, PLAIN);
      }
    } else if (second === 38 && (first | 32) === 117) { // u&
      const third = text.charCodeAt(start + 2);
      if (third === 39) return this.#string(start + 3, PLAIN);
      if (third === 34) return this.#identifier(start + 3);
    }
    this.#finish("word", this.#afterWord(start + 1));
  }

  /** Where the identifier ends whose next character is at an offset. */
  #afterWord(offset: number): number {
    const text = this.text;
    let i = offset;
    for (; i < text.length; i++) {
      const kind = classOf(text.charCodeAt(i));
      if (kind !== LETTER && kind !== DIGIT && kind !== DOLLAR) break;
    }
    return i;
  }

  #identifier(inside: number): void {
    const text = this.text;
    let i = text.indexOf('"', inside);
    while (i >= 0 && text.charCodeAt(i + 1) === 34) {
      i = text.indexOf('"', i + 2);
    }
    this.unterminated = i < 0;
    this.#finish("quoted_identifier", i < 0 ? text.length : i + 1);
  }

  #string(inside: number, mode: number): void {
    const text = this.text;
    const length = text.length;
    this.kind = "string";
    let i = inside;
    if (mode === ESCAPES) {
      for (;;) {
        if (i >= length) {
          i = -1;
          break;
        }
        const code = text.charCodeAt(i);
        if (code === 92) i += 2;
        else if (code !== 39) i++;
        else if (text.charCodeAt(i + 1) === 39) i += 2;
        else break;
      }
    } else {
      i = text.indexOf("'", i);
      if (mode === PLAIN) {
        while (i >= 0 && text.charCodeAt(i + 1) === 39) {
          i = text.indexOf("'", i + 2);
        }
      }
    }
    this.unterminated = i < 0;
    this.end = i < 0 ? length : i + 1;
    this.#open = i >= 0 && this.#goesOn(i + 1) ? mode : 0;
  }

  /**
   * Whether a string that has just ended goes on: white space with a newline
   * in it, in which line comments (but no others) may stand, then a quote.
   */
  #goesOn(offset: number): boolean {
    const text = this.text;
    let newline = false;
    let i = offset;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (isNewline(code)) newline = true;
      else if (code === 45) {
        if (text.charCodeAt(i + 1) !== 45) return false;
        i = this.#endOfLine(i) - 1;
      } else if (classOf(code) !== SPACE) return newline && code === 39;
    }
    return false;
  }

  #endOfLine(offset: number): number {
    const text = this.text;
    let i = offset;
    while (i < text.length && !isNewline(text.charCodeAt(i))) i++;
    return i;
  }

  #dollar(start: number): void {
    const text = this.text;
    let i = start + 1;
    let kind = classOf(text.charCodeAt(i));
    if (kind === DIGIT) {
      while (classOf(text.charCodeAt(i)) === DIGIT) i++;
      // A letter right behind is an error since 15: it stays in the token, so
      // that `$1a` never reads like `$1 a`.
      if (classOf(text.charCodeAt(i)) === LETTER) i = this.#afterWord(i);
      return this.#finish("parameter", i);
    }
    // A tag is an identifier without dollar signs.
    if (kind === LETTER) {
      do kind = classOf(text.charCodeAt(++i)); while (
        kind === LETTER || kind === DIGIT
      );
    }
    if (text.charCodeAt(i) !== 36) return this.#finish("other", start + 1);
    const tag = text.slice(start, i + 1);
    const close = text.indexOf(tag, i + 1);
    this.unterminated = close < 0;
    this.#finish("dollar_string", close < 0 ? text.length : close + tag.length);
  }

  #number(start: number): void {
    const text = this.text;
    let i = start;
    if (text.charCodeAt(i) === 48) {
      const radix = text.charCodeAt(i + 1) | 32;
      if (radix === 120 || radix === 111 || radix === 98) { // x, o, b
        i += 2;
        for (;;) {
          const kind = classOf(text.charCodeAt(i));
          if (kind !== LETTER && kind !== DIGIT) break;
          i++;
        }
        return this.#finish("number", i);
      }
    }
    i = this.#digits(i);
    if (text.charCodeAt(i) === 46 && text.charCodeAt(i + 1) !== 46) {
      i = this.#digits(i + 1);
    }
    if ((text.charCodeAt(i) | 32) === 101) { // e
      const sign = text.charCodeAt(i + 1);
      const digit = sign === 43 || sign === 45 ? i + 2 : i + 1;
      if (classOf(text.charCodeAt(digit)) === DIGIT) i = this.#digits(digit);
    }
    // Letters right behind a number are an error since 15 (an alias before):
    // they stay in the token, so that `1a` never reads like `1 a`.
    if (classOf(text.charCodeAt(i)) === LETTER) i = this.#afterWord(i);
    this.#finish("number", i);
  }

  /** Where a run of digits ends, with single underscores between them. */
  #digits(offset: number): number {
    const text = this.text;
    let i = offset;
    while (classOf(text.charCodeAt(i)) === DIGIT) {
      i++;
      if (
        text.charCodeAt(i) === 95 &&
        classOf(text.charCodeAt(i + 1)) === DIGIT
      ) i++;
    }
    return i;
  }

  #operator(start: number): void {
    const text = this.text;
    const second = text.charCodeAt(start + 1);
    const first = text.charCodeAt(start);
    if (first === 45 && second === 45) {
      return this.#finish("line_comment", this.#endOfLine(start + 2));
    }
    if (first === 47 && second === 42) return this.#blockComment(start + 2);
    let sign = false;
    let end = start;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (classOf(code) !== OPERATOR) break;
      const next = text.charCodeAt(end + 1);
      if (code === 45 && next === 45 || code === 47 && next === 42) break;
      sign ||= allowsTrailingSign(code);
    }
    // `=-1` is `=` and `-1`: an operator ends in a sign only where it also
    // holds a character that no operator of the SQL standard has.
    if (!sign) {
      while (end - start > 1) {
        const last = text.charCodeAt(end - 1);
        if (last !== 43 && last !== 45) break;
        end--;
      }
    }
    const arrow = end - start === 2 && first === 61 && second === 62; // =>
    this.#finish(arrow ? "punctuation" : "operator", end);
  }

  #blockComment(inside: number): void {
    const text = this.text;
    let depth = 1;
    let i = inside;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 42 && text.charCodeAt(i + 1) === 47) {
        i++;
        if (--depth === 0) return this.#finish("block_comment", i + 1);
      } else if (code === 47 && text.charCodeAt(i + 1) === 42) {
        i++;
        depth++;
      }
    }
    this.unterminated = true;
    this.#finish("block_comment", text.length);
  }
}
