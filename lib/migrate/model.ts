/**
 * What a migration is once its file has been read, whatever layout the file
 * follows. Data only: reading is in `file.ts` and `layouts/`, running in
 * `run_units.ts` and `run_program.ts`.
 *
 * @module
 */

import type { Statement } from "../sql/split.ts";

/** A time-out that a file sets for itself, in milliseconds; 0 means none. */
export interface TimeoutOverride {
  /** `lock_timeout`, in milliseconds. */
  readonly lock?: number;
  /** `statement_timeout`, in milliseconds. */
  readonly statement?: number;
}

/** One SQL statement of a migration file. */
export interface FileStatement {
  /** The text, without leading comments and without the semicolon. */
  readonly sql: string;
  /** The offset of `sql` in the file's text. */
  readonly start: number;
  /** The statement as the splitter gave it, for classifying. */
  readonly parsed: Statement;
}

/** A part of a file that is committed by itself. */
export interface Step {
  /** `none`: its statements run one by one, outside a transaction block. */
  readonly transaction: "auto" | "none";
  /** Whether `none` was written in the file rather than recognised. */
  readonly timeouts: TimeoutOverride;
  /** The statements in order; empty for a step of comments only. */
  readonly statements: readonly FileStatement[];
}

/** A requirement on another migration, perhaps of another project. */
export interface Dependency {
  /** The other project's name; undefined for this project. */
  readonly project?: string;
  /** The version that must have been applied. */
  readonly version: string;
}

/** What a file says of itself in its header, before any of its SQL runs. */
export interface Header {
  /** One line for people. */
  readonly message: string;
  /** The versions that it follows; undefined: the file before it. */
  readonly depends: readonly Dependency[] | undefined;
  /** The versions that it stands for (a squash). */
  readonly replaces: readonly string[];
  /** Why it cannot be undone, where it says so. */
  readonly irreversible: string | undefined;
  /** The environments that it is for; undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Whether it may run although later files have been applied. */
  readonly outOfOrder: boolean;
  /** `transaction none` for the whole file. */
  readonly transaction: "auto" | "none";
  /** Time-outs for the whole file. */
  readonly timeouts: TimeoutOverride;
  /** Lint codes that the file allows, with the reason given. */
  readonly allow: readonly {
    readonly codes: readonly string[];
    readonly reason: string;
  }[];
  /** The schema hash that the file expects to find. */
  readonly before: string | undefined;
  /** The schema hash that the file leaves. */
  readonly after: string | undefined;
}

/** Both checksums of one direction. */
export interface Checksums {
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly raw: string;
  /** `t1:` and 64 hex digits over the tokens. */
  readonly tokens: string;
}

/** One direction of a migration in SQL. */
export interface SqlDirection {
  /** The parts that are committed one after the other. */
  readonly steps: readonly Step[];
  /** Statements that must succeed before the last part is committed. */
  readonly verify: readonly FileStatement[];
  /** The file's own text of this direction, verbatim. */
  readonly sql: string;
}

/** A migration's body, read when it is first needed. */
export interface SqlBody {
  /** What it is. */
  readonly kind: "sql";
  /** The up direction. */
  readonly up: SqlDirection;
  /** The down direction, where there is one. */
  readonly down: SqlDirection | undefined;
  /** The text that statement offsets count in, by direction. */
  readonly upFile: FileText;
  /** The text that offsets of the down statements count in. */
  readonly downFile: FileText;
}

/** A text and the path that a message names it by. */
export interface FileText {
  /** The path that messages show. */
  readonly path: string;
  /** The text. */
  readonly text: string;
}

/** A JavaScript or TypeScript migration. */
export interface ProgramBody {
  /** What it is. */
  readonly kind: "program";
  /** In which language. */
  readonly language: "js" | "ts";
  /** The path that messages show. */
  readonly path: string;
  /** Its source. */
  readonly source: string;
}

/** A migration: one file, or in other tools' layouts one folder or pair of files. */
export interface Migration {
  /** What orders it and what the history knows it by. */
  readonly version: string;
  /** The rest of the file's name. */
  readonly name: string;
  /** The path that messages show. */
  readonly file: string;
  /** What the file says of itself. */
  readonly header: Header;
  /** Whether it can be undone by what the file holds. */
  readonly hasDown: boolean;
  /** In which language. */
  readonly language: "sql" | "js" | "ts";
  /** The up direction. */
  readonly up: Checksums;
  /** The down direction, where there is one. */
  readonly down: Checksums | undefined;
  /** Whether pawl's own time-outs apply to it (not to other tools' files). */
  readonly ownTimeouts: boolean;
  /** Reads and checks the statements. Throws `migration-invalid` with file and line. */
  body(): SqlBody | ProgramBody;
}
