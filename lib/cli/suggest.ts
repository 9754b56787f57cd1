/**
 * Which known word was probably meant. It knows nothing of commands or
 * options, and nothing here ever runs what it suggests. Pure.
 *
 * @module
 */

/** Longer input is no slip of the finger, and would only cost time. */
const LONGEST = 64;

/**
 * How many slips (a letter more, less, other, or two swapped) part two words.
 *
 * @param left One word.
 * @param right The other word.
 * @returns The optimal string alignment distance.
 */
export function slips(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let least = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] &&
        left[i - 2] === right[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = above;
    above = row;
  }
  return above[right.length] ?? 0;
}

/**
 * The candidate nearest to a word, where one is near enough: a third of the
 * letters may be wrong, or the word begins exactly one candidate.
 *
 * @param word What was typed.
 * @param candidates What is known.
 * @returns The candidate, or undefined when none is near.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  if (word === "" || word.length > LONGEST) return undefined;
  const typed = word.toLowerCase();
  const known = [...new Set(candidates)];
  let found: string | undefined;
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const candidate of known) {
    const distance = slips(typed, candidate.toLowerCase());
    // A word of two letters shares nothing with one that differs in one.
    if (distance < least && distance < typed.length) {
      [found, least] = [candidate, distance];
    }
  }
  if (found !== undefined || typed.length < 2) return found;
  const begun = known.filter((name) => name.toLowerCase().startsWith(typed));
  return begun.length === 1 ? begun[0] : undefined;
}
