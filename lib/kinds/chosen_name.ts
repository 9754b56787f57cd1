/**
 * The names that PostgreSQL chooses for indexes: NAMEDATALEN is 64, so a name
 * has 63 bytes. Pure.
 *
 * @module
 */

const MOST_BYTES = 63;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/**
 * What the server puts together: `table_columns_label`, the longer of table
 * and columns shortened until it fits.
 *
 * @param table The name of the table.
 * @param columns The columns, joined; undefined: there are none in the name.
 * @param label Such as `idx`.
 *
 * @example
 * ```ts
 * import { chosenName } from "./chosen_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(chosenName("users", "email", "idx"), "users_email_idx");
 * assert.equal(chosenName("users", undefined, "pkey"), "users_pkey");
 * ```
 */
export function chosenName(
  table: string,
  columns: string | undefined,
  label: string,
): string {
  const first = ENCODER.encode(table);
  const second = ENCODER.encode(columns ?? "");
  const room = MOST_BYTES - (columns === undefined ? 0 : 1) -
    (ENCODER.encode(label).length + 1);
  let [one, two] = [first.length, second.length];
  while (one + two > room) {
    if (one > two) one--;
    else two--;
  }
  return [
    clip(first, one),
    ...(columns === undefined ? [] : [clip(second, two)]),
    label,
  ].join("_");
}

/**
 * Columns as a chosen name has them: what is longer than a name ends with the
 * column that makes it so.
 *
 * @param columns Their names.
 */
export function joinedColumns(columns: readonly string[]): string {
  let text = "";
  for (const column of columns) {
    text += text === "" ? column : `_${column}`;
    if (ENCODER.encode(text).length > MOST_BYTES) break;
  }
  return text;
}

/**
 * A name that nothing has: with a suffix, and with a number where that is
 * taken.
 *
 * @param name What it is for.
 * @param taken Whether something has a name.
 */
export function temporaryName(
  name: string,
  taken: (name: string) => boolean,
): string {
  for (let n = 0;; n++) {
    const made = suffixed(name, n === 0 ? "_pawl" : `_pawl${n}`);
    if (!taken(made)) return made;
  }
}

/**
 * Whether a name is one that {@linkcode temporaryName} makes.
 *
 * @param made The name.
 * @param name What it would be for.
 */
export function isTemporaryName(made: string, name: string): boolean {
  const suffix = /_pawl(?:[1-9]\d*)?$/.exec(made)?.[0];
  return suffix !== undefined && made === suffixed(name, suffix);
}

function suffixed(name: string, suffix: string): string {
  return clip(ENCODER.encode(name), MOST_BYTES - suffix.length) + suffix;
}

/** The first bytes, as many as are whole characters. */
function clip(bytes: Uint8Array, length: number): string {
  let end = Math.min(length, bytes.length);
  // A byte that starts with the bits 10 goes on with a character.
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return DECODER.decode(bytes.subarray(0, end));
}
