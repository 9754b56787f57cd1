/**
 * Reads JSON with the place of every value and the text of every number, which
 * JSON.parse gives away. It knows RFC 8259 and nothing of seeds. Pure.
 *
 * @module
 */

import type { PawlError } from "../errors.ts";
import type { FileText } from "./model.ts";
import {
  DEEPEST,
  type SeedEntry,
  seedError,
  type SeedValue,
} from "./seed_value.ts";

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// deno-lint-ignore no-control-regex -- JSON forbids control characters in strings
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const WORD = /true|false|null/y;

/**
 * Reads a JSON text.
 *
 * @param file The text, without a byte order mark, and the path for messages.
 * @returns Its value.
 * @throws {PawlError} `seed-invalid` with line and column.
 */
export function readJson(file: FileText): SeedValue {
  const reader = new JsonReader(file);
  const value = reader.value(0);
  reader.end();
  return value;
}

class JsonReader {
  readonly #file: FileText;
  readonly #text: string;
  #at = 0;

  constructor(file: FileText) {
    this.#file = file;
    this.#text = file.text;
  }

  value(depth: number): SeedValue {
    this.#space();
    const offset = this.#at;
    if (depth > DEEPEST) {
      throw this.#wrong(`it is nested deeper than ${DEEPEST} levels`);
    }
    switch (this.#text[offset]) {
      case "{":
        return { kind: "map", offset, entries: this.#map(depth) };
      case "[":
        return { kind: "list", offset, items: this.#list(depth) };
      case '"':
        return { kind: "string", offset, value: this.#string() };
    }
    const word = this.#take(WORD);
    if (word === "null") return { kind: "null", offset };
    if (word !== undefined) {
      return { kind: "boolean", offset, value: word === "true" };
    }
    const number = this.#take(NUMBER);
    if (number === undefined) throw this.#unexpected("a value");
    return { kind: "number", offset, text: number };
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected("the end");
  }

  #map(depth: number): SeedEntry[] {
    const entries: SeedEntry[] = [];
    const seen = new Set<string>();
    this.#at++;
    this.#space();
    if (this.#skip("}")) return entries;
    do {
      this.#space();
      const offset = this.#at;
      if (this.#text[offset] !== '"') throw this.#unexpected('a key in "…"');
      const key = this.#string();
      if (seen.has(key)) {
        this.#at = offset;
        throw this.#wrong(`the key ${JSON.stringify(key)} stands twice`);
      }
      seen.add(key);
      this.#space();
      if (!this.#skip(":")) throw this.#unexpected("a colon");
      entries.push({ key, offset, value: this.value(depth + 1) });
      this.#space();
    } while (this.#skip(","));
    if (!this.#skip("}")) throw this.#unexpected("a comma or }");
    return entries;
  }

  #list(depth: number): SeedValue[] {
    const items: SeedValue[] = [];
    this.#at++;
    this.#space();
    if (this.#skip("]")) return items;
    do {
      items.push(this.value(depth + 1));
      this.#space();
    } while (this.#skip(","));
    if (!this.#skip("]")) throw this.#unexpected("a comma or ]");
    return items;
  }

  #string(): string {
    const text = this.#take(STRING);
    if (text === undefined) {
      throw this.#wrong("a string does not end, or has a character to escape");
    }
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : "";
  }

  #space(): void {
    this.#take(SPACE);
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #unexpected(wanted: string): PawlError {
    const found = this.#text[this.#at];
    return this.#wrong(
      found === undefined
        ? `it ends where ${wanted} should stand`
        : `${JSON.stringify(found)} stands where ${wanted} should stand`,
    );
  }

  #wrong(state: string): PawlError {
    return seedError(this.#file, this.#at, {
      message: `Cannot read ${this.#file.path}: ${state}`,
    });
  }
}
