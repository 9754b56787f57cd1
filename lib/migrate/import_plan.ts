/**
 * What adopting another tool's history comes to: which rows pawl's history
 * gets, which of the other's have no file, which files stay pending. Pure.
 *
 * @module
 */

import type { Graph } from "./graph.ts";
import { type History, historyOf, inForce, rowInForce } from "./history.ts";
import type { ForeignRow } from "./import_rows.ts";
import type { ForeignHistory } from "./layouts/foreign_history.ts";
import type { Migration } from "./model.ts";
import { standings } from "./standings.ts";
import { compareVersions } from "./version.ts";

/** A row that pawl's history gets. */
export interface ImportRow {
  /** The version, as pawl's history has it. */
  readonly version: string;
  /** The rest of its name. */
  readonly name: string;
  /** The file; undefined for one that a newer release has. */
  readonly migration: Migration | undefined;
  /** ISO 8601 in UTC; null where the other tool does not say. */
  readonly appliedAt: string | null;
}

/** A file that the other tool has not applied. */
export interface PendingFile {
  /** Its version. */
  readonly version: string;
  /** The rest of its name. */
  readonly name: string;
  /** The path that messages show. */
  readonly file: string;
  /** Whether it sorts before one that has been applied. */
  readonly late: boolean;
}

/** What adopting a history comes to. */
export interface ImportPlan {
  /** In the order in which they were applied. */
  readonly record: readonly ImportRow[];
  /** What the other tool has recorded and no file is for: not adopted. */
  readonly withoutFile: readonly string[];
  /** What the other tool has recorded as taken back: not adopted. */
  readonly undone: readonly string[];
  /** What an upgrade would find to do. */
  readonly pending: readonly PendingFile[];
}

/**
 * Plans an import.
 *
 * @param history What is known of the other tool.
 * @param rows Its rows.
 * @param files The files, and the environment's name for their `only`.
 * @returns The plan.
 */
export function planImport(
  history: ForeignHistory,
  rows: readonly ForeignRow[],
  files: { readonly graph: Graph; readonly environment: string | undefined },
): ImportPlan {
  const { graph } = files;
  const standing = rows.filter((row) => row.inForce);
  const found = history.rows === "latest"
    ? upToLatest(history, standing, graph)
    : oneEach(history, standing, graph);
  return {
    record: found.record,
    withoutFile: found.withoutFile,
    undone: rows.filter((row) => !row.inForce).map((row) => row.recorded),
    pending: pendingFiles(found.record, files),
  };
}

type Found = Pick<ImportPlan, "record" | "withoutFile">;

function oneEach(
  history: ForeignHistory,
  rows: readonly ForeignRow[],
  graph: Graph,
): Found {
  const files = new Map<string, Migration>();
  for (const migration of graph.order) {
    const key = history.fileKey(migration);
    if (key !== undefined) files.set(key, migration);
  }
  const record = new Map<string, ImportRow>();
  const withoutFile: string[] = [];
  for (const row of rows) {
    const migration = files.get(history.recordedKey(row.recorded));
    const made = migration === undefined
      ? futureRow(history, row, graph)
      : fileRow(migration, row.appliedAt);
    if (made === undefined) withoutFile.push(row.recorded);
    else if (!record.has(made.version)) record.set(made.version, made);
  }
  return { record: [...record.values()], withoutFile };
}

function upToLatest(
  history: ForeignHistory,
  rows: readonly ForeignRow[],
  graph: Graph,
): Found {
  const [row] = rows;
  const latest = row === undefined
    ? undefined
    : number(history.recordedKey(row.recorded));
  // golang-migrate's version -1 says that nothing is applied.
  if (row === undefined || latest === undefined || latest < 0n) {
    return { record: [], withoutFile: [] };
  }
  const record: ImportRow[] = [];
  let here = false;
  for (const migration of graph.order) {
    const version = number(history.fileKey(migration) ?? "");
    if (version === undefined || version > latest) continue;
    here ||= version === latest;
    record.push(fileRow(migration, row.appliedAt));
  }
  if (here) return { record, withoutFile: [] };
  const future = futureRow(history, row, graph);
  return future === undefined
    ? { record, withoutFile: [row.recorded] }
    : { record: [...record, future], withoutFile: [] };
}

function number(text: string): bigint | undefined {
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

function fileRow(migration: Migration, appliedAt: string | null): ImportRow {
  return {
    version: migration.version,
    name: migration.name,
    migration,
    appliedAt,
  };
}

/**
 * The row of a migration that is newer than every file: a newer release has
 * run it, and when its file comes it must not run again. What is older and
 * has no file was squashed or deleted, and would only block every upgrade.
 */
function futureRow(
  history: ForeignHistory,
  row: ForeignRow,
  graph: Graph,
): ImportRow | undefined {
  const version = history.versionOf?.(row.recorded);
  if (version === undefined || graph.order.length === 0) return undefined;
  if (graph.order.some((m) => compareVersions(m.version, version) >= 0)) {
    return undefined;
  }
  const stem = row.recorded.replace(/\.sql$/, "");
  const name = stem.startsWith(`${version}_`)
    ? stem.slice(version.length + 1)
    : "";
  return { version, name, migration: undefined, appliedAt: row.appliedAt };
}

/** What an upgrade would find to do afterwards: asked of the planner itself. */
function pendingFiles(
  record: readonly ImportRow[],
  files: { readonly graph: Graph; readonly environment: string | undefined },
): PendingFile[] {
  const history = historyOf(record.map((row) => ({
    ...rowInForce(row),
    appliedAt: row.appliedAt ?? "",
  })));
  return standings({ ...files, history }).flatMap(({ migration, standing }) =>
    migration !== undefined && (standing === "pending" || standing === "late")
      ? [{
        version: migration.version,
        name: migration.name,
        file: migration.file,
        late: standing === "late",
      }]
      : []
  );
}

/** Whether pawl's history already says exactly what an import would make it say. */
export function isImported(plan: ImportPlan, history: History): boolean {
  return history.rows.length === plan.record.length &&
    plan.record.every((row) => {
      const recorded = history.byVersion.get(row.version);
      return inForce(recorded) &&
        (recorded?.upRaw ?? undefined) === row.migration?.up.raw;
    });
}
