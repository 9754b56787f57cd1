/**
 * The local state of a project: the newest of its snapshot files, by the
 * versions in their names, which say the same after a checkout.
 *
 * @module
 */

import { join } from "node:path";
import { displayPath, type Project } from "../migrate/project.ts";
import { type HashedSchema, hashSchema } from "../migrate/live_state.ts";
import { compareVersions } from "../migrate/version.ts";
import { compareAddresses } from "../schema/address.ts";
import { readSnapshotFile } from "../sources/snapshot_file.ts";

/** A snapshot file of a project. */
export interface LocalSnapshot {
  /** Its absolute path. */
  readonly path: string;
  /** The path that messages name. */
  readonly display: string;
}

/**
 * Finds the newest snapshot file of a project.
 *
 * @param project The project.
 * @returns Undefined where there is none.
 */
export function newestSnapshot(project: Project): LocalSnapshot | undefined {
  const { snapshots } = project.settings;
  const newest = namesIn(snapshots).filter((name) => name.endsWith(".json"))
    .sort((a, b) =>
      compareVersions(versionOf(a), versionOf(b)) || compareAddresses(a, b)
    ).at(-1);
  if (newest === undefined) return undefined;
  const path = join(snapshots, newest);
  return { path, display: displayPath(project, path) };
}

/** `20260105_090000` of `20260105_090000_snapshot.json`. */
function versionOf(name: string): string {
  return name.replace(/(_[a-z][^/]*)?\.json$/i, "");
}

function namesIn(directory: string): string[] {
  try {
    return [...Deno.readDirSync(directory)].filter(({ isDirectory }) =>
      !isDirectory
    ).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * Reads the newest snapshot file of a project.
 *
 * @param project The project.
 * @returns Undefined where there is none.
 * @throws {PawlError} `file-unreadable` or `checksum-mismatch`.
 */
export async function readNewestSnapshot(
  project: Project,
): Promise<(LocalSnapshot & HashedSchema) | undefined> {
  const found = newestSnapshot(project);
  if (found === undefined) return undefined;
  const schema = await readSnapshotFile(found.path, found.display);
  return { ...found, ...await hashSchema(schema) };
}
