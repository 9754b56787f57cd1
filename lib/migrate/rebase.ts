/**
 * Gives a migration a new version behind all others: renames its files and
 * rewrites the `depends` lines that must change with it. Without a database it
 * knows files only; with one it refuses what has been applied.
 *
 * @module
 */

import { resolve } from "node:path";
import { PawlError } from "../errors.ts";
import type { MigrationFiles } from "./directory.ts";
import { decodeFile } from "./decode_file.ts";
import { type History, inForce } from "./history.ts";
import { recogniseFile, versionAfter } from "./file_names.ts";
import { differences } from "./integrity.ts";
import type { Migration } from "./model.ts";
import { NAME_HINT } from "./new_migration.ts";
import { displayPath, type Project } from "./project.ts";
import { newPlace, type Place } from "./rebase_place.ts";
import { rewriteDepends } from "./rewrite_depends.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "./run_session.ts";
import {
  readProjectFiles,
  sumBefore,
  type SumUpdate,
  sumWarnings,
  updateSum,
} from "./sum_file.ts";
import { compareVersions, findVersion } from "./version.ts";
import { unwritable, writeFileAtomic } from "./write_file.ts";

/** How a migration is rebased. */
export interface RebaseOptions extends RunOptions {
  /** The time now. */
  readonly now: Date;
  /** Whether the project's database is asked what has been applied. */
  readonly askDatabase: boolean;
}

/** What a rebase did. */
export interface RebaseReport {
  /** False where it was the last one already. */
  readonly moved: boolean;
  /** The version that it had. */
  readonly from: string;
  /** The version that it has, as it stands in the file's name. */
  readonly to: string;
  /** The files that have a new name, as the user would type them. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** The files whose `depends` line was rewritten, by their new names. */
  readonly rewritten: readonly string[];
  /** The versions that it follows now. */
  readonly parents: readonly string[];
  /** What became of `pawl.sum`; undefined where nothing was done. */
  readonly sum: SumUpdate | undefined;
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * Gives a migration a new version behind all others.
 *
 * @param project The project.
 * @param word Its file, its version, or a prefix that fits no other.
 * @param options The time, and whether the database is asked.
 * @returns What was renamed and rewritten.
 * @throws {PawlError} `target-unknown`, `dependency-cycle` where others that
 * depend on it leave it no later place, `migration-applied`, `file-exists`,
 * `file-unwritable`, what connecting throws, what reading the directory throws.
 */
export async function rebaseMigration(
  project: Project,
  word: string,
  options: RebaseOptions,
): Promise<RebaseReport> {
  const files = readProjectFiles(project);
  const migrations = ownOrder(files);
  const target = findTarget(project, migrations, word);
  const place = newPlace(migrations, target);
  if (options.askDatabase) {
    await withExecution(project, options, async (execution) => {
      refuseApplied(migrations, await readHistoryNow(execution), {
        target,
        dependants: place.dependants,
      });
    });
  }
  if (place.stays) {
    return {
      moved: false,
      from: target.version,
      to: target.version,
      renamed: [],
      rewritten: [],
      parents: place.parents,
      sum: undefined,
      warnings: [],
    };
  }
  return move(project, { files, target, place, now: options.now });
}

/** Other tools' files have no `depends` lines, whatever order was read into them. */
function ownOrder(files: MigrationFiles): readonly Migration[] {
  if (files.layout === "pawl") return files.migrations;
  return files.migrations.map((m) => ({
    ...m,
    header: { ...m.header, depends: undefined },
  }));
}

/** The migration that a user's word means, though two may have its version. */
function findTarget(
  project: Project,
  migrations: readonly Migration[],
  word: string,
): Migration {
  const wanted = resolve(project.cwd, word);
  const named = migrations.filter((m) =>
    resolve(project.cwd, m.file) === wanted ||
    m.file.slice(m.file.lastIndexOf("/") + 1) === word
  );
  if (named[0] !== undefined && named.length === 1) return named[0];
  const same = migrations.filter((m) => compareVersions(m.version, word) === 0);
  if (same.length > 1) {
    throw new PawlError(
      "target-unknown",
      `Cannot rebase ${word}: ${same.length} files have that version`,
      {
        details: same.map((m) => m.file),
        hint: `Name the file: pawl rebase ${same.at(-1)?.file}`,
      },
    );
  }
  return findVersion(migrations, word, NAME_HINT);
}

/** Refuses to rename what a database knows by its old version. */
function refuseApplied(
  migrations: readonly Migration[],
  history: History,
  at: { readonly target: Migration; readonly dependants: readonly Migration[] },
): void {
  const { target } = at;
  const known = (m: Migration) => {
    const row = history.byVersion.get(m.version);
    return inForce(row) || row?.state === "partial" ? row : undefined;
  };
  const refuse = (migration: Migration, what: string) =>
    new PawlError(
      "migration-applied",
      `Cannot rebase ${target.file}: ${what}`,
      {
        hint: migration === target
          ? `Take it back first: pawl downgrade; or leave it, and rebase the files that are not applied`
          : `Its checksum would no longer fit: take ${migration.version} back first with pawl downgrade`,
      },
    );
  const row = known(target);
  const twins = migrations.filter((m) =>
    m !== target && compareVersions(m.version, target.version) === 0
  );
  // Of two files with one version, the one that was applied keeps it.
  const other = twins.length > 0 && row !== undefined &&
    row.name !== target.name &&
    differences(target, row).some((d) => d.kind === "semantic");
  if (row !== undefined && !other) {
    throw refuse(
      target,
      `the database holds ${target.version} as ${row.state}`,
    );
  }
  const applied = at.dependants.find((m) => known(m) !== undefined);
  if (applied !== undefined) {
    throw refuse(
      applied,
      `${applied.file} depends on it and has been applied`,
    );
  }
}

interface Move {
  readonly files: MigrationFiles;
  readonly target: Migration;
  readonly place: Place;
  readonly now: Date;
}

/** Renames and rewrites; what fails half-way is put back. */
function move(
  project: Project,
  { files, target, place, now }: Move,
): RebaseReport {
  const { settings } = project;
  const below = (file: string) => `${settings.migrations}/${file}`;
  const shown = (file: string) => displayPath(project, below(file));
  const known = files.files.flatMap(({ file }) =>
    recogniseFile(files.layout, file) ?? []
  );
  const targetPath = resolve(project.cwd, target.file);
  const own = known.find(({ file }) => resolve(below(file)) === targetPath);
  if (own === undefined) throw new TypeError(`no file of ${target.file}`);
  const group = known.filter((one) => one.group === own.group);
  const version = versionAfter(
    own.layout,
    [
      ...known.map((one) => one.version),
      ...files.migrations.flatMap((m) => m.header.replaces),
    ],
    { format: settings.versionFormat, now },
  );
  const renames = group.map(({ file, renamed }) => ({
    from: file,
    to: renamed(version),
  }));
  const texts = [
    ...(files.layout === "pawl"
      ? [{ file: target.file, edit: ownDepends(target, place) }]
      : []),
    ...place.dependants.map((m) => ({
      file: m.file,
      edit: (words: readonly string[] | undefined) =>
        words?.map((word) =>
          compareVersions(word, target.version) === 0 ? version : word
        ),
    })),
  ].flatMap(({ file, edit }) => {
    const path = resolve(project.cwd, file);
    const old = decodeFile(file, Deno.readFileSync(path)).text;
    const text = rewriteDepends(old, file, edit);
    if (text === old) return [];
    const rename = renames.find((r) => resolve(below(r.from)) === path);
    const now = rename === undefined ? path : below(rename.to);
    return [{ path: now, old, text }];
  });
  const sum = sumBefore(project, files, {
    merge: true,
    changing: group.map(({ file }) => file),
  });
  const undo: (() => void)[] = [];
  try {
    // A folder's files move with it, in one rename.
    for (const { from, to } of foldersOf(renames)) {
      rename(below(from), below(to), shown(to));
      undo.push(() => Deno.renameSync(below(to), below(from)));
    }
    for (const { path, old, text } of texts) {
      const display = displayPath(project, path);
      writeFileAtomic(path, text, { display, replace: true });
      undo.push(() => writeFileAtomic(path, old, { display, replace: true }));
    }
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
  const updated = updateSum(project, sum);
  return {
    moved: true,
    from: target.version,
    to: version,
    renamed: renames.map(({ from, to }) => ({
      from: shown(from),
      to: shown(to),
    })),
    rewritten: texts.map(({ path }) => displayPath(project, path)),
    parents: place.parents,
    sum: updated,
    warnings: [...place.warnings, ...sumWarnings(project, updated)],
  };
}

/** The target's own `depends` line: none where its place follows from its name. */
function ownDepends(
  target: Migration,
  place: Place,
): (words: readonly string[] | undefined) => readonly string[] | undefined {
  const foreign = (target.header.depends ?? []).flatMap((d) =>
    d.project === undefined ? [] : [`${d.project}:${d.version}`]
  );
  return () =>
    place.implicit && foreign.length === 0
      ? undefined
      : [...place.parents, ...foreign];
}

interface Rename {
  readonly from: string;
  readonly to: string;
}

function foldersOf(renames: readonly Rename[]): Rename[] {
  const top = (path: string) => path.split("/")[0] ?? path;
  const byFolder = new Map(renames.map(({ from, to }) => [top(from), top(to)]));
  return [...byFolder].map(([from, to]) => ({ from, to }));
}

function rename(from: string, to: string, shown: string): void {
  let taken = true;
  try {
    Deno.lstatSync(to);
  } catch {
    taken = false;
  }
  if (taken) {
    throw new PawlError("file-exists", `Cannot rename to ${shown}: it exists`);
  }
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    throw unwritable(shown, error);
  }
}
