/**
 * `import`: adopts another tool's history, so that a database which that tool
 * has brought to where it is goes on from there with pawl. The other tool's
 * table is read and left as it is.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { quoteLiteral, quoteQualified } from "../sql/quote.ts";
import type { MigrationDirectory } from "./directory.ts";
import { type Execution, send } from "./execution.ts";
import type { History } from "./history.ts";
import { historyTable } from "./history_sql.ts";
import { recordEvent, recordMigration } from "./record_sql.ts";
import {
  type ImportPlan,
  type ImportRow,
  isImported,
  planImport,
} from "./import_plan.ts";
import { readForeignRows } from "./import_rows.ts";
import {
  findHistory,
  type ForeignSource,
  type FoundHistory,
} from "./import_table.ts";
import { requireSum } from "./integrity.ts";
import type { ForeignTool } from "./layouts/foreign_history.ts";
import { prepareOptions, prepareUp } from "./prepare.ts";
import { type Project, readMigrations } from "./project.ts";
import {
  readHistoryNow,
  type RunOptions,
  underLock,
  withExecution,
} from "./run_session.ts";
import { ScriptBuilder } from "./script_text.ts";
import { beginStatements } from "./session_text.ts";

/** How to import. */
export interface ImportOptions extends RunOptions {
  /** Write the rows; without it, only say which. */
  readonly apply?: boolean;
  /** Asked before anything is written. @throws To stop. */
  readonly confirm?: (report: ImportReport) => Promise<void>;
}

/** What an import comes to. */
export interface ImportReport extends ImportPlan {
  /** The project's name. */
  readonly project: string;
  /** Where the database is, without secrets. */
  readonly database: string;
  /** The database's name. */
  readonly databaseName: string;
  /** The tool whose history was read. */
  readonly tool: ForeignTool;
  /** The other tool's table, with its schema. */
  readonly table: string;
  /** The migrations directory as messages show it. */
  readonly directory: string;
  /** The layout that the files are read in. */
  readonly layout: string;
  /**
   * `planned`: without `apply`; `written` now; `unchanged`: the history has
   * these rows already; `empty`: the other tool has applied nothing.
   */
  readonly outcome: "planned" | "written" | "unchanged" | "empty";
  /** What else to know, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Adopts another tool's history.
 *
 * @param project The project.
 * @param source The tool, and perhaps its table.
 * @param options Whether to write.
 * @returns What was adopted, or would be.
 * @throws {PawlError} `history-missing` without that tool's table,
 * `migration-partial` where its history is dirty, `history-diverged` where
 * pawl's history has other rows already or none of the rows has a file.
 */
export async function importHistory(
  project: Project,
  source: ForeignSource,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const directory = readMigrations(project);
  const warnings = [...directory.warnings, ...requireSum(directory)];
  const readOnly = options.apply !== true;
  return await withExecution(
    project,
    { ...options, readOnly },
    async (execution) => {
      const first = await plan(project, execution, {
        source,
        directory,
        warnings,
        history: await readHistoryNow(execution),
      });
      if (options.apply !== true || first.outcome !== "planned") return first;
      requireFiles(first);
      await options.confirm?.(first);
      return await underLock(project, execution, {
        ...options,
        work: async (locked, history) => {
          const now = await plan(project, locked, {
            source,
            directory,
            warnings,
            history,
          });
          if (now.outcome !== "planned") return now;
          requireFiles(now);
          await write(project, locked, now);
          return { ...now, outcome: "written" };
        },
      });
    },
  );
}

async function plan(
  project: Project,
  execution: Execution,
  at: {
    readonly source: ForeignSource;
    readonly directory: MigrationDirectory;
    readonly warnings: readonly string[];
    readonly history: History;
  },
): Promise<ImportReport> {
  const { settings } = project;
  const paths = (settings.searchPath ?? "").split(",").map((path) =>
    path.trim()
  );
  const found = await findHistory(execution, at.source, paths);
  const rows = await readForeignRows(execution, found);
  const planned = planImport(found.history, rows, {
    graph: at.directory.graph,
    environment: settings.environment,
  });
  const { info } = execution.session;
  const report: ImportReport = {
    ...planned,
    project: settings.project,
    database: info.place,
    databaseName: info.database,
    tool: found.history.tool,
    table: quoteQualified(found.schema, found.name),
    directory: at.directory.display,
    layout: at.directory.layout,
    outcome: rows.every((row) => !row.inForce) ? "empty" : "planned",
    warnings: [...at.warnings, ...planWarnings(at.directory, found, planned)],
  };
  if (at.history.rows.length === 0) return report;
  if (planned.record.length > 0 && isImported(planned, at.history)) {
    return { ...report, outcome: "unchanged" };
  }
  throw new PawlError(
    "history-diverged",
    `Cannot import from ${report.tool}: pawl's history of project ${settings.project} has ${at.history.rows.length} migrations already, and they are not the same`,
    {
      details: differences(planned, at.history),
      hint:
        "pawl status shows where it stands; where it is the history that is wrong, pawl stamp base --purge forgets it",
    },
  );
}

function differences(planned: ImportPlan, history: History): string[] {
  const wanted = new Map(planned.record.map((row) => [row.version, row]));
  const only = (versions: readonly string[], where: string) =>
    versions.length === 0 ? [] : [
      `only ${where}: ${versions.slice(0, 5).join(", ")}${
        versions.length > 5 ? ", …" : ""
      }`,
    ];
  return [
    ...only(
      history.rows.map((r) => r.version).filter((v) => !wanted.has(v)),
      "in pawl's history",
    ),
    ...only(
      [...wanted.keys()].filter((v) => !history.byVersion.has(v)),
      "in the other",
    ),
  ];
}

function planWarnings(
  directory: MigrationDirectory,
  found: FoundHistory,
  planned: ImportPlan,
): string[] {
  const { history } = found;
  const wrongLayout = planned.withoutFile.length > 0 &&
    directory.graph.order.length > 0 &&
    history.layout !== undefined && history.layout !== directory.layout;
  return wrongLayout
    ? [
      `${directory.display} is read in the layout ${directory.layout}; the files of ${history.tool} are read with layout = "${history.layout}"`,
    ]
    : [];
}

/** An import that adopts nothing would let the next upgrade run everything again. */
function requireFiles(report: ImportReport): void {
  if (report.record.length > 0) return;
  throw new PawlError(
    "history-diverged",
    `Cannot import from ${report.tool}: no file in ${report.directory} is one of the ${report.withoutFile.length} migrations in ${report.table}`,
    {
      hint:
        "Is it the right directory and layout ([project] migrations, layout)? Where the files cannot be kept, pawl baseline takes the database as it is",
    },
  );
}

async function write(
  project: Project,
  execution: Execution,
  report: ImportReport,
): Promise<void> {
  const builder = new ScriptBuilder().addAll(beginStatements(execution, true));
  const sameTime = new Map<string | null, number>();
  for (const row of report.record) {
    const later = sameTime.get(row.appliedAt) ?? 0;
    sameTime.set(row.appliedAt, later + 1);
    builder.addAll(recordRow(project, execution, row))
      .add(settle(execution, row, later))
      .add(recordEvent(execution.scope, {
        runId: execution.runId,
        version: row.version,
        event: "imported",
        origin: execution.origin,
        detail: { from: report.tool, table: report.table },
      }));
  }
  await send(execution, builder.add("COMMIT").texts());
}

function recordRow(
  project: Project,
  execution: Execution,
  row: ImportRow,
): string[] {
  const { toolVersion, scope } = execution;
  if (row.migration !== undefined) {
    const { run } = prepareUp(row.migration, prepareOptions(project, {}));
    const steps = { stepsDone: run.units.length, stepsTotal: run.units.length };
    return recordMigration(scope, run.recorded, {
      state: "applied",
      ...steps,
      toolVersion,
    });
  }
  return recordMigration(scope, {
    version: row.version,
    name: row.name,
    message: "",
    upRaw: "",
    upTokens: "",
    downRaw: null,
    downTokens: null,
    upSql: null,
    downSql: null,
  }, { state: "applied", stepsDone: 0, stepsTotal: 0, toolVersion });
}

/**
 * The row says when the other tool ran it, not how long this import took.
 * Rows of the same time keep their order by microseconds between them.
 */
function settle(execution: Execution, row: ImportRow, later: number): string {
  const { scope } = execution;
  const time = row.appliedAt === null
    ? "pg_catalog.now()"
    : `${quoteLiteral(row.appliedAt)}::pg_catalog.timestamptz`;
  return `UPDATE ${
    historyTable(scope.schema, "migrations")
  } SET applied_at = ${time} + '${later} microseconds'::pg_catalog.interval, execution_ms = 0, up_raw = nullif(up_raw, ''), up_tokens = nullif(up_tokens, '') WHERE project = ${
    quoteLiteral(scope.project)
  } AND version = ${quoteLiteral(row.version)}`;
}
