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
import type { Execution } from "./execution.ts";
import { historyTable } from "./history_sql.ts";
import type { Migration } from "./model.ts";

/**
 * Refuses migrations that depend on what another project has not applied.
 *
 * @param execution The run.
 * @param wanted The files, and which migrations are about to run.
 * @throws {PawlError} `dependency-missing`.
 */
export async function requireForeign(
  execution: Execution,
  { directory, migrations }: {
    readonly directory: MigrationDirectory;
    readonly migrations: readonly Migration[];
  },
): Promise<void> {
  const wanted = migrations.flatMap((migration) =>
    (directory.graph.foreign.get(migration.version) ?? []).map((d) => ({
      migration,
      ...d,
    }))
  );
  if (wanted.length === 0) return;
  const [result] = await execution.session.script(
    `SELECT project, version FROM ${
      historyTable(execution.scope.schema, "migrations")
    } WHERE state IN ('applied', 'stamped') AND project IN (${
      [...new Set(wanted.map((w) => quoteLiteral(w.project ?? "")))].join(", ")
    })`,
  ).catch(() => []);
  const applied = new Set(
    (result === undefined ? [] : records(result)).map((r) =>
      `${r["project"]}:${r["version"]}`
    ),
  );
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
