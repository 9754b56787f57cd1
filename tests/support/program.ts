/**
 * How pawl is started where a shell or a terminal stands between it and the
 * test: the executable named by `PAWL_BIN`, or else from source.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A program with its first arguments, and what it needs of the environment. */
export interface Program {
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** Variables without which it does not start. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command line of pawl.
 *
 * @param args Its arguments.
 * @returns The words to start, and the variables that they need.
 */
export function pawlProgram(args: readonly string[] = []): Program {
  const binary = Deno.env.get("PAWL_BIN");
  if (binary !== undefined && binary !== "") {
    return { words: [resolve(binary), ...args], env: {} };
  }
  const config = join(ROOT, "deno.json");
  const { tasks }: { readonly tasks: { readonly pawl: string } } = JSON.parse(
    Deno.readTextFileSync(config),
  );
  const permissions = tasks.pawl.split(" ").filter((word) =>
    word.startsWith("--")
  );
  return {
    words: [
      Deno.execPath(),
      "run",
      `--config=${config}`,
      ...permissions,
      join(ROOT, "cli.ts"),
      ...args,
    ],
    env: { DENO_DIR: denoDirectory(), DENO_NO_UPDATE_CHECK: "1" },
  };
}

/** Where Deno has its packages: HOME is another one for the child. */
function denoDirectory(): string {
  const named = Deno.env.get("DENO_DIR");
  if (named !== undefined && named !== "") return resolve(named);
  return join(cacheDirectory(), "deno");
}

/**
 * Where this user's programs keep what they can make again. A pawl that finds
 * its image of a fresh cluster there does not make one for each test.
 *
 * @returns The directory, for `XDG_CACHE_HOME`.
 */
export function cacheDirectory(): string {
  const named = Deno.env.get("XDG_CACHE_HOME");
  if (named !== undefined && named !== "") return resolve(named);
  return join(Deno.env.get("HOME") ?? "", ".cache");
}
