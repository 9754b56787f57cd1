/**
 * Removes secrets from text that is shown: from connection strings, well formed
 * or not, and from any text by a list of known secrets. Knows no connections.
 * When in doubt it hides too much.
 *
 * @module
 */

import { isSecretParameter } from "./conninfo_parameters.ts";

/** What stands in the place of a secret. */
export const REDACTED = "***";

/**
 * Hides the secrets of a connection string, also of one that cannot be parsed.
 *
 * @param text A URL or `key=value` pairs.
 * @returns The same text with `***` for every password and passphrase.
 *
 * @example Passwords disappear wherever they stand
 * ```ts
 * import { redactConninfo } from "./redact.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(redactConninfo("postgres://ann:s3cret@db/app"), "postgres://ann:***@db/app");
 * assert.equal(redactConninfo("host=db password='s3 cret'"), "host=db password=***");
 * ```
 */
export function redactConninfo(text: string): string {
  const scheme = /^\s*[A-Za-z][A-Za-z0-9+.-]*:\/\//.exec(text);
  if (scheme === null) return redactPairs(text);
  const rest = text.slice(scheme[0].length);
  const query = /\?(?=[A-Za-z_%][A-Za-z0-9_%]*=)/.exec(rest);
  const authority = query === null ? rest : rest.slice(0, query.index);
  return scheme[0] + redactAuthority(authority) +
    (query === null ? "" : "?" + redactQuery(rest.slice(query.index + 1)));
}

/**
 * Hides known secrets wherever they occur in a text, also percent-encoded or
 * with doubled quotes.
 *
 * @param text Any text.
 * @param secrets The secrets; empty ones are passed over.
 * @returns The text with `***` in their places.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret === "") continue;
    forms.add(secret);
    forms.add(encodeURIComponent(secret.toWellFormed()));
    forms.add(secret.replaceAll("'", "''"));
    forms.add(secret.replaceAll("\\", "\\\\").replaceAll("'", "\\'"));
  }
  // The longest first: one secret may be the beginning of another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  if (ordered.length === 0) return text;
  const pattern = ordered.map((each) =>
    each.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  );
  return text.replace(new RegExp(pattern.join("|"), "g"), REDACTED);
}

function redactAuthority(text: string): string {
  // The last @: a password may hold unencoded ones, and slashes too.
  const end = text.lastIndexOf("@");
  const start = text.indexOf(":");
  if (end >= 0) {
    return start >= 0 && start < end
      ? `${text.slice(0, start + 1)}${REDACTED}${text.slice(end)}`
      : text;
  }
  // A "port" that is none is a piece of a password that lost its @.
  return text.replace(
    /(^|[^[:\]]):([^/,:[\]]*[^/,:[\]0-9][^/,:[\]]*)/g,
    `$1:${REDACTED}`,
  );
}

function redactQuery(query: string): string {
  let afterSecret = false;
  return query.split("&").map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 0) return afterSecret ? REDACTED : pair;
    afterSecret = isSecretParameter(looseDecode(pair.slice(0, equals)));
    return afterSecret ? pair.slice(0, equals + 1) + REDACTED : pair;
  }).join("&");
}

function redactPairs(text: string): string {
  const pair =
    /(\s*)([^=\s]+)(\s*=\s*)('(?:[^'\\]|\\[^])*'?|(?:[^\s\\]|\\[^])*\\?)/y;
  let out = "";
  let at = 0;
  let afterSecret = false;
  while (at < text.length) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) {
      const tail = text.slice(at);
      return out + (afterSecret && tail.trim() !== "" ? ` ${REDACTED}` : tail);
    }
    const [whole, space, name, equals, value] = match;
    const unknown: boolean = afterSecret && !/^[a-z_]+$/.test(name ?? "");
    afterSecret = unknown || isSecretParameter(name ?? "");
    out += unknown
      ? `${space}${REDACTED}`
      : `${space}${name}${equals}${afterSecret ? REDACTED : value}`;
    at += whole.length;
  }
  return out;
}

function looseDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
