/**
 * A run from the argument list to the exit code: parse, handler, renderer,
 * errors, signals. It ties the others together and knows no command; only
 * cli.ts ends the process (but for a second interrupt, which cannot wait).
 *
 * @module
 */

import { EXIT, type ExitCode, PawlError } from "../errors.ts";
import type { Table } from "./command.ts";
import { makeQuestions } from "./confirm.ts";
import { helpFor } from "./help.ts";
import { denoHost, type Host } from "./host.ts";
import { type Globals, type Io, makeInputReader } from "./io.ts";
import { type Action, parse } from "./parse.ts";
import { makePrinter, type Printer } from "./printer.ts";
import { asPawlError } from "./report.ts";
import { makeSecrets, type Secrets } from "./secrets.ts";

/** What a run consists of. */
interface Run {
  readonly table: Table;
  readonly host: Host;
  readonly globals: Globals;
  readonly secrets: Secrets;
  readonly printer: Printer;
  readonly signal: AbortSignal;
  /** Whether another program has the terminal, and Ctrl-C with it. */
  readonly terminal: { lent: boolean };
}

/** Variables that hold connections, before lib/config has read any. */
const CONNECTIONS = ["PAWL_URL", "PAWL_MANAGEMENT_URL", "DATABASE_URL"];

/** Registers the passwords that the process was started with. */
function startingSecrets(args: readonly string[], host: Host): Secrets {
  const secrets = makeSecrets();
  secrets.add(host.env("PGPASSWORD") ?? "");
  for (const name of CONNECTIONS) secrets.addFrom(host.env(name) ?? "");
  for (const argument of args) {
    const value = argument.replace(/^--[a-z-]+=/, "");
    // Only what is a connection as a whole: a message may speak of passwords.
    if (/^(\w+:\/\/|\w+\s*=)/.test(value)) secrets.addFrom(value);
  }
  return secrets;
}

function currentDirectory(host: Host): string {
  try {
    return host.cwd();
  } catch (cause) {
    throw new PawlError(
      "file-unreadable",
      "Cannot start: the current directory is gone or not readable",
      { cause },
    );
  }
}

/** What the handler is given. */
function makeIo(run: Run): Io {
  const { host, globals, printer, secrets, signal } = run;
  const { err } = printer;
  const prompts = host.stdin.isTerminal && host.stderr.isTerminal;
  const input = makeInputReader(host, signal);
  return {
    globals,
    signal,
    secrets,
    cwd: currentDirectory(host),
    clock: host.clock,
    style: err,
    terminal: {
      stdin: host.stdin.isTerminal,
      stdout: host.stdout.isTerminal,
      stderr: host.stderr.isTerminal,
    },
    env: host.env,
    note: (text) => {
      if (!globals.quiet) printer.talk(text);
    },
    detail: (text, level = 1) => {
      if (globals.verbose >= level) printer.talk(text);
    },
    warn: (text, hint) => {
      const lines = [`${err.yellow(err.bold("warning:"))} ${text}`];
      if (hint !== undefined) lines.push(`  ${err.cyan("hint:")} ${hint}`);
      printer.talk(lines.join("\n"));
    },
    progress: printer.progress,
    ...makeQuestions({ host, globals, printer, input }),
    readStdin: () => {
      if (host.stdin.isTerminal && !globals.quiet) {
        printer.talk("Reading standard input; end it with Ctrl-D.");
      }
      return input.text();
    },
    readLine: async (prompt) => {
      if (!prompts) return await input.line();
      printer.ask(prompt);
      let line: string | null = null;
      try {
        line = await input.line();
      } finally {
        printer.answered(line !== null);
      }
      return line;
    },
    say: printer.say,
    lend: async (work) => {
      run.terminal.lent = true;
      try {
        return await work();
      } finally {
        run.terminal.lent = false;
      }
    },
  };
}

/** Does what the argument list asks for. */
async function act(action: Action, run: Run): Promise<ExitCode> {
  const { table, globals, printer } = run;
  switch (action.kind) {
    case "help":
      printer.say(helpFor(action.topic, table, printer.out).join("\n"));
      return EXIT.ok;
    case "version": {
      const { program, version } = table;
      printer.result({
        exit: EXIT.ok,
        text: () => `${program} ${version}`,
        document: { format: "pawl.version/1", version },
      }, globals.format);
      return EXIT.ok;
    }
    case "bare":
      // Exit 2: a script whose variable is empty must not take this for done.
      if (globals.format !== "json") {
        printer.talk(`${helpFor(undefined, table, printer.err).join("\n")}\n`);
      }
      throw action.error;
    case "invalid":
      throw action.error;
    case "run": {
      const result = await action.start(makeIo(run));
      printer.result(result, globals.format);
      return result.exit;
    }
    default:
      return action satisfies never;
  }
}

/** Makes the first signal a request to stop, and the second one an end. */
function listen(
  host: Host,
  printer: Printer,
  by: {
    readonly controller: AbortController;
    readonly terminal: Run["terminal"];
  },
): () => void {
  const { controller, terminal } = by;
  return host.onSignal((name) => {
    // The terminal sends it to both programs; the other one knows what it means.
    if (terminal.lent && name === "SIGINT") return;
    if (controller.signal.aborted) {
      printer.close();
      host.exit(EXIT.interrupted);
      return;
    }
    printer.talk(
      `Stopping: ${name} received, what runs now is cancelled; once more ends pawl at once`,
    );
    controller.abort(
      new PawlError("interrupted", `Cannot go on: interrupted by ${name}`),
    );
  });
}

/**
 * Runs a command line.
 *
 * @param args The arguments, without the program's name.
 * @param table The commands.
 * @param host The process; the real one unless a test says otherwise.
 * @returns The exit code; nothing is thrown.
 */
export async function main(
  args: readonly string[],
  table: Table,
  host: Host = denoHost(),
): Promise<ExitCode> {
  const secrets = startingSecrets(args, host);
  const { globals, action } = parse(args, table, host.env);
  const printer = makePrinter(host, globals, secrets);
  const controller = new AbortController();
  const { signal } = controller;
  const terminal = { lent: false };
  const unlisten = listen(host, printer, { controller, terminal });
  try {
    return await act(action, {
      table,
      host,
      globals,
      secrets,
      printer,
      signal,
      terminal,
    });
  } catch (thrown) {
    const error = asPawlError(thrown, signal);
    printer.close();
    printer.error(error);
    return error.exitCode;
  } finally {
    printer.close();
    unlisten();
  }
}
