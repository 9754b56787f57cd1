/**
 * A schema as a tree for people: schemas, and in them each object with its
 * parts. Knows no terminal: how text is dressed is passed in. Pure.
 *
 * @module
 */

import { KINDS } from "../kinds/registry.ts";
import { address } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { partsByParent } from "./tables.ts";
import { columnCells, describe, remarkOf } from "./text_object.ts";

/** How text is dressed. */
export interface Paint {
  /** What stands out. */
  readonly bold: (text: string) => string;
  /** What steps back. */
  readonly dim: (text: string) => string;
}

/** How large a relation is. */
export interface RelationSize {
  /** As the planner guesses; undefined where nobody has counted. */
  readonly rows: number | undefined;
  /** With indexes and TOAST. */
  readonly bytes: number;
}

/** What a tree is made with. */
export interface TreeOptions {
  /** How text is dressed. */
  readonly paint: Paint;
  /** Sizes by address, where a live database was read. */
  readonly sizes?: ReadonlyMap<string, RelationSize> | undefined;
}

/** What is shown with its parent, and not below it. */
const REMARKS: ReadonlySet<string> = new Set(["comment", "owner"]);

const RANK: ReadonlyMap<string, number> = new Map(
  KINDS.map((kind, i) => [kind.kind, i]),
);

/**
 * Shows a schema.
 *
 * @param schema The schema.
 * @param options Dress and sizes.
 * @returns Lines; none for a schema without objects.
 */
export function schemaTree(schema: Schema, options: TreeOptions): string[] {
  const tree = new Tree(schema, options);
  const groups = new Map<string | undefined, SchemaObject[]>();
  for (const object of schema.objects.values()) {
    if (object.parent !== undefined && schema.objects.has(object.parent)) {
      continue;
    }
    const group = object.kind === "schema"
      ? object.name[0]
      : schemaOf(schema, object);
    const list = groups.get(group) ?? [];
    if (object.kind !== "schema") list.push(object);
    groups.set(group, list);
  }
  const lines: string[] = [];
  // What is in no schema comes first.
  const names = [...groups.keys()].filter((name) => name !== undefined).sort();
  for (const name of [undefined, ...names]) {
    const at = name === undefined
      ? undefined
      : schema.objects.get(address("schema", [name]));
    const objects = groups.get(name) ?? [];
    if (at === undefined) {
      for (const object of sorted(objects)) {
        lines.push(...tree.lines(object, 0));
      }
    } else {
      if (objects.length === 0 && tree.isBare(at)) continue;
      if (lines.length > 0) lines.push("");
      lines.push(...tree.lines(at, 0));
      for (const object of sorted(objects)) {
        lines.push(...tree.lines(object, 1));
      }
    }
  }
  return lines;
}

/** The schema that an object is in. */
function schemaOf(schema: Schema, object: SchemaObject): string | undefined {
  const [first, ...rest] = object.name;
  return first !== undefined && rest.length > 0 &&
      schema.objects.has(address("schema", [first]))
    ? first
    : undefined;
}

function sorted(objects: readonly SchemaObject[]): SchemaObject[] {
  const rank = ({ kind }: SchemaObject) => RANK.get(kind) ?? KINDS.length;
  return [...objects].sort((a, b) =>
    rank(a) - rank(b) || keyRank(a) - keyRank(b) || a.position - b.position
  );
}

/** Constraints in the order in which people look for them. */
const KEYS = ["primary key", "unique", "foreign key", "check", "exclusion"];

function keyRank({ payload }: SchemaObject): number {
  const { type } = payload;
  return typeof type === "string" ? KEYS.indexOf(type) : -1;
}

class Tree {
  readonly #parts: ReadonlyMap<string, readonly SchemaObject[]>;
  readonly #options: TreeOptions;

  constructor(schema: Schema, options: TreeOptions) {
    this.#parts = partsByParent(schema);
    this.#options = options;
  }

  /** Whether nothing is said about a schema that every database has. */
  isBare(object: SchemaObject): boolean {
    return object.name[0] === "public" && this.lines(object, 0).length === 1 &&
      this.#remarks(object) === "";
  }

  lines(object: SchemaObject, depth: number): string[] {
    const { paint } = this.#options;
    const indent = "  ".repeat(depth);
    const described = describe(object);
    if (described === undefined) return [];
    const title = object.kind === "schema" || depth < 2
      ? paint.bold(described.title)
      : described.title;
    const head = [
      `${described.word} ${title}`.trim(),
      ...(described.rest === "" ? [] : [described.rest]),
    ].join(" ");
    const parts = (this.#parts.get(object.address) ?? [])
      .filter(({ kind }) => !REMARKS.has(kind));
    // What comes from a parent table is said there.
    const columns = parts.filter(({ kind, payload }) =>
      kind === "column" && payload["inherited"] !== true
    );
    const others = parts.filter(({ kind }) => kind !== "column");
    return [
      `${indent}${head}${this.#size(object)}${this.#remarks(object)}`,
      ...this.#columns(columns, depth + 1),
      ...described.more.map((line) => `${indent}  ${line}`),
      ...sorted(others).flatMap((part) => this.lines(part, depth + 1)),
    ];
  }

  /** Columns below one another. */
  #columns(columns: readonly SchemaObject[], depth: number): string[] {
    const rows = columns.map((column) => ({
      column,
      cells: columnCells(column),
    }));
    const width = (i: 0 | 1) =>
      Math.min(40, Math.max(0, ...rows.map(({ cells }) => cells[i].length)));
    const [first, second] = [width(0), width(1)];
    return rows.flatMap(({ column, cells: [name, type, rest] }) => [
      `${"  ".repeat(depth)}${
        `${name.padEnd(first)}  ${type.padEnd(second)}  ${rest}`.trimEnd()
      }${this.#remarks(column)}`,
      ...(this.#parts.get(column.address) ?? [])
        .filter(({ kind }) => !REMARKS.has(kind))
        .flatMap((part) => this.lines(part, depth + 1)),
    ]);
  }

  #size({ address }: SchemaObject): string {
    const size = this.#options.sizes?.get(address);
    if (size === undefined) return "";
    const rows = size.rows === undefined
      ? ""
      : `about ${size.rows.toLocaleString("en-US")} ${
        size.rows === 1 ? "row" : "rows"
      }, `;
    return this.#options.paint.dim(`  (${rows}${bytesText(size.bytes)})`);
  }

  #remarks(object: SchemaObject): string {
    const remarks = (this.#parts.get(object.address) ?? [])
      .filter(({ kind }) => REMARKS.has(kind)).map(remarkOf)
      .filter((remark) => remark !== "");
    return remarks.length === 0
      ? ""
      : this.#options.paint.dim(`  -- ${remarks.join("; ")}`);
  }
}

/** Bytes as pg_size_pretty writes them. */
function bytesText(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let at = 0;
  let value = bytes;
  while (value >= 10240 && at < units.length - 1) {
    value = Math.round(value / 1024);
    at++;
  }
  return `${value} ${units[at]}`;
}
