/**
 * Which tables are partitions of which, and what their parts have to do with
 * those of the partitioned table: PostgreSQL makes an index or a constraint of
 * a partition for each of its parent's, and takes over what is there already
 * and fits.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { chosenName, joinedColumns } from "./chosen_name.ts";
import { type CatalogContext, type CreateTarget, qualify } from "./kind.ts";
import type { Row } from "./row.ts";
import { TABLE, type TablePayload } from "./table.ts";

/** A table. */
export type Table = SchemaObject<"table", TablePayload>;

/** The objects of a schema. */
type Objects = CreateTarget["objects"];

/** What is looked up again and again in one schema. */
interface Lookup {
  /** Tables and foreign tables by `schema.name`. */
  readonly tables: ReadonlyMap<string, SchemaObject>;
  /** The partitions of each table, by its `schema.name`. */
  readonly partitions: ReadonlyMap<string, readonly Table[]>;
  /** Indexes and constraints by the address of what they are on. */
  readonly parts: ReadonlyMap<string, readonly SchemaObject[]>;
}

/** Made once a schema. */
const LOOKUPS = new WeakMap<Objects, Lookup>();

function lookup(objects: Objects): Lookup {
  let made = LOOKUPS.get(objects);
  if (made === undefined) {
    made = makeLookup(objects);
    LOOKUPS.set(objects, made);
  }
  return made;
}

function makeLookup(objects: Objects): Lookup {
  const tables = new Map<string, SchemaObject>();
  const partitions = new Map<string, Table[]>();
  const parts = new Map<string, SchemaObject[]>();
  const add = <T>(map: Map<string, T[]>, key: string, item: T) => {
    const items = map.get(key);
    if (items === undefined) map.set(key, [item]);
    else items.push(item);
  };
  for (const object of objects.values()) {
    switch (object.kind) {
      case "table":
      case "foreign_table": {
        tables.set(qualify(object.name), object);
        const parent = isTable(object)
          ? object.payload.partitionOf?.parent
          : undefined;
        if (isTable(object) && parent !== undefined) {
          add(partitions, parent, object);
        }
        break;
      }
      case "index":
      case "constraint":
        if (object.parent !== undefined) add(parts, object.parent, object);
    }
  }
  return { tables, partitions, parts };
}

/**
 * A table by its address.
 *
 * @returns Undefined for an unknown address, and for what is no table.
 */
export function tableAt(
  address: string | undefined,
  objects: Objects | undefined,
): Table | undefined {
  const object = address === undefined ? undefined : objects?.get(address);
  return object !== undefined && isTable(object) ? object : undefined;
}

function isTable(object: SchemaObject): object is Table {
  return object.kind === "table" && TABLE.holds(object.payload);
}

/** Whether a table has partitions instead of rows. */
export function isPartitioned(table: Table | undefined): boolean {
  return table?.payload.partitionBy !== undefined;
}

/**
 * Every partition below a table, partitions of partitions before what they
 * are parts of.
 *
 * @param table As `schema.name`.
 * @param objects The objects of the schema.
 */
export function partitionsBelow(table: string, objects: Objects): Table[] {
  return (lookup(objects).partitions.get(table) ?? []).flatMap((child) => [
    ...partitionsBelow(qualify(child.name), objects),
    child,
  ]);
}

/**
 * The indexes and constraints of a relation.
 *
 * @param address The relation.
 * @param objects The objects of the schema.
 */
export function partsOf(
  address: string,
  objects: Objects,
): readonly SchemaObject[] {
  return lookup(objects).parts.get(address) ?? [];
}

/** A table above another one. */
export interface Ancestor {
  /** Its address. */
  readonly table: string;
  /** Whether what is below it is its partition, and does not just inherit. */
  readonly partitioned: boolean;
}

/**
 * The tables that a table is a partition of, or inherits from, nearest first.
 *
 * @param table The table, or a foreign table.
 * @param objects The objects of the schema.
 */
export function ancestorsOf(
  table: SchemaObject | undefined,
  objects: Objects,
): Ancestor[] {
  const found = new Map<string, Ancestor>();
  const next = table === undefined ? [] : [table];
  for (let at = next.shift(); at !== undefined; at = next.shift()) {
    for (const { parent, partitioned } of parentsOf(at)) {
      const above = lookup(objects).tables.get(parent);
      if (above === undefined || found.has(above.address)) continue;
      found.set(above.address, { table: above.address, partitioned });
      next.push(above);
    }
  }
  return [...found.values()];
}

function parentsOf(
  { payload: { partitionOf, inherits } }: SchemaObject,
): { readonly parent: string; readonly partitioned: boolean }[] {
  if (isRecord(partitionOf) && typeof partitionOf.parent === "string") {
    return [{ parent: partitionOf.parent, partitioned: true }];
  }
  return Array.isArray(inherits)
    ? inherits.map((parent) => ({
      parent: String(parent),
      partitioned: false,
    }))
    : [];
}

function isRecord(
  value: unknown,
): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The name that the server gives a partition's index.
 *
 * @param table The partition's name, without its schema.
 * @param columns The index's columns.
 * @param label `idx`, `key`, `pkey` or `excl`.
 */
export function partitionIndexName(
  table: string,
  columns: readonly string[],
  label: string,
): string {
  return chosenName(
    table,
    label === "pkey" ? undefined : joinedColumns(columns),
    label,
  );
}

/**
 * A subquery for the indexes of partitions: schema, table and index.
 *
 * @param index The expression of the partitioned index's OID.
 * @param context Which schemas are managed.
 */
export function partitionsQuery(
  index: string,
  context: Pick<CatalogContext, "managed">,
): string {
  return `SELECT pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, pt.relname, pc.relname) ORDER BY n.nspname, pt.relname) FROM pg_catalog.pg_partition_tree(${index}) x JOIN pg_catalog.pg_class pc ON pc.oid = x.relid JOIN pg_catalog.pg_index pi ON pi.indexrelid = pc.oid JOIN pg_catalog.pg_class pt ON pt.oid = pi.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = pt.relnamespace WHERE x.level > 0 AND ${context.managed}`;
}

/** The indexes of partitions, as far as they count: by table, as `schema.name`. */
export type PartitionNames = Readonly<Record<string, string>> | undefined;

/**
 * Reads the names of the indexes of partitions that the server would not
 * choose.
 *
 * @param row A row with `columns` and `partitions`.
 * @param options The label of such names, and whether all names count.
 * @returns Them, and addresses of what must be there before they can be made.
 */
export function readPartitions(
  row: Row,
  options: { readonly label: string; readonly all: boolean },
): { readonly names: PartitionNames; readonly depends: readonly string[] } {
  const columns = row.list("columns");
  const found = row.tuples("partitions").filter(([, table = "", name]) =>
    options.all || name !== partitionIndexName(table, columns, options.label)
  );
  if (found.length === 0) return { names: undefined, depends: [] };
  return {
    names: Object.fromEntries(
      found.map(([schema = "", table = "", name = ""]) => [
        qualify([schema, table]),
        name,
      ]),
    ),
    depends: found.flatMap(([schema = "", table = "", name = ""]) => [
      address("table", [schema, table]),
      // The index of a key that is the partition's own.
      address("constraint", [schema, table, name]),
    ]),
  };
}
