/**
 * How aggregates become others. CREATE OR REPLACE keeps owner, privileges and
 * all that calls them, while what is given back stays of the same type.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import type { AggregatePayload } from "./aggregate.ts";
import { type ChangeTarget, type CreateTarget, qualify } from "./kind.ts";

type Aggregate = SchemaObject<"aggregate", AggregatePayload>;

/**
 * Whether CREATE OR REPLACE may make an aggregate another of the same input
 * types.
 *
 * @param from As it was.
 * @param to As it is to be.
 * @param keys What differs.
 * @param target What it is written for.
 */
export function canReplaceAggregate(
  from: Aggregate,
  to: Aggregate,
  keys: readonly string[],
  target: ChangeTarget,
): boolean {
  if (keys.includes("orderedSet")) return false;
  const keepsNames = from.payload.arguments.every((was, i) =>
    was.name === undefined || was.name === to.payload.arguments[i]?.name
  );
  if (!keepsNames) return false;
  if (!keys.includes("state")) return true;
  const was = from.payload.state;
  const is = to.payload.state;
  if (was.final === is.final && was.type === is.type) return true;
  const given = resultType(from, target.before);
  return given !== undefined && given === resultType(to, target);
}

/** The type of an aggregate's result; undefined where that is not known. */
function resultType(
  { payload: { state } }: Aggregate,
  target: CreateTarget,
): string | undefined {
  if (state.final === undefined) return state.type;
  const types = new Set<unknown>();
  for (const { kind, name, payload } of target.objects.values()) {
    if (kind === "function" && qualify(name) === state.final) {
      types.add(payload["returns"]);
    }
  }
  const [type] = types;
  return types.size === 1 && typeof type === "string" && !/^any/.test(type)
    ? type
    : undefined;
}
