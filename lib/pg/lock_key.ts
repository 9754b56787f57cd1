/**
 * The two numbers of the advisory lock that one project's runs exclude one
 * another with.
 *
 * @module
 */

import { createHash } from "@std/crypto";

/** The first key of every advisory lock that pawl takes: `pawl` in ASCII. */
export const LOCK_CLASS = 1885435756;

/** Every statement of a run asks for the same one. */
const KEYS = new Map<string, number>();

/**
 * The second key: the first four bytes of SHA-256 over the history schema's
 * and the project's names, as PostgreSQL's signed integer.
 *
 * @param historySchema The name of the history schema, such as `pawl`.
 * @param project The project's name, such as `default`.
 * @returns An integer from -2147483648 to 2147483647.
 */
export function lockKey(historySchema: string, project: string): number {
  const name = `${historySchema}\0${project}`;
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  const key = createHash("sha256")
    .update(name)
    .digest()
    .readInt32BE(0);
  KEYS.set(name, key);
  return key;
}
