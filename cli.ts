/**
 * The executable: only here does the process end.
 *
 * `pawl --version` is what scripts and shells ask most and wait for: it is
 * answered before the commands, three times as many modules, are loaded.
 *
 * @module
 */

import type { Table } from "./lib/cli/command.ts";
import { main } from "./lib/cli/main.ts";
import { PROGRAM } from "./lib/cli/program.ts";

async function tableFor(args: readonly string[]): Promise<Table> {
  if (args.length === 1 && args[0] === "--version") {
    return { ...PROGRAM, commands: [] };
  }
  return (await import("./lib/cli/table.ts")).TABLE;
}

if (import.meta.main) {
  Deno.exit(await main(Deno.args, await tableFor(Deno.args)));
}
