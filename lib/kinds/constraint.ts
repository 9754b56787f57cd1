/**
 * The kind `constraint`: primary keys, unique, foreign keys, checks and
 * exclusions of tables. Not-null constraints are an attribute of their column:
 * their names exist since 18 only, and are stale after a rename.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { alterConstraint } from "./constraint_alter.ts";
import { createConstraint, dropConstraint } from "./constraint_create.ts";
import { timingOf } from "./constraint_definition.ts";
import { withoutParameters } from "./index_definition.ts";
import { ownBeside } from "./constraint_beside.ts";
import { hasIndex, LABELS } from "./constraint_inheritance.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { partitionsQuery, readPartitions } from "./partitions.ts";
import { NOTHING } from "./row_holders.ts";
import { clauseNeeds, need } from "./version_need.ts";

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
  /** Of a partitioned table: the keys of partitions by table, where the server would give them other names. */
  partitions: optional(minor(shape.map(shape.text()))),
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
  needs: ({ payload, parent }, objects) => [
    ...clauseNeeds(payload.definition),
    ...need(
      payload.type === "foreign key" && !payload.valid &&
        timingOf(payload.definition).enforced &&
        objects.get(parent ?? "")?.payload["partitionBy"] !== undefined,
      18,
      "foreign keys of partitioned tables that are NOT VALID",
    ),
    ...need(
      payload.type === "exclusion" &&
        objects.get(parent ?? "")?.payload["partitionBy"] !== undefined,
      17,
      "exclusion constraints of partitioned tables",
    ),
  ],
  commentOn: (object) =>
    `CONSTRAINT ${quoteIdentifier(object.name[2] ?? "")} ON ${
      qualify(object.name.slice(0, 2))
    }`,
  // A constraint that came with a parent table's is the parent's.
  query: (context) =>
    [
      "SELECT k.oid, 0 AS sub, n.nspname AS schema, c.relname AS table, c.relkind AS relkind, k.conname AS name, k.contype AS type,",
      "pg_catalog.pg_get_constraintdef(k.oid) AS definition, k.convalidated AS valid,",
      "NULLIF(k.conindid, 0) AS index, pg_catalog.to_json(ic.reloptions) AS options, ts.spcname AS tablespace,",
      "CASE WHEN ic.relkind = 'I' THEN (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = ic.oid) END AS columns,",
      `CASE WHEN ic.relkind = 'I' THEN (${
        partitionsQuery("ic.oid", context)
      }) END AS partitions,`,
      // A key that a partition has because of the table that it is a part of is no object.
      "CASE WHEN k.contype = 'f' AND fc.relispartition THEN (SELECT pg_catalog.json_build_array(rn.nspname, rc.relname, rk.conname) FROM pg_catalog.pg_partition_ancestors(k.conindid) x JOIN pg_catalog.pg_constraint rk ON rk.conindid = x.relid AND rk.contype IN ('p', 'u') AND rk.conparentid = 0 JOIN pg_catalog.pg_class rc ON rc.oid = rk.conrelid JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace) END AS key",
      "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid",
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
    const partitions = readPartitions(row, {
      label: LABELS[type] ?? "",
      all: false,
    });
    return {
      address: address("constraint", name),
      name,
      parent: address(
        row.text("relkind") === "f" ? "foreign_table" : "table",
        table,
      ),
      aliases: index === undefined ? [] : [`pg_class ${index}`],
      // What ADD CONSTRAINT takes over must be there first.
      depends: row.optional("key") === undefined
        ? partitions.depends
        : [address("constraint", row.list("key"))],
      payload: {
        type,
        definition: definitionOf(type, row.text("definition")),
        valid: row.boolean("valid"),
        parameters: row.options("options"),
        tablespace: row.optional("tablespace"),
        partitions: partitions.names,
      },
    };
  },
  create: (object, _children, target) => createConstraint(object, target),
  drop: dropConstraint,
  alter: alterConstraint,
  ousts: (object, statements, target) =>
    statements === undefined ? ownBeside(object, target) : NOTHING,
  goesWith: ({ name, payload, depends }, dropped) => {
    // One that refers to its own table does not go with a column it refers to,
    // nor an exclusion with a column that an expression of it names.
    if (payload.type === "foreign key" || payload.type === "exclusion") {
      return false;
    }
    const { name: table } = splitAddress(address("table", name.slice(0, 2)));
    return depends.some((other) =>
      other.startsWith(`column:${table}.`) && dropped(other)
    );
  },
  // A table has one primary key, whatever its name.
  occupies: (object) => [
    ...(object.payload.type === "primary key"
      ? [`primary key ${object.parent}`]
      : []),
    ...(hasIndex(object)
      ? [
        `pg_class ${
          splitAddress(
            address("index", [object.name[0] ?? "", object.name[2] ?? ""]),
          ).name
        }`,
      ]
      : []),
  ],
  structure: ({ payload }) => canonicalJson(payload),
  rename: ({ name }, [, , to = ""]) =>
    name[2] === to ? [] : [create(
      `ALTER TABLE ${qualify(name.slice(0, 2))} RENAME CONSTRAINT ${
        quoteIdentifier(name[2] ?? "")
      } TO ${quoteIdentifier(to)}`,
    )],
};

/** An exclusion's says `WITH (…)`, which is a field of its own here. */
function definitionOf(
  type: ConstraintPayload["type"],
  definition: string,
): string {
  const text = definition.replace(/ NOT VALID$/, "");
  if (type !== "exclusion") return text;
  const { base } = timingOf(text);
  return withoutParameters(base) + text.slice(base.length);
}

/** Whether an object is a constraint of a table. */
export function isConstraint(
  object: SchemaObject,
): object is SchemaObject<"constraint", ConstraintPayload> {
  return object.kind === "constraint" && CONSTRAINT.holds(object.payload);
}
