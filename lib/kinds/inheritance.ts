/**
 * Which tables get changes of their columns from other ones: partitions, and
 * tables that inherit, as long as they stay what they are. Pure.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { Lexer } from "../sql/lexer.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { type ChangeTarget, type CreateTarget, qualify } from "./kind.ts";
import { isOfType } from "./stored_type.ts";

/** Whether SQL is written for a change, and not for an empty database. */
export function isChange(target: CreateTarget): target is ChangeTarget {
  return target.before !== undefined;
}

type Objects = CreateTarget["objects"];

/** What is looked up again and again in one schema. */
interface Lookup {
  /** Tables and foreign tables by `schema.name`. */
  readonly relations: ReadonlyMap<string, SchemaObject>;
  /** Partitions and inheriting tables of each, by its `schema.name`. */
  readonly children: ReadonlyMap<string, readonly SchemaObject[]>;
  /** The columns of each, by its address, in their order. */
  readonly columns: ReadonlyMap<string, readonly SchemaObject[]>;
}

/** Made once a schema. */
const LOOKUPS = new WeakMap<Objects, Lookup>();

function lookup(objects: Objects): Lookup {
  const known = LOOKUPS.get(objects);
  if (known !== undefined) return known;
  const relations = new Map<string, SchemaObject>();
  const children = new Map<string, SchemaObject[]>();
  const columns = new Map<string, SchemaObject[]>();
  const add = (
    map: Map<string, SchemaObject[]>,
    key: string,
    object: SchemaObject,
  ) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [object]);
    else list.push(object);
  };
  for (const object of objects.values()) {
    if (object.kind === "column") {
      if (object.parent !== undefined) add(columns, object.parent, object);
    } else if (object.kind === "table" || object.kind === "foreign_table") {
      relations.set(qualify(object.name), object);
      for (const parent of parentNames(object)) add(children, parent, object);
    }
  }
  for (const list of columns.values()) {
    list.sort((a, b) => a.position - b.position);
  }
  const made = { relations, children, columns };
  LOOKUPS.set(objects, made);
  return made;
}

/**
 * The tables that a table is a partition of, or inherits from.
 *
 * @param relation A table or foreign table.
 * @returns As `schema.name`.
 */
export function parentNames(
  relation: SchemaObject | undefined,
): readonly string[] {
  const parent = partitionParent(relation);
  if (parent !== undefined) return [parent];
  const inherits = relation?.payload.inherits;
  return Array.isArray(inherits) ? inherits.map(String) : [];
}

/** The partitioned table of a partition, as `schema.name`. */
export function partitionParent(
  relation: SchemaObject | undefined,
): string | undefined {
  return partitionOf(relation)?.parent;
}

/** Of what a table is a partition, and for which values; undefined where it is none. */
export function partitionOf(
  relation: SchemaObject | undefined,
): { readonly parent: string; readonly bound: string } | undefined {
  const value = relation?.payload.partitionOf;
  return typeof value === "object" && value !== null && "parent" in value &&
      "bound" in value
    ? { parent: String(value.parent), bound: String(value.bound) }
    : undefined;
}

/**
 * A table or foreign table by its name in SQL.
 *
 * @param name As `schema.name`.
 * @param objects The objects of the schema.
 */
export function relationNamed(
  name: string,
  objects: Objects,
): SchemaObject | undefined {
  return lookup(objects).relations.get(name);
}

/**
 * The partitions of a table, and the tables that inherit from it.
 *
 * @param name As `schema.name`.
 * @param objects The objects of the schema.
 */
export function childrenOf(
  name: string,
  objects: Objects,
): readonly SchemaObject[] {
  return lookup(objects).children.get(name) ?? [];
}

/**
 * Tables for a hazard's reason.
 *
 * @param tables At least one.
 * @returns Such as `public.a, public.b and 3 more`.
 */
export function tableList(tables: readonly SchemaObject[]): string {
  const names = tables.map(({ name }) => qualify(name)).sort();
  const shown = names.length <= 6 ? names : names.slice(0, 5);
  const more = names.length - shown.length;
  return shown.join(", ") + (more === 0 ? "" : ` and ${more} more`);
}

/**
 * Every table below a table, partitions and inheriting ones.
 *
 * @param name As `schema.name`.
 * @param objects The objects of the schema.
 */
export function descendantsOf(name: string, objects: Objects): SchemaObject[] {
  return childrenOf(name, objects).flatMap((child) => [
    child,
    ...descendantsOf(qualify(child.name), objects),
  ]);
}

/**
 * Every table above a table, and below.
 *
 * @param relation The table, or a foreign table.
 * @param objects The objects of the schema.
 * @returns Their addresses.
 */
export function kinOf(relation: SchemaObject, objects: Objects): string[] {
  const above = (child: SchemaObject): SchemaObject[] =>
    parentNames(child).flatMap((name) => {
      const parent = relationNamed(name, objects);
      return parent === undefined ? [] : [parent, ...above(parent)];
    });
  return [...above(relation), ...descendantsOf(qualify(relation.name), objects)]
    .map(({ address }) => address);
}

/**
 * The columns of a table, in their order.
 *
 * @param relation The table's address.
 * @param objects The objects of the schema.
 */
export function columnsIn(
  relation: string,
  objects: Objects,
): readonly SchemaObject[] {
  return lookup(objects).columns.get(relation) ?? [];
}

/**
 * A column of a table.
 *
 * @param relation The table.
 * @param name The column's name.
 * @param objects The objects of the schema.
 */
export function columnNamed(
  relation: SchemaObject,
  name: string,
  objects: Objects,
): SchemaObject | undefined {
  return objects.get(address("column", [...relation.name, name]));
}

/** Columns by their names in SQL, made once a schema. */
const NAMES = new WeakMap<Objects, ReadonlyMap<string, SchemaObject>>();

/**
 * A column by its name in SQL, such as what owns a sequence.
 *
 * @param name As `schema.table.column`.
 * @param objects The objects of the schema.
 */
export function columnQualified(
  name: string,
  objects: Objects,
): SchemaObject | undefined {
  let names = NAMES.get(objects);
  if (names === undefined) {
    const made = new Map<string, SchemaObject>();
    for (const object of objects.values()) {
      if (object.kind === "column") made.set(qualify(object.name), object);
    }
    NAMES.set(objects, made);
    names = made;
  }
  return names.get(name);
}

/** Found once for each plan. */
const REBUILT = new WeakMap<ChangeTarget, Map<string, boolean>>();

/**
 * Whether a table is made anew: its rows go over to a new one, since nothing
 * else makes a table partitioned, or partitioned in another way.
 *
 * @param relation The table's address.
 * @param target What SQL is written for.
 */
export function isRebuilt(relation: string, target: ChangeTarget): boolean {
  let known = REBUILT.get(target);
  if (known === undefined) {
    known = new Map();
    REBUILT.set(target, known);
  }
  const before = known.get(relation);
  if (before !== undefined) return before;
  // What is asked meanwhile is no reason of its own.
  known.set(relation, false);
  const was = target.before.objects.get(relation);
  const is = target.objects.get(relation);
  const found = was !== undefined && is !== undefined &&
    needsRebuilding(was, is, target);
  known.set(relation, found);
  return found;
}

function needsRebuilding(
  was: SchemaObject,
  is: SchemaObject,
  target: ChangeTarget,
): boolean {
  const { partitionBy } = was.payload;
  if (partitionBy !== is.payload.partitionBy) return true;
  if (isOfNewFunction(was, target)) return true;
  if (scatteredFrom(is, target) !== undefined) return true;
  // The columns of a partition are its own once it is none any more.
  if (
    partitionOf(was) !== undefined && partitionOf(is) === undefined &&
    columnsIn(is.address, target.objects).some(({ payload }) =>
      payload.inherited === true
    )
  ) return true;
  return columnsIn(was.address, target.before.objects).some((column) => {
    const now = target.objects.get(column.address);
    return now !== undefined && cannotStay(column, now, target);
  }) ||
    // ALTER TABLE does nothing about it where there are no rows.
    partitionBy !== undefined &&
      was.payload.persistence !== is.payload.persistence;
}

/** Whether a function of a table's partition key becomes another one of its name. */
function isOfNewFunction(table: SchemaObject, target: ChangeTarget): boolean {
  return table.payload.partitionBy !== undefined &&
    table.depends.some((dep) =>
      dep.startsWith("function:") && target.isAnew?.(dep) === true
    );
}

/** Types whose values have the same hash in one another. */
const INTEGERS = /^(smallint|integer|bigint)$/;

/**
 * What a table is a partition of whose rows belong to other partitions after
 * that is made anew: their hashes are others. That of an enumerated type's
 * value is of its OID.
 *
 * @param partition The table as it is to be.
 * @param target What SQL is written for.
 * @returns Undefined where the partition keeps its rows.
 */
export function scatteredFrom(
  partition: SchemaObject,
  target: ChangeTarget,
): SchemaObject | undefined {
  const name = partitionParent(partition);
  const before = target.before.objects.get(partition.address);
  if (name === undefined || partitionParent(before) !== name) return undefined;
  const is = relationNamed(name, target.objects);
  const was = relationNamed(name, target.before.objects);
  if (
    is === undefined || was?.address !== is.address ||
    !/^hash\b/i.test(String(was.payload.partitionBy)) ||
    !isRebuilt(is.address, target)
  ) return undefined;
  const scatters = was.payload.partitionBy !== is.payload.partitionBy ||
    isOfNewFunction(was, target) ||
    columnsIn(was.address, target.before.objects).some((column) => {
      const now = target.objects.get(column.address);
      if (!isInKey(column, target) || now === undefined) return false;
      const types = [column, now].map(({ payload }) => String(payload.type));
      return isOfNewType(column, target) ||
        types[0] !== types[1] && !types.every((type) => INTEGERS.test(type));
    });
  return scatters ? is : undefined;
}

/**
 * Whether a column cannot become what it is to be as long as its table is what
 * it is: one that a partition key names keeps its type, and one that is both
 * declared and inherited stays declared.
 *
 * @param from The column as it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function cannotStay(
  from: SchemaObject,
  to: SchemaObject,
  target: ChangeTarget,
): boolean {
  const table = target.before.objects.get(from.parent ?? "");
  const retyped = from.payload.type !== to.payload.type ||
    from.payload.collation !== to.payload.collation ||
    isOfNewType(from, target);
  if (retyped && isInKey(from, target)) return true;
  const name = from.name[2] ?? "";
  return to.payload.inherited === true && from.payload.inherited !== true &&
    table?.payload.inherits !== undefined &&
    parentNames(table).some((parent) => {
      const relation = relationNamed(parent, target.before.objects);
      return relation !== undefined &&
        columnNamed(relation, name, target.before.objects) !== undefined;
    });
}

/**
 * Whether a column's type becomes a new one of the same name, or its collation.
 *
 * @param column The column as it was.
 * @param target What SQL is written for.
 */
export function isOfNewType(
  column: SchemaObject,
  target: ChangeTarget,
): boolean {
  return column.depends.some((dep) => {
    const used = target.before.objects.get(dep);
    return used !== undefined && target.isAnew !== undefined &&
      (isOfType(String(column.payload.type), used) ||
        used.kind === "collation") &&
      target.isAnew(dep);
  });
}

/**
 * Whether the partition key of its table names a column.
 *
 * @param column The column as it was.
 * @param target What SQL is written for.
 */
export function isInKey(column: SchemaObject, target: ChangeTarget): boolean {
  const table = target.before.objects.get(column.parent ?? "");
  const key = table?.payload.partitionBy;
  if (typeof key !== "string") return false;
  const lexer = new Lexer(key);
  const name = quoteIdentifier(column.name[2] ?? "");
  while (lexer.next()) {
    const token = key.slice(lexer.start, lexer.end);
    if (
      (lexer.kind === "word" || lexer.kind === "quoted_identifier") &&
      token === name
    ) return true;
  }
  return false;
}

/** Whether a table stays the child of one and the same parent throughout. */
function isKept(
  child: SchemaObject,
  parent: string,
  target: ChangeTarget,
): boolean {
  const was = target.before.objects.get(child.address);
  const is = target.objects.get(child.address);
  const parentAddress = relationNamed(parent, target.objects)?.address;
  if (
    was === undefined || is === undefined || parentAddress === undefined ||
    relationNamed(parent, target.before.objects)?.address !== parentAddress ||
    isRebuilt(was.address, target) || isRebuilt(parentAddress, target)
  ) return false;
  // One for other values is so in the end: until then it is what it was.
  return parentNames(was).includes(parent) && parentNames(is).includes(parent);
}

/**
 * The parents whose changes a table gets by itself.
 *
 * @param relation The table's address.
 * @param target What SQL is written for.
 * @returns As they are to be.
 */
export function keptParents(
  relation: string,
  target: ChangeTarget,
): SchemaObject[] {
  const is = target.objects.get(relation);
  return parentNames(is).flatMap((parent) =>
    is !== undefined && isKept(is, parent, target)
      ? relationNamed(parent, target.objects) ?? []
      : []
  );
}

/**
 * The tables that get a table's changes by themselves.
 *
 * @param relation The table's address.
 * @param target What SQL is written for.
 * @returns As they are to be.
 */
export function keptChildren(
  relation: string,
  target: ChangeTarget,
): SchemaObject[] {
  const is = target.objects.get(relation);
  if (is === undefined) return [];
  const parent = qualify(is.name);
  return childrenOf(parent, target.objects).filter((child) =>
    isKept(child, parent, target)
  );
}

/**
 * The column of a parent that a column gets its changes from.
 *
 * @param column The column, before or after.
 * @param target What SQL is written for.
 * @returns As it is to be, and as it was: at least one of them.
 */
export function carrierOf(
  column: SchemaObject,
  target: ChangeTarget,
): Carrier | undefined {
  const name = column.name[2] ?? "";
  for (const parent of keptParents(column.parent ?? "", target)) {
    const was = columnNamed(parent, name, target.before.objects);
    const is = columnNamed(parent, name, target.objects);
    if (was !== undefined || is !== undefined) return { was, is };
  }
  return undefined;
}

/** A column that another one gets its changes from. */
export interface Carrier {
  readonly was: SchemaObject | undefined;
  readonly is: SchemaObject | undefined;
}
