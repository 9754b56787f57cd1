/**
 * What an offline script is made of. Types only.
 *
 * @module
 */

import type { Migration } from "./model.ts";
import type { PreparedMigration, PrepareOptions } from "./prepare.ts";
import type { RecordContext } from "./unit_run.ts";

/** What a script is made of. */
export interface ScriptOptions {
  /** A version or `base`. */
  readonly from: string;
  /** A version, `head`, `base`, `+N` or `-N`. */
  readonly to: string;
  /** `psql` stops at the first error; `plain` has no meta-commands. */
  readonly target: "psql" | "plain";
  readonly environment: string | undefined;
  readonly role: string | undefined;
  readonly searchPath: string | undefined;
  readonly scope: RecordContext["scope"];
  readonly toolVersion: string;
  readonly readers: readonly string[];
  /** The text of `migrations/0001_history.sql`. */
  readonly historyDdl: string;
  readonly prepare: PrepareOptions;
}

/** A migration of a script. */
export interface Entry {
  readonly migration: Migration;
  readonly prepared: PreparedMigration;
  /** Only its row is written: it replaces what is in force. */
  readonly recordOnly: boolean;
}
