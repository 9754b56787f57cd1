/**
 * Generated functions, procedures, aggregates, and what calls them: triggers,
 * event triggers, policies, rules.
 *
 * @module
 */

import { fact, type RandomKind, subject } from "./random_item.ts";

const TRIGGER_BODY =
  "RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$";

/** Functions and what calls them. */
export const RANDOM_CODE: readonly RandomKind[] = [
  {
    kind: "function",
    weight: 4,
    make: ({ full, one, chance, find }) => {
      const column = chance(0.4) ? find({ tag: "column" }) : undefined;
      const custom = chance(0.3) ? find({ tag: "type" }) : undefined;
      const arguments_ = one([
        "",
        "a integer",
        "a integer, b text DEFAULT 'x'",
      ]);
      const extra = custom === undefined
        ? arguments_
        : `c ${custom.name}${arguments_ === "" ? "" : `, ${arguments_}`}`;
      const identity = `${full}(${
        [
          ...(custom === undefined ? [] : [custom.name]),
          ...(arguments_.includes("a integer") ? ["integer"] : []),
          ...(arguments_.includes("b text") ? ["text"] : []),
        ].join(", ")
      })`;
      const [returns, body] = column === undefined
        ? one([
          ["RETURNS integer LANGUAGE sql", " AS $f$ SELECT 1 $f$"],
          ["RETURNS integer LANGUAGE sql", " AS $f$ SELECT 2 -- ; $f$"],
          [
            "RETURNS text LANGUAGE plpgsql",
            " AS $f$ BEGIN RETURN 'x;'; END $f$",
          ],
          ["RETURNS integer LANGUAGE sql", " RETURN 1 + 1"],
          [
            "RETURNS TABLE (x integer, y text) LANGUAGE sql",
            " AS $f$ SELECT 1, 'y'::text $f$",
          ],
        ])
        : one([
          [
            "RETURNS bigint LANGUAGE sql",
            ` AS $f$ SELECT count(${column.name}) FROM ${column.of} $f$`,
          ],
          [
            "RETURNS bigint LANGUAGE sql",
            ` BEGIN ATOMIC SELECT count(${column.name}) FROM ${column.of}; END`,
          ],
        ]);
      const attributes = [
        one(["", "STABLE", "IMMUTABLE"]),
        chance(0.2) ? " SECURITY DEFINER" : "",
        chance(0.2) ? " PARALLEL SAFE" : "",
        chance(0.2) ? " SET search_path = pg_catalog, public" : "",
      ].join("");
      return {
        needs: [
          ...(column === undefined ? [] : [column]),
          ...(custom === undefined ? [] : [custom]),
        ],
        facts: subject(`FUNCTION ${identity}`, {
          owned: true,
          granted: `FUNCTION ${identity}`,
        }),
        sql: [
          `CREATE FUNCTION ${full}(${extra}) ${returns} ${attributes}${body}`,
        ],
      };
    },
  },
  {
    kind: "trigger function",
    weight: 2,
    make: ({ full, one }) => ({
      needs: [],
      facts: [
        fact("trigger function", full),
        ...subject(`FUNCTION ${full}()`, {
          owned: true,
          granted: `FUNCTION ${full}()`,
        }),
      ],
      sql: [
        `CREATE FUNCTION ${full}() ${TRIGGER_BODY}${
          one(["", " SECURITY DEFINER"])
        }`,
      ],
    }),
  },
  {
    kind: "trigger",
    weight: 3,
    of: "table",
    make: ({ of, name, find, one, chance }) => {
      const called = find({ tag: "trigger function" });
      if (called === undefined) return undefined;
      const column = chance(0.4)
        ? find({ tag: "column", of: of.name })
        : undefined;
      const event = column === undefined
        ? one(["INSERT", "UPDATE OR DELETE", "INSERT OR UPDATE"])
        : `UPDATE OF ${column.name}`;
      const enabled = one(["", "", "", "DISABLE", "ENABLE ALWAYS"]);
      return {
        needs: [called, ...(column === undefined ? [] : [column])],
        facts: [fact("commented", `TRIGGER ${name} ON ${of.name}`)],
        sql: [
          `CREATE TRIGGER ${name} AFTER ${event} ON ${of.name} FOR EACH ROW${
            chance(0.2) ? " WHEN (pg_trigger_depth() = 0)" : ""
          } EXECUTE FUNCTION ${called.name}()`,
          ...(enabled === ""
            ? []
            : [`ALTER TABLE ${of.name} ${enabled} TRIGGER ${name}`]),
        ],
      };
    },
  },
  {
    kind: "event trigger",
    weight: 0.5,
    make: ({ full, name, one }) => ({
      needs: [],
      facts: subject(`EVENT TRIGGER ${name}`),
      sql: [
        `CREATE FUNCTION ${full}() RETURNS event_trigger LANGUAGE plpgsql AS $f$ BEGIN END $f$`,
        `CREATE EVENT TRIGGER ${name} ON ${
          one(["sql_drop", "ddl_command_end"])
        } EXECUTE FUNCTION ${full}()`,
      ],
    }),
  },
  {
    kind: "policy",
    weight: 3,
    of: "table",
    make: ({ of, name, find, one, chance }) => {
      const column = find({ tag: "column", of: of.name });
      if (column === undefined) return undefined;
      const command = one(["ALL", "SELECT", "INSERT", "UPDATE"]);
      const using = command === "INSERT"
        ? `WITH CHECK (${column.name} IS NOT NULL)`
        : `USING (${column.name} IS NOT NULL)`;
      return {
        needs: [column],
        facts: [fact("commented", `POLICY ${name} ON ${of.name}`)],
        sql: [
          `CREATE POLICY ${name} ON ${of.name}${
            chance(0.2) ? " AS RESTRICTIVE" : ""
          } FOR ${command}${chance(0.3) ? " TO pg_monitor" : ""} ${using}`,
        ],
      };
    },
  },
  {
    kind: "rule",
    weight: 1,
    of: "view",
    make: ({ of, name, one }) => ({
      needs: [],
      facts: [fact("commented", `RULE ${name} ON ${of.name}`)],
      sql: [
        `CREATE RULE ${name} AS ON ${
          one(["INSERT", "UPDATE", "DELETE"])
        } TO ${of.name} DO INSTEAD NOTHING`,
      ],
    }),
  },
  {
    kind: "procedure",
    weight: 1,
    make: ({ full, one }) => {
      const [list, identity] = one([
        ["", ""],
        ["a integer", "integer"],
        ["INOUT a text DEFAULT 'x'", "text"],
      ]);
      return {
        needs: [],
        facts: subject(`PROCEDURE ${full}(${identity})`, {
          owned: true,
          granted: `PROCEDURE ${full}(${identity})`,
        }),
        sql: [
          `CREATE PROCEDURE ${full}(${list}) LANGUAGE plpgsql AS $f$ BEGIN ${
            one(["NULL; ", ""])
          }END $f$`,
        ],
      };
    },
  },
  {
    kind: "aggregate",
    weight: 1,
    make: ({ full, one }) => ({
      needs: [],
      facts: subject(`AGGREGATE ${full}(integer)`, {
        owned: true,
        granted: `FUNCTION ${full}(integer)`,
      }),
      sql: [
        `CREATE AGGREGATE ${full}(integer) (SFUNC = int4pl, STYPE = integer${
          one(["", ", INITCOND = '0'", ", INITCOND = '7', PARALLEL = SAFE"])
        })`,
      ],
    }),
  },
];
