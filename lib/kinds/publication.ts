/**
 * The kind `publication`. What it publishes are objects of their own
 * (`publication_table`, `publication_schema`), so that one can come and go.
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
import { altered, attach, create, type KindModule } from "./kind.ts";
import { need } from "./version_need.ts";

const OPERATIONS = ["insert", "update", "delete", "truncate"] as const;

const SHAPE = {
  allTables: optional(shape.boolean()),
  /** The operations, in the order of the documentation. */
  publish: shape.list(shape.word(...OPERATIONS)),
  viaRoot: optional(shape.boolean()),
  /** `stored`, since 18; absent: none. */
  generatedColumns: optional(shape.text()),
} as const;

/** A publication's payload. */
export type PublicationPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const PUBLICATION: KindModule<"publication", PublicationPayload> = {
  kind: "publication",
  catalog: "pg_publication",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  needs: ({ payload }) =>
    need(
      payload.generatedColumns !== undefined,
      18,
      "publish_generated_columns",
    ),
  commentOn: (object) => `PUBLICATION ${quoteIdentifier(object.name[0] ?? "")}`,
  // One that publishes something, and nothing of a managed schema, is
  // somebody else's.
  query: (context) => {
    const schemas = context.version >= 150000;
    const members = [
      "SELECT pr.prpubid AS publication, (SELECT c.relnamespace FROM pg_catalog.pg_class c WHERE c.oid = pr.prrelid) AS namespace FROM pg_catalog.pg_publication_rel pr",
      ...(schemas
        ? ["SELECT pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace"]
        : []),
    ].join(" UNION ALL ");
    return [
      `WITH members AS (${members})`,
      "SELECT p.oid, 0 AS sub, p.pubname AS name, p.puballtables AS all_tables, p.pubinsert AS insert, p.pubupdate AS update, p.pubdelete AS delete,",
      "p.pubtruncate AS truncate, p.pubviaroot AS via_root,",
      `${context.version >= 180000 ? "p.pubgencols" : "'n'"} AS generated,`,
      "pg_catalog.pg_get_userbyid(p.pubowner) AS owner",
      `FROM pg_catalog.pg_publication p WHERE ${
        context.notOfExtension("pg_publication", "p.oid")
      }`,
      `AND (${
        context.everything
          ? "p.oid NOT IN (SELECT publication FROM members)"
          : "false"
      }`,
      `OR p.oid IN (SELECT m.publication FROM members m JOIN pg_catalog.pg_namespace n ON n.oid = m.namespace WHERE ${context.managed}))`,
    ].join(" ");
  },
  read: (row) => {
    const name = row.text("name");
    const generated = row.text("generated");
    return {
      address: address("publication", [name]),
      name: [name],
      payload: {
        allTables: row.boolean("all_tables") ? true : undefined,
        publish: OPERATIONS.filter((operation) => row.boolean(operation)),
        viaRoot: row.boolean("via_root") ? true : undefined,
        generatedColumns: generated === "n"
          ? undefined
          : generated === "s"
          ? "stored"
          : generated,
      },
    };
  },
  create: (object) => {
    const { payload } = object;
    const options: string[] = [];
    if (payload.publish.length < OPERATIONS.length) {
      options.push(publishOption(payload.publish));
    }
    if (payload.viaRoot === true) {
      options.push("publish_via_partition_root = true");
    }
    if (payload.generatedColumns !== undefined) {
      options.push(`publish_generated_columns = ${payload.generatedColumns}`);
    }
    return [
      create(
        `CREATE PUBLICATION ${quoteIdentifier(object.name[0] ?? "")}${
          payload.allTables === true ? " FOR ALL TABLES" : ""
        }${options.length === 0 ? "" : ` WITH (${options.join(", ")})`}`,
      ),
    ];
  },
  drop: (object, { objects }) => [
    create(
      `DROP PUBLICATION ${quoteIdentifier(object.name[0] ?? "")}`,
      objects.has(object.address) ? {} : {
        hazards: [{
          kind: "manual",
          reason: `who has subscribed to publication ${
            object.name[0]
          } gets an error from now on`,
        }],
      },
    ),
  ],
  alter: (_from, to, keys, { version }) => {
    const { payload } = to;
    if (keys.includes("allTables")) {
      return {
        how: "replace",
        hazards: [{
          kind: "manual",
          reason: `the publication ${
            to.name[0]
          } is made anew: its subscribers must refresh`,
        }],
      };
    }
    const options: string[] = [];
    if (keys.includes("publish")) options.push(publishOption(payload.publish));
    if (keys.includes("generatedColumns") && version >= 180000) {
      options.push(
        `publish_generated_columns = ${payload.generatedColumns ?? "none"}`,
      );
    }
    const set = (list: readonly string[]) =>
      `ALTER PUBLICATION ${quoteIdentifier(to.name[0] ?? "")} SET (${
        list.join(", ")
      })`;
    const viaRoot = `publish_via_partition_root = ${payload.viaRoot === true}`;
    // A partitioned table may have a row filter or a list of columns only while
    // it is on: so it goes on first, and off last.
    const last = keys.includes("viaRoot") && payload.viaRoot !== true;
    if (keys.includes("viaRoot") && !last) options.push(viaRoot);
    return altered([
      ...(options.length === 0 ? [] : [create(set(options))]),
      ...(last ? [attach(set([viaRoot]))] : []),
    ]);
  },
  rename: (object, name) => [
    create(
      `ALTER PUBLICATION ${quoteIdentifier(object.name[0] ?? "")} RENAME TO ${
        quoteIdentifier(name[0] ?? "")
      }`,
    ),
  ],
};

function publishOption(operations: readonly string[]): string {
  return `publish = '${operations.join(", ")}'`;
}
