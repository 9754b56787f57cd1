/**
 * What is said of the program as a whole. It knows no command, so that
 * `pawl --version` is answered without loading any.
 *
 * @module
 */

import { TOOL_VERSION } from "../migrate/tool_version.ts";
import type { Table } from "./command.ts";

/** The command table but for the commands. */
export const PROGRAM: Omit<Table, "commands"> = {
  program: "pawl",
  version: TOOL_VERSION,
  summary:
    "Runs versioned migrations on PostgreSQL, and keeps their history right",
  examples: [
    { line: "pawl init", does: "Makes a project on an embedded database" },
    { line: 'pawl new "create users"', does: "Makes a migration file" },
    { line: "pawl upgrade", does: "Applies what is pending" },
    { line: "pawl status", does: "Says where the database stands" },
  ],
};
