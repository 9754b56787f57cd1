/**
 * The lines that the hash of a schema is over: an address and a hash each, in
 * the order of addresses. Pure.
 *
 * @module
 */

import { hashOfLines } from "./hash.ts";

/** An address and a hash in a line; it sorts as the address. */
const BETWEEN = "\0";

/** What stands in a line behind its address: with {@linkcode BETWEEN}, 64 digits and a line feed. */
const BEHIND = 66;

/** Lines, and the hash over them. */
export interface HashedLines {
  /** In the order of addresses. */
  readonly lines: readonly string[];
  /** `h1:` and 64 hex digits. */
  readonly hash: string;
}

/** Lines in the order of addresses with the hash over them. */
export function hashedLines(lines: readonly string[]): HashedLines {
  return { lines, hash: hashOfLines(lines) };
}

/** The line of an object. */
export function lineOf(address: string, hash: string): string {
  return `${address}${BETWEEN}${hash}\n`;
}

/** The address in a line. */
export function addressIn(line: string): string {
  return line.slice(0, -BEHIND);
}

/** Whether two lines that stand next to each other are of one address. */
export function isTwin(line: string, next: string | undefined): boolean {
  // Most lines differ in their length, or there.
  const last = line.length - BEHIND - 1;
  return line.length === next?.length &&
    line.charCodeAt(last) === next.charCodeAt(last) &&
    addressIn(line) === addressIn(next);
}

/**
 * The lines of objects' hashes.
 *
 * @param hashes By address.
 */
export function linesOf(hashes: ReadonlyMap<string, string>): HashedLines {
  return hashedLines(
    [...hashes].map(([address, hash]) => lineOf(address, hash)).sort(),
  );
}

/**
 * The hash of every object by address.
 *
 * @param lines The lines.
 */
export function hashesIn(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => [addressIn(line), line.slice(1 - BEHIND, -1)]),
  );
}

/**
 * Where two schemas differ.
 *
 * @param from The lines of one.
 * @param to Those of the other.
 * @returns Addresses in their order.
 */
export function differingIn(
  from: readonly string[],
  to: readonly string[],
): string[] {
  const found = new Set<string>();
  for (let i = 0, j = 0; i < from.length || j < to.length;) {
    const [a, b] = [from[i], to[j]];
    if (a === b) {
      i++;
      j++;
    } else if (b === undefined || (a !== undefined && a < b)) {
      found.add(addressIn(a ?? ""));
      i++;
    } else {
      found.add(addressIn(b));
      j++;
    }
  }
  return [...found].sort();
}
