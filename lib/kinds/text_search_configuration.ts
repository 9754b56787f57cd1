/**
 * The kind `text_search_configuration`: a parser, and the dictionaries that
 * each type of token goes through.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { holdsRecord, type RecordOf, shape } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { jsonColumn } from "./json_column.ts";
import { create, type KindModule, qualify } from "./kind.ts";

const MAPPINGS = shape.map(shape.list(shape.text()));

const SHAPE = {
  /** The parser, as `schema.name`. */
  parser: shape.text(),
  /** By type of token: dictionaries in the order in which they are asked, as `schema.name`. */
  mappings: MAPPINGS,
} as const;

/** A text search configuration's payload. */
export type TextSearchConfigurationPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const TEXT_SEARCH_CONFIGURATION: KindModule<
  "text_search_configuration",
  TextSearchConfigurationPayload
> = {
  kind: "text_search_configuration",
  catalog: "pg_ts_config",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TEXT SEARCH CONFIGURATION ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.cfgname AS name, pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.prsname) AS parser,",
      "(SELECT pg_catalog.json_object_agg(m.alias, m.dictionaries) FROM",
      "(SELECT y.alias, pg_catalog.json_agg(pg_catalog.quote_ident(dn.nspname) || '.' || pg_catalog.quote_ident(d.dictname) ORDER BY m.mapseqno) AS dictionaries",
      "FROM pg_catalog.pg_ts_config_map m JOIN pg_catalog.ts_token_type(c.cfgparser) y ON y.tokid = m.maptokentype",
      "JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace",
      "WHERE m.mapcfg = c.oid GROUP BY y.alias) m) AS mappings,",
      "pg_catalog.pg_get_userbyid(c.cfgowner) AS owner",
      "FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace",
      "JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_ts_config", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("text_search_configuration", name),
      name,
      payload: {
        parser: row.text("parser"),
        mappings: jsonColumn(row, "mappings", MAPPINGS) ?? {},
      },
    };
  },
  create: (object) => {
    const name = qualify(object.name);
    const { parser, mappings } = object.payload;
    // Tokens that go through the same dictionaries share a statement.
    const tokens = new Map<string, string[]>();
    for (const token of Object.keys(mappings).sort()) {
      const dictionaries = (mappings[token] ?? []).join(", ");
      const list = tokens.get(dictionaries);
      if (list === undefined) tokens.set(dictionaries, [token]);
      else list.push(token);
    }
    return [
      create(`CREATE TEXT SEARCH CONFIGURATION ${name} (PARSER = ${parser})`),
      ...[...tokens].map(([dictionaries, list]) =>
        create(
          `ALTER TEXT SEARCH CONFIGURATION ${name}\n    ADD MAPPING FOR ${
            list.map(quoteIdentifier).join(", ")
          } WITH ${dictionaries}`,
        )
      ),
    ];
  },
};
