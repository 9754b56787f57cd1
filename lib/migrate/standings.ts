/**
 * Where each migration stands in one database: what the graph of the files
 * and the history say together. Pure.
 *
 * @module
 */

import { ancestors, type Graph } from "./graph.ts";
import { type History, type HistoryRow, inForce } from "./history.ts";
import type { Migration } from "./model.ts";
import { compareVersions } from "./version.ts";

/** Where a migration stands in one database. */
export type Standing =
  | "applied"
  | "stamped"
  | "partial"
  | "pending"
  | "late"
  | "rolled_back"
  | "replaced"
  | "skipped"
  | "missing"
  | "future";

/** One migration, in a file or in the history or in both. */
export interface StandingEntry {
  /** The version. */
  readonly version: string;
  /** The name behind the version in the file's name. */
  readonly name: string;
  /** Where it stands. */
  readonly standing: Standing;
  /** The file; undefined where only the history has it. */
  readonly migration: Migration | undefined;
  /** The row; undefined where only the file is there. */
  readonly row: HistoryRow | undefined;
}

/** What the planner looks at. */
export interface PlanInput {
  readonly graph: Graph;
  readonly history: History;
  /** The environment's name, for `only`. */
  readonly environment: string | undefined;
}

/** Whether a migration is for an environment, by the `only` of its header. */
export function isFor(
  migration: Migration,
  environment: string | undefined,
): boolean {
  const only = migration.header.only;
  return only === undefined ||
    (environment !== undefined && only.includes(environment));
}

/** Versions that count as done: in force, or replaced by one in force. */
export function doneVersions({ graph, history }: PlanInput): Set<string> {
  const done = new Set(history.rows.filter(inForce).map((row) => row.version));
  for (const migration of graph.order) {
    if (!done.has(migration.version)) continue;
    for (const version of migration.header.replaces) done.add(version);
  }
  return done;
}

/**
 * Which files are passed over: those whose replacement runs instead of them,
 * and those that are for other environments.
 */
export function passedOver(
  input: PlanInput,
  done: ReadonlySet<string>,
): Map<string, "replaced" | "skipped"> {
  const over = new Map<string, "replaced" | "skipped">();
  for (const migration of input.graph.order) {
    if (!isFor(migration, input.environment)) {
      over.set(migration.version, "skipped");
    }
    const replaces = migration.header.replaces;
    if (replaces.length === 0 || over.has(migration.version)) continue;
    const fresh = replaces.every((version) =>
      !done.has(version) &&
      input.history.byVersion.get(version)?.state !== "partial"
    );
    if (fresh || done.has(migration.version)) {
      for (const version of replaces) {
        if (!inForce(input.history.byVersion.get(version))) {
          over.set(version, "replaced");
        }
      }
    }
  }
  return over;
}

/**
 * Says of every migration where it stands.
 *
 * @param input Graph, history, environment.
 * @returns Files in their order, then recorded versions without a file.
 */
export function standings(input: PlanInput): StandingEntry[] {
  const { graph, history } = input;
  const done = doneVersions(input);
  const over = passedOver(input, done);
  const late = new Set(
    lateMigrations(input, { done, over }).map((m) => m.version),
  );
  const entries: StandingEntry[] = graph.order.map((migration) => {
    const row = history.byVersion.get(migration.version);
    const passed = over.get(migration.version);
    let standing: Standing;
    if (
      row?.state === "applied" || row?.state === "stamped" ||
      row?.state === "partial"
    ) {
      standing = row.state;
    } else if (passed !== undefined) standing = passed;
    else if (late.has(migration.version)) standing = "late";
    else if (row?.state === "rolled_back") standing = "rolled_back";
    else standing = "pending";
    return {
      version: migration.version,
      name: migration.name,
      standing,
      migration,
      row,
    };
  });
  const newest = newestFile(graph);
  for (const row of history.rows) {
    if (graph.byVersion.has(row.version) || row.state === "rolled_back") {
      continue;
    }
    const standing = graph.replacedBy.has(row.version)
      ? "replaced"
      : newest !== undefined && compareVersions(row.version, newest) > 0
      ? "future"
      : "missing";
    entries.push({
      version: row.version,
      name: row.name,
      standing,
      migration: undefined,
      row,
    });
  }
  return entries;
}

function newestFile(graph: Graph): string | undefined {
  let newest: string | undefined;
  for (const migration of graph.order) {
    if (
      newest === undefined || compareVersions(migration.version, newest) > 0
    ) {
      newest = migration.version;
    }
  }
  return newest;
}

/** Pending migrations that one which was applied should have come after. */
export function lateMigrations(
  input: PlanInput,
  known: {
    readonly done: ReadonlySet<string>;
    readonly over: ReadonlyMap<string, unknown>;
  },
): Migration[] {
  const applied = input.graph.order
    .filter((m) =>
      known.done.has(m.version) && input.history.byVersion.has(m.version)
    )
    .map((m) => m.version);
  const before = ancestors(input.graph, applied);
  return input.graph.order.filter((m) =>
    before.has(m.version) && !known.done.has(m.version) &&
    !known.over.has(m.version) &&
    m.header.replaces.every((version) => !known.done.has(version)) &&
    input.history.byVersion.get(m.version)?.state !== "partial"
  );
}

/** Whether a migration's unfinished steps go down. */
export function isDownPartial(history: History, version: string): boolean {
  return history.progress.some((p) =>
    p.version === version && p.direction === "down"
  );
}
