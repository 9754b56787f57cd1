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
import { address, splitAddress } from "../schema/address.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { type AspectContext, attach, type KindModule } from "./kind.ts";
import { ownerRole } from "./owner.ts";

const SHAPE = {
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
export type DefaultPrivilegePayload = RecordOf<typeof SHAPE>;

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
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: undefined,
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
  create: (object, _children, target) => {
    const { payload } = object;
    const { schema, on } = payload;
    const role = payload.role ??
      (payload.databaseOwner || schema === undefined
        ? target.databaseOwner
        : ownerRole(address("schema", [schema]), [schema], target));
    const alter = `ALTER DEFAULT PRIVILEGES${
      role === undefined ? "" : ` FOR ROLE ${quoteIdentifier(role)}`
    }${schema === undefined ? "" : ` IN SCHEMA ${quoteIdentifier(schema)}`}`;
    return payload.grants.flatMap((grant) => {
      const to = grant.to === "PUBLIC"
        ? "PUBLIC"
        : grant.role !== undefined
        ? quoteIdentifier(grant.role)
        : role === undefined
        ? "CURRENT_USER"
        : quoteIdentifier(role);
      const write = (verb: string, names: readonly string[], rest: string) =>
        names.length === 0 ? [] : [
          attach(
            `${alter} ${verb} ${
              names.map((n) => n.toUpperCase()).join(", ")
            } ON ${on.toUpperCase()} ${rest}`,
          ),
        ];
      const grantable = grant.grantable ?? [];
      const plain = (grant.privileges ?? []).filter((name) =>
        !grantable.includes(name)
      );
      return [
        ...write("REVOKE", grant.revoked ?? [], `FROM ${to}`),
        ...write("GRANT", plain, `TO ${to}`),
        ...write("GRANT", grantable, `TO ${to} WITH GRANT OPTION`),
      ];
    });
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
