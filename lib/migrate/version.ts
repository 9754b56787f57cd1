/**
 * Versions: what orders migrations, and what the history knows them by. Pure;
 * the clock is passed in.
 *
 * @module
 */

import { PawlError } from "../errors.ts";

/** How new versions are numbered. */
export type VersionFormat = "timestamp" | "sequence";

const DIGITS = /^[0-9_-]+$/;

/** The digits that a version sorts by, without leading zeros; undefined for text. */
function sortDigits(version: string): string | undefined {
  if (!DIGITS.test(version)) return undefined;
  const digits = version.replaceAll(/[_-]/g, "").replace(/^0+/, "");
  return digits;
}

/** As many digits as a date and a time have. */
const TIMESTAMP_DIGITS = 14;

/**
 * Orders two versions: versions of digits (with `_` or `-` between) as
 * numbers, and before all others, which sort by their code units. Those that
 * begin with a date and a time sort as text, however many digits follow:
 * diesel's do, and some of them go on behind the seconds.
 *
 * @returns Negative, zero or positive, as `Array.prototype.sort` wants it.
 */
export function compareVersions(a: string, b: string): number {
  const left = sortDigits(a);
  const right = sortDigits(b);
  if (left === undefined || right === undefined) {
    if (left !== undefined) return -1;
    if (right !== undefined) return 1;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const dated = left.length >= TIMESTAMP_DIGITS && right.length >= TIMESTAMP_DIGITS;
  if (left.length !== right.length && !dated) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The parts of a pawl migration's file name. */
export interface FileName {
  readonly version: string;
  readonly name: string;
  readonly language: "sql" | "js" | "ts";
}

const FILE_NAME = /^(\d{8}_\d{6}|\d+)(?:_(.*))?\.(sql|js|ts)$/;

/**
 * Takes a file name apart: `20260102_030405_add_users.sql`, `0001_init.sql`.
 *
 * @returns The parts, or undefined for a file that is no migration.
 */
export function parseFileName(fileName: string): FileName | undefined {
  const match = FILE_NAME.exec(fileName);
  if (match === null) return undefined;
  const [, version, name, language] = match;
  if (version === undefined) return undefined;
  if (language !== "sql" && language !== "js" && language !== "ts") {
    return undefined;
  }
  if (fileName.endsWith(".d.ts")) return undefined;
  return { version, name: name ?? "", language };
}

/**
 * Makes a message into the part of a file name behind the version: lower
 * case, words joined by `_`, at most 60 characters.
 */
export function slug(message: string): string {
  return message.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_").replaceAll(/^_+|_+$/g, "")
    .slice(0, 60).replace(/_+$/, "");
}

function timestamp(time: Date): string {
  const text = time.toISOString().replaceAll(/[-:]/g, "");
  return `${text.slice(0, 8)}_${text.slice(9, 15)}`;
}

/**
 * The version of a new file: later than every existing one.
 *
 * @param existing The versions that are taken.
 * @param options The format, and the time now.
 * @returns `YYYYMMDD_HHMMSS` in UTC, moved on by seconds past every taken
 * timestamp, or the next number of the sequence, four digits or more.
 */
export function nextVersion(
  existing: readonly string[],
  options: { readonly format: VersionFormat; readonly now: Date },
): string {
  if (options.format === "sequence") {
    const numbers = existing.filter((v) => /^\d+$/.test(v)).map(BigInt);
    let top = 0n;
    for (const number of numbers) if (number > top) top = number;
    return String(top + 1n).padStart(4, "0");
  }
  const latest = existing.filter((v) => /^\d{8}_\d{6}$/.test(v))
    .reduce((a, b) => compareVersions(a, b) < 0 ? b : a, "");
  let time = new Date(Math.floor(options.now.getTime() / 1000) * 1000);
  if (latest !== "" && compareVersions(timestamp(time), latest) <= 0) {
    const [, y, mo, d, h, mi, s] =
      /^(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})$/.exec(latest) ?? [];
    time = new Date(
      Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s) + 1),
    );
  }
  return timestamp(time);
}

/** Something with a version and a name that a user may point at. */
interface Named {
  readonly version: string;
  readonly name: string;
}

/**
 * Finds the one migration that a user's word means: its version, the name of
 * its file, or a prefix of either that fits no other.
 *
 * @param all The candidates.
 * @param word What was typed.
 * @throws {PawlError} `target-unknown` when none or several fit.
 */
export function findVersion<T extends Named>(all: readonly T[], word: string): T {
  const wanted = word.replace(/^.*\//, "").replace(/\.(sql|js|ts)$/, "");
  const full = (m: Named) => m.name === "" ? m.version : `${m.version}_${m.name}`;
  const exact = all.filter((m) =>
    m.version === wanted || full(m) === wanted ||
    (/^\d+$/.test(wanted) && compareVersions(m.version, wanted) === 0)
  );
  const found = exact.length > 0 ? exact : all.filter((m) => full(m).startsWith(wanted));
  const [only, second] = found;
  if (only === undefined) {
    throw new PawlError("target-unknown", `Cannot find migration ${word}: no version begins so`, {
      hint: "pawl list shows every version; head, base, +N and -N are targets too",
    });
  }
  if (second !== undefined) {
    throw new PawlError(
      "target-unknown",
      `Cannot find migration ${word}: ${found.length} versions begin so`,
      {
        details: found.slice(0, 5).map(full),
        hint: "Give more characters of the version",
      },
    );
  }
  return only;
}
