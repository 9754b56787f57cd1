/**
 * Snapshot files: written whole or not at all, and read with their hash
 * checked.
 *
 * @module
 */

import { kindOf } from "../kinds/registry.ts";
import { hashesOf, keepHashes } from "../kinds/schema_hashes.ts";
import { writeFileAtomic } from "../migrate/write_file.ts";
import type { Schema } from "../schema/schema.ts";
import {
  parseSnapshot,
  requireSnapshotHash,
  writeSnapshot,
} from "../schema/snapshot.ts";
import { hashesOfSnapshot } from "../schema/snapshot_hashes.ts";
import {
  readLines,
  schemaOfLines,
  type SnapshotLines,
} from "../schema/snapshot_lines.ts";
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
  const text = readText(path, display);
  const usual = await readUsual(text);
  if (usual !== undefined) return usual;
  const snapshot = parseSnapshot(text, { file: display, shapeOf });
  requireSnapshotHash(snapshot, await hashOf(snapshot.schema), display);
  return snapshot.schema;
}

/** The last snapshot that somebody still has: the next one is mostly much the same. */
let last: WeakRef<SnapshotLines> | undefined;
const LINES = new WeakMap<Schema, SnapshotLines>();

/** The schema of a snapshot with nothing unusual about it. */
async function readUsual(text: string): Promise<Schema | undefined> {
  const known = last?.deref();
  const lines = readLines(text, { shapeOf, known });
  if (lines === undefined) return undefined;
  const schema = schemaOfLines(lines);
  if (known === undefined) {
    LINES.set(schema, lines);
    last = new WeakRef(lines);
  }
  const hashes = await hashesOfSnapshot(lines, { shapeOf });
  if (hashes.hash !== lines.hash) return undefined;
  keepHashes(schema, hashes);
  return schema;
}

function shapeOf(kind: string) {
  return kindOf(kind)?.shape;
}
