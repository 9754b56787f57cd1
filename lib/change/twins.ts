/**
 * What a column is to have once it takes another's place, built on it before:
 * indexes, keys, checks and foreign keys, under names of their own.
 *
 * @module
 */

import { CONSTRAINT } from "../kinds/constraint.ts";
import type { Constraint } from "../kinds/constraint_inheritance.ts";
import { isIndex } from "../kinds/index.ts";
import { type Index, nameOnPartition } from "../kinds/index_inheritance.ts";
import { partitionsBelow } from "../kinds/partitions.ts";
import { kindOf } from "../kinds/registry.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import { address } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { carriedOut } from "./rename_told.ts";
import { type Carried, freeName } from "./scaffold_sync.ts";
import { keyTwins } from "./twin_key.ts";

/** What is built before columns change places. */
export interface Twins {
  /** Indexes and checks, under their names of before; columns that are NOT NULL then. */
  readonly parts: readonly SchemaObject[];
  /** The indexes of keys. */
  readonly keyIndexes: readonly PlannedStatement[];
  /** Foreign keys: after those indexes. */
  readonly foreignKeys: readonly SchemaObject[];
  /** What gives all of them their names, or makes keys of indexes. */
  readonly named: readonly PlannedStatement[];
  /** Addresses of partitions' own keys, which those of their tables take over. */
  readonly keysOfParts: readonly string[];
}

/**
 * What of a goal can be built before columns change places. Foreign keys,
 * exclusion constraints and indexes of expressions cannot where a table is
 * partitioned, nor checks that kin have too: they are made afterwards.
 *
 * @param goal The schema as it is to be.
 * @param expanded The schema that has the columns beside.
 * @param how The columns; whether builds may block writers.
 */
export async function twinsOf(
  goal: Schema,
  expanded: Schema,
  how: {
    readonly columns: readonly Carried[];
    /** Columns that are new, whose rows are filled by then. */
    readonly added: readonly SchemaObject[];
    readonly locking: boolean;
    readonly context: SourceContext;
  },
): Promise<Twins> {
  const { added, columns, context, locking } = how;
  const renamed = await carriedOut(
    { schema: goal },
    columns.flatMap(({ to, beside }) => {
      const object = goal.objects.get(to.address) ?? to;
      return renames(object, [...object.name.slice(0, 2), beside]);
    }),
    context,
  );
  const moved = new Set(
    [...renamed.objects.values()].filter(({ kind, address }) =>
      kind === "column" && !goal.objects.has(address)
    ).map(({ address }) => address),
  );
  const names = new Set(
    [expanded, goal].flatMap(({ objects }) =>
      [...objects.values()].map(({ name }) => name.at(-1) ?? "")
    ),
  );
  const parts: SchemaObject[] = [];
  const keyIndexes: PlannedStatement[] = [];
  const foreignKeys: SchemaObject[] = [];
  const named: PlannedStatement[] = [];
  const keysOfParts: string[] = [];
  /** Addresses in `renamed` of what is built. */
  const built = new Set<string>();
  const found = [...renamed.objects.values()].filter((object) =>
    (object.kind === "index" || object.kind === "constraint") &&
    object.depends.some((dep) => moved.has(dep)) &&
    hasTwin(object, expanded) &&
    // What is new with the change itself comes with that.
    object.depends.every((dep) =>
      !dep.startsWith("column:") || expanded.objects.has(dep)
    )
  );
  const nameOf = (wanted: string): string => {
    const free = freeName(wanted, "new", (name) => names.has(name));
    names.add(free);
    return free;
  };
  const twinNamed = (object: SchemaObject): SchemaObject => {
    const name = [
      ...object.name.slice(0, -1),
      nameOf(object.name.at(-1) ?? ""),
    ];
    return {
      ...object,
      name,
      address: address(object.kind, name),
      // Those of partitions have the names that the server chooses, as yet.
      payload: { ...object.payload, partitions: undefined },
    };
  };
  for (const object of found) {
    if (object.payload.valid === false) continue;
    if (!isConstraint(object) || object.payload.type === "check") {
      const twin = twinNamed(object);
      parts.push(twin);
      named.push(...renames(twin, object.name, object));
    } else if (/^(primary key|unique)$/.test(object.payload.type)) {
      const is = goal.objects.get(object.address);
      const made = keyTwins(object, {
        goal: is !== undefined && isConstraint(is) ? is : object,
        schema: expanded,
        locking,
        nameOf,
      });
      if (made === undefined) continue;
      keyIndexes.push(...made.map(({ index }) => index));
      named.unshift(...made.map(({ become }) => become));
      keysOfParts.push(...made.flatMap(({ part }) => part ?? []));
    } else continue;
    built.add(object.address);
  }
  for (const object of found) {
    if (!isConstraint(object) || object.payload.type !== "foreign key") {
      continue;
    }
    const ready = object.payload.valid && object.depends.every((dep) => {
      const needed = renamed.objects.get(dep);
      const changes = needed?.depends.some((other) => moved.has(other)) ===
        true;
      return (!changes || built.has(dep)) &&
        (!moved.has(dep) || !isPartitioned(needed?.parent, expanded));
    });
    if (!ready) continue;
    const twin = twinNamed(object);
    // The key that it refers to is an index as yet.
    foreignKeys.push({
      ...twin,
      depends: twin.depends.filter((dep) => expanded.objects.has(dep)),
    });
    named.push(...renames(twin, object.name, object));
  }
  for (const dep of [...moved, ...added.map(({ address }) => address)]) {
    const column = renamed.objects.get(dep);
    const now = expanded.objects.get(dep);
    if (
      now === undefined || column?.payload.notNull !== true ||
      column.payload.notNullUnvalidated === true ||
      column.payload.notNullNoInherit === true ||
      column.payload.inherited === true
    ) continue;
    parts.push({ ...now, payload: { ...now.payload, notNull: true } });
  }
  return { parts, keyIndexes, foreignKeys, named, keysOfParts };
}

/**
 * Whether another one can be built beside an index or a constraint, and take
 * its place by its name.
 *
 * @param object The index or constraint.
 * @param schema The schema that has its table.
 */
export function hasTwin(object: SchemaObject, schema: Schema): boolean {
  const table = schema.objects.get(object.parent ?? "");
  if (table?.kind !== "table") return false;
  if (isIndex(object)) return areNamed(object, schema);
  if (!isConstraint(object)) return false;
  switch (object.payload.type) {
    case "primary key":
    case "unique":
      return true;
    case "foreign key":
    case "exclusion":
      return !isPartitioned(object.parent, schema);
    case "check":
      // One of the same name would be merged with it, or hold its name.
      return kindOf(table.kind)?.kin(table, schema.objects).every((other) =>
        !schema.objects.has(address("constraint", [
          ...schema.objects.get(other)?.name ?? [],
          object.name.at(-1) ?? "",
        ]))
      ) === true;
    default:
      return object.payload.type satisfies never;
  }
}

/** Only the server knows the names of partitions' indexes of expressions: they cannot be given them. */
function areNamed(index: Index, { objects }: Schema): boolean {
  return partitionsBelow(index.payload.on, objects)
    .every((part) => nameOnPartition(index, part) !== undefined);
}

function isPartitioned(table: string | undefined, schema: Schema): boolean {
  return schema.objects.get(table ?? "")?.payload.partitionBy !== undefined;
}

/** The schema with some objects more, or instead of those of their addresses. */
export function withObjects(
  schema: Schema,
  objects: readonly SchemaObject[],
): Schema {
  return makeSchema([...schema.objects.values(), ...objects], schema);
}

function isConstraint(object: SchemaObject): object is Constraint {
  return object.kind === "constraint" && CONSTRAINT.holds(object.payload);
}

function renames(
  object: SchemaObject,
  name: readonly string[],
  about = object,
): PlannedStatement[] {
  return (kindOf(object.kind)?.rename(object, name) ?? []).map((
    statement,
  ) => ({ ...statement, address: about.address, action: "rename" }));
}
