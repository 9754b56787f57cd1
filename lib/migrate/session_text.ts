/**
 * The statements that make a session ready for a file: its settings, the role
 * of the run, `search_path`, and what raises where the lock is gone. Pure.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { assertLock } from "./lock_sql.ts";
import { ScriptBuilder, type ScriptText } from "./script_text.ts";
import type { TextContext } from "./unit_run.ts";

/**
 * What every session of pawl sets for itself. client_connection_check_interval
 * (since 14) makes a backend whose client was killed end within a second.
 */
export const SESSION_SETTINGS: readonly string[] = [
  "SET client_connection_check_interval = '1s'",
  "SET idle_session_timeout = 0",
  "SET idle_in_transaction_session_timeout = 0",
];

/**
 * The statements that begin a transaction of a run: settings as the role and
 * database have them where a file begins and none of the last file's temporary
 * tables, the role, the lock.
 */
export function beginStatements(
  context: TextContext,
  fresh: boolean,
): string[] {
  const local = context.session.info.pooled;
  return [
    "BEGIN ISOLATION LEVEL READ COMMITTED",
    ...(fresh && !local
      ? ["RESET ALL", "DISCARD TEMP", ...SESSION_SETTINGS]
      : []),
    ...identity(context),
    ...(fresh || local ? searchPath(context) : []),
    ...lockStatements(context),
  ];
}

/** The statements that make a session what it was before any file ran in it. */
export function cleanSession(context: TextContext): string[] {
  return [
    "RESET SESSION AUTHORIZATION",
    "RESET ALL",
    ...(context.session.info.pooled ? [] : SESSION_SETTINGS),
    ...identity(context),
  ];
}

/**
 * The statements between two files in one transaction: the second finds what
 * it would find by itself.
 */
export function betweenFiles(context: TextContext): string[] {
  return [
    "CLOSE ALL",
    ...cleanSession(context),
    "DISCARD TEMP",
    ...searchPath(context),
    ...lockStatements(context),
  ];
}

/** What raises where the lock of the run is gone. */
export function lockStatements(context: TextContext): string[] {
  if (context.lock === undefined) return [];
  return [
    assertLock(
      context.scope,
      context.session.info.pooled ? context.lock.pid : undefined,
    ),
  ];
}

/** The role of the run, whatever a file's own statements have made of it. */
export function identity(context: TextContext): string[] {
  const own = context.role === undefined ? [] : [quoteIdentifier(context.role)];
  // Behind a pooler, the session's role must be as it was for whoever is next.
  if (context.session.info.pooled) {
    return [
      "RESET ROLE",
      ...own.map((role) => `SET LOCAL ROLE ${role}`),
    ];
  }
  return own.length === 0
    ? ["RESET ROLE"]
    : own.map((role) => `SET ROLE ${role}`);
}

/** The text that puts the role of the run back. */
export function identityText(context: TextContext): readonly ScriptText[] {
  return new ScriptBuilder().addAll([
    "RESET SESSION AUTHORIZATION",
    ...identity(context),
  ]).texts();
}

/** The `search_path` of the environment, where it has one. */
export function searchPath(context: TextContext): string[] {
  if (context.searchPath === undefined) return [];
  const local = context.session.info.pooled ? "LOCAL " : "";
  return [`SET ${local}search_path = ${context.searchPath}`];
}
