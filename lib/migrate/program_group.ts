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
  /** Variables beside those of the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Ends it when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** What becomes of what a program writes. */
type Streams = Pick<Deno.CommandOptions, "stdout" | "stderr">;

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
export function runProgramGroup(
  program: ProgramGroup,
): Promise<Deno.CommandOutput | null> {
  return run(
    program,
    { stdout: "piped", stderr: "piped" },
    (child) => child.output(),
  );
}

/**
 * Runs a program as {@linkcode runProgramGroup} does, and hands on what it
 * writes to its standard output while it runs; standard error is pawl's.
 *
 * @param program The program.
 * @param write Takes what it wrote.
 * @returns How it ended; null where the signal aborted.
 * @throws {Error} Where it cannot be started.
 */
export function passProgramGroup(
  program: ProgramGroup,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<Deno.CommandStatus | null> {
  return run(
    program,
    { stdout: "piped", stderr: "inherit" },
    async (child) => {
      for await (const chunk of child.stdout) await write(chunk);
      return await child.status;
    },
  );
}

async function run<T>(
  program: ProgramGroup,
  streams: Streams,
  follow: (child: Deno.ChildProcess) => Promise<T>,
): Promise<T | null> {
  const { command, args, cwd, env = {}, signal } = program;
  if (signal?.aborted) return null;
  const child = new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { ...env },
    stdin: "null",
    ...streams,
    // A session of its own, and so a process group.
    detached: GROUPS,
  }).spawn();
  const followed = follow(child);
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
    const ended = await Promise.race([followed, aborted]);
    if (ended === null || signal?.aborted) {
      // Its streams are closed when nobody in the group has them any more.
      await within(GRACE_MS, followed);
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
