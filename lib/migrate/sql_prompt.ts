/**
 * SQL as it is typed or piped, run statement by statement on one session: what
 * `pawl shell` offers where psql cannot connect. It knows where a statement
 * ends; it must not know how results look.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { serverReport } from "../pg/server_report.ts";
import {
  ServerError,
  type Session,
  type StatementResult,
} from "../pg/session.ts";
import { lineAndColumn, splitStatements } from "../sql/split.ts";
import { utf16Offset } from "./script_text.ts";

/** What a person at a prompt has typed so far. */
export type Typed =
  /** A statement has not ended yet. */
  | { readonly kind: "more" }
  /** Whole statements. */
  | { readonly kind: "ready"; readonly statements: readonly string[] }
  /** A line that is psql's and not SQL. */
  | { readonly kind: "meta"; readonly command: string };

/**
 * Looks at what has been typed.
 *
 * @param text The lines since the last statement ended.
 */
export function readTyped(text: string): Typed {
  const meta = /^\s*(\\\S*)/.exec(text)?.[1];
  if (meta !== undefined) return { kind: "meta", command: meta };
  const { statements, problems } = splitStatements(text);
  const command = problems.find(({ kind }) => kind === "meta-command")?.name;
  if (command !== undefined) return { kind: "meta", command };
  const unended = problems.some(({ kind }) => kind.startsWith("unterminated"));
  if (unended || statements.some((each) => !each.terminated)) {
    return { kind: "more" };
  }
  return { kind: "ready", statements: statements.map((each) => each.text) };
}

/**
 * Runs a whole script, each statement by itself, and stops at the first that
 * the database refuses.
 *
 * @param session The connection.
 * @param text The script.
 * @param onResult Given what each statement returned.
 * @throws {PawlError} `usage` for what is no SQL, `statement-failed` with the line.
 */
export async function runScript(
  session: Session,
  text: string,
  onResult: (result: StatementResult) => void,
): Promise<void> {
  const { statements, problems } = splitStatements(text);
  const [problem] = problems;
  if (problem !== undefined) {
    throw new PawlError(
      "usage",
      `Cannot run standard input: ${problem.message}`,
      { location: place(text, problem.offset) },
    );
  }
  for (const statement of statements) {
    try {
      for (const result of await session.script(statement.text)) {
        onResult(result);
      }
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      const { message, position } = error.fields;
      const within = position === undefined
        ? 0
        : utf16Offset(statement.text, position - 1);
      throw new PawlError(
        "statement-failed",
        `Cannot run standard input: ${message}`,
        {
          location: place(text, statement.start + within),
          server: serverReport(error.fields),
          details: ["the statements before it have run"],
          cause: error,
        },
      );
    }
  }
}

function place(text: string, offset: number) {
  const at = lineAndColumn(text, offset);
  return {
    file: "standard input",
    line: at.line,
    column: at.column,
    text: at.text.slice(0, 200),
  };
}
