/**
 * Records the state of the schema that a run leaves, once a run, after its
 * last commit. What had drifted before and the run has not touched stays as it
 * was recorded: it is drift until somebody says otherwise. What cannot be
 * recorded fails no run: the migrations are in force and in the history.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { ObjectState, SchemaState } from "../schema/object_state.ts";
import { type Execution, rollback, withCancel } from "./execution.ts";
import type { HashedSchema } from "./live_state.ts";
import { recordObjects } from "./objects_sql.ts";
import type { Project } from "./project.ts";
import type { RecordedDifference, RecordedDrift } from "./recorded_drift.ts";
import { recordedSummary } from "./recorded_state.ts";
import type { MigrationResult } from "./report.ts";
import { beginStatements } from "./unit_text.ts";

/** What a run finds before it changes anything. */
export interface DriftBefore {
  /** How the database differs from the recorded state; undefined: nobody knows. */
  readonly drift: RecordedDrift | undefined;
  /** What to tell the user, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Looks for drift before a run, where a state has been recorded.
 *
 * @param project The project.
 * @param execution The run, under its lock.
 * @throws {PawlError} `schema-drifted` where there is some and `[drift] fail`
 * is set; what reading the schema throws, then.
 */
export async function driftBefore(
  project: Project,
  execution: Execution,
): Promise<DriftBefore> {
  const { session, scope } = execution;
  const { fail } = project.settings.drift;
  try {
    const summary = await withCancel(
      execution,
      () => recordedSummary(session, scope),
    );
    if (summary.hash === undefined) return { drift: undefined, warnings: [] };
    const { recordedDrift } = await import("./recorded_drift.ts");
    const drift = await withCancel(
      execution,
      () => recordedDrift(session, { settings: project.settings, scope }),
    );
    const found = drift.differences.filter(({ apart, partOf }) =>
      apart === undefined && partOf === undefined
    );
    if (found.length === 0) return { drift, warnings: [] };
    if (fail) throw drifted(session.info.place, found);
    return {
      drift,
      warnings: [`the schema was changed by hand: ${marksOf(found)}; pawl drift`],
    };
  } catch (error) {
    const stops = fail || execution.signal?.aborted || !session.open;
    if (stops || !(error instanceof Error)) throw error;
    await rollback(session);
    return {
      drift: undefined,
      warnings: [`whether the schema has drifted is not known: ${error.message}`],
    };
  }
}

function drifted(
  place: string,
  found: readonly RecordedDifference[],
): PawlError {
  return new PawlError(
    "schema-drifted",
    `Cannot go on: the schema of ${place} was changed by hand, and [drift] fail is set`,
    {
      details: found.map(markOf),
      hint:
        "pawl drift shows what to do about each; pawl state push --live accepts all of it",
    },
  );
}

/** `+table:public.users`, as in the output of `drift`. */
function markOf({ kind, address }: RecordedDifference): string {
  return `${
    kind === "created" ? "+" : kind === "dropped" ? "-" : "~"
  }${address}`;
}

function marksOf(found: readonly RecordedDifference[]): string {
  const more = found.length > 3 ? ` and ${found.length - 3} more` : "";
  return found.slice(0, 3).map(markOf).join(" ") + more;
}

/** What a run has done. */
export interface LeftState {
  /** What became of its migrations. */
  readonly results: readonly MigrationResult[];
  /** What it found before. */
  readonly before: DriftBefore;
}

/**
 * Records the state that a run has left, where it has done anything.
 *
 * @param project The project.
 * @param execution The run, still under its lock.
 * @param left What it has done.
 * @returns Warnings, one line each.
 */
export async function recordLeftState(
  project: Project,
  execution: Execution,
  left: LeftState,
): Promise<string[]> {
  const { session, signal } = execution;
  // A failed migration may have left steps that are in force.
  if (left.results.length === 0 || !session.open || signal?.aborted) return [];
  try {
    await beginAnew(execution);
    const { readLive, stateOfHashed } = await import("./live_state.ts");
    const live = await withCancel(
      execution,
      () => readLive(session, project.settings),
    );
    await recordState(execution, {
      state: withoutDrift(await stateOfHashed(live), live, left.before.drift),
      schemaHash: live.hash,
    });
    return [];
  } catch (error) {
    if (session.open) await rollback(session).catch(() => {});
    const why = error instanceof Error ? error.message : String(error);
    return [
      `the state that this run leaves could not be recorded, so that pawl drift will show its changes: ${why}; pawl state push --live records it`,
    ];
  }
}

/** A state in which what drifted before, and was not touched since, is as it was recorded. */
function withoutDrift(
  state: SchemaState,
  live: HashedSchema,
  before: RecordedDrift | undefined,
): SchemaState {
  if (before === undefined || before.differences.length === 0) return state;
  const kept = new Map<string, ObjectState>(state);
  for (const { address, apart } of before.differences) {
    if (apart?.why === "project" || apart?.why === "partition") continue;
    if (before.live.hashes.get(address) !== live.hashes.get(address)) continue;
    const was = before.recorded.get(address);
    if (was === undefined) kept.delete(address);
    else kept.set(address, was);
  }
  return kept;
}

/** The role and the settings of the run, whatever its last file has made of them. */
async function beginAnew(execution: Execution): Promise<void> {
  if (execution.session.info.pooled) return;
  const texts = [...beginStatements(execution, true), "COMMIT"];
  await withCancel(execution, () => execution.session.script(texts.join(";\n")));
}

/**
 * Writes a state in place of the recorded one, in one transaction.
 *
 * @param execution The run.
 * @param recorded The state, and the hash of the schema where a migration left it.
 */
export async function recordState(
  execution: Execution,
  recorded: {
    readonly state: SchemaState;
    readonly schemaHash: string | undefined;
  },
): Promise<void> {
  const texts = [
    ...beginStatements(execution, false),
    ...recordObjects(execution.scope, recorded),
    "COMMIT",
  ];
  await withCancel(execution, () => execution.session.script(texts.join(";\n")));
}
