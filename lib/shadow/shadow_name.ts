/**
 * Names of throw-away databases, which say what they are and when they were
 * made. The clock and randomness are the caller's. Pure.
 *
 * @module
 */

import { createHash } from "@std/crypto";

/** What every name of a throw-away database looks like, for PostgreSQL's `~`. */
export const SHADOW_NAME_SQL = "^pawl_shadow_[0-9]{14}_[0-9a-f]{12}$";

/**
 * A name for a throw-away database.
 *
 * @param now The time.
 * @param random A UUID.
 * @returns Such as `pawl_shadow_20260131235959_0123456789ab`.
 */
export function shadowName(now: Date, random: string): string {
  const time = now.toISOString().replaceAll(/\D/g, "").slice(0, 14);
  return `pawl_shadow_${time}_${random.replaceAll("-", "").slice(-12)}`;
}

/** The first key of the locks on throw-away databases: one more than that of runs. */
export const SHADOW_LOCK_CLASS = 1885435757;

/**
 * The second key of the lock that the owner of a throw-away database holds.
 *
 * @param name The database's name.
 * @returns An integer from 0 to 2147483647, so that it looks the same in
 * `pg_locks`.
 */
export function shadowLockKey(name: string): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0) &
    0x7fffffff;
}
