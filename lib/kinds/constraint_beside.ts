/**
 * Constraints of partitions that are in the way of a new one of the partitioned
 * table, which would take them over, or that must wait for one above.
 *
 * @module
 */

import { isConstraint } from "./constraint.ts";
import { keyIndexOf } from "./constraint_definition.ts";
import {
  type Constraint,
  hasIndex,
  isPartOf,
  nameOnPartition,
} from "./constraint_inheritance.ts";
import {
  type ChangeTarget,
  type CreateTarget,
  type Ousted,
  qualify,
} from "./kind.ts";
import { ancestorsOf, partitionsBelow, partsOf } from "./partitions.ts";

/**
 * The constraints that partitions have by themselves and are to have beside a
 * new one of the partitioned table: that would take them over where they are
 * there first.
 *
 * @param object The partitioned table's.
 * @param target What SQL is written for.
 */
export function ownBeside(object: Constraint, target: ChangeTarget): Ousted {
  const { before, objects } = target;
  const table = qualify(object.name.slice(0, 2));
  const own = partitionsBelow(table, before.objects).flatMap((part) =>
    partsOf(part.address, before.objects).filter(isConstraint)
      .filter((other) =>
        objects.has(other.address) && areAlike(object, other) &&
        other.name[2] !== nameOnPartition(object, part.name)
      ).map(({ address }) => address)
  );
  const found = new Set(own);
  return { before: found, after: found };
}

/**
 * The addresses of keys of partitions that go, and that are in the way of a new
 * one of the partitioned table: they would be taken over, or there would be two
 * primary keys.
 *
 * @param key The new one.
 * @param target What SQL is written for.
 */
export function keysBelow(key: Constraint, target: CreateTarget): string[] {
  const { before, objects } = target;
  if (before === undefined || !hasIndex(key)) return [];
  return partitionsBelow(qualify(key.name.slice(0, 2)), before.objects)
    .flatMap((part) =>
      partsOf(part.address, before.objects).filter(isConstraint)
        .filter((other) =>
          !objects.has(other.address) && !isPartOf(other, key) &&
          (areAlike(key, other) ||
            other.name[2] === nameOnPartition(key, part.name) ||
            key.payload.type === "primary key" &&
              other.payload.type === "primary key")
        ).map(({ address }) => address)
    );
}

/**
 * The addresses of primary keys above that go, and of which a partition has a
 * part that must be gone before it has one of its own.
 *
 * @param key That of the partition.
 * @param target What SQL is written for.
 */
export function keysAbove(
  key: Constraint,
  { before, objects }: CreateTarget,
): string[] {
  if (before === undefined || key.payload.type !== "primary key") return [];
  return ancestorsOf(before.objects.get(key.parent ?? ""), before.objects)
    .filter(({ partitioned }) => partitioned)
    .flatMap(({ table }) => partsOf(table, before.objects))
    .filter((other) =>
      other.payload.type === "primary key" && !objects.has(other.address)
    ).map(({ address }) => address);
}

/** Whether the server takes one constraint for a part of the other: a unique one for that of a primary key, too. */
function areAlike(object: Constraint, other: Constraint): boolean {
  const [tail, own] = [object, other].map(({ payload }) =>
    keyIndexOf(payload.definition)?.tail
  );
  return tail === undefined
    ? object.payload.type !== "check" &&
      object.payload.type === other.payload.type &&
      object.payload.definition === other.payload.definition
    : tail === own;
}
