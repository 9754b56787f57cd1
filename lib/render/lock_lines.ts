/**
 * What statements lock, in words: a line for each mode. Pure.
 *
 * @module
 */

import type { PlannedStatement } from "../plan/mod.ts";
import {
  STRONG_MODES,
  stronger,
  type StrongMode,
} from "../sql/locked_relations.ts";

/** The most tables that a line names. */
const SHOWN = 12;

/**
 * The tables that a transaction keeps writers from, the strongest mode first.
 *
 * @param statements What runs in it.
 * @returns Lines such as `locks: ACCESS EXCLUSIVE on public.users`; none where
 * nobody waits.
 */
export function lockLines(
  statements: readonly Pick<PlannedStatement, "locks">[],
): string[] {
  const held = new Map<string, StrongMode>();
  for (const { locks = [] } of statements) {
    for (const [table, mode] of locks) {
      held.set(table, stronger(mode, held.get(table) ?? mode));
    }
  }
  return STRONG_MODES.toReversed().flatMap((mode) => {
    const tables = [...held].flatMap(([table, its]) =>
      its === mode ? [table] : []
    ).sort();
    if (tables.length === 0) return [];
    const more = tables.length - SHOWN;
    return [
      `locks: ${mode} on ${tables.slice(0, SHOWN).join(", ")}${
        more > 0 ? ` and ${more} more` : ""
      }`,
    ];
  });
}
