/**
 * How each layout names its files: which part of a path is the version, what
 * a new file is called, what a renamed one. Pure; it knows names, not texts.
 *
 * @module
 */

import type { LayoutName } from "./layout.ts";
import { nextVersion, parseFileName, type VersionFormat } from "./version.ts";

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

function joined(version: string, name: string): string {
  return name === "" ? version : `${version}_${name}`;
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
  paths: (version, name) => [`${joined(version, name)}.sql`],
};

const GOLANG_MIGRATE: LayoutNames = {
  parse: (file) => {
    const match = /^(\d+)(.*)\.(?:up|down)\.sql$/.exec(file);
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
    `${joined(version, name)}.up.sql`,
    `${joined(version, name)}.down.sql`,
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
    `${joined(version, name)}/up.sql`,
    `${joined(version, name)}/down.sql`,
  ],
};

/** One file with a number in front. */
function parseNumbered(file: string): NamedFile | undefined {
  const version = /^(\d+)(?:_.*)?\.sql$/.exec(file)?.[1];
  return version === undefined ? undefined : {
    version,
    group: file,
    renamed: (other) => `${other}${file.slice(version.length)}`,
  };
}

const HYPERDJANGO: LayoutNames = {
  parse: parseNumbered,
  next: (versions) => nextNumber(versions, 4),
  paths: (
    version,
    name,
    now,
  ) => [`${joined(version, name)}_${stamp(now)}.sql`],
};

const PGMG: LayoutNames = {
  parse: parseNumbered,
  next: (versions) => nextNumber(versions, 3),
  paths: (version, name) => [`${joined(version, name)}.sql`],
};

/** The file names of every layout. */
export const LAYOUT_NAMES: Readonly<Record<LayoutName, LayoutNames>> = {
  "pawl": PAWL,
  "golang-migrate": GOLANG_MIGRATE,
  "diesel": DIESEL,
  "hyperdjango": HYPERDJANGO,
  "pgmg": PGMG,
};
