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

/** Digits that begin with a date and a time, and what follows these. */
const DATED =
  /^((?:19|20|21)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{6})(\d*)$/;

/**
 * Orders two versions: versions of digits (with `_` or `-` between) as
 * numbers, and before all others, which sort by their code units. Of digits
 * that begin with a date and a time, those are the number, and what follows
 * only tells equal ones apart: diesel's versions go on there, and it sorts
 * them as text.
 *
 * @returns Negative, zero or positive, as `Array.prototype.sort` wants it.
 */
export function compareVersions(a: string, b: string): number {
  const left = sortDigits(a);
  const right = sortDigits(b);
  if (left === undefined || right === undefined) {
    if (left !== undefined) return -1;
    if (right !== undefined) return 1;
    return compareText(a, b);
  }
  const leftTime = DATED.exec(left)?.[1] ?? left;
  const rightTime = DATED.exec(right)?.[1] ?? right;
  if (leftTime.length !== rightTime.length) {
    return leftTime.length - rightTime.length;
  }
  return compareText(leftTime, rightTime) || compareText(left, right);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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

/** A file name may have 255 bytes; version, ending and another tool's words want some. */
const SLUG_BYTES = 160;

/**
 * Makes a message into the part of a file name behind the version: lower
 * case, words joined by `_`, at most 60 characters and 160 bytes of UTF-8.
 * Accents are taken off; other letters stay as they are.
 */
export function slug(message: string): string {
  const words = message.normalize("NFKD").replaceAll(/[\u0300-\u036f]/g, "")
    .normalize("NFC").toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, "_").replaceAll(/^_+|_+$/g, "");
  let short = "";
  let bytes = 0;
  // By characters: half of one is no file name.
  for (const character of [...words].slice(0, 60)) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > SLUG_BYTES) break;
    short += character;
  }
  return short.replace(/_+$/, "");
}

/** Years before 0 and after 9999 have a sign in front, and then no version. */
function timestamp(time: Date): string {
  return time.toISOString().replace(/\..*$/, "").replaceAll(/[-:]/g, "")
    .replace("T", "_");
}

/**
 * The version of a new file: later than every existing one.
 *
 * @param existing The versions that are taken.
 * @param options The format, and the time now.
 * @returns `YYYYMMDD_HHMMSS` in UTC, moved on by seconds past every taken
 * timestamp, or the next number of the sequence, four digits or more.
 * @throws {PawlError} `config-invalid` where no version of that format would
 * sort behind all others.
 */
export function nextVersion(
  existing: readonly string[],
  options: { readonly format: VersionFormat; readonly now: Date },
): string {
  const version = options.format === "sequence"
    ? nextNumber(existing)
    : nextTimestamp(existing, options.now);
  const beyond = existing.find((v) =>
    DIGITS.test(v) && compareVersions(version, v) <= 0
  );
  if (beyond === undefined && FILE_NAME.test(`${version}.sql`)) return version;
  throw new PawlError(
    "config-invalid",
    beyond === undefined
      ? `Cannot number a new migration: the time ${version} has no version`
      : `Cannot number a new migration: ${version} would sort before ${beyond}`,
    {
      hint:
        "version_format in pawl.toml says timestamp or sequence: it must be what the files have; rename a file whose version lies too far ahead",
    },
  );
}

function nextNumber(existing: readonly string[]): string {
  let top = 0n;
  for (const version of existing) {
    if (/^\d+$/.test(version) && BigInt(version) > top) top = BigInt(version);
  }
  return String(top + 1n).padStart(4, "0");
}

function nextTimestamp(existing: readonly string[], now: Date): string {
  const latest = existing.filter((v) => /^\d{8}_\d{6}$/.test(v)).sort().at(-1);
  const time = timestamp(now);
  if (latest === undefined || compareVersions(time, latest) > 0) return time;
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d{2})(\d{2})_(\d{2})(\d{2})(\d{2})$/.exec(latest) ??
      [];
  return timestamp(
    new Date(
      Date.UTC(
        Number(y),
        Number(mo) - 1,
        Number(d),
        Number(h),
        Number(mi),
        Number(s) + 1,
      ),
    ),
  );
}

/** Something with a version and a name that a user may point at. */
interface Named {
  readonly version: string;
  readonly name: string;
}

/** A migration's full name, as its file is named. */
export function fullName({ version, name }: Named): string {
  return name === "" ? version : `${version}_${name}`;
}

/**
 * Finds the one migration that a user's word means: its version, the name of
 * its file, or a prefix of either that fits no other.
 *
 * @param all The candidates.
 * @param word What was typed.
 * @param hint What to say where none fits; by default, of an upgrade's targets.
 * @throws {PawlError} `target-unknown` when none or several fit.
 */
export function findVersion<T extends Named>(
  all: readonly T[],
  word: string,
  hint: string =
    "pawl list shows every version; head, base, +N and -N are targets too",
): T {
  const wanted = word.replace(/^.*\//, "").replace(/\.(sql|js|ts)$/, "");
  const exact = all.filter((m) =>
    m.version === wanted || fullName(m) === wanted ||
    (/^\d+$/.test(wanted) && compareVersions(m.version, wanted) === 0)
  );
  const found = exact.length > 0
    ? exact
    : all.filter((m) => fullName(m).startsWith(wanted));
  const [only, second] = found;
  if (only === undefined) {
    throw new PawlError(
      "target-unknown",
      `Cannot find migration ${word}: no version begins so`,
      {
        hint,
      },
    );
  }
  if (second !== undefined) {
    throw new PawlError(
      "target-unknown",
      `Cannot find migration ${word}: ${found.length} versions begin so`,
      {
        details: found.slice(0, 5).map(fullName),
        hint: "Give more characters of the version",
      },
    );
  }
  return only;
}
