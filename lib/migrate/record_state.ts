/**
 * Records the state of the schema that a run leaves, once a run, after its
 * last commit. What had drifted before and the run has not touched stays as it
 * was recorded: it is drift until somebody says otherwise. What cannot be
 * recorded fails no run: the migrations are in force and in the history.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { type Execution, rollback, withCancel } from "./execution.ts";
import type { HashedSchema } from "./live_state.ts";
import { type RecordedObjects, recordObjects } from "./objects_sql.ts";
import type { Migration } from "./model.ts";
import type { Project } from "./project.ts";
import type { RecordedDifference } from "./recorded_drift.ts";
import { recordedSummary } from "./recorded_state.ts";
import type { Schema } from "../schema/schema.ts";
import { beginStatements } from "./session_text.ts";

/** What a run finds before it changes anything. */
export interface DriftBefore {
  /**
   * The hash of every live object by address; undefined where nothing is
   * recorded that this could be compared with.
   */
  readonly hashes: ReadonlyMap<string, string> | undefined;
  /** Whether it is known that migrations alone have led there. */
  readonly clean: boolean;
  /** What to tell the user, one line each. */
  readonly warnings: readonly string[];
}

const NOTHING_KNOWN: DriftBefore = {
  hashes: undefined,
  clean: false,
  warnings: [],
};

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
    if (summary.hash === undefined) return NOTHING_KNOWN;
    const { recordedDrift } = await import("./recorded_drift.ts");
    const drift = await withCancel(
      execution,
      () => recordedDrift(session, { settings: project.settings, scope }),
    );
    const found = drift.differences.filter(({ apart, partOf }) =>
      apart === undefined && partOf === undefined
    );
    const { hashes } = drift.live;
    if (found.length === 0) return { hashes, clean: true, warnings: [] };
    if (fail) throw drifted(session.info.place, found);
    return {
      hashes,
      clean: false,
      warnings: [
        `the schema was changed by hand: ${marksOf(found)}; pawl drift`,
      ],
    };
  } catch (error) {
    const stops = fail || execution.signal?.aborted || !session.open;
    if (stops || !(error instanceof Error)) throw error;
    await rollback(session);
    return {
      ...NOTHING_KNOWN,
      warnings: [
        `whether the schema has drifted is not known: ${error.message}`,
      ],
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
  /** Whether it has come to doing anything. */
  readonly changed: boolean;
  /** What it found before. */
  readonly before: DriftBefore;
  /** What has run, where files say what it leaves. */
  readonly migrations?: readonly Migration[];
  /** Those of them whose start was compared with what their files say. */
  readonly compared?: readonly Migration[];
}

/**
 * Compares what is there before a run with what its files' headers say. Where
 * it is known that nobody has changed the schema by hand, another state than a
 * file's is that of another branch, merged since, and is nothing to tell of.
 *
 * @param project The project.
 * @param execution The run, under its lock.
 * @param about What is about to run, in order, and what drift was found.
 * @returns Warnings, one line each; and whose `after` can be compared.
 * @throws {PawlError} `schema-drifted` where something is not as a file says
 * and `[drift] fail` is set.
 */
export async function checkBefore(
  project: Project,
  execution: Execution,
  { migrations, clean }: {
    readonly migrations: readonly Migration[];
    readonly clean: boolean;
  },
): Promise<{
  readonly warnings: readonly string[];
  readonly compared: readonly Migration[];
}> {
  if (!migrations.some(({ header }) => header.before !== undefined)) {
    return { warnings: [], compared: [] };
  }
  const { readLive } = await import("./live_state.ts");
  const { compareBefore, warnOrFail } = await import("./expected_state.ts");
  const { schema } = await withCancel(
    execution,
    () => readLive(execution.session, project.settings),
  );
  const { found, fitting } = await compareBefore(migrations, schema);
  return clean ? { warnings: [], compared: fitting } : {
    warnings: warnOrFail(found, project.settings.drift.fail),
    compared: [...fitting, ...found.map(({ migration }) => migration)],
  };
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
  if (!left.changed || !session.open || signal?.aborted) return [];
  try {
    await beginAnew(execution);
    const { readLive, stateOfHashed } = await import("./live_state.ts");
    const live = await withCancel(
      execution,
      () => readLive(session, project.settings),
    );
    const { gone, schema } = touched(live, left.before.hashes);
    await recordState(execution, {
      state: await stateOfHashed({ ...live, schema }),
      gone,
      schemaHash: live.hash,
    });
    const { migrations = [], compared = [] } = left;
    if (!migrations.some(({ header }) => header.after !== undefined)) return [];
    const { unexpectedAfter, warnOrFail } = await import("./expected_state.ts");
    return warnOrFail(
      await unexpectedAfter(migrations, { schema: live.schema, compared }),
      false,
    );
  } catch (error) {
    if (session.open) await rollback(session).catch(() => {});
    const why = error instanceof Error ? error.message : String(error);
    return [
      `the state that this run leaves could not be recorded, so that pawl drift will show its changes: ${why}; pawl state push --live records it`,
    ];
  }
}

/** What a run has changed, by what there was before; all of it where that is not known. */
function touched(
  { schema, hashes }: HashedSchema,
  before: DriftBefore["hashes"],
): { readonly schema: Schema; readonly gone: readonly string[] | undefined } {
  if (before === undefined) return { schema, gone: undefined };
  const objects = [...schema.objects].filter(([address]) =>
    hashes.get(address) !== before.get(address)
  );
  return {
    schema: { ...schema, objects: new Map(objects) },
    gone: [...before.keys()].filter((address) => !hashes.has(address)),
  };
}

/** The role and the settings of the run, whatever its last file has made of them. */
async function beginAnew(execution: Execution): Promise<void> {
  if (execution.session.info.pooled) return;
  const texts = [...beginStatements(execution, true), "COMMIT"];
  await withCancel(
    execution,
    () => execution.session.script(texts.join(";\n")),
  );
}

/**
 * Writes the state of objects, in one transaction.
 *
 * @param execution The run.
 * @param recorded The objects, and the hash of the schema where a migration left it.
 */
export async function recordState(
  execution: Execution,
  recorded: RecordedObjects,
): Promise<void> {
  const texts = [
    ...beginStatements(execution, false),
    ...recordObjects(execution.scope, recorded),
    "COMMIT",
  ];
  await withCancel(
    execution,
    () => execution.session.script(texts.join(";\n")),
  );
}
