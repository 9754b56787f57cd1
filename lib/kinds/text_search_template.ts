/**
 * The kind `text_search_template`.
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
import { create, type KindModule, qualify } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";

const SHAPE = {
  init: optional(shape.text()),
  lexize: shape.text(),
} as const;

/** A text search template's payload: its functions. */
export type TextSearchTemplatePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const TEXT_SEARCH_TEMPLATE: KindModule<
  "text_search_template",
  TextSearchTemplatePayload
> = {
  kind: "text_search_template",
  catalog: "pg_ts_template",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TEXT SEARCH TEMPLATE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, t.tmplname AS name, NULLIF(t.tmplinit::oid, 0)::regproc::text AS init, t.tmpllexize::text AS lexize",
      "FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_ts_template", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("text_search_template", name),
      name,
      payload: { init: row.optional("init"), lexize: row.text("lexize") },
    };
  },
  create: (object) => {
    const { init, lexize } = object.payload;
    return [
      create(
        `CREATE TEXT SEARCH TEMPLATE ${qualify(object.name)} (${
          init === undefined ? "" : `INIT = ${init}, `
        }LEXIZE = ${lexize})`,
      ),
    ];
  },
  // ALTER TEXT SEARCH TEMPLATE changes names only.
  rename: (object, name) =>
    renameStatements("ALTER TEXT SEARCH TEMPLATE", object.name, { name }),
};
