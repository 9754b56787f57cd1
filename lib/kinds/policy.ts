/**
 * The kind `policy`: row security policies of tables.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import {
  alterPolicy,
  dropPolicy,
  followPolicy,
  restrictedFirst,
} from "./policy_alter.ts";
import { relationAddress } from "./relation.ts";

const SHAPE = {
  /** Absent: all. */
  command: optional(shape.word("select", "insert", "update", "delete")),
  restrictive: optional(shape.boolean()),
  /** Names of roles, sorted. Absent: PUBLIC. */
  roles: optional(shape.list(shape.text())),
  using: optional(shape.expression()),
  check: optional(shape.expression()),
} as const;

/** A policy's payload. */
export type PolicyPayload = RecordOf<typeof SHAPE>;

const COMMANDS: Readonly<Record<string, PolicyPayload["command"]>> = {
  r: "select",
  a: "insert",
  w: "update",
  d: "delete",
};

/** The kind. */
export const POLICY: KindModule<"policy", PolicyPayload> = {
  kind: "policy",
  catalog: "pg_policy",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) =>
    `POLICY ${quoteIdentifier(object.name[2] ?? "")} ON ${
      qualify(object.name.slice(0, 2))
    }`,
  query: (context) =>
    [
      "SELECT p.oid, 0 AS sub, n.nspname AS schema, c.relname AS table, c.relkind AS relkind, p.polname AS name, p.polcmd AS command,",
      "p.polpermissive AS permissive, pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS using, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS check,",
      "(SELECT pg_catalog.json_agg(pg_catalog.pg_get_userbyid(u.role) ORDER BY pg_catalog.pg_get_userbyid(u.role)) FROM pg_catalog.unnest(p.polroles) u (role) WHERE u.role <> 0) AS roles",
      "FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      } AND ${context.notOfExtension("pg_policy", "p.oid")}`,
    ].join(" "),
  read: (row) => {
    const table = [row.text("schema"), row.text("table")];
    const name = [...table, row.text("name")];
    const roles = row.list("roles");
    return {
      address: address("policy", name),
      name,
      parent: relationAddress(row.text("relkind"), table),
      payload: {
        command: COMMANDS[row.text("command")],
        restrictive: row.boolean("permissive") ? undefined : true,
        roles: roles.length === 0 ? undefined : roles,
        using: row.optional("using"),
        check: row.optional("check"),
      },
    };
  },
  create: (object, _children, target) => {
    const { payload } = object;
    const parts = [
      `CREATE POLICY ${quoteIdentifier(object.name[2] ?? "")} ON ${
        qualify(object.name.slice(0, 2))
      }`,
    ];
    if (payload.restrictive) parts.push("AS RESTRICTIVE");
    if (payload.command !== undefined) {
      parts.push(`FOR ${payload.command.toUpperCase()}`);
    }
    if (payload.roles !== undefined) {
      parts.push(`TO ${payload.roles.map(quoteIdentifier).join(", ")}`);
    }
    if (payload.using !== undefined) parts.push(`USING (${payload.using})`);
    if (payload.check !== undefined) {
      parts.push(`WITH CHECK (${payload.check})`);
    }
    return [create(parts.join(" "), restrictedFirst(object, target))];
  },
  drop: dropPolicy,
  alter: alterPolicy,
  follow: (from, to, _replaced, target) => followPolicy(from, to, target),
  yields: (from, to, target) => {
    const statements = followPolicy(from, to, target);
    return statements === undefined ? undefined : { statements };
  },
  rename: (object, name) => {
    const [schema = "", table = "", was = ""] = object.name;
    const is = name[2] ?? "";
    return was === is ? [] : [
      create(
        `ALTER POLICY ${quoteIdentifier(was)} ON ${
          qualify([schema, table])
        } RENAME TO ${quoteIdentifier(is)}`,
      ),
    ];
  },
};
