/**
 * Finds another tool's history table in a database, by the catalog alone.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { records } from "../pg/session.ts";
import { Cursor, tokensOf } from "../sql/cursor.ts";
import type { QualifiedName } from "../sql/names.ts";
import { quoteLiteral, quoteQualified } from "../sql/quote.ts";
import { type Execution, withCancel } from "./execution.ts";
import type { ForeignHistory, ForeignTool } from "./layouts/foreign_history.ts";
import { HISTORIES } from "./layouts/mod.ts";

/** Which history is meant. */
export interface ForeignSource {
  /** The tool; `auto` finds out which tool's table is there. */
  readonly from: ForeignTool | "auto";
  /** The table as the user has written it, with or without a schema. */
  readonly table: string | undefined;
}

/** A history table that is there. */
export interface FoundHistory {
  /** What is known of its tool. */
  readonly history: ForeignHistory;
  /** The schema that it lies in. */
  readonly schema: string;
  /** Its name. */
  readonly name: string;
}

/** A relation that may be a history. */
interface Candidate {
  readonly schema: string;
  readonly name: string;
  readonly visible: boolean;
  readonly columns: ReadonlySet<string>;
}

/**
 * Reads a table's name as SQL has it.
 *
 * @throws {PawlError} `usage` for what is no name.
 */
export function tableName(text: string): QualifiedName {
  const cursor = new Cursor(tokensOf(text));
  const name = cursor.name();
  if (name === undefined || cursor.at !== cursor.tokens.length) {
    throw new PawlError(
      "usage",
      `Cannot use --table ${text}: that is no table's name`,
      {
        hint:
          "Write NAME or SCHEMA.NAME; a name with capitals or signs in it goes in quotes: '\"My Schema\".name'",
      },
    );
  }
  return name;
}

/**
 * Finds the table.
 *
 * @param execution The connection, and the environment's search_path.
 * @param source The tool and perhaps the table.
 * @param paths The schemas to prefer, in order, where several have one.
 * @throws {PawlError} `history-missing`, naming the tools whose tables are
 * there; `usage` where several might be meant.
 */
export async function findHistory(
  execution: Execution,
  source: ForeignSource,
  paths: readonly string[],
): Promise<FoundHistory> {
  const named = source.table === undefined
    ? undefined
    : tableName(source.table);
  const candidates = await readCandidates(execution, named);
  if (named !== undefined) {
    return chooseNamed(source, named, { candidates, paths });
  }
  const wanted = HISTORIES.filter((h) =>
    source.from === "auto" || h.tool === source.from
  );
  const there = wanted.filter((history) =>
    candidates.some((c) => isTableOf(history, c))
  );
  const [history, second] = there;
  if (history === undefined) throw missing(source, candidates);
  if (second !== undefined) {
    throw new PawlError(
      "usage",
      "Cannot tell which history is meant: the database has tables of several tools",
      {
        details: describeTables(candidates),
        hint: `Name one: --from ${history.tool}`,
      },
    );
  }
  const tables = candidates.filter((c) => isTableOf(history, c));
  return { history, ...chooseSchema(tables, paths) };
}

function has(candidate: Candidate, history: ForeignHistory): boolean {
  return history.columns.every((column) => candidate.columns.has(column));
}

function isTableOf(history: ForeignHistory, candidate: Candidate): boolean {
  return candidate.name === history.table && has(candidate, history);
}

async function readCandidates(
  execution: Execution,
  named: QualifiedName | undefined,
): Promise<Candidate[]> {
  const names = HISTORIES.map((history) => quoteLiteral(history.table)).join(
    ", ",
  );
  const or = named === undefined
    ? ""
    : ` OR c.relname = ${quoteLiteral(named.name)}`;
  const sql =
    `SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_table_is_visible(c.oid) AS visible, (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v') AND (c.relname IN (${names})${or}) ORDER BY n.nspname, c.relname`;
  const [result] = await withCancel(
    execution,
    () => execution.session.script(sql),
  );
  return (result === undefined ? [] : records(result)).map((row) => ({
    schema: row["schema"] ?? "",
    name: row["name"] ?? "",
    visible: row["visible"] === "t",
    columns: new Set(columnNames(row["columns"] ?? "[]")),
  }));
}

function columnNames(json: string): string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value)
    ? value.filter((name) => typeof name === "string")
    : [];
}

/** The tools whose tables are in the database, one line each. */
function describeTables(candidates: readonly Candidate[]): string[] {
  return HISTORIES.flatMap((history) =>
    candidates.filter((c) => isTableOf(history, c))
      .map((c) => `${history.tool}: ${quoteQualified(c.schema, c.name)}`)
  );
}

function missing(
  source: ForeignSource,
  candidates: readonly Candidate[],
): PawlError {
  const there = describeTables(candidates);
  const options = {
    details: there,
    hint: there.length > 0
      ? "The tables above are there: name one of their tools by --from"
      : "Is it another database? A table of another name is named by --table SCHEMA.NAME",
  };
  if (source.from === "auto") {
    return new PawlError(
      "history-missing",
      "Cannot import: no other tool's history table is in this database",
      options,
    );
  }
  const history = HISTORIES.find((h) => h.tool === source.from);
  const table = history?.table ?? "";
  const alike = candidates.find((c) => c.name === table);
  const lacks = alike === undefined
    ? undefined
    : history?.columns.filter((column) => !alike.columns.has(column)).join(
      ", ",
    );
  return new PawlError(
    "history-missing",
    alike === undefined
      ? `Cannot import from ${source.from}: there is no table ${table} in this database`
      : `Cannot import from ${source.from}: ${
        quoteQualified(alike.schema, alike.name)
      } is another tool's table, without ${lacks}`,
    options,
  );
}

function chooseNamed(
  source: ForeignSource,
  named: QualifiedName,
  at: {
    readonly candidates: readonly Candidate[];
    readonly paths: readonly string[];
  },
): FoundHistory {
  const shown = quoteQualified(named.schema, named.name);
  const tables = at.candidates.filter((c) =>
    c.name === named.name &&
    (named.schema === undefined || c.schema === named.schema)
  );
  if (tables.length === 0) {
    throw new PawlError(
      "history-missing",
      `Cannot import: there is no table ${shown} in this database`,
      {
        details: describeTables(at.candidates),
        hint:
          "--table names it as SCHEMA.NAME; without it, the tool's own name is looked for in every schema",
      },
    );
  }
  const fitting = HISTORIES.filter((h) =>
    source.from === "auto" || h.tool === source.from
  )
    .filter((history) => tables.some((c) => has(c, history)))
    .sort((a, b) => b.columns.length - a.columns.length);
  // hyper_migrations has all the columns of pgmg_migrations: the most tell most.
  const [history] = fitting;
  if (history === undefined) {
    throw new PawlError(
      "history-missing",
      source.from === "auto"
        ? `Cannot import: ${shown} is no tool's history that pawl knows`
        : `Cannot import from ${source.from}: ${shown} has not the columns of its history`,
      {
        details: HISTORIES.filter((h) =>
          source.from === "auto" || h.tool === source.from
        )
          .map((h) =>
            `a history of ${h.tool} has the columns ${h.columns.join(", ")}`
          ),
        hint: "Look at the table's columns, and name another tool or table",
      },
    );
  }
  return {
    history,
    ...chooseSchema(tables.filter((c) => has(c, history)), at.paths),
  };
}

/** Of several tables of one name, the one that the search_path finds. */
function chooseSchema(
  tables: readonly Candidate[],
  paths: readonly string[],
): { readonly schema: string; readonly name: string } {
  const preferred = paths.map((path) => tables.find((t) => t.schema === path))
    .find((table) => table !== undefined);
  const [only, second] = tables;
  const chosen = preferred ??
    (second === undefined ? only : tables.find((t) => t.visible));
  if (chosen !== undefined) return { schema: chosen.schema, name: chosen.name };
  throw new PawlError(
    "usage",
    "Cannot tell which history is meant: several schemas have one",
    {
      details: tables.map((t) => quoteQualified(t.schema, t.name)),
      hint: "Name one: --table SCHEMA.NAME",
    },
  );
}
