/**
 * `drift`: how a live database differs from what it is to be: the last
 * recorded state, a snapshot file, or the declared schema.
 *
 * @module
 */

import { withoutIgnored } from "../catalog/scope.ts";
import { PawlError } from "../errors.ts";
import {
  type HashedSchema,
  type ReadHashes,
  readLive,
} from "../migrate/live_state.ts";
import { ownedBy } from "../kinds/owned_by.ts";
import { displayFrom, historyScope, type Project } from "../migrate/project.ts";
import {
  type RecordedDrift,
  recordedDrift,
} from "../migrate/recorded_drift.ts";
import { type RunOptions, withExecution } from "../migrate/run_session.ts";
import type { Schema, SchemaNotice } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { hashOf, readSnapshotFile } from "../sources/snapshot_file.ts";
import { compareSchemas } from "./compare.ts";
import { readDeclared, withinDeclared } from "./declared.ts";
import { recordedEntries, recordedObjects } from "./recorded.ts";
import type { Against, DriftEntry, DriftReport } from "./report.ts";
import { readNewestSnapshot } from "./snapshots.ts";
import { type Difference, isUndoable, withUndo } from "./undo.ts";

/** How to look for drift. */
export interface DriftOptions extends Omit<SourceContext, "project"> {
  /** What to compare with; the recorded state by default. */
  readonly against?: Against | undefined;
}

/**
 * Compares the project's database with what it is to be.
 *
 * @param project The project.
 * @param options What to compare with, shadow, signal, listeners.
 * @returns What differs.
 * @throws {PawlError} `history-missing` where no state has been recorded, and
 * what reading either side throws.
 *
 * @example Whether anybody has changed the schema by hand
 * ```ts ignore
 * const report = await drift(openProject({ environment: "production" }));
 * if (report.drifted) console.log(report.entries);
 * ```
 */
export async function drift(
  project: Project,
  options: DriftOptions = {},
): Promise<DriftReport> {
  const against = options.against ?? { kind: "recorded" };
  switch (against.kind) {
    case "recorded":
      return await againstRecorded(project, options);
    case "snapshot": {
      const path = displayFrom(project.cwd, against.path);
      const from = await readSnapshotFile(against.path, path);
      return await againstSchema(project, options, {
        against: path,
        keep: () => "pawl state pull",
        from: withoutIgnored(from, { patterns: project.settings.ignore }),
        live: (live) => live,
      });
    }
    case "declared": {
      const declared = await readDeclared({ ...options, project });
      return await againstSchema(project, options, {
        against: `the declared schema (${declared.name})`,
        keep: (kind) => keepDeclared(kind, declared.name),
        from: declared.schema,
        live: (live) => withinDeclared(live, declared.schema),
      });
    }
    default:
      return against satisfies never;
  }
}

function keepDeclared(kind: Difference["kind"], name: string): string {
  switch (kind) {
    case "created":
      return `write it into ${name}`;
    case "dropped":
      return `remove it from ${name}`;
    case "altered":
      return `write it into ${name} as it is now`;
    default:
      return kind satisfies never;
  }
}

/** What a schema is compared as. */
interface Other {
  readonly against: string;
  readonly keep: (kind: Difference["kind"]) => string;
  readonly from: Schema;
  /** What of the live schema counts. */
  readonly live: (live: Schema) => Schema;
}

async function againstSchema(
  project: Project,
  options: DriftOptions,
  other: Other,
): Promise<DriftReport> {
  const { live, place } = await withLive(project, options);
  const to = other.live(live.schema);
  const from = ownedBy(other.from, live.schema.owner);
  const entries = await compareSchemas(from, to, {
    keep: other.keep,
    undeclared: project.settings.undeclared === "report" &&
      options.against?.kind === "declared",
  });
  return makeReport(project, {
    place,
    live: { hash: live.hash, notices: live.schema.notices },
    against: other.against,
    expected: await hashOf(from),
    entries: await undone(project, options, {
      differences: entries,
      was: from,
      live: other.live,
    }),
  });
}

/** How differences are taken back; only then it matters what depends on what. */
async function undone(
  project: Project,
  options: DriftOptions,
  found: {
    readonly differences: readonly Difference[];
    /** What things were, as far as that is known. */
    readonly was: Schema;
    /** What of the live schema counts. */
    readonly live: (live: Schema) => Schema;
  },
): Promise<DriftEntry[]> {
  const { differences, was } = found;
  if (!differences.some(isUndoable)) {
    return differences.map((one) => ({ ...one, undo: undefined }));
  }
  const { schema } = await withExecution(
    project,
    { ...sessionOptions(options), readOnly: true },
    ({ session }) =>
      readLive(session, project.settings, { dependencies: true }),
  );
  return await withUndo(differences, { is: found.live(schema), was });
}

async function withLive(
  project: Project,
  options: DriftOptions,
): Promise<{ readonly live: HashedSchema; readonly place: string }> {
  return await withExecution(
    project,
    { ...sessionOptions(options), readOnly: true },
    async ({ session }) => ({
      live: await readLive(session, project.settings),
      place: session.info.place,
    }),
  );
}

/** What the listeners of a run are given. */
export function sessionOptions(
  { signal, onWarning }: Pick<DriftOptions, "signal" | "onWarning">,
): Pick<RunOptions, "signal" | "onWarning"> {
  return { signal, ...(onWarning === undefined ? {} : { onWarning }) };
}

/** Compares with the recorded state, as {@linkcode drift} and `status --drift` do. */
export async function readRecordedDrift(
  project: Project,
  options: DriftOptions = {},
): Promise<RecordedDrift & { readonly place: string }> {
  return await withExecution(
    project,
    { ...sessionOptions(options), readOnly: true },
    async ({ session }) => ({
      ...await recordedDrift(session, {
        settings: project.settings,
        scope: historyScope(project.settings),
      }),
      place: session.info.place,
    }),
  );
}

async function againstRecorded(
  project: Project,
  options: DriftOptions,
): Promise<DriftReport> {
  const found = await readRecordedDrift(project, options);
  if (found.summary.count === 0) {
    throw new PawlError(
      "history-missing",
      `Cannot tell drift: no state of ${found.place} has been recorded for project ${project.settings.project}`,
      {
        hint:
          "pawl upgrade records the state that it leaves; pawl state push --live records it as it is now; pawl drift --against compares with something else",
      },
    );
  }
  const warnings: string[] = [];
  const snapshot = found.differences.length === 0
    ? undefined
    : await readNewestSnapshot(project).catch((error) => {
      // It would only add what things were.
      if (error instanceof PawlError) warnings.push(error.message);
      else throw error;
    });
  const was = await recordedObjects(found, snapshot ?? undefined);
  const comparable = found.summary.hash !== undefined;
  if (!comparable) {
    warnings.push(
      "the recorded state is of another canonical form and cannot be compared: the next upgrade records it anew, or pawl state push --live",
    );
  }
  return makeReport(project, {
    place: found.place,
    live: found.live,
    against: "the last recorded state",
    expected: found.summary.hash,
    comparable,
    warnings,
    entries: await undone(project, options, {
      differences: recordedEntries(found, was),
      was,
      live: (live) => live,
    }),
  });
}

function makeReport(
  project: Project,
  made: {
    readonly place: string;
    readonly live: Pick<ReadHashes, "hash" | "notices">;
    readonly against: string;
    readonly expected: string | undefined;
    readonly entries: readonly DriftEntry[];
    readonly comparable?: boolean;
    readonly warnings?: readonly string[];
  },
): DriftReport {
  const { entries } = made;
  return {
    project: project.settings.project,
    environment: project.settings.environment,
    database: made.place,
    against: made.against,
    comparable: made.comparable ?? true,
    hash: made.live.hash,
    expected: made.expected,
    entries,
    drifted: entries.some(({ apart }) => apart === undefined),
    warnings: [
      ...made.warnings ?? [],
      ...made.live.notices.map(noticeText),
    ],
  };
}

function noticeText({ message }: SchemaNotice): string {
  return message;
}
