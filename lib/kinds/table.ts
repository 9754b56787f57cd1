/**
 * The kind `table`: ordinary, partitioned and foreign tables, partitions and
 * inheriting tables. Its columns, constraints and indexes are objects of
 * their own; columns are written with it.
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
} from "../schema/shape.ts";
import {
  columnDefinition,
  columnOptions,
  columnSettings,
  inheritedSettings,
  isInherited,
  isTypable,
} from "./column.ts";
import type { Hazard } from "./hazard.ts";
import { childrenOf, isChange, isRebuilt, partitionOf } from "./inheritance.ts";
import {
  attach,
  create,
  type CreateTarget,
  type KindModule,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { kinOf } from "./inheritance.ts";
import { checksBefore, mergedAbove } from "./parent_parts.ts";
import { renameStatements } from "./rename_statements.ts";
import { storageClauses } from "./storage_parameters.ts";
import { afterMoved } from "./moved_partitions.ts";
import { holdersOfRows, NOTHING } from "./row_holders.ts";
import {
  alterTable,
  clusterOn,
  dropTable,
  followTable,
  giveTypeAway,
  goesWithPartitioned,
  replicaIdentity,
} from "./table_alter.ts";

const SHAPE = {
  persistence: shape.word("permanent", "unlogged"),
  /** `PARTITION BY` without those words, such as `RANGE (at)`. */
  partitionBy: optional(shape.expression()),
  /** The parent, and `FOR VALUES …` or `DEFAULT`. */
  partitionOf: optional(
    shape.record({ parent: shape.text(), bound: shape.expression() }),
  ),
  /** Parents of inheritance, in order, as `schema.table`. */
  inherits: optional(shape.list(shape.text())),
  /** `CREATE TABLE … OF type`. */
  ofType: optional(shape.type()),
  accessMethod: optional(shape.text()),
  tablespace: optional(minor(shape.text())),
  parameters: optional(minor(shape.map(shape.text()))),
  toastParameters: optional(minor(shape.map(shape.text()))),
  /** `nothing`, `full`, or the name of an index; absent: default. */
  replicaIdentity: optional(shape.text()),
  /** The index that CLUSTER uses. */
  clusterOn: optional(minor(shape.text())),
  rowSecurity: optional(shape.word("enabled", "forced", "enabled and forced")),
} as const;

/** A table's payload. */
export type TablePayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const TABLE: KindModule<"table", TablePayload> = {
  kind: "table",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `TABLE ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, c.relpersistence AS persistence, c.relkind AS relkind,",
      "CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_by,",
      "CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS bound,",
      "h.parents,",
      "CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS of_type,",
      "am.amname AS access_method, ts.spcname AS tablespace,",
      "pg_catalog.to_json(c.reloptions) AS options, pg_catalog.to_json(t.reloptions) AS toast_options,",
      "c.relreplident AS replica_identity,",
      "ri.relname AS replica_index, ci.relname AS cluster_index,",
      "c.relrowsecurity AS row_security, c.relforcerowsecurity AS force_row_security,",
      "c.reltype AS row_type,",
      "pg_catalog.pg_get_userbyid(c.relowner) AS owner, pg_catalog.to_json(c.relacl::text[]) AS acl",
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid",
      "LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam",
      "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace",
      // From those that there are, which are few: not a query per table.
      "LEFT JOIN (SELECT h.inhrelid, pg_catalog.json_agg(pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname) ORDER BY h.inhseqno) AS parents FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace GROUP BY h.inhrelid) h ON h.inhrelid = c.oid",
      "LEFT JOIN (SELECT i.indrelid, ic.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid WHERE i.indisreplident) ri ON ri.indrelid = c.oid",
      "LEFT JOIN (SELECT i.indrelid, ic.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid WHERE i.indisclustered) ci ON ci.indrelid = c.oid",
      `WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const parents = row.list("parents");
    const bound = row.optional("bound");
    const [parent] = parents;
    const accessMethod = row.optional("access_method");
    const security = row.boolean("row_security");
    const forced = row.boolean("force_row_security");
    return {
      address: address("table", name),
      name,
      aliases: [`pg_type ${row.text("row_type")}`],
      payload: {
        persistence: row.text("persistence") === "u" ? "unlogged" : "permanent",
        partitionBy: row.optional("partition_by"),
        partitionOf: bound === undefined || parent === undefined
          ? undefined
          : { parent, bound },
        inherits: bound !== undefined || parents.length === 0
          ? undefined
          : parents,
        ofType: row.optional("of_type"),
        accessMethod: accessMethod === "heap" ? undefined : accessMethod,
        tablespace: row.optional("tablespace"),
        parameters: row.options("options"),
        toastParameters: row.options("toast_options"),
        replicaIdentity: REPLICA[row.text("replica_identity")] ??
          row.optional("replica_index"),
        clusterOn: row.optional("cluster_index"),
        rowSecurity: security
          ? forced ? "enabled and forced" : "enabled"
          : forced
          ? "forced"
          : undefined,
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
    const typed = payload.ofType !== undefined && children.every(isTypable);
    const columns = declared.map(typed ? columnOptions : columnDefinition)
      .filter((sql) => sql !== undefined);
    const unlogged = payload.persistence === "unlogged" ? "UNLOGGED " : "";
    const list = columns.length === 0
      ? typed ? [] : ["()"]
      : [`(\n    ${columns.join(",\n    ")}\n)`];
    const parts = [
      [
        `CREATE ${unlogged}TABLE ${name}`,
        ...(typed ? [`OF ${payload.ofType}`] : []),
        ...list,
      ].join(" "),
    ];
    if (payload.inherits !== undefined) {
      parts.push(`INHERITS (${payload.inherits.join(", ")})`);
    }
    if (payload.partitionBy !== undefined) {
      parts.push(`PARTITION BY ${payload.partitionBy}`);
    }
    parts.push(...storageClauses(payload));
    const statements: KindStatement[] = [
      create(parts.join("\n"), {
        after: inherits ? mergedAbove(object, target) : [],
      }),
    ];
    if (payload.partitionOf !== undefined) {
      statements.push(...checksBefore(object, target));
      statements.push(create(
        `ALTER TABLE ONLY ${payload.partitionOf.parent} ATTACH PARTITION ${name} ${payload.partitionOf.bound}`,
        {
          ...afterMoved(payload.partitionOf.parent, target),
          hazards: defaultPartitionHazards(payload.partitionOf, target),
        },
      ));
    }
    if (inherits) {
      statements.push(
        ...children.flatMap((child) =>
          inheritedSettings(child, object, target)
        ),
      );
    }
    if (payload.ofType !== undefined && !typed) {
      statements.push(create(`ALTER TABLE ${name} OF ${payload.ofType}`));
    }
    statements.push(...children.flatMap(columnSettings));
    const security = payload.rowSecurity;
    if (security?.startsWith("enabled")) {
      statements.push(create(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`));
    }
    if (security?.endsWith("forced")) {
      // The rows of one that is made anew are its owner's to move.
      const anew = isChange(target) && isRebuilt(object.address, target);
      const force = `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`;
      statements.push(
        anew ? attach(force, { afterDrop: [object.address] }) : create(force),
      );
    }
    if (payload.replicaIdentity !== undefined) {
      statements.push(replicaIdentity(object));
    }
    if (payload.clusterOn !== undefined) statements.push(clusterOn(object));
    return statements;
  },
  drop: dropTable,
  makeRoom: giveTypeAway,
  alter: alterTable,
  ousts: (object, statements, target) =>
    statements?.some(({ remakesRows }) => remakesRows) === true
      ? holdersOfRows(object.address, false, target)
      : NOTHING,
  follow: followTable,
  goesWith: goesWithPartitioned,
  kin: kinOf,
  // Its row type has its name.
  occupies: (object) => [`pg_type ${splitAddress(object.address).name}`],
  rename: (object, name) =>
    renameStatements("ALTER TABLE", object.name, { name }),
};

/** The rows of a default partition may belong to a new one from then on. */
function defaultPartitionHazards(
  { parent }: NonNullable<TablePayload["partitionOf"]>,
  target: CreateTarget,
): readonly Hazard[] {
  if (!isChange(target)) return [];
  const other = childrenOf(parent, target.before.objects).find((child) =>
    partitionOf(child)?.bound === "DEFAULT" &&
    partitionOf(target.objects.get(child.address))?.bound === "DEFAULT"
  );
  if (other === undefined) return [];
  const name = qualify(other.name);
  return [{
    kind: "data-dependent",
    reason: `it fails where a row of ${name} is one for the new partition`,
  }, {
    kind: "scan",
    reason: `all users of ${name} wait while its rows are read`,
  }];
}

const REPLICA: Readonly<Record<string, string>> = { n: "nothing", f: "full" };
