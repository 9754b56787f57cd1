/**
 * Statements of files in one message: committed one by one in one round trip,
 * and the one found again that an error speaks of. Pure.
 *
 * @module
 */

import { utf16Offset } from "../migrate/script_text.ts";
import type { ServerErrorFields } from "../pg/session.ts";
import type { DdlStatement } from "./ddl_script.ts";

/** A part of a message. */
interface MessagePart {
  readonly offset: number;
  readonly length: number;
  /** The statement that it is, or is the preparation of. */
  readonly index: number;
  /** How many characters stand before the statement's own text. */
  readonly own: boolean;
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
   * @param own Whether it is the statement itself, not what prepares it.
   */
  add(sql: string, index: number, own: boolean): void {
    this.#parts.push({
      offset: this.#sql.length,
      length: sql.length,
      index,
      own,
    });
    this.#sql += `${sql};\n`;
  }

  /**
   * Finds what an error speaks of.
   *
   * @param completed How many parts had ended before.
   * @param fields The error.
   * @returns The number of the statement, and where in it; undefined where
   * the server did not say, or it was what prepares it.
   */
  failed(
    completed: number,
    fields: ServerErrorFields,
  ): { readonly index: number; readonly within: number | undefined } {
    const offset = fields.position === undefined
      ? undefined
      : utf16Offset(this.#sql, fields.position - 1);
    // A syntax error is found before anything runs: only its position tells.
    const part =
      this.#parts.find((p) =>
        offset !== undefined && offset >= p.offset &&
        offset <= p.offset + p.length
      ) ?? this.#parts[completed];
    return {
      index: part?.index ?? 0,
      within: part === undefined || offset === undefined || !part.own
        ? undefined
        : Math.max(0, offset - part.offset),
    };
  }
}

/** The text of a statement as it is sent. */
export function textOf({ statement }: DdlStatement): string {
  return statement.text;
}
