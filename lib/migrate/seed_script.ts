/**
 * Reads a seed file of SQL: its statements, and what of it cannot run inside
 * the one transaction of a seed run. Pure.
 *
 * @module
 */

import type { PawlError } from "../errors.ts";
import { boundary } from "../sql/boundary.ts";
import { Lexer } from "../sql/lexer.ts";
import { type ProblemKind, splitStatements } from "../sql/split.ts";
import type { FileStatement, FileText } from "./model.ts";
import { seedError } from "./seed_value.ts";

const HINTS: { readonly [K in ProblemKind]?: string } = {
  "meta-command":
    "Lines that begin with a backslash are psql's own; write SQL instead",
  "copy-from-stdin":
    "Data after COPY … FROM stdin cannot be sent from a file: use INSERT, or a .json or .yaml seed",
};

/**
 * Reads the statements of a SQL seed.
 *
 * @param file The text and the path for messages.
 * @returns The statements in order.
 * @throws {PawlError} `seed-invalid` with file and line.
 */
export function readSeedScript(file: FileText): FileStatement[] {
  refuseDirectives(file);
  const { statements, problems } = splitStatements(file.text);
  const [problem] = problems;
  if (problem !== undefined) {
    const hint = HINTS[problem.kind];
    throw wrong(file, problem.offset, {
      message: problem.message,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  return statements.map((parsed) => {
    const found = boundary(parsed);
    if (found !== undefined) {
      throw wrong(file, parsed.start, {
        message: `${found.verb} inside a seed`,
        hint:
          "All seeds of a run are one transaction: remove the line, SAVEPOINT is allowed",
      });
    }
    return { sql: parsed.text, start: parsed.start, parsed };
  });
}

/** A migration's directives mean nothing here, and its down section would run. */
function refuseDirectives(file: FileText): void {
  if (!file.text.includes("pawl:")) return;
  const lexer = new Lexer(file.text);
  while (lexer.next()) {
    if (lexer.kind !== "line_comment") continue;
    const directive = /^--[ \t]*pawl:[\w-]*/.exec(
      file.text.slice(lexer.start, lexer.end),
    )?.[0];
    if (directive === undefined) continue;
    throw wrong(file, lexer.start, {
      message: `"${directive}" belongs into a migration, not into a seed`,
      hint: "Remove the line; pawl upgrade runs migrations",
    });
  }
}

function wrong(
  file: FileText,
  offset: number,
  what: { readonly message: string; readonly hint?: string },
): PawlError {
  return seedError(file, offset, {
    ...what,
    message: `Cannot read ${file.path}: ${what.message}`,
  });
}
