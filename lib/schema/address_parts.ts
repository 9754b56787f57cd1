/**
 * Reads addresses: what can be told of an object by its address alone, where
 * the object itself is gone. Knows no kind. Pure.
 *
 * @module
 */

import type { SchemaObject } from "./schema.ts";

/** An address taken apart. */
export interface ReadAddress {
  /** Its kinds, outermost first: a comment's has that of what it is on too. */
  readonly kinds: readonly string[];
  /** The parts of the name, without quotes. */
  readonly parts: readonly string[];
  /** What stands behind the kinds. */
  readonly name: string;
}

/**
 * Takes an address apart.
 *
 * @param text The address.
 * @returns Its kinds and the parts of its name, as far as they are names.
 *
 * @example
 * ```ts
 * import { addressParts } from "./address_parts.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(addressParts('column:public."Users".id').parts, [
 *   "public",
 *   "Users",
 *   "id",
 * ]);
 * ```
 */
export function addressParts(text: string): ReadAddress {
  const [prefix = ""] = /^(?:[a-z_]+:)+/.exec(text) ?? [];
  const name = text.slice(prefix.length);
  const [dotted = ""] =
    /^(?:"(?:[^"]|"")*"|[a-z0-9_]+)(?:\.(?:"(?:[^"]|"")*"|[a-z0-9_]+))*/
      .exec(name) ?? [];
  const parts = [...dotted.matchAll(/"((?:[^"]|"")*)"|([a-z0-9_]+)/g)]
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
  return { kinds: prefix.split(":").slice(0, -1), parts, name };
}

/**
 * Objects with nothing in them in place of those of some addresses, with names
 * and parents as far as addresses say.
 *
 * @param addresses The addresses.
 */
export function standInFor(addresses: readonly string[]): SchemaObject[] {
  const read = addresses.map((address) => ({
    address,
    ...addressParts(address),
  }));
  const all = new Set(addresses);
  const wholes = new Map<string, string>();
  for (const { address, kinds, parts } of read) {
    if (kinds.length === 1 && parts.length === 2 && !address.endsWith(")")) {
      wholes.set(parts.join("\0"), address);
    }
  }
  return read.map(({ address, kinds, parts }) => {
    const about = address.slice((kinds[0]?.length ?? 0) + 1).replace(
      / to \S+$/,
      "",
    );
    const parent = kinds.length > 1 && all.has(about)
      ? about
      : parts.length > 2
      ? wholes.get(parts.slice(0, 2).join("\0"))
      : undefined;
    return {
      kind: kinds[0] ?? "",
      address,
      payload: {},
      depends: [],
      parent,
      name: parts,
      position: 0,
    };
  });
}
