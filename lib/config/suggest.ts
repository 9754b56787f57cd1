/**
 * "Did you mean …": the nearest of some known words. It knows nothing of
 * where the words come from.
 *
 * @module
 */

/**
 * The known word nearest to a mistyped one, where one is near enough to be meant.
 *
 * @param word What was typed.
 * @param known The words that would have been right.
 * @returns The nearest known word, or undefined where none is near.
 */
export function nearest(
  word: string,
  known: Iterable<string>,
): string | undefined {
  // Long words are truncated: the distance is quadratic and the text is foreign.
  const typed = fold(word).slice(0, 80);
  const limit = Math.max(1, Math.floor(typed.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const other = fold(candidate);
    const distance = editDistance(typed, other);
    if (distance < bestDistance && distance < other.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * A sentence that names the nearest known word, or else all of them.
 *
 * @param word What was typed.
 * @param known The words that would have been right.
 * @returns A hint without a full stop; undefined where nothing is known.
 */
export function didYouMean(
  word: string,
  known: readonly string[],
): string | undefined {
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
  if (known.length === 0) return undefined;
  return `Known: ${known.join(", ")}`;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll("-", "_");
}

/** Insertions, deletions, substitutions and swaps of neighbours between two words. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = left[i - 1] === right[j - 1] ? 0 : 1;
      let cost = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + substitution,
      );
      const swapped = left[i - 1] === right[j - 2] &&
        left[i - 2] === right[j - 1];
      if (i > 1 && j > 1 && swapped) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}
