/**
 * The kind `access_method`. In no schema: it is read where its handler, or what
 * uses it, is in a managed one.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { holdsRecord, type RecordOf, shape } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { create, type KindModule } from "./kind.ts";

const SHAPE = {
  type: shape.word("table", "index"),
  /** The function, as `schema.name`. */
  handler: shape.text(),
} as const;

/** An access method's payload. */
export type AccessMethodPayload = RecordOf<typeof SHAPE>;

const TYPES: Readonly<Record<string, AccessMethodPayload["type"]>> = {
  t: "table",
  i: "index",
};

/** The kind. */
export const ACCESS_METHOD: KindModule<"access_method", AccessMethodPayload> = {
  kind: "access_method",
  catalog: "pg_am",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => phrase(object.name),
  query: (context) =>
    [
      "SELECT a.oid, 0 AS sub, a.amname AS name, a.amtype AS type, a.amhandler::text AS handler FROM pg_catalog.pg_am a",
      `WHERE a.oid >= 16384 AND ${context.notOfExtension("pg_am", "a.oid")}`,
      context.everything ? "" : [
        `AND (a.amhandler IN (SELECT p.oid FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${context.managed})`,
        `OR a.oid IN (SELECT c.relam FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE ${context.managed})`,
        `OR a.oid IN (SELECT f.opfmethod FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace WHERE ${context.managed}))`,
      ].join(" "),
    ].join(" "),
  read: (row) => {
    const name = [row.text("name")];
    const type = TYPES[row.text("type")];
    return type === undefined ? undefined : {
      address: address("access_method", name),
      name,
      payload: { type, handler: row.text("handler") },
    };
  },
  // There is no ALTER ACCESS METHOD, and no other name for one.
  create: ({ name, payload }) => [
    create(
      `CREATE ${
        phrase(name)
      } TYPE ${payload.type.toUpperCase()} HANDLER ${payload.handler}`,
    ),
  ],
};

function phrase([name = ""]: readonly string[]): string {
  return `ACCESS METHOD ${quoteIdentifier(name)}`;
}
