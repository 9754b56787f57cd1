/**
 * Which of ALTER TABLE's subcommands lock in SHARE or a stronger mode. The
 * levels are PostgreSQL's (`AlterTableGetLockLevel`, and the one of each
 * storage parameter); most are ACCESS EXCLUSIVE, so the list is of those that
 * are not.
 *
 * @module
 */

import { Cursor, type SqlToken } from "./cursor.ts";
import {
  locksOn,
  NO_LOCKS,
  referencedTables,
  type StrongLocks,
} from "./locked_relations.ts";
import type { QualifiedName } from "./names.ts";

/** Storage parameters that are set under SHARE UPDATE EXCLUSIVE. */
const WEAK_PARAMETER =
  /^(fillfactor|toast_tuple_target|parallel_workers|vacuum_index_cleanup|vacuum_truncate|vacuum_max_eager_freeze_failure_rate|deduplicate_items|log_autovacuum_min_duration|autovacuum_.*)$/;

/** What one subcommand locks. */
interface Subcommand {
  /** Whether it locks the altered relation so. */
  readonly itself: boolean;
  /** Relations that it names. */
  readonly named: readonly (QualifiedName | undefined)[];
  /** Whether it may lock others. */
  readonly others: boolean;
}

const WEAK: Subcommand = { itself: false, named: [], others: false };

/**
 * What an ALTER of a relation locks in SHARE or a stronger mode.
 *
 * @param object `table`, `index`, `view`, …
 * @param cursor Behind that word.
 * @returns The relations.
 */
export function alterTableLocks(object: string, cursor: Cursor): StrongLocks {
  if (cursor.isNext("all", "in", "tablespace")) return locksOn([], true);
  cursor.accept("if", "exists");
  const relation = cursor.relation();
  const subcommands = cursor.segments().map((segment) =>
    subcommand(object, segment)
  );
  const itself = subcommands.some((each) => each.itself);
  const named = subcommands.flatMap((each) => each.named);
  const others = subcommands.some((each) => each.others);
  if (!itself && named.length === 0 && !others) return NO_LOCKS;
  const names = itself ? [relation, ...named] : named;
  return locksOn(names, others);
}

/**
 * Whether an ALTER TABLE validates constraints and does nothing else.
 *
 * @param cursor Behind the words ALTER TABLE.
 * @returns True if every subcommand is VALIDATE CONSTRAINT.
 */
export function onlyValidates(cursor: Cursor): boolean {
  cursor.accept("if", "exists");
  cursor.relation();
  return cursor.segments().every((segment) =>
    new Cursor(segment).isNext("validate", "constraint")
  );
}

function subcommand(object: string, segment: readonly SqlToken[]): Subcommand {
  const cursor = new Cursor(segment);
  const named = referencedTables(segment);
  const strong: Subcommand = { itself: true, named, others: false };
  switch (cursor.word()) {
    case "validate":
      return WEAK;
    case "cluster":
      return WEAK;
    case "rename":
      // Of an index and of what is in one, SHARE UPDATE EXCLUSIVE since 12.
      return object === "index" ? WEAK : strong;
    case "attach":
      return attach(object, cursor);
    case "detach":
      return detach(cursor);
    case "set":
      if (cursor.isNext("set", "without", "cluster")) return WEAK;
      cursor.at++;
      return weakParameters(cursor) ? WEAK : strong;
    case "reset":
      cursor.at++;
      return weakParameters(cursor) ? WEAK : strong;
    case "drop":
      // The other end of a foreign key, views with CASCADE.
      return { ...strong, others: true };
    case "alter":
      return alterColumn(cursor, strong);
    default:
      return strong;
  }
}

function attach(object: string, cursor: Cursor): Subcommand {
  cursor.at += 2;
  const named = [cursor.name()];
  // Of a table also the default partition, and what the partition refers to.
  return { itself: false, named, others: object === "table" };
}

function detach(cursor: Cursor): Subcommand {
  cursor.at += 2;
  const named = [cursor.name()];
  if (cursor.isNext("concurrently")) return WEAK;
  return cursor.isNext("finalize")
    ? { itself: false, named, others: false }
    : { itself: true, named, others: true };
}

function alterColumn(cursor: Cursor, strong: Subcommand): Subcommand {
  cursor.at++;
  if (cursor.isNext("constraint")) return { ...strong, others: true };
  cursor.accept("column");
  cursor.at++; // the column's name, or its number in an index
  if (cursor.isNext("set", "statistics")) return WEAK;
  // The column's own options: n_distinct and n_distinct_inherited.
  if (
    cursor.isNext("set") && cursor.isSymbol("(", 1) ||
    cursor.isNext("reset")
  ) return WEAK;
  const retypes = cursor.isNext("type") ||
    cursor.isNext("set", "data", "type");
  // Foreign keys on the column are made again, which locks their other end.
  return retypes ? { ...strong, others: true } : strong;
}

/** Whether what is in the parentheses are only weak storage parameters. */
function weakParameters(cursor: Cursor): boolean {
  if (!cursor.isSymbol("(")) return false;
  return new Cursor(cursor.skipParentheses()).segments().every((segment) => {
    const parameter = new Cursor(segment).name();
    if (parameter === undefined) return false;
    const { schema, name } = parameter;
    return (schema === undefined || schema === "toast") &&
      WEAK_PARAMETER.test(name);
  });
}
