export function randomPair(
  _seed: number,
  _options: { version: number },
): { a: string; b: string } {
  return { a: "", b: "" };
}
