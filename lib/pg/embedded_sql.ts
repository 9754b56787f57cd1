/**
 * SQL as PGlite can run it: what would break it down fails as a statement does,
 * and RESET SESSION AUTHORIZATION, which does nothing there, is written out.
 * Pure.
 *
 * @module
 */

import { splitStatements } from "../sql/split.ts";
import type { ServerErrorFields } from "./session.ts";

/** SQL for PGlite. */
export interface EmbeddedSql {
  /** What is sent. */
  readonly sql: string;
  /** The error of what was asked for, by that of what was sent. */
  errorOf(error: ServerErrorFields): ServerErrorFields;
}

/** A part of the text, and what stands there instead. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A server process starts with the role that logged in; PGlite's knows of none. */
const RESET_AUTHORIZATION =
  "DO $$BEGIN EXECUTE pg_catalog.format('SET SESSION AUTHORIZATION %I', (SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.oid = 10)); END$$";

/** What may be in need of a change; nothing else is taken apart. */
const SUSPECT = /subscription|conversion|session\s+authorization/i;

/**
 * A script as PGlite can run it.
 *
 * @param sql The script.
 *
 * @example
 * ```ts
 * import { forEmbedded } from "./embedded_sql.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(forEmbedded("SELECT 1").sql, "SELECT 1");
 * assert.match(forEmbedded("RESET SESSION AUTHORIZATION").sql, /^DO /);
 * ```
 */
export function forEmbedded(sql: string): EmbeddedSql {
  const changes: Change[] = [];
  let refused: ServerErrorFields | undefined;
  if (SUSPECT.test(sql)) {
    for (const { start, end, words } of splitStatements(sql).statements) {
      const command = refusedCommand(words);
      if (command !== undefined) {
        refused = {
          severity: "ERROR",
          sqlstate: "0A000",
          message: `${command} cannot run on the embedded database`,
          hint: "run it on a PostgreSQL server",
        };
        // What stands before it runs, as on a server that refuses it.
        const text =
          `DO $$BEGIN RAISE feature_not_supported USING MESSAGE = '${refused.message}'; END$$`;
        changes.push({ start, end: sql.length, text });
        break;
      }
      if (
        /^(?:re)?set session authorization(?: default)?$/.test(
          words.join(" "),
        ) &&
        (words[0] === "reset" || words.at(-1) === "default")
      ) changes.push({ start, end, text: RESET_AUTHORIZATION });
    }
  }
  return {
    sql: changed(sql, changes),
    errorOf: (error) =>
      error.message === refused?.message ? refused : {
        ...error,
        ...(error.position === undefined
          ? {}
          : { position: originalPosition(error.position, sql, changes) }),
      },
  };
}

/** A statement that breaks PGlite down: there is no process for a subscription, and no library for a conversion. */
function refusedCommand([first, ...rest]: readonly string[]):
  | string
  | undefined {
  const object = rest[0] === "default" ? rest[1] : rest[0];
  return first === "create" &&
      (object === "subscription" || object === "conversion")
    ? `CREATE ${object.toUpperCase()}`
    : undefined;
}

function changed(sql: string, changes: readonly Change[]): string {
  let text = "";
  let at = 0;
  for (const { start, end, text: instead } of changes) {
    text += sql.slice(at, start) + instead;
    at = end;
  }
  return text + sql.slice(at);
}

/** Positions are in characters, from 1; what stands instead has one byte each. */
function originalPosition(
  position: number,
  sql: string,
  changes: readonly Change[],
): number {
  const count = (text: string) => [...text].length;
  let at = position;
  for (const { start, end, text } of changes) {
    const before = count(sql.slice(0, start));
    if (at <= before) break;
    at = Math.max(
      before + 1,
      at - text.length + count(sql.slice(start, end)),
    );
  }
  return at;
}
