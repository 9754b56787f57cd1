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
import { attach, create, type KindModule, qualify } from "./kind.ts";
import { relationAddress } from "./relation.ts";
import { FIRING_STATES, firingClause } from "./trigger.ts";

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
  create: (object) => {
    const { payload } = object;
    const alter = `ALTER TABLE ${qualify(object.name.slice(0, 2))}`;
    return [
      create(payload.definition),
      ...(payload.state === undefined ? [] : [
        attach(
          `${alter} ${firingClause(payload.state)} RULE ${
            quoteIdentifier(object.name[2] ?? "")
          }`,
        ),
      ]),
    ];
  },
};
