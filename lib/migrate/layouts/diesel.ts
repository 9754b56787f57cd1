/**
 * diesel: a folder `VERSION_name` with `up.sql`, perhaps `down.sql` and
 * `metadata.toml`, and the table `__diesel_schema_migrations`.
 *
 * A version is what stands before the first `_`, without its dashes, and
 * versions sort as text: 20260527120000, 202605271200000000, 20260528000000.
 *
 * @module
 */

import { parse } from "@std/toml";
import { PawlError } from "../../errors.ts";
import type { Layout, Listing } from "../layout.ts";
import type { Migration } from "../model.ts";
import { compareVersions } from "../version.ts";
import { readBlocks } from "./blocks.ts";
import {
  foreignMigration,
  hasOwnName,
  isMarked,
  readOwnFiles,
} from "./foreign_file.ts";
import { type ForeignHistory, plainVersion } from "./foreign_history.ts";

/** The layout. */
export const DIESEL_LAYOUT: Layout = {
  name: "diesel",
  // pawl's own layout has folders too, for what is no migration.
  detect: (listing) =>
    listing.files.some((file) => /^\d[\d-]*(_[^/]*)?\/up\.sql$/.test(file)) &&
    listing.files.every((file) =>
      !hasOwnName(file) || isMarked(listing.read(file).text)
    ),
  read: (listing) => {
    const folders = new Map<string, Set<string>>();
    const rest: string[] = [];
    for (const file of listing.files) {
      const slash = file.indexOf("/");
      if (slash < 0) {
        rest.push(file);
        continue;
      }
      const folder = file.slice(0, slash);
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(file.slice(slash + 1)));
    }
    const migrations: Migration[] = [];
    const others: string[] = [];
    const warnings: string[] = [];
    for (const [folder, names] of folders) {
      const migration = names.has("up.sql")
        ? readFolder(listing, folder, names)
        : undefined;
      if (migration !== undefined) migrations.push(migration);
      else if (names.has("down.sql")) {
        warnings.push(
          `${
            listing.read(`${folder}/down.sql`).path
          } is not run: there is no up.sql beside it`,
        );
      }
      for (const name of names) {
        const known = name === "up.sql" || name === "down.sql" ||
          name === "metadata.toml";
        if (!known || migration === undefined) others.push(`${folder}/${name}`);
      }
    }
    const own = readOwnFiles(listing, rest, "diesel");
    return {
      migrations: inTextOrder([...migrations, ...own.migrations]),
      others: [...others, ...own.others],
      warnings: [...warnings, ...own.warnings],
    };
  },
};

function readFolder(
  listing: Listing,
  folder: string,
  names: ReadonlySet<string>,
): Migration | undefined {
  const [first = "", ...words] = folder.split("_");
  const version = first.replaceAll("-", "");
  if (version === "") return undefined;
  const outside = names.has("metadata.toml") &&
    !runsInTransaction(listing, `${folder}/metadata.toml`);
  return foreignMigration({
    version,
    name: words.join("_"),
    up: listing.read(`${folder}/up.sql`),
    down: names.has("down.sql")
      ? listing.read(`${folder}/down.sql`)
      : undefined,
    ...(outside ? { transaction: "none" } : {}),
    steps: readBlocks,
  });
}

function runsInTransaction(listing: Listing, file: string): boolean {
  const { path, text } = listing.read(file);
  const invalid = (what: string, cause?: unknown) =>
    new PawlError("migration-invalid", `Cannot read ${path}: ${what}`, {
      location: { file: path },
      hint: "It says run_in_transaction = true or false",
      cause,
    });
  let value: unknown;
  try {
    value = parse(text.replace(/^\uFEFF/, ""))["run_in_transaction"];
  } catch (error) {
    throw invalid(
      error instanceof Error
        ? error.message.split("\n")[0] ?? ""
        : String(error),
      error,
    );
  }
  if (value === undefined) return true;
  if (typeof value === "boolean") return value;
  throw invalid("run_in_transaction is neither true nor false");
}

/**
 * Makes migrations follow one another as text does. Where their own order is
 * that already, nothing is said; else each names the one before it.
 */
function inTextOrder(migrations: readonly Migration[]): readonly Migration[] {
  const key = (migration: Migration) => plainVersion(migration.version);
  const sorted = [...migrations].sort((a, b) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0
  );
  const before = (i: number) => i === 0 ? undefined : sorted[i - 1];
  const fits = sorted.every((migration, i) =>
    compareVersions(
      before(i)?.version ?? migration.version,
      migration.version,
    ) <= 0
  );
  if (fits) return sorted;
  return sorted.map((migration, i) => {
    if (migration.header.depends !== undefined) return migration;
    const version = before(i)?.version;
    const depends = version === undefined ? [] : [{ version }];
    return { ...migration, header: { ...migration.header, depends } };
  });
}

/** The history. */
export const DIESEL_HISTORY: ForeignHistory = {
  tool: "diesel",
  table: "__diesel_schema_migrations",
  columns: ["version", "run_on"],
  layout: "diesel",
  rows: "each",
  select: { recorded: "version", appliedAt: "run_on", order: "version" },
  recordedKey: plainVersion,
  fileKey: (migration) => plainVersion(migration.version),
  versionOf: plainVersion,
};
