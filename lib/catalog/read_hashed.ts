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
import { objectHashes } from "../schema/hash.ts";
import type { Schema } from "../schema/schema.ts";
import { type HashedLines, hashesIn, linesOf } from "../schema/hash_lines.ts";
import { HashLines } from "./hash_lines.ts";
import { type ReadOptions, readSchema, scanSchema } from "./read.ts";

/** The hashes of a schema. */
export interface ReadHashes
  extends HashedLines, Pick<Schema, "version" | "notices"> {
  /** The hash of every object by address, in the order of addresses, without a prefix. */
  readonly hashes: ReadonlyMap<string, string>;
  /** The schema, where it took all objects to know which of them count. */
  readonly schema: Schema | undefined;
}

/** A schema with its hashes. */
export interface HashedSchema extends HashedLines, Pick<ReadHashes, "hashes"> {
  /** The schema. */
  readonly schema: Schema;
}

/** What to read. */
type HashedOptions = Omit<ReadOptions, "onObject" | "onStart">;

/**
 * Reads a schema with the hashes of its objects.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options What to read.
 * @returns The same as `readSchema()`, `prepareCanonical()`,
 * `objectHashes()` and `schemaHash()` one after the other. Maps are made when
 * somebody asks for them.
 * @throws {PawlError} As `readSchema()`.
 *
 * @example
 * ```ts ignore
 * const { hash } = await readHashed(session, options);
 * console.log(hash);
 * ```
 */
export async function readHashed(
  session: Session,
  options: HashedOptions,
): Promise<HashedSchema> {
  const canonicalizer = newCanonicalizer();
  const lines = new HashLines(canonicalizer);
  const schema = await readSchema(session, {
    ...options,
    onStart: () => lines.clear(),
    onObject: (object) => lines.add(object),
  });
  const ignores = (options.ignore?.length ?? 0) > 0;
  const made = await lines.finish(
    ignores ? (address) => schema.objects.has(address) : undefined,
  );
  if (made !== undefined) return withHashes(made, { schema });
  await canonicalizer.loadParser();
  const hashes = objectHashes(schema, canonicalizer.canonicalize);
  return withHashes(linesOf(hashes), { schema });
}

/**
 * Reads the hashes of a schema's objects and, where that can be, nothing else.
 *
 * @param session The connection; it must not be in a transaction.
 * @param options What to read.
 * @throws {PawlError} As `readSchema()`.
 */
export async function readHashes(
  session: Session,
  options: Omit<HashedOptions, "dependencies">,
): Promise<ReadHashes> {
  if ((options.ignore?.length ?? 0) === 0) {
    const lines = new HashLines(newCanonicalizer());
    const scanned = await scanSchema(session, {
      ...options,
      onStart: () => lines.clear(),
      onObject: (object) => lines.add(object),
      onAll: () => lines.settle(),
    });
    const made = await lines.finish();
    if (made !== undefined) {
      return withHashes(made, { ...scanned, schema: undefined });
    }
  }
  const read = await readHashed(session, { ...options, dependencies: false });
  const { version, notices } = read.schema;
  return withHashes(read, { schema: read.schema, version, notices });
}

function newCanonicalizer(): Canonicalizer {
  return new Canonicalizer({ shapeOf: (kind) => kindOf(kind)?.shape });
}

/** What lines say, beside something else: maps are made when somebody asks for them. */
function withHashes<T extends object>(
  { lines, hash }: HashedLines,
  beside: T,
): T & HashedLines & Pick<ReadHashes, "hashes"> {
  let byAddress: ReadonlyMap<string, string> | undefined;
  return {
    ...beside,
    lines,
    hash,
    get hashes() {
      return byAddress ??= hashesIn(lines);
    },
  };
}
