/**
 * Runs programs and measures them as a user would: the whole process, from
 * its start to its end. It knows nothing of what is compared.
 *
 * @module
 */

/** How to run a program. */
export interface RunOptions {
  /** Its working directory. */
  readonly cwd?: string;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that are no failure; 0 by default. */
  readonly codes?: readonly number[];
}

/** What was measured. */
export interface Measured {
  /** Wall-clock time in seconds. */
  readonly seconds: number;
  /** What the program wrote to stdout. */
  readonly stdout: string;
}

// Nobody's configuration, and none of this process's PG* and PAWL_* variables.
function cleanEnvironment(
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: Deno.env.get("HOME") ?? "",
    LC_ALL: "C",
    PSQLRC: "/dev/null",
    ...more,
  };
}

/**
 * Runs a program to its end.
 *
 * @param command The program and its arguments.
 * @param options Directory, environment, accepted exit codes.
 * @returns How long it took, and its stdout.
 * @throws {Error} When it ends with another code; the message has its stderr.
 */
export async function run(
  command: readonly string[],
  options: RunOptions = {},
): Promise<Measured> {
  const [program = "", ...args] = command;
  const process = new Deno.Command(program, {
    args,
    clearEnv: true,
    env: cleanEnvironment(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const started = performance.now();
  const { code, stdout, stderr } = await process.output();
  const seconds = (performance.now() - started) / 1000;
  const text = new TextDecoder();
  if (!(options.codes ?? [0]).includes(code)) {
    const said = text.decode(stderr).trim().slice(0, 2000);
    throw new Error(`${command.join(" ")} ended with ${code}: ${said}`);
  }
  return { seconds, stdout: text.decode(stdout) };
}

// $1 is a file for the answer, the rest the command. The kernel keeps the high
// water mark (VmHWM); a process that has ended has none any more, so the last
// one seen is at most 50 ms older than its end. Deno itself may not read /proc.
const WATCH = `
out=$1; shift
"$@" >/dev/null &
pid=$!
while line=$(grep VmHWM "/proc/$pid/status" 2>/dev/null); do
  last=$line
  sleep 0.05
done
wait "$pid"; code=$?
printf %s "$last" > "$out"
exit "$code"
`;

/**
 * Runs a program to its end and watches its memory.
 *
 * @param command The program and its arguments.
 * @param options Directory, environment, accepted exit codes.
 * @returns How long it took, and its peak of resident memory in MB.
 * @throws {Error} As {@linkcode run} does.
 */
export async function runWatched(
  command: readonly string[],
  options: RunOptions = {},
): Promise<{ readonly seconds: number; readonly peakMb: number }> {
  const answer = await Deno.makeTempFile();
  try {
    const { seconds } = await run(
      ["sh", "-c", WATCH, "watch", answer, ...command],
      options,
    );
    const kb = /VmHWM:\s+(\d+) kB/.exec(await Deno.readTextFile(answer))?.[1];
    return { seconds, peakMb: Number(kb ?? NaN) / 1024 };
  } finally {
    await Deno.remove(answer);
  }
}
