/**
 * Statements that begin or end a transaction, which pawl does itself. Those of
 * savepoints stay inside of one and are none. Pure.
 *
 * @module
 */

import type { TransactionControl } from "./classification.ts";
import { classify } from "./classify.ts";
import type { Statement } from "./split.ts";

/** A statement that begins or ends a transaction. */
export interface Boundary {
  /** What it does. */
  readonly control: Exclude<
    TransactionControl,
    "savepoint" | "release" | "rollback-to"
  >;
  /** What it is called, such as `START TRANSACTION`. */
  readonly verb: string;
}

/** First words of such statements: others need no closer look. */
const FIRST_WORDS: ReadonlySet<string> = new Set([
  "begin",
  "start",
  "commit",
  "end",
  "rollback",
  "abort",
  "prepare",
]);

/**
 * Whether a statement begins or ends a transaction.
 *
 * @param statement The statement.
 * @returns Undefined where it does not.
 */
export function boundary(statement: Statement): Boundary | undefined {
  if (!FIRST_WORDS.has(statement.words[0] ?? "")) return undefined;
  const { control, verb } = classify(statement);
  switch (control) {
    case "begin":
    case "commit":
    case "rollback":
    case "prepare-transaction":
      return { control, verb };
    case "savepoint":
    case "release":
    case "rollback-to":
    case undefined:
      return undefined;
    default:
      return control satisfies never;
  }
}
