/**
 * Differences from a recorded state, which has hashes only, as entries of a
 * drift report: what objects were is looked up in a snapshot, as far as its
 * objects are those that were recorded.
 *
 * @module
 */

import { diff, prepareForms } from "../diff.ts";
import { kindOf } from "../kinds/registry.ts";
import { type HashedSchema, stateOfHashed } from "../migrate/live_state.ts";
import type {
  RecordedDifference,
  RecordedDrift,
} from "../migrate/recorded_drift.ts";
import { makeSchema, type SchemaObject } from "../schema/schema.ts";
import { undoOf } from "./compare.ts";
import type { DriftAttribute, DriftEntry } from "./report.ts";

/**
 * Makes entries of what differs from the recorded state.
 *
 * @param drift What differs.
 * @param snapshot A snapshot that may know what things were.
 */
export async function recordedEntries(
  drift: RecordedDrift,
  snapshot: HashedSchema | undefined,
): Promise<DriftEntry[]> {
  const entries: DriftEntry[] = [];
  const states = snapshot === undefined
    ? undefined
    : await stateOfHashed(snapshot);
  const wasOf = (address: string): SchemaObject | undefined =>
    states?.get(address)?.hash === drift.recorded.get(address)?.hash
      ? snapshot?.schema.objects.get(address)
      : undefined;
  for (const difference of drift.differences) {
    const { kind, address, apart, partOf } = difference;
    entries.push({
      kind,
      address,
      apart,
      partOf,
      keep: `pawl state push --live ${shellWord(address)}`,
      ...await known(difference, {
        was: kind === "created" ? undefined : wasOf(address),
        is: drift.live.schema?.objects.get(address),
        drift,
        snapshot,
      }),
    });
  }
  return entries;
}

/** What is known of one: old values, and how to put it back. */
async function known(
  difference: RecordedDifference,
  at: {
    readonly was: SchemaObject | undefined;
    readonly is: SchemaObject | undefined;
    readonly drift: RecordedDrift;
    readonly snapshot: HashedSchema | undefined;
  },
): Promise<Pick<DriftEntry, "attributes" | "undo">> {
  const { was, is } = at;
  const attributes = difference.attributes.map((
    { key, minor },
  ): DriftAttribute => ({
    key,
    minor,
    known: was !== undefined,
    from: was?.payload[key],
    to: is?.payload[key],
  }));
  if (difference.kind !== "created" && was === undefined) {
    return { attributes, undo: undefined };
  }
  const one = (object: SchemaObject | undefined) =>
    makeSchema(object === undefined ? [] : [object], { version: 0 });
  const sides = [one(was), one(is)] as const;
  const forms = await prepareForms(sides, (kind) => kindOf(kind)?.shape);
  const [change] = diff(...sides, forms);
  const from = at.snapshot?.schema ?? at.drift.live.schema;
  return {
    attributes,
    undo: change === undefined || from === undefined
      ? undefined
      : undoOf(change, from),
  };
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w.:,@%+=/-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
