/**
 * Snapshot files: written whole or not at all, and read with their hash
 * checked.
 *
 * @module
 */

import { kindOf } from "../kinds/registry.ts";
import { hashesOf } from "../kinds/schema_hashes.ts";
import { writeFileAtomic } from "../migrate/write_file.ts";
import type { Schema } from "../schema/schema.ts";
import {
  parseSnapshot,
  requireSnapshotHash,
  writeSnapshot,
} from "../schema/snapshot.ts";
import { readText } from "./files.ts";

/**
 * The hash of a schema.
 *
 * @param schema The schema, wherever it was read from.
 * @returns `h1:` and 64 hex digits.
 */
export async function hashOf(schema: Schema): Promise<string> {
  return (await hashesOf(schema)).hash;
}

/**
 * Writes a snapshot file, in place of one that is there.
 *
 * @param path Where; its directory must exist.
 * @param schema The schema, read with its dependencies.
 * @param display The path that messages name; the path itself by default.
 * @returns The schema's hash.
 * @throws {PawlError} `file-unwritable`: a file that was there is as it was.
 */
export async function writeSnapshotFile(
  path: string,
  schema: Schema,
  display: string = path,
): Promise<string> {
  const hash = await hashOf(schema);
  writeFileAtomic(path, writeSnapshot(schema, hash), {
    display,
    replace: true,
  });
  return hash;
}

/**
 * Reads a snapshot file.
 *
 * @param path Where it is.
 * @param display The path that messages name; the path itself by default.
 * @returns The schema.
 * @throws {PawlError} `file-unreadable`, `snapshot-invalid`, or `checksum-mismatch` where it was
 * edited.
 */
export async function readSnapshotFile(
  path: string,
  display: string = path,
): Promise<Schema> {
  const snapshot = parseSnapshot(readText(path, display), {
    file: display,
    shapeOf: (kind) => kindOf(kind)?.shape,
  });
  requireSnapshotHash(snapshot, await hashOf(snapshot.schema), display);
  return snapshot.schema;
}
