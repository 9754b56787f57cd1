/**
 * `generate = "structural"`: what convergence looks after makes no migration.
 * Pure.
 *
 * @module
 */

import { type Change, diff, type Forms } from "../diff.ts";
import { isConverged, isConvergedAttribute } from "../plan/policy.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";

/**
 * The goal without what convergence does: on relations that are there already
 * indexes, constraints, NOT NULL and defaults stay as they are.
 *
 * @param from The schema as it is.
 * @param to The schema as it is to be.
 * @param forms The canonical forms, made ready for both.
 */
export function withoutConverged(
  from: Schema,
  to: Schema,
  forms: Forms,
): Schema {
  const objects = new Map(to.objects);
  for (const change of diff(from, to, forms)) {
    const object = change.kind === "altered" ? change.to : change.object;
    const { parent } = object;
    if (parent === undefined || !from.objects.has(parent)) continue;
    if (isConverged(object.kind, change)) {
      if (change.kind === "created") objects.delete(change.address);
      else if (to.objects.has(parent)) {
        objects.set(
          change.address,
          change.kind === "altered" ? change.from : object,
        );
      }
    } else if (object.kind === "column" && change.kind === "altered") {
      objects.set(change.address, keepConverged(change));
    }
  }
  return makeSchema([...objects.values()], to);
}

function keepConverged(
  change: Extract<Change, { readonly kind: "altered" }>,
): SchemaObject {
  const kept = Object.fromEntries(
    change.attributes.filter(isConvergedAttribute).map(({ key }) => [
      key,
      change.from.payload[key],
    ]),
  );
  return { ...change.to, payload: { ...change.to.payload, ...kept } };
}
