/**
 * From a file's bytes to its text.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { FileText } from "./model.ts";

// One for all files: making it costs ten times what a small file's text does.
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const LENIENT_UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes a file; a byte order mark stays in the text for the checksum. */
export function decodeFile(path: string, bytes: Uint8Array): FileText {
  // Three times as fast; it puts U+FFFD where there is no UTF-8.
  const text = LENIENT_UTF8.decode(bytes);
  if (!text.includes("\uFFFD")) return { path, text };
  try {
    return { path, text: UTF8.decode(bytes) };
  } catch {
    throw new PawlError(
      "migration-invalid",
      `Cannot read ${path}: it is not UTF-8`,
      {
        location: { file: path, line: firstBadLine(bytes) },
        hint: isArchive(bytes)
          ? "It is an archive of pg_dump's: pg_restore --schema-only -f schema.sql ARCHIVE writes its SQL"
          : "Convert it, for example with iconv -f LATIN1 -t UTF-8",
      },
    );
  }
}

/** Whether it is what `pg_dump -Fc` writes, which begins so. */
function isArchive(bytes: Uint8Array): boolean {
  return [..."PGDMP"].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let end = bytes.indexOf(10);; end = bytes.indexOf(10, start)) {
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? undefined : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
    line++;
  }
}
