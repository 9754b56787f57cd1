/**
 * What a text names where a source is expected. It looks at the file system
 * only to tell a directory from a version behind an `@`; it reads nothing.
 *
 * @module
 */

import { resolve } from "node:path";
import { isConninfo } from "../config/secrets.ts";
import { PawlError } from "../errors.ts";

/** A source of a schema. */
export type Source =
  /** A live database. */
  | { readonly kind: "server"; readonly url: string }
  /** An embedded database; without a directory a throw-away one. */
  | { readonly kind: "embedded"; readonly directory: string | undefined }
  /** DDL in files and directories, in any order; models in `.ts` and `.js` files. */
  | { readonly kind: "files"; readonly paths: readonly string[] }
  /** DDL on standard input. */
  | { readonly kind: "stdin" }
  /** DDL that a program prints. */
  | { readonly kind: "program"; readonly program: readonly string[] }
  /** A snapshot file. */
  | { readonly kind: "snapshot"; readonly path: string }
  /** What migrations leave, up to a version. */
  | {
    readonly kind: "migrations";
    readonly directory: string;
    readonly target: string | undefined;
  }
  /** What an environment of `pawl.toml` names. */
  | { readonly kind: "environment"; readonly name: string };

/**
 * Reads the name of a source.
 *
 * @param text Such as `postgres://…`, `schema`, `snapshot.json`, `env:prod`.
 * @param cwd The directory that paths are relative to.
 * @returns The source; its paths are absolute.
 * @throws {PawlError} `usage` for a text that names none. It is not repeated
 * where a password may be in it.
 *
 * @example
 * ```ts
 * import { parseSource } from "./parse_source.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseSource("migrations:db/migrations@0007", "/app"), {
 *   kind: "migrations",
 *   directory: "/app/db/migrations",
 *   target: "0007",
 * });
 * ```
 */
export function parseSource(text: string, cwd: string): Source {
  if (text.trim() === "") throw noSource("it is empty");
  if (text === "-") return { kind: "stdin" };
  if (/^postgres(?:ql)?:\/\//.test(text) || isConninfo(text)) {
    return { kind: "server", url: text };
  }
  const prefixed = /^(pglite|migrations|env|file):(.*)$/s.exec(text);
  if (prefixed !== null) {
    return parsePrefixed(prefixed[1] ?? "", prefixed[2] ?? "", cwd);
  }
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(text)?.[1];
  if (scheme !== undefined) {
    throw noSource(`it is a "${scheme}:" address, which pawl cannot read`);
  }
  const path = resolve(cwd, text);
  return /\.json$/i.test(text)
    ? { kind: "snapshot", path }
    : { kind: "files", paths: [path] };
}

function parsePrefixed(prefix: string, rest: string, cwd: string): Source {
  switch (prefix) {
    case "pglite":
      if (rest.startsWith("//")) {
        throw noSource(
          'it has a URL after "pglite:", where a directory belongs',
        );
      }
      return {
        kind: "embedded",
        directory: rest === "" ? undefined : resolve(cwd, rest),
      };
    case "migrations":
      return parseMigrations(rest, cwd);
    case "env":
      if (rest === "") throw noSource("env: names no environment");
      return { kind: "environment", name: rest };
    default:
      throw noSource("a file or directory is named by its path alone");
  }
}

function parseMigrations(rest: string, cwd: string): Source {
  const whole = resolve(cwd, rest);
  const at = rest.lastIndexOf("@");
  if (rest === "" || at === 0) {
    throw noSource("migrations: names no directory");
  }
  if (at < 0 || isThere(whole)) {
    return { kind: "migrations", directory: whole, target: undefined };
  }
  const target = rest.slice(at + 1);
  if (target === "") throw noSource("there is no version behind the @");
  return {
    kind: "migrations",
    directory: resolve(cwd, rest.slice(0, at)),
    target: target === "head" ? undefined : target,
  };
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function noSource(because: string): PawlError {
  return new PawlError("usage", `Cannot read a schema: ${because}`, {
    hint:
      "A source is postgres://…, pglite:DIR, a directory or .sql file, a .ts or .js file of models, a .json snapshot, migrations:DIR[@VERSION], env:NAME, or - for standard input",
  });
}
