/**
 * The kind `owner`: who owns an object, relative to the schema that it is in
 * and to the database, so that the same DDL loaded by somebody else is the
 * same. A schema's own owner is relative to the database's.
 *
 * @module
 */

import type { Hazard } from "./hazard.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { address } from "../schema/address.ts";
import { holdsRecord } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  altered,
  create,
  type CreateTarget,
  type KindModule,
  type KindStatement,
} from "./kind.ts";
import { isFilledBeforeOwner } from "./materialized_view_fill.ts";
import {
  OWNER_SHAPE,
  ownerAddress,
  type OwnerPayload,
  ownerRole,
} from "./owner_role.ts";
import { comeAlong } from "./owner_schema.ts";
import { privilegeAddress } from "./privilege_address.ts";
import { privilegesOf } from "./privilege_payload.ts";
import { writeRights } from "./privilege_sql.ts";

export type { OwnerPayload } from "./owner_role.ts";

/** The kind. */
export const OWNER: KindModule<"owner", OwnerPayload> = {
  kind: "owner",
  catalog: "pg_shdepend",
  shape: OWNER_SHAPE,
  holds: holdsRecord(OWNER_SHAPE),
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
      // The new owner must be allowed to create in the schema.
      depends: effective === usual || schema === undefined || rest.length === 0
        ? []
        : [
          ownerAddress(address("schema", [schema])),
          privilegeAddress(address("schema", [schema]), {
            to: "role",
            role: effective,
          }),
        ],
      payload: effective === usual
        ? {}
        : effective === ownership.database
        ? { databaseOwner: true }
        : { role: effective },
    }];
  },
  create: (object, _children, target) => {
    const role = ownerRole(subjectOf(object), object.name, target);
    const subject = target.objects.get(subjectOf(object));
    const filled = subject !== undefined && isFilledBeforeOwner(subject, target)
      ? { afterFilled: [subject.address] }
      : {};
    // An event trigger is made at the end.
    const late = subject?.kind === "event_trigger"
      ? { phase: "attach" } as const
      : {};
    return [
      ...(role === undefined ? [] : ownedBy(object, role, target))
        .map((statement) => ({ ...statement, ...filled, ...late })),
      ...comeAlong(object, target),
    ];
  },
  // The owner that a schema had from the start is no object. What else loses
  // its owner goes with a table: a sequence of a column.
  drop: (object, target) => {
    if (subjectOf(object) !== INITIAL) return [];
    const role = target.version >= 150000
      ? "pg_database_owner"
      : target.databaseOwner;
    return [
      ...ownedBy(object, role, target),
      ...comeAlong(object, target),
    ];
  },
  alter: (_from, to, _keys, target) => {
    const role = ownerRole(subjectOf(to), to.name, target);
    const was = ownerRole(subjectOf(to), to.name, target.before);
    return altered(
      role === was ? [] : [
        ...ownedBy(to, role, target).map((statement) => ({
          ...statement,
          hazards: [changesHands(to, role, target)],
        })),
        ...needlessOptions(subjectOf(to), role, target.before),
        ...comeAlong(to, target),
      ],
    );
  },
  follow: (from, _to, replaced) =>
    replaced.address === from.parent ? undefined : [],
};

function changesHands(
  owner: SchemaObject,
  role: string | undefined,
  target: CreateTarget,
): Hazard {
  return {
    kind: "security",
    reason: `the ${
      // Keywords are capitals; a name of such would be quoted.
      target.phrase(subjectOf(owner))?.replace(
        /^[A-Z ]+/,
        (words) => words.toLowerCase(),
      )} goes over to ${role ?? "whoever runs this"}`,
  };
}

/**
 * An owner may grant everything: of an option to do so that it was given as
 * somebody else nothing is left but a word in the catalog, and in dumps.
 */
function needlessOptions(
  subject: string,
  role: string | undefined,
  before: CreateTarget,
): KindStatement[] {
  const had = privilegesOf(before.objects).bySubject.get(subject)
    ?.find(({ payload }) => role !== undefined && payload.role === role);
  return had?.payload.grantable === undefined ? [] : writeRights(had, {
    from: had.payload,
    to: { ...had.payload, grantable: undefined },
  }, { target: { ...before, before: undefined }, owners: before });
}

/** The one schema that is there from the start. */
const INITIAL = "schema:public";

function subjectOf(owner: SchemaObject): string {
  return owner.parent ?? "";
}

/**
 * The statement that gives an object to a role. In the order of dependencies:
 * what is granted and attached afterwards counts on the owners.
 */
function ownedBy(
  owner: SchemaObject,
  role: string | undefined,
  target: CreateTarget,
): KindStatement[] {
  const phrase = target.phrase(subjectOf(owner));
  return phrase === undefined ? [] : [create(
    `ALTER ${phrase} OWNER TO ${
      role === undefined ? "CURRENT_USER" : quoteIdentifier(role)
    }`,
    role === undefined ? {} : { actsAs: role },
  )];
}
