/**
 * The hashes of a schema and its objects, made once: by whoever reads it while
 * the server works, or when somebody asks. Names no kind.
 *
 * @module
 */

import { prepareCanonical } from "../schema/canonical.ts";
import { objectHashes } from "../schema/hash.ts";
import { type HashedLines, linesOf } from "../schema/hash_lines.ts";
import type { Schema } from "../schema/schema.ts";
import { kindOf } from "./registry.ts";

/** The hashes of a schema. */
export interface SchemaHashes extends HashedLines {
  /** Of every object by address, 64 hex digits. */
  readonly hashes: ReadonlyMap<string, string>;
}

const KNOWN = new WeakMap<Schema, SchemaHashes>();

/**
 * Keeps the hashes of a schema, for as long as there is the schema.
 *
 * @param schema The schema; it never changes.
 * @param hashes Its hashes.
 */
export function keepHashes(schema: Schema, hashes: SchemaHashes): void {
  KNOWN.set(schema, hashes);
}

/**
 * The hashes of a schema.
 *
 * @param schema The schema; it never changes.
 */
export async function hashesOf(schema: Schema): Promise<SchemaHashes> {
  const known = KNOWN.get(schema);
  if (known !== undefined) return known;
  const canonicalize = await prepareCanonical([schema], {
    shapeOf: (kind) => kindOf(kind)?.shape,
  });
  const hashes = objectHashes(schema, canonicalize);
  const made = { hashes, ...linesOf(hashes) };
  KNOWN.set(schema, made);
  return made;
}
