/**
 * What a statement of a plan does to data, or to those who work with it.
 *
 * @module
 */

/** What may go wrong, or be lost. */
export type HazardKind =
  /** Rows or values are gone afterwards. */
  | "data-loss"
  /** A table or its indexes are written anew, under ACCESS EXCLUSIVE. */
  | "rewrite"
  /** Every row is read while writers wait. */
  | "scan"
  /** Writers, or readers too, wait for as long as it takes. */
  | "lock"
  /** It may fail, or do what is not wanted, with the rows that are there. */
  | "data-dependent"
  /** The way back does not restore what was there. */
  | "irreversible"
  /** Rights are lost, or come to those who did not have them. */
  | "security"
  /** A person must decide or do something. */
  | "manual";

/** One of them. */
export interface Hazard {
  /** What sort it is. */
  readonly kind: HazardKind;
  /**
   * What `--allow` calls it, such as `drop-table`. Absent where nobody need be
   * asked.
   */
  readonly allow?: string;
  /** One line: what happens, and to what. */
  readonly reason: string;
}

/**
 * The loss of data.
 *
 * @param allow What `--allow` calls it.
 * @param reason What is lost, in one line.
 */
export function dataLoss(allow: string, reason: string): Hazard {
  return { kind: "data-loss", allow, reason };
}
