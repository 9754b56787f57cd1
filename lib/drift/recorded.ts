/**
 * Differences from a recorded state, which has hashes only, as entries of a
 * drift report: what objects were is looked up in a snapshot, as far as its
 * objects are those that were recorded.
 *
 * @module
 */

import { type HashedSchema, stateOfHashed } from "../migrate/live_state.ts";
import type { RecordedDrift } from "../migrate/recorded_drift.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import type { Difference } from "./undo.ts";

/**
 * The objects of a snapshot that are those that were recorded.
 *
 * @param drift What differs.
 * @param snapshot A snapshot that may know what things were.
 */
export async function recordedObjects(
  { live, recorded }: RecordedDrift,
  snapshot: HashedSchema | undefined,
): Promise<Schema> {
  if (snapshot === undefined) return makeSchema([], live);
  const states = await stateOfHashed(snapshot);
  return makeSchema(
    [...snapshot.schema.objects.values()].filter(({ address }) =>
      recorded.has(address) &&
      states.get(address)?.hash === recorded.get(address)?.hash
    ),
    live,
  );
}

/**
 * What differs from the recorded state.
 *
 * @param drift What differs.
 * @param was What things were, as far as that is known.
 */
export function recordedEntries(
  drift: RecordedDrift,
  was: Schema,
): Difference[] {
  return drift.differences.map((difference) => {
    const { kind, address, apart, partOf } = difference;
    const before = was.objects.get(address);
    const now = drift.live.schema?.objects.get(address);
    return {
      kind,
      address,
      apart,
      partOf,
      keep: `pawl state push --live ${shellWord(address)}`,
      attributes: difference.attributes.map(({ key, minor }) => ({
        key,
        minor,
        known: before !== undefined,
        from: before?.payload[key],
        to: now?.payload[key],
      })),
    };
  });
}

/** A text as one word of a shell. */
function shellWord(text: string): string {
  return /^[\w.:,@%+=/-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
