/**
 * Puts statements together into texts that travel in one round trip each, and
 * finds the statement again that a server's error speaks of. Pure.
 *
 * @module
 */

import type { ServerErrorFields } from "../pg/session.ts";
import type { FileStatement } from "./model.ts";

/** A text to send, and what its statements are. */
export interface ScriptText {
  readonly sql: string;
  /** Where each statement of `sql` begins, and the file statement it is. */
  readonly parts: readonly ScriptPart[];
}

/** One statement of a script. */
export interface ScriptPart {
  readonly offset: number;
  readonly length: number;
  /** Undefined for pawl's own statements. */
  readonly source: FileStatement | undefined;
}

/**
 * The longest text that is sent at once, in characters. A server parses a
 * whole message before it runs any of it; 100 MB at once would need gigabytes.
 */
const LONGEST = 1 << 20;

/** Collects statements into one or more script texts. */
export class ScriptBuilder {
  #texts: ScriptText[] = [];
  #pieces: string[] = [];
  #parts: ScriptPart[] = [];
  #length = 0;

  /** Adds a statement, without its semicolon. */
  add(sql: string, source?: FileStatement): this {
    if (this.#length > 0 && this.#length + sql.length > LONGEST) this.#flush();
    this.#parts.push({ offset: this.#length, length: sql.length, source });
    // No statement ends in a comment, which would swallow the semicolon.
    const text = `${sql};\n`;
    this.#pieces.push(text);
    this.#length += text.length;
    return this;
  }

  /** Adds several statements of pawl's own. */
  addAll(statements: readonly string[]): this {
    for (const sql of statements) this.add(sql);
    return this;
  }

  #flush(): void {
    if (this.#pieces.length === 0) return;
    this.#texts.push({ sql: this.#pieces.join(""), parts: this.#parts });
    this.#pieces = [];
    this.#parts = [];
    this.#length = 0;
  }

  /** The texts in order; usually one. */
  texts(): readonly ScriptText[] {
    this.#flush();
    return this.#texts;
  }
}

/** Which statement failed, and where in the file. */
export interface FailedPart {
  /** The file's statement, where it was one of the file's. */
  readonly source: FileStatement | undefined;
  /** Offset into the file's text, as exact as the server said. */
  readonly fileOffset: number | undefined;
}

/**
 * Finds the statement that an error speaks of.
 *
 * @param text What was sent.
 * @param completed How many statements had ended before.
 * @param fields The error; its position counts characters from 1.
 */
export function findFailed(
  text: ScriptText,
  completed: number,
  fields: ServerErrorFields,
): FailedPart {
  const offset = fields.position === undefined
    ? undefined
    : utf16Offset(text.sql, fields.position - 1);
  // A syntax error is found before anything runs: only its position tells.
  const part = offset === undefined
    ? text.parts[completed]
    : text.parts.find((p) =>
      offset >= p.offset && offset <= p.offset + p.length
    ) ?? text.parts[completed];
  const source = part?.source;
  if (part === undefined || source === undefined) {
    return { source: undefined, fileOffset: undefined };
  }
  const within = offset === undefined ? 0 : Math.max(0, offset - part.offset);
  return {
    source,
    fileOffset: source.start + Math.min(within, source.sql.length),
  };
}

/** PostgreSQL counts characters, JavaScript UTF-16 code units. */
export function utf16Offset(text: string, characters: number): number {
  let offset = 0;
  for (let i = 0; i < characters && offset < text.length; i++) {
    const code = text.charCodeAt(offset);
    offset += code >= 0xd800 && code <= 0xdbff ? 2 : 1;
  }
  return offset;
}
