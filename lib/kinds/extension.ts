/**
 * The kind `extension`. Its members are never objects: they come with it.
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
import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { dataLoss } from "./hazard.ts";
import {
  altered,
  type ChangeTarget,
  create,
  type KindModule,
  type KindStatement,
  REPLACE,
} from "./kind.ts";
import { bareType, columnsOf, isOfType } from "./stored_type.ts";

const SHAPE = {
  /** The schema that its members are in. */
  schema: shape.text(),
  /** Where it is not the server's default one, which differs by server; not in the DDL. */
  version: optional(minor(shape.text())),
} as const;

/** An extension's payload. */
export type ExtensionPayload = RecordOf<typeof SHAPE>;

/** The kind. `plpgsql` is no object: every database has it. */
export const EXTENSION: KindModule<"extension", ExtensionPayload> = {
  kind: "extension",
  catalog: "pg_extension",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `EXTENSION ${quoteIdentifier(object.name[0] ?? "")}`,
  // One in a schema that is not managed could not be created: its schema
  // would be missing. `public` and `pg_catalog` always exist.
  query: (context) =>
    [
      "SELECT e.oid, 0 AS sub, e.extname AS name, n.nspname AS schema, NULLIF(e.extversion, av.default_version) AS version, m.members",
      "FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace",
      "LEFT JOIN pg_catalog.pg_available_extensions() av ON av.name = e.extname",
      "LEFT JOIN (SELECT d.refobjid, pg_catalog.json_agg(d.classid::regclass::text || ' ' || d.objid) AS members FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e' GROUP BY d.refobjid) m ON m.refobjid = e.oid",
      `WHERE e.extname <> 'plpgsql' AND (n.nspname IN ('public', 'pg_catalog') OR ${context.managed})`,
    ].join(" "),
  read: (row) => {
    const name = row.text("name");
    const schema = row.text("schema");
    return {
      address: address("extension", [name]),
      name: [name],
      // What uses a member needs the extension.
      aliases: row.list("members"),
      depends: [address("schema", [schema])],
      payload: { schema, version: row.optional("version") },
    };
  },
  create: (object, _children, target) => {
    const name = quoteIdentifier(object.name[0] ?? "");
    const { schema, version } = object.payload;
    // A whole schema as DDL is for other servers too, which may lack a version.
    const pinned = version !== undefined && target.before !== undefined;
    return [
      create(
        `CREATE EXTENSION IF NOT EXISTS ${name} WITH SCHEMA ${
          quoteIdentifier(schema)
        }${pinned ? ` VERSION ${quoteLiteral(version)}` : ""}`,
      ),
    ];
  },
  drop: (object) => {
    const name = quoteIdentifier(object.name[0] ?? "");
    return [create(`DROP EXTENSION ${name}`, {
      hazards: [dataLoss(
        "drop-extension",
        `the extension ${name} is dropped, with what its tables hold`,
      )],
    })];
  },
  alter: (from, to, keys, target) => {
    const alter = `ALTER EXTENSION ${quoteIdentifier(to.name[0] ?? "")}`;
    const { version, schema } = to.payload;
    // There are scripts for the way up only, as a rule.
    const down = keys.includes("version") && version !== undefined &&
      isNewer(from.payload.version, version);
    if (down && !holdsValues(from, target)) return REPLACE;
    const statements: KindStatement[] = [];
    if (keys.includes("schema")) {
      statements.push(
        create(`${alter} SET SCHEMA ${quoteIdentifier(schema)}`, {
          hazards: [{
            kind: "manual",
            reason:
              "it fails where the extension says that it is not relocatable",
          }],
        }),
      );
    }
    if (keys.includes("version")) {
      statements.push(create(
        version === undefined
          ? `${alter} UPDATE`
          : `${alter} UPDATE TO ${quoteLiteral(version)}`,
        down
          ? {
            hazards: [{
              kind: "manual",
              reason:
                "it fails where the extension has no script for the way back, and dropping it would drop columns",
            }],
          }
          : {},
      ));
    }
    return altered(statements);
  },
};

/** Whether columns that stay hold values of types that came with an extension. */
function holdsValues(extension: SchemaObject, target: ChangeTarget): boolean {
  return columnsOf(extension.address, target).some(({ payload, depends }) => {
    const type = bareType(String(payload.type));
    return type.includes(".") && !depends.some((address) => {
      const other = target.before.objects.get(address);
      return other !== undefined && isOfType(type, other);
    });
  });
}

/**
 * Whether a version comes after another one.
 *
 * @param version Undefined: the server's default, the newest as a rule.
 * @param other The other one.
 */
function isNewer(version: string | undefined, other: string): boolean {
  if (version === undefined) return true;
  const [a, b] = [version, other].map((text) =>
    (text.match(/\d+/g) ?? []).map(Number)
  );
  for (let i = 0; i < Math.max(a?.length ?? 0, b?.length ?? 0); i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
