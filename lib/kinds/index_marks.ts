/**
 * What is said of an index elsewhere and goes with it: its comment, and that
 * a table replicates or clusters by it.
 *
 * @module
 */

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
  const { parent = "" } = object;
  const was = target.before?.objects.get(parent);
  const is = target.objects.get(parent);
  if (was === undefined || is === undefined) return [];
  const name = object.name.at(-1) ?? "";
  const stays = (key: string) =>
    is.payload[key] === name && was.payload[key] === name;
  const alter = `ALTER ${
    is.kind === "materialized_view" ? "MATERIALIZED VIEW" : "TABLE"
  } ${qualify(is.name)}`;
  return [
    ...(stays("replicaIdentity") && !NO_INDEX.has(name)
      ? [
        attach(
          `${alter} REPLICA IDENTITY USING INDEX ${quoteIdentifier(name)}`,
        ),
      ]
      : []),
    ...(stays("clusterOn")
      ? [attach(`${alter} CLUSTER ON ${quoteIdentifier(name)}`)]
      : []),
  ];
}

/**
 * The comment that an object keeps while another one takes its name. One that
 * changes is the comment's own business.
 *
 * @param object The object.
 * @param target What it is written for.
 */
export function keptComment(
  object: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const address = `comment:${object.address}`;
  const was = target.before.objects.get(address)?.payload["text"];
  const is = target.objects.get(address)?.payload["text"];
  const phrase = target.phrase(object.address);
  return typeof is === "string" && is === was && phrase !== undefined
    ? [create(`COMMENT ON ${phrase} IS ${quoteLiteral(is)}`)]
    : [];
}
