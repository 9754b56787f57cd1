/**
 * The tables of a schema as a Mermaid entity-relationship diagram. Partitions
 * are left out: their parent stands for them. Pure.
 *
 * @module
 */

import type { Schema } from "../schema/schema.ts";
import {
  type ForeignKey,
  type TableColumn,
  type TableFacts,
  tablesOf,
} from "./tables.ts";

/** What of a schema is drawn. */
export interface MermaidOptions {
  /** The address of a table: only it and what is near it. */
  readonly focus?: string | undefined;
  /** How many foreign keys away what is near may be; 1 by default. */
  readonly depth?: number | undefined;
}

/**
 * The tables that can be drawn.
 *
 * @param schema The schema.
 */
export function drawnTables(schema: Schema): TableFacts[] {
  return tablesOf(schema).filter(({ table }) =>
    table.payload["partitionOf"] === undefined
  );
}

/**
 * Draws the tables of a schema.
 *
 * @param schema The schema.
 * @param options What of it.
 * @returns The text of an `erDiagram`, which ends in a line feed.
 */
export function mermaid(schema: Schema, options: MermaidOptions = {}): string {
  const all = drawnTables(schema);
  const tables = options.focus === undefined
    ? all
    : near(all, options.focus, options.depth ?? 1);
  const drawn = new Map(tables.map((facts) => [facts.table.address, facts]));
  const schemas = new Set(tables.map(({ table }) => table.name[0]));
  const name = ({ table }: TableFacts) =>
    entity(schemas.size > 1 ? table.name.join(".") : table.name[1] ?? "");
  const lines = ["erDiagram"];
  for (const facts of tables) {
    lines.push(`    ${name(facts)} {`);
    for (const column of facts.columns) {
      lines.push(`        ${attribute(column, facts)}`);
    }
    lines.push("    }");
  }
  for (const facts of tables) {
    for (const key of facts.foreignKeys) {
      const other = drawn.get(key.references);
      if (other === undefined) continue;
      lines.push(
        `    ${name(other)} ${cardinality(facts, key)} ${name(facts)} : "${
          text(key.columns.join(", "))
        }"`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

/** A table and those that foreign keys lead to from it, either way. */
function near(
  tables: readonly TableFacts[],
  focus: string,
  depth: number,
): TableFacts[] {
  const neighbours = new Map<string, string[]>();
  const join = (from: string, to: string) =>
    neighbours.set(from, [...neighbours.get(from) ?? [], to]);
  for (const { table, foreignKeys } of tables) {
    for (const { references } of foreignKeys) {
      join(table.address, references);
      join(references, table.address);
    }
  }
  const reached = new Set([focus]);
  let edge = [focus];
  for (let i = 0; i < depth; i++) {
    edge = edge.flatMap((at) => neighbours.get(at) ?? [])
      .filter((at) => !reached.has(at));
    for (const at of edge) reached.add(at);
  }
  return tables.filter(({ table }) => reached.has(table.address));
}

/** One or none on the side that is referred to; many, or one, on the other. */
function cardinality(facts: TableFacts, key: ForeignKey): string {
  const required = key.columns.every((name) =>
    facts.columns.find((column) => column.name === name)?.notNull === true
  );
  const once = [facts.primaryKey, ...facts.uniques].some((unique) =>
    unique !== undefined &&
    unique.columns.every((name) => key.columns.includes(name))
  );
  return `${required ? "||" : "|o"}--${once ? "o|" : "o{"}`;
}

function attribute(column: TableColumn, facts: TableFacts): string {
  const has = (key: { readonly columns: readonly string[] } | undefined) =>
    key?.columns.includes(column.name) === true;
  const keys = [
    ...(has(facts.primaryKey) ? ["PK"] : []),
    ...(facts.foreignKeys.some(has) ? ["FK"] : []),
    // Of several columns none is unique by itself.
    ...(facts.uniques.some((key) => key.columns.length === 1 && has(key))
      ? ["UK"]
      : []),
  ];
  const name = word(column.name);
  const notes = [
    ...(name === column.name ? [] : [text(column.name)]),
    ...(column.notNull && !has(facts.primaryKey) ? ["not null"] : []),
  ];
  return [
    typeWord(column.type),
    name,
    ...(keys.length === 0 ? [] : [keys.join(", ")]),
    ...(notes.length === 0 ? [] : [`"${notes.join("; ")}"`]),
  ].join(" ");
}

/** The names that everybody writes. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/^timestamp(\(\d\))? with time zone/, "timestamptz$1"],
  [/^timestamp(\(\d\))? without time zone/, "timestamp$1"],
  [/^time(\(\d\))? with time zone/, "timetz$1"],
  [/^time(\(\d\))? without time zone/, "time$1"],
  [/^character varying/, "varchar"],
  [/^character\b/, "char"],
  [/^bit varying/, "varbit"],
];

/** Mermaid's words for types have no space, comma, dot or quote. */
function typeWord(type: string): string {
  const short = SHORT.reduce((at, [from, to]) => at.replace(from, to), type);
  return word(short.replaceAll(/[^\p{L}\p{N}_()[\]-]+/gu, "_"), "()[]");
}

/** A word as an attribute may be called: it begins with a letter. */
function word(name: string, more = ""): string {
  const allowed = [...name].map((character) =>
    /[\p{L}\p{N}_-]/u.test(character) || more.includes(character)
      ? character
      : "_"
  ).join("");
  return /^\p{L}/u.test(allowed) ? allowed : `x${allowed}`;
}

/** An entity's name, in quotes where it is not a plain word. */
function entity(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) ? name : `"${text(name)}"`;
}

/** What may stand between double quotes. */
function text(name: string): string {
  return name.replaceAll('"', "'").replaceAll(/[%\\\r\n]/g, "_");
}
