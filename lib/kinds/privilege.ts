/**
 * The kind `privilege`: everything that one role has on one object beyond what
 * the server gives by itself, or less than that: the owner's full rights, and
 * PUBLIC's on functions, types and languages.
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
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  type AspectContext,
  attach,
  type CreateTarget,
  type KindModule,
  qualify,
  type ReadObject,
  type Subject,
} from "./kind.ts";
import { ownerRole } from "./owner.ts";

/** Names of privileges, sorted; `all` for a full set. */
const NAMES = shape.list(shape.text());

const SHAPE = {
  /** `OWNER`: whoever owns the object. */
  to: shape.word("role", "PUBLIC", "OWNER"),
  role: optional(shape.text()),
  /** What the owner has granted. */
  privileges: optional(NAMES),
  /** Those that may be granted on. */
  grantable: optional(NAMES),
  /** What the server gives by itself, and was revoked. */
  revoked: optional(NAMES),
  /** What others than the owner have granted, by their names. */
  by: optional(shape.list(shape.record({
    grantor: shape.text(),
    privileges: optional(NAMES),
    grantable: optional(NAMES),
  }))),
} as const;

/** A privilege's payload. */
export type PrivilegePayload = RecordOf<typeof SHAPE>;

/** What GRANT calls things, by what COMMENT calls them; longest first. */
const TARGETS: readonly (readonly [string, AclClass, string])[] = [
  ["FOREIGN DATA WRAPPER", "foreign data wrapper", "FOREIGN DATA WRAPPER"],
  ["FOREIGN TABLE", "table", "TABLE"],
  ["MATERIALIZED VIEW", "table", "TABLE"],
  ["TABLE", "table", "TABLE"],
  ["VIEW", "table", "TABLE"],
  ["COLUMN", "column", "TABLE"],
  ["SEQUENCE", "sequence", "SEQUENCE"],
  ["FUNCTION", "function", "FUNCTION"],
  ["PROCEDURE", "function", "PROCEDURE"],
  ["AGGREGATE", "function", "FUNCTION"],
  ["SCHEMA", "schema", "SCHEMA"],
  ["DOMAIN", "type", "DOMAIN"],
  ["TYPE", "type", "TYPE"],
  ["LANGUAGE", "language", "LANGUAGE"],
  ["SERVER", "foreign server", "FOREIGN SERVER"],
];

/** The one object that is there from the start, with privileges. */
const INITIAL = "schema:public";

function targetOf(phrase: string) {
  return TARGETS.find(([start]) => phrase.startsWith(`${start} `));
}

/** The kind. */
export const PRIVILEGE: KindModule<"privilege", PrivilegePayload> = {
  kind: "privilege",
  catalog: "pg_shdepend",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
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
  create: (object, _children, target) => {
    const { payload } = object;
    const subject = subjectOf(object.address);
    const phrase = target.phrase(subject) ?? partPhrase(subject, object.name);
    const kind = targetOf(phrase);
    if (kind === undefined) return [];
    const [, on, word] = kind;
    const statement = (
      verb: string,
      names: readonly string[],
      rest: string,
    ) => {
      const columns = on === "column"
        ? ` (${quoteIdentifier(object.name[2] ?? "")})`
        : "";
      const list = names.map((name) => `${name.toUpperCase()}${columns}`);
      return `${verb} ${list.join(", ")} ON ${word} ${
        targetName(subject, object.name, phrase)
      } ${rest}`;
    };
    const role = roleOf(payload, object, target);
    // Before 15 PUBLIC may CREATE in a new database's public, too.
    const revoked = subject === INITIAL && payload.to === "PUBLIC" &&
        payload.revoked !== undefined
      ? ["all"]
      : payload.revoked ?? [];
    const statements: string[] = revoked.length === 0
      ? []
      : [statement("REVOKE", revoked, `FROM ${role}`)];
    const grant = (from: {
      readonly privileges?: readonly string[] | undefined;
      readonly grantable?: readonly string[] | undefined;
    }) => {
      const grantable = from.grantable ?? [];
      const plain = (from.privileges ?? []).filter((name) =>
        !grantable.includes(name)
      );
      return [
        ...(plain.length === 0
          ? []
          : [statement("GRANT", plain, `TO ${role}`)]),
        ...(grantable.length === 0
          ? []
          : [statement("GRANT", grantable, `TO ${role} WITH GRANT OPTION`)]),
      ];
    };
    statements.push(...grant(payload));
    // GRANTED BY may name nobody but the current user.
    for (const other of payload.by ?? []) {
      statements.push(
        `SET ROLE ${quoteIdentifier(other.grantor)}`,
        ...grant(other),
        "RESET ROLE",
      );
    }
    return statements.map((sql) => attach(sql));
  },
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
  const on = targetOf(phrase)?.[1];
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
  return found.map((grantee) => ({
    address: privilegeAddress(subject.address, grantee),
    name: subject.name,
    parent: subject.parent,
    // Who grants on must have been granted first, and see the schema.
    depends: grantee.by.flatMap(({ grantor }) =>
      [subject.address, address("schema", subject.name.slice(0, 1))].flatMap((
        of,
      ) => [
        privilegeAddress(of, { to: "role", role: grantor }),
        privilegeAddress(of, { to: "PUBLIC", role: undefined }),
      ])
    ),
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

/** Such as `privilege:table:public.users to app`; `PUBLIC` and `OWNER` are no roles. */
function privilegeAddress(
  subject: string,
  grantee: Pick<Grantee, "to" | "role">,
): string {
  const role = grantee.to === "role"
    ? splitAddress(address("role", [grantee.role ?? ""])).name
    : grantee.to;
  return `privilege:${subject} to ${role}`;
}

/** The address of what a privilege is on. */
function subjectOf(privilege: string): string {
  return privilege.slice("privilege:".length).replace(
    / to (?:[^" ]+|"(?:[^"]|"")*")$/,
    "",
  );
}

function partPhrase(subject: string, name: readonly string[]): string {
  return `${splitAddress(subject).kind.toUpperCase()} ${qualify(name)}`;
}

/** The name behind GRANT … ON; functions go by the types of their arguments. */
function targetName(
  subject: string,
  name: readonly string[],
  phrase: string,
): string {
  if (phrase.startsWith("COLUMN ")) return qualify(name.slice(0, 2));
  const { kind } = splitAddress(subject);
  return qualify(name) + subject.slice(address(kind, name).length);
}

function roleOf(
  payload: PrivilegePayload,
  object: SchemaObject<string, PrivilegePayload>,
  target: CreateTarget,
): string {
  if (payload.role !== undefined) return quoteIdentifier(payload.role);
  if (payload.to !== "OWNER") return "PUBLIC";
  const whole = object.parent ?? "";
  if (whole === INITIAL && !target.objects.has(`owner:${whole}`)) {
    return target.version >= 150000 ? "pg_database_owner" : "CURRENT_USER";
  }
  // A part's owner is that of the whole.
  const parent = target.objects.get(whole)?.parent;
  const role = ownerRole(
    target.objects.has(`owner:${whole}`) ? whole : parent ?? whole,
    object.name,
    target,
  );
  return role === undefined ? "CURRENT_USER" : quoteIdentifier(role);
}
