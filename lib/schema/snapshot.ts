/**
 * A schema as a text: `{"format":"pawl.snapshot/1", "hash":…, "postgres":…,
 * "objects":[…]}`, one object a line, so that it reads well in a git diff.
 * Knows no kind: what a payload must hold is passed in. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { compareAddresses } from "./address.ts";
import { canonicalJson } from "./data.ts";
import type { Schema, SchemaObject } from "./schema.ts";
import {
  type Snapshot,
  SNAPSHOT_FORMAT,
  type SnapshotOptions,
  SnapshotReader,
} from "./snapshot_reader.ts";

export {
  type Snapshot,
  SNAPSHOT_FORMAT,
  type SnapshotOptions,
} from "./snapshot_reader.ts";

/**
 * Writes a snapshot.
 *
 * @param schema The schema, read with its dependencies.
 * @param hash The schema's hash.
 * @returns The text of the file, which ends in a line feed.
 */
export function writeSnapshot(schema: Schema, hash: string): string {
  const objects = [...schema.objects.values()]
    .sort((a, b) => compareAddresses(a.address, b.address)).map(writeObject);
  const head = [
    `"format":${JSON.stringify(SNAPSHOT_FORMAT)}`,
    `"hash":${JSON.stringify(hash)}`,
    `"postgres":${JSON.stringify(versionText(schema.version))}`,
    '"objects":[',
  ].join(",");
  return `{${head}\n${objects.join(",\n")}${
    objects.length === 0 ? "" : "\n"
  }]}\n`;
}

/** The address first, for the eye; the rest in a fixed order. */
function writeObject(object: SchemaObject): string {
  const { address, name, parent, position, depends, payload } = object;
  const parts = [
    `"address":${JSON.stringify(address)}`,
    `"name":${JSON.stringify(name)}`,
    ...(parent === undefined ? [] : [`"parent":${JSON.stringify(parent)}`]),
    ...(position === 0 ? [] : [`"position":${position}`]),
    ...(depends.length === 0 ? [] : [`"depends":${JSON.stringify(depends)}`]),
    `"payload":${canonicalJson(payload)}`,
  ];
  return `{${parts.join(",")}}`;
}

/**
 * Reads a snapshot. Whether its hash fits its objects is for the caller to
 * find out, see {@linkcode requireSnapshotHash}.
 *
 * @param text The text of the file.
 * @param options Its path, and what payloads must hold.
 * @returns The schema and the hash.
 * @throws {PawlError} `snapshot-invalid` for a text that is cut off, of a newer
 * pawl or no snapshot, naming the field and, where there is one, the line.
 */
export function parseSnapshot(
  text: string,
  options: SnapshotOptions,
): Snapshot {
  return new SnapshotReader(text, options).read();
}

/**
 * Refuses a snapshot whose objects are not those that its hash was made of.
 *
 * @param snapshot The snapshot.
 * @param actual The hash of its schema.
 * @param file The path that messages name.
 * @throws {PawlError} `checksum-mismatch`. A hash of another canonical form
 * cannot be compared, and is let pass.
 */
export function requireSnapshotHash(
  snapshot: Snapshot,
  actual: string,
  file: string,
): void {
  const { hash } = snapshot;
  const form = (each: string) => each.slice(0, each.indexOf(":"));
  if (hash === actual || form(hash) !== form(actual)) return;
  throw new PawlError(
    "checksum-mismatch",
    `Cannot use ${file}: its objects are not those that its hash was made of`,
    {
      location: { file, line: 1 },
      details: [`the file says ${hash}`, `its objects have ${actual}`],
      hint:
        "It was edited, or two versions were merged: write it anew with pawl snapshot",
    },
  );
}

/** `15.18` of 150018. */
export function versionText(version: number): string {
  return `${Math.floor(version / 10000)}.${version % 10000}`;
}
