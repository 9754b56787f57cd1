/**
 * Reads a connection string as libpq does: a `postgres://` URL or a string of
 * `key=value` pairs. Knows the syntax only: no environment, files or defaults.
 * No message repeats a part of the string that could be a password.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  isSecretParameter,
  parameterRule,
  unknownParameter,
} from "./conninfo_parameters.ts";

/** What a connection string says, before defaults. */
export interface Conninfo {
  /** The parameters that are given, by libpq's names; a value may be empty. */
  readonly parameters: ReadonlyMap<string, string>;
}

const URL_SCHEME = /^postgres(?:ql)?:\/\//;

/**
 * Reads a connection string.
 *
 * @param text A URL (`postgres://…`, `postgresql://…`) or `key=value` pairs; an
 * empty one leaves everything to environment and defaults.
 * @returns The parameters that it names.
 * @throws {PawlError} `conninfo-invalid` for broken syntax or an unknown
 * parameter.
 *
 * @example Both forms say the same
 * ```ts
 * import { parseConninfo } from "./conninfo_parse.ts";
 * import assert from "node:assert/strict";
 *
 * const url = parseConninfo("postgres://ann@db1,db2:5433/app?sslmode=require");
 * assert.equal(url.parameters.get("host"), "db1,db2");
 * assert.equal(url.parameters.get("port"), ",5433");
 * const pairs = parseConninfo("host=db1 dbname='my app'");
 * assert.equal(pairs.parameters.get("dbname"), "my app");
 * ```
 */
export function parseConninfo(text: string): Conninfo {
  if (text.includes("\0")) throw invalid("it holds a NUL character");
  const scheme = URL_SCHEME.exec(text);
  if (scheme) return { parameters: parseUrl(text.slice(scheme[0].length)) };
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text)) {
    throw invalid(
      "its scheme is not PostgreSQL's",
      "a URL starts with postgres:// or postgresql://",
    );
  }
  return { parameters: parsePairs(text) };
}

function parseUrl(rest: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const put = (name: string, value: string) => {
    if (value !== "") parameters.set(name, value);
  };
  let at = 0;
  const credentials = /^([^:@/]*)(?::([^@/]*))?@/.exec(rest);
  if (credentials) {
    put("user", decode(credentials[1] ?? "", "user"));
    put("password", decode(credentials[2] ?? "", "password"));
    at = credentials[0].length;
  }
  const hosts: string[] = [];
  const ports: string[] = [];
  for (;;) {
    const host = /^(?:\[([^\]]*)\]|([^:/?,[]*))(?::([^/?,]*))?/.exec(
      rest.slice(at),
    );
    if (host === null) throw invalid("an IPv6 address lacks its closing ]");
    at += host[0].length;
    if (host[1] === "") throw invalid("an IPv6 address in [ ] is empty");
    const next = rest[at];
    const hostText = host[1] ?? host[2] ?? "";
    const portText = host[3] ?? "";
    // An unencoded "/", "@" or ":" in a password ends up here: show nothing.
    if (hostText.includes("@") || portText.includes("@")) {
      throw invalid("a host holds the character @", ENCODE_HINT);
    }
    if (!/^\d*$/.test(decode(portText, "port"))) {
      throw invalid("a port is no number", ENCODE_HINT);
    }
    if (next !== undefined && !"/?,".includes(next)) {
      throw invalid("what follows an IPv6 address in [ ] is no port");
    }
    hosts.push(decode(hostText, "host"));
    ports.push(decode(portText, "port"));
    if (next !== ",") break;
    at++;
  }
  // Libpq joins them with commas, so that an empty port stays in its place.
  if (hosts.some((host) => host !== "")) put("host", hosts.join(","));
  if (ports.some((port) => port !== "")) put("port", ports.join(","));
  if (rest[at] === "/") {
    const end = rest.indexOf("?", at);
    const dbname = rest.slice(at + 1, end < 0 ? rest.length : end);
    if (dbname.includes("@") && credentials === null && rest.includes(":")) {
      throw invalid("the database's name holds the character @", ENCODE_HINT);
    }
    put("dbname", decode(dbname, "dbname"));
    at = end < 0 ? rest.length : end;
  }
  if (rest[at] === "?") parseQuery(rest.slice(at + 1), parameters);
  return parameters;
}

function parseQuery(query: string, parameters: Map<string, string>): void {
  if (query === "") return;
  for (const pair of query.split("&")) {
    const parts = pair.split("=");
    const [rawName, rawValue] = parts;
    if (rawName === undefined || rawValue === undefined) {
      throw invalid("a parameter after ? lacks its =", ENCODE_HINT);
    }
    if (parts.length > 2) {
      throw invalid("a parameter after ? has two =", ENCODE_HINT);
    }
    let name = decode(rawName, "name of a parameter");
    let value = decode(rawValue, name);
    // Libpq's one courtesy to JDBC.
    if (name === "ssl" && value === "true") {
      [name, value] = ["sslmode", "require"];
    }
    if (parameterRule(name) === undefined) {
      throw unknownParameter(name, "the connection URL");
    }
    parameters.set(name, value);
  }
}

function parsePairs(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const pair =
    /\s*([^=\s]+)\s*=\s*(?:'((?:[^'\\]|\\[^])*)'|((?:[^\s\\]|\\[^])*\\?))/y;
  let at = 0;
  let last: string | undefined;
  while (/\S/.test(text.slice(at))) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (match === null) {
      throw last === undefined
        ? invalid(
          'it starts with something that is no "name = value" pair',
          "give a postgres:// URL, or pairs such as host=db1 dbname=app",
        )
        : invalid(
          `something that is no "name = value" pair follows "${last}"`,
          QUOTE_HINT,
        );
    }
    const name = match[1] ?? "";
    const bare = match[3];
    if (match[2] === undefined && bare?.startsWith("'")) {
      throw invalid(`the quoted value of "${safeName(name)}" has no end`);
    }
    if (parameterRule(name) === undefined) {
      // After an unquoted secret it may be the rest of that secret.
      throw last !== undefined && isSecretParameter(last)
        ? invalid(`no parameter follows "${last}"`, QUOTE_HINT)
        : unknownParameter(name, "the connection string");
    }
    last = name;
    parameters.set(
      name,
      (match[2] ?? bare ?? "").replace(/\\([^])/g, "$1").replace(/\\$/, ""),
    );
    at = pair.lastIndex;
  }
  return parameters;
}

const ENCODE_HINT =
  "percent-encode special characters: @ is %40, / is %2F, : is %3A, ? is %3F";
const QUOTE_HINT =
  "put single quotes around values with spaces, and write ' as \\'";

function safeName(name: string): string {
  return parameterRule(name) === undefined ? "?" : name;
}

function decode(text: string, what: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) {
    throw invalid(
      `${describePart(what)} has a % without two hexadecimal digits`,
      "percent-encode a literal % as %25",
    );
  }
  if (text.includes("%00")) throw invalid(`${describePart(what)} holds %00`);
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`${describePart(what)} is not percent-encoded UTF-8`);
  }
}

function describePart(what: string): string {
  return parameterRule(what) === undefined ? "a part of it" : `its ${what}`;
}

function invalid(state: string, hint?: string): PawlError {
  return new PawlError(
    "conninfo-invalid",
    `Cannot read the connection string: ${state}`,
    hint === undefined ? {} : { hint },
  );
}
