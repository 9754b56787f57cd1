/**
 * From a JSON or YAML text to tables and rows, with the place of every value.
 * It knows the shape of a seed file; it must not know any database. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { decodeFile } from "./decode_file.ts";
import type { FileText } from "./model.ts";
import { readJson } from "./seed_json.ts";
import {
  describeValue,
  type SeedEntry,
  seedError,
  type SeedValue,
} from "./seed_value.ts";
import { readYaml } from "./seed_yaml.ts";

/** One row of a seed file. */
export interface SeedRow {
  /** The file that the row stands in. */
  readonly file: FileText;
  /** Where the row begins in the file's text. */
  readonly offset: number;
  /** Its values by column. */
  readonly cells: ReadonlyMap<string, SeedEntry>;
}

/** The rows that a seed file has under one name. */
export interface SeedSection {
  /** The file that the section stands in. */
  readonly file: FileText;
  /** The table as it is written: `users` or `app.users`. */
  readonly name: string;
  /** Where the name stands. */
  readonly offset: number;
  /** Its rows in order. */
  readonly rows: readonly SeedRow[];
}

/** The name of a table in a seed file. */
export interface TableName {
  /** Undefined: the first of that name on the search path. */
  readonly schema: string | undefined;
  /** The table's name. */
  readonly table: string;
}

/** What a seed file looks like, for hints. */
const SHAPE = 'A seed file is {"table": [{"column": value, …}, …], …}';

/**
 * Decodes a seed file.
 *
 * @param path The path as the user would type it.
 * @param bytes The file.
 * @returns The text without a byte order mark.
 * @throws {PawlError} `seed-invalid` where it is not UTF-8.
 */
export function decodeSeed(path: string, bytes: Uint8Array): FileText {
  try {
    const { text } = decodeFile(path, bytes);
    return { path, text: text.startsWith("\uFEFF") ? text.slice(1) : text };
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    throw new PawlError("seed-invalid", error.message, {
      ...(error.location === undefined ? {} : { location: error.location }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

/**
 * Reads a seed file of rows.
 *
 * @param file The text and the path for messages.
 * @param language What the text is.
 * @returns Its tables in the order they stand in.
 * @throws {PawlError} `seed-invalid` with file and line.
 */
export function readSeedData(
  file: FileText,
  language: "json" | "yaml",
): SeedSection[] {
  const value = language === "json" ? readJson(file) : readYaml(file);
  if (value.kind === "null") return [];
  if (value.kind !== "map") {
    throw seedError(file, value.offset, {
      message: `Cannot read ${file.path}: ${
        describeValue(value)
      } stands where the tables should stand`,
      hint: SHAPE,
    });
  }
  return value.entries.map((entry) => ({
    file,
    name: entry.key,
    offset: entry.offset,
    rows: readRows(file, entry),
  }));
}

function readRows(file: FileText, entry: SeedEntry): SeedRow[] {
  const { value } = entry;
  if (value.kind === "null") return [];
  if (value.kind !== "list") {
    throw seedError(file, value.offset, {
      message: `Cannot read ${file.path}: under ${entry.key} stands ${
        describeValue(value)
      }, not a list of rows`,
      hint: SHAPE,
    });
  }
  return value.items.map((item) => readRow(file, entry.key, item));
}

function readRow(file: FileText, table: string, item: SeedValue): SeedRow {
  if (item.kind !== "map") {
    throw seedError(file, item.offset, {
      message: `Cannot read ${file.path}: a row of ${table} is ${
        describeValue(item)
      }, not a map of columns`,
      hint: SHAPE,
    });
  }
  return {
    file,
    offset: item.offset,
    cells: new Map(item.entries.map((entry) => [entry.key, entry])),
  };
}

/**
 * Takes a table's name apart. Names are as the catalog has them, in their own
 * case; one with a dot in it stands in double quotes, as in SQL.
 *
 * @param name `users`, `app.users` or `"odd.schema"."odd.table"`.
 * @returns Its parts, or undefined where it is no name.
 */
export function parseTableName(name: string): TableName | undefined {
  const part = /("(?:[^"]|"")+"|[^".]+)(\.|$)/y;
  const parts: string[] = [];
  let ended = false;
  while (!ended) {
    const match = part.exec(name);
    if (match === null) return undefined;
    const [, text = "", separator] = match;
    parts.push(
      text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text,
    );
    ended = separator === "";
  }
  const [first, second, third] = parts;
  if (first === undefined || third !== undefined) return undefined;
  return second === undefined
    ? { schema: undefined, table: first }
    : { schema: first, table: second };
}
