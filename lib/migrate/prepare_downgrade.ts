/**
 * Makes ready what is to be undone: by the down section of each file, or by
 * what the history has kept of it, and refuses what cannot be undone.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { tokenHash } from "../sql/token_hash.ts";
import { checkSyntax } from "./check_syntax.ts";
import type { MigrationDirectory } from "./directory.ts";
import type { Execution } from "./execution.ts";
import type { History, HistoryRow } from "./history.ts";
import { historyTable } from "./history_sql.ts";
import type { RecordedFile } from "./record_sql.ts";
import { requireIntegrity } from "./integrity.ts";
import { checkPrograms } from "./load_program.ts";
import { planDowngrade, type PlannedDown } from "./plan.ts";
import {
  type PreparedMigration,
  prepareDown,
  type PrepareOptions,
  prepareOptions,
  prepareStoredDown,
  refuseDiscardAll,
} from "./prepare.ts";
import type { Project } from "./project.ts";
import { resumed, type Unfinished } from "./resume.ts";
import { withRowCounts } from "./row_counts.ts";
import { isDownPartial } from "./standings.ts";
import { fullName } from "./version.ts";

/** A migration to undo, and how. */
export interface ReadyDown {
  readonly planned: PlannedDown;
  readonly name: string;
  readonly prepared: PreparedMigration;
  /** Where to go on, where it is half rolled back. */
  readonly from: Unfinished | undefined;
}

/** How migrations are made ready to be undone. */
interface DownOptions {
  readonly target?: string | undefined;
  readonly fake?: boolean;
  readonly noTransaction?: boolean;
}

interface DownContext {
  readonly directory: MigrationDirectory;
  readonly history: History;
  readonly options: DownOptions;
}

/**
 * Plans a downgrade and makes each of its migrations ready.
 *
 * @param project The project.
 * @param execution The run; the history is asked for the SQL it has kept.
 * @param context Files, history, target.
 * @returns What to undo, the latest first.
 * @throws {PawlError} `irreversible`, `migration-partial`, `target-unknown`,
 * and what is wrong with the files.
 */
export async function prepareDowngrade(
  project: Project,
  execution: Execution,
  { directory, history, options }: DownContext,
): Promise<ReadyDown[]> {
  requireIntegrity(directory, history);
  const input = {
    graph: directory.graph,
    history,
    environment: project.settings.environment,
  };
  const planned = planDowngrade(input, options.target);
  for (const { row } of planned) {
    if (
      row.state === "partial" && !isDownPartial(history, row.version) &&
      options.fake !== true
    ) {
      throw new PawlError(
        "migration-partial",
        `Cannot downgrade: ${
          fullName(row)
        } is half applied (${row.stepsDone} of ${row.stepsTotal} steps)`,
        { hint: "Finish it first: pawl upgrade" },
      );
    }
  }
  const migrations = planned.flatMap((p) =>
    p.migration === undefined ? [] : [p.migration]
  );
  await checkSyntax(migrations, "down");
  const ready: ReadyDown[] = [];
  for (const one of planned) {
    // One that is half rolled back goes on where it stopped.
    const from = one.action === "run"
      ? undefined
      : { done: one.row.stepsDone, progress: history.progress };
    const prepared = await withRowCounts(
      execution,
      await prepareOne(project, execution, one, options),
    );
    ready.push({
      planned: one,
      name: fullName(one.row),
      prepared: options.fake === true || from === undefined
        ? prepared
        : resumed(prepared, from),
      from,
    });
  }
  if (options.fake !== true) {
    for (const { prepared } of ready) refuseDiscardAll(prepared.run);
    await checkPrograms(
      ready.flatMap(({ prepared }) => prepared.program ?? []),
      "down",
    );
  }
  return ready;
}

async function prepareOne(
  project: Project,
  execution: Execution,
  planned: PlannedDown,
  options: DownOptions,
): Promise<PreparedMigration> {
  const prepare = prepareOptions(project, options);
  const { migration, row } = planned;
  if (migration === undefined) {
    return await prepareFromHistory(execution, row, prepare);
  }
  const prepared = prepareDown(migration, prepare);
  if (prepared !== undefined && migration.header.irreversible === undefined) {
    return prepared;
  }
  if (options.fake === true) return nothingToRun(row);
  throw new PawlError(
    "irreversible",
    migration.header.irreversible === undefined
      ? `Cannot roll back ${migration.file}: ${
        migration.down === undefined
          ? "it has no down section"
          : "its down section is empty"
      }`
      : `Cannot roll back ${migration.file}: it is irreversible: ${migration.header.irreversible}`,
    {
      location: { file: migration.file },
      hint: "Write a new migration that undoes it, or restore a backup",
    },
  );
}

/** What is undone by hand, or not at all: only the history changes. */
function nothingToRun(row: HistoryRow): PreparedMigration {
  return {
    run: {
      version: row.version,
      direction: "down",
      units: [],
      verify: [],
      file: { path: row.version, text: "" },
      recorded: recordedRow(row, null),
      replaces: [],
    },
    groups: [],
    statements: 0,
    warnings: [],
    program: undefined,
  };
}

function recordedRow(row: HistoryRow, downSql: string | null): RecordedFile {
  return {
    version: row.version,
    name: row.name,
    message: row.message,
    upRaw: row.upRaw ?? "",
    upTokens: row.upTokens ?? "",
    downRaw: row.downRaw,
    downTokens: row.downTokens,
    upSql: null,
    downSql,
  };
}

async function prepareFromHistory(
  execution: Execution,
  row: HistoryRow,
  options: PrepareOptions,
): Promise<PreparedMigration> {
  const refuse = (why: string) =>
    new PawlError(
      "irreversible",
      `Cannot roll back ${fullName(row)}: its file is not here, and ${why}`,
      {
        hint: "Run pawl downgrade from the release that has the file",
      },
    );
  if (!row.hasDownSql) throw refuse("the history has kept no down SQL of it");
  const [result] = await execution.session.script(
    `SELECT down_sql FROM ${
      historyTable(execution.scope.schema, "migrations")
    } WHERE project = ${quoteLiteral(execution.scope.project)} AND version = ${
      quoteLiteral(row.version)
    }`,
  );
  const downSql =
    (result === undefined ? [] : records(result))[0]?.["down_sql"] ?? null;
  if (downSql === null) throw refuse("the history has kept no down SQL of it");
  if (row.downTokens !== null && tokenHash(downSql) !== row.downTokens) {
    throw refuse(
      "what the history has kept does not fit its checksum: secrets in it were redacted, or it was edited",
    );
  }
  return prepareStoredDown(
    { recorded: recordedRow(row, downSql), downSql },
    options,
  );
}
