/**
 * Which migrations an offline script is about, from the two words that it was
 * asked with, and the history that it expects where it begins. Pure.
 *
 * @module
 */

import type { MigrationDirectory } from "./directory.ts";
import { ancestors, requireOneHead } from "./graph.ts";
import { type History, historyOf, rowInForce } from "./history.ts";
import { isFor } from "./standings.ts";
import { findVersion } from "./version.ts";

/** Where the history stands when a script begins. */
export interface Position {
  /** Undefined for base. */
  readonly target: string | undefined;
  /** The versions that are in force. */
  readonly versions: ReadonlySet<string>;
}

/**
 * Where the history stands after a version.
 *
 * @param directory The files.
 * @param at The version, `head` or `base`, and the environment's name.
 * @throws {PawlError} `target-unknown`, `several-heads`.
 */
export function position(
  directory: MigrationDirectory,
  { word, environment }: {
    readonly word: string;
    readonly environment: string | undefined;
  },
): Position {
  const { graph } = directory;
  if (word === "base" || word === "") {
    return { target: undefined, versions: new Set() };
  }
  if (word === "head") requireOneHead(graph);
  const migration = word === "head"
    ? graph.order.at(-1)
    : findVersion(graph.order, word);
  if (migration === undefined) {
    return { target: undefined, versions: new Set() };
  }
  const versions = ancestors(graph, [migration.version]);
  for (const version of [...versions]) {
    const one = graph.byVersion.get(version);
    if (one !== undefined && !isFor(one, environment)) versions.delete(version);
    // What is replaced by a file of the range was never run where it is in force.
    const replacement = graph.replacedBy.get(version);
    if (replacement !== undefined && versions.has(replacement.version)) {
      versions.delete(version);
    }
  }
  return { target: migration.version, versions };
}

/** Versions whose rows may stand beside those of the files that replace them. */
export function replacedBy(
  directory: MigrationDirectory,
  start: Position,
): string[] {
  return [...directory.graph.byVersion.values()].filter((m) =>
    start.versions.has(m.version)
  ).flatMap((m) => m.header.replaces);
}

/** The history as it is where the script is going to be run. */
export function standingAt(
  directory: MigrationDirectory,
  versions: ReadonlySet<string>,
): History {
  return historyOf(
    directory.graph.order.filter(({ version }) => versions.has(version))
      .map((m) => ({ ...rowInForce(m), message: m.header.message })),
  );
}

/**
 * Whether a script goes back.
 *
 * @param directory The files.
 * @param range Where it begins, and the word for where it ends.
 * @throws {PawlError} `target-unknown`.
 */
export function goesDown(
  directory: MigrationDirectory,
  { start, to }: { readonly start: Position; readonly to: string },
): boolean {
  if (to === "head" || to.startsWith("+")) return false;
  if (to === "base" || /^-\d+$/.test(to)) return true;
  const { version } = findVersion(directory.graph.order, to);
  return start.versions.has(version) && version !== start.target;
}

/**
 * Where the history stands when a script has run.
 *
 * @param directory The files.
 * @param range Where it begins, and what it takes back, the latest first.
 * @returns Undefined for base.
 */
export function versionBehind(
  directory: MigrationDirectory,
  range: { readonly start: Position; readonly gone: readonly string[] },
): string | undefined {
  return directory.graph.order.findLast(({ version }) =>
    range.start.versions.has(version) && !range.gone.includes(version)
  )?.version;
}
