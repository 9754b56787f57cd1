/**
 * The ends of the graph: which migrations have none after them, and a new one
 * that joins several of them. It knows no database.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { ancestors, buildGraph, type Graph } from "./graph.ts";
import type { Migration } from "./model.ts";
import {
  NAME_HINT,
  type NewMigration,
  writeMigration,
} from "./new_migration.ts";
import type { Project } from "./project.ts";
import { readProjectFiles } from "./sum_file.ts";
import { findVersion } from "./version.ts";

/**
 * The migrations that none follows.
 *
 * @param project The project.
 * @returns None for a directory without migrations, one ordinarily.
 * @throws {PawlError} What reading the directory or {@linkcode buildGraph} throws.
 */
export function projectHeads(project: Project): readonly Migration[] {
  return buildGraph(readProjectFiles(project).migrations).heads;
}

/** How heads are merged. */
export interface MergeOptions {
  /** One line for people; one is made up without it. */
  readonly message?: string | undefined;
  /** What to join: versions or prefixes; all heads by default. */
  readonly revisions: readonly string[];
  /** The time now. */
  readonly now: Date;
}

/** What a merge did. */
export interface MergeReport {
  /** What has been joined; the only head where nothing was to be done. */
  readonly merged: readonly Migration[];
  /** The new migration; undefined where there was nothing to join. */
  readonly created: NewMigration | undefined;
}

/**
 * Writes a migration that depends on all heads, or on those that are named.
 *
 * @param project The project.
 * @param options What to join.
 * @returns What was written; nothing where there is but one head.
 * @throws {PawlError} `usage` for revisions that cannot be joined,
 * `target-unknown`, or what {@linkcode writeMigration} throws.
 */
export function mergeHeads(
  project: Project,
  options: MergeOptions,
): MergeReport {
  const files = readProjectFiles(project);
  const graph = buildGraph(files.migrations);
  const merged = options.revisions.length === 0
    ? graph.heads
    : namedRevisions(graph, options.revisions);
  if (merged.length <= 1) return { merged, created: undefined };
  const versions = merged.map((m) => m.version);
  const created = writeMigration(project, files, {
    message: options.message ?? `Merge ${versions.join(" and ")}`,
    depends: versions,
    empty: true,
    now: options.now,
  });
  return { merged, created };
}

function namedRevisions(
  graph: Graph,
  words: readonly string[],
): readonly Migration[] {
  const found = new Set(
    words.map((word) => findVersion(graph.order, word, NAME_HINT)),
  );
  const named = graph.order.filter((migration) => found.has(migration));
  const [only, second] = named;
  if (only !== undefined && second === undefined) {
    throw new PawlError(
      "usage",
      `Cannot merge ${only.file} with itself: a merge joins two or more`,
      { hint: "Name another one with -r, or leave -r out to join all heads" },
    );
  }
  for (const later of named) {
    const before = ancestors(graph, [later.version]);
    const earlier = named.find((m) => m !== later && before.has(m.version));
    if (earlier === undefined) continue;
    throw new PawlError(
      "usage",
      `Cannot merge ${earlier.file} with ${later.file}: the second comes after the first already`,
      { hint: "pawl heads shows what can be joined" },
    );
  }
  return named;
}
