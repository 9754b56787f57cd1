/**
 * `pawl shell`.
 *
 * @module
 */

import { requireDatabase } from "../../config/settings.ts";
import { EXIT, type ExitCode, PawlError } from "../../errors.ts";
import {
  embeddedDirectory,
  openSession,
  type Project,
} from "../../migrate/project.ts";
import { runPsql } from "../../migrate/psql.ts";
import { readTyped, runScript } from "../../migrate/sql_prompt.ts";
import { cancelOnAbort } from "../../pg/cancel_on_abort.ts";
import { ServerError, type Session } from "../../pg/session.ts";
import { alignedTable } from "../aligned_table.ts";
import { type Command, command } from "../command.ts";
import type { Io } from "../io.ts";
import { positional } from "../option.ts";
import { announce, project } from "./shared.ts";

/** The command. */
export const shellCommand: Command = command({
  name: "shell",
  group: "look",
  summary: "Open psql on the database",
  description:
    "Starts psql on the database that every other command would use: with its management URL, its role and its search_path. A password goes by the environment, never by the command line. What stands behind -- is passed on to psql, and the exit code is psql's.\n\npsql cannot open an embedded database: there, pawl itself reads SQL from the terminal or from standard input and shows the results.",
  globals: ["config", "env", "db", "project"],
  exits: [
    EXIT.ok,
    EXIT.no,
    EXIT.usage,
    EXIT.failed,
    EXIT.locked,
    EXIT.interrupted,
  ],
  examples: [
    { line: "pawl shell", does: "Opens psql on the default environment" },
    {
      line: "pawl shell -e staging -- -c 'TABLE users'",
      does: "Runs one statement by psql",
    },
    {
      line: "pawl shell < report.sql",
      does: "Runs a file, on an embedded database too",
    },
  ],
  positionals: {
    args: positional.variadic({
      name: "ARG",
      description: "An argument for psql; stands behind --",
    }),
  },
  run: async (options, io) => {
    const opened = project(io);
    announce(io, opened);
    const { source } = requireDatabase(opened.settings);
    if (embeddedDirectory(source) !== undefined) {
      if (options.args.length > 0) {
        throw new PawlError(
          "usage",
          `Cannot pass ${
            options.args[0]
          } to psql: it cannot open an embedded database`,
          {
            hint:
              "Give SQL on standard input, such as echo 'SELECT 1' | pawl shell",
          },
        );
      }
      return { exit: await embeddedShell(io, opened) };
    }
    const code = await io.lend(() =>
      runPsql(opened, { args: options.args, signal: io.signal })
    );
    const exit = Object.values(EXIT).find((known) => known === code);
    if (exit !== undefined) return { exit };
    throw new PawlError("program-failed", `psql ended with exit code ${code}`);
  },
});

async function embeddedShell(io: Io, opened: Project): Promise<ExitCode> {
  const session = await openSession(opened.settings, {
    signal: io.signal,
    onWarning: (text) => io.warn(text),
    onWait: (text) => io.note(text),
  });
  const unlisten = session.onNotice(({ severity, message }) =>
    io.note(`${severity}:  ${message}`)
  );
  try {
    const show = (lines: readonly string[]) => io.say(lines.join("\n"));
    await cancelOnAbort(session, io.signal, async () => {
      if (io.terminal.stdin) return await prompt(io, session, show);
      await runScript(
        session,
        await io.readStdin(),
        (result) => show(alignedTable(result)),
      );
    });
    return EXIT.ok;
  } finally {
    unlisten();
    await session.close();
  }
}

/** Reads statements as they are typed, until the input ends or \q. */
async function prompt(
  io: Io,
  session: Session,
  show: (lines: readonly string[]) => void,
): Promise<void> {
  io.note("SQL statements end with a semicolon; \\q or Ctrl-D ends the shell.");
  let text = "";
  while (session.open) {
    const sign = text.trim() === "" ? "=>" : "->";
    const line = await io.readLine(`${session.info.database}${sign} `);
    if (line === null) return;
    text += `${line}\n`;
    const typed = readTyped(text);
    if (typed.kind === "more") continue;
    text = "";
    if (typed.kind === "meta") {
      if (typed.command === "\\q") return;
      io.note(`There is no ${typed.command} here: only SQL, and \\q`);
      continue;
    }
    for (const sql of typed.statements) {
      try {
        for (const result of await session.script(sql)) {
          show(alignedTable(result));
        }
      } catch (error) {
        if (!(error instanceof ServerError)) throw error;
        const { message, detail, hint } = error.fields;
        io.warn(
          detail === undefined ? message : `${message} (${detail})`,
          hint,
        );
        break;
      }
    }
  }
}
