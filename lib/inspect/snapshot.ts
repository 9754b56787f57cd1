/**
 * Takes snapshots: the schema of a source in a file.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { PawlError } from "../errors.ts";
import { inForce, loadHistory } from "../migrate/history.ts";
import { displayPath, historyScope, type Project } from "../migrate/project.ts";
import { compareVersions, nextVersion } from "../migrate/version.ts";
import { unwritable, writeFileAtomic } from "../migrate/write_file.ts";
import type { Session } from "../pg/session.ts";
import type { Schema } from "../schema/schema.ts";
import { writeSnapshot } from "../schema/snapshot.ts";
import { hashesOf } from "./hash.ts";
import { chooseSource, readManaged, type ReadRequest } from "./read.ts";

/** How a snapshot is taken. */
export interface SnapshotRequest extends ReadRequest {
  /**
   * The file to write; by default one in the project's directory of
   * snapshots, named by the version that the database stands at, or by the
   * time.
   */
  readonly output?: string | undefined;
  /** Whether no file is written. */
  readonly keep?: boolean;
  /** The time now. */
  readonly now: Date;
}

/** A snapshot that was taken. */
export interface TakenSnapshot {
  /** Where it was written; undefined where it was not. */
  readonly path: string | undefined;
  /** Its text. */
  readonly text: string;
  /** `h1:` and 64 hex digits. */
  readonly hash: string;
  /** The schema. */
  readonly schema: Schema;
  /** The version that the database stands at, where it has a history. */
  readonly version: string | undefined;
}

/**
 * Takes a snapshot.
 *
 * @param project The project.
 * @param request What to read, where to write.
 * @returns The snapshot, which is written whole or not at all.
 * @throws {PawlError} As `readManaged()`; `file-unwritable`.
 */
export async function takeSnapshot(
  project: Project,
  request: SnapshotRequest,
): Promise<TakenSnapshot> {
  let version: string | undefined;
  const { live } = chooseSource(project, request.source);
  const { schema } = await readManaged(project, {
    ...request,
    also: async (session) => {
      if (live) version = await currentVersion(session, project);
    },
  });
  const { hash } = await hashesOf(schema);
  const text = writeSnapshot(schema, hash);
  const taken = { text, hash, schema, version };
  if (request.keep) return { ...taken, path: undefined };
  const id = version ??
    nextVersion([], { format: "timestamp", now: request.now });
  const path = request.output === undefined
    ? join(project.settings.snapshots, `${id}_snapshot.json`)
    : resolve(project.cwd, request.output);
  const display = displayPath(project, path);
  // Only pawl's own directory is made: a mistyped one is not.
  if (request.output === undefined) makeDirectory(dirname(path), display);
  writeFileAtomic(path, text, { display, replace: true });
  return { ...taken, path };
}

/** The last version in force; undefined where that cannot be known. */
async function currentVersion(
  session: Session,
  project: Project,
): Promise<string | undefined> {
  try {
    const history = await loadHistory(session, historyScope(project.settings));
    return history.rows.filter(inForce).map(({ version }) => version)
      .sort(compareVersions).at(-1);
  } catch (error) {
    // The schema may be read by whom the history may not.
    if (error instanceof PawlError && error.code === "permission-denied") {
      return undefined;
    }
    throw error;
  }
}

function makeDirectory(path: string, display: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    throw unwritable(display, error);
  }
}
