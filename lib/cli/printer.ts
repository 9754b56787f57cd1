/**
 * The one place that writes: what goes to standard output and what to standard
 * error, the live line of progress, and that nothing secret and no control
 * sequence of foreign text gets out. It knows no command's result by content.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { CommandResult, JsonDocument } from "./command.ts";
import type { Host, OutputStream } from "./host.ts";
import type { Format, Globals, Progress } from "./io.ts";
import { diagnosticLines, errorDocument, errorLines } from "./report.ts";
import type { Secrets } from "./secrets.ts";
import {
  harmless,
  makeStyle,
  type Style,
  truncate,
  wantsColor,
} from "./style.ts";

/** Writes everything that a run writes. */
export interface Printer {
  /** The style of standard output. */
  readonly out: Style;
  /** The style of standard error. */
  readonly err: Style;
  /** Lines for people on standard error. Never throws: talk stops no work. */
  readonly talk: (text: string) => void;
  /** Lines for people on standard output. */
  readonly say: (text: string) => void;
  /** A prompt on standard error, with no line end; progress rests until `answered`. */
  readonly ask: (text: string) => void;
  /** The prompt of `ask` has got a whole line, or none. */
  readonly answered: (line: boolean) => void;
  /** A live line on a terminal. */
  readonly progress: (text: string) => Progress;
  /** What a command returned. */
  readonly result: (result: CommandResult, format: Format) => void;
  /** Why a command failed. */
  readonly error: (error: PawlError) => void;
  /** Takes the live line away for good. */
  readonly close: () => void;
}

/** Progress is shown after this many milliseconds. */
const PATIENCE = 1000;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
const ERASE_LINE = "\r\x1b[K";

/** The style of a stream; text is wrapped neither too narrow nor too wide. */
function styleOf(stream: OutputStream, host: Host, globals: Globals): Style {
  const columns = stream.columns() ?? 80;
  return makeStyle({
    color: wantsColor({
      choice: globals.color,
      isTerminal: stream.isTerminal,
      env: host.env,
    }),
    width: Math.min(Math.max(columns, 40), 100),
  });
}

/** JSON with secrets hidden by `hide`, and what has no JSON form refused. */
function toJson(
  document: JsonDocument,
  hide: (text: string) => string,
): string {
  const text = JSON.stringify(document, (key, value: unknown) => {
    if (typeof value === "string") return hide(value);
    if (typeof value === "bigint") return String(value);
    if (
      value instanceof Map || value instanceof Set ||
      typeof value === "function" || typeof value === "symbol"
    ) {
      throw new TypeError(`Cannot write JSON: ${key} has no JSON form`);
    }
    return value;
  }, 2);
  // JSON leaves these as they are, and some terminals obey them.
  return text.replace(
    /[\x7f-\x9f]/g,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The live line: what is under way, shown when it takes long. */
interface LiveLine {
  readonly progress: (text: string) => Progress;
  /** Takes the line away until the next tick. */
  readonly clear: () => void;
  /** Keeps the line away, or lets it come back. */
  readonly rest: (resting: boolean) => void;
  readonly close: () => void;
}

const NO_LINE: LiveLine = {
  progress: () => ({ update: () => {}, done: () => {} }),
  clear: () => {},
  rest: () => {},
  close: () => {},
};

function makeLiveLine(
  host: Host,
  write: (text: string) => void,
  clean: (text: string) => string,
): LiveLine {
  const underWay: { text: string; readonly since: number }[] = [];
  let [shown, resting, frame] = [false, false, 0];
  let stop: (() => void) | undefined;
  const clear = () => {
    if (shown) write(ERASE_LINE);
    shown = false;
  };
  const draw = () => {
    const latest = underWay.at(-1);
    if (latest === undefined || resting) return;
    const passed = host.clock.elapsed() - latest.since;
    if (passed < PATIENCE) return clear();
    frame = (frame + 1) % FRAMES.length;
    const text = clean(latest.text).replace(/[\n\t]+/g, " ");
    const seconds = Math.floor(passed / 1000);
    const width = (host.stderr.columns() ?? 80) - 1;
    // A line that wraps could not be taken away again.
    write(
      ERASE_LINE + truncate(`${FRAMES[frame]} ${text} (${seconds} s)`, width),
    );
    shown = true;
  };
  return {
    clear,
    progress: (text) => {
      const entry = { text, since: host.clock.elapsed() };
      underWay.push(entry);
      stop ??= host.clock.every(100, draw);
      return {
        update: (newer) => {
          entry.text = newer;
        },
        done: () => {
          const at = underWay.indexOf(entry);
          if (at >= 0) underWay.splice(at, 1);
          if (underWay.length > 0) return;
          stop?.();
          stop = undefined;
          clear();
        },
      };
    },
    rest: (rests) => {
      resting = rests;
      if (rests) clear();
    },
    close: () => {
      underWay.length = 0;
      stop?.();
      stop = undefined;
      clear();
    },
  };
}

/**
 * Makes the printer of a run.
 *
 * @param host Its streams, clock and environment.
 * @param globals `--color`, `--format`, `-q`, `-v`.
 * @param secrets What must not get out.
 * @returns The printer.
 */
export function makePrinter(
  host: Host,
  globals: Globals,
  secrets: Secrets,
): Printer {
  const out = styleOf(host.stdout, host, globals);
  const err = styleOf(host.stderr, host, globals);
  const clean = (text: string) => harmless(secrets.redact(text));
  const writeError = (text: string) => {
    try {
      host.stderr.write(text);
    } catch {
      // A full disk under a log must not stop a migration half-way.
    }
  };
  const isLive = host.stderr.isTerminal && !globals.quiet &&
    host.env("TERM") !== "dumb";
  const live = isLive ? makeLiveLine(host, writeError, clean) : NO_LINE;
  /** Whether the cursor stands behind a prompt. */
  let prompting = false;
  const talk = (text: string) => {
    live.clear();
    writeError(`${prompting ? "\n" : ""}${clean(text)}\n`);
    prompting = false;
  };
  const data = (text: string) => {
    live.clear();
    try {
      host.stdout.write(text);
    } catch (cause) {
      const state = cause instanceof Error ? cause.message : String(cause);
      throw new PawlError(
        "file-unwritable",
        `Cannot write standard output: ${state}`,
        { cause },
      );
    }
  };
  const say = (text: string) => data(text === "" ? "" : `${clean(text)}\n`);
  /** Data stays as it is, for it may be run; but one is told. */
  const verbatim = (text: string) => {
    if (secrets.within(text)) {
      talk(
        `${err.yellow(err.bold("warning:"))} ` +
          "standard output holds a password that pawl was given: keep it safe",
      );
    }
    data(text);
  };
  const write = (result: CommandResult, format: Format) => {
    if (format === "json") {
      if (result.document === undefined) throw lacking(format);
      const document = result.diagnostics === undefined
        ? result.document
        : { diagnostics: result.diagnostics, ...result.document };
      const { format: name, ...rest } = document;
      const first = { format: name, ...rest };
      return verbatim(`${toJson(first, secrets.redactConnections)}\n`);
    }
    if (format === "text" && result.text !== undefined) {
      const text = result.text(out);
      return say(typeof text === "string" ? text : text.join("\n"));
    }
    const text = format === "sql" ? result.sql : result.raw;
    if (text !== undefined) return verbatim(text);
    // A command without data, such as `wait`, has done its work by its exit code.
    if (format !== "text") throw lacking(format);
  };
  return {
    out,
    err,
    talk,
    say,
    ask: (text) => {
      live.rest(true);
      writeError(clean(text));
      prompting = true;
    },
    answered: (line) => {
      // After Ctrl-D the cursor still stands behind the prompt.
      if (prompting && !line) writeError("\n");
      prompting = false;
      live.rest(false);
    },
    progress: live.progress,
    result: (result, format) => {
      for (const found of result.diagnostics ?? []) {
        if (globals.quiet && found.severity === "note") continue;
        talk(diagnosticLines(found, err).join("\n"));
      }
      write(result, format);
    },
    error: (error) => {
      const verbose = globals.verbose > 0;
      if (globals.format === "json") {
        try {
          const document = errorDocument(error, verbose);
          return data(`${toJson(document, secrets.redact)}\n`);
        } catch {
          // Standard output cannot be written: standard error is what is left.
        }
      }
      talk(errorLines(error, err, verbose).join("\n"));
    },
    close: live.close,
  };
}

function lacking(format: Format): TypeError {
  return new TypeError(`Cannot write the result: it has no ${format} form`);
}
