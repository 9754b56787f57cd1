/**
 * What has a row type, and what the rows consist of: composite types, tables,
 * views. Pure.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { addressParts } from "../schema/address_parts.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { columnsIn } from "./inheritance.ts";
import type { CreateTarget } from "./kind.ts";
import { bareType } from "./stored_type.ts";

type Objects = CreateTarget["objects"];

const RELATIONS: ReadonlySet<string> = new Set([
  "table",
  "foreign_table",
  "view",
  "materialized_view",
]);

/** Whether an object has a row type, by its own name. */
export function hasRowType({ kind }: SchemaObject): boolean {
  return RELATIONS.has(kind);
}

/** A column of a view, or an attribute: what it is called and its type. */
export interface TypedPart {
  readonly name: string;
  readonly type: string;
  readonly collation: string | undefined;
}

/**
 * The columns or attributes that a payload lists.
 *
 * @param value What the payload has for them.
 */
export function typedParts(value: unknown): TypedPart[] {
  return !Array.isArray(value)
    ? []
    : value.flatMap((part: unknown) =>
      typeof part === "object" && part !== null && "name" in part &&
        "type" in part
        ? [{
          name: String(part.name),
          type: String(part.type),
          collation: "collation" in part && part.collation !== undefined
            ? String(part.collation)
            : undefined,
        }]
        : []
    );
}

/**
 * The object behind a type's name.
 *
 * @param type As `format_type` writes it.
 * @param objects The objects of the schema.
 * @returns Undefined for an enumerated type, and for the server's own.
 */
export function typeNamed(
  type: string,
  objects: Objects,
): SchemaObject | undefined {
  const { parts } = addressParts(`type:${bareType(type)}`);
  for (const kind of KINDS_OF_TYPES) {
    const found = objects.get(address(kind, parts));
    if (found !== undefined) return found;
  }
  return undefined;
}

const KINDS_OF_TYPES = [
  "composite",
  "domain",
  "table",
  "view",
  "materialized_view",
  "foreign_table",
  "range",
] as const;

/** Whether an object is a composite type, or has a row type. */
export function isRow(
  object: SchemaObject | undefined,
): object is SchemaObject {
  return object !== undefined &&
    (object.kind === "composite" || hasRowType(object));
}

/**
 * The attributes of a composite type, or the columns of a relation.
 *
 * @param object Either.
 * @param objects The objects of the schema.
 */
export function partsOf(
  object: SchemaObject | undefined,
  objects: Objects,
): readonly TypedPart[] {
  if (object === undefined) return [];
  const listed = typedParts(
    object.payload.attributes ?? object.payload.columns,
  );
  return listed.length > 0
    ? listed
    : columnsIn(object.address, objects).map(({ name, payload }) => ({
      name: name[2] ?? "",
      type: String(payload.type),
      collation: undefined,
    }));
}
