/**
 * Names as they are written in SQL, and the names that they mean. It knows
 * case folding, quotes and the length that a name is cut at; it must not know
 * where a name stands.
 *
 * @module
 */

import { quoteQualified } from "./quote.ts";

/** A name that may have a schema before it; both as the catalog has them. */
export interface QualifiedName {
  /** The schema, where one is written. */
  readonly schema?: string;
  /** The name itself. */
  readonly name: string;
}

/** NAMEDATALEN - 1: PostgreSQL cuts a longer name, with a notice only. */
const MAX_BYTES = 63;

/**
 * A text with its ASCII letters in lower case, as PostgreSQL folds unquoted
 * words. (JavaScript's own folding makes `k` of the Kelvin sign.)
 *
 * @param text The text.
 * @returns The folded text.
 */
export function foldCase(text: string): string {
  return /[^\0-\x7f]/.test(text)
    ? text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
    : text.toLowerCase();
}

/**
 * What an unquoted word means as a name.
 *
 * @param word The word as written.
 * @returns The name as the catalog has it.
 */
export function wordName(word: string): string {
  return truncate(foldCase(word));
}

/**
 * What a quoted identifier means.
 *
 * @param text The identifier as written, `"…"` or `U&"…"`.
 * @param escape The escape character of the UESCAPE clause behind it.
 * @returns The name as the catalog has it.
 */
export function quotedName(text: string, escape = "\\"): string {
  const inside = text.slice(text.indexOf('"') + 1, -1).replaceAll('""', '"');
  return truncate(text.startsWith('"') ? inside : unescape(inside, escape));
}

/** Reads the `\XXXX` and `\+XXXXXX` of a U& constant or identifier. */
function unescape(text: string, escape: string): string {
  let result = "";
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character !== escape) {
      result += character;
      continue;
    }
    const rest = text.slice(i + 1, i + 8);
    const digits = /^(?:([0-9a-f]{4})|\+([0-9a-f]{6}))/i.exec(rest);
    if (digits === null) {
      // Doubled it stands for itself; anything else the server refuses.
      result += character;
      if (rest.startsWith(escape)) i++;
      continue;
    }
    const code = parseInt(digits[1] ?? digits[2] ?? "0", 16);
    if (code <= 0x10ffff) result += String.fromCodePoint(code);
    i += digits[0].length;
  }
  return result;
}

function truncate(name: string): string {
  // No character takes more than three bytes a UTF-16 unit.
  if (name.length * 3 <= MAX_BYTES) return name;
  let bytes = 0;
  let end = 0;
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > MAX_BYTES) return name.slice(0, end);
    end += character.length;
  }
  return name;
}

/**
 * One text for a relation's name that no other name has: its parts as SQL,
 * quoted only where they must be. `Users`, `users` and `"users"` are one.
 *
 * @param name The name.
 * @returns `schema.name` or `name`.
 */
export function relationKey(name: QualifiedName): string {
  return quoteQualified(name.schema, name.name);
}
