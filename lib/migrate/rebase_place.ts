/**
 * Where a migration goes when it is to come behind all others: what it follows
 * there, and whose `depends` lines change. Pure; it knows graphs, not files.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { buildGraph } from "./graph.ts";
import type { Migration } from "./model.ts";
import { compareVersions } from "./version.ts";

/** Where a migration goes. */
export interface Place {
  /** Whether it is there already. */
  readonly stays: boolean;
  /** The versions that it is to follow. */
  readonly parents: readonly string[];
  /** Whether those follow from its name alone, without a `depends` line. */
  readonly implicit: boolean;
  /** The files whose `depends` line names it. */
  readonly dependants: readonly Migration[];
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * Finds the place of a migration behind all that do not depend on it.
 *
 * @param migrations Every migration; two may have one version.
 * @param target One of them.
 * @returns What it follows there.
 * @throws {PawlError} `dependency-cycle` where others leave it no later place,
 * `history-diverged` for one that a squash replaces, or what
 * {@linkcode buildGraph} throws.
 */
export function newPlace(
  migrations: readonly Migration[],
  target: Migration,
): Place {
  const others = migrations.filter((m) => m !== target);
  const twin = others.find((m) => sameVersion(m.version, target.version));
  if (twin === undefined) refuseReplaced(others, target);
  const naming = others.filter((m) =>
    (m.header.depends ?? []).some((d) =>
      d.project === undefined && sameVersion(d.version, target.version)
    )
  );
  // What depends on two files' version goes on to name the one that keeps it.
  const dependants = twin === undefined ? naming : [];
  const graph = buildGraph(
    withoutTwins(others).map((m) =>
      dependants.includes(m) ? withoutDependency(m, target.version) : m
    ),
  );
  const after = new Set(dependants.map((m) => m.version));
  for (const m of graph.order) {
    const parents = graph.parents.get(m.version) ?? [];
    if (parents.some((version) => after.has(version))) after.add(m.version);
  }
  const before = graph.order.filter((m) => !after.has(m.version));
  const followed = new Set(
    before.flatMap((m) => graph.parents.get(m.version) ?? []),
  );
  const parents = before.map((m) => m.version)
    .filter((version) => !followed.has(version));
  const stays = twin === undefined &&
    sameSet(currentParents(migrations, target), parents);
  if (stays) refuseDependants(target, dependants);
  const [only] = parents;
  return {
    stays,
    parents,
    implicit: only === undefined
      ? others.length === 0
      : parents.length === 1 && only === newest(others),
    dependants,
    warnings: twin === undefined
      ? []
      : naming.map((m) =>
        `${m.file} depends on ${target.version}: that is ${twin.file} only now`
      ),
  };
}

function sameVersion(a: string, b: string): boolean {
  return compareVersions(a, b) === 0;
}

function newest(migrations: readonly Migration[]): string | undefined {
  return migrations.map((m) => m.version).sort(compareVersions).at(-1);
}

function currentParents(
  migrations: readonly Migration[],
  target: Migration,
): readonly string[] {
  return buildGraph(withoutTwins(migrations)).parents.get(target.version) ?? [];
}

/** One file of each version: other pairs are mended one after the other. */
function withoutTwins(migrations: readonly Migration[]): Migration[] {
  const sorted = [...migrations].sort((a, b) =>
    compareVersions(a.version, b.version)
  );
  return sorted.filter((m, i) => {
    const previous = sorted[i - 1];
    return previous === undefined || !sameVersion(previous.version, m.version);
  });
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}

function withoutDependency(migration: Migration, version: string): Migration {
  const depends = migration.header.depends?.filter((d) =>
    d.project !== undefined || !sameVersion(d.version, version)
  );
  return { ...migration, header: { ...migration.header, depends } };
}

/** What a squash stands for is known by its version. */
function refuseReplaced(
  others: readonly Migration[],
  target: Migration,
): void {
  const squash = others.find((m) =>
    m.header.replaces.some((v) => sameVersion(v, target.version))
  );
  if (squash === undefined) return;
  throw new PawlError(
    "history-diverged",
    `Cannot rebase ${target.file}: ${squash.file} replaces it by its version`,
    { hint: "Databases that hold the old version know it by that: leave it" },
  );
}

/** There is no later place where all that comes after it depends on it. */
function refuseDependants(
  target: Migration,
  dependants: readonly Migration[],
): void {
  const [first] = dependants;
  if (first === undefined) return;
  throw new PawlError(
    "dependency-cycle",
    `Cannot rebase ${target.file}: all that comes after it depends on it, by ${first.file}`,
    {
      details: dependants.slice(1).map((m) => `and by ${m.file}`),
      hint: `Rebase ${first.file} first, or take its depends line out`,
    },
  );
}
