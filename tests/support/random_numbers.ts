/**
 * Random numbers that a seed decides: Math.random() takes none.
 *
 * @module
 */

/**
 * A sequence of numbers from 0 to below 1 that a seed decides.
 *
 * @param seed Any integer.
 */
export function randomNumbers(seed: number): () => number {
  // A 32-bit mixer over a counter.
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / 2 ** 32;
  };
}
