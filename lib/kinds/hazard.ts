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
  /** What protects rows, or serves queries, is not there between two commits. */
  | "absent"
  /** It may fail, or do what is not wanted, with the rows that are there. */
  | "data-dependent"
  /** The way back does not restore what was there. */
  | "irreversible"
  /** Rights are lost, or come to those who did not have them. */
  | "security"
  /** A person must decide or do something. */
  | "manual";

/** What `--allow` names. */
export const ALLOW_CODES = [
  "add-check",
  "add-exclusion",
  "add-foreign-key",
  "add-required-column",
  "add-unique",
  "attach-partition",
  "change-type",
  "drop-attribute",
  "drop-column",
  "drop-extension",
  "drop-materialized-view",
  "drop-schema",
  "drop-secret",
  "drop-sequence",
  "drop-table",
  "drop-user-mapping",
  "drop-view",
  "empty-materialized-view",
  "rebuild-enum",
  "rebuild-table",
  "set-not-null",
] as const;

/** One of {@linkcode ALLOW_CODES}. */
export type AllowCode = typeof ALLOW_CODES[number];

/** One of them. */
export interface Hazard {
  /** What sort it is. */
  readonly kind: HazardKind;
  /**
   * What `--allow` calls it, such as `drop-table`. Absent where nobody need be
   * asked.
   */
  readonly allow?: AllowCode;
  /** One line: what happens, and to what; in lower case, as behind a colon. */
  readonly reason: string;
  /** What is better done where there are many rows, if anything. */
  readonly instead?: Instead;
  /**
   * Addresses of the tables whose rows it is about, where that is not the table
   * of the statement's object with what inherits from it.
   */
  readonly tables?: readonly string[];
  /** How many rows there are, where a live database was asked. */
  readonly size?: HazardSize;
}

/**
 * A better way where there are many rows: SQL that lets writers go on, a new
 * column that is filled bit by bit, a default that comes after the column.
 */
export type Instead = "online" | "new-column" | "default-later";

/** How many rows something is about. */
export interface HazardSize {
  /** As the server's statistics have it; undefined where it never counted. */
  readonly rows: number | undefined;
  /** With indexes and TOAST. */
  readonly bytes: number;
}

/** From so many rows on, what is done to each of them takes its time. */
const MANY_ROWS = 100_000;

/** What so many rows take at least, where nobody has counted. */
const MANY_BYTES = 160 * MANY_ROWS;

/** Kinds that take the longer the more rows there are. */
const EACH_ROW: ReadonlySet<HazardKind> = new Set(["rewrite", "scan", "lock"]);

const BETTER = {
  "online": "without --locking, so that writers go on meanwhile",
  "new-column":
    "a new column that is filled in batches and then takes the old one's place",
  "default-later":
    "the column without its default, which comes once it is filled in batches",
} as const satisfies Record<Instead, string>;

/**
 * What to do instead, where there are so many rows that it matters.
 *
 * @param hazard The hazard, with its size.
 * @returns Undefined where nothing is better, or there are few.
 */
export function adviceOf({ instead, size }: Hazard): string | undefined {
  return instead === undefined || size === undefined || !isMany(size)
    ? undefined
    : BETTER[instead];
}

/**
 * What happens, and to how many rows, in one line.
 *
 * @param hazard The hazard.
 */
export function hazardReason(hazard: Hazard): string {
  const { kind, reason, size } = hazard;
  if (size === undefined) return reason;
  const rows = size.rows === undefined
    ? `${Math.ceil(size.bytes / 1_000_000)} MB, never analyzed`
    // Not all of them need be in the way.
    : `${kind === "data-dependent" ? "among " : ""}about ${
      size.rows.toLocaleString("en-US")
    } ${size.rows === 1 ? "row" : "rows"}`;
  const advice = adviceOf(hazard);
  if (advice !== undefined) {
    return `${reason} (${rows}; with so many, better ${advice})`;
  }
  return EACH_ROW.has(kind) && isMany(size)
    ? `${reason} (${rows}, which takes its time)`
    : `${reason} (${rows})`;
}

function isMany({ rows, bytes }: HazardSize): boolean {
  return rows === undefined ? bytes >= MANY_BYTES : rows >= MANY_ROWS;
}

/**
 * The loss of data.
 *
 * @param allow What `--allow` calls it.
 * @param reason What is lost, in one line.
 * @param tables Addresses of the tables that lose it, where they are several.
 */
export function dataLoss(
  allow: AllowCode,
  reason: string,
  tables?: readonly string[],
): Hazard {
  return {
    kind: "data-loss",
    allow,
    reason,
    ...(tables === undefined ? {} : { tables }),
  };
}
