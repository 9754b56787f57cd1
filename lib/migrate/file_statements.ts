/**
 * The statements of a part of a migration file, without what pawl cannot run.
 * Pure.
 *
 * @module
 */

import { boundary } from "../sql/boundary.ts";
import { splitStatements } from "../sql/split.ts";
import { invalidAt } from "./directives.ts";
import type { FileStatement, FileText } from "./model.ts";

const PROBLEM_HINTS: Readonly<Record<string, string>> = {
  "meta-command":
    "Lines that begin with a backslash are psql's own; write SQL instead",
  "copy-from-stdin":
    "Data after COPY … FROM stdin cannot be sent from a file: use INSERT, or pawl seed",
  "transaction-control":
    "pawl runs each step in a transaction of its own: remove the line, or start a new part with -- pawl:step",
};

/** The statements of a part of the file; refuses what pawl cannot run. */
export function readStatements(
  file: FileText,
  part: { readonly start: number; readonly end: number },
  options: { readonly transactionControl?: "refuse" | "keep" } = {},
): FileStatement[] {
  const { statements, problems } = splitStatements(
    file.text.slice(part.start, part.end),
  );
  const [problem] = problems;
  if (problem !== undefined) {
    const hint = PROBLEM_HINTS[problem.kind];
    throw invalidAt(file, part.start + problem.offset, {
      message: problem.message,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const found = statements.map((s) => ({
    sql: s.text,
    start: part.start + s.start,
    parsed: s,
  }));
  if (options.transactionControl !== "keep") {
    for (const statement of found) refuseTransactionControl(file, statement);
  }
  return found;
}

function refuseTransactionControl(
  file: FileText,
  statement: FileStatement,
): void {
  const found = boundary(statement.parsed);
  if (found === undefined) return;
  throw invalidAt(file, statement.start, {
    message: `${found.verb} inside a migration`,
    hint: PROBLEM_HINTS["transaction-control"] ?? "",
  });
}
