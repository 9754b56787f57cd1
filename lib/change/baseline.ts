/**
 * `baseline`: an existing database becomes version one. Its schema is written
 * as the first migration, proved to make the same schema, and recorded as
 * applied where it came from.
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { pushState } from "../drift/state.ts";
import { PawlError } from "../errors.ts";
import { hashesOf } from "../inspect/hash.ts";
import { differences } from "../kinds/forms.ts";
import {
  type MigrationText,
  type NewMigration,
  newMigration,
} from "../migrate/new_migration.ts";
import { displayPath, type Project } from "../migrate/project.ts";
import {
  readHistoryNow,
  type RunOptions,
  withExecution,
} from "../migrate/run_session.ts";
import { stamp } from "../migrate/stamp.ts";
import { readProjectFiles } from "../migrate/sum_file.ts";
import { touchedHashes } from "../migrate/touched.ts";
import type { Schema } from "../schema/schema.ts";
import { withShadow } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { readOptions } from "../sources/source.ts";
import { planBothWays, statementsOf } from "./change_plan.ts";
import { migrationText } from "./migration_text.ts";
import { proveInShadow } from "./prove.ts";
import { removeFiles } from "./remove_files.ts";
import { isWithheld } from "./step_text.ts";

/** How to make a baseline. */
export interface BaselineRequest
  extends RunOptions, Omit<SourceContext, "project" | "signal" | "onWarning"> {
  /** One line for people; `baseline` by default. */
  readonly message?: string | undefined;
  /** The time now. */
  readonly now: Date;
  /** Whether the file is tried in a shadow; yes by default. */
  readonly prove?: boolean;
  /** Whether nothing is written. */
  readonly dryRun?: boolean;
}

/** A baseline. */
export interface BaselineResult {
  /** Where the database is; without secrets. */
  readonly database: string;
  /** The hash of its schema. */
  readonly hash: string;
  /** How many objects it has. */
  readonly objects: number;
  /** The file's SQL. */
  readonly text: MigrationText;
  /** The file; undefined where none was written. */
  readonly written: NewMigration | undefined;
  /** Whether it was proved. */
  readonly proved: boolean;
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * Makes the project's database version one.
 *
 * @param project The project.
 * @param request How.
 * @throws {PawlError} `baseline-impossible` where there is a history, or are
 * migrations, already, or nothing to write; `proof-failed`.
 */
export async function baseline(
  project: Project,
  request: BaselineRequest,
): Promise<BaselineResult> {
  const context: SourceContext = { ...request, project, dependencies: true };
  refuseFiles(project);
  const live = await withExecution(
    project,
    { ...request, readOnly: true },
    async (execution) => {
      const history = await readHistoryNow(execution);
      if (history.rows.length > 0) throw hasHistory(history.rows.length);
      const schema = await readSchema(execution.session, readOptions(context));
      return { schema, place: execution.session.info.place };
    },
  );
  const { schema } = live;
  if (schema.objects.size === 0) {
    throw impossible(`the schema of ${live.place} is empty`, {
      hint: 'pawl new "create users" writes a first migration',
    });
  }
  const empty = await emptySchema(context);
  const plan = await planBothWays(empty, schema, {
    version: schema.version,
    locking: true,
  });
  const prove = request.prove ?? true;
  if (prove) await proveInShadow({ plan, from: empty, to: schema }, context);
  const text: MigrationText = {
    ...migrationText(plan, {
      schemas: [empty, schema],
      allowed: [],
      touched: await touchedHashes(statementsOf(plan.up), empty, schema),
    }),
    down: undefined,
  };
  const header = [
    "-- pawl:irreversible this is what was there before pawl",
    ...text.header,
  ];
  const body = { ...text, header };
  const withheld = statementsOf(plan.up).filter(isWithheld);
  const warnings = withheld.map(({ address }) =>
    `${address} is a comment in the file: pawl does not keep secrets`
  );
  const hash = (await hashesOf(schema)).hash;
  const result = {
    database: live.place,
    hash,
    objects: schema.objects.size,
    text: body,
    proved: prove,
  };
  if (request.dryRun) return { ...result, written: undefined, warnings };
  const written = newMigration(project, {
    message: request.message ?? "baseline",
    now: request.now,
    body,
  });
  const { readOnly: _, ...options } = request;
  try {
    await stamp(project, written.version, options);
  } catch (error) {
    // Unless the database may have heard of it, a refused command leaves nothing behind.
    const isRefused = error instanceof PawlError &&
      !["connection-lost", "interrupted"].includes(error.code);
    if (isRefused) {
      try {
        removeFiles(project, [written.version]);
      } catch {
        // The file stays; why it was refused is what counts.
      }
    }
    throw error;
  }
  const moved = await movedSince(project, request, { context, schema });
  return {
    ...result,
    written,
    warnings: [
      ...warnings,
      ...written.warnings,
      ...moved.length > 0 ? moved : await recordStart(project, options),
    ],
  };
}

async function emptySchema(context: SourceContext): Promise<Schema> {
  return await withShadow(
    shadowOptions(context),
    (session) => readSchema(session, readOptions(context)),
  );
}

/** From here on drift is what differs from this; without it the baseline stands all the same. */
async function recordStart(
  project: Project,
  options: RunOptions,
): Promise<string[]> {
  try {
    await pushState(project, { ...options, live: true });
    return [];
  } catch (error) {
    if (!(error instanceof PawlError) || error.code === "interrupted") {
      throw error;
    }
    return [
      `its state could not be recorded: ${error.message}; pawl state push --live records it`,
    ];
  }
}

/** Whether somebody has changed the schema while it was written. */
async function movedSince(
  project: Project,
  request: BaselineRequest,
  at: { readonly context: SourceContext; readonly schema: Schema },
): Promise<string[]> {
  const now = await withExecution(
    project,
    { ...request, readOnly: true },
    ({ session }) => readSchema(session, readOptions(at.context)),
  );
  return (await differences(at.schema, now)).map(({ address, kind }) =>
    `the schema has changed meanwhile: ${address} was ${kind}; pawl generate --live writes it`
  );
}

function refuseFiles(project: Project): void {
  const { migrations } = readProjectFiles(project);
  const [first] = migrations;
  if (first === undefined) return;
  throw impossible(
    `${
      displayPath(project, project.settings.migrations)
    } has migrations already`,
    {
      details: migrations.slice(0, 5).map(({ file }) => file),
      hint:
        "Where they describe this database: pawl stamp head; another directory: migrations in pawl.toml",
    },
  );
}

function hasHistory(rows: number): PawlError {
  return impossible(
    `the database has a history already (${rows} ${
      rows === 1 ? "migration" : "migrations"
    })`,
    {
      hint:
        "pawl history shows it; another project of the same database: project.name in pawl.toml",
    },
  );
}

function impossible(
  why: string,
  options: { readonly details?: readonly string[]; readonly hint: string },
): PawlError {
  return new PawlError(
    "baseline-impossible",
    `Cannot make a baseline: ${why}`,
    options,
  );
}
