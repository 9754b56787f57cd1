/**
 * `pawl wait`.
 *
 * @module
 */

import { describeDatabase } from "../../config/database.ts";
import { requireDatabase } from "../../config/settings.ts";
import { EXIT } from "../../errors.ts";
import { waitForDatabase } from "../../migrate/wait.ts";
import { type Command, command } from "../command.ts";
import { option, withDefault } from "../option.ts";
import { announce, project } from "./shared.ts";
import { duration } from "./run_result.ts";

/** The command. */
export const waitCommand: Command = command({
  name: "wait",
  group: "set up",
  summary: "Wait until the database answers",
  description:
    "Connects until the server accepts the login and answers a statement, or the time is over. It goes on while nothing listens, or the server is starting up; a wrong password or an unknown database ends it at once. An embedded database is waited for while another process has it open.",
  globals: ["config", "env", "db", "project"],
  json: "pawl.wait/1",
  exits: [EXIT.ok, EXIT.usage, EXIT.failed, EXIT.locked, EXIT.interrupted],
  examples: [
    { line: "pawl wait", does: "Waits up to 30 seconds" },
    {
      line: "pawl wait --timeout 2min && pawl upgrade",
      does: "Upgrades once a container's database is up",
    },
  ],
  options: {
    timeout: withDefault(
      option.duration({
        value: "TIME",
        description: "How long to wait; 0 tries once",
      }),
      30_000,
      "30s",
    ),
  },
  run: async (options, io) => {
    const opened = project(io);
    announce(io, opened);
    const name = describeDatabase(requireDatabase(opened.settings));
    const progress = io.progress(`Waiting for ${name}`);
    try {
      const found = await waitForDatabase(opened, {
        timeoutMs: options.timeout,
        signal: io.signal,
        onWarning: (text) => io.warn(text),
        onAttempt: (message) => {
          progress.update(`Waiting for ${name}: ${message}`);
          io.detail(message);
        },
      });
      return {
        exit: EXIT.ok,
        document: { format: "pawl.wait/1" as const, ...found },
        text: (style) =>
          style.ok(
            `${found.database} answers: PostgreSQL ${found.server}${
              found.standby ? ", a standby" : ""
            } (${duration(found.waitedMs)})`,
          ),
      };
    } finally {
      progress.done();
    }
  },
});
