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
import {
  altered,
  create,
  type KindModule,
  qualify,
  release,
  REPLACE,
} from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";

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
    return [
      create(`CREATE TEXT SEARCH CONFIGURATION ${name} (PARSER = ${parser})`),
      ...mappingClauses("ADD", Object.keys(mappings), mappings).map((clause) =>
        create(`ALTER TEXT SEARCH CONFIGURATION ${name}\n    ${clause}`)
      ),
    ];
  },
  alter: (from, to, keys) => {
    // What a token is called is the parser's word.
    if (keys.includes("parser")) return REPLACE;
    const was = from.payload.mappings;
    const is = to.payload.mappings;
    const alter = `ALTER TEXT SEARCH CONFIGURATION ${qualify(to.name)}\n    `;
    const added = Object.keys(is).filter((token) => !Object.hasOwn(was, token));
    const changed = Object.keys(is).filter((token) =>
      Object.hasOwn(was, token) && list(was[token]) !== list(is[token])
    );
    return altered([
      ...dropped(Object.keys(was).filter((token) => !Object.hasOwn(is, token)))
        .map((clause) => release(alter + clause)),
      ...mappingClauses("ALTER", changed, is).map((clause) =>
        create(alter + clause)
      ),
      ...mappingClauses("ADD", added, is).map((clause) =>
        create(alter + clause)
      ),
    ]);
  },
  follow: (from, to, replaced) => {
    if (replaced.kind !== "text_search_dictionary") return undefined;
    const name = qualify(replaced.name);
    const alter = `ALTER TEXT SEARCH CONFIGURATION ${qualify(to.name)}\n    `;
    const was = from.payload.mappings;
    const is = to.payload.mappings;
    const tokens = Object.keys(was).filter((token) =>
      was[token]?.includes(name)
    );
    return [
      ...dropped(tokens).map((clause) => release(alter + clause)),
      // The others are changed by `alter`: ALTER MAPPING adds where there is none.
      ...mappingClauses(
        "ADD",
        tokens.filter((token) => list(was[token]) === list(is[token])),
        is,
      ).map((clause) => create(alter + clause)),
    ];
  },
  rename: (object, name) =>
    renameStatements("ALTER TEXT SEARCH CONFIGURATION", object.name, { name }),
};

type Mappings = TextSearchConfigurationPayload["mappings"];

function list(dictionaries: readonly string[] = []): string {
  return dictionaries.join(", ");
}

/** Where each of some tokens goes; those with the same way share a clause. */
function mappingClauses(
  word: "ADD" | "ALTER",
  names: readonly string[],
  mappings: Mappings,
): string[] {
  const tokens = new Map<string, string[]>();
  for (const token of [...names].sort()) {
    const dictionaries = list(mappings[token]);
    const others = tokens.get(dictionaries);
    if (others === undefined) tokens.set(dictionaries, [token]);
    else others.push(token);
  }
  return [...tokens].map(([dictionaries, names]) =>
    `${word} MAPPING FOR ${
      names.map(quoteIdentifier).join(", ")
    } WITH ${dictionaries}`
  );
}

/** That some tokens go nowhere, whether they did or not. */
function dropped(tokens: readonly string[]): string[] {
  return tokens.length === 0 ? [] : [
    `DROP MAPPING IF EXISTS FOR ${
      [...tokens].sort().map(quoteIdentifier).join(", ")
    }`,
  ];
}
