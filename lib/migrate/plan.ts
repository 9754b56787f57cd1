/**
 * What a run would do: from the files' graph, the history and a target to a
 * list of migrations. Pure; the runner plans again under the lock with the
 * same function, and `status`, `--dry-run` and `--check` show what it says.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { ancestors, type Graph } from "./graph.ts";
import { type History, type HistoryRow, inForce } from "./history.ts";
import type { Migration } from "./model.ts";
import { compareVersions, findVersion, fullName } from "./version.ts";

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

/** What is to be done with one migration. */
export interface PlannedUp {
  /**
   * `run` it; `resume` it where it stopped; `record` it, because all that it
   * replaces has been applied.
   */
  readonly action: "run" | "resume" | "record";
  readonly migration: Migration;
}

/** What the planner looks at. */
export interface PlanInput {
  readonly graph: Graph;
  readonly history: History;
  /** The environment's name, for `only`. */
  readonly environment: string | undefined;
}

function isFor(migration: Migration, environment: string | undefined): boolean {
  const only = migration.header.only;
  return only === undefined ||
    (environment !== undefined && only.includes(environment));
}

/** Versions that count as done: in force, or replaced by one in force. */
function doneVersions({ graph, history }: PlanInput): Set<string> {
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
function passedOver(
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
function lateMigrations(
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

/** How `planUpgrade` is asked. */
export interface UpgradeRequest {
  /** A version, a unique prefix, `head`, or `+N`; undefined: head. */
  readonly target?: string;
  /** Whether late files may run. */
  readonly outOfOrder?: boolean;
}

/**
 * Plans an upgrade.
 *
 * @param input Graph, history, environment.
 * @param request The target.
 * @returns What to run, in order; empty when nothing is pending.
 * @throws {PawlError} `migration-late`, `history-diverged`,
 * `migration-partial`, `several-heads` (from `requireOneHead`, the caller's),
 * `target-unknown`.
 */
export function planUpgrade(
  input: PlanInput,
  request: UpgradeRequest,
): PlannedUp[] {
  const { graph, history } = input;
  refuseMissing(input);
  const done = doneVersions(input);
  const over = passedOver(input, done);
  const late = lateMigrations(input, { done, over });
  const inOrder = graph.order.filter((m) =>
    !over.has(m.version) && !inForce(history.byVersion.get(m.version))
  );
  const candidates = selectTarget(input, inOrder, request.target);
  const refused = late.filter((m) =>
    candidates.includes(m) && request.outOfOrder !== true &&
    !m.header.outOfOrder
  );
  refuseLate(input, refused);
  const planned: PlannedUp[] = [];
  const willBeDone = new Set(done);
  for (const migration of candidates) {
    const row = history.byVersion.get(migration.version);
    if (row?.state === "partial" && isDownPartial(history, migration.version)) {
      throw new PawlError(
        "migration-partial",
        `Cannot upgrade: ${migration.file} is half rolled back (${row.stepsDone} of ${row.stepsTotal} steps)`,
        { hint: "Finish that first: pawl downgrade" },
      );
    }
    const replaces = migration.header.replaces;
    const action = row?.state === "partial" ? "resume" : replaces.length > 0 &&
        replaces.every((version) => willBeDone.has(version))
      ? "record"
      : "run";
    planned.push({ action, migration });
    willBeDone.add(migration.version);
  }
  return planned;
}

/** Whether a migration's unfinished steps go down. */
export function isDownPartial(history: History, version: string): boolean {
  return history.progress.some((p) =>
    p.version === version && p.direction === "down"
  );
}

function selectTarget(
  input: PlanInput,
  pending: readonly Migration[],
  target: string | undefined,
): Migration[] {
  if (target === undefined || target === "head" || target === "heads") {
    return [...pending];
  }
  const relative = /^\+(\d+)$/.exec(target);
  if (relative !== null) return pending.slice(0, Number(relative[1]));
  if (target === "base" || /^-\d+$/.test(target)) {
    throw new PawlError(
      "target-unknown",
      `Cannot upgrade to ${target}: that is not ahead`,
      {
        hint: `pawl downgrade ${target} goes there`,
      },
    );
  }
  const wanted = findVersion(input.graph.order, target);
  const needed = ancestors(input.graph, [wanted.version]);
  for (const version of wanted.header.replaces) needed.add(version);
  return pending.filter((m) => needed.has(m.version));
}

function refuseLate(input: PlanInput, late: readonly Migration[]): void {
  const [first] = late;
  if (first === undefined) return;
  const explicit = input.graph.order.find((m) =>
    inForce(input.history.byVersion.get(m.version)) &&
    (m.header.depends ?? []).some((d) =>
      d.project === undefined && d.version === first.version
    )
  );
  const applied = explicit ??
    input.graph.order.findLast((m) =>
      inForce(input.history.byVersion.get(m.version))
    );
  throw new PawlError(
    "migration-late",
    explicit === undefined
      ? `Cannot upgrade: ${first.file} sorts before ${applied?.file}, which has been applied`
      : `Cannot upgrade: ${explicit.file} has been applied, but ${first.file}, which it depends on, has not`,
    {
      details: late.slice(1).map((m) => `so does ${m.file}`),
      hint:
        `pawl rebase ${first.file} gives it a new version; pawl upgrade --out-of-order runs it as it is; a depends line and pawl merge make it a branch`,
    },
  );
}

/** Refuses a history with versions that no file has, unless they are newer. */
function refuseMissing(input: PlanInput): void {
  const missing = standings(input).filter((entry) =>
    entry.standing === "missing"
  );
  if (missing.length === 0 || input.graph.order.length === 0) return;
  throw new PawlError(
    "history-diverged",
    `Cannot go on: ${
      missing.length === 1 ? "a migration" : `${missing.length} migrations`
    } of the history ${missing.length === 1 ? "has" : "have"} no file`,
    {
      details: missing.slice(0, 10).map((e) => fullName(e)),
      hint:
        "Restore the files from version control; where they were deleted on purpose, pawl prune takes their rows away",
    },
  );
}

/** What is to be undone. */
export interface PlannedDown {
  readonly action: "run" | "resume";
  readonly row: HistoryRow;
  /** The file; undefined where only the history has it. */
  readonly migration: Migration | undefined;
}

/**
 * Plans a downgrade.
 *
 * @param input Graph, history, environment.
 * @param target `-N` (default `-1`), `base`, or a version that stays applied.
 * @returns What to undo, the latest first.
 * @throws {PawlError} `target-unknown`.
 */
export function planDowngrade(
  input: PlanInput,
  target: string | undefined,
): PlannedDown[] {
  const { graph, history } = input;
  const position = new Map(graph.order.map((m, i) => [m.version, i]));
  const place = (row: HistoryRow) => position.get(row.version) ?? Infinity;
  const standing = history.rows.filter((row) =>
    inForce(row) || row.state === "partial"
  );
  const latestFirst = [...standing].sort((a, b) => {
    const byFile = place(b) - place(a);
    return Number.isNaN(byFile) || byFile === 0
      ? compareVersions(b.version, a.version)
      : byFile;
  }).filter((row) =>
    !graph.replacedBy.has(row.version) ||
    !inForce(
      history.byVersion.get(graph.replacedBy.get(row.version)?.version ?? ""),
    )
  );
  const chosen = chooseDowngrade(input, latestFirst, target);
  return chosen.map((row) => ({
    action: row.state === "partial" ? "resume" : "run",
    row,
    migration: graph.byVersion.get(row.version),
  }));
}

function chooseDowngrade(
  input: PlanInput,
  latestFirst: readonly HistoryRow[],
  target: string | undefined,
): HistoryRow[] {
  if (target === "base") return [...latestFirst];
  const relative = /^-(\d+)$/.exec(target ?? "-1");
  if (relative !== null) return latestFirst.slice(0, Number(relative[1]));
  if (target === undefined || target === "head" || target.startsWith("+")) {
    throw new PawlError(
      "target-unknown",
      `Cannot downgrade to ${target}: that is not behind`,
      {
        hint: `pawl upgrade ${target} goes there`,
      },
    );
  }
  const known = new Map<string, { version: string; name: string }>();
  for (const row of latestFirst) known.set(row.version, row);
  for (const migration of input.graph.order) {
    known.set(migration.version, migration);
  }
  const wanted = findVersion([...known.values()], target);
  if (!latestFirst.some((row) => row.version === wanted.version)) {
    throw new PawlError(
      "target-unknown",
      `Cannot downgrade to ${wanted.version}: it is not applied`,
      {
        hint: "pawl list shows what is",
      },
    );
  }
  if (!input.graph.byVersion.has(wanted.version)) {
    // Nobody knows what a version without a file follows: all before it stays.
    return latestFirst.filter((row) =>
      compareVersions(row.version, wanted.version) > 0
    );
  }
  const stays = ancestors(input.graph, [wanted.version]);
  return latestFirst.filter((row) =>
    row.version !== wanted.version && !stays.has(row.version) &&
    (input.graph.byVersion.has(row.version) ||
      compareVersions(row.version, wanted.version) > 0)
  );
}
