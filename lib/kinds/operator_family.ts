/**
 * The kind `operator_family`, with the members that are loose in it.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { holdsRecord, type RecordOf } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { altered, create, type KindModule, qualify, release } from "./kind.ts";
import {
  memberColumns,
  memberItems,
  memberRows,
  MEMBERS_SHAPE,
  memberSlots,
  membersWithout,
  readMembers,
} from "./operator_members.ts";
import { renameStatements } from "./rename_statements.ts";

/** An operator family's payload. */
export type OperatorFamilyPayload = RecordOf<typeof MEMBERS_SHAPE>;

/** The kind. */
export const OPERATOR_FAMILY: KindModule<
  "operator_family",
  OperatorFamilyPayload
> = {
  kind: "operator_family",
  catalog: "pg_opfamily",
  shape: MEMBERS_SHAPE,
  holds: holdsRecord(MEMBERS_SHAPE),
  commentOn: (object) => `OPERATOR FAMILY ${familyOf(object)}`,
  query: (context) =>
    [
      "SELECT f.oid, 0 AS sub, n.nspname AS schema, f.opfname AS name, am.amname AS method,",
      `${memberColumns("pg_opfamily", "f.oid")},`,
      "pg_catalog.pg_get_userbyid(f.opfowner) AS owner",
      "FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_opfamily", "f.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const method = row.text("method");
    return {
      address: address("operator_family", name, method),
      name: [...name, method],
      aliases: memberRows(row),
      payload: readMembers(row),
    };
  },
  create: (object) => {
    const name = familyOf(object);
    const items = memberItems(object.payload);
    return [
      create(`CREATE OPERATOR FAMILY ${name}`),
      ...(items.length === 0 ? [] : [
        create(
          `ALTER OPERATOR FAMILY ${name} ADD\n    ${items.join(",\n    ")}`,
        ),
      ]),
    ];
  },
  alter: (from, to) => {
    const dropped = memberSlots(membersWithout(from.payload, to.payload));
    const added = memberItems(membersWithout(to.payload, from.payload));
    const alter = `ALTER OPERATOR FAMILY ${familyOf(to)}`;
    return altered([
      ...(dropped.length === 0
        ? []
        : [release(`${alter} DROP\n    ${dropped.join(",\n    ")}`)]),
      ...(added.length === 0
        ? []
        : [create(`${alter} ADD\n    ${added.join(",\n    ")}`)]),
    ]);
  },
  rename: (object, name) =>
    renameStatements("ALTER OPERATOR FAMILY", object.name, {
      name,
      suffix: ` USING ${quoteIdentifier(object.name[2] ?? "")}`,
    }),
};

function familyOf(object: SchemaObject): string {
  return `${qualify(object.name.slice(0, 2))} USING ${
    quoteIdentifier(object.name[2] ?? "")
  }`;
}
