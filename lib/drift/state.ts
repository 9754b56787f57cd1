/**
 * `state`: the local state (the newest snapshot file) and the database's
 * (`pawl.objects`), compared and brought together either way.
 *
 * @module
 */

import { join } from "node:path";
import { PawlError } from "../errors.ts";
import { inForce, loadHistory } from "../migrate/history.ts";
import { readLive, stateOfHashed } from "../migrate/live_state.ts";
import { displayPath, historyScope, type Project } from "../migrate/project.ts";
import { recordState } from "../migrate/record_state.ts";
import { recordedState, recordedSummary } from "../migrate/recorded_state.ts";
import { noteEvent } from "../migrate/run_events.ts";
import {
  type RunOptions,
  underLock,
  withExecution,
} from "../migrate/run_session.ts";
import { compareVersions, nextVersion } from "../migrate/version.ts";
import type { Session } from "../pg/session.ts";
import { addressParts, standInFor } from "../schema/address_parts.ts";
import {
  compareStates,
  isComparable,
  type SchemaState,
  type StateDifference,
} from "../schema/object_state.ts";
import { makeSchema } from "../schema/schema.ts";
import { writeSnapshotFile } from "../sources/snapshot_file.ts";
import { parentsOf } from "./compare.ts";
import { readNewestSnapshot } from "./snapshots.ts";

/** The two states of a project. */
export interface StateReport {
  /** The project's name. */
  readonly project: string;
  /** Where the database is, without secrets. */
  readonly database: string;
  /** The newest snapshot file and its schema's hash; undefined: there is none. */
  readonly local:
    | { readonly file: string; readonly hash: string }
    | undefined;
  /** What `pawl.objects` has; the hash is undefined where it cannot be compared. */
  readonly recorded: {
    readonly objects: number;
    readonly hash: string | undefined;
  };
  /** Whether they are the same. */
  readonly consistent: boolean;
  /** What differs: from the local state to the recorded one. */
  readonly differences: readonly StateDifference[];
}

/** What a pull or push has done. */
export interface StateSync {
  /** Where the database is, without secrets. */
  readonly database: string;
  /** What the state came from: a file, `pawl.objects`, or the live database. */
  readonly from: string;
  /** What was written; undefined: everything was as it is. */
  readonly written: string | undefined;
  /** The hash of the schema; undefined where only some objects were taken. */
  readonly hash: string | undefined;
  /** What differed before: from what was there to what is. */
  readonly differences: readonly StateDifference[];
}

/**
 * Compares the newest snapshot file with the recorded state.
 *
 * @param project The project.
 * @param options Signal and listeners.
 * @throws {PawlError} What reading either of them throws.
 */
export async function checkState(
  project: Project,
  options: RunOptions = {},
): Promise<StateReport> {
  const local = await readNewestSnapshot(project);
  return await withExecution(
    project,
    { ...options, readOnly: true },
    async ({ session }) => {
      const scope = historyScope(project.settings);
      const summary = await recordedSummary(session, scope);
      const consistent = local === undefined
        ? summary.count === 0
        : local.hash === summary.hash;
      return {
        project: project.settings.project,
        database: session.info.place,
        local: local === undefined
          ? undefined
          : { file: local.display, hash: local.hash },
        recorded: { objects: summary.count, hash: summary.hash },
        consistent,
        differences: consistent || local === undefined ||
            summary.hash === undefined
          ? []
          : compareStates(
            await stateOfHashed(local),
            await recordedState(session, scope),
          ),
      };
    },
  );
}

/** How to pull. */
export interface PullOptions extends RunOptions {
  /** The time that the new file is named after. */
  readonly now: Date;
}

/**
 * Writes the recorded state into a new snapshot file. The history has hashes
 * only: the objects are those of the live database, which must be as recorded.
 *
 * @param project The project.
 * @param options The time, signal and listeners.
 * @throws {PawlError} `schema-drifted` where the live database is not as recorded.
 */
export async function pullState(
  project: Project,
  options: PullOptions,
): Promise<StateSync> {
  const local = await readNewestSnapshot(project);
  return await withExecution(
    project,
    { ...options, readOnly: true },
    async ({ session }) => {
      const { settings } = project;
      const summary = await recordedSummary(session, historyScope(settings));
      const database = session.info.place;
      if (summary.hash === undefined) throw nothingRecorded(database);
      const done = { database, from: "pawl.objects", hash: summary.hash };
      if (local?.hash === summary.hash) {
        return { ...done, written: undefined, differences: [] };
      }
      const live = await readLive(session, settings, { dependencies: true });
      if (live.hash !== summary.hash) {
        throw new PawlError(
          "schema-drifted",
          `Cannot pull the state: ${database} is not as it was recorded`,
          {
            hint:
              "pawl drift shows how; pawl state push --live records it as it is",
          },
        );
      }
      const path = join(
        settings.snapshots,
        await fileName(session, project, options.now),
      );
      const display = displayPath(project, path);
      Deno.mkdirSync(settings.snapshots, { recursive: true });
      await writeSnapshotFile(path, live.schema, display);
      return {
        ...done,
        written: display,
        differences: compareStates(
          local === undefined ? new Map() : await stateOfHashed(local),
          await stateOfHashed(live),
        ),
      };
    },
  );
}

/** As `pawl snapshot` names its files: by the last version in force, or the time. */
async function fileName(
  session: Session,
  project: Project,
  now: Date,
): Promise<string> {
  const { rows } = await loadHistory(session, historyScope(project.settings));
  const version = rows.filter(inForce).map((row) => row.version)
    .sort(compareVersions).at(-1);
  const id = version ?? nextVersion([], { format: "timestamp", now });
  return `${id}_snapshot.json`;
}

function nothingRecorded(database: string): PawlError {
  return new PawlError(
    "history-missing",
    `Cannot pull the state: nothing that can be compared is recorded in ${database}`,
    {
      hint:
        "pawl upgrade records the state that it leaves; pawl state push --live records it as it is now",
    },
  );
}

/** How to push. */
export interface PushOptions extends RunOptions {
  /** Record the live database as it is, and not the newest snapshot file. */
  readonly live?: boolean;
  /** Only these objects, with their parts: addresses or names; none: all. */
  readonly objects?: readonly string[];
}

/**
 * Records a state in `pawl.objects`: that of the newest snapshot file, or that
 * of the live database.
 *
 * @param project The project.
 * @param options Which, which objects of it, signal and listeners.
 * @throws {PawlError} `file-unreadable` where there is no snapshot file.
 */
export async function pushState(
  project: Project,
  options: PushOptions = {},
): Promise<StateSync> {
  const local = options.live === true
    ? undefined
    : await readNewestSnapshot(project);
  if (options.live !== true && local === undefined) {
    throw new PawlError(
      "file-unreadable",
      `Cannot push the state: there is no snapshot in ${
        displayPath(project, project.settings.snapshots)
      }`,
      { hint: "pawl state push --live records the live database as it is" },
    );
  }
  return await withExecution(
    project,
    options,
    (execution) =>
      underLock(project, execution, {
        ...options,
        work: async (locked) => {
          const { session, scope } = locked;
          const from = local ?? await readLive(session, project.settings);
          const before = await comparableState(session, scope);
          const wanted = options.objects ?? [];
          const state = overlay(before, await stateOfHashed(from), wanted);
          const differences = compareStates(before, state);
          const changed = state.size !== before.size || differences.length > 0;
          if (changed) {
            await recordState(locked, {
              state,
              gone: undefined,
              schemaHash: undefined,
            });
            await noteEvent(locked, {
              event: "state-recorded",
              detail: {
                from: local?.display ?? "live",
                changed: differences.length,
              },
            });
          }
          return {
            database: session.info.place,
            from: local?.display ?? "the live database",
            written: changed ? "pawl.objects" : undefined,
            hash: wanted.length === 0 ? from.hash : undefined,
            differences,
          };
        },
      }),
  );
}

/** The recorded state; nothing where it is of another canonical form. */
async function comparableState(
  session: Session,
  scope: ReturnType<typeof historyScope>,
): Promise<SchemaState> {
  const state = await recordedState(session, scope);
  return isComparable(state) ? state : new Map();
}

/** A state with some objects, and their parts, as another one has them. */
function overlay(
  before: SchemaState,
  now: SchemaState,
  wanted: readonly string[],
): SchemaState {
  if (wanted.length === 0) return now;
  const all = [...new Set([...before.keys(), ...now.keys()])];
  const known = makeSchema(standInFor(all), { version: 0 });
  const found = new Set<string>();
  const isWanted = (address: string) =>
    wanted.some((text) => {
      const is = address === text || addressParts(address).name === text;
      if (is) found.add(text);
      return is;
    });
  const chosen = new Set(
    all.filter((address) =>
      [address, ...parentsOf(address, known)].some(isWanted)
    ),
  );
  const missing = wanted.find((text) => !found.has(text));
  if (missing !== undefined) {
    throw new PawlError(
      "usage",
      `Cannot push ${missing}: no object of that name is there or recorded`,
      { hint: "pawl drift names the objects that differ" },
    );
  }
  const kept = [...before].filter(([address]) => !chosen.has(address));
  const taken = [...now].filter(([address]) => chosen.has(address));
  return new Map([...kept, ...taken]);
}
