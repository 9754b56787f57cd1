/**
 * The relations that a statement locks, as a value, and how it is made from
 * names. It must not know which statement locks what.
 *
 * @module
 */

import { Cursor, type SqlToken } from "./cursor.ts";
import { type QualifiedName, relationKey } from "./names.ts";

/** What a statement locks in SHARE or a stronger mode. */
export interface StrongLocks {
  /** The relations that it names, by `relationKey()`. */
  readonly relations: readonly string[];
  /** Whether it may lock others too. */
  readonly others: boolean;
}

/** No such lock. */
export const NO_LOCKS: StrongLocks = { relations: [], others: false };

/**
 * Makes the answer from names.
 *
 * @param names The relations; those that could not be read are left out.
 * @param others Whether others may be locked too.
 * @returns The locks; others, too, where no name could be read.
 */
export function locksOn(
  names: readonly (QualifiedName | undefined)[],
  others = false,
): StrongLocks {
  const known = names.filter((name) => name !== undefined);
  return {
    relations: [...new Set(known.map(relationKey))],
    others: others || known.length < names.length || known.length === 0,
  };
}

/**
 * The tables that foreign keys refer to, wherever in these tokens.
 * `REFERENCES` is reserved, so that elsewhere it is only a label.
 *
 * @param tokens Tokens of CREATE or ALTER TABLE.
 * @returns The tables.
 */
export function referencedTables(tokens: readonly SqlToken[]): QualifiedName[] {
  const found: QualifiedName[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word" || token.value !== "references") continue;
    const before = tokens[at - 1];
    if (before?.value === "." || before?.value === "as") continue;
    const name = new Cursor(tokens, at + 1).name();
    if (name !== undefined) found.push(name);
  }
  return found;
}
