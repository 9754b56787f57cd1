/**
 * How an offline script makes sure that it fits: it raises unless it is alone
 * and the history stands where it goes on. Pure.
 *
 * @module
 */

import { dollarQuote, quoteIdentifier, quoteLiteral } from "../sql/quote.ts";
import {
  assertLock,
  GUARD_SQLSTATE,
  tryLockOrRaise,
  tryTransactionLockOrRaise,
  unlock,
} from "./lock_sql.ts";
import { historyTable, installHistory } from "./history_sql.ts";
import type { ScriptOptions } from "./script_options.ts";
import type { RecordContext, UnitRun } from "./unit_run.ts";

/** What comes before the first migration: one session, one lock, the right history. */
export function openingLines(
  facts: {
    readonly options: ScriptOptions;
    readonly required: readonly string[];
    /** What raises unless the history stands where the script begins. */
    readonly stands: string;
  },
): string[] {
  const { options, stands } = facts;
  const role = options.role === undefined
    ? []
    : [`SET ROLE ${quoteIdentifier(options.role)};`];
  const path = options.searchPath === undefined
    ? []
    : [`SET search_path = ${options.searchPath};`];
  const install = facts.required.length > 0 ? [] : [
    installHistory(options.scope, options.historyDdl, {
      toolVersion: options.toolVersion,
      readers: options.readers,
    }) + ";",
  ];
  if (options.target === "psql") {
    return [
      "\\set ON_ERROR_STOP on",
      ...role,
      ...path,
      "-- One run at a time: the lock is tried once, and kept until the end.",
      tryLockOrRaise(options.scope) + ";",
      ...install,
      stands + ";",
      "",
    ];
  }
  // Without ON_ERROR_STOP each transaction must guard itself (standsBetween).
  return [
    ...role,
    ...path,
    "BEGIN;",
    tryTransactionLockOrRaise(options.scope) + ";",
    ...install,
    stands + ";",
    "COMMIT;",
    "",
  ];
}

/** A statement that raises unless just these versions are in force, and what they replace. */
export function standsAt(
  context: RecordContext,
  versions: {
    readonly required: readonly string[];
    readonly replaced: readonly string[];
  },
): string {
  const { scope } = context;
  const table = historyTable(scope.schema, "migrations");
  const list = (items: readonly string[]) =>
    items.length === 0
      ? "ARRAY[]::text[]"
      : `ARRAY[${items.map(quoteLiteral).join(", ")}]`;
  const body = [
    "",
    "DECLARE",
    "  missing text;",
    "  present text;",
    "BEGIN",
    `  SELECT pg_catalog.min(v) INTO missing FROM pg_catalog.unnest(${
      list(versions.required)
    }) AS v`,
    `    WHERE NOT EXISTS (SELECT FROM ${table} m WHERE m.project = ${
      quoteLiteral(scope.project)
    } AND m.version = v AND m.state IN ('applied', 'stamped'));`,
    "  IF missing IS NOT NULL THEN",
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = 'this script does not fit this database: migration ' || missing || ' has not been applied';`,
    "  END IF;",
    `  SELECT pg_catalog.min(m.version) INTO present FROM ${table} m`,
    `    WHERE m.project = ${
      quoteLiteral(scope.project)
    } AND m.state <> 'rolled_back' AND (m.state = 'partial' OR NOT m.version = ANY (${
      list([...versions.required, ...versions.replaced])
    }));`,
    "  IF present IS NOT NULL THEN",
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = 'this script does not fit this database: migration ' || present || ' is in its history already';`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

/**
 * A statement that raises where what comes before in the script has not
 * happened: a console may go on behind an error.
 */
export function standsBetween(
  context: RecordContext,
  at: {
    readonly run: UnitRun;
    /** The migration before this one in the script. */
    readonly previous: string | undefined;
    readonly begun: boolean;
    readonly done: number;
  },
): string {
  const { run } = at;
  const row = (version: string, condition: string) =>
    `EXISTS (SELECT FROM ${
      historyTable(context.scope.schema, "migrations")
    } WHERE project = ${quoteLiteral(context.scope.project)} AND version = ${
      quoteLiteral(version)
    } AND ${condition})`;
  const inForce = "state IN ('applied', 'stamped')";
  const conditions = at.begun
    ? [row(run.version, `state = 'partial' AND steps_done = ${at.done}`)]
    : [
      run.direction === "down"
        ? row(run.version, inForce)
        : `NOT ${row(run.version, "state <> 'rolled_back'")}`,
      ...(at.previous === undefined ? [] : [
        `${run.direction === "down" ? "NOT " : ""}${row(at.previous, inForce)}`,
      ]),
    ];
  const body = [
    "",
    "BEGIN",
    `  IF NOT (${conditions.join(" AND ")}) THEN`,
    `    RAISE EXCEPTION USING ERRCODE = '${GUARD_SQLSTATE}', MESSAGE = ${
      quoteLiteral(
        `the history does not stand where ${run.version} follows: what comes before it in this script has not happened`,
      )
    };`,
    "  END IF;",
    "END",
    "",
  ].join("\n");
  return `DO ${dollarQuote(body)}`;
}

/** What comes behind the last migration. */
export function closingLines(options: ScriptOptions): string[] {
  return options.target === "psql" ? [unlock(options.scope) + ";"] : [];
}

/**
 * What raises where a file has given the session's lock away. The lock of a
 * transaction, which `plain` takes, cannot be given away before its end.
 */
export function lockKept(options: ScriptOptions): string[] {
  return options.target === "psql" ? [assertLock(options.scope)] : [];
}
