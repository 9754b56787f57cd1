/**
 * The kind `materialized_view`. Its indexes are objects of their own.
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
import { type KindModule, qualify } from "./kind.ts";
import {
  extensionAddresses,
  extensionsJoin,
  goesWithExtension,
} from "./depends_on_extension.ts";
import {
  alterMaterializedView,
  createMaterializedView,
  dropMaterializedView,
} from "./materialized_view_alter.ts";
import { renameStatements } from "./rename_statements.ts";
import {
  queryText,
  VIEW_COLUMNS,
  viewColumns,
  viewColumnsQuery,
} from "./view.ts";
import { renameViewColumn, rowTypePlace } from "./view_alter.ts";
import { COMPRESSION, STORAGE } from "./column_storage.ts";

const SHAPE = {
  /** Names every column, where need be by `AS`. */
  query: shape.query(),
  columns: VIEW_COLUMNS,
  /**
   * False after `WITH NO DATA`, until the first REFRESH. A state rather than
   * a definition: every `pg_dump -s` says WITH NO DATA.
   */
  populated: minor(shape.boolean()),
  accessMethod: optional(shape.text()),
  tablespace: optional(minor(shape.text())),
  parameters: optional(minor(shape.map(shape.text()))),
  toastParameters: optional(minor(shape.map(shape.text()))),
  /** The index that CLUSTER uses. */
  clusterOn: optional(minor(shape.text())),
  /** What ALTER COLUMN has set, by column. */
  columnSettings: optional(minor(shape.map(shape.record({
    storage: optional(shape.word("plain", "external", "extended", "main")),
    compression: optional(shape.word("pglz", "lz4")),
    statistics: optional(shape.integer()),
    parameters: optional(shape.map(shape.text())),
  })))),
  /** Extensions whose DROP takes it along. */
  extensions: optional(minor(shape.list(shape.text()))),
} as const;

/** A materialized view's payload. */
export type MaterializedViewPayload = RecordOf<typeof SHAPE>;

/** The kind. */
export const MATERIALIZED_VIEW: KindModule<
  "materialized_view",
  MaterializedViewPayload
> = {
  kind: "materialized_view",
  catalog: "pg_class",
  shape: SHAPE,
  holds: holdsRecord(SHAPE),
  commentOn: (object) => `MATERIALIZED VIEW ${qualify(object.name)}`,
  query: (context) =>
    [
      "SELECT c.oid, 0 AS sub, n.nspname AS schema, c.relname AS name, pg_catalog.pg_get_viewdef(c.oid) AS query,",
      `${viewColumnsQuery("c.oid")} AS columns,`,
      "c.relispopulated AS populated, am.amname AS access_method, ts.spcname AS tablespace,",
      "pg_catalog.to_json(c.reloptions) AS options, pg_catalog.to_json(t.reloptions) AS toast_options,",
      "(SELECT ic.relname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered) AS cluster_index,",
      "(SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, CASE WHEN a.attstorage <> ty.typstorage THEN a.attstorage END, a.attcompression, NULLIF(a.attstattarget, -1), pg_catalog.array_to_string(a.attoptions, ',')) ORDER BY a.attname)",
      "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped",
      "AND (a.attstorage <> ty.typstorage OR a.attcompression <> '' OR a.attstattarget >= 0 OR a.attoptions IS NOT NULL)) AS settings, x.extensions,",
      "pg_catalog.pg_get_userbyid(c.relowner) AS owner, pg_catalog.to_json(c.relacl::text[]) AS acl",
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace",
      "LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid",
      "LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam",
      "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = c.reltablespace",
      extensionsJoin("pg_class", "c.oid"),
      `WHERE c.relkind = 'm' AND ${context.managed} AND ${
        context.notOfExtension("pg_class", "c.oid")
      }`,
    ].join(" "),
  read: (row) => {
    const name = [row.text("schema"), row.text("name")];
    const accessMethod = row.optional("access_method");
    const settings = row.tuples("settings");
    const extensions = row.list("extensions");
    return {
      address: address("materialized_view", name),
      name,
      depends: extensionAddresses(extensions),
      payload: {
        query: queryText(row.text("query")),
        columns: viewColumns(row),
        populated: row.boolean("populated"),
        accessMethod: accessMethod === "heap" ? undefined : accessMethod,
        tablespace: row.optional("tablespace"),
        parameters: row.options("options"),
        toastParameters: row.options("toast_options"),
        clusterOn: row.optional("cluster_index"),
        columnSettings: settings.length === 0 ? undefined : Object.fromEntries(
          settings.map((
            setting,
          ) => [setting[0] ?? "", columnSetting(setting)]),
        ),
        extensions: extensions.length === 0 ? undefined : extensions,
      },
    };
  },
  create: createMaterializedView,
  drop: dropMaterializedView,
  alter: alterMaterializedView,
  goesWith: goesWithExtension,
  occupies: rowTypePlace,
  rename: (object, name) =>
    renameStatements("ALTER MATERIALIZED VIEW", object.name, { name }),
  renamePart: (object, from, to) =>
    renameViewColumn("MATERIALIZED VIEW", object, { from, to }),
};

/** What ALTER COLUMN has set. */
export type ColumnSetting = NonNullable<
  MaterializedViewPayload["columnSettings"]
>[string];

function columnSetting(
  [, storage, compression, statistics, options]:
    readonly (string | undefined)[],
): ColumnSetting {
  return {
    storage: STORAGE[storage ?? ""],
    compression: COMPRESSION[compression ?? ""],
    statistics: statistics === undefined ? undefined : Number(statistics),
    parameters: options === undefined ? undefined : Object.fromEntries(
      options.split(",").sort().map((option) => {
        const equals = option.indexOf("=");
        return [option.slice(0, equals), option.slice(equals + 1)];
      }),
    ),
  };
}
