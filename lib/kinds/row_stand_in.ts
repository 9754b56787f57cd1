/**
 * Types that stand in for the row types of relations, and for what is made of
 * those, while the relations change: a column goes over to them, and back.
 * Pure.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { columnsIn } from "./inheritance.ts";
import { type ChangeTarget, qualify } from "./kind.ts";
import { hasRowType, type TypedPart, typedParts } from "./row_parts.ts";
import { bareType, freeName, isOfType } from "./stored_type.ts";

/** What stands in for the type of a column. */
export interface TypeStandIn {
  /** The type, as behind `ALTER COLUMN … TYPE`. */
  readonly type: string;
  /** Statements that make the types it consists of, in order. */
  readonly before: readonly string[];
  /** Statements that drop them. */
  readonly after: readonly string[];
  /** Addresses of what the column's own type consists of, before and after. */
  readonly parts: ReadonlySet<string>;
}

/**
 * What can stand in for the type of a column.
 *
 * @param column The column, as it was.
 * @param name What the types are called, with a number behind it: schema and
 * name.
 * @param target What SQL is written for.
 * @returns Undefined where there is no row of a relation in its values.
 */
export function typeStandIn(
  column: SchemaObject,
  name: readonly [string, string],
  target: ChangeTarget,
): TypeStandIn | undefined {
  const maker = new StandInMaker(column, name, target);
  const type = maker.typeFor(String(column.payload.type), column);
  return type === undefined ? undefined : {
    type,
    before: maker.made.map(({ create }) => create),
    after: maker.made.map(({ drop }) => drop).reverse(),
    parts: maker.parts,
  };
}

class StandInMaker {
  readonly made: { readonly create: string; readonly drop: string }[] = [];
  readonly parts = new Set<string>();
  readonly #known = new Map<string, string | undefined>();
  readonly #column: SchemaObject;
  readonly #name: readonly [string, string];
  readonly #target: ChangeTarget;

  constructor(
    column: SchemaObject,
    name: readonly [string, string],
    target: ChangeTarget,
  ) {
    this.#column = column;
    this.#name = name;
    this.#target = target;
  }

  /**
   * What a type becomes.
   *
   * @param type As `format_type` writes it.
   * @param user What is of the type, and depends on it.
   * @returns Undefined where it stays what it is.
   */
  typeFor(type: string, user: SchemaObject): string | undefined {
    const { objects } = this.#target.before;
    const own = user.depends.map((dep) => objects.get(dep)).find((dep) =>
      dep !== undefined && isOfType(type, dep)
    );
    if (own === undefined) return undefined;
    const bare = bareType(type);
    const known = this.#known.has(bare)
      ? this.#known.get(bare)
      : this.#make(own, bare);
    this.#known.set(bare, known);
    return known === undefined ? undefined : known + type.slice(bare.length);
  }

  #make(own: SchemaObject, bare: string): string | undefined {
    this.parts.add(own.address);
    const { payload } = own;
    if (hasRowType(own)) return this.#composite(this.#columnsOf(own), own);
    switch (own.kind) {
      case "composite": {
        const parts = typedParts(payload.attributes);
        return parts.some(({ type }) => this.typeFor(type, own) !== undefined)
          ? this.#composite(parts, own)
          : undefined;
      }
      case "domain": {
        const base = this.typeFor(String(payload.type), own);
        return base === undefined
          ? undefined
          : this.#add((name) => `CREATE DOMAIN ${name} AS ${base}`, "DOMAIN");
      }
      case "range":
        return this.#range(own, bare);
      default:
        return undefined;
    }
  }

  #range(own: SchemaObject, bare: string): string | undefined {
    const { multirange, operatorClass, subtype } = own.payload;
    const of = this.typeFor(String(subtype), own);
    if (of === undefined) return undefined;
    const more = operatorClass === undefined
      ? ""
      : `, SUBTYPE_OPCLASS = ${String(operatorClass)}`;
    const many = this.#free();
    const one = this.#add(
      (name) =>
        `CREATE TYPE ${name} AS RANGE (SUBTYPE = ${of}${more}, MULTIRANGE_TYPE_NAME = ${many})`,
    );
    this.#known.set(qualify(own.name), one);
    this.#known.set(String(multirange), many);
    return bare === multirange ? many : one;
  }

  #composite(parts: readonly TypedPart[], own: SchemaObject): string {
    const attributes = parts.map(({ name, type, collation }) =>
      [
        quoteIdentifier(name),
        this.#ofOwn(type, name, own) ?? type,
        ...(collation === undefined ? [] : [`COLLATE ${collation}`]),
      ].join(" ")
    );
    return this.#add((name) =>
      `CREATE TYPE ${name} AS (${attributes.join(", ")})`
    );
  }

  /** A table's columns depend on their types by themselves. */
  #ofOwn(type: string, name: string, own: SchemaObject): string | undefined {
    const column = this.#columnsAt(own.address).find((one) =>
      one.name[2] === name
    );
    return this.typeFor(type, column ?? own);
  }

  #columnsAt(relation: string): readonly SchemaObject[] {
    return columnsIn(relation, this.#target.before.objects);
  }

  #columnsOf(relation: SchemaObject): TypedPart[] {
    const listed = typedParts(relation.payload.columns);
    if (listed.length > 0) return listed;
    const columns = this.#columnsAt(relation.address);
    for (
      const { address } of [
        ...columns,
        ...columnsIn(relation.address, this.#target.objects),
      ]
    ) this.parts.add(address);
    return columns.map(({ name, payload: { type, collation } }) => ({
      name: name[2] ?? "",
      type: String(type),
      collation: collation === undefined ? undefined : String(collation),
    }));
  }

  #add(create: (name: string) => string, word = "TYPE"): string {
    const name = this.#free();
    this.made.push({ create: create(name), drop: `DROP ${word} ${name}` });
    return name;
  }

  #count = 0;

  #free(): string {
    const [schema, name] = this.#name;
    const numbered = `${++this.#count}_${name}`;
    return qualify([
      schema,
      freeName({ ...this.#column, name: [schema, numbered] }, this.#target),
    ]);
  }
}
