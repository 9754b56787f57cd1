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
import { hashOfLines, ObjectHasher } from "../schema/hash.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { type ReadOptions, readSchema } from "./read.ts";

/** A schema with its hashes. */
export interface HashedSchema {
  /** The schema. */
  readonly schema: Schema;
  /** The hash of every object by address, in the order of addresses, without a prefix. */
  readonly hashes: ReadonlyMap<string, string>;
  /** The hash of the whole: `h1:` and 64 hex digits. */
  readonly hash: string;
}

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
  options: Omit<ReadOptions, "onObject" | "onStart">,
): Promise<HashedSchema> {
  const canonicalizer = new Canonicalizer({
    shapeOf: (kind) => kindOf(kind)?.shape,
  });
  const hasher = new ObjectHasher(canonicalizer.canonicalize);
  const addresses: string[] = [];
  const hashes: string[] = [];
  // Loading the parser takes a while: those that need it wait for the end.
  const parsed = new Map<number, SchemaObject>();
  const schema = await readSchema(session, {
    ...options,
    onStart: () => {
      addresses.length = hashes.length = 0;
      parsed.clear();
    },
    onObject: (object) => {
      const at = addresses.push(object.address) - 1;
      if (canonicalizer.needsParser(object)) {
        hashes.push("");
        parsed.set(at, object);
        return object.payload;
      }
      const { hash, payload } = hasher.of(object);
      hashes.push(hash);
      return payload;
    },
  });
  const ignores = (options.ignore?.length ?? 0) > 0;
  const counts = (address: string) => !ignores || schema.objects.has(address);
  if ([...parsed.values()].some((object) => counts(object.address))) {
    await canonicalizer.loadParser();
  }
  for (const [at, object] of parsed) {
    if (counts(object.address)) hashes[at] = hasher.of(object).hash;
  }
  const lines = inOrder(addresses, hashes, counts);
  let byAddress: ReadonlyMap<string, string> | undefined;
  return {
    schema,
    hash: hashOfLines(lines),
    get hashes() {
      return byAddress ??= hashesIn(lines);
    },
  };
}

/** An address and a hash in a line; it sorts as the address. */
const BETWEEN = "\0";

/** The lines that a schema's hash is over. */
function inOrder(
  addresses: readonly string[],
  hashes: readonly string[],
  counts: (address: string) => boolean,
): string[] {
  const lines: string[] = [];
  for (const [i, address] of addresses.entries()) {
    if (counts(address)) lines.push(`${address}${BETWEEN}${hashes[i]}\n`);
  }
  lines.sort();
  if (!lines.some((line, i) => addressIn(line) === addressIn(lines[i + 1]))) {
    return lines;
  }
  // As in a schema, of two with one address the later one counts.
  const last = new Map(addresses.map((address, i) => [address, hashes[i]]));
  return inOrder([...last.keys()], [...last.values()].map(String), counts);
}

function addressIn(line: string | undefined): string | undefined {
  return line?.slice(0, line.indexOf(BETWEEN));
}

function hashesIn(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(BETWEEN);
      return [line.slice(0, at), line.slice(at + 1, -1)];
    }),
  );
}
