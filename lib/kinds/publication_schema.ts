/**
 * The kind `publication_schema`: a schema all of whose tables a publication
 * publishes, since 15.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { holdsRecord, type RecordOf } from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { create, type KindModule } from "./kind.ts";
import { need } from "./version_need.ts";

const SHAPE = {} as const;

/** A published schema's payload: there is nothing more to say of it. */
export type PublicationSchemaPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const PUBLICATION_SCHEMA: KindModule<
  "publication_schema",
  PublicationSchemaPayload
> = {
  kind: "publication_schema",
  catalog: "pg_publication_namespace",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  needs: () => need(true, 15, "TABLES IN SCHEMA"),
  commentOn: undefined,
  query: (context) =>
    context.version < 150000 ? undefined : [
      "SELECT r.oid, 0 AS sub, p.pubname AS publication, n.nspname AS schema",
      "FROM pg_catalog.pg_publication_namespace r JOIN pg_catalog.pg_publication p ON p.oid = r.pnpubid",
      `JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid WHERE ${context.managed} AND ${
        context.notOfExtension("pg_publication", "p.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const publication = row.text("publication");
    const schema = row.text("schema");
    const name = [publication, schema];
    return {
      address: address("publication_schema", name),
      name,
      parent: address("publication", [publication]),
      depends: [address("schema", [schema])],
      payload: {},
    };
  },
  create: (object) => [
    create(
      `ALTER PUBLICATION ${
        quoteIdentifier(object.name[0] ?? "")
      } ADD TABLES IN SCHEMA ${quoteIdentifier(object.name[1] ?? "")}`,
    ),
  ],
  drop: (object) => [
    create(
      `ALTER PUBLICATION ${
        quoteIdentifier(object.name[0] ?? "")
      } DROP TABLES IN SCHEMA ${quoteIdentifier(object.name[1] ?? "")}`,
    ),
  ],
  goesWith: (object, dropped) =>
    dropped(address("schema", object.name.slice(1))),
  // Beside a schema no table may have a list of columns.
  occupies: (object) => [`column lists of ${object.parent}`],
};
