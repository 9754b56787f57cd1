/**
 * Files of `NAME=VALUE` lines (`.env`), and how they add to the environment:
 * never overriding it. It reads text only, expands nothing and runs nothing.
 *
 * @module
 */
import { PawlError } from "../errors.ts";
import type { Variable, Variables } from "./variables.ts";

const NAME = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/;

/**
 * Reads the text of an env file: blank lines and `#` comments, an optional
 * `export`, bare values up to ` #`, 'single' quotes as they stand, "double"
 * quotes with `\n`, `\r`, `\t`, `\"`, `\\` and `\$`; quotes may span lines.
 *
 * @param text The text.
 * @param file Its path as a user would type it.
 * @returns The variables, each with the line it came from; of two the last wins.
 * @throws {PawlError} `config-invalid` with file and line; values are not repeated.
 */
export function parseEnvFile(text: string, file: string): Variables {
  const variables = new Map<string, Variable>();
  const source = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const end = lineEnd(source, at);
    const content = source.slice(at, end);
    const indent = content.length - content.trimStart().length;
    if (content.trim() === "" || content.trimStart().startsWith("#")) {
      at = end + 1;
      line++;
      continue;
    }
    const name = NAME.exec(content.slice(indent));
    if (name === null) {
      throw problem(file, line, "this line is not NAME=VALUE");
    }
    const value = readValue(source, at + indent + name[0].length);
    if (typeof value === "string") throw problem(file, line, value);
    variables.set(name[1] ?? "", {
      value: value.text,
      origin: `${name[1]} (${file}:${line})`,
    });
    line += source.slice(at, value.next).split("\n").length - 1;
    at = value.next;
  }
  return variables;
}

/** A value and where the next line starts, or what is wrong. */
function readValue(
  source: string,
  start: number,
): { readonly text: string; readonly next: number } | string {
  const quote = source[start];
  if (quote !== '"' && quote !== "'") {
    const end = lineEnd(source, start);
    const bare = source.slice(start, end);
    // A "#" inside a word or right after the "=" belongs to it: passwords have them.
    const comment = source[start - 1] === "="
      ? /[ \t]+#.*$/
      : /(?:^|[ \t]+)#.*$/;
    const text = bare.replace(comment, "").trimEnd();
    return { text, next: end + 1 };
  }
  let text = "";
  let at = start + 1;
  for (; at < source.length && source[at] !== quote; at++) {
    const character = source[at] ?? "";
    if (quote === '"' && character === "\\" && at + 1 < source.length) {
      at++;
      text += unescape(source[at] ?? "");
    } else {
      text += character;
    }
  }
  if (at >= source.length) return "the quoted value has no end";
  const end = lineEnd(source, at);
  if (!/^[ \t]*(?:#.*)?$/.test(source.slice(at + 1, end))) {
    return "something follows the closing quote";
  }
  return { text, next: end + 1 };
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

function unescape(character: string): string {
  switch (character) {
    case "n":
      return "\n";
    case "r":
      return "\r";
    case "t":
      return "\t";
    case '"':
    case "\\":
    case "$":
      return character;
    default:
      return `\\${character}`;
  }
}

function problem(file: string, line: number, what: string): PawlError {
  return new PawlError(
    "config-invalid",
    `Cannot read ${file}:${line}: ${what}`,
    {
      location: { file, line },
      hint: "Write NAME=value, NAME=\"value\" or NAME='value'",
    },
  );
}

/**
 * Adds the variables of a file to those of the process.
 *
 * @param real The variables of the process, which win even where they are empty.
 * @param added The variables of the file.
 * @returns Both.
 */
export function addVariables(real: Variables, added: Variables): Variables {
  return new Map([...added, ...real]);
}
