/**
 * One statement about an object: what it does, and when and how it runs. Pure.
 *
 * @module
 */

import type { Hazard } from "./hazard.ts";

/** One statement about an object: what it does, and when and how it runs. */
export interface KindStatement {
  /** The SQL, without its semicolon. */
  readonly sql: string;
  /**
   * `prepare` before anything else, while everything is as it was: a check that
   * proves NOT NULL;
   * `release` before what the object lets go of is dropped, such as a default;
   * `create` in the order of dependencies; `validate` later, in a transaction
   * of its own, while nothing waits for it; `attach` after everything exists:
   * what would make a circle, such as a sequence's owning column.
   */
  readonly phase: "prepare" | "release" | "create" | "validate" | "attach";
  /** Secrets that it lacks, by name: then it is no SQL that can run. */
  readonly withheld?: readonly string[];
  /** Whether it cannot run inside a transaction block: CONCURRENTLY. */
  readonly alone?: boolean;
  /** Whether what comes next must see it committed: a new value of an enum. */
  readonly commits?: boolean;
  /**
   * Of phase `validate`: whether it waits for nobody, and is committed with
   * those around it that do not either.
   */
  readonly brief?: boolean;
  /**
   * Addresses of what must be there already, beyond what the object depends
   * on: the index that an `attach` statement names.
   */
  readonly after?: readonly string[];
  /**
   * Addresses of what goes by this statement, dropped or under another name:
   * nothing else drops it.
   */
  readonly takes?: readonly string[];
  /** Addresses of what must be gone by then, where it goes at all. */
  readonly afterDrop?: readonly string[];
  /** Addresses whose `attach` statements must have run. */
  readonly afterAttached?: readonly string[];
  /**
   * Addresses whose `attach` and `validate` statements must have run: of what
   * has its rows by them.
   */
  readonly afterFilled?: readonly string[];
  /**
   * The role that whoever runs it must be allowed to act as, such as the new
   * owner of what is given away. Absent: none but that who runs it.
   */
  readonly actsAs?: string;
  /**
   * Whether that is the first superuser, who owns what the server makes by
   * itself: the functions that construct a range.
   */
  readonly actsAsFirst?: boolean;
  /**
   * Whether it gives the rows of its table another form or other values, which
   * is refused while a column holds rows of the table as its values.
   */
  readonly remakesRows?: boolean;
  /** What it does to data, or to those who work with it. */
  readonly hazards?: readonly Hazard[];
  /**
   * What stands behind the table's name, where it may stand behind other such
   * clauses in one ALTER TABLE.
   */
  readonly clause?: string;
}

/** What a statement may say beyond its SQL. */
export type StatementOptions = Omit<KindStatement, "sql" | "phase">;

/** A statement that runs in the order of dependencies. */
export function create(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "create", ...options };
}

/**
 * A statement that lacks secrets, which are kept as hashes only.
 *
 * @param withheld Their names; where there are none the statement can run.
 * @param sql The statement.
 */
export function createWithout(
  withheld: readonly string[],
  sql: string,
): KindStatement {
  return create(sql, withheld.length === 0 ? {} : { withheld });
}

/** A statement that runs after everything exists. */
export function attach(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "attach", ...options };
}

/** A statement that runs while everything is as it was. */
export function prepare(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "prepare", ...options };
}

/** A statement that lets go of what is dropped afterwards. */
export function release(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "release", ...options };
}

/** A statement that runs later, in a transaction of its own. */
export function validate(
  sql: string,
  options: StatementOptions = {},
): KindStatement {
  return { sql, phase: "validate", ...options };
}
