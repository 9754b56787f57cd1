/**
 * Checks migrations against PostgreSQL's own grammar before any of them runs,
 * so that a typing error in the last file is found before the first is
 * applied. The grammar is PostgreSQL 18's, as WebAssembly, loaded on demand.
 *
 * @module
 */

import { invalidAt } from "./directives.ts";
import type { FileStatement, FileText, Migration } from "./model.ts";
import { utf16Offset } from "./script_text.ts";

/**
 * A statement longer than this is left to the server: the parser needs a
 * hundred times a text's size in memory. Data in bulk, not DDL, is that long.
 */
const LONGEST = 1 << 20;

/** How much of one file is parsed; the server checks each message as a whole anyway. */
const MOST_PER_FILE = 4 << 20;

interface GrammarError {
  readonly message: string;
  /** In characters from 0; -1 where it is not known. */
  readonly position: number;
}

/** What the parser says of a statement; undefined when it is content. */
export type Grammar = (sql: string) => GrammarError | undefined;

/** Loads the parser. */
async function loadGrammar(): Promise<Grammar> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return (sql) => {
    try {
      parseSync(sql);
      return undefined;
    } catch (error) {
      return grammarError(error);
    }
  };
}

/** Only errors of syntax count: what the parser cannot cope with is not the file's fault. */
function grammarError(error: unknown): GrammarError | undefined {
  if (!(error instanceof Error) || !("sqlDetails" in error)) return undefined;
  const details = error.sqlDetails;
  if (
    typeof details !== "object" || details === null ||
    !("cursorPosition" in details)
  ) {
    return undefined;
  }
  const position = details.cursorPosition;
  return {
    message: error.message,
    position: typeof position === "number" ? position : -1,
  };
}

/**
 * Checks files: those of pawl's own format in both directions, those of other
 * tools only where they would run, for the other direction may be wrong since
 * long before pawl came.
 *
 * @param migrations The migrations that would run.
 * @param direction Which way.
 * @throws {PawlError} `migration-invalid` with file, line and caret.
 */
export async function checkSyntax(
  migrations: readonly Migration[],
  direction: "up" | "down",
): Promise<void> {
  let grammar: Grammar | undefined;
  for (const migration of migrations) {
    const body = migration.body();
    if (body.kind !== "sql") continue;
    grammar ??= await loadGrammar();
    const both = migration.ownTimeouts;
    if (both || direction === "up") {
      checkStatements(grammar, body.upFile, [
        ...body.up.steps.flatMap((step) => step.statements),
        ...body.up.verify,
      ]);
    }
    if (body.down !== undefined && (both || direction === "down")) {
      checkStatements(
        grammar,
        body.downFile,
        body.down.steps.flatMap((step) => step.statements),
      );
    }
  }
}

/** Checks statements of one file. */
function checkStatements(
  grammar: Grammar,
  file: FileText,
  statements: readonly FileStatement[],
): void {
  let parsed = 0;
  for (const statement of statements) {
    if (statement.sql.length > LONGEST) continue;
    parsed += statement.sql.length;
    if (parsed > MOST_PER_FILE) return;
    const error = grammar(statement.sql);
    if (error === undefined) continue;
    const within = error.position < 0
      ? 0
      : utf16Offset(statement.sql, error.position);
    throw invalidAt(
      file,
      statement.start + Math.min(within, statement.sql.length),
      {
        message: error.message,
        hint: "Nothing was run; mend the statement",
      },
    );
  }
}
