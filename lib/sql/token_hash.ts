/**
 * The two hashes of a piece of SQL: of its bytes, and of its tokens. The
 * token hash is what a migration is recognised by, so its form `t1:` never
 * changes; another form would be another prefix. It knows nothing of files.
 *
 * @module
 */

import { createHash, type Hash } from "@std/crypto";
import { Lexer } from "./lexer.ts";

/** Written before each token: no byte of UTF-8. */
const TOKEN = 0xff;
/** Written before the later part of a string constant that goes on. */
const CONTINUATION = 0xfe;

const CHUNK = 1 << 16;

/**
 * What makes a line comment count: `-- pawl:step transaction=none`, and the
 * old markers `-- UP` and `-- DOWN`, which part a file in two as well.
 */
const DIRECTIVE = /^--[ \t\f\v]*(?:pawl:|(?:UP|DOWN)\s*$)/;

// One for all writers, of which there is one at a time: a buffer of its own for
// each small file costs more than hashing the file.
const BUFFER = new Uint8Array(CHUNK + 4);

/** Collects bytes and feeds them to a hash a chunk at a time. */
class HashWriter {
  readonly #hash: Hash = createHash("sha256");
  readonly #buffer = BUFFER;
  #used = 0;

  byte(value: number): void {
    if (this.#used >= CHUNK) this.#flush();
    this.#buffer[this.#used++] = value;
  }

  /**
   * Writes a slice of a text as UTF-8, CRLF as LF. A half of a surrogate pair
   * by itself is written as three bytes, so that no two texts look alike.
   */
  text(text: string, range: Range): void {
    const { start, end, lower } = range;
    let used = this.#used;
    const buffer = this.#buffer;
    for (let i = start; i < end; i++) {
      if (used >= CHUNK) {
        this.#used = used;
        this.#flush();
        used = 0;
      }
      let code = text.charCodeAt(i);
      if (code < 0x80) {
        if (code === 13 && i + 1 < end && text.charCodeAt(i + 1) === 10) {
          continue;
        }
        if (lower && code >= 65 && code <= 90) code += 32;
        buffer[used++] = code;
      } else if (code < 0x800) {
        buffer[used++] = 0xc0 | code >> 6;
        buffer[used++] = 0x80 | code & 0x3f;
      } else {
        const point = text.codePointAt(i) ?? code;
        if (point > 0xffff) {
          i++;
          buffer[used++] = 0xf0 | point >> 18;
          buffer[used++] = 0x80 | point >> 12 & 0x3f;
        } else buffer[used++] = 0xe0 | point >> 12;
        buffer[used++] = 0x80 | point >> 6 & 0x3f;
        buffer[used++] = 0x80 | point & 0x3f;
      }
    }
    this.#used = used;
  }

  hex(): string {
    this.#flush();
    return this.#hash.digest("hex");
  }

  #flush(): void {
    this.#hash.update(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** Whether ASCII letters are folded to lower case. */
  readonly lower: boolean;
}

/**
 * The hash of a piece of SQL by its tokens. Comments, white space between
 * tokens, line ends (CRLF or LF, also inside quotes), a byte order mark and
 * the case of unquoted words do not count; everything else does, the white
 * space inside quotes and comments that are pawl's directives included.
 *
 * @param sql The SQL, legal or not.
 * @returns `t1:` and 64 hexadecimal digits of SHA-256.
 *
 * @example What does not count
 * ```ts
 * import { tokenHash } from "./token_hash.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(tokenHash("SELECT 1 -- one"), tokenHash("select\n1"));
 * assert.notEqual(tokenHash("SELECT ' '"), tokenHash("SELECT '  '"));
 * ```
 */
export function tokenHash(sql: string): string {
  const writer = new HashWriter();
  const lexer = new Lexer(sql);
  // One object for all tokens: this loop sees millions of them.
  const range = { start: 0, end: 0, lower: false };
  while (lexer.next()) {
    const { kind, start, end } = lexer;
    if (kind === "block_comment" && !lexer.unterminated) continue;
    if (kind === "line_comment") {
      const comment = directive(sql, start, end);
      if (comment === undefined) continue;
      writer.byte(TOKEN);
      writer.text(comment, { start: 0, end: comment.length, lower: false });
      continue;
    }
    writer.byte(lexer.continuation ? CONTINUATION : TOKEN);
    range.start = start;
    range.end = end;
    range.lower = kind === "word";
    writer.text(sql, range);
  }
  return `t1:${writer.hex()}`;
}

/** A directive with single spaces, or undefined for any other comment. */
function directive(
  sql: string,
  start: number,
  end: number,
): string | undefined {
  let i = start + 2;
  while (i < end && sql.charCodeAt(i) <= 32) i++;
  const first = sql.charCodeAt(i);
  if (first !== 112 && first !== 85 && first !== 68) return undefined; // p, U, D
  const comment = sql.slice(start, end);
  if (!DIRECTIVE.test(comment)) return undefined;
  return `--${comment.slice(2).trim().replaceAll(/[ \t\f\v]+/g, " ")}`;
}

/**
 * The hash of a file as it lies on disk.
 *
 * @param bytes The file's bytes.
 * @returns 64 hexadecimal digits of SHA-256.
 */
export function rawHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
