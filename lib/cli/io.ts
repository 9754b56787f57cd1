/**
 * What a command's handler may know of the world, and the reader of standard
 * input. It must not know any command, nor how results look.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Clock, Host } from "./host.ts";
import type { Secrets } from "./secrets.ts";
import type { ColorChoice, Style } from "./style.ts";

/** What `--format` may be; a command says which of these it has. */
export type Format = "text" | "json" | "sql" | "mermaid";

/** The global options of one run, as given on the command line. */
export interface Globals {
  /** `--config FILE`. */
  readonly config: string | undefined;
  /** `--env-file FILE`. */
  readonly envFile: string | undefined;
  /** Every `-e NAME`, in order; at most one unless the command takes several. */
  readonly envs: readonly string[];
  /** `--db SOURCE`. */
  readonly db: string | undefined;
  /** `-p NAME`. */
  readonly project: string | undefined;
  /** What is written to standard output. */
  readonly format: Format;
  /** `-q`: no notes and no progress; warnings and errors stay. */
  readonly quiet: boolean;
  /** How often `-v` was given. */
  readonly verbose: number;
  /** `--color`. */
  readonly color: ColorChoice;
  /** False with `--no-input`: nothing may be asked. */
  readonly input: boolean;
  /** `-y`: plain questions are answered with yes. */
  readonly yes: boolean;
}

/** A line that says what goes on, for terminals only. */
export interface Progress {
  /** Says something else. */
  readonly update: (text: string) => void;
  /** Ends it; may be called twice. */
  readonly done: () => void;
}

/** What a command's handler is given beside its options. */
export interface Io {
  /** The global options. */
  readonly globals: Globals;
  /** Aborted by the first SIGINT or SIGTERM, with a PawlError "interrupted". */
  readonly signal: AbortSignal;
  /** The directory that pawl was started in. */
  readonly cwd: string;
  /** The clock. */
  readonly clock: Clock;
  /** What must not be shown: add every password as soon as it is known. */
  readonly secrets: Secrets;
  /** The style of standard error. */
  readonly style: Style;
  /** Which streams are terminals. */
  readonly terminal: {
    readonly stdin: boolean;
    readonly stdout: boolean;
    readonly stderr: boolean;
  };
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
  /** A line on standard error, unless `-q`. */
  readonly note: (text: string) => void;
  /** A line on standard error with `-v` (or `-vv` for level 2). */
  readonly detail: (text: string, level?: number) => void;
  /** A warning on standard error, also with `-q`. */
  readonly warn: (text: string, hint?: string) => void;
  /** Says on a terminal what goes on, from one second after it began. */
  readonly progress: (text: string) => Progress;
  /**
   * Asks a question; `-y` says yes.
   *
   * @throws {PawlError} "confirmation-needed" when nobody can be asked.
   */
  readonly confirm: (question: string) => Promise<boolean>;
  /**
   * Asks for a word to be typed, which `-y` cannot answer.
   *
   * @throws {PawlError} "confirmation-needed" without the right word.
   */
  readonly confirmTyped: (
    question: string,
    word: string,
    by: TypedAnswer,
  ) => Promise<void>;
  /**
   * All of standard input, as UTF-8.
   *
   * @throws {PawlError} "file-unreadable" when it is not UTF-8.
   */
  readonly readStdin: () => Promise<string>;
  /**
   * A line of standard input without its end, after a prompt on standard
   * error where both are terminals; null at the end of the input.
   */
  readonly readLine: (prompt: string) => Promise<string | null>;
  /**
   * Lines on standard output at once, for what cannot wait for the result:
   * a prompt's answers.
   */
  readonly say: (text: string) => void;
  /**
   * Lends the terminal to another program: while the work goes on, Ctrl-C is
   * that program's. SIGTERM still aborts the signal.
   */
  readonly lend: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How a typed confirmation may be given without a terminal. */
export interface TypedAnswer {
  /** The option that gives the word, such as `--confirm DATABASE`. */
  readonly flag: string;
  /** What that option was given. */
  readonly given: string | undefined;
}

/** Standard input by lines, or all of it, given up on an interrupt. */
export interface InputReader {
  /** The next line without its end; null at the end of the input. */
  readonly line: () => Promise<string | null>;
  /** All that is left, as UTF-8. */
  readonly text: () => Promise<string>;
}

/**
 * Reads standard input.
 *
 * @param host Whose standard input.
 * @param signal Ends a pending read with the signal's reason.
 * @returns The reader.
 */
export function makeInputReader(host: Host, signal: AbortSignal): InputReader {
  let rest = new Uint8Array(0);
  const more = async (): Promise<boolean> => {
    const chunk = await orAborted(host.stdin.read(), signal);
    if (chunk === null) return false;
    const joined = new Uint8Array(rest.length + chunk.length);
    joined.set(rest);
    joined.set(chunk, rest.length);
    rest = joined;
    return true;
  };
  return {
    line: async () => {
      let end: number;
      while ((end = rest.indexOf(0x0a)) < 0) {
        if (await more()) continue;
        if (rest.length === 0) return null;
        end = rest.length;
        break;
      }
      const line = new TextDecoder().decode(rest.subarray(0, end));
      rest = rest.slice(end + 1);
      return line.replace(/\r$/, "");
    },
    text: async () => {
      const chunks = [rest];
      rest = new Uint8Array(0);
      let chunk: Uint8Array | null;
      while ((chunk = await orAborted(host.stdin.read(), signal)) !== null) {
        chunks.push(chunk.slice());
      }
      try {
        const bytes = await new Blob(chunks).arrayBuffer();
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch (cause) {
        throw new PawlError(
          "file-unreadable",
          "Cannot read standard input: it is not UTF-8",
          { cause },
        );
      }
    },
  };
}

/** The promise's outcome, or the signal's reason when that comes first. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() =>
      signal.removeEventListener("abort", stop)
    );
  });
}
