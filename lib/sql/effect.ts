/**
 * Which statements cannot run inside a transaction block, and how the catalog
 * tells whether one of them has happened. The list is that of PostgreSQL's
 * `PreventInTransactionBlock` calls; it knows nothing of the catalog itself.
 *
 * @module
 */

import type { Effect, TransactionRule } from "./classification.ts";
import { booleanOption, type Cursor } from "./cursor.ts";
import type { Head } from "./head.ts";

/** Where a statement may run, and what tells that it has. */
export interface Execution {
  /** Whether it can run inside a transaction block. */
  readonly transaction: TransactionRule;
  /** Whether it says CONCURRENTLY. */
  readonly concurrently: boolean;
  /** How the catalog can tell whether it has happened. */
  readonly effect: Effect;
}

const ORDINARY: Execution = {
  transaction: "allowed",
  concurrently: false,
  effect: { kind: "transactional" },
};

function outside(effect: Effect, concurrently = false): Execution {
  return { transaction: "forbidden", concurrently, effect };
}

const UNKNOWN: Effect = { kind: "unknown" };
const IDEMPOTENT: Effect = { kind: "idempotent" };

/**
 * Where a statement may run, and what tells that it has.
 *
 * @param head The statement's beginning.
 * @param cursor Behind the beginning.
 * @returns The rule and the effect.
 */
export function execution(head: Head, cursor: Cursor): Execution {
  switch (head.verb) {
    case "CREATE INDEX":
      return createIndex(cursor);
    case "DROP INDEX":
      return dropIndex(cursor);
    case "REINDEX":
      return reindex(cursor);
    case "ALTER TABLE":
      return alterTable(cursor);
    case "REFRESH MATERIALIZED VIEW":
      cursor.accept("materialized", "view");
      return { ...ORDINARY, concurrently: cursor.isNext("concurrently") };
    case "CREATE DATABASE":
    case "CREATE TABLESPACE": {
      const name = cursor.identifier();
      const kind = head.object === "database"
        ? "database-created"
        : "tablespace-created";
      return outside(name === undefined ? UNKNOWN : { kind, name });
    }
    case "DROP DATABASE":
    case "DROP TABLESPACE":
    case "DROP SUBSCRIPTION":
      return dropNamed(head.object, cursor);
    case "CREATE SUBSCRIPTION":
      return createSubscription(cursor);
    case "ALTER SUBSCRIPTION":
      return alterSubscription(cursor);
    case "ALTER DATABASE":
      cursor.identifier();
      // Moving a database to where it is does nothing.
      return cursor.isNext("set", "tablespace")
        ? outside(IDEMPOTENT)
        : ORDINARY;
    case "ALTER SYSTEM":
    case "VACUUM":
    case "DISCARD ALL":
      return outside(IDEMPOTENT);
    case "CLUSTER":
      cursor.skipParentheses();
      cursor.accept("verbose");
      return cursor.done ? outside(IDEMPOTENT) : ORDINARY;
    case "COMMIT PREPARED":
    case "ROLLBACK PREPARED":
      return outside(UNKNOWN);
    case "CALL":
    case "DO":
      return { ...ORDINARY, transaction: "depends", effect: UNKNOWN };
    default:
      return ORDINARY;
  }
}

function createIndex(cursor: Cursor): Execution {
  if (!cursor.accept("concurrently")) return ORDINARY;
  const ifNotExists = cursor.accept("if", "not", "exists");
  const index = cursor.isNext("on") ? undefined : cursor.identifier();
  cursor.accept("on");
  const table = cursor.relation();
  const effect: Effect = table === undefined
    ? UNKNOWN
    : { kind: "index-created", index, table, ifNotExists };
  return outside(effect, true);
}

function dropIndex(cursor: Cursor): Execution {
  if (!cursor.accept("concurrently")) return ORDINARY;
  const ifExists = cursor.accept("if", "exists");
  const [index, ...more] = cursor.relations();
  // The server refuses to drop several indexes concurrently.
  const effect: Effect = index === undefined || more.length > 0
    ? UNKNOWN
    : { kind: "index-dropped", index, ifExists };
  return outside(effect, true);
}

function reindex(cursor: Cursor): Execution {
  const options = cursor.skipParentheses();
  const target = cursor.word();
  cursor.at++;
  const concurrently = cursor.accept("concurrently") ||
    booleanOption(options, "concurrently") === true;
  const name = cursor.name();
  switch (target) {
    case "index":
    case "table":
      if (!concurrently) return ORDINARY;
      break;
    case "schema":
    case "database":
    case "system":
      break;
    default:
      return ORDINARY;
  }
  return outside(
    { kind: "reindexed", target, name, concurrently },
    concurrently,
  );
}

function alterTable(cursor: Cursor): Execution {
  cursor.accept("if", "exists");
  const parent = cursor.relation();
  if (!cursor.accept("detach", "partition")) return ORDINARY;
  const partition = cursor.name();
  if (!cursor.accept("concurrently")) return ORDINARY;
  const effect: Effect = parent === undefined || partition === undefined
    ? UNKNOWN
    : { kind: "partition-detached", parent, partition };
  return outside(effect, true);
}

function dropNamed(object: string, cursor: Cursor): Execution {
  const ifExists = cursor.accept("if", "exists");
  const name = cursor.identifier();
  if (name === undefined) return outside(UNKNOWN);
  const kind = object === "database"
    ? "database-dropped"
    : object === "tablespace"
    ? "tablespace-dropped"
    : "subscription-dropped";
  return outside({ kind, name, ifExists });
}

function createSubscription(cursor: Cursor): Execution {
  const name = cursor.identifier();
  const options = cursor.skipTo("with") ? cursor.skipParentheses() : [];
  // Making a replication slot is what a transaction cannot take back.
  const slot = booleanOption(options, "create_slot") ??
    booleanOption(options, "connect") ?? true;
  if (!slot) return ORDINARY;
  return outside(
    name === undefined ? UNKNOWN : { kind: "subscription-created", name },
  );
}

function alterSubscription(cursor: Cursor): Execution {
  cursor.identifier();
  if (cursor.isNext("refresh")) return outside(IDEMPOTENT);
  const set = cursor.accept("set");
  if (set && cursor.isSymbol("(")) {
    const options = cursor.skipParentheses();
    return booleanOption(options, "two_phase") !== undefined ||
        booleanOption(options, "failover") !== undefined
      ? outside(IDEMPOTENT)
      : ORDINARY;
  }
  if (!set && !cursor.accept("add") && !cursor.accept("drop")) return ORDINARY;
  if (!cursor.isNext("publication")) return ORDINARY;
  const options = cursor.skipTo("with") ? cursor.skipParentheses() : [];
  if (booleanOption(options, "refresh") === false) return ORDINARY;
  // ADD and DROP fail the second time.
  return outside(set ? IDEMPOTENT : UNKNOWN);
}
