/**
 * Dependencies of migrations on those of other projects, which must have been
 * applied in the same database.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { quoteLiteral } from "../sql/quote.ts";
import type { MigrationDirectory } from "./directory.ts";
import { type Execution, withCancel } from "./execution.ts";
import type { History } from "./history.ts";
import { historyTable } from "./history_sql.ts";
import type { Migration } from "./model.ts";

/**
 * Refuses migrations that depend on what another project has not applied.
 *
 * @param execution The run.
 * @param plan The files, which migrations are about to run, and the history.
 * @throws {PawlError} `dependency-missing`.
 */
export async function requireForeign(
  execution: Execution,
  { directory, migrations, history }: {
    readonly directory: MigrationDirectory;
    readonly migrations: readonly Migration[];
    readonly history: History;
  },
): Promise<void> {
  const wanted = migrations.flatMap((migration) =>
    (directory.graph.foreign.get(migration.version) ?? []).map((d) => ({
      migration,
      ...d,
    }))
  );
  if (wanted.length === 0) return;
  const applied = history.installed
    ? await appliedElsewhere(execution, wanted.map((w) => w.project ?? ""))
    : new Set();
  for (const { migration, project, version } of wanted) {
    if (applied.has(`${project}:${version}`)) continue;
    throw new PawlError(
      "dependency-missing",
      `Cannot apply ${migration.file}: it depends on ${project}:${version}, which has not been applied to this database`,
      {
        location: { file: migration.file },
        hint: `pawl upgrade -p ${project} ${version} applies it`,
      },
    );
  }
}

/** `project:version` of what other projects have applied. */
async function appliedElsewhere(
  execution: Execution,
  projects: readonly string[],
): Promise<ReadonlySet<string>> {
  const sql = `SELECT project, version FROM ${
    historyTable(execution.scope.schema, "migrations")
  } WHERE state IN ('applied', 'stamped') AND project IN (${
    [...new Set(projects.map(quoteLiteral))].join(", ")
  })`;
  const [result] = await withCancel(
    execution,
    () => execution.session.script(sql),
  );
  return new Set(
    (result === undefined ? [] : records(result)).map((row) =>
      `${row["project"]}:${row["version"]}`
    ),
  );
}
