/**
 * ALTER DEFAULT PRIVILEGES: from some default privileges to others, grantee by
 * grantee. Pure.
 *
 * @module
 */

import { allPrivilegeNames } from "./acl.ts";
import { aclChanges } from "./acl_change.ts";
import { address, compareAddresses } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  attach,
  type ChangeTarget,
  type CreateTarget,
  type KindStatement,
} from "./kind.ts";
import { ownerRole } from "./owner_role.ts";

/** The keys of a default privilege's payload. */
export const DEFAULT_PRIVILEGE_SHAPE = {
  /** The role that creates; absent: the schema's owner, or the database's. */
  role: optional(shape.text()),
  /** The database's owner, where another role owns the schema. */
  databaseOwner: optional(shape.boolean()),
  /** Absent: in every schema. */
  schema: optional(shape.text()),
  on: shape.word(
    "tables",
    "sequences",
    "functions",
    "types",
    "schemas",
    "large objects",
  ),
  /** By grantee. */
  grants: shape.list(shape.record({
    /** `OWNER`: the role that creates. */
    to: shape.word("role", "PUBLIC", "OWNER"),
    role: optional(shape.text()),
    /** Sorted; `all` for a full set. */
    privileges: optional(shape.list(shape.text())),
    /** Those that may be granted on. */
    grantable: optional(shape.list(shape.text())),
    /** What the server gives by itself, and is not to be. */
    revoked: optional(shape.list(shape.text())),
  })),
} as const;

/** A default privilege's payload. */
export type DefaultPrivilegePayload = RecordOf<typeof DEFAULT_PRIVILEGE_SHAPE>;

/** What one role has by default. */
export type DefaultGrant = DefaultPrivilegePayload["grants"][number];

/** What is created, as the letters' classes call it. */
const CLASSES = {
  tables: "table",
  sequences: "sequence",
  functions: "function",
  types: "type",
  schemas: "schema",
  "large objects": "large object",
} as const;

const holdsDefault = holdsRecord(DEFAULT_PRIVILEGE_SHAPE);

/** Whether an object is a default privilege. */
export function isDefault(
  object: SchemaObject,
): object is SchemaObject<"default_privilege", DefaultPrivilegePayload> {
  return object.kind === "default_privilege" && holdsDefault(object.payload);
}

/**
 * The role whose objects default privileges are for.
 *
 * @param payload The default privileges.
 * @param target All objects.
 * @returns Undefined for whoever runs the DDL.
 */
export function creatorRole(
  { role, schema, databaseOwner }: DefaultPrivilegePayload,
  target: CreateTarget,
): string | undefined {
  if (role !== undefined) return role;
  return databaseOwner || schema === undefined
    ? target.databaseOwner
    : ownerRole(address("schema", [schema]), [schema], target);
}

/**
 * The statements that turn grants into others, for one role in one place.
 *
 * @param place Whose objects, of what, and where; the role undefined: of whoever runs it.
 * @param change The grants as they were and as they are to be, and
 * `server_version_num`.
 */
export function grantChanges(
  place: {
    readonly payload: Pick<DefaultPrivilegePayload, "on" | "schema">;
    readonly role: string | undefined;
  },
  change: {
    readonly from: readonly DefaultGrant[];
    readonly to: readonly DefaultGrant[];
    readonly version: number;
  },
): KindStatement[] {
  const { payload: { on, schema }, role } = place;
  const alter = `ALTER DEFAULT PRIVILEGES${
    role === undefined ? "" : ` FOR ROLE ${quoteIdentifier(role)}`
  }${schema === undefined ? "" : ` IN SCHEMA ${quoteIdentifier(schema)}`}`;
  const [from, to] = [change.from, change.to].map(byGrantee);
  const all = allPrivilegeNames(CLASSES[on], change.version);
  const grantees = [...new Set([...from?.keys() ?? [], ...to?.keys() ?? []])]
    .sort(compareAddresses);
  return grantees.flatMap((key) => {
    const [was, is] = [from?.get(key), to?.get(key)];
    const who = granteeName(is ?? was, role);
    return aclChanges(was ?? {}, is ?? {}, all).map((step) => {
      // One that is alone is called by its name.
      const names = (all.length === 1 ? all : step.names)
        .map((name) => name.toUpperCase()).join(", ");
      const object = `${names} ON ${on.toUpperCase()}`;
      return attach(
        step.verb === "GRANT"
          ? `${alter} GRANT ${object} TO ${who}${
            step.option ? " WITH GRANT OPTION" : ""
          }`
          : `${alter} REVOKE ${
            step.option ? "GRANT OPTION FOR " : ""
          }${object} FROM ${who}`,
        role === undefined ? {} : { actsAs: role },
      );
    });
  });
}

function byGrantee(grants: readonly DefaultGrant[]) {
  return new Map(
    grants.map((grant) => [`${grant.to} ${grant.role ?? ""}`, grant]),
  );
}

function granteeName(
  grant: DefaultGrant | undefined,
  creator: string | undefined,
): string {
  if (grant?.to === "PUBLIC") return "PUBLIC";
  const role = grant?.role ?? creator;
  return role === undefined ? "CURRENT_USER" : quoteIdentifier(role);
}

/**
 * The statements that end default privileges. Where the same role has others
 * by another address, since it owns the schema now or does no longer, it goes
 * over to those: the order of the two does not matter then.
 *
 * @param payload The default privileges, as they were.
 * @param target What they are written for.
 */
export function leaveDefaults(
  payload: DefaultPrivilegePayload,
  target: ChangeTarget,
): KindStatement[] {
  const role = creatorRole(payload, target.before);
  return grantChanges({ payload, role }, {
    from: payload.grants,
    to: successor(payload, target)?.grants ?? [],
    version: target.version,
  });
}

/** What the role of some default privileges has in the same place afterwards. */
function successor(
  payload: DefaultPrivilegePayload,
  target: ChangeTarget,
): DefaultPrivilegePayload | undefined {
  const role = creatorRole(payload, target.before);
  return [...target.objects.values()].filter(isDefault).find((other) =>
    other.payload.on === payload.on &&
    other.payload.schema === payload.schema &&
    creatorRole(other.payload, target) === role
  )?.payload;
}

/**
 * The statements that end default privileges of one role and give them to
 * another: a schema's owner, who has changed.
 *
 * @param from As they were.
 * @param to As they are to be.
 * @param target What they are written for.
 */
export function moveDefaults(
  from: DefaultPrivilegePayload,
  to: DefaultPrivilegePayload,
  target: ChangeTarget,
): KindStatement[] {
  return [
    ...leaveDefaults(from, target),
    ...grantChanges({ payload: to, role: creatorRole(to, target) }, {
      from: [],
      to: to.grants,
      version: target.version,
    }),
  ];
}

/**
 * The default privileges that objects get which are created on the way, by
 * whoever runs the SQL. What is dropped of them is dropped before that, what
 * is created or changed comes after it.
 *
 * @param target What it is written for.
 */
export function defaultsInForce(
  target: ChangeTarget,
): readonly DefaultPrivilegePayload[] {
  let found = IN_FORCE.get(target);
  if (found === undefined) IN_FORCE.set(target, found = findInForce(target));
  return found;
}

/** Asked for every object that is created. */
const IN_FORCE = new WeakMap<
  ChangeTarget,
  readonly DefaultPrivilegePayload[]
>();

function findInForce(target: ChangeTarget): DefaultPrivilegePayload[] {
  const { before } = target;
  // The database's owner is named where somebody else runs it.
  if (target.databaseOwner !== undefined) return [];
  return [...before.objects.values()].filter(isDefault)
    .filter(({ payload }) => creatorRole(payload, before) === undefined)
    .map(({ address, payload }) => ({
      ...payload,
      grants: target.objects.has(address)
        ? payload.grants
        : successor(payload, target)?.grants ?? [],
    }));
}
