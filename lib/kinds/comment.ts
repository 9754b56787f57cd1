/**
 * The kind `comment`: what COMMENT says of an object, or of a part that is no
 * object by itself, such as a view's column.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import { holdsRecord, minor, type RecordOf, shape } from "../schema/shape.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { identitySequence } from "./identity_sequence.ts";
import {
  altered,
  attach,
  create,
  type CreateTarget,
  type KindModule,
  qualify,
} from "./kind.ts";

const SHAPE = { text: minor(shape.text()) } as const;

/** A comment's payload. */
export type CommentPayload = RecordOf<typeof SHAPE>;

/** What initdb says of `public`. */
const STANDARD = "standard public schema";

/** The first OID that is not the system's. */
const FIRST_NORMAL_OID = 16384;

/** The relations whose comments have no object of their own, by `relkind`. */
const PARTS: Readonly<Record<string, string>> = {
  i: "index",
  I: "index",
  S: "sequence",
};

/** The kind. */
export const COMMENT: KindModule<"comment", CommentPayload> = {
  kind: "comment",
  catalog: "pg_description",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: undefined,
  query: () =>
    [
      "SELECT d.objoid AS oid, d.objsubid AS sub, d.classoid::pg_catalog.regclass::text AS class, d.description AS text,",
      "n.nspname AS schema, c.relname AS relation, c.relkind AS relkind, a.attname AS column",
      "FROM pg_catalog.pg_description d",
      "LEFT JOIN pg_catalog.pg_class c ON d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = d.objoid",
      "LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0",
      `WHERE d.objoid >= ${FIRST_NORMAL_OID} OR d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass`,
    ].join(" "),
  read: () => undefined,
  readAspects: (row, context) => {
    const oid = row.text("oid");
    const sub = row.text("sub");
    const found = context.find(row.text("class"), oid, sub);
    if (found === undefined) return [];
    const { subject } = found;
    const text = row.text("text");
    const schema = row.optional("schema");
    const relation = row.optional("relation");
    const column = row.optional("column");
    let name = subject.name;
    let of = subject.address;
    if (found.own) {
      // An extension's is its control file's, which differs between versions.
      if (subject.phrase === undefined || of.startsWith("extension:")) {
        return [];
      }
      if (of === "schema:public" && text === STANDARD) return [];
    } else {
      if (schema === undefined || relation === undefined) return [];
      const part = sub !== "0" && context.find("pg_class", oid, "0")?.own
        ? "column"
        : sub === "0"
        ? PARTS[row.text("relkind")]
        : undefined;
      if (part === undefined || part === "column" && column === undefined) {
        return [];
      }
      name = [schema, relation, ...(column === undefined ? [] : [column])];
      of = address(part, name);
    }
    return [{
      address: `comment:${of}`,
      name,
      parent: subject.address,
      payload: { text },
    }];
  },
  create: (object, _children, target) => [
    attach(
      `COMMENT ON ${phraseOf(object, target)} IS ${
        quoteLiteral(object.payload.text)
      }`,
    ),
  ],
  drop: (object, target) => {
    // A sequence goes with its column's identity, and its comment with it.
    const of = subjectOf(object);
    const parent = target.objects.get(object.parent ?? "");
    if (
      of.startsWith("sequence:") && parent?.kind === "column" &&
      identitySequence(parent)?.[1] !== object.name[1]
    ) return [];
    return [
      create(`COMMENT ON ${phraseOf(object, target.before)} IS NULL`),
    ];
  },
  alter: (_from, to, _keys, target) =>
    altered([
      create(
        `COMMENT ON ${phraseOf(to, target)} IS ${
          quoteLiteral(to.payload.text)
        }`,
      ),
    ]),
};

function subjectOf(comment: { readonly address: string }): string {
  return comment.address.slice("comment:".length);
}

/** What COMMENT calls what the comment is on, also a part that is no object. */
function phraseOf(
  comment: { readonly address: string; readonly name: readonly string[] },
  target: CreateTarget,
): string {
  const of = subjectOf(comment);
  return target.phrase(of) ??
    `${splitAddress(of).kind.toUpperCase()} ${qualify(comment.name)}`;
}
