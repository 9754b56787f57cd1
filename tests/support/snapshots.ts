// deno-lint-ignore-file no-control-regex -- terminals are controlled by control characters
/**
 * Texts that are kept in tests/snapshots and compared with what is said now.
 *
 * @module
 */

import assert from "@std/assert";
import { steady } from "./transcripts.ts";

const DIRECTORY = new URL("../snapshots/", import.meta.url);

/**
 * Compares a text with the one that is kept under a name. With
 * `PAWL_UPDATE_SNAPSHOTS=1` it is kept instead.
 *
 * @param name The name of the file, without `.txt`.
 * @param text What was said.
 * @param directory A temporary directory, whose name differs from run to run.
 */
export async function matchSnapshot(
  name: string,
  text: string,
  directory: string,
): Promise<void> {
  const now = steady(text.replaceAll(directory, "DIRECTORY"));
  const file = new URL(`${name}.txt`, DIRECTORY);
  if (Deno.env.get("PAWL_UPDATE_SNAPSHOTS") === "1") {
    await Deno.mkdir(DIRECTORY, { recursive: true });
    await Deno.writeTextFile(file, now);
    return;
  }
  assert.equal(now, await Deno.readTextFile(file));
}

/**
 * What a terminal has written, without the lines that were written over, and
 * with colours as words.
 *
 * @param text What was sent to the terminal.
 * @returns Lines of text, with `<bold>` and the like in them.
 */
export function plainTerminal(text: string): string {
  return text.replaceAll("\r\n", "\n").split("\n")
    .map((line) => line.replace(/^[^]*(?:\r|\x1b\[2?K)+/, ""))
    .join("\n")
    .replaceAll(/\x1b\[([\d;]*)m/g, (_, code: string) => `<${code || "0"}>`)
    .replaceAll(/\x1b\[\?\d+[hl]/g, "");
}
