/**
 * The command table: every command that pawl has.
 *
 * @module
 */

import type { Table } from "./command.ts";
import { applyCommand, planCommand } from "./commands/apply.ts";
import { diffCommand } from "./commands/diff.ts";
import { downgradeCommand } from "./commands/downgrade.ts";
import { driftCommand } from "./commands/drift.ts";
import { checkCommand, generateCommand } from "./commands/generate.ts";
import { headsCommand } from "./commands/heads.ts";
import { hashCommand } from "./commands/hash.ts";
import { historyCommand } from "./commands/history.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { mergeCommand } from "./commands/merge.ts";
import { newCommand } from "./commands/new.ts";
import {
  profilesListCommand,
  profilesRemoveCommand,
  profilesSaveCommand,
  profilesUseCommand,
  usersCommand,
} from "./commands/profiles.ts";
import { rebaseCommand } from "./commands/rebase.ts";
import { requireCommand } from "./commands/require.ts";
import { schemaCommand } from "./commands/schema.ts";
import { shellCommand } from "./commands/shell.ts";
import { pruneCommand, stampCommand } from "./commands/stamp.ts";
import { seedCommand } from "./commands/seed.ts";
import { baselineCommand, squashCommand } from "./commands/squash.ts";
import { snapshotCommand } from "./commands/snapshot.ts";
import { sqlCommand } from "./commands/sql.ts";
import { stateCommand } from "./commands/state.ts";
import { currentCommand } from "./commands/current.ts";
import { listCommand } from "./commands/list.ts";
import { statusCommand } from "./commands/status.ts";
import { sumCommand } from "./commands/sum.ts";
import { upgradeCommand } from "./commands/upgrade.ts";
import { repairCommand, verifyCommand } from "./commands/verify.ts";
import { waitCommand } from "./commands/wait.ts";
import { completionsCommand } from "./completions.ts";
import { helpCommand } from "./help.ts";
import { PROGRAM } from "./program.ts";

/** Every command, in the order in which help lists them. */
export const TABLE: Table = {
  ...PROGRAM,
  commands: [
    initCommand,
    baselineCommand,
    importCommand,
    profilesListCommand,
    profilesSaveCommand,
    profilesRemoveCommand,
    profilesUseCommand,
    usersCommand,
    waitCommand,
    completionsCommand(() => TABLE),
    newCommand,
    generateCommand,
    mergeCommand,
    rebaseCommand,
    squashCommand,
    sumCommand,
    upgradeCommand,
    downgradeCommand,
    stampCommand,
    repairCommand,
    pruneCommand,
    seedCommand,
    planCommand,
    applyCommand,
    statusCommand,
    listCommand,
    historyCommand,
    currentCommand,
    headsCommand,
    checkCommand,
    verifyCommand,
    driftCommand,
    schemaCommand,
    diffCommand,
    inspectCommand,
    snapshotCommand,
    hashCommand,
    stateCommand,
    requireCommand,
    shellCommand,
    sqlCommand,
    helpCommand(() => TABLE),
  ],
};
