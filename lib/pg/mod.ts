/**
 * What `mod.ts` exports of the connections: the types that runs speak of.
 *
 * @module
 */

export type { LockHolder } from "./lock.ts";
export type { DatabaseInfo, Notice } from "./session.ts";
export type { Blocker, BuildProgress } from "./watch.ts";
