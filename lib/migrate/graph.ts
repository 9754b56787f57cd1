/**
 * The order of migrations: each follows the file before it, or what its
 * `depends` names. Pure; it knows files' headers, not their SQL, and nothing
 * of what has been applied.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Dependency, Migration } from "./model.ts";
import { compareVersions } from "./version.ts";

/** Every migration of a project in the order in which it may be applied. */
export interface Graph {
  /** Parents before children; otherwise by version. */
  readonly order: readonly Migration[];
  /** The versions that each one follows directly, by version. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Those that no other follows. */
  readonly heads: readonly Migration[];
  /** By version. */
  readonly byVersion: ReadonlyMap<string, Migration>;
  /** For each replaced version, the one that replaces it. */
  readonly replacedBy: ReadonlyMap<string, Migration>;
  /** Requirements on other projects, by version. */
  readonly foreign: ReadonlyMap<string, readonly Dependency[]>;
}

/**
 * Orders migrations.
 *
 * @param migrations Every migration of the project, in any order.
 * @returns The graph.
 * @throws {PawlError} `version-duplicate`, `dependency-missing` or
 * `dependency-cycle`, naming the files.
 */
export function buildGraph(migrations: readonly Migration[]): Graph {
  const sorted = [...migrations].sort((a, b) =>
    compareVersions(a.version, b.version)
  );
  refuseDuplicates(sorted);
  const byVersion = new Map(sorted.map((m) => [m.version, m]));
  const replacedBy = new Map<string, Migration>();
  for (const migration of sorted) {
    for (const version of migration.header.replaces) {
      refuseMisspelt(migration, version, sorted);
      const other = replacedBy.get(version);
      if (other !== undefined) {
        throw new PawlError(
          "version-duplicate",
          `Cannot order migrations: ${version} is replaced by two files`,
          {
            details: [other.file, migration.file],
            hint: "Take it out of one file's replaces",
          },
        );
      }
      replacedBy.set(version, migration);
    }
  }
  const parents = new Map<string, readonly string[]>();
  const foreign = new Map<string, readonly Dependency[]>();
  let previous: Migration | undefined;
  for (const migration of sorted) {
    const depends = migration.header.depends;
    if (depends === undefined) {
      parents.set(
        migration.version,
        previous === undefined ? [] : [previous.version],
      );
    } else {
      parents.set(
        migration.version,
        depends.filter((d) => d.project === undefined)
          .map((d) =>
            resolveDependency(migration, d.version, {
              byVersion,
              replacedBy,
              sorted,
            })
          ),
      );
      foreign.set(
        migration.version,
        depends.filter((d) => d.project !== undefined),
      );
    }
    previous = migration;
  }
  const order = sortByParents(sorted, { parents, byVersion });
  const followed = new Set([...parents.values()].flat());
  const heads = order.filter((m) => !followed.has(m.version));
  return { order, parents, heads, byVersion, replacedBy, foreign };
}

/** The history knows a version by its text: 1 would not replace 0001, but run beside it. */
function refuseMisspelt(
  migration: Migration,
  version: string,
  sorted: readonly Migration[],
): void {
  const same = sorted.find((m) => compareVersions(m.version, version) === 0);
  if (same === undefined || (same.version === version && same !== migration)) {
    return;
  }
  throw new PawlError(
    "migration-invalid",
    same === migration
      ? `Cannot order migrations: ${migration.file} replaces itself`
      : `Cannot order migrations: ${migration.file} replaces ${version}, which ${same.file} spells ${same.version}`,
    {
      location: { file: migration.file },
      hint: "Write each version in the replaces line as its file's name has it",
    },
  );
}

function refuseDuplicates(sorted: readonly Migration[]): void {
  for (let i = 1; i < sorted.length; i++) {
    const a = sorted[i - 1];
    const b = sorted[i];
    if (a === undefined || b === undefined) continue;
    if (compareVersions(a.version, b.version) === 0) {
      throw new PawlError(
        "version-duplicate",
        `Cannot order migrations: two files have version ${b.version}`,
        {
          details: [a.file, b.file],
          // Which of them has been applied, files alone do not tell.
          hint:
            `Give a new version to the one that has not been applied anywhere: pawl rebase ${a.file}, or pawl rebase ${b.file} (pawl history tells the name of what was applied)`,
        },
      );
    }
  }
}

function resolveDependency(
  migration: Migration,
  version: string,
  known: {
    readonly byVersion: ReadonlyMap<string, Migration>;
    readonly replacedBy: ReadonlyMap<string, Migration>;
    readonly sorted: readonly Migration[];
  },
): string {
  if (known.byVersion.has(version)) return version;
  const replacement = known.replacedBy.get(version);
  if (replacement !== undefined) return replacement.version;
  const same = known.sorted.find((m) =>
    compareVersions(m.version, version) === 0
  );
  if (same !== undefined) return same.version;
  throw new PawlError(
    "dependency-missing",
    `Cannot order migrations: ${migration.file} depends on ${version}, which no file has`,
    {
      location: { file: migration.file },
      hint:
        "Restore the missing file from version control, or correct the depends line",
    },
  );
}

/** Depth first over the files in version order, without recursion. */
function sortByParents(
  sorted: readonly Migration[],
  known: {
    readonly parents: ReadonlyMap<string, readonly string[]>;
    readonly byVersion: ReadonlyMap<string, Migration>;
  },
): Migration[] {
  const order: Migration[] = [];
  const state = new Map<string, "open" | "done">();
  for (const start of sorted) {
    const stack = [start];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (state.get(top.version) === "done") {
        stack.pop();
        continue;
      }
      state.set(top.version, "open");
      const next = (known.parents.get(top.version) ?? [])
        .find((version) => state.get(version) !== "done");
      if (next === undefined) {
        state.set(top.version, "done");
        order.push(top);
        stack.pop();
        continue;
      }
      if (state.get(next) === "open") refuseCycle(stack, next);
      const parent = known.byVersion.get(next);
      if (parent !== undefined) stack.push(parent);
    }
  }
  return order;
}

function refuseCycle(stack: readonly Migration[], version: string): never {
  const from = stack.findIndex((m) => m.version === version);
  const cycle = stack.slice(from).map((m) => m.file);
  throw new PawlError(
    "dependency-cycle",
    `Cannot order migrations: ${
      cycle.length === 1
        ? "a file depends on itself"
        : "files depend on one another in a circle"
    }`,
    {
      details: [...cycle, cycle[0] ?? ""].map((file, i) =>
        i === 0 ? file : `depends on ${file}`
      ),
      hint: "Correct one of the depends lines",
    },
  );
}

/**
 * The versions that must have been applied before some others, themselves
 * included.
 *
 * @param graph The graph.
 * @param versions Where to start.
 */
export function ancestors(
  graph: Graph,
  versions: readonly string[],
): Set<string> {
  const found = new Set<string>();
  const queue = [...versions];
  for (
    let version = queue.pop();
    version !== undefined;
    version = queue.pop()
  ) {
    if (found.has(version)) continue;
    found.add(version);
    queue.push(...(graph.parents.get(version) ?? []));
  }
  return found;
}

/**
 * Refuses a graph of several heads.
 *
 * @throws {PawlError} `several-heads`, naming them and the ways out.
 */
export function requireOneHead(graph: Graph): void {
  if (graph.heads.length <= 1) return;
  throw new PawlError(
    "several-heads",
    `Cannot tell what comes last: ${graph.heads.length} migrations have none after them`,
    {
      details: graph.heads.map((m) => m.file),
      hint:
        'pawl merge "message" joins them; pawl rebase FILE moves one behind the other',
    },
  );
}
