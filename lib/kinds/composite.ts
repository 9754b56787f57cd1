/**
 * The kind `composite`: a free-standing row type. The order of its attributes
 * is a part of it, since row constructors go by it.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import {
  holdsRecord,
  minor,
  optional,
  type RecordOf,
  shape,
  type Shaped,
} from "../schema/shape.ts";
import {
  alterComposite,
  attributeComment,
  attributeDefinition,
  renameAttribute,
} from "./composite_alter.ts";
import { jsonColumn } from "./json_column.ts";
import { create, type KindModule, qualify } from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import { makeTypeRoom, replacement } from "./stored_type.ts";

const ATTRIBUTE = shape.record({
  name: shape.text(),
  type: shape.type(),
  /** Where it is not the type's own, as `schema.name`. */
  collation: optional(shape.text()),
  /** Attributes are no objects: their comments are here. */
  comment: optional(minor(shape.text())),
});
const ATTRIBUTES = shape.list(ATTRIBUTE);

const SHAPE = { attributes: ATTRIBUTES } as const;

/** An attribute of a composite type. */
export type CompositeAttribute = Shaped<typeof ATTRIBUTE>;

/** A composite type's payload. */
export type CompositePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const COMPOSITE: KindModule<"composite", CompositePayload> = {
  kind: "composite",
  catalog: "pg_type",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TYPE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, t.typname AS name, t.typrelid AS relation,",
      "(SELECT pg_catalog.json_agg(pg_catalog.json_strip_nulls(pg_catalog.json_build_object('name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),",
      "'collation', CASE WHEN a.attcollation <> at.typcollation THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END, 'comment', d.description)) ORDER BY a.attnum)",
      "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type at ON at.oid = a.atttypid",
      "LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace",
      "LEFT JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum",
      "WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes,",
      "pg_catalog.pg_get_userbyid(t.typowner) AS owner, pg_catalog.to_json(t.typacl::text[]) AS acl",
      "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
      `WHERE t.typtype = 'c' AND c.relkind = 'c' AND ${context.managed} AND ${
        context.notOfExtension("pg_type", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("composite", name),
      name,
      aliases: [`pg_class ${row.text("relation")}`],
      payload: { attributes: jsonColumn(row, "attributes", ATTRIBUTES) ?? [] },
    };
  },
  create: (object) => {
    const name = qualify(object.name);
    const { attributes } = object.payload;
    const list = attributes.map(attributeDefinition);
    return [
      create(
        `CREATE TYPE ${name} AS ${
          list.length === 0 ? "()" : `(\n    ${list.join(",\n    ")}\n)`
        }`,
      ),
      ...attributes.flatMap((attribute) =>
        attribute.comment === undefined
          ? []
          : [attributeComment(object, attribute)]
      ),
    ];
  },
  alter: alterComposite,
  follow: (from, _to, _replaced, target) =>
    replacement(from, target, { word: "TYPE", hazards: [] }),
  // Its row in pg_class has its name too.
  occupies: (object) => [`pg_class ${splitAddress(object.address).name}`],
  makeRoom: (object, target) => makeTypeRoom(object, target, "TYPE"),
  rename: (object, name) =>
    renameStatements("ALTER TYPE", object.name, { name }),
  renamePart: (object, from, to) =>
    object.payload.attributes.some(({ name }) => name === from)
      ? [renameAttribute(object, from, to)]
      : undefined,
};
