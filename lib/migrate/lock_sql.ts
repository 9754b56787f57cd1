/**
 * The lock of a run as SQL: taken, given back, and guarded by what raises
 * where it is gone. Pure.
 *
 * @module
 */

import { LOCK_CLASS, lockKey } from "../pg/lock_key.ts";
import { dollarQuote, quoteLiteral } from "../sql/quote.ts";
import type { HistoryScope } from "./history_sql.ts";

/** SQLSTATE of the exceptions that pawl's own guards raise. */
export const GUARD_SQLSTATE = "PAWL1";

/**
 * A statement that raises unless this project's lock is held.
 *
 * @param scope Which history.
 * @param holder The backend that must hold it; undefined: this one.
 */
export function assertLock(scope: HistoryScope, holder?: number): string {
  // Nobody but the session itself can give its lock away, short of ending it.
  const gone = holder === undefined
    ? "the lock of this pawl run is gone: a statement that ran in its session has given it away"
    : "the lock of this pawl run is gone";
  const body = [
    "",
    "BEGIN",
    "  IF NOT EXISTS (SELECT FROM pg_catalog.pg_locks",
    `    WHERE locktype = 'advisory' AND classid = ${LOCK_CLASS} AND objid = ${
      lockKey(scope.schema, scope.project) >>> 0
    } AND objsubid = 2`,
    `    AND granted AND pid = ${holder ?? "pg_catalog.pg_backend_pid()"}`,
    "    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())",
    "  ) THEN",
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = ${
      quoteLiteral(gone)
    };`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

/** A statement that tries the session lock once and raises where somebody holds it. */
export function tryLockOrRaise(scope: HistoryScope): string {
  return tryOrRaise(scope, "pg_try_advisory_lock");
}

/** The same with a lock that ends with the transaction. */
export function tryTransactionLockOrRaise(scope: HistoryScope): string {
  return tryOrRaise(scope, "pg_try_advisory_xact_lock");
}

function tryOrRaise(
  scope: HistoryScope,
  call: "pg_try_advisory_lock" | "pg_try_advisory_xact_lock",
): string {
  const body = [
    "",
    "BEGIN",
    `  IF NOT pg_catalog.${call}(${LOCK_CLASS}, ${
      lockKey(scope.schema, scope.project)
    }) THEN`,
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = 'another pawl run holds the lock of this project', HINT = 'Run the script again when it has ended.';`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

/** The call that gives this project's session lock back. */
export function unlock(scope: HistoryScope): string {
  return `SELECT pg_catalog.pg_advisory_unlock(${LOCK_CLASS}, ${
    lockKey(scope.schema, scope.project)
  })`;
}
