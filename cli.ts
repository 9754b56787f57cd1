/**
 * The executable: only here does the process end.
 *
 * @module
 */

import { main } from "./lib/cli/main.ts";
import { TABLE } from "./lib/cli/table.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, TABLE));
