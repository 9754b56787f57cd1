/**
 * What an object needs that not every supported server has: which version
 * brought it. Pure.
 *
 * @module
 */

/** Something that servers have since a version. */
export interface VersionNeed {
  /** The major version that brought it. */
  readonly since: number;
  /** What it is, in PostgreSQL's own words. */
  readonly what: string;
}

/**
 * A need, where there is one.
 *
 * @param needed Whether the object needs it.
 * @param since The major version that brought it.
 * @param what What it is.
 */
export function need(
  needed: boolean,
  since: number,
  what: string,
): readonly VersionNeed[] {
  return needed ? [{ since, what }] : [];
}

/**
 * The clauses of a definition that not every server knows.
 *
 * @param definition Of an index or a constraint, as the server writes it.
 */
export function clauseNeeds(definition: string): readonly VersionNeed[] {
  // Names and constants may hold any words.
  const words = definition.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'/g, "_");
  return [
    ...need(/\bNULLS NOT DISTINCT\b/.test(words), 15, "NULLS NOT DISTINCT"),
    ...need(
      /\bON DELETE SET (NULL|DEFAULT) \(/.test(words),
      15,
      "ON DELETE SET … of some columns",
    ),
    ...need(/\bNOT ENFORCED\b/.test(words), 18, "NOT ENFORCED"),
    ...need(/\bWITHOUT OVERLAPS\b/.test(words), 18, "WITHOUT OVERLAPS"),
    ...need(/\bPERIOD _?\w/.test(words), 18, "PERIOD"),
  ];
}
