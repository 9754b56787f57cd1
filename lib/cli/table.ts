/**
 * The command table: every command that pawl has.
 *
 * @module
 */

import { TOOL_VERSION } from "../migrate/project.ts";
import type { Table } from "./command.ts";
import { downgradeCommand } from "./commands/downgrade.ts";
import { historyCommand } from "./commands/history.ts";
import { pruneCommand, stampCommand } from "./commands/stamp.ts";
import { sqlCommand } from "./commands/sql.ts";
import { currentCommand, listCommand, statusCommand } from "./commands/status.ts";
import { upgradeCommand } from "./commands/upgrade.ts";
import { repairCommand, verifyCommand } from "./commands/verify.ts";
import { helpCommand } from "./help.ts";

/** Every command, in the order in which help lists them. */
export const TABLE: Table = {
  program: "pawl",
  version: TOOL_VERSION,
  summary: "Changes PostgreSQL schemas, and proves each change first",
  examples: [
    { line: "pawl init", does: "Makes a project on an embedded database" },
    { line: 'pawl new "create users"', does: "Makes a migration file" },
    { line: "pawl upgrade", does: "Applies what is pending" },
    { line: "pawl status", does: "Says where the database stands" },
  ],
  commands: [
    upgradeCommand,
    downgradeCommand,
    stampCommand,
    repairCommand,
    pruneCommand,
    statusCommand,
    listCommand,
    historyCommand,
    currentCommand,
    verifyCommand,
    sqlCommand,
    helpCommand(() => TABLE),
  ],
};
