/**
 * A schema as a directory of DDL: a folder for each kind, a file for each
 * object that stands by itself, with everything that is a part of it or about
 * it: a table's constraints, indexes, triggers, policies, comments and
 * privileges are in the table's file. Functions of one name share a file.
 * Knows no file system. Pure.
 *
 * @module
 */

import { kindOf } from "../kinds/registry.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { DdlOptions } from "./ddl.ts";
import {
  reasonsOf,
  type ScriptStatement,
  scriptStatements,
} from "./ddl_script.ts";

/** One file. */
export interface SplitFile {
  /** Such as `tables/public.users.sql`. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
}

/** A schema in files. */
export interface SplitSchema {
  /** The files, sorted by path. */
  readonly files: readonly SplitFile[];
  /** The objects that are comments in them, by address, with the reason. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/**
 * Parts a schema into files.
 *
 * @param schema The schema, read with its dependencies.
 * @param options The secrets that the files carry.
 */
export function splitSchema(
  schema: Schema,
  options: DdlOptions = {},
): SplitSchema {
  const statements = scriptStatements(schema, options);
  const texts = new Map<string, ScriptStatement[]>();
  for (const statement of statements) {
    const object = wholeOf(schema, statement.address);
    if (object === undefined) continue;
    const path = `${plural(object.kind)}/${
      object.name.map(fileName).join(".")
    }`;
    const known = texts.get(path);
    if (known === undefined) texts.set(path, [statement]);
    else known.push(statement);
  }
  const taken = new Set<string>();
  const files = [...texts].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([path, of]) => ({
      path: free(path, taken),
      text: of.map(({ text }) => text).join("\n"),
    }));
  return { files, leftOut: reasonsOf(statements) };
}

/** The object that stands by itself and that another is a part of or about. */
function wholeOf(schema: Schema, address: string): SchemaObject | undefined {
  let object = schema.objects.get(address);
  // What is about whatever is created later is not loaded with its schema.
  while (object?.parent !== undefined && !kindOf(object.kind)?.pervades) {
    const parent = schema.objects.get(object.parent);
    if (parent === undefined) break;
    object = parent;
  }
  return object;
}

/** The folder of a kind: `tables`, `policies`, `operator_classes`. */
function plural(kind: string): string {
  if (/[^s]s$/.test(kind)) return kind;
  if (kind.endsWith("ss")) return `${kind}es`;
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

/** A part of a name as every file system takes it, percent-encoded where it is odd. */
function fileName(part: string): string {
  return [...part].map((character) =>
    /[\p{L}\p{N}\p{M}_$-]/u.test(character)
      ? character
      : [...new TextEncoder().encode(character)].map((byte) =>
        `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
      ).join("")
  ).join("");
}

/** A file name may have 255 bytes. */
const PATH_BYTES = 200;

/** A path that no other file has, also where upper and lower case are the same. */
function free(path: string, taken: Set<string>): string {
  let short = path;
  while (new TextEncoder().encode(short).length > PATH_BYTES) {
    short = short.slice(0, -1);
  }
  let candidate = short;
  for (let i = 2; taken.has(candidate.normalize().toLowerCase()); i++) {
    candidate = `${short}~${i}`;
  }
  taken.add(candidate.normalize().toLowerCase());
  return `${candidate}.sql`;
}
