/**
 * The kind `owner`: who owns an object, relative to the schema that it is in
 * and to the database, so that the same DDL loaded by somebody else is the
 * same. A schema's own owner is relative to the database's.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { attach, type CreateTarget, type KindModule } from "./kind.ts";

const SHAPE = {
  /** A role, where it is neither of the following. */
  role: optional(shape.text()),
  /**
   * The database's owner, where another role owns the schema. Without this
   * and a role: the schema's owner; the database's for what is in no schema.
   */
  databaseOwner: optional(shape.boolean()),
} as const;

/** An owner's payload. */
export type OwnerPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const OWNER: KindModule<"owner", OwnerPayload> = {
  kind: "owner",
  catalog: "pg_shdepend",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: undefined,
  query: () => undefined,
  read: () => undefined,
  aspects: (subject, { ownership }) => {
    // The owner of an owned sequence is always that of the table.
    if (
      subject.owner === undefined || !subject.ownsItself ||
      subject.payload["ownedBy"] !== undefined
    ) return [];
    const role = ownership.behind(subject.owner);
    const [schema, ...rest] = subject.name;
    const usual = rest.length > 0 && schema !== undefined
      ? ownership.ofSchema(schema) ?? ownership.database
      : ownership.database;
    const isPublic = subject.address === "schema:public";
    const effective = isPublic ? ownership.ofSchema("public") ?? role : role;
    if (isPublic && effective === ownership.database) return [];
    return [{
      address: ownerAddress(subject.address),
      name: subject.name,
      parent: subject.parent,
      payload: effective === usual
        ? {}
        : effective === ownership.database
        ? { databaseOwner: true }
        : { role: effective },
    }];
  },
  create: (object, _children, target) => {
    const subject = object.parent ?? "";
    const phrase = target.phrase(subject);
    const role = ownerRole(subject, object.name, target);
    return role === undefined || phrase === undefined
      ? []
      : [attach(`ALTER ${phrase} OWNER TO ${quoteIdentifier(role)}`)];
  },
};

/** The address of an object's owner. */
export function ownerAddress(subject: string): string {
  return `owner:${subject}`;
}

function isOwner(
  object: SchemaObject,
): object is SchemaObject<"owner", OwnerPayload> {
  return object.kind === "owner" && OWNER.holds(object.payload);
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
  target: CreateTarget,
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
