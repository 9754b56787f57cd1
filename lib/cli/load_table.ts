/**
 * Loads as much of the command table as a run needs. Loading every command
 * takes longer than most of them run; what scripts and deployments call over
 * and over is loaded by itself. It knows where these few commands are, not
 * what they do: whatever is not plainly a run of one of them gets the whole
 * table, so that help, suggestions and errors never differ.
 *
 * @module
 */

import type { Command, Table } from "./command.ts";
import { parse } from "./parse.ts";
import { PROGRAM } from "./program.ts";

const status = async () => (await import("./commands/status.ts")).statusCommand;
const upgrade = async () =>
  (await import("./commands/upgrade.ts")).upgradeCommand;

/** By the first word of the command line: names that no longer command begins with. */
const ALONE: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["status", status],
  ["upgrade", upgrade],
  ["migrate", upgrade],
  ["up", upgrade],
  [
    "current",
    async () => (await import("./commands/current.ts")).currentCommand,
  ],
  ["list", async () => (await import("./commands/list.ts")).listCommand],
  ["verify", async () => (await import("./commands/verify.ts")).verifyCommand],
  ["hash", async () => (await import("./commands/hash.ts")).hashCommand],
]);

/** The words that load one command by itself; a test compares them with the table. */
export const WORDS_ALONE: readonly string[] = [...ALONE.keys()];

/**
 * Loads the commands for an argument list.
 *
 * @param args The arguments, without the program's name.
 * @param env Reads an environment variable.
 * @returns A table by which the arguments mean what they mean by the whole one.
 */
export async function loadTable(
  args: readonly string[],
  env: (name: string) => string | undefined,
): Promise<Table> {
  // Asked by scripts, shells and monitors, which wait: no command is needed.
  if (args.length === 1 && args[0] === "--version") {
    return { ...PROGRAM, commands: [] };
  }
  const load = ALONE.get(args[0] ?? "");
  if (load !== undefined) {
    const table = { ...PROGRAM, commands: [await load()] };
    if (parse(args, table, env).action.kind === "run") return table;
  }
  return (await import("./table.ts")).TABLE;
}
