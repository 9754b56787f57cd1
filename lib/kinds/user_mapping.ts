/**
 * The kind `user_mapping`: how a role logs in to a foreign server. Its options
 * are secrets, but for a few that are known not to be.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import {
  alterOptions,
  OPTIONS_SHAPE,
  optionsClause,
  splitOptions,
  withheldMark,
  withheldOptions,
} from "./foreign_options.ts";
import { altered, createWithout, type KindModule } from "./kind.ts";
import { managedServer } from "./server.ts";
import {
  dropUserMapping,
  PUBLIC_USER,
  userMapping,
} from "./user_mapping_phrase.ts";

const SHAPE = {
  ...OPTIONS_SHAPE,
  /** Whether the role that read it may not see its options: they are not known. */
  unreadable: optional(minor(shape.boolean())),
} as const;

/** A user mapping's payload. */
export type UserMappingPayload = RecordOf<typeof SHAPE>;

/** What names somebody or something, and lets nobody in. */
const OPEN: ReadonlySet<string> = new Set([
  "user",
  "username",
  "role",
  "password_required",
  "sslcert",
  "sslkey",
  "use_remote_estimate",
]);

/** The kind. */
export const USER_MAPPING: KindModule<"user_mapping", UserMappingPayload> = {
  kind: "user_mapping",
  catalog: "pg_user_mapping",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: undefined,
  // The catalog itself is for superusers; the view hides options from those
  // who may not see them.
  query: (context) =>
    [
      `SELECT m.umid AS oid, 0 AS sub, m.srvname AS server, CASE WHEN m.umuser = 0 THEN '${PUBLIC_USER}' ELSE m.usename END AS role, pg_catalog.to_json(m.umoptions) AS options,`,
      // The condition of the view itself.
      "(r.rolsuper OR (m.umuser = r.oid AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE') OR pg_catalog.has_server_privilege(s.oid, 'USAGE')))",
      "OR (m.umuser = 0 AND pg_catalog.pg_has_role(s.srvowner, 'USAGE'))) AS readable",
      "FROM pg_catalog.pg_user_mappings m JOIN pg_catalog.pg_foreign_server s ON s.oid = m.srvid JOIN pg_catalog.pg_roles r ON r.rolname = CURRENT_USER",
      `WHERE ${managedServer(context, "s.oid")}`,
    ].join(" "),
  read: (row, context) => {
    const server = row.text("server");
    const name = [server, row.text("role")];
    const own = address("user_mapping", name);
    const readable = row.boolean("readable");
    return {
      address: own,
      name,
      parent: address("server", [server]),
      unreadable: readable
        ? undefined
        : `Cannot read the options of ${own}: they are shown to the mapped role and superusers`,
      payload: {
        ...splitOptions(row.options("options"), own, {
          isSecret: (option) => !OPEN.has(option.toLowerCase()),
          keepSecret: context.keepSecret,
        }),
        unreadable: readable ? undefined : true,
      },
    };
  },
  create: (object, _children, { secrets }) => {
    const { payload } = object;
    return [createWithout(
      // What may not be seen may be anything.
      payload.unreadable ? ["options"] : withheldOptions(payload, secrets),
      `CREATE ${userMapping(object.name)}${
        payload.unreadable
          ? ` OPTIONS (${withheldMark("options")})`
          : optionsClause(payload, secrets)
      }`,
    )];
  },
  drop: (object) => [dropUserMapping(object)],
  alter: (from, to) => {
    const command = `ALTER ${userMapping(to.name)}`;
    // What one side may not see may be what the other has: nothing is dropped
    // or added for it.
    if (to.payload.unreadable) return altered([]);
    if (from.payload.unreadable) {
      return altered([
        createWithout(
          ["options"],
          `${command} OPTIONS (${withheldMark("options")})`,
        ),
      ]);
    }
    return altered(alterOptions(command, from.payload, to.payload));
  },
};
