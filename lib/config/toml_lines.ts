/**
 * Where each key of a TOML document stands. The parser tells values but no
 * places, so this reads the text once more, for the keys only. It trusts that
 * the parser has accepted the text, and never judges it.
 *
 * @module
 */
import { parse } from "@std/toml";

/** The parts of a dotted key, from the document's root; an array's items count from 0. */
export type KeyPath = readonly string[];

/** A place in a text, both numbers from 1. */
export interface Position {
  /** The line. */
  readonly line: number;
  /** The column in characters. */
  readonly column: number;
}

/**
 * Reads where the keys of a document stand.
 *
 * @param source A TOML document that parses.
 * @returns A function from a key's path to its first place; undefined where there is none.
 */
export function locateKeys(
  source: string,
): (path: KeyPath) => Position | undefined {
  const offsets = keyOffsets(source);
  return (path) => {
    const offset = offsets.get(JSON.stringify(path));
    if (offset === undefined) return undefined;
    const before = source.slice(0, offset);
    const lineStart = before.lastIndexOf("\n") + 1;
    return {
      line: before.split("\n").length,
      column: [...before.slice(lineStart)].length + 1,
    };
  };
}

function keyOffsets(source: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  const items = new Map<string, number>();
  let at = source.startsWith("\uFEFF") ? 1 : 0;

  function record(path: KeyPath, offset: number): void {
    const key = JSON.stringify(path);
    if (!offsets.has(key)) offsets.set(key, offset);
  }

  /** Records a key and every table that its dots open. */
  function recordKey(base: KeyPath, key: KeyPath, offset: number): KeyPath {
    for (let i = 1; i <= key.length; i++) {
      record([...base, ...key.slice(0, i)], offset);
    }
    return [...base, ...key];
  }

  function skip(pattern: RegExp): string {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0] ?? "";
    at += text.length;
    return text;
  }

  const skipBlank = () => skip(/(?:[ \t\r\n]|#[^\n]*)*/y);
  const skipSpace = () => skip(/[ \t]*/y);

  function readKey(): string[] {
    const parts: string[] = [];
    do {
      skipSpace();
      if (source[at] === '"' || source[at] === "'") {
        parts.push(unquoteKey(readString()));
      } else {
        parts.push(skip(/[^\s.=\]#"']*/y));
      }
      skipSpace();
    } while (skip(/\./y) !== "");
    return parts;
  }

  function readString(): string {
    return skip(
      /"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|'''(?:[^']|'{1,2}(?!'))*'{3,5}|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?/y,
    );
  }

  function readEntry(base: KeyPath): void {
    const offset = at;
    const path = recordKey(base, readKey(), offset);
    skip(/=/y);
    skipSpace();
    readValue(path);
  }

  /** Reads `[…]` or `{…}`; each item must move on, so that no text can hang this. */
  function readItems(close: string, item: (index: number) => void): void {
    at++;
    for (let index = 0;; index++) {
      skipBlank();
      if (at >= source.length || source[at] === close) break;
      const start = at;
      item(index);
      skipBlank();
      skip(/,/y);
      if (at === start) at++;
    }
    at++;
  }

  function readValue(path: KeyPath): void {
    const first = source[at];
    if (first === '"' || first === "'") {
      readString();
    } else if (first === "[") {
      readItems("]", (index) => {
        const item = [...path, String(index)];
        record(item, at);
        readValue(item);
      });
    } else if (first === "{") {
      readItems("}", () => readEntry(path));
    } else {
      skip(/[^,\]}#\n]*/y);
    }
  }

  let table: KeyPath = [];
  while (skipBlank(), at < source.length) {
    const start = at;
    const opening = skip(/\[{1,2}/y);
    if (opening === "") {
      readEntry(table);
    } else {
      table = recordKey([], readKey(), start);
      if (opening === "[[") {
        const key = JSON.stringify(table);
        const index = items.get(key) ?? 0;
        items.set(key, index + 1);
        table = [...table, String(index)];
        record(table, start);
      }
      skip(/\]{1,2}/y);
    }
    if (at === start) at++;
  }
  return offsets;
}

/** The name that a quoted key stands for; TOML's escapes are the parser's business. */
function unquoteKey(quoted: string): string {
  return Object.keys(parse(`${quoted} = 0`))[0] ?? quoted;
}
