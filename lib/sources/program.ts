/**
 * DDL that a program writes to its standard output, such as an ORM's export of
 * its models. What it says on standard error is shown when it fails.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { runProgramGroup } from "../migrate/program_group.ts";
import type { DdlFile } from "./ddl_script.ts";
import { decodeText } from "./files.ts";

/** How to run the program. */
export interface ProgramOptions {
  /** The directory that it runs in. */
  readonly cwd: string;
  /** Ends it, and what it has started, when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** So many lines of standard error are shown. */
const SHOWN_LINES = 10;

/**
 * Runs a program and takes what it prints.
 *
 * @param program The program and its arguments; no shell is between.
 * @param options Its directory, and a signal.
 * @returns What it printed.
 * @throws {PawlError} `program-failed` where it cannot be started, fails or
 * prints nothing; `interrupted`.
 */
export async function runProgramSource(
  program: readonly string[],
  options: ProgramOptions,
): Promise<DdlFile> {
  const [command = "", ...args] = program;
  const shown = program.join(" ");
  let output: Deno.CommandOutput | null;
  try {
    output = await runProgramGroup({ command, args, ...options });
  } catch (error) {
    throw unstarted(command, shown, error);
  }
  if (output === null) {
    throw new PawlError("interrupted", `Stopped: ${shown} was interrupted`);
  }
  const said = new TextDecoder().decode(output.stderr).trimEnd().split("\n")
    .filter((line) => line !== "").slice(-SHOWN_LINES);
  if (!output.success) {
    throw new PawlError(
      "program-failed",
      `Cannot read the schema of ${shown}: it ${
        output.signal === null
          ? `ended with exit code ${output.code}`
          : `was ended by ${output.signal}`
      }`,
      { details: said, hint: `It ran in ${options.cwd}; try it there` },
    );
  }
  const path = `the output of ${shown}`;
  const text = decodeText(output.stdout, path);
  if (text.trim() === "") {
    throw new PawlError(
      "program-failed",
      `Cannot read the schema of ${shown}: it printed nothing`,
      {
        details: said,
        hint: "It must write its DDL to standard output",
      },
    );
  }
  return { path, text };
}

function unstarted(command: string, shown: string, error: unknown): PawlError {
  const denied = error instanceof Deno.errors.NotCapable;
  const missing = error instanceof Deno.errors.NotFound;
  return new PawlError(
    "program-failed",
    `Cannot start ${shown}: ${
      denied
        ? "this pawl was built to start no other programs"
        : missing
        ? `there is no program ${command}`
        : error instanceof Error
        ? error.message
        : String(error)
    }`,
    {
      ...(denied
        ? { hint: "Use the full pawl, or keep the program's output in a file" }
        : missing
        ? { hint: "Correct program in [project] schema, or install it" }
        : {}),
      cause: error,
    },
  );
}
