/**
 * What a text must look like to name a database: a URL, libpq's `key=value`,
 * `pglite:DIR` or `none`. It neither resolves libpq's parameters nor connects.
 *
 * @module
 */
import { resolve } from "node:path";
import { isConninfo } from "./secrets.ts";

/** What names a database, as the end of "Accepted: …". */
export const ACCEPTED_SOURCES =
  'postgres://…, libpq\'s "key=value …", pglite:DIR, pglite: (throw-away), or none';

/**
 * What keeps a text from naming a database. The text itself is not repeated,
 * for a password may be in it.
 *
 * @param source The text.
 * @returns What is wrong, as the rest of a sentence, or undefined where nothing is.
 */
export function checkSource(source: string): string | undefined {
  if (source.trim() === "") return "is empty";
  // deno-lint-ignore no-control-regex -- a NUL ends a string of the protocol, the others forge output
  if (/[\u0000-\u001f\u007f]/.test(source)) {
    return "has a control character in it";
  }
  if (source === "none") return undefined;
  if (/^postgres(?:ql)?:\/\//.test(source)) return undefined;
  if (/^pglite:/.test(source)) {
    return source.startsWith("pglite://")
      ? 'has a URL after "pglite:", where a directory belongs'
      : undefined;
  }
  if (isConninfo(source)) return undefined;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]{0,20}):/.exec(source)?.[1];
  return scheme === undefined
    ? "is no address of a database"
    : `is a "${scheme}:" address, which pawl cannot connect to`;
}

/**
 * Makes the directory of `pglite:DIR` absolute; any other source stays as it is.
 *
 * @param source A source that {@linkcode checkSource} accepts.
 * @param base The absolute directory that DIR is relative to.
 * @returns The source.
 */
export function absoluteSource(source: string, base: string): string {
  const directory = /^pglite:(.+)$/s.exec(source)?.[1];
  return directory === undefined
    ? source
    : `pglite:${resolve(base, directory)}`;
}
