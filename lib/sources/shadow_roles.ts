/**
 * What the roles that a schema names lack in a throw-away database, where they
 * are nobody's: to be there, and to own an event trigger. Pure.
 *
 * @module
 */

import type { ServerError } from "../pg/session.ts";
import { quoteIdentifier } from "../sql/quote.ts";

/** The role that an error says is missing. */
export function missingRole(error: ServerError): string | undefined {
  return error.sqlstate === "42704"
    ? /^role "(.*)" does not exist$/s.exec(error.message)?.[1]
    : undefined;
}

/** A name, quoted or not, as SQL has it. */
const OWNED =
  /\bALTER\s+EVENT\s+TRIGGER\s+(?:"(?:[^"]|"")*"|\w+)\s+OWNER\s+TO\s+("(?:[^"]|"")*"|\w+)/gi;

/**
 * The SQL that gives roles what an error says they lack: existence, or, to own
 * an event trigger, to be a superuser.
 *
 * @param error What the server said.
 * @param text The SQL that it said that of.
 * @returns Undefined for any other error.
 */
export function roleRemedy(
  error: ServerError,
  text: string,
): string | undefined {
  const role = missingRole(error);
  if (role !== undefined) return `CREATE ROLE ${quoteIdentifier(role)}`;
  if (
    error.sqlstate !== "42501" ||
    !error.message.startsWith("permission denied to change owner of event")
  ) return undefined;
  const owners = new Set([...text.matchAll(OWNED)].map(([, name]) => name));
  return owners.size === 0
    ? undefined
    : [...owners].map((name) => `ALTER ROLE ${name} SUPERUSER`).join(";\n");
}
