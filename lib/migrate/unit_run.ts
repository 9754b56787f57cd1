/**
 * What the texts of a run are made from. Types only: no connection, so that a
 * script can be written without one.
 *
 * @module
 */

import type { Execution } from "./execution.ts";
import type { RecordedFile } from "./record_sql.ts";
import type { FileStatement, FileText } from "./model.ts";
import type { Unit } from "./units.ts";

/** What the texts must know of a run: no connection, so that a script can be written without one. */
export interface TextContext {
  readonly scope: Execution["scope"];
  readonly toolVersion: string;
  readonly runId: string;
  readonly origin: string;
  readonly role: string | undefined;
  readonly searchPath: string | undefined;
  readonly lock: { readonly pid: number } | undefined;
  /** Whether a commit of the same run follows, which waits for the disk. */
  readonly flushLater?: boolean;
  readonly session: { readonly info: { readonly pooled: boolean } };
}

/** What records are made from: the part of {@linkcode TextContext} that names no session. */
export type RecordContext = Pick<
  TextContext,
  "scope" | "toolVersion" | "runId" | "origin"
>;

/** One direction of one migration, ready to run. */
export interface UnitRun {
  readonly version: string;
  readonly direction: "up" | "down";
  readonly units: readonly Unit[];
  readonly verify: readonly FileStatement[];
  /** The text that offsets count in. */
  readonly file: FileText;
  readonly recorded: RecordedFile;
  /** Versions whose rows go with this one's when it is undone. */
  readonly replaces: readonly string[];
}

/** Where a unit stands in its run. */
export interface UnitPlace {
  readonly unit: Unit;
  readonly begun: boolean;
  readonly fresh: boolean;
  readonly done: number;
  /** Whether an earlier run did it, so that nobody knows how long it took. */
  readonly settled?: boolean;
}
