/**
 * What migrations destroy, and what they do to each row of large tables, with
 * the number of rows that the server's statistics have. Reads only.
 *
 * @module
 */

import { records, type Session } from "../pg/session.ts";
import { quoteLiteral } from "../sql/quote.ts";
import { type RowWork, rowWorkOf, validatedTable } from "../sql/row_work.ts";
import type { Execution } from "./execution.ts";
import type { PreparedMigration } from "./prepare.ts";

/** From so many rows on, what is done to each of them is worth a warning. */
const MANY_ROWS = 100_000;

/** What is lost with its rows. */
const WITH_ROWS: ReadonlySet<string> = new Set([
  "drop-table",
  "drop-column",
  "drop-materialized-view",
  "truncate",
  "delete",
]);

/** Something to say once the rows of a table are known. */
interface Remark {
  readonly table: string;
  /** The warning; undefined where there are too few for one. */
  text(rows: number): string | undefined;
  /** What is said where nobody knows. */
  readonly otherwise: string | undefined;
}

/**
 * A migration whose warnings say how many rows they are about.
 *
 * @param execution The run; its session must not be in a transaction.
 * @param prepared The migration, before it runs.
 * @returns The same where the server cannot say.
 */
export async function withRowCounts(
  execution: Execution,
  prepared: PreparedMigration,
): Promise<PreparedMigration> {
  const remarks = remarksOf(prepared);
  const tables = new Set(remarks.map(({ table }) => table));
  if (tables.size === 0) return prepared;
  const rows = await rowCounts(execution, [...tables]);
  const said = new Map<string, string>();
  const more: string[] = [];
  for (const { table, text, otherwise } of remarks) {
    const count = rows.get(table);
    const line = count === undefined ? undefined : text(count);
    if (line === undefined) continue;
    if (otherwise === undefined) more.push(line);
    else said.set(otherwise, line);
  }
  return {
    ...prepared,
    warnings: [
      ...prepared.warnings.map((warning) => said.get(warning) ?? warning),
      ...new Set(more),
    ],
  };
}

function remarksOf({ run }: PreparedMigration): Remark[] {
  const statements = run.units.flatMap((unit) => unit.statements);
  const validated = new Set(
    statements.flatMap((s) => validatedTable(s.parsed, s.class) ?? []),
  );
  const created = new Set(statements.flatMap((s) => s.class.creates ?? []));
  const moves = /search_path/i.test(run.file.text);
  // Which table an unqualified name means, only the file's own settings say.
  const sure = (table: string) =>
    !created.has(table) && (!moves || table.includes("."));
  return statements.flatMap((statement): Remark[] => [
    ...statement.class.destructive.flatMap(({ kind, object, message }) => {
      const table = kind === "drop-column"
        ? statement.class.relations[0]
        : object;
      return table === undefined || table === "?" || !WITH_ROWS.has(kind)
        ? []
        : [{
          table,
          text: (rows: number) =>
            `${message} (${kind === "delete" ? "of " : ""}${about(rows)})`,
          otherwise: message,
        }];
    }),
    ...rowWorkOf(statement.parsed, statement.class)
      // A check that was validated spares SET NOT NULL its scan.
      .filter(({ kind, table }) => kind !== "not-null" || !validated.has(table))
      .map((work) => ({
        table: work.table,
        text: (rows: number) =>
          rows < MANY_ROWS ? undefined : workText(work, rows),
        otherwise: undefined,
      })),
  ]).filter(({ table }) => sure(table));
}

function about(rows: number): string {
  return `about ${rows.toLocaleString("en-US")} ${rows === 1 ? "row" : "rows"}`;
}

function workText({ kind, table, column }: RowWork, rows: number): string {
  switch (kind) {
    case "index":
      return `CREATE INDEX makes writers of ${table} wait while ${
        about(rows)
      } are read; CREATE INDEX CONCURRENTLY would not`;
    case "type":
      return `ALTER COLUMN ${table}.${column} TYPE may write ${
        about(rows)
      } anew while all others wait; a new column, filled in batches, would not`;
    case "not-null":
      return `SET NOT NULL on ${table}.${column} reads ${
        about(rows)
      } while all others wait; it does not where a valid check (${column} IS NOT NULL) proves it`;
    default:
      return kind satisfies never;
  }
}

/** Rows by table, with those of its partitions and of what inherits from it. */
async function rowCounts(
  execution: Execution,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { session, searchPath = "DEFAULT" } = execution;
  const names = tables.map(quoteLiteral).join(", ");
  try {
    const results = await session.script(
      `BEGIN READ ONLY; SET LOCAL search_path = ${searchPath}; ${
        query(names)
      }; COMMIT`,
    );
    const rows = results[2] === undefined ? [] : records(results[2]);
    return new Map(
      rows.flatMap(({ name, count }) =>
        name === undefined || name === null || count === undefined ||
          count === null
          ? []
          : [[name, Number(count)] as const]
      ),
    );
  } catch {
    // A warning without a number is better than no run; what is wrong with the
    // connection, the run itself will say.
    await rollback(session);
    return new Map();
  }
}

/** No relation is opened, so that it waits for nobody. */
function query(names: string): string {
  return `SELECT k.name, (WITH RECURSIVE below AS (SELECT c.oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN below b ON i.inhparent = b.oid) SELECT CASE WHEN NOT pg_catalog.bool_or(p.reltuples < 0) THEN pg_catalog.sum(p.reltuples)::pg_catalog.int8 END FROM below JOIN pg_catalog.pg_class p ON p.oid = below.oid WHERE p.relkind IN ('r', 'm')) AS count FROM pg_catalog.unnest(ARRAY[${names}]::pg_catalog.text[]) AS k(name) JOIN pg_catalog.pg_class c ON c.oid = pg_catalog.to_regclass(k.name)`;
}

async function rollback(session: Session): Promise<void> {
  if (!session.open) return;
  try {
    await session.script("ROLLBACK");
  } catch {
    // The next statement finds out what is wrong.
  }
}
