/**
 * What a table's constraints have to do with those of its parents: a
 * partition's become parts of the partitioned table's where they fit, and are
 * its own again when it is none any more.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { type ConstraintPayload, isConstraint } from "./constraint.ts";
import { keyIndexOf } from "./constraint_definition.ts";
import { indexColumns } from "./index_definition.ts";
import {
  childrenOf,
  descendantsOf,
  parentNames,
  partitionParent,
} from "./inheritance.ts";
import { type ChangeTarget, type CreateTarget, qualify } from "./kind.ts";
import {
  ancestorsOf,
  partitionIndexName,
  partsOf,
  type Table,
} from "./partitions.ts";

/** A constraint. */
export type Constraint = SchemaObject<"constraint", ConstraintPayload>;

/** What ends the names of the indexes behind constraints. */
export const LABELS: Readonly<Record<string, string>> = {
  "primary key": "pkey",
  unique: "key",
  exclusion: "excl",
};

/** Whether there is an index behind it. */
export function hasIndex({ payload }: Constraint): boolean {
  return Object.hasOwn(LABELS, payload.type);
}

/** Constraints of the tables above a table that it has because of them. */
function above(
  object: Constraint,
  objects: CreateTarget["objects"],
): Constraint[] {
  return ancestorsOf(objects.get(object.parent ?? ""), objects)
    .flatMap(({ table, partitioned }) =>
      partsOf(table, objects).filter(isConstraint).filter((other) =>
        (partitioned || object.payload.type === "check") &&
        isPartOf(object, other)
      )
    );
}

function isInherited({ payload }: Constraint): boolean {
  return !/ NO INHERIT( NOT ENFORCED)?$/.test(payload.definition);
}

/**
 * Whether a table's constraint can be a part of that of a table above.
 *
 * @param object The table's.
 * @param other The other one.
 */
export function isPartOf(object: Constraint, other: Constraint): boolean {
  if (isUniquePart(object, other)) return true;
  if (
    object.payload.type !== other.payload.type ||
    object.payload.definition !== other.payload.definition
  ) return false;
  const [schema = "", table = "", name] = object.name;
  switch (object.payload.type) {
    case "foreign key":
      return true;
    case "check":
      return name === other.name[2] && isInherited(other);
    case "primary key":
    case "unique":
    case "exclusion":
      return name === nameOnPartition(other, [schema, table]);
    default:
      return object.payload.type satisfies never;
  }
}

/** The name of a partition's key; undefined where only the server knows it. */
export function nameOnPartition(
  { payload }: Constraint,
  partition: readonly string[],
): string | undefined {
  const said = payload.partitions?.[qualify(partition)];
  if (said !== undefined) return said;
  const index = keyIndexOf(payload.definition);
  const columns = indexColumns(`USING ${index?.tail ?? ""}`);
  const label = LABELS[payload.type];
  return index === undefined || columns === undefined || label === undefined
    ? undefined
    : partitionIndexName(partition[1] ?? "", columns, label);
}

/**
 * Whether a constraint that is none of its own any more becomes a part of one
 * of a table above.
 */
export function isTakenOver(
  object: Constraint,
  { objects }: ChangeTarget,
): boolean {
  return above(object, objects).length > 0;
}

/**
 * The check of a table above that stands for one of a table that inherits from
 * it: both are one there, which stays the table's own. That of a partition does
 * not.
 *
 * @param object The check, as it was, which is not to be the table's own.
 * @param target What SQL is written for.
 */
export function mergedWith(
  object: Constraint,
  { objects }: ChangeTarget,
): Constraint | undefined {
  return object.payload.type !== "check" ||
      partitionParent(objects.get(object.parent ?? "")) !== undefined
    ? undefined
    : above(object, objects)[0];
}

/**
 * The addresses of checks below that go, and that a new check would be merged
 * with.
 *
 * @param check The new one.
 * @param target What SQL is written for.
 */
export function ownBelow(
  check: Constraint,
  { before, objects }: CreateTarget,
): string[] {
  if (before === undefined || check.payload.type !== "check") return [];
  const name = check.name[2] ?? "";
  return descendantsOf(qualify(check.name.slice(0, 2)), before.objects)
    .map((child) => address("constraint", [...child.name, name]))
    .filter((own) => before.objects.has(own) && !objects.has(own));
}

/**
 * What is left of a constraint that was a part of a parent table's: it stays
 * when its table goes its own way.
 *
 * @returns Whether it is there already, or may be.
 */
export function leftByParent(
  object: Constraint,
  { before, objects, isReplaced }: CreateTarget,
): "stays" | "may stay" | "merges" | undefined {
  if (before === undefined || isReplaced?.(object.parent ?? "")) {
    return undefined;
  }
  const [parent] = above(object, before.objects);
  if (parent === undefined) return undefined;
  const now = objects.get(parent.address);
  // It is there as the parent's, and becomes the table's own beside that.
  if (
    object.payload.type === "check" && isReplaced?.(parent.address) !== true &&
    above(object, objects).some(({ address }) => address === parent.address) &&
    parentNames(before.objects.get(object.parent ?? "")).join() ===
      parentNames(objects.get(object.parent ?? "")).join()
  ) return "merges";
  return now !== undefined && isReplaced?.(parent.address) !== true &&
      canonicalJson(now.payload) === canonicalJson(parent.payload)
    ? "stays"
    : "may stay";
}

/**
 * The addresses of the checks above that a check came from: they are no longer
 * what they were when it becomes the table's own.
 *
 * @param object The check, as it is to be.
 * @param target What SQL is written for.
 */
export function goneAbove(
  object: Constraint,
  { before }: CreateTarget,
): string[] {
  return before === undefined || object.payload.type !== "check"
    ? []
    : above(object, before.objects).map(({ address }) => address);
}

/**
 * Whether a partition has a key already that a partitioned table's takes over.
 *
 * @param object The partitioned table's.
 * @param part The partition.
 * @param target What SQL is written for.
 */
export function hasPart(
  object: Constraint,
  part: Table,
  target: CreateTarget,
): boolean {
  const name = nameOnPartition(object, part.name);
  if (name === undefined || target.isReplaced?.(part.address)) return false;
  const was = target.before?.objects.get(
    address("constraint", [...part.name, name]),
  );
  return was === undefined
    ? isLeftWith(object, part, target)
    : isConstraint(was) && isPartOf(was, object);
}

/** Whether a partition has a key from the partitioned table that it was of before. */
function isLeftWith(
  object: Constraint,
  part: Table,
  { before, objects }: CreateTarget,
): boolean {
  const was = before?.objects.get(part.address);
  if (
    before === undefined || was === undefined ||
    partitionParent(was) === partitionParent(objects.get(part.address))
  ) return false;
  return ancestorsOf(was, before.objects).some(({ table, partitioned }) =>
    partitioned &&
    partsOf(table, before.objects).filter(isConstraint).some((other) =>
      hasIndex(other) &&
      canonicalJson(other.payload) === canonicalJson(object.payload) &&
      nameOnPartition(other, was.name) === nameOnPartition(object, part.name)
    )
  );
}

/**
 * Whether a unique constraint is a part of a primary key: the server takes it
 * for one that is there, and it keeps its name.
 */
function isUniquePart({ name, payload }: Constraint, key: Constraint): boolean {
  return payload.type === "unique" && key.payload.type === "primary key" &&
    key.payload.partitions?.[qualify(name.slice(0, 2))] === name[2] &&
    keyIndexOf(payload.definition)?.tail ===
      keyIndexOf(key.payload.definition)?.tail;
}

/**
 * The checks that a parent's statements drop, and change, with its own: one
 * that a table has from its parent and of its own can only go after that.
 *
 * @param check The parent's.
 * @param target What SQL is written for.
 */
export function mergedBelow(
  check: Constraint,
  { before, objects }: ChangeTarget,
): Constraint[] {
  if (check.payload.type !== "check" || !isInherited(check)) return [];
  const name = check.name[2] ?? "";
  const below = (table: readonly string[]): Constraint[] =>
    childrenOf(qualify(table), before.objects).flatMap((child) => {
      const own = before.objects.get(
        address("constraint", [...child.name, name]),
      );
      return [
        // That of a table that goes is gone by then, or goes with it.
        ...(own !== undefined && isConstraint(own) &&
            objects.has(child.address)
          ? [own]
          : []),
        ...below(child.name),
      ];
    });
  return below(check.name.slice(0, 2));
}

/**
 * Whether a check goes, or changes, with that of a parent.
 *
 * @param check The check as it was.
 * @param target What SQL is written for.
 */
export function goesWithParent(
  check: Constraint,
  { before, objects, isReplaced }: ChangeTarget,
): boolean {
  return check.payload.type === "check" &&
    above(check, before.objects).some((parent) => {
      const now = objects.get(parent.address);
      return objects.has(parent.parent ?? "") &&
        isReplaced?.(parent.parent ?? "") !== true &&
        (now === undefined || isReplaced?.(parent.address) === true ||
          isConstraint(now) &&
            now.payload.definition !== parent.payload.definition);
    });
}
