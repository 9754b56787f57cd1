/**
 * The kind `default_privilege`: what ALTER DEFAULT PRIVILEGES has said for the
 * objects that one role will create, everywhere or in one schema.
 *
 * @module
 */

import {
  type AclClass,
  allPrivileges,
  type Grantee,
  grantees,
  namesOf,
  publicPrivileges,
} from "./acl.ts";
import {
  creatorRole,
  DEFAULT_PRIVILEGE_SHAPE,
  type DefaultPrivilegePayload,
  grantChanges,
  leaveDefaults,
  moveDefaults,
} from "./default_privilege_change.ts";
import { address, splitAddress } from "../schema/address.ts";
import { holdsRecord } from "../schema/shape.ts";
import { altered, type AspectContext, type KindModule } from "./kind.ts";
import { need } from "./version_need.ts";

export type { DefaultPrivilegePayload } from "./default_privilege_change.ts";

const OBJECTS: Readonly<
  Record<string, readonly [DefaultPrivilegePayload["on"], AclClass]>
> = {
  r: ["tables", "table"],
  S: ["sequences", "sequence"],
  f: ["functions", "function"],
  T: ["types", "type"],
  n: ["schemas", "schema"],
  L: ["large objects", "large object"],
};

/** The kind. */
export const DEFAULT_PRIVILEGE: KindModule<
  "default_privilege",
  DefaultPrivilegePayload
> = {
  kind: "default_privilege",
  catalog: "pg_default_acl",
  shape: DEFAULT_PRIVILEGE_SHAPE,
  holds: holdsRecord(DEFAULT_PRIVILEGE_SHAPE),
  needs: ({ payload }) => [
    ...need(payload.on === "large objects", 18, "those of large objects"),
    ...need(
      payload.grants.some(({ privileges, grantable, revoked }) =>
        [privileges, grantable, revoked].some((names) =>
          names?.includes("maintain")
        )
      ),
      17,
      "MAINTAIN",
    ),
  ],
  commentOn: undefined,
  pervades: true,
  query: (context) =>
    [
      "SELECT d.oid, 0 AS sub, n.nspname AS schema, pg_catalog.pg_get_userbyid(d.defaclrole) AS role, d.defaclobjtype AS type, pg_catalog.to_json(d.defaclacl::text[]) AS items",
      "FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace",
      `WHERE ${
        context.everything ? "d.defaclnamespace = 0 OR " : ""
      }(n.oid IS NOT NULL AND ${context.managed})`,
    ].join(" "),
  read: () => undefined,
  readAspects: (row, context) => {
    const object = OBJECTS[row.text("type")];
    if (object === undefined) return [];
    const [on, type] = object;
    const role = row.text("role");
    const schema = row.optional("schema");
    const all = allPrivileges(type, context.version);
    // Those of a schema are added to the others; the others replace the server's.
    const from = schema === undefined
      ? { owner: all, public: publicPrivileges(type) }
      : { owner: "", public: "" };
    const creator = creatorOf(role, schema, context);
    const who = creator.role === undefined
      ? creator.databaseOwner ? "DATABASE OWNER" : "OWNER"
      : splitAddress(address("role", [creator.role])).name;
    const place = schema === undefined
      ? ""
      : ` in ${splitAddress(address("schema", [schema])).name}`;
    return [{
      address: `default_privilege:${who} on ${on}${place}`,
      name: schema === undefined
        ? [`${who} on ${on}`]
        : [schema, `${who} on ${on}`],
      parent: schema === undefined ? undefined : address("schema", [schema]),
      payload: {
        ...creator,
        schema,
        on,
        grants: grantees(row.list("items"), role, from).map((grantee) =>
          grantOf(grantee, all)
        ).sort((a, b) => key(a) < key(b) ? -1 : 1),
      },
    }];
  },
  create: ({ payload }, _children, target) =>
    grantChanges(
      { payload, role: creatorRole(payload, target) },
      { from: [], to: payload.grants, version: target.version },
    ),
  drop: ({ payload }, target) => leaveDefaults(payload, target),
  alter: (from, to, _keys, target) => {
    const role = creatorRole(to.payload, target);
    return altered(
      creatorRole(from.payload, target.before) === role
        ? grantChanges({ payload: to.payload, role }, {
          from: from.payload.grants,
          to: to.payload.grants,
          version: target.version,
        })
        : moveDefaults(from.payload, to.payload, target),
    );
  },
};

/** The role that creates, relative to who owns the schema or the database. */
function creatorOf(
  role: string,
  schema: string | undefined,
  { ownership }: AspectContext,
): Pick<DefaultPrivilegePayload, "role" | "databaseOwner"> {
  const usual = schema === undefined
    ? ownership.database
    : ownership.ofSchema(schema);
  if (role === usual) return {};
  return role === ownership.database ? { databaseOwner: true } : { role };
}

function grantOf(grantee: Grantee, all: string) {
  return { to: grantee.to, role: grantee.role, ...namesOf(grantee, all) };
}

function key(
  grant: { readonly to: string; readonly role: string | undefined },
): string {
  return `${grant.to} ${grant.role ?? ""}`;
}
