/**
 * The commands of `[hooks]`, run before and after a run that has something to
 * do. They are the operator's own: what they print goes to standard error.
 *
 * @module
 */

import { hookCommands } from "../config/late_settings.ts";
import { PawlError } from "../errors.ts";
import { passProgramGroup } from "./program_group.ts";
import type { Project } from "./project.ts";

/** What a hook is told, beside the environment of pawl itself. */
export interface HookFacts {
  /** The run's id, as `PAWL_RUN_ID`. */
  readonly runId: string;
  /** Where the database is, without secrets, as `PAWL_PLACE`. */
  readonly place: string;
  /** The versions that are about to be run, or were, as `PAWL_VERSIONS`. */
  readonly versions: readonly string[];
  /** Ends the hook that runs, with all that it has started. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs the commands of one hook, in order, each by the system's shell.
 *
 * @param project The project.
 * @param name The hook, such as `before_upgrade`.
 * @param facts What the hooks are told.
 * @throws {PawlError} `program-failed` at the first that fails; those behind
 * it are not run; `interrupted`.
 */
export async function runHooks(
  project: Project,
  name: string,
  facts: HookFacts,
): Promise<void> {
  for (const command of hookCommands(project.settings, name)) {
    await runHook(project, { name, command }, facts);
  }
}

async function runHook(
  project: Project,
  hook: { readonly name: string; readonly command: string },
  facts: HookFacts,
): Promise<void> {
  const refuse = (what: string, hint: string, cause?: unknown) =>
    new PawlError("program-failed", `Cannot run hook ${hook.name}: ${what}`, {
      details: [hook.command],
      hint,
      ...(cause === undefined ? {} : { cause }),
    });
  const [shell, flag] = Deno.build.os === "windows"
    ? ["cmd", "/c"]
    : ["sh", "-c"];
  if (shell === undefined || flag === undefined) return;
  const { environment, project: name, root } = project.settings;
  let status: Deno.CommandStatus | null;
  try {
    status = await passProgramGroup({
      command: shell,
      args: [flag, hook.command],
      cwd: root,
      env: {
        PAWL_HOOK: hook.name,
        PAWL_RUN_ID: facts.runId,
        PAWL_PLACE: facts.place,
        PAWL_VERSIONS: facts.versions.join(" "),
        PAWL_HOOK_PROJECT: name,
        PAWL_HOOK_ENVIRONMENT: environment ?? "",
      },
      signal: facts.signal,
      // Standard output is pawl's own data.
    }, writeAll);
  } catch (error) {
    const denied = error instanceof Deno.errors.NotCapable;
    throw refuse(
      denied
        ? "this pawl may not start processes"
        : error instanceof Error
        ? error.message
        : String(error),
      denied
        ? "pawl-ops runs no hooks: use pawl, or take the hook out of [hooks]"
        : "Mend the command in [hooks]",
      error,
    );
  }
  const left = hook.name.startsWith("before_")
    ? "Nothing was changed"
    : "The run itself is done; only what comes after it is not";
  if (status === null) {
    throw new PawlError(
      "interrupted",
      `Stopped: hook ${hook.name} was interrupted`,
      { details: [hook.command], hint: left },
    );
  }
  if (!status.success) {
    throw refuse(
      status.signal === null
        ? `it ended with exit code ${status.code}`
        : `it was ended by ${status.signal}`,
      left,
    );
  }
}

async function writeAll(chunk: Uint8Array): Promise<void> {
  for (let rest = chunk; rest.length > 0;) {
    rest = rest.subarray(await Deno.stderr.write(rest));
  }
}
