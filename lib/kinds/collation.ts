/**
 * The kind `collation`. The version that the operating system or ICU gave it
 * stays outside: it says something of the server, not of the schema.
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
import { quoteLiteral } from "../sql/quote.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import { replacement } from "./stored_type.ts";
import { need } from "./version_need.ts";

const SHAPE = {
  provider: shape.word("libc", "icu", "builtin"),
  /** For libc: absent where LC_COLLATE and LC_CTYPE differ. */
  locale: optional(shape.text()),
  /** Of libc, where the two differ. */
  lcCollate: optional(shape.text()),
  /** Of libc, where the two differ. */
  lcCtype: optional(shape.text()),
  /** Whether equal strings are equal byte by byte; absent: yes. */
  nondeterministic: optional(shape.boolean()),
  /** Of ICU, since 16. */
  rules: optional(shape.text()),
} as const;

/** A collation's payload. */
export type CollationPayload = RecordOf<typeof SHAPE>;

const PROVIDERS: Readonly<Record<string, CollationPayload["provider"]>> = {
  c: "libc",
  i: "icu",
  b: "builtin",
};

/** Where the locale of a provider other than libc is. */
function localeColumn(version: number): string {
  if (version >= 170000) return "l.colllocale";
  return version >= 150000 ? "l.colliculocale" : "l.collcollate::text";
}

/** The kind. */
export const COLLATION: KindModule<"collation", CollationPayload> = {
  kind: "collation",
  catalog: "pg_collation",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  needs: ({ payload }) => [
    ...need(
      payload.provider === "icu" && payload.rules !== undefined,
      16,
      "rules",
    ),
    ...need(payload.provider === "builtin", 17, "the provider builtin"),
  ],
  commentOn: (object) => `COLLATION ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT l.oid, 0 AS sub, n.nspname AS schema, l.collname AS name, l.collprovider AS provider, l.collisdeterministic AS deterministic,",
      `${
        localeColumn(context.version)
      } AS locale, l.collcollate AS lc_collate, l.collctype AS lc_ctype,`,
      `${context.version >= 160000 ? "l.collicurules" : "NULL"} AS rules,`,
      "pg_catalog.pg_get_userbyid(l.collowner) AS owner",
      "FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace",
      `WHERE l.collencoding IN (-1, (SELECT encoding FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) AND ${context.managed} AND ${
        context.notOfExtension("pg_collation", "l.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const provider = PROVIDERS[row.text("provider")];
    if (provider === undefined) return undefined;
    const name = [row.text("schema"), row.text("name")];
    const collate = row.optional("lc_collate");
    const ctype = row.optional("lc_ctype");
    const isSplit = provider === "libc" && collate !== ctype;
    return {
      address: address("collation", name),
      name,
      payload: {
        provider,
        locale: isSplit
          ? undefined
          : provider === "libc"
          ? collate
          : row.optional("locale"),
        lcCollate: isSplit ? collate : undefined,
        lcCtype: isSplit ? ctype : undefined,
        nondeterministic: row.boolean("deterministic") ? undefined : true,
        rules: row.optional("rules"),
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const parts = [`PROVIDER = ${payload.provider}`];
    const add = (name: string, value: string | undefined) => {
      if (value !== undefined) parts.push(`${name} = ${quoteLiteral(value)}`);
    };
    add("LOCALE", payload.locale);
    add("LC_COLLATE", payload.lcCollate);
    add("LC_CTYPE", payload.lcCtype);
    if (payload.nondeterministic === true) parts.push("DETERMINISTIC = false");
    add("RULES", payload.rules);
    return [
      create(`CREATE COLLATION ${qualify(object.name)} (${parts.join(", ")})`),
    ];
  },
  // ALTER COLLATION changes names only.
  alter: (from, _to, _keys, target) =>
    replacement(from, target, { word: "COLLATION", hazards: [] }),
  rename: (object, name) =>
    renameStatements("ALTER COLLATION", object.name, { name }),
};
