/**
 * The kind `publication_table`: a table that a publication publishes, with the
 * columns and rows that it publishes of it.
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
import { relationAddress } from "./relation.ts";
import { need } from "./version_need.ts";

const SHAPE = {
  /** Sorted: their order means nothing. Absent: all, also later ones. */
  columns: optional(shape.list(shape.text())),
  /** The row filter, since 15. */
  where: optional(shape.expression()),
} as const;

/** A published table's payload. */
export type PublicationTablePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const PUBLICATION_TABLE: KindModule<
  "publication_table",
  PublicationTablePayload
> = {
  kind: "publication_table",
  catalog: "pg_publication_rel",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  needs: ({ payload }) => [
    ...need(payload.columns !== undefined, 15, "lists of columns"),
    ...need(payload.where !== undefined, 15, "WHERE"),
  ],
  commentOn: undefined,
  query: (context) =>
    [
      "SELECT r.oid, 0 AS sub, p.pubname AS publication, n.nspname AS schema, c.relname AS table, c.relkind AS relkind,",
      context.version >= 150000
        ? 'CASE WHEN r.prattrs IS NOT NULL THEN pg_catalog.to_json(ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs::int2[]) ORDER BY a.attname COLLATE "C")) END AS columns, pg_catalog.pg_get_expr(r.prqual, r.prrelid) AS where'
        : "NULL AS columns, NULL AS where",
      "FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid",
      "JOIN pg_catalog.pg_class c ON c.oid = r.prrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_publication", "p.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const publication = row.text("publication");
    const table = [row.text("schema"), row.text("table")];
    const name = [publication, ...table];
    return {
      address: address("publication_table", name),
      name,
      parent: address("publication", [publication]),
      depends: [relationAddress(row.text("relkind"), table)],
      payload: {
        columns: row.optional("columns") === undefined
          ? undefined
          : row.list("columns"),
        where: row.optional("where"),
      },
    };
  },
  // ONLY: otherwise the tables that inherit from it would come along.
  create: (object) => {
    const { columns, where } = object.payload;
    return [
      create(
        `ALTER PUBLICATION ${
          quoteIdentifier(object.name[0] ?? "")
        } ADD TABLE ONLY ${qualify(object.name.slice(1))}${
          columns === undefined
            ? ""
            : ` (${columns.map(quoteIdentifier).join(", ")})`
        }${where === undefined ? "" : ` WHERE (${where})`}`,
      ),
    ];
  },
  // There is no ALTER for one table of a publication: without it, it is
  // dropped and added, and the others are left alone.
  drop: (object, { objects }) => [
    create(
      `ALTER PUBLICATION ${
        quoteIdentifier(object.name[0] ?? "")
      } DROP TABLE ONLY ${qualify(object.name.slice(1))}`,
      objects.has(object.address) ? {} : {
        hazards: [{
          kind: "manual",
          reason: `who has subscribed to publication ${
            object.name[0]
          } gets nothing of ${qualify(object.name.slice(1))} from now on`,
        }],
      },
    ),
  ],
  goesWith: (object, dropped) =>
    dropped(address("table", object.name.slice(1))),
  occupies: (object) =>
    object.payload.columns === undefined
      ? []
      : [`column lists of ${object.parent}`],
};
