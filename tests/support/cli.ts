/**
 * Runs pawl as a user does: as a process of its own, in a directory of its
 * own, with nothing of the machine's environment. From source with the
 * permissions of `deno task pawl`, or the executable named by `PAWL_BIN`.
 *
 * It knows how the process is started and ended; it must not use any code of
 * pawl, nor know what a command does.
 *
 * @module
 */

import { dirname, join } from "node:path";

/** What a run of pawl left behind. */
export interface CliResult {
  /** The exit code; 128 and the signal's number where a signal ended it. */
  readonly code: number;
  /** The signal that ended it. */
  readonly signal: Deno.Signal | null;
  /** Its standard output. */
  readonly stdout: string;
  /** Its standard error. */
  readonly stderr: string;
}

/** Where and with what pawl is started. */
export interface CliOptions {
  /** The directory to start it in. */
  readonly cwd: string;
  /** Environment variables; there are no others but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A pawl that runs. */
export interface RunningCli {
  /** The process. */
  readonly pid: number;
  /** How it ends. */
  readonly result: Promise<CliResult>;
  /**
   * Sends it a signal; nothing happens where it has ended.
   *
   * @param signal Such as `SIGKILL` or `SIGINT`.
   */
  kill(signal: Deno.Signal): void;
  /**
   * Waits until it has written something to standard error.
   *
   * @param pattern What to wait for.
   * @throws {Error} When it ends without having written that.
   */
  said(pattern: RegExp): Promise<void>;
}

/** The permissions and the program, as `deno task pawl` has them. */
const COMMAND = command();

/**
 * Runs pawl to its end.
 *
 * @param args Its arguments.
 * @param options Directory and environment.
 * @returns Exit code and what it wrote.
 */
export function runCli(
  args: readonly string[],
  options: CliOptions,
): Promise<CliResult> {
  return startCli(args, options).result;
}

/**
 * Starts pawl.
 *
 * @param args Its arguments.
 * @param options Directory and environment.
 * @returns The process; the caller awaits its result.
 */
export function startCli(
  args: readonly string[],
  options: CliOptions,
): RunningCli {
  const child = new Deno.Command(COMMAND.program, {
    args: [...COMMAND.args, ...args],
    cwd: options.cwd,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      // Neither a profile nor a .pgpass of whoever runs the tests.
      HOME: options.cwd,
      ...COMMAND.env,
      ...options.env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Written();
  const written = Promise.all([
    new Response(child.stdout).text(),
    errors.follow(child.stderr),
  ]);
  const result = written.then(async ([stdout]) => {
    const { code, signal } = await child.status;
    return { code, signal, stdout, stderr: errors.text };
  });
  return {
    pid: child.pid,
    result,
    kill: (signal) => {
      try {
        child.kill(signal);
      } catch (error) {
        // It has ended meanwhile.
        const over = error instanceof TypeError ||
          error instanceof Deno.errors.NotFound;
        if (!over) throw error;
      }
    },
    said: (pattern) => errors.until(pattern),
  };
}

/**
 * Gives a directory with files in it to a function and removes it afterwards.
 *
 * @param files Text by path; directories are made.
 * @param body What to do with it.
 * @returns What `body` returns.
 */
export async function withProject<T>(
  files: Readonly<Record<string, string>>,
  body: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await Deno.makeTempDir({ prefix: "pawl-test-" });
  try {
    await writeFiles(directory, files);
    return await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/**
 * Writes files below a directory.
 *
 * @param directory Where.
 * @param files Text by path; directories are made.
 */
export async function writeFiles(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const target = join(directory, path);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeTextFile(target, text);
  }
}

/** A stream's text as it grows, and who waits for something in it. */
class Written {
  text = "";
  #ended = false;
  #waiting: (() => void)[] = [];

  async follow(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.text += decoder.decode(chunk, { stream: true });
      this.#wake();
    }
    this.#ended = true;
    this.#wake();
  }

  async until(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.text)) {
      if (this.#ended) {
        throw new Error(
          `Cannot find ${pattern} in what it said:\n${this.text}`,
        );
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

function command(): {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  const binary = Deno.env.get("PAWL_BIN");
  if (binary !== undefined && binary !== "") {
    return { program: binary, args: [], env: {} };
  }
  const root = new URL("../../", import.meta.url);
  const config = new URL("deno.json", root).pathname;
  const { tasks }: { readonly tasks: { readonly pawl: string } } = JSON.parse(
    Deno.readTextFileSync(config),
  );
  const [, run = "", ...rest] = tasks.pawl.split(" ");
  const permissions = rest.filter((word) => word.startsWith("--"));
  return {
    program: Deno.execPath(),
    args: [
      run,
      `--config=${config}`,
      ...permissions,
      new URL("cli.ts", root).pathname,
    ],
    env: {
      DENO_DIR: denoDirectory(),
      DENO_NO_UPDATE_CHECK: "1",
    },
  };
}

/** Where Deno has the packages: HOME is another one for the child. */
function denoDirectory(): string {
  const named = Deno.env.get("DENO_DIR");
  if (named !== undefined && named !== "") return named;
  const home = Deno.env.get("HOME") ?? "";
  return join(Deno.env.get("XDG_CACHE_HOME") ?? join(home, ".cache"), "deno");
}
