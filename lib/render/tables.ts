/**
 * Tables with their columns, keys and foreign keys together: for pictures and
 * for programs that want a table whole. Pure.
 *
 * @module
 */

import { COLUMN, type ColumnPayload } from "../kinds/column.ts";
import { CONSTRAINT } from "../kinds/constraint.ts";
import { address } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";

/** A column of a table. */
export interface TableColumn extends ColumnPayload {
  /** Its name. */
  readonly name: string;
}

/** A key of a table, or a foreign key. */
export interface TableKey {
  /** The name of the constraint. */
  readonly name: string;
  /** Its columns, in the key's order. */
  readonly columns: readonly string[];
}

/** A foreign key. */
export interface ForeignKey extends TableKey {
  /** The address of the table that it refers to, which need not be in the schema. */
  readonly references: string;
}

/** A table with what is in it. */
export interface TableFacts {
  /** The table itself. */
  readonly table: SchemaObject;
  /** In their order. */
  readonly columns: readonly TableColumn[];
  /** The primary key; undefined where there is none. */
  readonly primaryKey: TableKey | undefined;
  /** Unique constraints, by name. */
  readonly uniques: readonly TableKey[];
  /** Foreign keys, by name. */
  readonly foreignKeys: readonly ForeignKey[];
}

/**
 * The objects of a schema by the address of what they are a part of.
 *
 * @param schema The schema.
 * @returns The parts, in the order of their positions and addresses.
 */
export function partsByParent(schema: Schema): Map<string, SchemaObject[]> {
  const parts = new Map<string, SchemaObject[]>();
  for (const object of schema.objects.values()) {
    if (object.parent === undefined) continue;
    const known = parts.get(object.parent);
    if (known === undefined) parts.set(object.parent, [object]);
    else known.push(object);
  }
  for (const list of parts.values()) {
    list.sort((a, b) => a.position - b.position);
  }
  return parts;
}

/**
 * Every table of a schema, sorted by address.
 *
 * @param schema The schema.
 */
export function tablesOf(schema: Schema): TableFacts[] {
  const parts = partsByParent(schema);
  return [...schema.objects.values()].filter(({ kind }) => kind === "table")
    .map((table) => tableFacts(table, parts.get(table.address) ?? []));
}

function tableFacts(
  table: SchemaObject,
  parts: readonly SchemaObject[],
): TableFacts {
  const columns: TableColumn[] = [];
  const primary: TableKey[] = [];
  const uniques: TableKey[] = [];
  const foreignKeys: ForeignKey[] = [];
  for (const part of parts) {
    const name = part.name[2] ?? "";
    const { payload } = part;
    if (part.kind === "column" && COLUMN.holds(payload)) {
      columns.push({ ...payload, name });
    } else if (part.kind === "constraint" && CONSTRAINT.holds(payload)) {
      const key = { name, columns: keyColumns(payload.definition) };
      const references = referencedTable(payload.definition);
      if (payload.type === "primary key") primary.push(key);
      else if (payload.type === "unique") uniques.push(key);
      else if (payload.type === "foreign key" && references !== undefined) {
        foreignKeys.push({ ...key, references });
      }
    }
  }
  return { table, columns, primaryKey: primary[0], uniques, foreignKeys };
}

/** The first list of names of a key's definition, as pg_get_constraintdef writes it. */
function keyColumns(definition: string): string[] {
  const list = /\(((?:"(?:[^"]|"")*"|[^")])*)\)/.exec(definition)?.[1] ?? "";
  return [...list.matchAll(/(?:^|,)\s*(?:PERIOD )?("(?:[^"]|"")*"|[^\s,]+)/g)]
    .map(([, name = ""]) => unquoted(name));
}

/** Read with an empty search_path: the name is always qualified. */
function referencedTable(definition: string): string | undefined {
  const part = '("(?:[^"]|"")*"|[^\\s."(]+)';
  const [, schema, table] =
    new RegExp(`\\) REFERENCES ${part}\\.${part}`).exec(definition) ?? [];
  return schema === undefined || table === undefined
    ? undefined
    : address("table", [unquoted(schema), unquoted(table)]);
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
