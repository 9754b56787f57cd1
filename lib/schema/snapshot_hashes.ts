/**
 * The hashes of a snapshot that was read line by line: each payload is hashed
 * once, whichever objects and snapshots have it. Knows no kind. Pure.
 *
 * @module
 */

import { AddressMap } from "./address_map.ts";
import { Canonicalizer, type CanonicalOptions } from "./canonical.ts";
import { objectHash } from "./hash.ts";
import { type HashedLines, hashedLines, lineOf } from "./hash_lines.ts";
import type { LinePayload, SnapshotLines } from "./snapshot_lines.ts";

/** The hashes of a snapshot. */
export interface SnapshotHashes extends HashedLines {
  /** Of every object by address, 64 hex digits. */
  readonly hashes: ReadonlyMap<string, string>;
}

/**
 * Hashes a snapshot.
 *
 * @param snapshot The snapshot.
 * @param options The shapes of payloads.
 */
export async function hashesOfSnapshot(
  { addresses, places, payloads, hashed }: SnapshotLines,
  options: CanonicalOptions,
): Promise<SnapshotHashes> {
  const canonicalizer = new Canonicalizer(options);
  const parsed: LinePayload[] = [];
  for (const payload of payloads) {
    if (payload.hash !== undefined) continue;
    if (canonicalizer.needsParser(payload)) parsed.push(payload);
    else payload.hash = objectHash(payload, canonicalizer.canonicalize);
  }
  if (parsed.length > 0) await canonicalizer.loadParser();
  for (const payload of parsed) {
    payload.hash ??= objectHash(payload, canonicalizer.canonicalize);
  }
  for (const [i, address] of addresses.entries()) {
    hashed[i] ||= lineOf(address, payloads[i]?.hash ?? "");
  }
  let hashes: ReadonlyMap<string, string> | undefined;
  return {
    ...hashedLines(hashed),
    get hashes() {
      return hashes ??= new AddressMap(
        addresses,
        payloads.map(({ hash = "" }) => hash),
        places,
      );
    },
  };
}
