/**
 * Completion scripts for bash, zsh and fish, written from the command table,
 * and the command that prints  Pure.
 *
 * @module
 */

import { type Command, command, type Table } from "./command.ts";
import { type CompletionPlan, completionPlan } from "./completion_plan.ts";
import { bashScript } from "./completions_bash.ts";
import { fishScript } from "./completions_fish.ts";
import { zshScript } from "./completions_zsh.ts";
import { positional } from "./option.ts";

/** The shells that there are scripts for. */
const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@linkcode SHELLS}. */
export type Shell = typeof SHELLS[number];

const SCRIPTS: { readonly [S in Shell]: (plan: CompletionPlan) => string } = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/**
 * Writes the completion script of a shell.
 *
 * @param shell The shell.
 * @param table The commands.
 * @returns The script.
 */
export function completionScript(shell: Shell, table: Table): string {
  return SCRIPTS[shell](completionPlan(table));
}

/**
 * The command `completions`, for the table.
 *
 * @param table Gives the table that the command itself is in.
 * @returns The command.
 */
export function completionsCommand(table: () => Table): Command {
  return command({
    name: "completions",
    group: "set up",
    summary: "Write the completion script of a shell",
    description:
      "Writes a script that lets a shell complete commands, options and values. " +
      "Load it from the shell's start-up file, or save it where the shell looks " +
      "for completions.",
    exits: [0, 2],
    examples: [
      {
        line: 'eval "$(pawl completions bash)"',
        does: "Complete in this bash, from ~/.bashrc",
      },
      {
        line: "pawl completions zsh > ~/.zfunc/_pawl",
        does: "Complete in zsh, where ~/.zfunc is in fpath",
      },
      {
        line: "pawl completions fish > ~/.config/fish/completions/pawl.fish",
        does: "Complete in fish",
      },
    ],
    positionals: {
      shell: positional.choice(SHELLS, {
        name: "SHELL",
        description: "The shell",
      }),
    },
    run: ({ shell }) =>
      Promise.resolve({
        exit: 0 as const,
        raw: completionScript(shell, table()),
      }),
  });
}
