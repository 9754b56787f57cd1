/**
 * The kind `range`: a range type and the multirange type that comes with it.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import { addressParts } from "../schema/address_parts.ts";
import type { SchemaObject } from "../schema/schema.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import type { AllowCode } from "./hazard.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  create,
  type KindModule,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { renameStatements } from "./rename_statements.ts";
import { freeName, replacement, unfitValues } from "./stored_type.ts";

const SHAPE = {
  subtype: shape.type(),
  /** Where it is not the subtype's default class, as `schema.name`. */
  operatorClass: optional(shape.text()),
  /** Where it is not the subtype's own, as `schema.name`. */
  collation: optional(shape.text()),
  /** The function that makes equal ranges the same. */
  canonical: optional(shape.text()),
  /** The function that GiST measures with. */
  subtypeDiff: optional(shape.text()),
  /** The name of the multirange type, as `schema.name`. */
  multirange: shape.text(),
} as const;

/** A range type's payload. */
export type RangePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const RANGE: KindModule<"range", RangePayload> = {
  kind: "range",
  catalog: "pg_type",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TYPE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT t.oid, 0 AS sub, n.nspname AS schema, t.typname AS name, pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,",
      "CASE WHEN NOT oc.opcdefault THEN pg_catalog.quote_ident(ocn.nspname) || '.' || pg_catalog.quote_ident(oc.opcname) END AS operator_class,",
      "CASE WHEN r.rngcollation <> st.typcollation THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname) END AS collation,",
      "NULLIF(r.rngcanonical::oid, 0)::regproc::text AS canonical, NULLIF(r.rngsubdiff::oid, 0)::regproc::text AS subtype_diff,",
      "pg_catalog.quote_ident(mn.nspname) || '.' || pg_catalog.quote_ident(m.typname) AS multirange,",
      "pg_catalog.pg_get_userbyid(t.typowner) AS owner, pg_catalog.to_json(t.typacl::text[]) AS acl",
      "FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace",
      "JOIN pg_catalog.pg_type st ON st.oid = r.rngsubtype JOIN pg_catalog.pg_opclass oc ON oc.oid = r.rngsubopc JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace",
      "JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace",
      "LEFT JOIN pg_catalog.pg_collation co ON co.oid = r.rngcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_type", "t.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    return {
      address: address("range", name),
      name,
      payload: {
        subtype: row.text("subtype"),
        operatorClass: row.optional("operator_class"),
        collation: row.optional("collation"),
        canonical: row.optional("canonical"),
        subtypeDiff: row.optional("subtype_diff"),
        multirange: row.text("multirange"),
      },
    };
  },
  // A canonical function takes and returns the very type.
  announce: (object) =>
    object.payload.canonical === undefined
      ? undefined
      : `CREATE TYPE ${qualify(object.name)}`,
  create: (object) => {
    const { payload } = object;
    const parts = [`SUBTYPE = ${payload.subtype}`];
    const add = (name: string, value: string | undefined) => {
      if (value !== undefined) parts.push(`${name} = ${value}`);
    };
    add("SUBTYPE_OPCLASS", payload.operatorClass);
    add("COLLATION", payload.collation);
    add("CANONICAL", payload.canonical);
    add("SUBTYPE_DIFF", payload.subtypeDiff);
    add("MULTIRANGE_TYPE_NAME", payload.multirange);
    return [
      create(
        `CREATE TYPE ${qualify(object.name)} AS RANGE (\n    ${
          parts.join(",\n    ")
        }\n)`,
      ),
    ];
  },
  alter: (from, to, keys, target) =>
    keys.every((key) => key === "multirange")
      ? altered(renameMultirange(from, multirangeName(to)))
      : replacedRange(from, target, "change-type"),
  follow: (from, _to, _replaced, target) => replacedRange(from, target),
  makeRoom: (object, target) => replacedRange(object, target, "change-type"),
  occupies: (object) => [
    `pg_type ${splitAddress(address("range", multirangeName(object))).name}`,
  ],
  // Its multirange type stays as it is: an attribute, which `alter` changes.
  rename: (object, name) => [
    ...renameStatements("ALTER TYPE", object.name, { name }),
    ...constructorsOf(object).flatMap((suffix) =>
      renameConstructor(object.name, { name, suffix })
    ),
    ...multirangeConstructors(name).flatMap((suffix) => {
      const multirange = multirangeName(object)[1] ?? "";
      return renameConstructor([object.name[0] ?? "", multirange], {
        name: [name[0] ?? "", multirange],
        suffix,
      });
    }),
  ],
};

type Range = SchemaObject<"range", RangePayload>;

/** Which functions construct a range; they keep their names when the type gets another. */
function constructorsOf({ payload }: Range): readonly string[] {
  const { subtype } = payload;
  return [`(${subtype}, ${subtype})`, `(${subtype}, ${subtype}, text)`];
}

/** A range's constructors do not belong to its owner. */
function renameConstructor(
  from: readonly string[],
  to: { readonly name: readonly string[]; readonly suffix: string },
): KindStatement[] {
  return renameStatements("ALTER FUNCTION", from, to)
    .map((statement) => ({ ...statement, actsAsFirst: true }));
}

function multirangeName(object: Range): readonly string[] {
  return addressParts(`range:${object.payload.multirange}`).parts;
}

/**
 * The functions that construct a multirange: in the schema of the range type,
 * also where the multirange type is in another.
 */
function multirangeConstructors(range: readonly string[]): readonly string[] {
  const type = qualify(range);
  return ["()", `(${type})`, `(${type}[])`];
}

/** Gives the multirange type, and the functions that construct one, another name. */
function renameMultirange(
  object: Range,
  name: readonly string[],
): KindStatement[] {
  const multirange = multirangeName(object);
  const [schema = ""] = object.name;
  const [was = "", is = ""] = [multirange[1], name[1]];
  return [
    ...renameStatements("ALTER TYPE", multirange, { name }),
    ...multirangeConstructors(object.name).flatMap((signature) =>
      renameConstructor([schema, was], {
        name: [schema, is],
        suffix: signature,
      })
    ),
  ];
}

function replacedRange(
  from: Range,
  target: ChangeTarget,
  allow?: AllowCode,
): Alteration {
  const multirange = multirangeName(from);
  const [schema = ""] = multirange;
  return replacement(from, target, {
    word: "TYPE",
    hazards: allow === undefined ? [] : unfitValues(from, target, allow),
    // The new one wants the name of its multirange type, and both names for
    // its constructors.
    away: (free) => [
      ...constructorsOf(from).flatMap((suffix) =>
        renameConstructor(from.name, {
          name: [from.name[0] ?? "", free],
          suffix,
        })
      ),
      ...renameMultirange(
        { ...from, name: [from.name[0] ?? "", free] },
        [schema, freeName({ ...from, name: multirange }, target)],
      ),
    ],
  });
}
