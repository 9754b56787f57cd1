/**
 * Two schemas, both known in full, as what a drift report says of them.
 *
 * @module
 */

import type { Change } from "../diff.ts";
import { differences } from "../kinds/forms.ts";
import { type Apart, isUnreadable } from "../migrate/recorded_drift.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { Difference } from "./undo.ts";

/** How entries are made. */
export interface CompareOptions {
  /** What takes the database as it is. */
  readonly keep: (kind: Change["kind"]) => string;
  /** Whether what the other side says nothing of is no drift. */
  readonly undeclared: boolean;
}

/**
 * Compares what a database is to be with what it is.
 *
 * @param from What it is to be.
 * @param to What it is.
 * @param options How entries are made.
 */
export async function compareSchemas(
  from: Schema,
  to: Schema,
  options: CompareOptions,
): Promise<Difference[]> {
  const changes = await differences(from, to);
  const changed = new Set(changes.map((c) => `${c.kind} ${c.address}`));
  return changes.map((change) => {
    const { address, kind } = change;
    const side = kind === "created" ? to : from;
    const parents = parentsOf(address, side);
    return {
      kind,
      address,
      attributes: change.kind === "altered"
        ? change.attributes.map((a) => ({ ...a, known: true }))
        : [],
      apart: apartFor(change, { from, to, undeclared: options.undeclared }),
      partOf: kind === "altered"
        ? undefined
        : parents.findLast((parent) => changed.has(`${kind} ${parent}`)),
      keep: options.keep(kind),
    };
  });
}

function apartFor(
  change: Change,
  at: {
    readonly from: Schema;
    readonly to: Schema;
    readonly undeclared: boolean;
  },
): Apart | undefined {
  if (change.kind === "altered" && isUnreadable(change.attributes)) {
    return { why: "unreadable" };
  }
  if (change.minor) return { why: "minor" };
  if (change.kind !== "created" || !at.undeclared) return undefined;
  // A part of what is declared is drift; what stands by itself is somebody's own.
  const root = parentsOf(change.address, at.to).at(-1);
  return root !== undefined && at.from.objects.has(root)
    ? undefined
    : { why: "undeclared" };
}

/** The objects that an object is a part of, innermost first. */
export function parentsOf(address: string, schema: Schema): string[] {
  const parents: string[] = [];
  let object: SchemaObject | undefined = schema.objects.get(address);
  while (
    object?.parent !== undefined && object.parent !== address &&
    !parents.includes(object.parent)
  ) {
    parents.push(object.parent);
    object = schema.objects.get(object.parent);
  }
  return parents;
}
