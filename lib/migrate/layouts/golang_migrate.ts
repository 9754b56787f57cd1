/**
 * golang-migrate: `VERSION_name.up.sql` and `VERSION_name.down.sql`, and the
 * table `schema_migrations` with one row for the latest version.
 *
 * The tool sends a file as one message without a transaction of its own, so
 * that PostgreSQL makes one of it unless the file has BEGIN and COMMIT.
 *
 * @module
 */

import { PawlError } from "../../errors.ts";
import type { Layout } from "../layout.ts";
import type { Migration } from "../model.ts";
import { readBlocks } from "./blocks.ts";
import { foreignMigration, readOwnFiles } from "./foreign_file.ts";
import { type ForeignHistory, plainVersion } from "./foreign_history.ts";

const FILE = /^(\d+)_(.*)\.(up|down)\.sql$/;

/** The files of one version, which pair by its number and not by its name. */
interface Pair {
  readonly ups: {
    readonly file: string;
    readonly version: string;
    readonly name: string;
  }[];
  readonly downs: string[];
}

/** The layout. */
export const GOLANG_MIGRATE_LAYOUT: Layout = {
  name: "golang-migrate",
  detect: (listing) =>
    listing.files.some((file) => FILE.exec(file)?.[3] === "up"),
  read: (listing) => {
    const pairs = new Map<string, Pair>();
    const rest: string[] = [];
    for (const file of listing.files) {
      const [, version, name, direction] = FILE.exec(file) ?? [];
      if (version === undefined || name === undefined) {
        rest.push(file);
        continue;
      }
      const key = number(version);
      const pair = pairs.get(key) ?? { ups: [], downs: [] };
      pairs.set(key, pair);
      if (direction === "up") pair.ups.push({ file, version, name });
      else pair.downs.push(file);
    }
    const migrations: Migration[] = [];
    const warnings: string[] = [];
    for (const { ups, downs } of pairs.values()) {
      const texts = downs.map((file) => listing.read(file));
      const [down, second] = texts;
      if (second !== undefined) refuseTwins(texts.map((text) => text.path));
      if (ups.length === 0 && down !== undefined) {
        warnings.push(
          `${down.path} is not run: there is no up file of its version`,
        );
      }
      // Two up files of one version are refused where migrations are ordered.
      for (const { file, version, name } of ups) {
        migrations.push(
          foreignMigration({
            version,
            name,
            up: listing.read(file),
            down,
            steps: readBlocks,
          }),
        );
      }
    }
    const own = readOwnFiles(listing, rest, "golang-migrate");
    return {
      migrations: [...migrations, ...own.migrations],
      others: own.others,
      warnings: [...warnings, ...own.warnings],
    };
  },
};

function refuseTwins(paths: readonly string[]): never {
  throw new PawlError(
    "version-duplicate",
    "Cannot pair migrations: several down files have the same version",
    {
      details: paths,
      hint: "Give one of the migrations another version, its up file too",
    },
  );
}

/** A version as the number that the tool takes it for. */
function number(version: string): string {
  return plainVersion(version).replace(/^0+(?=\d)/, "");
}

/** The history. */
export const GOLANG_MIGRATE_HISTORY: ForeignHistory = {
  tool: "golang-migrate",
  table: "schema_migrations",
  columns: ["version", "dirty"],
  layout: "golang-migrate",
  rows: "latest",
  select: { recorded: "version", dirty: "dirty", order: "version" },
  recordedKey: (recorded) => recorded,
  fileKey: (migration) =>
    /^[\d_]+$/.test(migration.version) ? number(migration.version) : undefined,
  versionOf: (recorded) => recorded,
  mend: (recorded) =>
    `See in the database what of version ${recorded} has happened and finish it or take it back by hand; then migrate force ${recorded}, or migrate force with the version before it, and import again`,
};
