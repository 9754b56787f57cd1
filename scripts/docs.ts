/**
 * Writes the parts of the documentation that derive from the code:
 * docs/cli.md from the command table, and the reference in
 * docs/configuration.md from the table of keys. With `--check`, says which
 * page is not as the code wants it (exit 1 where one is not).
 *
 * @module
 */

import { PawlError } from "../lib/errors.ts";
import { renderCheckedDocs } from "../lib/cli/docs.ts";
import { errorLines } from "../lib/cli/report.ts";
import { makeStyle } from "../lib/cli/style.ts";
import { TABLE } from "../lib/cli/table.ts";
import { renderConfigDocs } from "../lib/config/docs.ts";

const ROOT = new URL("../", import.meta.url);

/** A page that is written, as a whole or in part. */
export interface WrittenPage {
  /** Its path below the repository. */
  readonly path: string;
  /**
   * What it is to hold.
   *
   * @param now What it holds; empty where there is none.
   */
  readonly wanted: (now: string) => string;
}

/** What stands around a written part of a page. */
const BEGIN = "<!-- deno-fmt-ignore-start -->";
const END = "<!-- deno-fmt-ignore-end -->";

function replacePart(page: string, part: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin < 0 || end < 0) {
    throw new PawlError(
      "internal",
      "Cannot write docs/configuration.md: it has not the two lines between which the reference stands",
      { details: [BEGIN, END] },
    );
  }
  const note =
    "<!-- Written by scripts/docs.ts: change lib/config/keys.ts. -->";
  return `${page.slice(0, begin)}${BEGIN}\n\n${note}\n\n${part}\n${
    page.slice(end)
  }`;
}

/**
 * The pages that derive from the code.
 *
 * @returns Path and text of each.
 */
export function pages(): readonly WrittenPage[] {
  return [
    { path: "docs/cli.md", wanted: () => renderCheckedDocs(TABLE) },
    {
      path: "docs/configuration.md",
      wanted: (now) => replacePart(now, renderConfigDocs()),
    },
  ];
}

/** A page as it is, or nothing. */
async function present(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(new URL(path, ROOT));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function run(args: readonly string[]): Promise<number> {
  const [flag, ...others] = args;
  if (others.length > 0 || (flag !== undefined && flag !== "--check")) {
    throw new PawlError("usage", "Cannot run docs.ts: it takes only --check");
  }
  let stale = false;
  for (const { path, wanted } of pages()) {
    const now = await present(path);
    const text = wanted(now);
    if (now === text) continue;
    if (flag === "--check") {
      stale = true;
      console.error(
        `${path} differs from the code; write it with: deno run -A scripts/docs.ts`,
      );
    } else {
      await Deno.writeTextFile(new URL(path, ROOT), text);
      console.error(`${path} is written`);
    }
  }
  return stale ? 1 : 0;
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
