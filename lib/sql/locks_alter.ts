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
  allLocks,
  locksOn,
  NO_LOCKS,
  referencedTables,
  type StrongLocks,
  type StrongMode,
} from "./locked_relations.ts";
import type { QualifiedName } from "./names.ts";

/** Storage parameters that are set under SHARE UPDATE EXCLUSIVE. */
const WEAK_PARAMETER =
  /^(fillfactor|toast_tuple_target|parallel_workers|vacuum_index_cleanup|vacuum_truncate|vacuum_max_eager_freeze_failure_rate|deduplicate_items|log_autovacuum_min_duration|autovacuum_.*)$/;

/** What one subcommand locks. */
interface Subcommand {
  /** How it locks the altered relation; undefined: not so. */
  readonly itself: StrongMode | undefined;
  /** Relations that it names. */
  readonly named: readonly (QualifiedName | undefined)[];
  /** How it locks those. */
  readonly mode: StrongMode;
  /** Whether it may lock others. */
  readonly others: boolean;
}

const WEAK: Subcommand = {
  itself: undefined,
  named: [],
  mode: "ACCESS EXCLUSIVE",
  others: false,
};

/**
 * What an ALTER of a relation locks in SHARE or a stronger mode.
 *
 * @param object `table`, `index`, `view`, …
 * @param cursor Behind that word.
 * @returns The relations.
 */
export function alterTableLocks(object: string, cursor: Cursor): StrongLocks {
  if (cursor.isNext("all", "in", "tablespace")) {
    return locksOn([], { others: true });
  }
  cursor.accept("if", "exists");
  const relation = cursor.relation();
  const subcommands = cursor.segments().map((segment) =>
    subcommand(object, segment)
  );
  return allLocks(subcommands.flatMap(({ itself, named, mode, others }) => [
    itself === undefined ? NO_LOCKS : locksOn([relation], { mode: itself }),
    named.length === 0 ? NO_LOCKS : locksOn(named, { mode }),
    { ...NO_LOCKS, others },
  ]));
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
  const strong: Subcommand = {
    // A sequence's own settings; its name and its owner are the relation's.
    itself: object === "sequence" &&
        !/^(owner|rename|set)$/.test(cursor.word())
      ? "SHARE ROW EXCLUSIVE"
      : "ACCESS EXCLUSIVE",
    named,
    mode: "SHARE ROW EXCLUSIVE",
    others: false,
  };
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
    case "add": {
      cursor.at++;
      if (cursor.accept("constraint")) cursor.at++;
      return cursor.isNext("foreign", "key")
        ? { ...strong, itself: "SHARE ROW EXCLUSIVE" }
        : strong;
    }
    case "enable":
    case "disable":
      cursor.at++;
      if (!cursor.accept("always")) cursor.accept("replica");
      return cursor.isNext("trigger")
        ? { ...strong, itself: "SHARE ROW EXCLUSIVE" }
        : strong;
    default:
      return strong;
  }
}

function attach(object: string, cursor: Cursor): Subcommand {
  cursor.at += 2;
  const named = [cursor.name()];
  // Of a table also the default partition, and what the partition refers to.
  return { ...WEAK, named, others: object === "table" };
}

function detach(cursor: Cursor): Subcommand {
  cursor.at += 2;
  const named = [cursor.name()];
  if (cursor.isNext("concurrently")) return WEAK;
  return cursor.isNext("finalize")
    ? { ...WEAK, named }
    : { ...WEAK, itself: "ACCESS EXCLUSIVE", named, others: true };
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
