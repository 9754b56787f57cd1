/**
 * What `pawl import` must know of another tool's history table. One file in
 * this folder describes one tool; `import.ts` reads them all by this form.
 * Data and pure functions only: no connection.
 *
 * @module
 */

import type { LayoutName } from "../layout.ts";
import type { Migration } from "../model.ts";

/** The tools whose history can be adopted. */
export type ForeignTool =
  | "golang-migrate"
  | "diesel"
  | "hyperdjango"
  | "psqlmodel"
  | "pgmg"
  | "plain";

/** How one tool records what has been applied. */
export interface ForeignHistory {
  /** Whose history it is. */
  readonly tool: ForeignTool;
  /** The table's name where nobody has chosen another. */
  readonly table: string;
  /** The columns that tell it from another tool's table of the same name. */
  readonly columns: readonly string[];
  /**
   * The layout of the files that go with it, so that a directory which is
   * read in another one is warned of; undefined where any may be.
   */
  readonly layout: LayoutName | undefined;
  /**
   * `each`: a row for every migration; `latest`: one row for the latest, and
   * all files before it count as applied.
   */
  readonly rows: "each" | "latest";
  /** SQL expressions over the table's columns. */
  readonly select: {
    /** What the row is about, as text. */
    readonly recorded: string;
    /** When it was applied; undefined where the tool does not say. */
    readonly appliedAt?: string;
    /** Whether it is still in force; always, by default. */
    readonly inForce?: string;
    /** Whether it ended half-way; never, by default. */
    readonly dirty?: string;
    /** What puts the rows into the order in which they were applied. */
    readonly order: string;
  };
  /** What stands for the migration of a row, whichever way it is written. */
  recordedKey(recorded: string): string;
  /** The same of a file; undefined where no file can be meant. */
  fileKey(migration: Migration): string | undefined;
  /**
   * The version that a row gets whose file is not here; undefined where a row
   * says none.
   */
  readonly versionOf?: (recorded: string) => string;
  /** What to do about a row that ended half-way, by what the row is about. */
  readonly mend?: (recorded: string) => string;
}

/** A file's name without folder and ending. */
export function fileStem(migration: Migration): string {
  return migration.file.replace(/^.*\//, "").replace(/\.(sql|js|ts)$/, "");
}

/** A version without the marks between its digits: the same however it is written. */
export function plainVersion(version: string): string {
  return version.replaceAll(/[_-]/g, "");
}
