/**
 * Statements of files in one message: committed one by one in one round trip,
 * and the one found again that an error speaks of. Pure.
 *
 * @module
 */

import { utf16Offset } from "../migrate/script_text.ts";
import type { ServerErrorFields } from "../pg/session.ts";

/** A part of a message. */
interface MessagePart {
  readonly offset: number;
  readonly length: number;
  readonly index: number;
  readonly start: number | undefined;
}

/** Collects statements into a message. */
export class DdlMessage {
  readonly #parts: MessagePart[] = [];
  #sql = "";

  /** The text to send. */
  get sql(): string {
    return this.#sql;
  }

  /**
   * Adds what belongs to a statement.
   *
   * @param sql A statement, without its semicolon.
   * @param index The number that {@linkcode DdlMessage.failed} gives back.
   * @param start Where it stands in its file; undefined for what no file says.
   */
  add(sql: string, index: number, start?: number): void {
    const { length } = sql;
    this.#parts.push({ offset: this.#sql.length, length, index, start });
    this.#sql += `${sql};\n`;
  }

  /**
   * Finds what an error speaks of.
   *
   * @param completed How many parts had ended before.
   * @param fields The error.
   * @returns The number of the statement, and where in its file, as exact as
   * the server said; undefined for what no file says.
   */
  failed(
    completed: number,
    fields: ServerErrorFields,
  ): { readonly index: number; readonly offset: number | undefined } {
    const position = fields.position === undefined
      ? undefined
      : utf16Offset(this.#sql, fields.position - 1);
    // A syntax error is found before anything runs: only its position tells.
    const part =
      this.#parts.find(({ offset, length }) =>
        position !== undefined && position >= offset &&
        position <= offset + length
      ) ?? this.#parts[completed];
    const within = part === undefined || position === undefined
      ? 0
      : Math.max(0, position - part.offset);
    return {
      index: part?.index ?? 0,
      offset: part?.start === undefined ? undefined : part.start + within,
    };
  }
}
