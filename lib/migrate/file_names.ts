/**
 * How each layout names its files: which part of a path is the version, what
 * a new file is called, what a renamed one. Pure; it knows names, not texts.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { LayoutName } from "./layout.ts";
import {
  compareVersions,
  fullName,
  nextVersion,
  parseFileName,
  type VersionFormat,
} from "./version.ts";

/** A path of a migration's file, taken apart. */
export interface NamedFile {
  /** The version as it stands in the name. */
  readonly version: string;
  /** What all files of the migration have in common: a file or folder name. */
  readonly group: string;
  /** The same path with another version. */
  readonly renamed: (version: string) => string;
}

/** What a new file's version is made from. */
export interface NumberingOptions {
  /** Timestamps or numbers, where the files themselves do not say. */
  readonly format: VersionFormat;
  /** The time now. */
  readonly now: Date;
}

/** The file names of one layout. */
export interface LayoutNames {
  /** Takes a path below the migrations directory apart; undefined for others. */
  readonly parse: (file: string) => NamedFile | undefined;
  /** A version behind all others, as it stands in a name. */
  readonly next: (
    versions: readonly string[],
    options: NumberingOptions,
  ) => string;
  /** The paths of a new migration: one file, or one for each direction. */
  readonly paths: (
    version: string,
    name: string,
    now: Date,
  ) => readonly [string] | readonly [up: string, down: string];
}

/** `20260102_030405` of a time, in UTC. */
function stamp(now: Date): string {
  return nextVersion([], { format: "timestamp", now });
}

/** Other tools want a name where pawl needs none. */
function named(name: string): string {
  return name === "" ? "migration" : name;
}

/** The next number, as wide as the widest before it. */
function nextNumber(versions: readonly string[], width: number): string {
  const numbers = versions.filter((v) => /^\d+$/.test(v));
  const widest = numbers.reduce((w, v) => Math.max(w, v.length), width);
  const next = nextVersion(numbers, { format: "sequence", now: new Date(0) });
  return next.replace(/^0+/, "").padStart(widest, "0");
}

/** The next of versions that are timestamps of 14 digits. */
function nextStamp(versions: readonly string[], now: Date): string {
  const stamps = versions.map((v) => /^(\d{8})(\d{6})/.exec(v))
    .flatMap((match) => match === null ? [] : [`${match[1]}_${match[2]}`]);
  return nextVersion(stamps, { format: "timestamp", now }).replace("_", "");
}

const PAWL: LayoutNames = {
  parse: (file) => {
    const name = file.includes("/") ? undefined : parseFileName(file);
    return name === undefined ? undefined : {
      version: name.version,
      group: file,
      renamed: (version) => `${version}${file.slice(name.version.length)}`,
    };
  },
  next: nextVersion,
  paths: (version, name) => [`${fullName({ version, name })}.sql`],
};

const GOLANG_MIGRATE: LayoutNames = {
  parse: (file) => {
    const match = /^(\d+)(_.*)\.(?:up|down)\.sql$/.exec(file);
    const [, version, rest] = match ?? [];
    return version === undefined || rest === undefined ? undefined : {
      version,
      group: `${version}${rest}`,
      renamed: (other) => `${other}${file.slice(version.length)}`,
    };
  },
  next: (versions, { format, now }) => {
    const stamps = versions.length === 0
      ? format === "timestamp"
      : versions.some((v) => v.length >= 14);
    return stamps ? nextStamp(versions, now) : nextNumber(versions, 6);
  },
  paths: (version, name) => [
    `${version}_${named(name)}.up.sql`,
    `${version}_${named(name)}.down.sql`,
  ],
};

const DIESEL: LayoutNames = {
  parse: (file) => {
    const [folder, inside] = file.split("/");
    const version = /^[0-9-]+/.exec(folder ?? "")?.[0];
    return folder === undefined || inside === undefined || version === undefined
      ? undefined
      : {
        version,
        group: folder,
        renamed: (other) => `${other}${file.slice(version.length)}`,
      };
  },
  next: (versions, { now }) => {
    const digits = versions.map((v) => v.replaceAll("-", ""));
    return nextStamp(digits, now)
      .replace(/^(\d{4})(\d\d)(\d\d)(\d{6})$/, "$1-$2-$3-$4");
  },
  paths: (version, name) => [
    `${version}_${named(name)}/up.sql`,
    `${version}_${named(name)}/down.sql`,
  ],
};

/** One file with a number in front; eight digits are a date, and pawl's own. */
function numbered(pattern: RegExp): LayoutNames["parse"] {
  return (file) => {
    const version = pattern.exec(file)?.[1];
    return version === undefined ? undefined : {
      version,
      group: file,
      renamed: (other) => `${other}${file.slice(version.length)}`,
    };
  };
}

const HYPERDJANGO: LayoutNames = {
  parse: numbered(/^(\d{4,7})_.+_\d{8}_\d{6}\.sql$/),
  next: (versions) => nextNumber(versions, 4),
  paths: (
    version,
    name,
    now,
  ) => [`${version}_${named(name)}_${stamp(now)}.sql`],
};

const PGMG: LayoutNames = {
  parse: numbered(/^(?!\d{8}_\d{6})(\d+)_.*\.sql$/),
  next: (versions) => nextNumber(versions, 3),
  paths: (version, name) => [`${version}_${named(name)}.sql`],
};

/** The file names of every layout. */
export const LAYOUT_NAMES: Readonly<Record<LayoutName, LayoutNames>> = {
  "pawl": PAWL,
  "golang-migrate": GOLANG_MIGRATE,
  "diesel": DIESEL,
  "hyperdjango": HYPERDJANGO,
  "pgmg": PGMG,
};

/** A file as its layout names it, and the layout, which may be pawl's own. */
export interface RecognisedFile extends NamedFile {
  /** The path below the migrations directory. */
  readonly file: string;
  /** The layout that its name follows. */
  readonly layout: LayoutName;
}

/**
 * Takes a file's path apart. Beside another tool's files there may be pawl's.
 *
 * @param layout The directory's layout.
 * @param file The path below the directory.
 */
export function recogniseFile(
  layout: LayoutName,
  file: string,
): RecognisedFile | undefined {
  for (const candidate of [layout, "pawl"] as const) {
    const parsed = LAYOUT_NAMES[candidate].parse(file);
    if (parsed !== undefined) return { ...parsed, file, layout: candidate };
  }
  return undefined;
}

/**
 * The version of a new file, behind all others.
 *
 * @param layout The layout that the file is named by.
 * @param versions The versions that are taken, as they stand in names.
 * @param options Timestamps or numbers, and the time.
 * @throws {PawlError} `config-invalid` where none would sort behind all others.
 */
export function versionAfter(
  layout: LayoutName,
  versions: readonly string[],
  options: NumberingOptions,
): string {
  const version = LAYOUT_NAMES[layout].next(versions, options);
  const beyond = versions.find((other) => compareVersions(version, other) <= 0);
  // diesel's versions are text: a longer one is not a greater number.
  if (beyond === undefined || layout === "diesel") return version;
  throw new PawlError(
    "config-invalid",
    `Cannot number a new migration as ${layout} does: ${version} would sort before ${beyond}`,
    { hint: 'Files of pawl\'s own follow: set layout = "pawl" in pawl.toml' },
  );
}
