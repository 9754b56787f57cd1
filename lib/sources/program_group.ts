/**
 * Runs a program as a process group of its own, so that whatever it has
 * started ends with it. It knows processes and a signal; it must not know
 * what the output is for.
 *
 * @module
 */

/** A program, and how to run it. */
export interface ProgramGroup {
  /** The program. */
  readonly command: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** The directory that it runs in. */
  readonly cwd: string;
  /** Ends it when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Windows has no process groups. */
const GROUPS = Deno.build.os !== "windows";

/** So long it may tidy up after it was asked to end. */
const GRACE_MS = 1000;

/**
 * Runs a program to its end, or until the signal aborts: then it and what it
 * has started are asked to end, and made to.
 *
 * @param program The program.
 * @returns What it wrote; null where the signal aborted.
 * @throws {Error} Where it cannot be started.
 */
export async function runProgramGroup(
  program: ProgramGroup,
): Promise<Deno.CommandOutput | null> {
  const { command, args, cwd, signal } = program;
  if (signal?.aborted) return null;
  const child = new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A session of its own, and so a process group.
    detached: GROUPS,
  }).spawn();
  const output = child.output();
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const abort = () => {
    send(child, "SIGTERM");
    resolve(null);
  };
  // A second interrupt ends pawl before the grace is over.
  const kill = () => send(child, "SIGKILL");
  signal?.addEventListener("abort", abort, { once: true });
  globalThis.addEventListener("unload", kill);
  try {
    const ended = await Promise.race([output, aborted]);
    if (ended === null || signal?.aborted) {
      // Its streams are closed when nobody in the group has them any more.
      await within(GRACE_MS, output);
      kill();
      return null;
    }
    return ended;
  } finally {
    signal?.removeEventListener("abort", abort);
    globalThis.removeEventListener("unload", kill);
  }
}

/** Sends a signal to everybody in the group who is still there. */
function send(child: Deno.ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    if (GROUPS && mayKill()) Deno.kill(-child.pid, signal);
    else child.kill(signal);
  } catch (error) {
    // macOS refuses where there are zombies only.
    const over = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied ||
      error instanceof TypeError;
    if (!over) throw error;
  }
}

/** A library may have been given the right to run this program and no other. */
function mayKill(): boolean {
  return Deno.permissions.querySync({ name: "run" }).state === "granted";
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}
