/**
 * The kind `text_search_parser`.
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
  start: shape.text(),
  gettoken: shape.text(),
  end: shape.text(),
  headline: optional(shape.text()),
  lextypes: shape.text(),
} as const;

/** A text search parser's payload: its functions. */
export type TextSearchParserPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const TEXT_SEARCH_PARSER: KindModule<
  "text_search_parser",
  TextSearchParserPayload
> = {
  kind: "text_search_parser",
  catalog: "pg_ts_parser",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TEXT SEARCH PARSER ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT p.oid, 0 AS sub, n.nspname AS schema, p.prsname AS name, p.prsstart::text AS start, p.prstoken::text AS gettoken,",
      "p.prsend::text AS end, NULLIF(p.prsheadline::oid, 0)::regproc::text AS headline, p.prslextype::text AS lextypes",
      "FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_ts_parser", "p.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("text_search_parser", name),
      name,
      payload: {
        start: row.text("start"),
        gettoken: row.text("gettoken"),
        end: row.text("end"),
        headline: row.optional("headline"),
        lextypes: row.text("lextypes"),
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const parts = [
      `START = ${payload.start}`,
      `GETTOKEN = ${payload.gettoken}`,
      `END = ${payload.end}`,
      ...(payload.headline === undefined
        ? []
        : [`HEADLINE = ${payload.headline}`]),
      `LEXTYPES = ${payload.lextypes}`,
    ];
    return [
      create(
        `CREATE TEXT SEARCH PARSER ${qualify(object.name)} (${
          parts.join(", ")
        })`,
      ),
    ];
  },
  // ALTER TEXT SEARCH PARSER changes names only.
  rename: (object, name) =>
    renameStatements("ALTER TEXT SEARCH PARSER", object.name, { name }),
};
