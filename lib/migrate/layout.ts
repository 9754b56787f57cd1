/**
 * What a layout of migration files is: pawl's own, or another tool's. One
 * file in `layouts/` describes one; `directory.ts` lists them.
 *
 * @module
 */

import type { FileText, Migration } from "./model.ts";

/** The names that `[project] layout` accepts beside `auto`. */
export type LayoutName =
  | "pawl"
  | "golang-migrate"
  | "diesel"
  | "hyperdjango"
  | "pgmg";

/** The files of a migrations directory, two levels deep. */
export interface Listing {
  /** Paths below the directory, with `/` between, sorted. */
  readonly files: readonly string[];
  /** Reads one of them. Throws `migration-invalid` when it is not UTF-8. */
  read(file: string): FileText;
}

/** What a layout found in a directory. */
export interface LayoutResult {
  readonly migrations: readonly Migration[];
  /** Files that are none of the layout's, by path. */
  readonly others: readonly string[];
  /** What was passed over although it looks like a migration, one line each. */
  readonly warnings: readonly string[];
}

/** How one tool lays out its migrations. */
export interface Layout {
  readonly name: LayoutName;
  /** Whether a directory looks like this layout; the first that says so is taken. */
  detect(listing: Listing): boolean;
  /** Reads every migration of the directory. */
  read(listing: Listing): LayoutResult;
}
