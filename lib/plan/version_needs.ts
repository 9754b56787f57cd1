/**
 * What a goal asks of a server that is too old for it. Names no kind. Pure.
 *
 * @module
 */

import type { Change } from "../diff.ts";
import { PawlError } from "../errors.ts";
import { kindOf } from "../kinds/registry.ts";
import type { VersionNeed } from "../kinds/version_need.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";

/**
 * Refuses changes that the server which the SQL is written for cannot make:
 * the proof would not tell, since its own server is a newer one.
 *
 * @param changes What differs.
 * @param schemas The schema as it was, and as it is to be.
 * @param version `server_version_num` of that server.
 * @throws {PawlError} `server-lacks`.
 */
export function refuseNewer(
  changes: readonly Change[],
  schemas: { readonly from: Schema; readonly to: Schema },
  version: number,
): void {
  const major = Math.floor(version / 10000);
  // What an older server has, whatever it is worth there, it can make.
  const goal = Math.floor(schemas.to.version / 10000);
  const lacking = changes.flatMap((change) => {
    if (change.kind === "dropped") return [];
    const object = change.kind === "created" ? change.object : change.to;
    // What was there already is no matter of this change.
    const had = change.kind === "created"
      ? []
      : needsOf(change.from, schemas.from).map(({ what }) => what);
    return needsOf(object, schemas.to)
      .filter(({ since, what }) =>
        since > major && since <= goal && !had.includes(what)
      )
      .map(({ since, what }) => `${change.address}: ${what}, since ${since}`);
  });
  if (lacking.length === 0) return;
  throw new PawlError(
    "server-lacks",
    `Cannot write SQL for PostgreSQL ${major}: it does not have what the goal needs`,
    {
      details: lacking,
      hint:
        "SQL is written for the server of a live source, else for [project] postgres; leave this out of the goal, or go to a newer server first",
    },
  );
}

function needsOf(
  object: SchemaObject,
  schema: Schema,
): readonly VersionNeed[] {
  return kindOf(object.kind)?.needs(object, schema.objects) ?? [];
}
