/**
 * pgmg: `001_name.sql`, all up, and the table `pgmg_migrations` in schema
 * `pgmg`. The names are those of pawl's own sequence, so that this layout is
 * only taken where `layout = "pgmg"` asks for it. Then `-- UP` and `-- DOWN`
 * are comments like any other; a file with a `-- pawl:` line is pawl's own.
 *
 * @module
 */

import { readMigration } from "../file.ts";
import { readStatements } from "../file_statements.ts";
import type { Layout } from "../layout.ts";
import type {
  FileStatement,
  FileText,
  Header,
  Migration,
  Step,
} from "../model.ts";
import { parseFileName } from "../version.ts";
import { foreignMigration, isMarked } from "./foreign_file.ts";
import { fileStem, type ForeignHistory } from "./foreign_history.ts";

/** The layout. */
export const PGMG_LAYOUT: Layout = {
  name: "pgmg",
  detect: () => false,
  read: (listing) => {
    const migrations: Migration[] = [];
    const others: string[] = [];
    for (const file of listing.files) {
      const name = file.includes("/") ? undefined : parseFileName(file);
      if (name === undefined) {
        others.push(file);
        continue;
      }
      const text = listing.read(file);
      const own = name.language !== "sql" || isMarked(text.text)
        ? readMigration(text)
        : undefined;
      migrations.push(
        own ?? foreignMigration({
          version: name.version,
          name: name.name,
          up: text,
          down: undefined,
          steps: readSteps,
        }),
      );
    }
    return { migrations, others, warnings: [] };
  },
};

/**
 * The whole file is one step, but that a new value of an enum is committed by
 * itself: pgmg does so, and PostgreSQL lets nothing use the value before.
 */
function readSteps(file: FileText, header: Header): Step[] {
  const start = file.text.startsWith("\uFEFF") ? 1 : 0;
  const steps: FileStatement[][] = [[]];
  for (
    const statement of readStatements(file, { start, end: file.text.length })
  ) {
    if (/^alter\s+type\s[^;]*?\badd\s+value\b/i.test(statement.sql)) {
      steps.push([statement], []);
    } else steps.at(-1)?.push(statement);
  }
  const full = steps.filter((statements) => statements.length > 0);
  return (full.length === 0 ? [[]] : full).map((statements) => ({
    transaction: header.transaction,
    timeouts: header.timeouts,
    statements,
  }));
}

/** The history. */
export const PGMG_HISTORY: ForeignHistory = {
  tool: "pgmg",
  table: "pgmg_migrations",
  columns: ["name", "applied_at"],
  layout: "pgmg",
  rows: "each",
  select: {
    recorded: "name",
    appliedAt: "applied_at",
    order: "applied_at, name",
  },
  recordedKey: (recorded) => recorded.replace(/\.sql$/, ""),
  fileKey: fileStem,
  versionOf: (recorded) => /^\d+/.exec(recorded)?.[0] ?? recorded,
};
