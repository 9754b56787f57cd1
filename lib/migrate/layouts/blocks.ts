/**
 * Files of tools that send a file as it is, so that it may hold its own
 * `BEGIN; … COMMIT;`. Each such block becomes a step: the two lines go, and
 * pawl's own transaction, with the history in it, takes their place. Pure.
 *
 * @module
 */

import { boundary } from "../../sql/boundary.ts";
import { invalidAt } from "../directives.ts";
import { readStatements } from "../file_statements.ts";
import type { FileStatement, FileText, Header, Step } from "../model.ts";

/** Collects statements into steps. */
class StepBuilder {
  readonly steps: Step[] = [];
  readonly #header: Header;
  #statements: FileStatement[] = [];

  constructor(header: Header) {
    this.#header = header;
  }

  add(statement: FileStatement): void {
    this.#statements.push(statement);
  }

  /** Ends a step, where it has begun. */
  end(transaction: Step["transaction"]): void {
    if (this.#statements.length === 0) return;
    this.steps.push({
      transaction,
      timeouts: this.#header.timeouts,
      statements: this.#statements,
    });
    this.#statements = [];
  }
}

/**
 * Reads a text that may hold transaction blocks of its own.
 *
 * @param file The text; offsets of statements count in it.
 * @param header What holds for the whole file: the time-outs, and whether
 * what stands outside of a block runs in a transaction.
 * @returns A step for each block and for what stands before, between and
 * after them; at least one.
 * @throws {PawlError} `migration-invalid` for a block that does not end, for
 * ROLLBACK and PREPARE TRANSACTION, and for an isolation level or READ ONLY,
 * which pawl's own transaction would not have.
 */
export function readBlocks(file: FileText, header: Header): Step[] {
  const start = file.text.startsWith("\uFEFF") ? 1 : 0;
  const statements = readStatements(file, { start, end: file.text.length }, {
    transactionControl: "keep",
  });
  const builder = new StepBuilder(header);
  let open: FileStatement | undefined;
  for (const statement of statements) {
    switch (boundary(statement.parsed)?.control) {
      case undefined:
        builder.add(statement);
        break;
      case "begin":
        requirePlain(file, statement);
        // PostgreSQL only warns of a BEGIN inside a block.
        if (open !== undefined) break;
        builder.end(header.transaction);
        open = statement;
        break;
      case "commit":
        // Outside of a block, COMMIT ends what the tool's one message began.
        builder.end(open === undefined ? header.transaction : "auto");
        open = /\band\s+chain\b/i.test(statement.sql) ? statement : undefined;
        break;
      case "rollback":
      case "prepare-transaction":
        throw invalidAt(file, statement.start, {
          message: `${
            statement.parsed.words[0]?.toUpperCase()
          } inside a migration`,
          hint:
            "What it takes back would be recorded as applied: remove the statements instead",
        });
    }
  }
  if (open !== undefined) {
    throw invalidAt(file, open.start, {
      message: "no COMMIT ends this transaction block",
      hint:
        "Add COMMIT; at its end, or remove BEGIN: pawl runs each step in a transaction of its own",
    });
  }
  builder.end(header.transaction);
  return builder.steps.length > 0 ? builder.steps : [{
    transaction: header.transaction,
    timeouts: header.timeouts,
    statements: [],
  }];
}

function requirePlain(file: FileText, begin: FileStatement): void {
  const mode = /\b(serializable|repeatable\s+read|read\s+only)\b/i.exec(
    begin.sql,
  )?.[1];
  if (mode === undefined) return;
  throw invalidAt(file, begin.start, {
    message: `a transaction block that asks for ${
      mode.replaceAll(/\s+/g, " ").toUpperCase()
    }`,
    hint:
      "pawl runs each step in a READ COMMITTED transaction of its own, with the history in it",
  });
}
