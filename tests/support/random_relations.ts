/**
 * Generated tables and what belongs to them: columns, constraints, indexes,
 * partitions, sequences, statistics; views; foreign tables.
 *
 * @module
 */

import {
  type Fact,
  fact,
  type Maker,
  type RandomKind,
  subject,
} from "./random_item.ts";

/** Types with values that every function below can make. */
const TYPES = [
  "integer",
  "integer",
  "bigint",
  "text",
  "text",
  "character varying(20)",
  "numeric(12,2)",
  "boolean",
  "timestamp with time zone",
  "date",
  "uuid",
  "jsonb",
  "integer[]",
  "int4range",
] as const;

const DEFAULTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  integer: ["0", "42", "(1 + 1)"],
  bigint: ["0", "9000000000"],
  text: ["'x'", "'it''s; --'", "upper('y')", "CURRENT_USER"],
  "character varying(20)": ["'x'", "''"],
  "numeric(12,2)": ["1.50", "'-1'"],
  boolean: ["true", "false"],
  "timestamp with time zone": ["now()", "'2020-01-01 00:00+00'"],
  date: ["CURRENT_DATE"],
  uuid: ["gen_random_uuid()"],
  jsonb: ["'{}'", `'{"a": [1]}'`],
  "integer[]": ["'{}'", "ARRAY[1, -2]"],
};

/** Their text depends on no setting. */
const IMMUTABLE = new Set([
  "integer",
  "bigint",
  "text",
  "character varying(20)",
  "numeric(12,2)",
  "boolean",
  "uuid",
]);

/** The facts of a column. */
function columnFacts(of: string, name: string, type: string): Fact[] {
  return [
    fact("column", name, of),
    fact("typed", name, of, type),
    ...(IMMUTABLE.has(type) ? [fact("immutable", name, of)] : []),
  ];
}

function relationFacts(full: string, phrase: string): Fact[] {
  return [
    fact("relation", full),
    ...subject(`${phrase} ${full}`, {
      granted: `TABLE ${full}`,
    }),
  ];
}

/** `ALTER TABLE` for something of an item. */
const alter = (of: Fact, what: string) => `ALTER TABLE ${of.name} ${what}`;

function column(maker: Maker): ReturnType<RandomKind["make"]> {
  const { of, name, one, chance, find } = maker;
  const custom = chance(0.3) ? find({ tag: "type" }) : undefined;
  const type = custom?.name ?? one(TYPES);
  const needs = custom === undefined ? [] : [custom];
  const array = custom !== undefined && chance(0.2) ? "[]" : "";
  const extra: string[] = [];
  const source = chance(0.15)
    ? find({ tag: "immutable", of: of.name })
    : undefined;
  const collation = type === "text" && chance(0.2)
    ? find({ tag: "collation" })
    : undefined;
  if (collation !== undefined) {
    needs.push(collation);
    extra.push(`COLLATE ${collation.name}`);
  }
  const values = array === "" ? DEFAULTS[type] : undefined;
  const sequence = type === "bigint" && chance(0.3)
    ? find({ tag: "sequence" })
    : undefined;
  const generated = source !== undefined && type === "text";
  const identifiable = fact("identifiable", of.name);
  if (generated) {
    needs.push(source);
    extra.push(`GENERATED ALWAYS AS (${source.name}::text || '!') STORED`);
  } else if (sequence !== undefined) {
    needs.push(sequence);
    extra.push(
      `DEFAULT nextval('${sequence.name.replaceAll("'", "''")}'::regclass)`,
    );
  } else if (
    type === "integer" && chance(0.2) &&
    find(identifiable) !== undefined
  ) {
    needs.push(identifiable);
    extra.push(
      `GENERATED ${one(["ALWAYS", "BY DEFAULT"])} AS IDENTITY${
        one(["", " (START WITH 5 INCREMENT BY 5)"])
      }`,
    );
  } else if (values !== undefined && chance(0.4)) {
    extra.push(`DEFAULT ${one(values)}`);
  }
  if (chance(0.3)) extra.push("NOT NULL");
  const sql = [
    alter(of, `ADD COLUMN ${name} ${type}${array} ${extra.join(" ")}`),
  ];
  if (chance(0.1)) {
    sql.push(alter(of, `ALTER COLUMN ${name} SET STATISTICS 50`));
  }
  if (type === "text" && chance(0.15)) {
    sql.push(
      alter(
        of,
        `ALTER COLUMN ${name} SET STORAGE ${one(["EXTERNAL", "MAIN"])}`,
      ),
    );
  }
  return {
    needs,
    facts: [
      ...columnFacts(of.name, name, type + array).filter(({ tag }) =>
        // A generated column cannot be what another one is generated from.
        !generated || tag !== "immutable"
      ),
      fact("commented", `COLUMN ${of.name}.${name}`),
    ],
    sql,
  };
}

/** Tables, views and their parts. */
export const RANDOM_RELATIONS: readonly RandomKind[] = [
  {
    kind: "table",
    weight: 8,
    make: ({ full, one, chance, find }) => {
      const parent = chance(0.1) ? find({ tag: "heritable" }) : undefined;
      const partitioned = parent === undefined && chance(0.15);
      const how = one(["list", "range", "hash"]);
      const unlogged = !partitioned && chance(0.1);
      const own = "id";
      return {
        needs: parent === undefined ? [] : [parent],
        facts: [
          fact("table", full),
          ...relationFacts(full, "TABLE"),
          ...(partitioned
            ? [fact("partitioned", full, "", how)]
            : [fact("indexable", full), fact("lone", full)]),
          ...(partitioned || unlogged ? [] : [fact("logged", full)]),
          ...(partitioned || parent !== undefined
            ? []
            // A table with children takes no identity column.
            : [
              fact("ordinary", full),
              fact(one(["heritable", "identifiable"]), full),
            ]),
          ...(parent === undefined
            ? columnFacts(full, own, "integer")
            : columnFacts(full, "mine", "integer")),
        ],
        sql: [
          `CREATE${unlogged ? " UNLOGGED" : ""} TABLE ${full} (${
            parent === undefined ? "id integer NOT NULL" : "mine integer"
          }${partitioned ? ", part_key integer NOT NULL" : ""})${
            parent === undefined ? "" : ` INHERITS (${parent.name})`
          }${partitioned ? ` PARTITION BY ${how} (part_key)` : ""}${
            !partitioned && chance(0.15) ? " WITH (fillfactor = 70)" : ""
          }`,
          ...(chance(0.15)
            ? [`ALTER TABLE ${full} ENABLE ROW LEVEL SECURITY`]
            : []),
          ...(!partitioned && chance(0.1)
            ? [`ALTER TABLE ${full} REPLICA IDENTITY FULL`]
            : []),
        ],
      };
    },
  },
  { kind: "column", weight: 20, of: "table", make: column },
  {
    kind: "partition",
    weight: 3,
    of: "partitioned",
    make: ({ of, full, name }) => {
      const number = Number(/(\d+)\D*$/.exec(name)?.[1] ?? 0);
      const bounds = {
        list: `FOR VALUES IN (${number})`,
        range: `FOR VALUES FROM (${number * 10}) TO (${number * 10 + 10})`,
        hash: `FOR VALUES WITH (MODULUS 997, REMAINDER ${number % 997})`,
      }[of.type] ?? "DEFAULT";
      return {
        needs: [],
        facts: relationFacts(full, "TABLE"),
        sql: [`CREATE TABLE ${full} PARTITION OF ${of.name} ${bounds}`],
      };
    },
  },
  {
    kind: "primary key",
    weight: 5,
    of: "ordinary",
    single: true,
    make: ({ of, name, chance, find }) => {
      // Nothing that lasts may refer to what does not.
      const logged = find({ tag: "logged", name: of.name });
      return {
        needs: logged === undefined ? [] : [logged],
        facts: [
          ...(logged === undefined
            ? []
            : [fact("key", "id", of.name, "integer")]),
          fact("commented", `CONSTRAINT ${name} ON ${of.name}`),
        ],
        sql: [
          alter(
            of,
            `ADD CONSTRAINT ${name} PRIMARY KEY (id)${
              chance(0.1) ? " WITH (fillfactor = 80)" : ""
            }`,
          ),
        ],
      };
    },
  },
  {
    kind: "key of a partitioned table",
    weight: 1,
    of: "partitioned",
    single: true,
    make: ({ of, name, one }) => ({
      needs: [],
      facts: [],
      sql: [
        alter(
          of,
          `ADD CONSTRAINT ${name} ${
            one(["PRIMARY KEY", "UNIQUE"])
          } (id, part_key)`,
        ),
      ],
    }),
  },
  {
    kind: "unique constraint",
    weight: 2,
    of: "lone",
    make: ({ of, name, find, chance, version }) => {
      const typed = find({ tag: "typed", of: of.name, type: "integer" });
      if (typed === undefined) return undefined;
      const nulls = version >= 15 && chance(0.3) ? "NULLS NOT DISTINCT " : "";
      return {
        needs: [typed],
        facts: [fact("commented", `CONSTRAINT ${name} ON ${of.name}`)],
        sql: [
          alter(
            of,
            `ADD CONSTRAINT ${name} UNIQUE ${nulls}(${typed.name})${
              chance(0.2) ? " DEFERRABLE INITIALLY DEFERRED" : ""
            }`,
          ),
        ],
      };
    },
  },
  {
    kind: "foreign key",
    weight: 4,
    of: "table",
    make: ({ of, name, find, one, chance }) => {
      const typed = find({ tag: "typed", of: of.name, type: "integer" });
      const key = find({ tag: "key", type: "integer" });
      if (typed === undefined || key === undefined) return undefined;
      const isLone = find({ tag: "lone", name: of.name });
      const unchecked = chance(0.15) && isLone !== undefined;
      return {
        needs: [typed, key, ...(unchecked ? [isLone] : [])],
        facts: [fact("commented", `CONSTRAINT ${name} ON ${of.name}`)],
        sql: [
          alter(
            of,
            `ADD CONSTRAINT ${name} FOREIGN KEY (${typed.name}) REFERENCES ${key.of} (${key.name})${
              one(["", " ON DELETE CASCADE", " ON UPDATE SET NULL"])
            }${one(["", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"])}${
              unchecked ? " NOT VALID" : ""
            }`,
          ),
        ],
      };
    },
  },
  {
    kind: "check constraint",
    weight: 4,
    of: "table",
    make: ({ of, name, find, one, chance }) => {
      const checked = find({ tag: "column", of: of.name });
      if (checked === undefined) return undefined;
      const lone = find({ tag: "lone", name: of.name });
      return {
        needs: [checked, ...(lone === undefined ? [] : [lone])],
        facts: [fact("commented", `CONSTRAINT ${name} ON ${of.name}`)],
        sql: [
          alter(
            of,
            `ADD CONSTRAINT ${name} CHECK (${
              one([
                `${checked.name} IS NOT NULL OR true`,
                `${checked.name}::text <> 'forbidden'`,
              ])
            })${lone !== undefined && chance(0.15) ? " NO INHERIT" : ""}${
              chance(0.15) ? " NOT VALID" : ""
            }`,
          ),
        ],
      };
    },
  },
  {
    kind: "exclusion constraint",
    weight: 1,
    of: "lone",
    make: ({ of, name, find }) => {
      const typed = find({ tag: "typed", of: of.name, type: "int4range" });
      return typed === undefined ? undefined : {
        needs: [typed],
        facts: [],
        sql: [
          alter(
            of,
            `ADD CONSTRAINT ${name} EXCLUDE USING gist (${typed.name} WITH &&)`,
          ),
        ],
      };
    },
  },
  {
    kind: "index",
    weight: 7,
    of: "indexable",
    make: ({ of, name, find, one, chance }) => {
      const plain = find({ tag: "column", of: of.name });
      const text = chance(0.4)
        ? find({ tag: "immutable", of: of.name })
        : undefined;
      const jsonb = chance(0.5)
        ? find({ tag: "typed", of: of.name, type: "jsonb" })
        : undefined;
      if (plain === undefined) return undefined;
      const key = jsonb !== undefined
        ? { needs: jsonb, sql: `USING gin (${jsonb.name})` }
        : text !== undefined
        ? { needs: text, sql: `(lower(${text.name}::text))` }
        : {
          needs: plain,
          sql: `(${plain.name}${one(["", " DESC", " NULLS FIRST"])})`,
        };
      return {
        needs: [key.needs],
        facts: [],
        sql: [
          `CREATE INDEX ${name} ON ${of.name} ${key.sql}${
            chance(0.2) ? ` WHERE ${key.needs.name} IS NOT NULL` : ""
          }`,
        ],
      };
    },
  },
  {
    kind: "index of a partitioned table",
    weight: 1,
    of: "partitioned",
    make: ({ of, name, one }) => ({
      needs: [],
      facts: [],
      sql: [
        `CREATE INDEX ${name} ON ${of.name} (${
          one(["id", "part_key, id", "id DESC"])
        })`,
      ],
    }),
  },
  {
    kind: "statistics",
    weight: 1,
    of: "lone",
    make: ({ of, full, find, one }) => {
      const id = find({ tag: "immutable", of: of.name });
      const other = find({ tag: "immutable", of: of.name });
      if (id === undefined || other === undefined || id.name === other.name) {
        return undefined;
      }
      return {
        needs: [id, other],
        facts: subject(`STATISTICS ${full}`, { owned: true }),
        sql: [
          `CREATE STATISTICS ${full} (${
            one(["ndistinct", "dependencies", "ndistinct, mcv"])
          }) ON ${id.name}, ${other.name} FROM ${of.name}`,
        ],
      };
    },
  },
  {
    kind: "sequence",
    weight: 2,
    make: ({ full, one, chance }) => ({
      needs: [],
      facts: [
        fact("sequence", full),
        ...subject(`SEQUENCE ${full}`, { granted: `SEQUENCE ${full}` }),
      ],
      sql: [
        `CREATE SEQUENCE ${full}${one(["", " AS integer", " AS smallint"])}${
          chance(0.3) ? " INCREMENT BY 2 MINVALUE 1 MAXVALUE 999" : ""
        }${chance(0.2) ? " CYCLE" : ""}${chance(0.2) ? " CACHE 5" : ""}`,
      ],
    }),
  },
  {
    kind: "owned sequence",
    weight: 1,
    of: "ordinary",
    make: ({ of, name, find }) => {
      const owner = find({ tag: "typed", of: of.name, type: "integer" });
      if (owner === undefined) return undefined;
      // In the table's own schema, as it must be.
      const schema = /^(?:"(?:[^"]|"")*"|[^".]+)/.exec(of.name)?.[0] ?? "";
      return {
        needs: [owner],
        facts: [],
        sql: [
          `CREATE SEQUENCE ${schema}.${name} OWNED BY ${of.name}.${owner.name}`,
        ],
      };
    },
  },
  {
    kind: "view",
    weight: 6,
    make: ({ full, find, one, chance, version }) => {
      const first = find({ tag: "column" });
      if (first === undefined) return undefined;
      const others = [1, 2].flatMap(() => {
        const other = find({ tag: "column", of: first.of });
        return other === undefined ? [] : [other];
      });
      const columns = [first, ...others];
      const joined = chance(0.3) ? find({ tag: "column" }) : undefined;
      // Nothing can be read from a foreign table whose wrapper has no handler.
      const foreign = [...columns, joined].some((column) =>
        column?.type === "foreign"
      );
      const materialized = !foreign && chance(0.25);
      const options = materialized || chance(0.7) ? "" : ` WITH (${
        one([
          "security_barrier = true",
          version >= 15 ? "security_invoker = true" : "security_barrier",
        ])
      })`;
      return {
        needs: joined === undefined ? columns : [...columns, joined],
        facts: [
          ...relationFacts(full, materialized ? "MATERIALIZED VIEW" : "VIEW"),
          ...columns.map((_, i) =>
            fact("column", `v${i}`, full, foreign ? "foreign" : "")
          ),
          ...(materialized ? [fact("indexable", full)] : [fact("view", full)]),
        ],
        sql: [
          `CREATE ${
            materialized ? "MATERIALIZED " : ""
          }VIEW ${full}${options} AS SELECT ${
            columns.map(({ name }, i) => `a.${name} AS v${i}`).join(", ")
          } FROM ${first.of} AS a${
            joined === undefined
              ? ""
              : ` WHERE EXISTS (SELECT FROM ${joined.of} AS b WHERE b.${joined.name} IS NOT NULL)`
          }`,
        ],
      };
    },
  },
  {
    kind: "publication",
    weight: 1,
    make: ({ name, find, one, version, schema }) => {
      const table = find({ tag: "logged" });
      if (table === undefined) return undefined;
      const what = one(
        version >= 15
          ? ["ALL TABLES", "table", "TABLES IN SCHEMA"]
          : ["ALL TABLES", "table"],
      );
      return {
        needs: what === "table" ? [table] : [],
        facts: subject(`PUBLICATION ${name}`),
        sql: [
          `CREATE PUBLICATION ${name} FOR ${
            what === "table"
              ? `TABLE ${table.name}`
              : what === "TABLES IN SCHEMA"
              ? `TABLES IN SCHEMA ${schema.name}`
              : what
          } WITH (publish = 'insert')`,
        ],
      };
    },
  },
  {
    kind: "foreign-data wrapper",
    weight: 0.5,
    make: ({ name, chance }) => ({
      needs: [],
      facts: [
        fact("wrapper", name),
        ...subject(`FOREIGN DATA WRAPPER ${name}`, {
          granted: `FOREIGN DATA WRAPPER ${name}`,
        }),
      ],
      sql: [
        `CREATE FOREIGN DATA WRAPPER ${name}${
          chance(0.5) ? " OPTIONS (debug 'true')" : ""
        }`,
      ],
    }),
  },
  {
    kind: "server",
    weight: 1,
    of: "wrapper",
    make: ({ of, name, chance }) => ({
      needs: [],
      facts: [
        fact("server", name),
        ...subject(`SERVER ${name}`, { granted: `FOREIGN SERVER ${name}` }),
      ],
      sql: [
        `CREATE SERVER ${name}${
          chance(0.5) ? " VERSION '2'" : ""
        } FOREIGN DATA WRAPPER ${of.name}${
          chance(0.5) ? " OPTIONS (host 'h', dbname 'it''s')" : ""
        }`,
      ],
    }),
  },
  {
    kind: "user mapping",
    weight: 1,
    of: "server",
    single: true,
    make: ({ of, one }) => ({
      needs: [],
      facts: [],
      sql: [
        `CREATE USER MAPPING FOR ${
          one(["PUBLIC", "pg_monitor"])
        } SERVER ${of.name}`,
      ],
    }),
  },
  {
    kind: "foreign table",
    weight: 1,
    of: "server",
    make: ({ of, full, one, chance }) => ({
      needs: [],
      facts: [
        ...relationFacts(full, "FOREIGN TABLE"),
        fact("column", "a", full, "foreign"),
      ],
      sql: [
        `CREATE FOREIGN TABLE ${full} (a ${one(["integer", "text"])}${
          chance(0.3) ? " NOT NULL" : ""
        }${
          chance(0.3) ? ", b text OPTIONS (column_name 'c')" : ""
        }) SERVER ${of.name}${chance(0.5) ? " OPTIONS (schema_name 's')" : ""}`,
      ],
    }),
  },
];
