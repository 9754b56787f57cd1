/**
 * Writes tar archives of files and directories, as `readTar()` reads them.
 * Pure.
 *
 * @module
 */

import type { TarEntry } from "../../lib/pg/tar.ts";

const BLOCK = 512;

/**
 * Writes a tar archive.
 *
 * @param entries Files and directories; a name is at most 100 bytes of ASCII,
 * as all of a PostgreSQL cluster are.
 * @returns The archive.
 * @throws {Error} For a name that does not fit.
 *
 * @example
 * ```ts
 * import { writeTar } from "./tar.ts";
 * import { readTar } from "../../lib/pg/tar.ts";
 * import assert from "node:assert/strict";
 *
 * const data = new TextEncoder().encode("18\n");
 * const tar = writeTar([{ name: "PG_VERSION", kind: "file", data }]);
 * assert.equal(readTar(tar)[0]?.name, "PG_VERSION");
 * ```
 */
export function writeTar(
  entries: readonly TarEntry[],
): Uint8Array<ArrayBuffer> {
  const size = entries.reduce(
    (sum, { data }) => sum + BLOCK + Math.ceil(data.length / BLOCK) * BLOCK,
    2 * BLOCK,
  );
  const tar = new Uint8Array(size);
  let offset = 0;
  for (const entry of entries) {
    tar.set(header(entry), offset);
    tar.set(entry.data, offset + BLOCK);
    offset += BLOCK + Math.ceil(entry.data.length / BLOCK) * BLOCK;
  }
  return tar;
}

function header({ name, kind, data }: TarEntry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const encoder = new TextEncoder();
  const put = (text: string, at: number) => {
    block.set(encoder.encode(text), at);
  };
  const octal = (value: number, digits: number) =>
    value.toString(8).padStart(digits, "0");
  if (name.length > 100 || encoder.encode(name).length !== name.length) {
    throw new Error(`${name} does not fit into a tar archive`);
  }
  put(name, 0);
  put(kind === "directory" ? "0000700" : "0000600", 100);
  put("0000000", 108);
  put("0000000", 116);
  put(octal(data.length, 11), 124);
  put(octal(0, 11), 136);
  put(kind === "directory" ? "5" : "0", 156);
  put("ustar\x0000", 257);
  // The checksum counts its own field as spaces.
  put("        ", 148);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return block;
}
