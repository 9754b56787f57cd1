/**
 * The command table: every command that pawl has.
 *
 * @module
 */

import type { Table } from "./command.ts";
import { downgradeCommand } from "./commands/downgrade.ts";
import { historyCommand } from "./commands/history.ts";
import { pruneCommand, stampCommand } from "./commands/stamp.ts";
import { sqlCommand } from "./commands/sql.ts";
import { currentCommand, listCommand, statusCommand } from "./commands/status.ts";
import { upgradeCommand } from "./commands/upgrade.ts";
import { repairCommand, verifyCommand } from "./commands/verify.ts";
import { helpCommand } from "./help.ts";
import { PROGRAM } from "./program.ts";

/** Every command, in the order in which help lists them. */
export const TABLE: Table = {
  ...PROGRAM,
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
