/**
 * The kind `text_search_dictionary`.
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
import { altered, create, type KindModule, qualify, REPLACE } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";

const SHAPE = {
  /** The template, as `schema.name`. */
  template: shape.text(),
  /** The template's options by name. */
  options: optional(shape.map(shape.text())),
} as const;

/** A text search dictionary's payload. */
export type TextSearchDictionaryPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const TEXT_SEARCH_DICTIONARY: KindModule<
  "text_search_dictionary",
  TextSearchDictionaryPayload
> = {
  kind: "text_search_dictionary",
  catalog: "pg_ts_dict",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TEXT SEARCH DICTIONARY ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT d.oid, 0 AS sub, n.nspname AS schema, d.dictname AS name, pg_catalog.quote_ident(tn.nspname) || '.' || pg_catalog.quote_ident(t.tmplname) AS template,",
      "d.dictinitoption AS options, pg_catalog.pg_get_userbyid(d.dictowner) AS owner",
      "FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace",
      "JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_ts_dict", "d.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const options = row.optional("options");
    return {
      address: address("text_search_dictionary", name),
      name,
      payload: {
        template: row.text("template"),
        options: options === undefined ? undefined : dictionaryOptions(options),
      },
    };
  },
  create: (object) => {
    const parts = [
      `TEMPLATE = ${object.payload.template}`,
      ...Object.entries(object.payload.options ?? {}).map(([name, value]) =>
        `${quoteIdentifier(name)} = ${quoteLiteral(value)}`
      ),
    ];
    return [
      create(
        `CREATE TEXT SEARCH DICTIONARY ${qualify(object.name)} (\n    ${
          parts.join(",\n    ")
        }\n)`,
      ),
    ];
  },
  alter: (from, to, keys) => {
    if (keys.includes("template")) return REPLACE;
    const was = from.payload.options ?? {};
    const is = to.payload.options ?? {};
    const gone = Object.keys(was).filter((name) => !Object.hasOwn(is, name));
    const changed = Object.keys(is).filter((name) => was[name] !== is[name]);
    // What is set goes to the end, and pg_dump writes options in their order.
    const kept = Object.keys(was).filter((name) => was[name] === is[name]);
    const inOrder = [...kept, ...changed].join("\0") ===
      Object.keys(is).join("\0");
    // An option without a value is taken away.
    const options = [
      ...gone.map(quoteIdentifier),
      ...(inOrder ? changed : Object.keys(is)).map((name) =>
        `${quoteIdentifier(name)} = ${quoteLiteral(is[name] ?? "")}`
      ),
    ];
    return altered([
      create(
        `ALTER TEXT SEARCH DICTIONARY ${qualify(to.name)} (\n    ${
          options.join(",\n    ")
        }\n)`,
      ),
    ]);
  },
  rename: (object, name) =>
    renameStatements("ALTER TEXT SEARCH DICTIONARY", object.name, { name }),
};

/**
 * Options as `pg_ts_dict.dictinitoption` has them, such as
 * `language = 'english', "Odd" = E'a\\\\b', accept = 5`.
 *
 * @param text The text.
 * @returns Values by name, in their order; a number is a text as well, since
 * dictionaries read both alike.
 */
export function dictionaryOptions(
  text: string,
): Readonly<Record<string, string>> {
  const one =
    /("(?:[^"]|"")+"|[^\s=,"]+) = (E?)(?:'((?:[^'\\]|''|\\\\)*)'|([^\s,']+))/g;
  const options: [string, string][] = [];
  for (const [, name = "", escape, quoted, bare] of text.matchAll(one)) {
    const value = quoted === undefined
      ? bare ?? ""
      : quoted.replaceAll("''", "'");
    options.push([
      name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
      escape === "E" ? value.replaceAll("\\\\", "\\") : value,
    ]);
  }
  return Object.fromEntries(options);
}
