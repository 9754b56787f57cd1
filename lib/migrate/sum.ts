/**
 * `pawl.sum`: the checksums of every migration file, chained, in a text file
 * beside them. Its first line changes with every other, so that two people
 * who add migrations meet in a merge conflict. Pure: text in, text out.
 *
 * @module
 */

import { createHash } from "@std/crypto";
import { PawlError } from "../errors.ts";
import type { Checksums } from "./model.ts";

/** The name of the file. */
export const SUM_FILE = "pawl.sum";

/** One file and its checksums, over the whole file. */
export interface SumEntry extends Checksums {
  /** The path below the migrations directory, with `/` between. */
  readonly file: string;
}

/** How a directory of files differs from its `pawl.sum`. */
export interface SumDifference {
  /** The file's path as messages show it. */
  readonly file: string;
  /**
   * `edited`: tokens differ; `cosmetic`: only comments, white space or line
   * ends do; `added`: not in `pawl.sum`; `removed`: only in `pawl.sum`.
   */
  readonly kind: "edited" | "cosmetic" | "added" | "removed";
}

function chain(entries: readonly SumEntry[], part: "raw" | "tokens"): string {
  const hash = createHash("sha256");
  for (const entry of entries) hash.update(`${entry.file}\0${entry[part]}\n`);
  return hash.digest("hex");
}

/**
 * Writes the text of `pawl.sum`.
 *
 * @param entries The files in their order.
 * @returns The text, with a line end after each line.
 */
export function formatSum(entries: readonly SumEntry[]): string {
  const lines = [
    `pawl.sum/1 raw:${chain(entries, "raw")} tokens:${
      chain(entries, "tokens")
    }`,
    ...entries.map((e) => `raw:${e.raw} ${e.tokens} ${e.file}`),
  ];
  return lines.join("\n") + "\n";
}

const FIRST =
  /^pawl\.sum\/(\d+)(?: raw:([0-9a-f]{64}) tokens:([0-9a-f]{64}))?$/;
const ENTRY = /^raw:([0-9a-f]{64}) (t1:[0-9a-f]{64}) (.+)$/;

/**
 * Reads the text of `pawl.sum`.
 *
 * @param text The text.
 * @param path The path that messages show.
 * @returns The entries as written.
 * @throws {PawlError} `sum-stale` for a conflict marker, a line that is no
 * entry, or a first line that does not fit the others.
 */
export function parseSum(text: string, path: string): SumEntry[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  const refuse = (line: number, what: string): never => {
    throw new PawlError("sum-stale", `Cannot read ${path}: ${what}`, {
      location: { file: path, line, column: 1, text: lines[line - 1] ?? "" },
      hint: "Check the migration files, then write it anew with pawl sum",
    });
  };
  const conflict = lines.findIndex((l) =>
    /^(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)/.test(l)
  );
  if (conflict >= 0) refuse(conflict + 1, "it holds a merge conflict");
  const first = FIRST.exec(lines[0] ?? "");
  if (first === null) refuse(1, "its first line is not pawl.sum/1");
  const [, format, raw, tokens] = first ?? [];
  if (format !== "1") refuse(1, `it has format ${format}, this pawl knows 1`);
  const entries: SumEntry[] = [];
  for (const [i, line] of lines.entries()) {
    if (i === 0) continue;
    const [, entryRaw, entryTokens, file] = ENTRY.exec(line) ?? [];
    if (
      entryRaw === undefined || entryTokens === undefined || file === undefined
    ) {
      refuse(i + 1, "this line is no checksum");
      continue;
    }
    entries.push({ file, raw: entryRaw, tokens: entryTokens });
  }
  if (chain(entries, "raw") !== raw || chain(entries, "tokens") !== tokens) {
    refuse(
      1,
      "its first line does not fit the others: it was edited or merged by hand",
    );
  }
  return entries;
}

/**
 * Compares files with what `pawl.sum` says of them.
 *
 * @param recorded What `pawl.sum` says.
 * @param files The files' raw hashes, and a function for a token hash: raw
 * hashes decide first, tokens are read only where they differ.
 * @returns What differs, in the order of the files.
 */
export function compareSum(
  recorded: readonly SumEntry[],
  files: readonly {
    readonly file: string;
    readonly raw: string;
    tokens(): string;
  }[],
): SumDifference[] {
  const known = new Map(recorded.map((entry) => [entry.file, entry]));
  const differences: SumDifference[] = [];
  for (const file of files) {
    const entry = known.get(file.file);
    known.delete(file.file);
    if (entry === undefined) {
      differences.push({ file: file.file, kind: "added" });
    } else if (entry.raw !== file.raw) {
      differences.push({
        file: file.file,
        kind: entry.tokens === file.tokens() ? "cosmetic" : "edited",
      });
    }
  }
  for (const file of known.keys()) differences.push({ file, kind: "removed" });
  return differences;
}
