/**
 * What generated schemas are made of: for each kind an item with everything
 * that PostgreSQL lets it have, as the dice fall. Statements load as they
 * stand, in the order of the items.
 *
 * @module
 */

import { RANDOM_CODE } from "./random_code.ts";
import { RANDOM_RELATIONS } from "./random_relations.ts";
import type { RandomKind } from "./random_item.ts";
import { RANDOM_TYPES } from "./random_types.ts";

/** Roles that every cluster has. */
const ROLES = ["pg_monitor", "pg_signal_backend", "pg_read_all_stats"] as const;

const ABOUT: readonly RandomKind[] = [
  {
    kind: "comment",
    weight: 4,
    of: "commented",
    single: true,
    make: ({ of, one }) => ({
      needs: [],
      facts: [],
      sql: [
        `COMMENT ON ${of.name} IS ${
          one(["'a comment'", "'it''s; -- another'", "E'two\\nlines'", "'ü'"])
        }`,
      ],
    }),
  },
  {
    kind: "owner",
    weight: 2,
    of: "owned",
    single: true,
    make: ({ of, one }) => ({
      needs: [],
      facts: [],
      sql: [`ALTER ${of.name} OWNER TO ${one(ROLES)}`],
    }),
  },
  {
    kind: "privilege",
    weight: 5,
    of: "granted",
    make: ({ of, one, chance }) => {
      const [kind = ""] = of.name.split(" ");
      const privileges = {
        TABLE: one(["SELECT", "SELECT, INSERT", "ALL", "UPDATE, TRIGGER"]),
        SEQUENCE: one(["USAGE", "SELECT", "ALL"]),
        FUNCTION: "EXECUTE",
        PROCEDURE: "EXECUTE",
        SCHEMA: one(["USAGE", "CREATE", "ALL"]),
        TYPE: "USAGE",
        DOMAIN: "USAGE",
        FOREIGN: "USAGE",
      }[kind] ?? "ALL";
      const revoked = chance(0.2) &&
        ["FUNCTION", "PROCEDURE", "TYPE", "DOMAIN"].includes(kind);
      const grant = chance(0.2) ? " WITH GRANT OPTION" : "";
      return {
        needs: [],
        facts: [],
        sql: [
          revoked
            ? `REVOKE ALL ON ${of.name} FROM PUBLIC`
            : `GRANT ${privileges} ON ${of.name} TO ${one(ROLES)}${grant}`,
        ],
      };
    },
  },
  {
    kind: "default privilege",
    weight: 1,
    make: ({ schema, one, chance }) => ({
      needs: [],
      facts: [],
      sql: [
        `ALTER DEFAULT PRIVILEGES${
          chance(0.7) ? ` IN SCHEMA ${schema.name}` : ""
        } GRANT ${
          one([
            "SELECT ON TABLES",
            "ALL ON TABLES",
            "USAGE ON SEQUENCES",
            "EXECUTE ON FUNCTIONS",
            "USAGE ON TYPES",
          ])
        } TO ${one(ROLES)}`,
      ],
    }),
  },
];

/** Every kind of item. */
export const RANDOM_KINDS: readonly RandomKind[] = [
  ...RANDOM_TYPES,
  ...RANDOM_RELATIONS,
  ...RANDOM_CODE,
  ...ABOUT,
];
