/**
 * Tar archives of files and directories: read, and made smaller. It must not
 * know what is in them.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A file or directory of an archive. */
export interface TarEntry<B extends ArrayBufferLike = ArrayBuffer> {
  /** Its path in the archive, without a leading or trailing slash. */
  readonly name: string;
  /** What it is. */
  readonly kind: "file" | "directory";
  /** What a file holds: a view into the archive, which files may share. */
  readonly data: Uint8Array<B>;
}

const BLOCK = 512;

/**
 * Reads a tar archive of files and directories.
 *
 * @param tar The archive.
 * @returns Its entries.
 * @throws {Error} When the archive is damaged or has a name that leads out of it.
 */
export function readTar<B extends ArrayBufferLike>(
  tar: Uint8Array<B>,
): TarEntry<B>[] {
  const entries: TarEntry<B>[] = [];
  const files = new Map<string, Uint8Array<B>>();
  for (let offset = 0; offset + BLOCK <= tar.length;) {
    if (tar[offset] === 0) return entries;
    const { name, path, type, size } = headerAt(tar, offset);
    const start = offset + BLOCK;
    if (!Number.isSafeInteger(size) || start + size > tar.length) {
      throw new Error(`the archive is damaged at ${offset}`);
    }
    if (name.split("/").includes("..")) {
      throw new Error(`the archive holds ${path}`);
    }
    if (name !== "" && (type === "5" || path.endsWith("/"))) {
      const data = tar.subarray(start, start);
      entries.push({ name, kind: "directory", data });
    } else if (name !== "" && (type === "0" || type === "")) {
      const data = tar.subarray(start, start + size);
      files.set(name, data);
      entries.push({ name, kind: "file", data });
    } else if (name !== "" && type === LINK) {
      const data = files.get(textAt(tar, offset + LINK_NAME, NAME_LENGTH));
      if (data === undefined) {
        throw new Error(`the archive lacks what ${path} is`);
      }
      entries.push({ name, kind: "file", data });
    }
    offset = endOf(start + size);
  }
  throw new Error("the archive ends too early");
}

/**
 * Makes an archive smaller: of files that have the same name in different
 * directories and the same bytes there is one, and links to it.
 *
 * @param tar The archive.
 * @param isWanted Whether a file is wanted at all; by its name as in
 * {@linkcode TarEntry}.
 * @throws {Error} When the archive is damaged.
 */
export function shrinkTar(
  tar: Uint8Array<ArrayBuffer>,
  isWanted: (name: string) => boolean,
): Uint8Array<ArrayBuffer> {
  const small = new Uint8Array(tar.length);
  const known = new Map<string, TarEntry>();
  let length = 0;
  for (let offset = 0; tar[offset] !== 0;) {
    const { name, type, size } = headerAt(tar, offset);
    const start = offset + BLOCK;
    const end = endOf(start + size);
    if (!(end < tar.length)) {
      throw new Error(`the archive is damaged at ${offset}`);
    }
    const data = tar.subarray(start, start + size);
    const key = `${name.split("/").at(-1)} ${size}`;
    const twin = type === "0" && size > 0 ? known.get(key) : undefined;
    if (type === "5" || isWanted(name)) {
      small.set(tar.subarray(offset, start), length);
      if (twin !== undefined && isSame(twin.data, data)) {
        linkTo(small.subarray(length, length + BLOCK), twin.name);
        length += BLOCK;
      } else {
        small.set(data, length + BLOCK);
        length += end - offset;
        if (name.length < NAME_LENGTH) {
          known.set(key, { name, kind: "file", data });
        }
      }
    }
    offset = end;
  }
  // An archive ends with two empty blocks.
  return small.slice(0, length + 2 * BLOCK);
}

const LINK = "1";
const LINK_NAME = 157;
const NAME_LENGTH = 100;

function headerAt(tar: Uint8Array, offset: number) {
  const text = (start: number, length: number) =>
    textAt(tar, offset + start, length);
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  const path = (prefix === "" ? "" : `${prefix}/`) + text(0, NAME_LENGTH);
  return {
    path,
    name: path.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, ""),
    type: text(156, 1),
    size: Number.parseInt(text(124, 12).trim() || "0", 8),
  };
}

/** Makes the header of a file one of a link to a file that stands before it. */
function linkTo(header: Uint8Array, name: string): void {
  const put = (text: string, start: number, length: number) => {
    header.fill(0, start, start + length);
    new TextEncoder().encodeInto(text, header.subarray(start, start + length));
  };
  const octal = (value: number, digits: number) =>
    value.toString(8).padStart(digits, "0");
  put(octal(0, 11), 124, 12);
  put(LINK, 156, 1);
  put(name, LINK_NAME, NAME_LENGTH);
  // The checksum counts its own field as spaces.
  put(" ".repeat(8), 148, 8);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148, 8);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function textAt(tar: Uint8Array, start: number, length: number): string {
  // What is shared cannot be decoded in place.
  const bytes = tar.slice(start, start + length);
  const end = bytes.indexOf(0);
  return DECODER.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

const DECODER = new TextDecoder();

/** Where the next header is. */
function endOf(data: number): number {
  return Math.ceil(data / BLOCK) * BLOCK;
}
