/**
 * The process as lib/cli sees it: streams, environment, clock, signals. The
 * only module of lib/cli that touches `Deno`; it must not know what is written.
 *
 * @module
 */

import type { ExitCode } from "../errors.ts";

/** Time, passed in so that tests own it. */
export interface Clock {
  /** The date and time of day. */
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
  /** Calls `tick` every so many milliseconds until the returned function is called. */
  readonly every: (milliseconds: number, tick: () => void) => () => void;
}

/** A stream that the process writes to. */
export interface OutputStream {
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** The terminal's columns, where they are known. */
  readonly columns: () => number | undefined;
  /** Writes all of the text; false when the reader has gone (a broken pipe). */
  readonly write: (text: string) => boolean;
}

/** The process, as lib/cli sees it. */
export interface Host {
  /** The current directory. */
  readonly cwd: () => string;
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
  /** Standard input; `read` gives null at its end. */
  readonly stdin: {
    readonly isTerminal: boolean;
    readonly read: () => Promise<Uint8Array | null>;
  };
  /** Standard output. */
  readonly stdout: OutputStream;
  /** Standard error. */
  readonly stderr: OutputStream;
  /** The clock. */
  readonly clock: Clock;
  /** Calls `listener` for SIGINT and SIGTERM until the returned function is called. */
  readonly onSignal: (listener: (signal: string) => void) => () => void;
  /** Ends the process at once (a second interrupt). */
  readonly exit: (code: ExitCode) => void;
}

/** Waits a moment in a place that cannot await. */
function pause(milliseconds: number): void {
  Atomics.wait(
    new Int32Array(new SharedArrayBuffer(4)),
    0,
    0,
    milliseconds,
  );
}

/** One of the process's own output streams. */
function denoStream(stream: typeof Deno.stdout): OutputStream {
  const encoder = new TextEncoder();
  const isTerminal = stream.isTerminal();
  let gone = false;
  return {
    isTerminal,
    columns: () => {
      if (!isTerminal) return undefined;
      try {
        return Deno.consoleSize().columns;
      } catch {
        return undefined;
      }
    },
    write: (text) => {
      const bytes = encoder.encode(text);
      let written = 0;
      while (!gone && written < bytes.length) {
        try {
          written += stream.writeSync(bytes.subarray(written));
        } catch (error) {
          // Somebody else set the shared pipe to non-blocking: it is only full.
          if (error instanceof Deno.errors.WouldBlock) pause(5);
          else if (error instanceof Deno.errors.BrokenPipe) gone = true;
          else throw error;
        }
      }
      return !gone;
    },
  };
}

/**
 * The process that this code runs in.
 *
 * @returns The host of `cli.ts`.
 */
export function denoHost(): Host {
  const buffer = new Uint8Array(65536);
  return {
    cwd: () => Deno.cwd(),
    env: (name) => Deno.env.get(name),
    stdin: {
      isTerminal: Deno.stdin.isTerminal(),
      read: async () => {
        const count = await Deno.stdin.read(buffer);
        return count === null ? null : buffer.slice(0, count);
      },
    },
    stdout: denoStream(Deno.stdout),
    stderr: denoStream(Deno.stderr),
    clock: {
      now: () => new Date(),
      elapsed: () => performance.now(),
      every: (milliseconds, tick) => {
        const timer = setInterval(tick, milliseconds);
        return () => clearInterval(timer);
      },
    },
    onSignal: (listener) => {
      // Windows has no SIGTERM to listen to.
      const names: Deno.Signal[] = Deno.build.os === "windows"
        ? ["SIGINT", "SIGBREAK"]
        : ["SIGINT", "SIGTERM"];
      const added = names.map((name) => {
        const handler = () => listener(name);
        Deno.addSignalListener(name, handler);
        return () => Deno.removeSignalListener(name, handler);
      });
      return () => added.forEach((remove) => remove());
    },
    exit: (code) => Deno.exit(code),
  };
}
