/**
 * The kind `foreign_table`. Its columns are objects of their own, written
 * with it.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import {
  holdsRecord,
  optional,
  type RecordOf,
  shape,
} from "../schema/shape.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  columnDefinition,
  columnSettings,
  inheritedSettings,
  isInherited,
} from "./column.ts";
import {
  alterOptions,
  OPTIONS_SHAPE,
  optionsClause,
  splitOptions,
  withheldOptions,
} from "./foreign_options.ts";
import { kinOf, parentNames } from "./inheritance.ts";
import { afterMoved } from "./moved_partitions.ts";
import {
  altered,
  create,
  createWithout,
  type KindModule,
  qualify,
  REPLACE,
} from "./kind.ts";
import { checksBefore } from "./parent_parts.ts";
import { renameStatements } from "./rename_statements.ts";
import { goesWithPartitioned } from "./table_alter.ts";
import { followParent, parentChanges } from "./table_parents.ts";

const SHAPE = {
  /** The name of the foreign server. */
  server: shape.text(),
  /** The parent, and `FOR VALUES …` or `DEFAULT`. */
  partitionOf: optional(
    shape.record({ parent: shape.text(), bound: shape.expression() }),
  ),
  /** Parents of inheritance, in order, as `schema.table`. */
  inherits: optional(shape.list(shape.text())),
  ...OPTIONS_SHAPE,
} as const;

/** A foreign table's payload. */
export type ForeignTablePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const FOREIGN_TABLE: KindModule<"foreign_table", ForeignTablePayload> = {
  kind: "foreign_table",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `FOREIGN TABLE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, s.srvname AS server, pg_catalog.to_json(f.ftoptions) AS options,",
      "CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS bound,",
      "(SELECT pg_catalog.json_agg(pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname) ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid) AS parents,",
      "pg_catalog.pg_get_userbyid(c.relowner) AS owner, pg_catalog.to_json(c.relacl::text[]) AS acl",
      "FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver",
      `WHERE ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row, context) => {
    const name = [row.text("schema"), row.text("name")];
    const own = address("foreign_table", name);
    const server = row.text("server");
    const parents = row.list("parents");
    const [parent] = parents;
    const bound = row.optional("bound");
    return {
      address: own,
      name,
      payload: {
        server,
        partitionOf: bound === undefined || parent === undefined
          ? undefined
          : { parent, bound },
        inherits: bound !== undefined || parents.length === 0
          ? undefined
          : parents,
        ...splitOptions(row.options("options"), own, context),
      },
    };
  },
  create: (object, children, target) => {
    const { payload } = object;
    const name = qualify(object.name);
    const inherits = payload.inherits !== undefined;
    const declared = inherits
      ? children.filter((child) => !isInherited(child))
      : children;
    const columns = declared.map(columnDefinition)
      .filter((sql) => sql !== undefined);
    const parts = [
      `CREATE FOREIGN TABLE ${name} ${
        columns.length === 0 ? "()" : `(\n    ${columns.join(",\n    ")}\n)`
      }`,
    ];
    if (payload.inherits !== undefined) {
      parts.push(`INHERITS (${payload.inherits.join(", ")})`);
    }
    parts.push(
      `SERVER ${quoteIdentifier(payload.server)}${
        optionsClause(payload, target.secrets)
      }`,
    );
    const attached = payload.partitionOf;
    return [
      createWithout(withheldOptions(payload, target.secrets), parts.join("\n")),
      ...(attached === undefined ? [] : [
        ...checksBefore(object, target),
        create(
          `ALTER TABLE ONLY ${attached.parent} ATTACH PARTITION ${name} ${attached.bound}`,
          afterMoved(attached.parent, target),
        ),
      ]),
      ...(inherits
        ? children.flatMap((child) => inheritedSettings(child, object, target))
        : []),
      ...children.flatMap(columnSettings),
    ];
  },
  alter: (from, to, keys, target) =>
    keys.includes("server") ? REPLACE : altered([
      ...parentChanges(from, to, target),
      ...alterOptions(
        `ALTER FOREIGN TABLE ${qualify(to.name)}`,
        from.payload,
        to.payload,
      ),
    ]),
  follow: (from, to, replaced, target) =>
    parentNames(from).includes(qualify(replaced.name))
      ? followParent(from, to, target)
      : undefined,
  goesWith: goesWithPartitioned,
  kin: kinOf,
  // Its row type has its name.
  occupies: (object) => [`pg_type ${splitAddress(object.address).name}`],
  rename: (object, name) =>
    renameStatements("ALTER FOREIGN TABLE", object.name, { name }),
};
