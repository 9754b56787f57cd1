/**
 * The relations that a statement locks, as a value, and how it is made from
 * names. It must not know which statement locks what.
 *
 * @module
 */

import { Cursor, type SqlToken } from "./cursor.ts";
import { type QualifiedName, relationKey } from "./names.ts";

/** A lock mode that writers wait for. */
export type StrongMode =
  | "SHARE"
  | "SHARE ROW EXCLUSIVE"
  | "EXCLUSIVE"
  | "ACCESS EXCLUSIVE";

/** Those modes, weakest first. */
export const STRONG_MODES: readonly StrongMode[] = [
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

/** What a statement locks in SHARE or a stronger mode. */
export interface StrongLocks {
  /** The mode for each relation that it names, by `relationKey()`. */
  readonly modes: ReadonlyMap<string, StrongMode>;
  /** Whether it may lock others too. */
  readonly others: boolean;
}

/** No such lock. */
export const NO_LOCKS: StrongLocks = { modes: new Map(), others: false };

/** The stronger of two modes. */
export function stronger(a: StrongMode, b: StrongMode): StrongMode {
  return STRONG_MODES.indexOf(a) < STRONG_MODES.indexOf(b) ? b : a;
}

/**
 * Makes the answer from names.
 *
 * @param names The relations; those that could not be read are left out.
 * @param how The mode, ACCESS EXCLUSIVE by default, and whether others may be
 * locked too.
 * @returns The locks; others, too, where no name could be read.
 */
export function locksOn(
  names: readonly (QualifiedName | undefined)[],
  how: { readonly mode?: StrongMode; readonly others?: boolean } = {},
): StrongLocks {
  const { mode = "ACCESS EXCLUSIVE", others = false } = how;
  const known = names.filter((name) => name !== undefined);
  return {
    modes: new Map(known.map((name) => [relationKey(name), mode])),
    others: others || known.length < names.length || known.length === 0,
  };
}

/**
 * What several parts of a statement lock, as one.
 *
 * @param all What each of them locks.
 */
export function allLocks(all: readonly StrongLocks[]): StrongLocks {
  const modes = new Map<string, StrongMode>();
  for (const locks of all) {
    for (const [relation, mode] of locks.modes) {
      modes.set(relation, stronger(mode, modes.get(relation) ?? mode));
    }
  }
  return { modes, others: all.some(({ others }) => others) };
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
