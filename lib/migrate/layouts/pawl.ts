/**
 * pawl's own layout: `VERSION_slug.sql`, `.js` or `.ts`, one file a migration.
 *
 * @module
 */

import { readMigration } from "../file.ts";
import type { Layout } from "../layout.ts";
import type { Migration } from "../model.ts";
import { parseFileName } from "../version.ts";
import { DIESEL_LAYOUT } from "./diesel.ts";
import { GOLANG_MIGRATE_LAYOUT } from "./golang_migrate.ts";
import { HYPERDJANGO_LAYOUT } from "./hyperdjango.ts";

/** Those whose file names are more particular, though pawl could read some of them. */
const PARTICULAR: readonly Layout[] = [
  GOLANG_MIGRATE_LAYOUT,
  DIESEL_LAYOUT,
  HYPERDJANGO_LAYOUT,
];

/** The layout. */
export const PAWL_LAYOUT: Layout = {
  name: "pawl",
  detect: (listing) =>
    listing.files.some((file) => parseFileName(file) !== undefined) &&
    !PARTICULAR.some((layout) => layout.detect(listing)),
  read: (listing) => {
    const migrations: Migration[] = [];
    const others: string[] = [];
    for (const file of listing.files) {
      // Folders below hold seeds, snapshots and what else a team keeps there.
      if (file.includes("/")) continue;
      const migration = parseFileName(file) === undefined
        ? undefined
        : readMigration(listing.read(file));
      if (migration === undefined) others.push(file);
      else migrations.push(migration);
    }
    return { migrations, others, warnings: [] };
  },
};
