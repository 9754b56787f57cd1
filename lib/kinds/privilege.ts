/**
 * The kind `privilege`: everything that one role has on one object beyond what
 * the server gives by itself, or less than that: the owner's full rights, and
 * PUBLIC's on functions, types and languages.
 *
 * @module
 */

import {
  allPrivileges,
  type Grantee,
  grantees,
  namesOf,
  publicPrivileges,
} from "./acl.ts";
import { address } from "../schema/address.ts";
import { holdsRecord } from "../schema/shape.ts";
import { columnsIn } from "./inheritance.ts";
import {
  type AspectContext,
  type KindModule,
  qualify,
  type ReadObject,
  type Subject,
} from "./kind.ts";
import { ownerAddress } from "./owner_role.ts";
import { privilegeAddress, privilegeSubject } from "./privilege_address.ts";
import {
  alterPrivilege,
  createPrivilege,
  dropPrivilege,
} from "./privilege_change.ts";
import { arisingPrivileges } from "./privilege_default.ts";
import {
  grantTarget,
  INITIAL,
  PRIVILEGE_SHAPE,
  type PrivilegePayload,
} from "./privilege_payload.ts";
import { need } from "./version_need.ts";

export type { PrivilegePayload } from "./privilege_payload.ts";

/** The relations that may have privileges on their columns. */
const RELATIONS = ["table", "foreign_table", "view", "materialized_view"];

/** The kind. */
export const PRIVILEGE: KindModule<"privilege", PrivilegePayload> = {
  kind: "privilege",
  catalog: "pg_shdepend",
  shape: PRIVILEGE_SHAPE,
  holds: holdsRecord(PRIVILEGE_SHAPE),
  needs: ({ payload: { privileges, grantable, revoked, by = [] } }) =>
    need(
      [privileges, grantable, revoked]
        .concat(by.flatMap((grant) => [grant.privileges, grant.grantable]))
        .some((names) => names?.includes("maintain")),
      17,
      "MAINTAIN",
    ),
  commentOn: undefined,
  // What no other kind has a row for: columns of views, and the sequences of
  // identity columns.
  query: (context) =>
    [
      "SELECT c.oid, a.attnum AS sub, n.nspname AS schema, c.relname AS relation, a.attname AS part, pg_catalog.to_json(a.attacl::text[]) AS acl",
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid",
      `WHERE c.relkind IN ('v', 'm') AND a.attacl IS NOT NULL AND ${context.managed}`,
      "UNION ALL SELECT c.oid, 0, n.nspname, c.relname, NULL, pg_catalog.to_json(c.relacl::text[])",
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      `WHERE c.relkind = 'S' AND c.relacl IS NOT NULL AND ${context.managed}`,
    ].join(" "),
  read: () => undefined,
  readAspects: (row, context) => {
    const found = context.find("pg_class", row.text("oid"), "0");
    const part = row.optional("part");
    // The row of a sequence of its own has said so already.
    if (found === undefined || found.own !== (part !== undefined)) return [];
    const relation = [row.text("schema"), row.text("relation")];
    const name = part === undefined ? relation : [...relation, part];
    const kind = part === undefined ? "sequence" : "column";
    return privileges({
      ...found.subject,
      address: address(kind, name),
      name,
      phrase: `${kind.toUpperCase()} ${qualify(name)}`,
      acl: row.list("acl"),
    }, context);
  },
  aspects: privileges,
  create: (object, _children, target) => createPrivilege(object, target),
  drop: dropPrivilege,
  alter: (from, to, _keys, target) => alterPrivilege(from, to, target),
  // It counts on a privilege on the schema and on an owner, but not on their
  // being the same ones.
  follow: (from, _to, replaced) =>
    replaced.kind === "owner" || replaced.kind === "privilege" &&
        privilegeSubject(replaced.address) !== privilegeSubject(from.address)
      ? []
      : undefined,
  arises: arisingPrivileges,
  // REVOKE on a table takes the same from its columns.
  kin: ({ parent = "" }, objects) => [
    parent,
    ...columnsIn(parent, objects).map(({ address }) => address),
  ],
};

/** What somebody has on a subject beyond what everybody has. */
function privileges(
  subject: Subject,
  context: AspectContext,
): ReadObject<PrivilegePayload>[] {
  const { acl, owner, phrase } = subject;
  if (acl === undefined || owner === undefined || phrase === undefined) {
    return [];
  }
  const on = grantTarget(phrase)?.on;
  if (on === undefined) return [];
  const all = allPrivileges(on, context.version);
  const isPublic = subject.address === INITIAL;
  const from = {
    owner: on === "column" ? "" : all,
    public: isPublic ? "U" : publicPrivileges(on),
  };
  const found = isPublic
    ? beyondInitial(grantees(acl, owner, from), context)
    : grantees(acl, owner, from);
  const schema = address("schema", subject.name.slice(0, 1));
  // The owner's grants are those of whoever is the owner then.
  const owners = [
    ownerAddress(schema),
    ...(on === "column"
      ? RELATIONS.map((kind) =>
        ownerAddress(address(kind, subject.name.slice(0, 2)))
      )
      : [ownerAddress(subject.parent)]),
  ];
  // Who grants on must have been granted first, and see the schema.
  const grantorsOf = ({ by }: Grantee) =>
    by.flatMap(({ grantor }) => [
      privilegeAddress(subject.address, { to: "role", role: grantor }),
      privilegeAddress(schema, { to: "role", role: grantor }),
      privilegeAddress(schema, { to: "PUBLIC", role: undefined }),
    ]);
  return found.map((grantee) => ({
    address: privilegeAddress(subject.address, grantee),
    name: subject.name,
    parent: subject.parent,
    depends: [...owners, ...grantorsOf(grantee)],
    payload: {
      to: grantee.to,
      role: grantee.role,
      ...namesOf(grantee, all),
      by: grantee.by.length === 0 ? undefined : grantee.by.map((grant) => {
        const { privileges, grantable } = namesOf(grant, all);
        return { grantor: grant.grantor, privileges, grantable };
      }),
    },
  }));
}

/**
 * What a new database's `public` gives is none of ours: USAGE for PUBLIC, and
 * CREATE too before 15; where that was revoked, it is as it is since 15. Nor
 * is what its owner, the database's, has by itself.
 */
function beyondInitial(
  found: readonly Grantee[],
  { ownership, version }: AspectContext,
): Grantee[] {
  return found.filter(({ to, role, letters, revoked, by }) =>
    by.length > 0 ||
    (to === "role"
      ? role !== ownership.database
      : to === "OWNER" || revoked !== "" || letters !== "C" ||
        version >= 150000)
  );
}
