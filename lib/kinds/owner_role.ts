/**
 * Which role owns an object: what the payload of an `owner` says, relative to
 * the schema that the object is in and to the database. Pure.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { addressParts } from "../schema/address_parts.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import type { CreateTarget } from "./kind.ts";

/** The keys of an owner's payload. */
export const OWNER_SHAPE = {
  /** A role, where it is neither of the following. */
  role: optional(shape.text()),
  /**
   * The database's owner, where another role owns the schema. Without this
   * and a role: the schema's owner; the database's for what is in no schema.
   */
  databaseOwner: optional(shape.boolean()),
} as const;

/** An owner's payload. */
export type OwnerPayload = RecordOf<typeof OWNER_SHAPE>;

const holdsOwner = holdsRecord(OWNER_SHAPE);

/** The address of an object's owner. */
export function ownerAddress(subject: string): string {
  return `owner:${subject}`;
}

/** Whether an object says who owns another. */
export function isOwner(
  object: SchemaObject,
): object is SchemaObject<"owner", OwnerPayload> {
  return object.kind === "owner" && holdsOwner(object.payload);
}

/** Whether an owner is whoever owns the schema, or the database for what is in none. */
export function isUsual({ payload }: { readonly payload: OwnerPayload }) {
  return payload.role === undefined && payload.databaseOwner !== true;
}

/**
 * The role that is to own an object.
 *
 * @param subject The object's address.
 * @param name The parts of its name.
 * @param target All objects.
 * @returns Undefined for whoever runs the DDL.
 */
export function ownerRole(
  subject: string,
  name: readonly string[],
  target: Pick<CreateTarget, "objects" | "databaseOwner">,
): string | undefined {
  const owner = target.objects.get(ownerAddress(subject));
  if (owner !== undefined && isOwner(owner)) {
    if (owner.payload.role !== undefined) return owner.payload.role;
    if (owner.payload.databaseOwner) return target.databaseOwner;
  }
  const [schema, ...rest] = name;
  return schema === undefined || rest.length === 0
    ? target.databaseOwner
    : ownerRole(address("schema", [schema]), [schema], target);
}

/**
 * The address of the object whose owner owns another: a part has that of its
 * whole, and a sequence of a column that of the table.
 *
 * @param subject The address.
 * @param objects All objects.
 */
export function ownedAs(
  subject: string,
  { objects }: Pick<CreateTarget, "objects">,
): string {
  if (objects.has(ownerAddress(subject))) return subject;
  const object = objects.get(subject);
  const column = object?.payload["ownedBy"];
  if (typeof column === "string") {
    return tableOf(column, objects) ?? subject;
  }
  return object?.parent === undefined
    ? subject
    : ownedAs(object.parent, { objects });
}

/** The address of the table of a column, that is written as SQL has it. */
function tableOf(
  column: string,
  objects: ReadonlyMap<string, SchemaObject>,
): string | undefined {
  const name = addressParts(`column:${column}`).parts.slice(0, 2);
  return ["table", "foreign_table"].map((kind) => address(kind, name))
    .find((table) => objects.has(table));
}
