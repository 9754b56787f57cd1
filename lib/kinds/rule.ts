/**
 * The kind `rule`: every rewrite rule but the one that makes a view a view.
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
import { quoteIdentifier } from "../sql/quote.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  FIRING_STATES,
  firingClause,
  type FiringState,
} from "./firing_state.ts";
import {
  altered,
  attach,
  create,
  type KindModule,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { relationAddress } from "./relation.ts";

const SHAPE = {
  /** `CREATE RULE …`. */
  definition: shape.statement(),
  /** When it applies, where that is not as usual. */
  state: optional(shape.word("disabled", "replica", "always")),
} as const;

/** A rule's payload. */
export type RulePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const RULE: KindModule<"rule", RulePayload> = {
  kind: "rule",
  catalog: "pg_rewrite",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) =>
    `RULE ${quoteIdentifier(object.name[2] ?? "")} ON ${
      qualify(object.name.slice(0, 2))
    }`,
  query: (context) =>
    [
      "SELECT r.oid, 0 AS sub, n.nspname AS schema, c.relname AS table, c.relkind AS relkind, r.rulename AS name,",
      "pg_catalog.pg_get_ruledef(r.oid) AS definition, r.ev_enabled AS state",
      "FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      `WHERE r.rulename <> '_RETURN' AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      } AND ${context.notOfExtension("pg_rewrite", "r.oid")}`,
    ].join(" "),
  read: (row) => {
    const relation = [row.text("schema"), row.text("table")];
    const name = [...relation, row.text("name")];
    return {
      address: address("rule", name),
      name,
      parent: relationAddress(row.text("relkind"), relation),
      payload: {
        definition: row.text("definition").replace(/;\s*$/, ""),
        state: FIRING_STATES[row.text("state")],
      },
    };
  },
  create: (object) => [
    create(object.payload.definition),
    ...(object.payload.state === undefined
      ? []
      : [firing(object, object.payload.state)]),
  ],
  // CREATE OR REPLACE keeps the state.
  alter: (_from, to, keys) =>
    altered([
      ...(keys.includes("definition")
        ? [
          create(
            to.payload.definition.replace(
              /^CREATE RULE /,
              "CREATE OR REPLACE RULE ",
            ),
          ),
        ]
        : []),
      ...(keys.includes("state")
        ? [firing(to, to.payload.state ?? "enabled")]
        : []),
    ]),
  rename: (object, name) => {
    const [schema = "", table = "", was = ""] = object.name;
    const is = name[2] ?? "";
    return was === is ? [] : [
      create(
        `ALTER RULE ${quoteIdentifier(was)} ON ${
          qualify([schema, table])
        } RENAME TO ${quoteIdentifier(is)}`,
      ),
    ];
  },
};

function firing(
  rule: SchemaObject<"rule", RulePayload>,
  state: FiringState,
): KindStatement {
  return attach(
    `ALTER TABLE ${qualify(rule.name.slice(0, 2))} ${
      firingClause(state)
    } RULE ${quoteIdentifier(rule.name[2] ?? "")}`,
  );
}
