/**
 * Compares us with a peer or a floor: runs in turn, medians, a ratio, a bar.
 * It knows numbers and how they are shown, not what they mean.
 *
 * @module
 */

/** Something that is timed; it returns its own seconds, so that what it sets up does not count. */
export type Subject = () => Promise<number>;

/** One comparison. */
export interface Row {
  /** What is compared. */
  readonly name: string;
  /** Our seconds. */
  readonly ours: number;
  /** What we are compared with. */
  readonly peer: string;
  /** Its seconds. */
  readonly theirs: number;
  /** The most that `ours / theirs` may be; undefined: no bar. */
  readonly bar: number | undefined;
  /** What else there is to say. */
  readonly note?: string;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

/**
 * Times subjects in turn (A B C A B C …), so that a machine that gets slower
 * or busier meanwhile does so for all of them.
 *
 * @param rounds How often each is timed, after one time that does not count.
 * @param subjects What is timed.
 * @returns The median of each, in seconds.
 */
export async function inTurn<K extends string>(
  rounds: number,
  subjects: Readonly<Record<K, Subject>>,
): Promise<Record<K, number>> {
  const names = Object.keys(subjects).filter((name): name is K =>
    name in subjects
  );
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const seconds = await subjects[name]();
      if (round > 0) times.get(name)?.push(seconds);
    }
  }
  const result: Partial<Record<K, number>> = {};
  for (const name of names) result[name] = median(times.get(name) ?? []);
  return complete(result, names);
}

function complete<K extends string>(
  partial: Partial<Record<K, number>>,
  names: readonly K[],
): Record<K, number> {
  const isComplete = (
    from: Partial<Record<K, number>>,
  ): from is Record<K, number> =>
    names.every((name) => from[name] !== undefined);
  if (!isComplete(partial)) throw new TypeError("a subject was not timed");
  return partial;
}

/** Seconds for people. */
export function shown(seconds: number): string {
  return seconds < 1
    ? `${(seconds * 1000).toFixed(1)} ms`
    : `${seconds.toFixed(2)} s`;
}

/** A comparison as one line. */
export function rowLine(row: Row): string {
  const ratio = row.ours / row.theirs;
  const verdict = row.bar === undefined
    ? "no bar"
    : `bar ${row.bar.toFixed(2)}: ${ratio <= row.bar ? "met" : "MISSED"}`;
  const lines = [
    `  ${ratio.toFixed(2).padStart(6)} ×  ${row.name} (${
      shown(row.ours)
    }) / ${row.peer} (${shown(row.theirs)}); ${verdict}`,
  ];
  if (row.note !== undefined) lines.push(`            ${row.note}`);
  return lines.join("\n");
}

/** Whether a bar is missed. */
export function missed(row: Row): boolean {
  return row.bar !== undefined && !(row.ours / row.theirs <= row.bar);
}
