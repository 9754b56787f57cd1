/**
 * What a file's own statements change in the session, told from their texts,
 * and the statements that put it back or make it so again. Pure.
 *
 * @module
 */

import { identity } from "./session_text.ts";
import type { TextContext, UnitRun } from "./unit_run.ts";

/**
 * A default that makes transactions read-only would refuse the next one that
 * writes history, and BEGIN takes it before anything else could be said.
 */
export function writableAfter(statements: readonly string[]): string[] {
  return statements.some((sql) =>
      /\bdefault_transaction_read_only\b|\bsession\s+characteristics\b/i
        .test(sql)
    )
    ? ["RESET default_transaction_read_only"]
    : [];
}

/** Puts back what a file's own SET ROLE or SESSION AUTHORIZATION has changed. */
export function identityAfter(
  context: TextContext,
  statements: readonly string[],
): string[] {
  return statements.some(changesIdentity)
    ? ["RESET SESSION AUTHORIZATION", ...identity(context)]
    : [];
}

/** Leaves a pooler's backend as it was: what a file sets is not for whoever is next. */
export function backendAfter(
  context: TextContext,
  statements: readonly string[],
): string[] {
  if (!context.session.info.pooled) return [];
  return [
    ...(statements.some((sql) => /^set\s|\bset_config\b/i.test(sql))
      ? ["RESET ALL"]
      : []),
    ...(statements.some((sql) => /\btemp(orary)?\b/i.test(sql))
      ? ["DISCARD TEMP"]
      : []),
  ];
}

/** The same after a program, of which nobody knows what it has sent. */
export function backendAfterProgram(context: TextContext): readonly string[] {
  return context.session.info.pooled
    ? [
      "RESET SESSION AUTHORIZATION",
      "RESET ROLE",
      "RESET ALL",
      "DISCARD TEMP",
    ]
    : [];
}

/** What lasts beyond its transaction: SET and the like, also as pg_dump writes it. */
const LASTING =
  /^(?:set|reset)\s+(?!local\b|constraints\b|transaction\b)|^select\s+(?:pg_catalog\.)?set_config\s*\([^()]*,\s*false\s*\)$/i;

const IDENTITY =
  /^(?:set|reset)\s+(?:session\s+)?(?:role|session\s+authorization|authorization)\b/i;

/**
 * Settings that the first units of a file made: all of them for a session that
 * has not run them, else its role only, which is ours between units.
 */
export function replayed(
  context: TextContext,
  run: UnitRun,
  from: { readonly fresh: boolean; readonly before: number },
): { readonly settings: string[]; readonly roles: string[] } {
  const all = from.fresh || context.session.info.pooled;
  return {
    settings: all
      ? lastingBefore(run, from.before).filter((sql) => !IDENTITY.test(sql))
      : [],
    roles: rolesBefore(run, from.before),
  };
}

function lastingBefore(run: UnitRun, unit: number): string[] {
  return run.units.slice(0, unit - 1).flatMap((u) => u.statements)
    .map((s) => s.sql).filter((sql) => LASTING.test(sql));
}

/** The statements of a file that set the role which a unit runs under. */
export function rolesBefore(run: UnitRun, unit: number): string[] {
  return lastingBefore(run, unit).filter((sql) => IDENTITY.test(sql));
}

/** Whether a statement may change who the session is. */
export function changesIdentity(sql: string): boolean {
  return /\b(role|authorization|set_config)\b/i.test(sql);
}

/** Whether a statement may change what a later file finds in the session. */
export function changesSession(sql: string): boolean {
  return /^(set|reset)\s|\b(set_config|temp|temporary)\b/i.test(sql);
}
