/**
 * The kind `server`: a foreign server.
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
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import {
  alterOptions,
  OPTIONS_SHAPE,
  optionsClause,
  splitOptions,
  withheldOptions,
} from "./foreign_options.ts";
import {
  altered,
  type CatalogContext,
  create,
  createWithout,
  type KindModule,
  REPLACE,
} from "./kind.ts";
import { dropUserMapping } from "./user_mapping_phrase.ts";

const SHAPE = {
  /** The name of the foreign-data wrapper. */
  wrapper: shape.text(),
  type: optional(shape.text()),
  version: optional(shape.text()),
  ...OPTIONS_SHAPE,
} as const;

/** A foreign server's payload. */
export type ServerPayload = RecordOf<typeof SHAPE>;

/**
 * An SQL condition: whether a server, which is in no schema, is looked after.
 * Where only some schemas are, it is one that their tables are on.
 *
 * @param context What is managed.
 * @param oid The expression of the server's OID.
 */
export function managedServer(context: CatalogContext, oid: string): string {
  return context.everything
    ? "true"
    : `${oid} IN (SELECT ft.ftserver FROM pg_catalog.pg_foreign_table ft JOIN pg_catalog.pg_class c ON c.oid = ft.ftrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${context.managed})`;
}

/** The kind. */
export const SERVER: KindModule<"server", ServerPayload> = {
  kind: "server",
  catalog: "pg_foreign_server",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `SERVER ${quoteIdentifier(object.name[0] ?? "")}`,
  query: (context) =>
    [
      "SELECT s.oid, 0 AS sub, s.srvname AS name, w.fdwname AS wrapper, s.srvtype AS type, s.srvversion AS version, pg_catalog.to_json(s.srvoptions) AS options,",
      "pg_catalog.pg_get_userbyid(s.srvowner) AS owner, pg_catalog.to_json(s.srvacl::text[]) AS acl",
      "FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw",
      `WHERE ${context.notOfExtension("pg_foreign_server", "s.oid")} AND ${
        managedServer(context, "s.oid")
      }`,
    ].join(" "),
  read: (row, context) => {
    const name = row.text("name");
    const own = address("server", [name]);
    return {
      address: own,
      name: [name],
      payload: {
        wrapper: row.text("wrapper"),
        type: row.optional("type"),
        version: row.optional("version"),
        ...splitOptions(row.options("options"), own, context),
      },
    };
  },
  create: (object, _children, { secrets }) => {
    const { payload } = object;
    return [createWithout(
      withheldOptions(payload, secrets),
      `CREATE SERVER ${quoteIdentifier(object.name[0] ?? "")}${
        payload.type === undefined ? "" : ` TYPE ${quoteLiteral(payload.type)}`
      }${
        payload.version === undefined
          ? ""
          : ` VERSION ${quoteLiteral(payload.version)}`
      } FOREIGN DATA WRAPPER ${quoteIdentifier(payload.wrapper)}${
        optionsClause(payload, secrets)
      }`,
    )];
  },
  // Its user mappings have no other end than this one.
  drop: (object, target) => [
    ...[...target.before.objects.values()].flatMap((other) =>
      other.kind === "user_mapping" && other.parent === object.address
        ? [dropUserMapping(other)]
        : []
    ),
    create(`DROP SERVER ${quoteIdentifier(object.name[0] ?? "")}`),
  ],
  // ALTER SERVER can neither change the type nor the wrapper.
  alter: (from, to, keys) => {
    if (keys.includes("type") || keys.includes("wrapper")) return REPLACE;
    const { version } = to.payload;
    const clauses = from.payload.version === version ? [] : [
      `VERSION ${version === undefined ? "NULL" : quoteLiteral(version)}`,
    ];
    return altered(
      alterOptions(alterCommand(to), from.payload, { ...to.payload, clauses }),
    );
  },
  rename: (object, name) => [
    create(
      `${alterCommand(object)} RENAME TO ${quoteIdentifier(name[0] ?? "")}`,
    ),
  ],
};

function alterCommand(object: { readonly name: readonly string[] }): string {
  return `ALTER SERVER ${quoteIdentifier(object.name[0] ?? "")}`;
}
