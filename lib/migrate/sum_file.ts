/**
 * `pawl.sum` on disk: writes it anew, checks it, keeps it up to date where
 * pawl itself adds or renames a file. It knows no command.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import {
  type DirectoryFile,
  type MigrationFiles,
  readMigrationFiles,
  sumEntries,
} from "./directory.ts";
import { displayPath, type Project } from "./project.ts";
import {
  compareSum,
  formatSum,
  parseSum,
  SUM_FILE,
  type SumDifference,
  type SumEntry,
} from "./sum.ts";
import { writeFileAtomic } from "./write_file.ts";

/** What became of `pawl.sum` when pawl changed a file beside it. */
export type SumUpdate =
  /** There is none, and none is made on the way. */
  | "absent"
  /** It says what the files are now. */
  | "updated"
  /** It did not fit before: a person must look first. */
  | "left";

/** What `pawl.sum` says, and what the files are. */
export interface SumReport {
  /** The path that messages show. */
  readonly file: string;
  /** How many files it covers. */
  readonly count: number;
  /** Whether there was one. */
  readonly existed: boolean;
  /** Whether it was written: not where it was as it should be. */
  readonly written: boolean;
  /** What differed before; where it could not be read, by what of it could. */
  readonly differences: readonly SumDifference[];
  /** Why it could not be read, where it could not. */
  readonly problem: PawlError | undefined;
}

/**
 * The project's files as they are, though they may not fit together.
 *
 * @param project The project.
 * @throws {PawlError} `file-unreadable` or `migration-invalid`.
 */
export function readProjectFiles(project: Project): MigrationFiles {
  const { migrations, layout } = project.settings;
  return readMigrationFiles({
    path: migrations,
    display: displayPath(project, migrations),
    layout,
  });
}

/** The path of the project's `pawl.sum`, and the path that messages show. */
function sumPath(
  project: Project,
): { readonly path: string; readonly display: string } {
  const path = `${project.settings.migrations}/${SUM_FILE}`;
  return { path, display: displayPath(project, path) };
}

function readText(place: ReturnType<typeof sumPath>): string {
  try {
    return Deno.readTextFileSync(place.path);
  } catch (cause) {
    throw new PawlError(
      "file-unreadable",
      `Cannot read ${place.display}: ${
        cause instanceof Error ? cause.message : String(cause)
      }`,
      { cause },
    );
  }
}

function writeSumText(project: Project, files: MigrationFiles): void {
  const { path, display } = sumPath(project);
  writeFileAtomic(path, formatSum(sumEntries(files)), {
    display,
    replace: true,
  });
}

const ENTRY = /^raw:([0-9a-f]{64}) (t1:[0-9a-f]{64}) ([^\r\n]+)$/gm;

/** Every entry of a broken `pawl.sum`, of both sides where it holds a merge conflict. */
function salvageEntries(text: string): SumEntry[] {
  return [...text.replaceAll("\r\n", "\n").matchAll(ENTRY)].map((
    [, raw = "", tokens = "", file = ""],
  ) => ({ file, raw, tokens }));
}

/** How files differ from entries among which one file may stand more than once. */
function compareSalvaged(
  entries: readonly SumEntry[],
  files: readonly DirectoryFile[],
): SumDifference[] {
  const byFile = Map.groupBy(entries, (entry) => entry.file);
  const fitting = [...byFile.values()].flatMap((sides) => {
    const file = files.find((f) => f.file === sides[0]?.file);
    const best = sides.find((s) => s.raw === file?.raw) ??
      sides.find((s) => s.tokens === file?.tokens()) ?? sides[0];
    return best === undefined ? [] : [best];
  });
  return compareSum(fitting, files);
}

interface SumState {
  readonly differences: readonly SumDifference[];
  readonly problem: PawlError | undefined;
}

/** What an existing `pawl.sum` says; one that is broken is read as far as it goes. */
function readSumState(project: Project, files: MigrationFiles): SumState {
  const place = sumPath(project);
  const text = readText(place);
  try {
    const entries = parseSum(text, place.display);
    return {
      differences: compareSum(entries, files.files),
      problem: undefined,
    };
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    return {
      differences: compareSalvaged(salvageEntries(text), files.files),
      problem: error,
    };
  }
}

/**
 * Writes `pawl.sum` anew, whatever it held before.
 *
 * @param project The project.
 * @returns What differed, and whether it had to be written.
 * @throws {PawlError} `file-unreadable`, `migration-invalid` or `file-unwritable`.
 */
export function writeSum(project: Project): SumReport {
  const files = readProjectFiles(project);
  const state = files.hasSum ? readSumState(project, files) : {
    differences: files.files.map(({ file }) => ({
      file,
      kind: "added" as const,
    })),
    problem: undefined,
  };
  const fits = files.hasSum && state.problem === undefined &&
    state.differences.length === 0;
  if (!fits) writeSumText(project, files);
  return {
    file: sumPath(project).display,
    count: files.files.length,
    existed: files.hasSum,
    written: !fits,
    ...state,
  };
}

/**
 * Compares `pawl.sum` with the files and changes nothing.
 *
 * @param project The project.
 * @returns What differs; nothing but cosmetic differences.
 * @throws {PawlError} `sum-stale` where it cannot be read or does not fit,
 * `file-unreadable` or `migration-invalid`.
 */
export function checkSum(project: Project): SumReport {
  const files = readProjectFiles(project);
  const { display } = sumPath(project);
  const state: SumState = files.hasSum
    ? readSumState(project, files)
    : { differences: [], problem: undefined };
  if (state.problem !== undefined) throw state.problem;
  const wrong = state.differences.filter((d) => d.kind !== "cosmetic");
  if (wrong.length > 0) {
    throw new PawlError(
      "sum-stale",
      `Cannot vouch for the migrations: ${display} does not fit ${
        wrong.length === 1 ? "a file" : `${wrong.length} files`
      }`,
      {
        details: wrong.slice(0, 20).map((d) => describeDifference(d, project)),
        hint: "Where the files are as they should be, pawl sum writes it anew",
      },
    );
  }
  return {
    file: display,
    count: files.files.length,
    existed: files.hasSum,
    written: false,
    ...state,
  };
}

/**
 * A difference in words.
 *
 * @param difference What differs.
 * @param project Whose paths are shown.
 */
export function describeDifference(
  difference: SumDifference,
  project: Project,
): string {
  const { migrations } = project.settings;
  const file = displayPath(project, `${migrations}/${difference.file}`);
  switch (difference.kind) {
    case "edited":
      return `${file} was edited`;
    case "cosmetic":
      return `${file} differs in comments or white space only`;
    case "added":
      return `${file} is not in it`;
    case "removed":
      return `${file} is gone`;
    default:
      return difference.kind satisfies never;
  }
}

/**
 * Whether `pawl.sum` vouches for the files as they are, asked before pawl
 * changes one of them.
 *
 * @param project The project.
 * @param files Its files before the change.
 * @param options What may differ: `merge` lets a merge conflict pass as long
 * as each file is what one of its sides says; `changing` are files that are
 * about to be changed.
 * @returns `absent`; `updated` where it may be brought up to date afterwards;
 * `left` where it must not.
 */
export function sumBefore(
  project: Project,
  files: MigrationFiles,
  options: {
    readonly merge?: boolean;
    readonly changing?: readonly string[];
  } = {},
): SumUpdate {
  if (!files.hasSum) return "absent";
  const { differences, problem } = readSumState(project, files);
  if (problem !== undefined && options.merge !== true) return "left";
  const others = differences.filter((d) =>
    !(d.kind === "added" && options.changing?.includes(d.file))
  );
  return others.length === 0 ? "updated" : "left";
}

/**
 * Brings `pawl.sum` up to date after pawl has changed files.
 *
 * @param project The project.
 * @param before What {@linkcode sumBefore} said before the change.
 * @returns The same: what became of it.
 */
export function updateSum(project: Project, before: SumUpdate): SumUpdate {
  if (before === "updated") writeSumText(project, readProjectFiles(project));
  return before;
}

/** A warning about a `pawl.sum` that was left as it was; none where it fits. */
export function sumWarnings(project: Project, sum: SumUpdate): string[] {
  if (sum !== "left") return [];
  return [
    `${
      sumPath(project).display
    } did not fit the files before and was left as it is: look at pawl sum --check, then write it with pawl sum`,
  ];
}
