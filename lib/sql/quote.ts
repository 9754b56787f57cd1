/**
 * Names and values as SQL text. It knows PostgreSQL's quoting rules and its
 * keywords; it must not know what is quoted.
 *
 * @module
 */

import { QUOTED_KEYWORDS } from "./keywords.ts";
import { PawlError } from "../errors.ts";

/**
 * An identifier as SQL: quoted only where it has to be.
 *
 * @param name The name itself, without quotes.
 * @returns The name, in double quotes where it is a keyword or not a simple
 * lower-case identifier.
 * @throws {PawlError} `internal` for what no identifier can be: an empty name
 * or one with a NUL character.
 *
 * @example
 * ```ts
 * import { quoteIdentifier } from "./quote.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(quoteIdentifier("users"), "users");
 * assert.equal(quoteIdentifier("order"), '"order"');
 * assert.equal(quoteIdentifier('a"b'), '"a""b"');
 * ```
 */
export function quoteIdentifier(name: string): string {
  if (name === "") {
    throw new PawlError("internal", "Cannot quote a name: it is empty");
  }
  refuseNul(name, "a name");
  return /^[a-z_][a-z0-9_]*$/.test(name) && !QUOTED_KEYWORDS.has(name)
    ? name
    : `"${name.replaceAll('"', '""')}"`;
}

/**
 * A qualified name as SQL.
 *
 * @param parts The parts, outermost first; those that are undefined are left
 * out, so that an optional schema can be passed as it is.
 * @returns The parts, each quoted where it has to be, joined by dots.
 */
export function quoteQualified(
  ...parts: readonly (string | undefined)[]
): string {
  return parts.filter((part) => part !== undefined).map(quoteIdentifier)
    .join(".");
}

/**
 * A string constant as SQL, that reads the same whatever
 * `standard_conforming_strings` is.
 *
 * @param value The string.
 * @returns `'…'`, or `E'…'` where it has a backslash in it.
 * @throws {PawlError} `internal` for a string with a NUL character.
 */
export function quoteLiteral(value: string): string {
  refuseNul(value, "a string");
  const quoted = value.replaceAll("'", "''");
  return quoted.includes("\\")
    ? `E'${quoted.replaceAll("\\", "\\\\")}'`
    : `'${quoted}'`;
}

/**
 * A string constant as SQL in dollar quotes.
 *
 * @param body The string.
 * @param tag The tag to try first.
 * @returns The body between the first of `$tag$`, `$tag1$`, `$tag2$`, … that
 * it cannot close by itself.
 * @throws {PawlError} `internal` for a body with a NUL character or a tag that
 * is none.
 */
export function dollarQuote(body: string, tag = ""): string {
  refuseNul(body, "a body");
  if (!/^([A-Za-z_][A-Za-z0-9_]*)?$/.test(tag)) {
    throw new PawlError("internal", `Cannot quote a body: ${tag} is no tag`);
  }
  for (let n = 0;; n++) {
    const delimiter = n === 0 ? `$${tag}$` : `$${tag || "_"}${n}$`;
    // A body that ends in `$` or in `$tag` would close with the delimiter's
    // own first characters.
    if (!(body + delimiter.slice(0, -1)).includes(delimiter)) {
      return `${delimiter}${body}${delimiter}`;
    }
  }
}

function refuseNul(text: string, what: string): void {
  if (text.includes("\0")) {
    throw new PawlError(
      "internal",
      `Cannot quote ${what}: it has a NUL character, which PostgreSQL cannot store`,
    );
  }
}
