/**
 * From a migration's steps to units: what is committed as one. A step whose
 * statements may all run in a transaction is one unit; of another, each
 * statement is. Also decides which time-outs each statement runs under. Pure.
 *
 * @module
 */

import type { StatementClass } from "../sql/classification.ts";
import { classify, locksExisting } from "../sql/classify.ts";
import { tokenHash } from "../sql/token_hash.ts";
import type {
  FileStatement,
  SqlDirection,
  Step,
  TimeoutOverride,
} from "./model.ts";

/** A statement and what it runs under. */
export interface RunStatement extends FileStatement {
  readonly class: StatementClass;
  /** `lock_timeout` in milliseconds; undefined leaves the session's. */
  readonly lockTimeout: number | undefined;
  /** `statement_timeout` in milliseconds; undefined leaves the session's. */
  readonly statementTimeout: number | undefined;
}

/** What is committed as one. */
export interface Unit {
  /** From 1, counted over the whole direction. */
  readonly number: number;
  /**
   * `transaction`: its statements in one transaction block; `outside`: one
   * statement that cannot run in a transaction block, or may end it.
   */
  readonly kind: "transaction" | "outside";
  readonly statements: readonly RunStatement[];
  /** Token hash of its statements: what has run must not be edited. */
  readonly tokens: string;
}

/** How a direction is cut into units. */
export interface UnitOptions {
  /** pawl's own time-outs in milliseconds; undefined sets none. */
  readonly timeouts:
    | { readonly lock: number; readonly statement: number }
    | undefined;
  /** Every statement by itself (`--no-transaction`). */
  readonly noTransaction?: boolean;
}

/**
 * Cuts one direction of a migration into units.
 *
 * @param direction Its steps.
 * @param options Time-outs, and whether transactions are wanted.
 * @returns Units in the order in which they are committed; at least one.
 */
export function unitsOf(direction: SqlDirection, options: UnitOptions): Unit[] {
  const units: Unit[] = [];
  const created = new Set<string>();
  const own = settingsOf(direction);
  for (const step of direction.steps) {
    const classes = step.statements.map((statement) =>
      classify(statement.parsed)
    );
    const single = step.transaction === "none" ||
      options.noTransaction === true ||
      classes.some((c) => c.transaction === "forbidden");
    let strong = false;
    const statements: RunStatement[] = [];
    for (const [i, statement] of step.statements.entries()) {
      const kind = classes[i];
      if (kind === undefined) continue;
      if (single) strong = false;
      strong ||= locksExisting(kind, created);
      if (kind.creates !== undefined) created.add(kind.creates);
      statements.push({
        ...statement,
        class: kind,
        lockTimeout: own.lock
          ? undefined
          : lockTimeout(kind, step.timeouts, options),
        statementTimeout: own.statement
          ? undefined
          : statementTimeout(kind, strong, { step: step.timeouts, options }),
      });
    }
    if (single) {
      for (const statement of statements) {
        units.push(singleUnit(units.length + 1, statement));
      }
    } else if (statements.length > 0 || direction.steps.length === 1) {
      units.push(unitOf(units.length + 1, "transaction", statements));
    }
  }
  if (units.length === 0) units.push(unitOf(1, "transaction", []));
  return units;
}

/** Makes a unit of statements. */
export function unitOf(
  number: number,
  kind: Unit["kind"],
  statements: readonly RunStatement[],
): Unit {
  return {
    number,
    kind,
    statements,
    tokens: tokenHash(statements.map((s) => s.sql).join(";\n")),
  };
}

function singleUnit(number: number, statement: RunStatement): Unit {
  return unitOf(
    number,
    statement.class.transaction === "allowed" ? "transaction" : "outside",
    [statement],
  );
}

/** Which time-outs the file sets by statements of its own: those are its own affair. */
function settingsOf(
  direction: SqlDirection,
): { readonly lock: boolean; readonly statement: boolean } {
  let lock = false;
  let statement = false;
  for (const step of direction.steps) {
    for (const { sql } of step.statements) {
      if (!/^(set|select)\b/i.test(sql)) continue;
      lock ||= /^set\s[^;]*\block_timeout\b|set_config\s*\(\s*'lock_timeout'/i
        .test(sql);
      statement ||=
        /^set\s[^;]*\bstatement_timeout\b|set_config\s*\(\s*'statement_timeout'/i
          .test(sql);
    }
  }
  return { lock, statement };
}

/**
 * `lock_timeout` for DDL. Never for CONCURRENTLY: it waits for old snapshots
 * under the same time-out, and when that ends it an INVALID index is left.
 */
function lockTimeout(
  kind: StatementClass,
  step: TimeoutOverride,
  options: UnitOptions,
): number | undefined {
  if (kind.concurrently) return 0;
  if (step.lock !== undefined) return step.lock;
  if (options.timeouts === undefined) return undefined;
  return kind.ddl ? options.timeouts.lock : 0;
}

/**
 * `statement_timeout` for statements that keep others from a table that
 * existed before: those that take SHARE or a stronger lock on it, and all
 * that follow in the same transaction. Explicitly none for all others, since
 * a role's default would cut off a concurrent build or a backfill.
 */
function statementTimeout(
  kind: StatementClass,
  strong: boolean,
  from: { readonly step: Step["timeouts"]; readonly options: UnitOptions },
): number | undefined {
  if (from.step.statement !== undefined) return from.step.statement;
  if (kind.concurrently) return 0;
  if (from.options.timeouts === undefined) return undefined;
  return strong ? from.options.timeouts.statement : 0;
}
