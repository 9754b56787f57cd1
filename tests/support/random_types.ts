/**
 * Generated schemas, extensions, types, and what is about types: casts,
 * operators, collations, text search.
 *
 * @module
 */

import { fact, type RandomKind, subject } from "./random_item.ts";

/** Types, and what stands by itself. */
export const RANDOM_TYPES: readonly RandomKind[] = [
  {
    kind: "schema",
    weight: 2,
    make: ({ name }) => ({
      needs: [],
      facts: [
        fact("schema", name),
        ...subject(`SCHEMA ${name}`, {
          owned: true,
          granted: `SCHEMA ${name}`,
        }),
      ],
      sql: [`CREATE SCHEMA ${name}`],
    }),
  },
  {
    kind: "extension",
    weight: 0.5,
    make: ({ schema, one }) => {
      const name = one(["pg_trgm", "citext", "btree_gist"]);
      return {
        needs: [],
        facts: [],
        sql: [`CREATE EXTENSION IF NOT EXISTS ${name} SCHEMA ${schema.name}`],
      };
    },
  },
  {
    kind: "enum",
    weight: 3,
    make: ({ full, one, chance }) => {
      const labels = ["a", "b", "it''s", "c, d", "E"].filter((label) =>
        label === "a" || chance(0.6)
      );
      if (chance(0.3)) labels.reverse();
      return {
        needs: [],
        facts: [
          fact("type", full, "", one(["enum"])),
          ...subject(`TYPE ${full}`, { owned: true, granted: `TYPE ${full}` }),
        ],
        sql: [
          `CREATE TYPE ${full} AS ENUM (${
            labels.map((label) => `'${label}'`).join(", ")
          })`,
        ],
      };
    },
  },
  {
    kind: "domain",
    weight: 2,
    make: ({ full, one, chance }) => {
      const base = one(["integer", "text", "numeric(10,2)"]);
      return {
        needs: [],
        facts: [
          fact("type", full, "", "domain"),
          ...subject(`DOMAIN ${full}`, {
            owned: true,
            granted: `TYPE ${full}`,
          }),
        ],
        sql: [
          `CREATE DOMAIN ${full} AS ${base}${
            chance(0.3) ? " DEFAULT '7'" : ""
          }${chance(0.2) ? " NOT NULL" : ""}${
            chance(0.5)
              ? ` CONSTRAINT ${
                one(["fits", '"Fits; it"'])
              } CHECK (VALUE::text <> '${one(["x", "y"])}')`
              : ""
          }`,
        ],
      };
    },
  },
  {
    kind: "composite",
    weight: 2,
    make: ({ full, one, chance, find }) => {
      const inner = chance(0.4) ? find({ tag: "type" }) : undefined;
      const attributes = [
        `a ${one(["integer", "text", "bigint"])}`,
        ...(chance(0.5) ? [`"B b" ${one(["text", "numeric"])}`] : []),
        ...(inner === undefined ? [] : [`c ${inner.name}`]),
      ];
      return {
        needs: inner === undefined ? [] : [inner],
        facts: [
          fact("type", full, "", "composite"),
          fact("composite", full),
          ...subject(`TYPE ${full}`, { owned: true, granted: `TYPE ${full}` }),
          fact("commented", `COLUMN ${full}.a`),
        ],
        sql: [`CREATE TYPE ${full} AS (${attributes.join(", ")})`],
      };
    },
  },
  {
    kind: "range",
    weight: 1,
    make: ({ full, one }) => ({
      needs: [],
      facts: [
        fact("type", full, "", "range"),
        ...subject(`TYPE ${full}`, { owned: true, granted: `TYPE ${full}` }),
      ],
      sql: [
        `CREATE TYPE ${full} AS RANGE (SUBTYPE = ${
          one(["integer", "float8, SUBTYPE_DIFF = float8mi", "text"])
        })`,
      ],
    }),
  },
  {
    kind: "collation",
    weight: 1,
    make: ({ full, one }) => ({
      needs: [],
      facts: [
        fact("collation", full),
        ...subject(`COLLATION ${full}`, { owned: true }),
      ],
      sql: [
        `CREATE COLLATION ${full} (PROVIDER = libc, LOCALE = '${
          one(["C", "POSIX"])
        }')`,
      ],
    }),
  },
  {
    kind: "cast",
    weight: 0.5,
    of: "composite",
    single: true,
    make: ({ of, one }) => ({
      needs: [],
      facts: subject(`CAST (${of.name} AS text)`),
      sql: [
        `CREATE CAST (${of.name} AS text) WITH INOUT AS ${
          one(["ASSIGNMENT", "IMPLICIT"])
        }`,
      ],
    }),
  },
  {
    kind: "operator",
    weight: 0.5,
    make: ({ schema, name, one, chance }) => {
      const symbol = `${schema.name}.${"=@#~".slice(name.length % 2, 3)}${
        "@#".repeat(name.length % 5)
      }=${"#".repeat(Number(/\d+/.exec(name)?.[0] ?? 0) % 9)}`;
      return {
        needs: [],
        facts: subject(`OPERATOR ${symbol} (integer, integer)`, {
          owned: true,
        }),
        sql: [
          `CREATE OPERATOR ${symbol} (LEFTARG = integer, RIGHTARG = integer, FUNCTION = ${
            one(["int4eq", "int4ne"])
          }${chance(0.5) ? ", RESTRICT = eqsel" : ""})`,
        ],
      };
    },
  },
  {
    kind: "operator family",
    weight: 0.5,
    make: ({ full, one }) => {
      const method = one(["btree", "hash"]);
      return {
        needs: [],
        facts: subject(`OPERATOR FAMILY ${full} USING ${method}`, {
          owned: true,
        }),
        sql: [`CREATE OPERATOR FAMILY ${full} USING ${method}`],
      };
    },
  },
  {
    kind: "operator class",
    weight: 0.5,
    make: ({ full, one }) => ({
      needs: [],
      facts: subject(`OPERATOR CLASS ${full} USING hash`, { owned: true }),
      sql: [
        `CREATE OPERATOR CLASS ${full} FOR TYPE ${
          one(["integer", "bigint"])
        } USING hash AS OPERATOR 1 =`,
      ],
    }),
  },
  {
    kind: "dictionary",
    weight: 1,
    make: ({ full, one }) => ({
      needs: [],
      facts: [
        fact("dictionary", full),
        ...subject(`TEXT SEARCH DICTIONARY ${full}`, { owned: true }),
      ],
      sql: [
        `CREATE TEXT SEARCH DICTIONARY ${full} (${
          one([
            "TEMPLATE = simple",
            "TEMPLATE = simple, ACCEPT = false",
            "TEMPLATE = snowball, LANGUAGE = english",
          ])
        })`,
      ],
    }),
  },
  {
    kind: "text search configuration",
    weight: 1,
    make: ({ full, find, one }) => {
      const dictionary = find({ tag: "dictionary" });
      return {
        needs: dictionary === undefined ? [] : [dictionary],
        facts: subject(`TEXT SEARCH CONFIGURATION ${full}`, { owned: true }),
        sql: [
          `CREATE TEXT SEARCH CONFIGURATION ${full} (PARSER = "default")`,
          `ALTER TEXT SEARCH CONFIGURATION ${full} ADD MAPPING FOR ${
            one(["asciiword", "word, numword"])
          } WITH ${dictionary?.name ?? "simple"}`,
        ],
      };
    },
  },
];
