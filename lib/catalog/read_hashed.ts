/**
 * Reads a schema and hashes it meanwhile: objects while the server works on
 * the next ones, so that hashing takes hardly any time of its own. Names no
 * kind.
 *
 * @module
 */

import { kindOf } from "../kinds/registry.ts";
import type { Session } from "../pg/session.ts";
import { Canonicalizer } from "../schema/canonical.ts";
import { ObjectHasher } from "../schema/hash.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { type ReadOptions, readSchema } from "./read.ts";

/** A schema with its hashes. */
export interface HashedSchema {
  /** The schema. */
  readonly schema: Schema;
  /** The hash of every object by address; for `schemaHash()`. */
  readonly hashes: ReadonlyMap<string, string>;
}

/**
 * Reads a schema with the hashes of its objects.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options What to read.
 * @returns The same as `readSchema()`, `prepareCanonical()` and
 * `objectHashes()` one after the other.
 * @throws {PawlError} As `readSchema()`.
 *
 * @example
 * ```ts ignore
 * const { hashes } = await readHashed(session, options);
 * console.log(schemaHash(hashes));
 * ```
 */
export async function readHashed(
  session: Session,
  options: Omit<ReadOptions, "onObject">,
): Promise<HashedSchema> {
  const canonicalizer = new Canonicalizer({
    shapeOf: (kind) => kindOf(kind)?.shape,
  });
  const hasher = new ObjectHasher(canonicalizer.canonicalize);
  const hashes = new Map<string, string>();
  // Loading the parser takes a while: those that need it wait for the end.
  const parsed = new Map<string, SchemaObject>();
  const schema = await readSchema(session, {
    ...options,
    onObject: (object) => {
      if (canonicalizer.needsParser(object)) {
        parsed.set(object.address, object);
        return object.payload;
      }
      // It may come once more, and be another.
      parsed.delete(object.address);
      const { hash, payload } = hasher.of(object);
      hashes.set(object.address, hash);
      return payload;
    },
  });
  for (const address of hashes.keys()) {
    if (!schema.objects.has(address)) hashes.delete(address);
  }
  const wanted = [...parsed.values()].filter(({ address }) =>
    schema.objects.has(address)
  );
  if (wanted.length > 0) await canonicalizer.loadParser();
  for (const object of wanted) {
    hashes.set(object.address, hasher.of(object).hash);
  }
  return { schema, hashes };
}
