/**
 * The kind `trigger`: of tables, views and foreign tables. A trigger that a
 * partition has from its parent is the parent's, unless its state differs.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  extensionAddresses,
  extensionsJoin,
  goesWithExtension,
} from "./depends_on_extension.ts";
import { FIRING_STATES } from "./firing_state.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { relationAddress } from "./relation.ts";
import { alterTrigger, createTrigger, dropTrigger } from "./trigger_alter.ts";

const SHAPE = {
  /** `CREATE TRIGGER …`. */
  definition: shape.statement(),
  /** When it fires, where that is not as usual. */
  state: optional(shape.word("disabled", "replica", "always", "enabled")),
  /** Whether it is its parent's trigger, of which it differs in its state only. */
  inherited: optional(shape.boolean()),
  /** Extensions whose DROP takes it along. */
  extensions: optional(minor(shape.list(shape.text()))),
} as const;

/** A trigger's payload. */
export type TriggerPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const TRIGGER: KindModule<"trigger", TriggerPayload> = {
  kind: "trigger",
  catalog: "pg_trigger",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) =>
    `TRIGGER ${quoteIdentifier(object.name[2] ?? "")} ON ${
      qualify(object.name.slice(0, 2))
    }`,
  query: (context) => {
    // Until 14, what a partition has from its parent counts as internal.
    const ofUser = context.version >= 150000
      ? "NOT t.tgisinternal"
      : "(NOT t.tgisinternal OR t.tgparentid <> 0)";
    return [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, c.relname AS table, c.relkind AS relkind, t.tgname AS name,",
      "pg_catalog.pg_get_triggerdef(t.oid) AS definition, t.tgenabled AS state, p.oid IS NOT NULL AS inherited, x.extensions",
      "FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN pg_catalog.pg_trigger p ON p.oid = t.tgparentid",
      extensionsJoin("pg_trigger", "t.oid"),
      `WHERE ${ofUser} AND (p.oid IS NULL OR p.tgenabled <> t.tgenabled) AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      } AND ${context.notOfExtension("pg_trigger", "t.oid")}`,
    ].join(" ");
  },
  read: (row) => {
    const relation = [row.text("schema"), row.text("table")];
    const name = [...relation, row.text("name")];
    const inherited = row.boolean("inherited");
    const extensions = row.list("extensions");
    return {
      address: address("trigger", name),
      name,
      parent: relationAddress(row.text("relkind"), relation),
      depends: extensionAddresses(extensions),
      payload: {
        definition: row.text("definition"),
        state: FIRING_STATES[row.text("state")] ??
          (inherited ? "enabled" : undefined),
        inherited: inherited ? true : undefined,
        extensions: extensions.length === 0 ? undefined : extensions,
      },
    };
  },
  create: createTrigger,
  drop: dropTrigger,
  alter: alterTrigger,
  // What a partition has from its parent goes with the parent's.
  goesWith: (object, dropped) =>
    goesWithExtension(object, dropped) ||
    object.payload.inherited === true &&
      object.depends.some((dep) => dep.startsWith("trigger:") && dropped(dep)),
  rename: (object, name) => {
    const [schema = "", table = "", was = ""] = object.name;
    const is = name[2] ?? "";
    return was === is ? [] : [
      create(
        `ALTER TRIGGER ${quoteIdentifier(was)} ON ${
          qualify([schema, table])
        } RENAME TO ${quoteIdentifier(is)}`,
      ),
    ];
  },
};

/** Whether an object is a trigger. */
export function isTrigger(
  object: SchemaObject,
): object is SchemaObject<"trigger", TriggerPayload> {
  return object.kind === "trigger" && TRIGGER.holds(object.payload);
}
