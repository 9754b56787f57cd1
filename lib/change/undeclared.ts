/**
 * What of a schema stays as it is because the goal does not speak of it:
 * partitions that something makes by itself, another team's tables, and who
 * owns and may use what, where a declaration says nothing of any. Names no
 * more kinds than a declaration may be silent about. Pure.
 *
 * @module
 */

import { withoutUnnamedPartitions } from "../catalog/scope.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";

/** Kinds that a declaration need not say anything of: then they are as they are. */
const SILENT: readonly string[] = ["owner", "privilege", "default_privilege"];

/** What stays. */
export interface KeepOptions {
  /** Whether what stands by itself and is not declared stays. */
  readonly others: boolean;
}

/**
 * The goal with what stays as it is.
 *
 * @param from The schema as it is.
 * @param to The goal as it is declared.
 * @param options What stays.
 */
export function keepUndeclared(
  from: Schema,
  to: Schema,
  options: KeepOptions,
): Schema {
  // That somebody owns what was loaded is no word about whom.
  const says = ({ payload }: SchemaObject) =>
    Object.values(payload).some((value) => value !== undefined);
  const said = new Set(
    [...to.objects.values()].filter(says).map(({ kind }) => kind),
  );
  const silent = new Set(SILENT.filter((kind) => !said.has(kind)));
  const named = withoutUnnamedPartitions(from, to).objects;
  const objects = new Map(to.objects);
  const stays = (object: SchemaObject): boolean => {
    if (to.objects.has(object.address)) return silent.has(object.kind);
    const parent = object.parent === undefined
      ? undefined
      : from.objects.get(object.parent);
    if (!named.has(object.address)) return true;
    // A part goes where its whole goes.
    if (parent !== undefined && !to.objects.has(parent.address)) {
      return stays(parent);
    }
    return silent.has(object.kind) || parent === undefined && options.others;
  };
  for (const object of from.objects.values()) {
    if (stays(object)) objects.set(object.address, object);
  }
  return makeSchema([...objects.values()], to);
}
