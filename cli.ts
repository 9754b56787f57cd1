/**
 * The executable: only here does the process end.
 *
 * @module
 */

import { loadTable } from "./lib/cli/load_table.ts";
import { main } from "./lib/cli/main.ts";

if (import.meta.main) {
  const table = await loadTable(Deno.args, (name) => Deno.env.get(name));
  Deno.exit(await main(Deno.args, table));
}
