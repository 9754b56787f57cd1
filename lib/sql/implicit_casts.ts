/**
 * Casts that the server writes out when it is asked for an expression, but
 * that mean something else when they are read again. Pure.
 *
 * `status IN ('a', 'b')` of a `varchar` column compares as text: the server
 * casts the array, and says `ANY ((ARRAY[…])::text[])`. Read again, that is a
 * cast of each element: the same rows, but another expression, which pg_dump
 * shows as a difference for ever. Without the cast it is the first one again.
 *
 * @module
 */

/** Types that are compared as another one, for which they have no operators of their own. */
const COMPARED_AS: readonly (readonly [string, string])[] = [
  ["character varying", "text"],
  ["cidr", "inet"],
  ["regclass", "oid"],
];

/** String constants and quoted names, which are left alone. */
const QUOTED = `'(?:[^']|'')*'|"(?:[^"]|"")*"`;

const CASTS = COMPARED_AS.map(([element, type]) => {
  const constant = `(?:E?'(?:[^']|'')*'|NULL)::${element}(?:\\(\\d+\\))?`;
  const left = `::${type}(?: COLLATE [^()']+\\))?`;
  return {
    sign: `])::${type}[])`,
    pattern: new RegExp(
      `(${left} [-+*/<>=~!@#%^&|\`?]+ (?:ANY|ALL) \\()\\(` +
        `(ARRAY\\[${constant}(?:, ${constant})*\\])\\)::${type}\\[\\](?=\\))` +
        `|${QUOTED}`,
      "g",
    ),
  };
});

/**
 * An expression, query or statement as the server deparses it, so written that
 * it is the same when it is read again.
 *
 * @param sql The SQL.
 * @returns The SQL without casts that go without saying.
 *
 * @example
 * ```ts
 * import { withoutImplicitCasts } from "./implicit_casts.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   withoutImplicitCasts(
 *     "((s)::text = ANY ((ARRAY['a'::character varying])::text[]))",
 *   ),
 *   "((s)::text = ANY (ARRAY['a'::character varying]))",
 * );
 * ```
 */
export function withoutImplicitCasts(sql: string): string {
  let text = sql;
  for (const { sign, pattern } of CASTS) {
    if (!text.includes(sign)) continue;
    text = text.replace(
      pattern,
      (whole: string, before?: string, array?: string) =>
        before === undefined || array === undefined ? whole : before + array,
    );
  }
  return text;
}
