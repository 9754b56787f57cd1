/**
 * Which relations a statement locks in SHARE or a stronger mode, by its
 * tokens. The levels are those that servers 15 and 18 were seen to take; it
 * knows nothing of the catalog, so that what a statement locks without naming
 * it is only said to be there.
 *
 * @module
 */

import { booleanOption, Cursor } from "./cursor.ts";
import type { Head } from "./head.ts";
import { alterTableLocks } from "./locks_alter.ts";
import {
  allLocks,
  locksOn,
  NO_LOCKS,
  referencedTables,
  type StrongLocks,
  type StrongMode,
} from "./locked_relations.ts";
import { type QualifiedName, relationKey } from "./names.ts";

/** Locks on relations that tokens do not tell. */
const UNKNOWN: StrongLocks = { ...NO_LOCKS, others: true };

/** The lock modes below SHARE, as LOCK TABLE writes them. */
const WEAK_MODES: ReadonlySet<string> = new Set([
  "access share",
  "row share",
  "row exclusive",
  "share update exclusive",
]);

/** The others, but for the strongest. */
const MODES: ReadonlyMap<string, StrongMode> = new Map([
  ["share", "SHARE"],
  ["share row exclusive", "SHARE ROW EXCLUSIVE"],
  ["exclusive", "EXCLUSIVE"],
]);

/**
 * What a DDL statement locks in SHARE or a stronger mode.
 *
 * @param head The statement's beginning.
 * @param cursor Behind the beginning.
 * @returns The relations, without those that the statement itself creates.
 */
export function strongLocks(head: Head, cursor: Cursor): StrongLocks {
  switch (head.action) {
    case "create":
      return createLocks(head, cursor);
    case "alter":
      return alterLocks(head, cursor);
    case "drop":
      return dropLocks(head, cursor);
    case "truncate": {
      cursor.accept("table");
      const names = cursor.relations();
      return locksOn(names, { others: cursor.skipTo("cascade") });
    }
    case "lock":
      return lockTable(cursor);
    case "refresh":
      cursor.accept("materialized", "view");
      return cursor.accept("concurrently")
        ? locksOn([cursor.name()], { mode: "EXCLUSIVE" })
        : locksOn([cursor.name()]);
    case "reindex":
      return reindexLocks(cursor);
    case "cluster":
      return clusterLocks(cursor);
    case "vacuum":
      return vacuumLocks(cursor);
    case "reassign":
      return UNKNOWN;
    default:
      return NO_LOCKS;
  }
}

function createLocks(head: Head, cursor: Cursor): StrongLocks {
  switch (head.object) {
    case "table":
    case "foreign table": {
      cursor.accept("if", "not", "exists");
      const table = cursor.name();
      const names = referencedTables(cursor.tokens).filter((name) =>
        table === undefined || relationKey(name) !== relationKey(table)
      );
      // ACCESS EXCLUSIVE on the parent, and on its default partition.
      const partition = cursor.accept("partition", "of");
      return allLocks([
        partition ? locksOn([cursor.name()], { others: true }) : NO_LOCKS,
        locksOfReferenced(names),
      ]);
    }
    case "schema": {
      return locksOfReferenced(referencedTables(cursor.tokens));
    }
    case "index":
      if (cursor.accept("concurrently")) return NO_LOCKS;
      return cursor.skipTo("on")
        ? locksOn([cursor.relation()], { mode: "SHARE" })
        : UNKNOWN;
    case "view":
      return head.orReplace ? locksOn([cursor.name()]) : NO_LOCKS;
    case "trigger": {
      if (!cursor.skipTo("on")) return UNKNOWN;
      return locksOn([cursor.name()], { mode: "SHARE ROW EXCLUSIVE" });
    }
    case "policy":
      return cursor.skipTo("on") ? locksOn([cursor.name()]) : UNKNOWN;
    case "rule":
      return cursor.skipTo("to") ? locksOn([cursor.name()]) : UNKNOWN;
    default:
      return NO_LOCKS;
  }
}

function alterLocks(head: Head, cursor: Cursor): StrongLocks {
  switch (head.object) {
    case "table":
    case "foreign table":
    case "materialized view":
    case "view":
    case "index":
    case "sequence":
      return alterTableLocks(head.object, cursor);
    case "trigger":
    case "policy":
    case "rule":
      return cursor.skipTo("on") ? locksOn([cursor.name()]) : UNKNOWN;
    case "type": {
      // The relation behind a composite type, and typed tables with CASCADE.
      const type = cursor.name();
      return cursor.tokens.some((token) =>
          token.kind === "word" && token.value === "attribute"
        )
        ? locksOn([type], { others: true })
        : NO_LOCKS;
    }
    case "domain": {
      // SHARE on every table with a column of the domain, for the scan.
      cursor.name();
      if (cursor.accept("add")) {
        const last = cursor.tokens.at(-1)?.value;
        return last === "valid" ? NO_LOCKS : UNKNOWN;
      }
      return cursor.isNext("validate") || cursor.isNext("set", "not", "null")
        ? UNKNOWN
        : NO_LOCKS;
    }
    case "extension":
      // UPDATE runs the extension's own script.
      cursor.name();
      return cursor.isNext("update") ? UNKNOWN : NO_LOCKS;
    default:
      return NO_LOCKS;
  }
}

function dropLocks(head: Head, cursor: Cursor): StrongLocks {
  switch (head.object) {
    case "table":
    case "foreign table":
    case "view":
    case "materialized view":
    case "sequence":
      // The tables at the other end of foreign keys, the parent of a partition.
      cursor.accept("if", "exists");
      return locksOn(cursor.relations(), { others: true });
    case "index":
      if (cursor.accept("concurrently")) return NO_LOCKS;
      cursor.accept("if", "exists");
      return locksOn(cursor.relations(), { others: true });
    case "trigger":
    case "policy":
    case "rule": {
      if (!cursor.skipTo("on")) return UNKNOWN;
      const table = cursor.name();
      return locksOn([table], { others: cursor.isNext("cascade") });
    }
    case "extension":
    case "owned":
      return UNKNOWN;
    default:
      return cursor.skipTo("cascade") ? UNKNOWN : NO_LOCKS;
  }
}

/** The other end of a foreign key gets triggers. */
function locksOfReferenced(
  names: Parameters<typeof locksOn>[0],
): StrongLocks {
  return names.length === 0
    ? NO_LOCKS
    : locksOn(names, { mode: "SHARE ROW EXCLUSIVE" });
}

function lockTable(cursor: Cursor): StrongLocks {
  cursor.accept("table");
  const names = cursor.relations();
  if (cursor.accept("in")) {
    const words: string[] = [];
    while (!cursor.done && !cursor.isNext("mode")) {
      words.push(cursor.word());
      cursor.at++;
    }
    const mode = words.join(" ");
    if (WEAK_MODES.has(mode)) return NO_LOCKS;
    return locksOn(names, { mode: MODES.get(mode) ?? "ACCESS EXCLUSIVE" });
  }
  return locksOn(names);
}

function reindexLocks(cursor: Cursor): StrongLocks {
  const options = cursor.skipParentheses();
  const object = cursor.word();
  cursor.at++;
  if (
    cursor.accept("concurrently") ||
    booleanOption(options, "concurrently") === true
  ) return NO_LOCKS;
  if (object === "table") return locksOn([cursor.name()], { mode: "SHARE" });
  return object === "index"
    ? locksOn([cursor.name()], { others: true })
    : UNKNOWN;
}

function clusterLocks(cursor: Cursor): StrongLocks {
  cursor.skipParentheses();
  cursor.accept("verbose");
  if (cursor.done) return UNKNOWN;
  const first = cursor.name();
  // CLUSTER index ON table is the oldest way to write it.
  return locksOn([cursor.accept("on") ? cursor.name() : first]);
}

function vacuumLocks(cursor: Cursor): StrongLocks {
  const options = cursor.skipParentheses();
  const full = booleanOption(options, "full") === true ||
    cursor.isNext("full");
  if (!full) return NO_LOCKS;
  while (
    cursor.accept("full") || cursor.accept("freeze") ||
    cursor.accept("verbose") || cursor.accept("analyze") ||
    cursor.accept("analyse")
  );
  const names: (QualifiedName | undefined)[] = [];
  for (const segment of cursor.segments()) {
    if (segment.length > 0) names.push(new Cursor(segment).relation());
  }
  return locksOn(names);
}
