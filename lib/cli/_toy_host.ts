/**
 * A host for the tests of lib/cli: streams into strings, a scripted standard
 * input, a clock that the test moves, signals that the test sends. With
 * `deno run` it is the toy program on the real process.
 *
 * @module
 */

import type { ExitCode } from "../errors.ts";
import type { Host } from "./host.ts";
import { main } from "./main.ts";
import { TOY } from "./_toy_table.ts";

/** What a test says of the process. */
export interface ToySetting {
  /** The environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of standard input; the end comes after them. */
  readonly stdin?: readonly (string | Uint8Array)[];
  /** Which streams are terminals. */
  readonly terminals?: readonly ("stdin" | "stdout" | "stderr")[];
  /** The columns of its terminals. */
  readonly columns?: number;
  /** Called when standard input is read, before anything is given. */
  readonly onRead?: (toy: ToyControls) => void;
}

/** What a test can do to the process while it runs. */
export interface ToyControls {
  /** Moves the clock and calls what is due. */
  readonly pass: (milliseconds: number) => void;
  /** Sends a signal. */
  readonly signal: (name: string) => void;
}

/** How a run of the toy table ended. */
export interface ToyRun {
  /** The exit code. */
  readonly code: ExitCode;
  /** What went to standard output. */
  readonly stdout: string;
  /** What went to standard error. */
  readonly stderr: string;
  /** The code of an exit that did not wait. */
  readonly exited: ExitCode | undefined;
  /** Timers and listeners that are left. */
  readonly left: number;
}

/** An environment without variables. */
export const nothing = (): undefined => undefined;

/**
 * Runs the toy table on a process that is none.
 *
 * @param args The arguments.
 * @param setting The process.
 * @returns How it ended.
 */
export async function runToy(
  args: readonly string[],
  setting: ToySetting = {},
): Promise<ToyRun> {
  const { terminals = [], env = {}, columns } = setting;
  const input = [...setting.stdin ?? []];
  const written = { stdout: "", stderr: "" };
  const ticks = new Set<() => void>();
  const listeners = new Set<(signal: string) => void>();
  let elapsed = 0;
  let exited: ExitCode | undefined;
  const controls: ToyControls = {
    pass: (milliseconds) => {
      elapsed += milliseconds;
      ticks.forEach((tick) => tick());
    },
    signal: (name) => listeners.forEach((listener) => listener(name)),
  };
  const output = (name: "stdout" | "stderr") => ({
    isTerminal: terminals.includes(name),
    columns: () => columns,
    write: (text: string) => {
      written[name] += text;
      return true;
    },
  });
  const host: Host = {
    cwd: () => "/toy",
    env: (name) => Object.hasOwn(env, name) ? env[name] : undefined,
    stdin: {
      isTerminal: terminals.includes("stdin"),
      read: () => {
        setting.onRead?.(controls);
        const next = input.shift();
        return Promise.resolve(
          typeof next === "string"
            ? new TextEncoder().encode(next)
            : next ?? null,
        );
      },
    },
    stdout: output("stdout"),
    stderr: output("stderr"),
    clock: {
      now: () => new Date(0),
      elapsed: () => elapsed,
      every: (_, tick) => {
        ticks.add(tick);
        return () => ticks.delete(tick);
      },
    },
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit: (code) => {
      exited = code;
    },
  };
  const code = await main(args, TOY, host);
  return { ...written, code, exited, left: ticks.size + listeners.size };
}

if (import.meta.main) Deno.exit(await main(Deno.args, TOY));
