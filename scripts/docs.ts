/**
 * Writes docs/cli.md from the command table; with `--check`, says whether it
 * is as the table wants it (exit 1 where it is not).
 *
 * @module
 */

import { PawlError } from "../lib/errors.ts";
import { renderCheckedDocs } from "../lib/cli/docs.ts";
import { errorLines } from "../lib/cli/report.ts";
import { makeStyle } from "../lib/cli/style.ts";
import { TABLE } from "../lib/cli/table.ts";

const DOCS = new URL("../docs/cli.md", import.meta.url);

/** The file as it is, or nothing. */
async function present(): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(DOCS);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const [flag, ...others] = args;
  if (others.length > 0 || (flag !== undefined && flag !== "--check")) {
    throw new PawlError("usage", "Cannot run docs.ts: it takes only --check");
  }
  const wanted = renderCheckedDocs(TABLE);
  if (await present() === wanted) return 0;
  if (flag === "--check") {
    console.error(
      "docs/cli.md differs from the command table; write it with: deno run -A scripts/docs.ts",
    );
    return 1;
  }
  await Deno.writeTextFile(DOCS, wanted);
  console.error("docs/cli.md is written");
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await run(Deno.args));
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    const style = makeStyle({ color: false, width: 100 });
    console.error(errorLines(error, style, false).join("\n"));
    Deno.exit(error.exitCode);
  }
}
