/**
 * A look into the code of a DO block: which of its words, also those in the
 * strings that it may execute, speak of locking or destroying something. It
 * is a guess by words, on the side of caution; it must not pretend to know
 * what the code does.
 *
 * @module
 */

import type { Destruction } from "./classification.ts";
import { Cursor, type SqlToken, tokensOf } from "./cursor.ts";
import { destructionsIn } from "./destructive.ts";

/** What the code of a DO block seems to do. */
export interface OpaqueCode {
  /** Whether it speaks of a statement that takes SHARE or a stronger lock. */
  readonly strongLock: boolean;
  /** What it seems to destroy. */
  readonly destructive: readonly Destruction[];
}

/** Strings within strings within strings are enough. */
const MAX_DEPTH = 3;

const LOCKING: ReadonlySet<string> = new Set([
  "alter",
  "cluster",
  "drop",
  "lock",
  "refresh",
  "reindex",
  "truncate",
]);

/** What CREATE locks another relation for; a new table locks none. */
const LOCKING_TYPES: ReadonlySet<string> = new Set([
  "constraint",
  "index",
  "policy",
  "rule",
  "trigger",
  "unique",
]);

/**
 * Looks into the code of a DO block.
 *
 * @param tokens The tokens of the DO statement.
 * @returns What the code seems to do.
 */
export function inspectCode(tokens: readonly SqlToken[]): OpaqueCode {
  let strongLock = false;
  const destructive: Destruction[] = [];
  const visit = (list: readonly SqlToken[], depth: number): void => {
    const cursor = new Cursor(list);
    for (; depth > 0 && !cursor.done; cursor.at++) {
      const word = cursor.word();
      if (LOCKING.has(word) || word === "references") strongLock = true;
      if (
        word === "create" &&
        (LOCKING_TYPES.has(cursor.word(1)) || cursor.isNext("create", "or"))
      ) {
        const type = cursor.word(1) === "or" ? cursor.word(3) : cursor.word(1);
        if (LOCKING_TYPES.has(type) || type === "view") strongLock = true;
      }
    }
    if (depth > 0) destructive.push(...destructionsIn(list));
    if (depth === MAX_DEPTH) return;
    for (const { kind, value } of list) {
      if (kind === "dollar_string" || kind === "string") {
        visit(tokensOf(contents(value)), depth + 1);
      }
    }
  };
  visit(tokens, 0);
  return {
    strongLock,
    destructive: destructive.map((destruction) => ({
      ...destruction,
      message: `${destruction.message}, in a DO block`,
    })),
  };
}

/** What is between the quotes, near enough to look for words. */
function contents(string: string): string {
  if (string.startsWith("$")) {
    const tag = string.indexOf("$", 1) + 1;
    return string.slice(tag, -tag);
  }
  const quote = string.indexOf("'") + 1;
  const inside = string.slice(quote, -1).replaceAll("''", "'");
  return quote === 2 && /^e/i.test(string)
    ? inside.replaceAll(/\\n/g, "\n").replaceAll(/\\(.)/gs, "$1")
    : inside;
}
