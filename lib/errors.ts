/**
 * The one error type that pawl throws on purpose, and the one table from an
 * error's code to the exit code of the process. It knows nothing of commands,
 * streams or databases.
 *
 * @module
 */

/** The exit codes of the `pawl` executable. */
export const EXIT = {
  /** Done, or the answer is yes. */
  ok: 0,
  /** The answer is no (`--check`, `drift`, `lint`, …). */
  no: 1,
  /** Usage or configuration. */
  usage: 2,
  /** The database refused or the run failed. */
  failed: 3,
  /** A checksum, the history or `pawl.sum` does not fit. */
  integrity: 4,
  /** The lock is held by somebody else. */
  locked: 5,
  /** A person must act first. */
  blocked: 6,
  /** Interrupted by a signal. */
  interrupted: 130,
} as const;

/** One of the values of {@linkcode EXIT}. */
export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** Every error code, in kebab-case, with the exit code it ends the process with. */
export const EXIT_CODES = {
  // usage and configuration
  "usage": EXIT.usage,
  "unknown-command": EXIT.usage,
  "config-invalid": EXIT.usage,
  "config-missing": EXIT.usage,
  "variable-unset": EXIT.usage,
  "database-missing": EXIT.usage,
  "database-ambiguous": EXIT.usage,
  "database-disabled": EXIT.usage,
  "conninfo-invalid": EXIT.usage,
  "profile-invalid": EXIT.usage,
  "migration-invalid": EXIT.usage,
  "migration-not-found": EXIT.usage,
  "model-invalid": EXIT.usage,
  "schema-invalid": EXIT.usage,
  "snapshot-invalid": EXIT.usage,
  "target-unknown": EXIT.usage,
  "history-missing": EXIT.usage,
  "file-exists": EXIT.usage,
  "file-unreadable": EXIT.usage,
  "file-unwritable": EXIT.failed,
  "seed-invalid": EXIT.usage,
  // the database refused, or the run failed
  "connection-failed": EXIT.failed,
  "connection-lost": EXIT.failed,
  "authentication-failed": EXIT.failed,
  "permission-denied": EXIT.failed,
  "database-read-only": EXIT.failed,
  "server-unsupported": EXIT.failed,
  "migration-failed": EXIT.failed,
  "statement-failed": EXIT.failed,
  "lock-lost": EXIT.failed,
  "lock-timeout": EXIT.failed,
  "schema-changing": EXIT.failed,
  "program-failed": EXIT.failed,
  "several-failed": EXIT.failed,
  "internal": EXIT.failed,
  // integrity
  "checksum-mismatch": EXIT.integrity,
  "sum-stale": EXIT.integrity,
  "history-damaged": EXIT.integrity,
  "history-newer": EXIT.integrity,
  // the lock is held
  "lock-held": EXIT.locked,
  // a person must act first
  "history-diverged": EXIT.blocked,
  "schema-drifted": EXIT.blocked,
  "migration-late": EXIT.blocked,
  "migration-applied": EXIT.blocked,
  "several-heads": EXIT.blocked,
  "dependency-missing": EXIT.blocked,
  "dependency-cycle": EXIT.blocked,
  "version-duplicate": EXIT.blocked,
  "migration-partial": EXIT.blocked,
  "outcome-unknown": EXIT.blocked,
  "index-invalid": EXIT.blocked,
  "irreversible": EXIT.blocked,
  "protected": EXIT.blocked,
  "confirmation-needed": EXIT.blocked,
  "pooled-connection": EXIT.blocked,
  "batch-impossible": EXIT.blocked,
  "not-offline": EXIT.blocked,
  "schema-incomplete": EXIT.blocked,
  "shadow-lacks": EXIT.blocked,
  "server-lacks": EXIT.blocked,
  "proof-failed": EXIT.blocked,
  "change-blocked": EXIT.blocked,
  "plan-stale": EXIT.blocked,
  "squash-impossible": EXIT.blocked,
  "baseline-impossible": EXIT.blocked,
  "plan-invalid": EXIT.integrity,
  "goal-missed": EXIT.failed,
  "rename-unknown": EXIT.usage,
  // interrupted
  "interrupted": EXIT.interrupted,
} as const satisfies Record<string, ExitCode>;

/** A stable, kebab-case name of what went wrong. */
export type ErrorCode = keyof typeof EXIT_CODES;

/** A place in a text file. Lines and columns count from 1; columns are characters. */
export interface SourceLocation {
  /** The file's path as the user would type it. */
  readonly file: string;
  /** The line, from 1. */
  readonly line?: number;
  /** The column in characters, from 1. */
  readonly column?: number;
  /** The text of that line, for the caret below it. */
  readonly text?: string;
}

/** What a PostgreSQL server said of an error. */
export interface ServerReport {
  /** The five-character SQLSTATE. */
  readonly sqlstate: string;
  /** The primary message. */
  readonly message: string;
  /** The DETAIL field. */
  readonly detail?: string;
  /** The HINT field. */
  readonly hint?: string;
  /** The CONTEXT field. */
  readonly where?: string;
}

/** What may be said of a {@linkcode PawlError} beside its code and message. */
export interface PawlErrorOptions {
  /** What to do next, usually a command. */
  readonly hint?: string;
  /** Further lines, most important first. */
  readonly details?: readonly string[];
  /** Where in which file. */
  readonly location?: SourceLocation;
  /** What the server said, where a server said something. */
  readonly server?: ServerReport;
  /** The error that caused this one. */
  readonly cause?: unknown;
}

/**
 * An error that a user can act on.
 *
 * The message reads "Cannot X: current state" without a full stop; the code
 * never changes between releases.
 *
 * @example Tell errors apart by their code
 * ```ts
 * import { PawlError } from "./errors.ts";
 * import assert from "node:assert/strict";
 *
 * const error = new PawlError("lock-held", "Cannot upgrade: the lock is held");
 * assert.equal(error.exitCode, 5);
 * ```
 */
export class PawlError extends Error {
  /** Always `PawlError`. */
  override readonly name = "PawlError";
  /** The stable name of what went wrong. */
  readonly code: ErrorCode;
  /** What to do next. */
  readonly hint: string | undefined;
  /** Further lines. */
  readonly details: readonly string[];
  /** Where in which file. */
  readonly location: SourceLocation | undefined;
  /** What the server said. */
  readonly server: ServerReport | undefined;

  /**
   * Makes an error.
   *
   * @param code The stable name of what went wrong.
   * @param message "Cannot X: current state", without a full stop.
   * @param options Hint, details, location, what the server said, cause.
   */
  constructor(
    code: ErrorCode,
    message: string,
    options: PawlErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
    this.location = options.location;
    this.server = options.server;
  }

  /** The exit code that a process ends with on this error. */
  get exitCode(): ExitCode {
    return EXIT_CODES[this.code];
  }
}
