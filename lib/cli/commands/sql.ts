/**
 * `pawl sql`: a script for whoever may run SQL when pawl may not.
 *
 * @module
 */

import { resolve } from "node:path";
import { EXIT, PawlError } from "../../errors.ts";
import { parseRange, sql, type SqlOptions } from "../../migrate/offline.ts";
import type { Project } from "../../migrate/project.ts";
import { status } from "../../migrate/status.ts";
import { writeFileAtomic } from "../../migrate/write_file.ts";
import { command } from "../command.ts";
import type { Io } from "../io.ts";
import { option, positional, withDefault } from "../option.ts";
import { announce, count, project } from "./shared.ts";

/** The command. */
export const sqlCommand = command({
  name: "sql",
  group: "offline",
  summary: "Write the SQL that upgrade or downgrade would run",
  description:
    "Writes a script that brings a database from one version to another, with your SQL as it stands in the files and the history rows as upgrade writes them. It raises, and changes nothing, unless the history stands at FROM when it is run; afterwards status and verify are content.\n\nNeeds no database. `sql upgrade` is base:head, `sql downgrade` is head:-1; where -e or --db names a database, they start at the version that it stands at.",
  globals: ["config", "env", "db", "project"],
  formats: ["sql", "json"],
  json: "pawl.sql/1",
  exits: [
    EXIT.ok,
    EXIT.usage,
    EXIT.failed,
    EXIT.integrity,
    EXIT.blocked,
    EXIT.interrupted,
  ],
  dashNumbers: true,
  examples: [
    {
      line: "pawl sql base:head",
      does: "Writes the whole history as one script",
    },
    {
      line: "pawl sql 20260102_030405:head -o upgrade.sql",
      does: "Writes what comes after that version into a file",
    },
    {
      line: "pawl sql head:-1",
      does: "Writes what takes the latest migration back",
    },
    {
      line: "pawl sql upgrade -e production",
      does: "Starts at the version that production stands at",
    },
    {
      line: "pawl sql base:head --for plain",
      does: "Writes no psql meta-commands, for consoles",
    },
  ],
  positionals: {
    range: positional.required({
      name: "FROM:TO",
      description: "The range, or the word upgrade or downgrade",
    }),
    target: positional.optional({
      name: "TARGET",
      description: "With upgrade or downgrade: where to end",
      alsoOption: true,
    }),
  },
  options: {
    for: withDefault(
      option.choice(["psql", "plain"], {
        value: "CLIENT",
        description: "Who runs it: psql, or a console without meta-commands",
      }),
      "psql",
    ),
    output: option.string({
      value: "FILE",
      short: "o",
      description: "Write into this file",
      completes: "file",
    }),
  },
  run: async (options, io) => {
    const opened = project(io);
    const range = await findRange(opened, options, io);
    const script = sql(opened, { ...range, for: options.for });
    const text = script.sql;
    const document = {
      format: "pawl.sql/1" as const,
      direction: script.direction,
      from: script.from ?? null,
      to: script.to ?? null,
      versions: script.versions,
      warnings: script.warnings,
      sql: text,
    };
    for (const warning of script.warnings) io.warn(warning);
    if (options.output === undefined || options.output === "-") {
      return { exit: EXIT.ok, document, sql: text };
    }
    writeFileAtomic(resolve(io.cwd, options.output), text, {
      display: options.output,
      replace: true,
    });
    io.note(
      `Wrote ${options.output}: ${
        count(script.versions.length, "migration")
      }, ${script.from ?? "base"} to ${script.to ?? "base"}`,
    );
    return { exit: EXIT.ok, document, sql: "" };
  },
});

async function findRange(
  opened: Project,
  options: { readonly range: string; readonly target: string | undefined },
  io: Io,
): Promise<Pick<SqlOptions, "from" | "to">> {
  if (options.range !== "upgrade" && options.range !== "downgrade") {
    if (options.target !== undefined) {
      throw new PawlError(
        "usage",
        "Cannot use TARGET: the range says where to end",
      );
    }
    return parseRange(options.range);
  }
  const up = options.range === "upgrade";
  const to = options.target ?? (up ? "head" : "-1");
  const named = io.globals.db !== undefined || io.globals.envs.length > 0;
  if (!named || opened.settings.database?.source === "none") {
    return { from: up ? "base" : "head", to };
  }
  announce(io, opened);
  const report = await status(opened, { signal: io.signal });
  return { from: report.current?.version ?? "base", to };
}
