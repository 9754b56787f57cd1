/**
 * What has moved since a plan was saved: which objects are others than they
 * were, by digests that the plan holds.
 *
 * @module
 */

import { objectHashes } from "../schema/hash.ts";
import type { Schema } from "../schema/schema.ts";
import { formsOf } from "../kinds/forms.ts";

/** The digest of each object, by address. */
export type Digests = Readonly<Record<string, string>>;

/** Enough to tell an object from what it was. */
const DIGITS = 12;

/**
 * The digests of a schema's objects.
 *
 * @param schema The schema.
 */
export async function digestsOf(schema: Schema): Promise<Digests> {
  const forms = await formsOf([schema]);
  return Object.fromEntries(
    [...objectHashes(schema, forms.whole)].map(([address, hash]) => [
      address,
      hash.slice(0, DIGITS),
    ]),
  );
}

/**
 * What differs.
 *
 * @param was The digests as they were; undefined: nobody knows.
 * @param schema The schema as it is.
 * @returns Lines such as `altered: table:public.users`, sorted by address.
 */
export async function movedSince(
  was: Digests | undefined,
  schema: Schema,
): Promise<readonly string[]> {
  if (was === undefined) return [];
  const is = await digestsOf(schema);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()
    .flatMap((address) => {
      if (was[address] === is[address]) return [];
      return [
        `${
          was[address] === undefined
            ? "created"
            : is[address] === undefined
            ? "dropped"
            : "altered"
        }: ${address}`,
      ];
    });
}
