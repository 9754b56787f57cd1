/**
 * The kind `sequence`: those of their own and those of serial columns. The
 * sequence of an identity column is an attribute of the column.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { canonicalJson } from "../schema/data.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { columnQualified } from "./inheritance.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { ownSequence } from "./owned_sequence.ts";
import { renameStatements } from "./rename_statements.ts";
import {
  alterSequence,
  dropSequence,
  goesWithColumn,
} from "./sequence_alter.ts";
import { need } from "./version_need.ts";

const SHAPE = {
  type: shape.type(),
  start: shape.text(),
  increment: shape.text(),
  minimum: shape.text(),
  maximum: shape.text(),
  cache: minor(shape.text()),
  cycle: optional(shape.boolean()),
  /** 14 has none: there, what 15 makes of the same DDL, the owning table's. */
  unlogged: optional(minor(shape.boolean())),
  /** The column with which it is dropped, as `schema.table.column`. */
  ownedBy: optional(shape.text()),
} as const;

/** A sequence's payload. */
export type SequencePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const SEQUENCE: KindModule<"sequence", SequencePayload> = {
  kind: "sequence",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  needs: ({ payload }) =>
    need(payload.unlogged === true, 15, "unlogged sequences"),
  commentOn: (object) => `SEQUENCE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, c.relpersistence AS persistence,",
      "pg_catalog.format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment,",
      "s.seqmin AS minimum, s.seqmax AS maximum, s.seqcache AS cache, s.seqcycle AS cycle,",
      "tn.nspname AS owner_schema, t.relname AS owner_table, a.attname AS owner_column, t.relpersistence AS owner_persistence,",
      "pg_catalog.pg_get_userbyid(c.relowner) AS owner, pg_catalog.to_json(c.relacl::text[]) AS acl",
      "FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN pg_catalog.pg_depend o ON o.classid = 'pg_catalog.pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0",
      "AND o.refclassid = 'pg_catalog.pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')",
      "LEFT JOIN pg_catalog.pg_class t ON t.oid = o.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace",
      "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid",
      `WHERE o.deptype IS DISTINCT FROM 'i' AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row, context) => {
    const name = [row.text("schema"), row.text("name")];
    const ownerSchema = row.optional("owner_schema");
    const owner = ownerSchema === undefined
      ? undefined
      : [ownerSchema, row.text("owner_table"), row.text("owner_column")];
    const persistence = owner !== undefined && context.version < 150000
      ? row.text("owner_persistence")
      : row.text("persistence");
    return {
      address: address("sequence", name),
      name,
      // A circle otherwise: the column's default needs the sequence.
      attachesTo: owner === undefined ? [] : [address("column", owner)],
      payload: {
        type: row.text("type"),
        start: row.text("start"),
        increment: row.text("increment"),
        minimum: row.text("minimum"),
        maximum: row.text("maximum"),
        cache: row.text("cache"),
        cycle: row.boolean("cycle") ? true : undefined,
        unlogged: persistence === "u" ? true : undefined,
        ownedBy: owner === undefined ? undefined : qualify(owner),
      },
    };
  },
  create: (object, _children, target) => {
    const { payload } = object;
    const name = qualify(object.name);
    const unlogged = payload.unlogged && target.version >= 150000
      ? "UNLOGGED "
      : "";
    return [
      create(
        [
          `CREATE ${unlogged}SEQUENCE ${name} AS ${payload.type}`,
          `START WITH ${payload.start} INCREMENT BY ${payload.increment}`,
          `MINVALUE ${payload.minimum} MAXVALUE ${payload.maximum} CACHE ${payload.cache}${
            payload.cycle ? " CYCLE" : ""
          }`,
        ].join("\n    "),
      ),
      ...(payload.ownedBy === undefined ? [] : ownSequence(object, target)),
    ];
  },
  drop: dropSequence,
  alter: alterSequence,
  goesWith: goesWithColumn,
  attachesTo: ({ payload }, objects) => {
    const column = columnQualified(payload.ownedBy ?? "", objects);
    return column === undefined ? [] : [column.address];
  },
  // A column's is the same one as long as it is that column's.
  structure: ({ payload }) =>
    payload.ownedBy === undefined ? undefined : canonicalJson(payload),
  rename: (object, name) =>
    renameStatements("ALTER SEQUENCE", object.name, { name }),
};
