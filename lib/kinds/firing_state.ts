/**
 * When triggers, event triggers and rules fire: always, or by what role the
 * session plays in replication.
 *
 * @module
 */

/** A state; `enabled`, origin and local, is the usual one. */
export type FiringState = "disabled" | "replica" | "always" | "enabled";

/** `tgenabled`, `ev_enabled` and `evtenabled`; `O` is the usual. */
export const FIRING_STATES: Readonly<
  Record<string, "disabled" | "replica" | "always">
> = {
  D: "disabled",
  R: "replica",
  A: "always",
};

/**
 * What ALTER TABLE and ALTER EVENT TRIGGER say of a state.
 *
 * @param state The state.
 */
export function firingClause(state: FiringState): string {
  return state === "disabled"
    ? "DISABLE"
    : state === "enabled"
    ? "ENABLE"
    : `ENABLE ${state.toUpperCase()}`;
}
