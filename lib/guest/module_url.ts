/**
 * Somebody else's code as a module that is not on disk, so that a compiled
 * executable imports it too. Pure.
 *
 * @module
 */

/** How many bytes become arguments of one call. */
const PIECE = 0x8000;

/** The URL to import code by. */
export function moduleUrl(code: string): string {
  const bytes = new TextEncoder().encode(code);
  let binary = "";
  for (let i = 0; i < bytes.length; i += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(i, i + PIECE));
  }
  return `data:text/javascript;base64,${btoa(binary)}`;
}
