/**
 * What a run would do: from the files' graph, the history and a target to a
 * list of migrations. Pure; the runner plans again under the lock with the
 * same function, and `status`, `--dry-run` and `--check` show what it says.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { ancestors } from "./graph.ts";
import { type HistoryRow, inForce } from "./history.ts";
import type { Migration } from "./model.ts";
import {
  doneVersions,
  isDownPartial,
  lateMigrations,
  passedOver,
  type PlanInput,
  standings,
} from "./standings.ts";
import { compareVersions, findVersion, fullName } from "./version.ts";

/** What is to be done with one migration. */
export interface PlannedUp {
  /**
   * `run` it; `resume` it where it stopped; `record` it, because all that it
   * replaces has been applied.
   */
  readonly action: "run" | "resume" | "record";
  readonly migration: Migration;
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
    if (action === "run") refuseHalfReplaced(input, { migration, willBeDone });
    planned.push({ action, migration });
    willBeDone.add(migration.version);
  }
  return planned;
}

/**
 * Refuses a squash where some of what it replaces has run, and the rest has no
 * file any more: to run it would be to do the former twice.
 */
function refuseHalfReplaced(
  { history }: PlanInput,
  { migration, willBeDone }: {
    readonly migration: Migration;
    readonly willBeDone: ReadonlySet<string>;
  },
): void {
  const { replaces } = migration.header;
  const lacking = replaces.filter((version) => !willBeDone.has(version));
  const begun = replaces.some((version) =>
    willBeDone.has(version) ||
    history.byVersion.get(version)?.state === "partial"
  );
  if (!begun) return;
  throw new PawlError(
    "migration-partial",
    `Cannot upgrade: ${migration.file} replaces migrations of which only some have been applied`,
    {
      details: lacking.slice(0, 10).map((version) =>
        `${version} is not applied, and is not to run`
      ),
      hint:
        "Restore the files that it replaces from version control, and upgrade to the last of them first",
    },
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
