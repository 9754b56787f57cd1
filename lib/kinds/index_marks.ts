/**
 * What is said of an index elsewhere and goes with it: its comment, and that
 * a table replicates or clusters by it.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  attach,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";

/** Values of a table's replica identity that are no index's name. */
const NO_INDEX: ReadonlySet<string> = new Set(["full", "nothing"]);

/**
 * The statements by which a table that stays as it is replicates and clusters
 * by an index that is made anew: the server forgets both with the old one.
 *
 * @param object The index, or the constraint that has it.
 * @param target What it is written for.
 */
export function indexMarks(
  object: SchemaObject,
  target: CreateTarget,
): KindStatement[] {
  return marks(object, target, object.name.at(-1) ?? "")
    .map((sql) => attach(sql));
}

/**
 * The same for an index that is built beside the old one, while that is still
 * there: without a replica identity, replicated rows could not be changed.
 *
 * @param object The index, or the constraint that has it.
 * @param target What it is written for.
 * @param beside The name that the new one has in the meantime.
 */
export function marksBeside(
  object: SchemaObject,
  target: CreateTarget,
  beside: string,
): KindStatement[] {
  return marks(object, target, beside).map((sql) => create(sql));
}

function marks(
  { parent = "", name: parts }: SchemaObject,
  { before, objects }: CreateTarget,
  index: string,
): string[] {
  const was = before?.objects.get(parent);
  const is = objects.get(parent);
  if (was === undefined || is === undefined) return [];
  const name = parts.at(-1) ?? "";
  const stays = (key: string) =>
    is.payload[key] === name && was.payload[key] === name;
  const alter = `ALTER ${
    is.kind === "materialized_view" ? "MATERIALIZED VIEW" : "TABLE"
  } ${qualify(is.name)}`;
  return [
    ...(stays("replicaIdentity") && !NO_INDEX.has(name)
      ? [`${alter} REPLICA IDENTITY USING INDEX ${quoteIdentifier(index)}`]
      : []),
    ...(stays("clusterOn")
      ? [`${alter} CLUSTER ON ${quoteIdentifier(index)}`]
      : []),
  ];
}

/**
 * The comments that an object and its index keep while another one takes their
 * names. One that changes is the comment's own business.
 *
 * @param object The object.
 * @param target What it is written for.
 */
export function keptComments(
  object: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const index = [object.name[0] ?? "", object.name.at(-1) ?? ""];
  const own = target.phrase(object.address);
  return [
    [object.address, own],
    ...(object.kind !== "constraint"
      ? []
      : [[address("index", index), `INDEX ${qualify(index)}`]]),
  ].flatMap(([of, phrase]) => {
    const was = target.before.objects.get(`comment:${of}`);
    const is = target.objects.get(`comment:${of}`);
    const text = is?.payload["text"];
    return typeof text === "string" && text === was?.payload["text"] &&
        is?.parent === object.address && phrase !== undefined
      ? [create(`COMMENT ON ${phrase} IS ${quoteLiteral(text)}`)]
      : [];
  });
}
