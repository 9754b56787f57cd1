/**
 * The password file (`~/.pgpass`): its lines, and which of them fits a
 * connection. Knows no files: the text is passed in.
 *
 * @module
 */

import type { FileContent } from "./conninfo_context.ts";

/** What a line of the password file is matched with. */
export interface PassfileKey {
  /** The host as it was named; `localhost` for the default socket directory. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** The database. */
  readonly database: string;
  /** The user. */
  readonly user: string;
}

/**
 * The password for a connection: that of the first line that fits.
 *
 * @param text The text of a password file.
 * @param key What is connected to.
 * @returns The password, or undefined when no line fits.
 *
 * @example A star fits everything
 * ```ts
 * import { passfilePassword } from "./passfile.ts";
 * import assert from "node:assert/strict";
 *
 * const key = { host: "db1", port: 5432, database: "app", user: "ann" };
 * assert.equal(passfilePassword("db2:*:*:ann:two\ndb1:*:*:ann:one", key), "one");
 * ```
 */
export function passfilePassword(
  text: string,
  key: PassfileKey,
): string | undefined {
  const wanted = [key.host, String(key.port), key.database, key.user];
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    const fields = splitLine(line.replace(/\r$/, ""));
    if (fields === undefined) continue;
    const fits = wanted.every((value, i) => {
      const field = fields.matched[i];
      // Only an unescaped, lone star is the wildcard.
      return field?.raw === "*" || field?.value === value;
    });
    if (fits) return fields.password === "" ? undefined : fields.password;
  }
  return undefined;
}

/**
 * Why a password file must not be used.
 *
 * @param path Its path, for the message.
 * @param file The file.
 * @returns A warning, or undefined when it may be used.
 */
export function passfileObjection(
  path: string,
  file: FileContent,
): string | undefined {
  return file.mode !== null && (file.mode & 0o077) !== 0
    ? `password file "${path}" is ignored: group or others have access to it ` +
      `(chmod 0600 ${path})`
    : undefined;
}

interface PassfileLine {
  readonly matched: readonly { readonly raw: string; readonly value: string }[];
  readonly password: string;
}

function splitLine(line: string): PassfileLine | undefined {
  const matched: { raw: string; value: string }[] = [];
  let at = 0;
  while (matched.length < 4) {
    const field = /(?:[^:\\]|\\[^])*/y;
    field.lastIndex = at;
    const raw = field.exec(line)?.[0] ?? "";
    at += raw.length;
    if (line[at] !== ":") return undefined;
    at++;
    matched.push({ raw, value: unescape(raw) });
  }
  // The password ends at an unescaped colon or at the line's end.
  const rest = /^(?:[^:\\]|\\[^])*\\?/.exec(line.slice(at))?.[0] ?? "";
  return { matched, password: unescape(rest) };
}

function unescape(raw: string): string {
  return raw.replace(/\\([^])/g, "$1");
}
