/**
 * What an index has to do with others that are like it: a partition's becomes
 * a part of the partitioned table's, and is its table's own again when that is
 * no partition any more; a key takes over the index of its name.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { isConstraint } from "./constraint.ts";
import { keyIndexOf } from "./constraint_definition.ts";
import { type IndexPayload, isIndex } from "./index.ts";
import { indexColumns, indexTail } from "./index_definition.ts";
import { isChange } from "./inheritance.ts";
import {
  type ChangeTarget,
  type CreateTarget,
  type Ousted,
  qualify,
} from "./kind.ts";
import {
  ancestorsOf,
  isPartitioned,
  partitionIndexName,
  partitionsBelow,
  partsOf,
  type Table,
  tableAt,
} from "./partitions.ts";

/** An index. */
export type Index = SchemaObject<"index", IndexPayload>;

/**
 * The name of a partition's index.
 *
 * @param index The partitioned table's.
 * @param part The partition.
 * @returns Undefined where only the server knows it.
 */
export function nameOnPartition(
  { payload }: Index,
  part: Table,
): string | undefined {
  const said = payload.partitions?.[qualify(part.name)];
  if (said !== undefined) return said;
  const columns = indexColumns(payload.definition);
  return columns === undefined
    ? undefined
    : partitionIndexName(part.name[1] ?? "", columns, "idx");
}

/** Whether two indexes differ in nothing but their names and tables. */
function areAlike(one: Index, other: Index): boolean {
  return one.payload.unique === other.payload.unique &&
    indexTail(one.payload.definition) === indexTail(other.payload.definition);
}

/**
 * Whether a partition has an index already that a partitioned one takes over.
 *
 * @param object The partitioned table's.
 * @param part The partition.
 * @param target What SQL is written for.
 */
export function isTakenOver(
  object: Index,
  part: Table,
  target: CreateTarget,
): boolean {
  const name = nameOnPartition(object, part);
  if (name === undefined) return false;
  if (isOwnKey(part, name, target.objects)) return true;
  if (target.isReplaced?.(part.address)) return false;
  const was = target.before?.objects.get(
    address("index", [part.name[0] ?? "", name]),
  );
  return was !== undefined && was.parent === part.address && isIndex(was) &&
    was.payload.valid && areAlike(was, object) &&
    !target.objects.has(was.address);
}

/**
 * The indexes of a partition that go, and that a partitioned one would take
 * over if they were still there.
 *
 * @param object The partitioned table's.
 * @param part The partition.
 * @param target What SQL is written for.
 * @returns Their addresses.
 */
export function inTheWay(
  object: Index,
  part: Table,
  target: CreateTarget,
): string[] {
  if (!isChange(target)) return [];
  return partsOf(part.address, target.before.objects).filter(isIndex)
    .filter((index) =>
      areAlike(index, object) && !target.objects.has(index.address) &&
      !goesOn(index, target)
    ).map((index) => index.address);
}

/**
 * The indexes and keys that partitions have by themselves and are to have
 * beside a new index of the partitioned table: that would take them over where
 * they are there first.
 *
 * @param object The partitioned table's.
 * @param target What SQL is written for.
 */
export function ownBeside(object: Index, target: ChangeTarget): Ousted {
  const { before, objects } = target;
  const tail = indexTail(object.payload.definition);
  const own = partitionsBelow(object.payload.on, before.objects)
    .flatMap((part) =>
      partsOf(part.address, before.objects).filter((other) =>
        objects.has(other.address) &&
        other.name.at(-1) !== nameOnPartition(object, part) &&
        (isIndex(other)
          ? areAlike(other, object)
          : object.payload.unique && isConstraint(other) &&
            `USING ${keyIndexOf(other.payload.definition)?.tail}` === tail)
      ).map(({ address }) => address)
    );
  const found = new Set(own);
  return { before: found, after: found };
}

/**
 * Whether a partition's index is that of a key of its own.
 *
 * @param part The partition.
 * @param name The index.
 * @param objects The objects of the schema.
 */
export function isOwnKey(
  part: Table,
  name: string,
  objects: CreateTarget["objects"],
): boolean {
  return objects.has(address("constraint", [...part.name, name]));
}

/** Indexes of the tables that a table is a partition of. */
function indexesAbove(
  table: Table | undefined,
  objects: CreateTarget["objects"],
): Index[] {
  return ancestorsOf(table, objects)
    .filter(({ partitioned }) => partitioned)
    .flatMap((above) => partsOf(above.table, objects).filter(isIndex));
}

/**
 * Another index that stays, and whose part on a partition has the name yet
 * that this one's is to have there.
 *
 * @param object The partitioned table's.
 * @param part The partition, and the name.
 * @param target What SQL is written for.
 * @returns Its address.
 */
export function holderOfName(
  object: Index,
  { part, name }: { readonly part: Table; readonly name: string },
  { before, isReplaced }: CreateTarget,
): string | undefined {
  const table = tableAt(part.address, before?.objects);
  if (before === undefined || table === undefined) return undefined;
  return indexesAbove(table, before.objects).find((other) =>
    other.address !== object.address &&
    isReplaced?.(other.address) !== true &&
    nameOnPartition(other, table) === name
  )?.address;
}

/**
 * What is left of an index that was a partitioned one's part: it stays when
 * its table is no partition any more.
 *
 * @param object The index that is to be.
 * @param target What SQL is written for.
 * @returns Whether it is there already, or may be.
 */
export function leftByParent(
  object: Index,
  target: CreateTarget,
): "stays" | "may stay" | undefined {
  const { before, objects, isReplaced } = target;
  const table = tableAt(object.parent, before?.objects);
  if (
    before === undefined || table?.payload.partitionOf === undefined ||
    isReplaced?.(table.address)
  ) return undefined;
  const above = indexesAbove(table, before.objects).find((index) =>
    areAlike(index, object) && nameOnPartition(index, table) === object.name[1]
  );
  if (above === undefined) return undefined;
  const now = objects.get(above.address);
  return now !== undefined && isReplaced?.(above.address) !== true &&
      canonicalJson(now.payload) === canonicalJson(above.payload)
    ? "stays"
    : "may stay";
}

/**
 * Whether an index that is no object any more goes on as a part of another
 * one, or behind a key.
 *
 * @param object The index that was.
 * @param target What SQL is written for.
 */
export function goesOn(object: Index, target: ChangeTarget): boolean {
  const { objects } = target;
  const table = tableAt(object.parent, objects);
  if (table === undefined) return false;
  // One that is INVALID would make the partitioned one so.
  if (
    object.payload.valid &&
    indexesAbove(table, objects).some((above) =>
      areAlike(above, object) &&
      nameOnPartition(above, table) === object.name[1]
    )
  ) return true;
  const key = objects.get(
    address("constraint", [...table.name, object.name[1] ?? ""]),
  );
  return key !== undefined && indexOfKey(key, target) === object;
}

/**
 * The index that a new key makes its own: that of its name, which is the same.
 *
 * @param key The key that is to be.
 * @param target What SQL is written for.
 */
export function indexOfKey(
  key: SchemaObject,
  target: CreateTarget,
): Index | undefined {
  const { before, objects, isReplaced } = target;
  const table = tableAt(key.parent, before?.objects);
  if (
    !isConstraint(key) || table === undefined || isPartitioned(table) ||
    isReplaced?.(table.address) !== false || before?.objects.has(key.address)
  ) return undefined;
  const index = before?.objects.get(
    address("index", [key.name[0] ?? "", key.name[2] ?? ""]),
  );
  const is = keyIndexOf(key.payload.definition);
  const same = (one: unknown, other: unknown) =>
    JSON.stringify(one) === JSON.stringify(other);
  return index !== undefined && is !== undefined && isIndex(index) &&
      index.parent === key.parent && !objects.has(index.address) &&
      index.payload.unique && index.payload.valid &&
      indexTail(index.payload.definition) === `USING ${is.tail}` &&
      same(index.payload.parameters, key.payload.parameters) &&
      index.payload.tablespace === key.payload.tablespace
    ? index
    : undefined;
}
