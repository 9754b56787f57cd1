/**
 * Whether the files are what the history and `pawl.sum` say they were. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { MigrationDirectory } from "./directory.ts";
import type { History, HistoryRow } from "./history.ts";
import type { Checksums, Migration } from "./model.ts";
import { isDownPartial } from "./standings.ts";
import { prepareDown, prepareUp } from "./prepare.ts";
import { editedStep } from "./resume.ts";
import { SUM_FILE } from "./sum.ts";

/** How one applied migration's file differs from what was applied. */
export interface FileDifference {
  /** The version. */
  readonly version: string;
  /** The file's path as messages show it. */
  readonly file: string;
  /** `cosmetic`: comments, white space or line ends only. */
  readonly kind: "cosmetic" | "semantic";
  /** Which direction. */
  readonly direction: "up" | "down";
  /** The step of a partial migration that has run and is not in the file any more. */
  readonly step?: number;
}

function compare(
  migration: Migration,
  direction: "up" | "down",
  recorded: { readonly raw: string | null; readonly tokens: string | null },
): FileDifference[] {
  const now: Checksums | undefined = direction === "up"
    ? migration.up
    : migration.down;
  const base = { version: migration.version, file: migration.file, direction };
  if (recorded.raw === null) {
    // Rows adopted from another tool may have no checksums at all.
    return direction === "down" && now !== undefined
      ? [{ ...base, kind: "semantic" }]
      : [];
  }
  if (now === undefined) return [{ ...base, kind: "semantic" }];
  if (recorded.raw === now.raw) return [];
  return [{
    ...base,
    kind: recorded.tokens === now.tokens ? "cosmetic" : "semantic",
  }];
}

/** How one file differs from its row. */
export function differences(
  migration: Migration,
  row: HistoryRow,
): FileDifference[] {
  if (row.upRaw === null) return [];
  return [
    ...compare(migration, "up", { raw: row.upRaw, tokens: row.upTokens }),
    ...compare(migration, "down", { raw: row.downRaw, tokens: row.downTokens }),
  ];
}

/** How the files of what has been applied differ from the history. */
function fileDifferences(
  directory: MigrationDirectory,
  history: History,
): FileDifference[] {
  const found: FileDifference[] = [];
  for (const row of history.rows) {
    // What is partial may be mended where it has not run: the runner looks.
    if (row.state !== "applied" && row.state !== "stamped") continue;
    const migration = directory.graph.byVersion.get(row.version);
    if (migration !== undefined) found.push(...differences(migration, row));
  }
  return found;
}

/**
 * The same, with the steps of partial migrations that have run: the runner
 * refuses those itself when their turn comes.
 */
export function allDifferences(
  directory: MigrationDirectory,
  history: History,
): FileDifference[] {
  const partial = history.rows.filter((row) => row.state === "partial");
  return [
    ...fileDifferences(directory, history),
    ...partial.flatMap((row) => {
      const migration = directory.graph.byVersion.get(row.version);
      return migration === undefined
        ? []
        : partialDifference(migration, row, history);
    }),
  ];
}

function partialDifference(
  migration: Migration,
  row: HistoryRow,
  history: History,
): FileDifference[] {
  const direction = isDownPartial(history, row.version) ? "down" : "up";
  const { version, file } = migration;
  const found = { version, file, kind: "semantic", direction } as const;
  const options = {
    timeouts: { lock: 0, statement: 0 },
    timeoutsAsked: false,
    storeSql: false,
    noTransaction: false,
  };
  try {
    const prepared = direction === "up"
      ? prepareUp(migration, options)
      : prepareDown(migration, options);
    if (prepared === undefined) return [found];
    const step = editedStep(prepared, {
      done: row.stepsDone,
      progress: history.progress,
    });
    return step === undefined ? [] : [{ ...found, step: step.step }];
  } catch (error) {
    // What cannot be read any more is edited all the same.
    if (error instanceof PawlError) return [found];
    throw error;
  }
}

/**
 * Refuses to go on where the files are not what they were.
 *
 * @param directory The files.
 * @param history The history; undefined to look at `pawl.sum` only.
 * @returns Warnings, one line each.
 * @throws {PawlError} `sum-stale` or `checksum-mismatch`.
 */
export function requireIntegrity(
  directory: MigrationDirectory,
  history: History | undefined,
): string[] {
  const warnings = requireSum(directory);
  if (history === undefined) return warnings;
  const found = fileDifferences(directory, history);
  const semantic = found.filter((d) => d.kind === "semantic");
  const [first] = semantic;
  if (first !== undefined) {
    throw new PawlError(
      "checksum-mismatch",
      `Cannot go on: ${first.file} was edited after it had been applied`,
      {
        location: { file: first.file },
        // A file may differ in both directions.
        details: [...new Set(semantic.map((d) => d.file))].slice(1)
          .map((file) => `so was ${file}`),
        hint:
          `pawl verify shows what changed; put it back and write a new migration, or accept it with pawl repair --accept ${first.version}`,
      },
    );
  }
  for (const difference of found) {
    warnings.push(
      `${difference.file} differs in comments or white space from what was applied`,
    );
  }
  return warnings;
}

/**
 * Refuses files that do not fit `pawl.sum`.
 *
 * @returns Warnings, one line each.
 * @throws {PawlError} `sum-stale` where tokens differ.
 */
export function requireSum(directory: MigrationDirectory): string[] {
  if (directory.sum === undefined) {
    return directory.files.length === 0
      ? []
      : [`${directory.display} has no ${SUM_FILE}: pawl sum writes it`];
  }
  const warnings: string[] = [];
  const wrong: string[] = [];
  for (const difference of directory.sum) {
    const file = `${directory.display}/${difference.file}`;
    switch (difference.kind) {
      case "cosmetic":
        warnings.push(
          `${file} differs in comments or white space from ${SUM_FILE}`,
        );
        break;
      case "edited":
        wrong.push(`${file} was edited`);
        break;
      case "added":
        wrong.push(`${file} is not in it`);
        break;
      case "removed":
        wrong.push(`${file} is gone`);
        break;
      default:
        difference.kind satisfies never;
    }
  }
  if (wrong.length > 0) {
    throw new PawlError(
      "sum-stale",
      `Cannot go on: ${directory.display}/${SUM_FILE} does not fit the files`,
      {
        details: wrong.slice(0, 20),
        hint: "Where the files are as they should be, pawl sum writes it anew",
      },
    );
  }
  return warnings;
}
