/**
 * What is said of drift: data only.
 *
 * @module
 */

import type { Data } from "../schema/data.ts";
import type { Apart } from "../migrate/recorded_drift.ts";

/** What a database is compared with. */
export type Against =
  /** The last recorded state: `pawl.objects`. */
  | { readonly kind: "recorded" }
  /** A snapshot file. */
  | { readonly kind: "snapshot"; readonly path: string }
  /** The declared schema. */
  | { readonly kind: "declared" };

/** An attribute that differs. */
export interface DriftAttribute {
  /** The key of the payload. */
  readonly key: string;
  /** Whether an application does not notice. */
  readonly minor: boolean;
  /** Whether `from` is known: a recorded state alone has hashes only. */
  readonly known: boolean;
  /** What it was; undefined: nothing. */
  readonly from: Data | undefined;
  /** What it is. */
  readonly to: Data | undefined;
}

/** An object that differs. */
export interface DriftEntry {
  /** How it differs. */
  readonly kind: "created" | "dropped" | "altered";
  /** Its address. */
  readonly address: string;
  /** Of altered objects, where it is known. */
  readonly attributes: readonly DriftAttribute[];
  /** Why it is no drift; undefined: it is. */
  readonly apart: Apart | undefined;
  /** The object that it came or went with, as a part of it. */
  readonly partOf: string | undefined;
  /** The command, or what else to do, that takes the database as it is. */
  readonly keep: string;
  /** The SQL that puts the database back; undefined where pawl does not know it. */
  readonly undo: string | undefined;
}

/** How a database differs from something. */
export interface DriftReport {
  /** The project's name. */
  readonly project: string;
  /** The environment's name, where one was chosen. */
  readonly environment: string | undefined;
  /** Where the database is, without secrets. */
  readonly database: string;
  /** What it was compared with, in words. */
  readonly against: string;
  /** Whether there was anything to compare: hashes of an older pawl are none. */
  readonly comparable: boolean;
  /** The hash of the live schema. */
  readonly hash: string;
  /** The hash of what it was compared with. */
  readonly expected: string | undefined;
  /** In the order of addresses. */
  readonly entries: readonly DriftEntry[];
  /** Whether any of it is drift, and not shown apart. */
  readonly drifted: boolean;
  /** What could not be read, and what else to know, one line each. */
  readonly warnings: readonly string[];
}
