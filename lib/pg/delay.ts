/**
 * Waiting that an AbortSignal ends, and waiting longer after each try.
 *
 * @module
 */

/**
 * Waits.
 *
 * @param ms Milliseconds.
 * @param signal Ends the wait early.
 * @throws The signal's reason when it is aborted.
 */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}

/**
 * How long to wait before a further try: doubling, with jitter, so that
 * several waiters do not meet again.
 *
 * @param attempt The tries so far, from 1.
 * @param bounds The first and the longest wait in milliseconds.
 * @param random A number from 0 to 1, such as `Math.random()`.
 */
export function backoff(
  attempt: number,
  bounds: { readonly firstMs: number; readonly longestMs: number },
  random: number,
): number {
  const full = Math.min(bounds.longestMs, bounds.firstMs * 2 ** (attempt - 1));
  return Math.round(full * (0.5 + random / 2));
}
