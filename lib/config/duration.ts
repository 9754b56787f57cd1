/**
 * PostgreSQL's way to write a time in a setting (`3s`, `500ms`, `2min`, a bare
 * number of milliseconds), as milliseconds. It knows no setting.
 *
 * @module
 */

/** PostgreSQL's units of time with their length in milliseconds; case matters, as it does there. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["us", 0.001],
  ["ms", 1],
  ["s", 1000],
  ["min", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** The largest value of `lock_timeout` and `statement_timeout`: a C int of milliseconds. */
const MAXIMUM = 2_147_483_647;

/**
 * Reads a time as PostgreSQL reads `lock_timeout`.
 *
 * @param text `3s`, `1.5 s`, `500ms`, `2min`, `1h`, `1d`, or milliseconds without a unit.
 * @returns Whole milliseconds, 0 for none; undefined where PostgreSQL would refuse the
 * text, or where a time above nothing would round to 0, which means "no limit" there.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^\s*(\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})\s*([A-Za-z]*)\s*$/
    .exec(text);
  if (match === null) return undefined;
  const [, digits = "", unit = ""] = match;
  const factor = unit === "" ? 1 : UNITS.get(unit);
  if (factor === undefined) return undefined;
  const exact = Number(digits) * factor;
  const milliseconds = Math.round(exact);
  if (milliseconds > MAXIMUM || (milliseconds === 0 && exact > 0)) {
    return undefined;
  }
  return milliseconds;
}
