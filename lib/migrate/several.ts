/**
 * The same for several databases: a few at a time, and one that fails does
 * not hide the others.
 *
 * @module
 */

import { PawlError } from "../errors.ts";

/** What became of one of several. */
export type Outcome<T> =
  | { readonly name: string; readonly ok: true; readonly value: T }
  | { readonly name: string; readonly ok: false; readonly error: PawlError };

/**
 * Does some work for each of several names.
 *
 * @param names What to do it for, such as environments.
 * @param options How many at a time, and a signal that keeps the rest from starting.
 * @param work What to do; a PawlError that it throws is that name's outcome.
 * @returns One outcome a name, in the order of the names.
 */
export async function forEach<T>(
  names: readonly string[],
  options: { readonly jobs: number; readonly signal?: AbortSignal | undefined },
  work: (name: string) => Promise<T>,
): Promise<Outcome<T>[]> {
  const outcomes: Outcome<T>[] = [];
  const queue = names.map((name, index) => ({ name, index }));
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { name, index } = next;
      if (options.signal?.aborted) {
        outcomes[index] = {
          name,
          ok: false,
          error: new PawlError("interrupted", "Not started: interrupted"),
        };
        continue;
      }
      try {
        outcomes[index] = { name, ok: true, value: await work(name) };
      } catch (error) {
        if (!(error instanceof PawlError)) throw error;
        outcomes[index] = { name, ok: false, error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, worker));
  return outcomes;
}

/**
 * One error for several that failed; its exit code is theirs where they agree.
 *
 * @param what What could not be done, such as `upgrade`.
 * @param failed Names and errors; at least one.
 */
export function severalFailed(
  what: string,
  failed: readonly { readonly name: string; readonly error: PawlError }[],
): PawlError {
  const [first] = failed;
  const same = first !== undefined &&
    failed.every((f) => f.error.exitCode === first.error.exitCode);
  return new PawlError(
    same ? first.error.code : "several-failed",
    `Cannot ${what} ${failed.map((f) => f.name).join(", ")}: see above`,
    { hint: "The others are done; mend these and run the same command again" },
  );
}
