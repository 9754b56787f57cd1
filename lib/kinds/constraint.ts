/**
 * The kind `constraint`: primary keys, unique, foreign keys, checks and
 * exclusions of tables. Not-null constraints are an attribute of their column:
 * their names exist since 18 only, and are stale after a rename.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { storageParameters } from "./storage_parameters.ts";

const SHAPE = {
  type: shape.word(
    "primary key",
    "unique",
    "foreign key",
    "check",
    "exclusion",
  ),
  /** As behind `ADD CONSTRAINT name`, without `NOT VALID`. */
  definition: shape.statement(),
  valid: shape.boolean(),
  /** Of the index behind it. */
  parameters: optional(minor(shape.map(shape.text()))),
  tablespace: optional(minor(shape.text())),
} as const;

/** A constraint's payload. */
export type ConstraintPayload = RecordOf<typeof SHAPE>;

const TYPES: Readonly<Record<string, ConstraintPayload["type"]>> = {
  p: "primary key",
  u: "unique",
  f: "foreign key",
  c: "check",
  x: "exclusion",
};

/** The kind. */
export const CONSTRAINT: KindModule<"constraint", ConstraintPayload> = {
  kind: "constraint",
  catalog: "pg_constraint",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) =>
    `CONSTRAINT ${quoteIdentifier(object.name[2] ?? "")} ON ${
      qualify(object.name.slice(0, 2))
    }`,
  // A constraint that came with a parent table's is the parent's.
  query: (context) =>
    [
      "SELECT k.oid, 0 AS sub, n.nspname AS schema, c.relname AS table, c.relkind AS relkind, k.conname AS name, k.contype AS type,",
      "pg_catalog.pg_get_constraintdef(k.oid) AS definition, k.convalidated AS valid,",
      "NULLIF(k.conindid, 0) AS index, pg_catalog.to_json(ic.reloptions) AS options, ts.spcname AS tablespace",
      "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN pg_catalog.pg_class ic ON ic.oid = k.conindid AND k.contype IN ('p', 'u', 'x')",
      "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = ic.reltablespace",
      `WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0 AND (k.conislocal OR k.coninhcount = 0) AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const type = TYPES[row.text("type")];
    if (type === undefined) return undefined;
    const table = [row.text("schema"), row.text("table")];
    const name = [...table, row.text("name")];
    const index = type === "foreign key" ? undefined : row.optional("index");
    return {
      address: address("constraint", name),
      name,
      parent: address(
        row.text("relkind") === "f" ? "foreign_table" : "table",
        table,
      ),
      aliases: index === undefined ? [] : [`pg_class ${index}`],
      payload: {
        type,
        definition: row.text("definition").replace(/ NOT VALID$/, ""),
        valid: row.boolean("valid"),
        parameters: row.options("options"),
        tablespace: row.optional("tablespace"),
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const table = qualify(object.name.slice(0, 2));
    const parameters = storageParameters(payload.parameters);
    const definition = payload.definition;
    const withIndex = `${parameters === "" ? "" : ` WITH (${parameters})`}${
      payload.tablespace === undefined
        ? ""
        : ` USING INDEX TABLESPACE ${quoteIdentifier(payload.tablespace)}`
    }`;
    return [create(
      `ALTER TABLE ${table} ADD CONSTRAINT ${
        quoteIdentifier(object.name[2] ?? "")
      } ${insertIndexClause(definition, withIndex)}${
        payload.valid || /NOT ENFORCED$/.test(definition) ? "" : " NOT VALID"
      }`,
    )];
  },
};

/** The index's clauses stand before WHERE and DEFERRABLE. */
function insertIndexClause(definition: string, clause: string): string {
  if (clause === "") return definition;
  const at = /( WHERE \(.*\))?( DEFERRABLE)?( INITIALLY DEFERRED)?$/.exec(
    definition,
  );
  const index = at?.index ?? definition.length;
  return definition.slice(0, index) + clause + definition.slice(index);
}
