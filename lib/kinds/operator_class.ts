/**
 * The kind `operator_class`. Its family is always an object of its own, also
 * where CREATE OPERATOR CLASS made it by the way.
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
  memberColumns,
  memberItems,
  memberRows,
  MEMBERS_SHAPE,
  readMembers,
} from "./operator_members.ts";
import { renameStatements } from "./rename_statements.ts";

const SHAPE = {
  type: shape.type(),
  /** As `schema.name`. */
  family: shape.text(),
  default: optional(shape.boolean()),
  /** The type that the index stores, where it is another one. */
  storage: optional(shape.type()),
  ...MEMBERS_SHAPE,
} as const;

/** An operator class's payload. */
export type OperatorClassPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const OPERATOR_CLASS: KindModule<
  "operator_class",
  OperatorClassPayload
> = {
  kind: "operator_class",
  catalog: "pg_opclass",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) =>
    `OPERATOR CLASS ${qualify(object.name.slice(0, 2))} USING ${
      quoteIdentifier(object.name[2] ?? "")
    }`,
  query: (context) =>
    [
      "SELECT o.oid, 0 AS sub, n.nspname AS schema, o.opcname AS name, am.amname AS method, pg_catalog.format_type(o.opcintype, NULL) AS type,",
      "pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.opfname) AS family, o.opcdefault AS default,",
      "CASE WHEN o.opckeytype <> 0 THEN pg_catalog.format_type(o.opckeytype, NULL) END AS storage,",
      `${memberColumns("pg_opclass", "o.oid")},`,
      "pg_catalog.pg_get_userbyid(o.opcowner) AS owner",
      "FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace JOIN pg_catalog.pg_am am ON am.oid = o.opcmethod",
      "JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_opclass", "o.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const method = row.text("method");
    return {
      address: address("operator_class", name, method),
      name: [...name, method],
      aliases: memberRows(row),
      payload: {
        type: row.text("type"),
        family: row.text("family"),
        default: row.boolean("default") ? true : undefined,
        storage: row.optional("storage"),
        ...readMembers(row),
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const items = memberItems(payload);
    // One item is needed; the indexed type itself is no STORAGE clause's news.
    if (payload.storage !== undefined || items.length === 0) {
      items.push(`STORAGE ${payload.storage ?? payload.type}`);
    }
    return [
      create(
        `CREATE OPERATOR CLASS ${qualify(object.name.slice(0, 2))}\n    ${
          payload.default === true ? "DEFAULT " : ""
        }FOR TYPE ${payload.type} USING ${
          quoteIdentifier(object.name[2] ?? "")
        } FAMILY ${payload.family} AS\n    ${items.join(",\n    ")}`,
      ),
    ];
  },
  // ALTER OPERATOR CLASS changes names only.
  rename: (object, name) =>
    renameStatements("ALTER OPERATOR CLASS", object.name, {
      name,
      suffix: ` USING ${quoteIdentifier(object.name[2] ?? "")}`,
    }),
};
