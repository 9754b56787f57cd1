/**
 * Hashes: SHA-256 over the canonical JSON of an object's payload, and one for
 * the whole schema over the sorted pairs of address and hash. Knows no kind:
 * how a payload is made canonical is passed in. Pure.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { canonicalJson } from "./data.ts";
import type { Payload, Schema, SchemaObject } from "./schema.ts";

/** The version of the canonical form that hashes are over. */
export const CANONICAL_VERSION = 1;

/** What of an object its hash is over. */
export type Hashed = Pick<SchemaObject, "kind" | "payload">;

/** Makes a payload canonical: the same on every server version. */
export type Canonicalize = (object: Hashed) => Payload;

/** The hash of one object, 64 hex digits. */
export function objectHash(
  object: Hashed,
  canonicalize: Canonicalize,
): string {
  return hashOfText(`${object.kind}\0${canonicalJson(canonicalize(object))}`);
}

function hashOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** So many hashes are kept: columns of a few types make up half of a schema. */
const KEPT_HASHES = 4096;

/** So many characters are gathered before they are hashed. */
const HASHED_AT_ONCE = 1 << 16;

/** The hash of an object, and a payload equal to its own. */
export interface HashedPayload {
  /** The hash: that of {@linkcode objectHash}. */
  readonly hash: string;
  /** Of equal payloads always the same one, so that the others need not be kept. */
  readonly payload: Payload;
}

/** Hashes objects one by one; many payloads are alike, and hashed once. */
export class ObjectHasher {
  readonly #canonicalize: Canonicalize;
  /** By kind and canonical text. */
  readonly #known = new Map<string, HashedPayload>();
  /** Of those that were met again: a kind may give equal objects one payload. */
  readonly #recent = new Map<Payload, HashedPayload & { kind: string }>();

  /** Makes one that takes payloads as a function makes them canonical. */
  constructor(canonicalize: Canonicalize) {
    this.#canonicalize = canonicalize;
  }

  /** The hash of an object. */
  of(object: Hashed): HashedPayload {
    const { kind, payload } = object;
    const recent = this.#recent.get(payload);
    if (recent?.kind === kind) return recent;
    const canonical = this.#canonicalize(object);
    const text = `${kind}\0${canonicalJson(canonical)}`;
    const known = this.#known.get(text);
    if (known === undefined) {
      const hashed = { hash: hashOfText(text), payload };
      if (this.#known.size < KEPT_HASHES) this.#known.set(text, hashed);
      return hashed;
    }
    // Of two that were made equal each keeps its own: only what is canonical
    // as it stands is equal to what has the same text.
    const hashed = canonical === payload && this.#isCanonical(kind, known)
      ? known
      : { hash: known.hash, payload };
    // What is met once would only be kept from being collected.
    if (this.#recent.size >= KEPT_HASHES) this.#recent.clear();
    this.#recent.set(payload, { kind, ...hashed });
    return hashed;
  }

  #isCanonical(kind: string, { payload }: HashedPayload): boolean {
    return this.#canonicalize({ kind, payload }) === payload;
  }
}

/** The hash of every object by address, in the order of addresses. */
export function objectHashes(
  schema: Schema,
  canonicalize: Canonicalize,
): Map<string, string> {
  const hasher = new ObjectHasher(canonicalize);
  const hashes = new Map<string, string>();
  for (const object of schema.objects.values()) {
    hashes.set(object.address, hasher.of(object).hash);
  }
  return hashes;
}

/**
 * The hash of a whole schema.
 *
 * @param hashes Every object's hash by address.
 * @returns `h1:` and 64 hex digits.
 */
export function schemaHash(hashes: ReadonlyMap<string, string>): string {
  return hashOfLines(
    [...hashes.keys()].sort().map((address) =>
      `${address}\0${hashes.get(address)}\n`
    ),
  );
}

/**
 * The hash of a whole schema.
 *
 * @param lines Every object's address, a NUL character, its hash and a line
 * feed, in the order of addresses.
 * @returns `h1:` and 64 hex digits.
 */
export function hashOfLines(lines: readonly string[]): string {
  const hash = createHash("sha256");
  let text = "";
  // Each call costs more than what it hashes.
  for (const line of lines) {
    text += line;
    if (text.length < HASHED_AT_ONCE) continue;
    hash.update(text);
    text = "";
  }
  hash.update(text);
  return `h${CANONICAL_VERSION}:${hash.digest("hex")}`;
}
