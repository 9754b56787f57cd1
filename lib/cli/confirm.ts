/**
 * Questions, and when they may be asked: only where somebody sits before both
 * standard input and standard error. It knows not what is being confirmed.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import type { Host } from "./host.ts";
import type { Globals, InputReader, Io } from "./io.ts";
import type { Printer } from "./printer.ts";

/** What questions need. */
export interface Asking {
  /** Whose streams are terminals or not. */
  readonly host: Host;
  /** `-y` and `--no-input`. */
  readonly globals: Globals;
  /** Writes the question. */
  readonly printer: Printer;
  /** Reads the answer. */
  readonly input: InputReader;
}

/** Why nobody can be asked; undefined where somebody can. */
function silence({ host, globals }: Asking): string | undefined {
  if (!globals.input) return "--no-input is given";
  if (!host.stdin.isTerminal) return "standard input is no terminal";
  if (!host.stderr.isTerminal) return "standard error is no terminal";
  return undefined;
}

/** The error of a question that got no answer; `flag` would have been one. */
function unanswered(question: string, state: string, flag: string): PawlError {
  return new PawlError(
    "confirmation-needed",
    `Cannot ask "${question}": ${state}`,
    { hint: `Answer with ${flag}` },
  );
}

/** One answer to one prompt; null at the end of the input. */
async function ask(prompt: string, by: Asking): Promise<string | null> {
  by.printer.ask(prompt);
  let answer: string | null = null;
  try {
    answer = await by.input.line();
    return answer;
  } finally {
    by.printer.answered(answer !== null);
  }
}

/**
 * Makes the questions of a run.
 *
 * @param by Streams, options, printer and input.
 * @returns The two functions of {@linkcode Io} that ask.
 */
export function makeQuestions(
  by: Asking,
): Pick<Io, "confirm" | "confirmTyped"> {
  return {
    confirm: async (question) => {
      if (by.globals.yes) return true;
      const state = silence(by);
      if (state !== undefined) throw unanswered(question, state, "--yes");
      while (true) {
        const answer = await ask(`${question} [y/N] `, by);
        if (answer === null) {
          throw unanswered(question, "the input has ended", "--yes");
        }
        if (/^\s*(y|yes)\s*$/i.test(answer)) return true;
        if (/^\s*(n|no)?\s*$/i.test(answer)) return false;
        by.printer.talk("Please answer y or n.");
      }
    },
    confirmTyped: async (question, word, { flag, given }) => {
      if (given === word) return;
      if (given !== undefined) {
        throw new PawlError(
          "confirmation-needed",
          `Cannot go on: ${flag} is given "${given}" where "${word}" is meant`,
        );
      }
      const state = silence(by);
      if (state !== undefined) throw unanswered(question, state, flag);
      const answer = await ask(`${question} Type ${word} to go on: `, by);
      if (answer === null) {
        throw unanswered(question, "the input has ended", flag);
      }
      if (answer.trim() === word) return;
      throw new PawlError(
        "confirmation-needed",
        `Cannot go on: "${answer.trim()}" was typed where "${word}" is meant`,
        { hint: `Answer with ${flag}` },
      );
    },
  };
}
