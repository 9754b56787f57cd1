/**
 * Which statements do something to each row of a table while others wait, by
 * their tokens. It knows no catalog: how many rows there are is for others to
 * ask.
 *
 * @module
 */

import { classify, type StatementClass } from "./classify.ts";
import { Cursor, tokensOf } from "./cursor.ts";
import { relationKey } from "./names.ts";
import type { Statement } from "./split.ts";

/** What is done to each row, and of which table. */
export interface RowWork {
  /** An index that is built, a type that may be written anew, NOT NULL that is looked for. */
  readonly kind: "index" | "type" | "not-null";
  /** The table, by `relationKey()`. */
  readonly table: string;
  /** The column, as SQL; undefined for an index. */
  readonly column: string | undefined;
}

/**
 * What a statement does to each row.
 *
 * @param statement The statement.
 * @param known What is known of it already.
 * @returns Nothing for what lets others go on, and for what no words tell.
 */
export function rowWorkOf(
  statement: Statement,
  known: StatementClass = classify(statement),
): RowWork[] {
  const [table] = known.relations;
  if (table === undefined) return [];
  if (known.verb === "CREATE INDEX") {
    return known.concurrently
      ? []
      : [{ kind: "index", table, column: undefined }];
  }
  if (known.verb !== "ALTER TABLE") return [];
  const cursor = behindAlterTable(statement);
  cursor.relation();
  return cursor.segments().flatMap((segment): RowWork[] => {
    const part = new Cursor(segment);
    if (!part.accept("alter")) return [];
    part.accept("column");
    const name = part.identifier();
    if (name === undefined) return [];
    const column = relationKey({ name });
    if (part.accept("set", "not", "null")) {
      return [{ kind: "not-null", table, column }];
    }
    part.accept("set", "data");
    return part.isNext("type") ? [{ kind: "type", table, column }] : [];
  });
}

/**
 * The table whose constraints a statement validates, by `relationKey()`.
 *
 * @param statement The statement.
 * @param known What is known of it already.
 */
export function validatedTable(
  statement: Statement,
  known: StatementClass = classify(statement),
): string | undefined {
  if (!known.validate) return undefined;
  const name = behindAlterTable(statement).relation();
  return name === undefined ? undefined : relationKey(name);
}

function behindAlterTable(statement: Statement): Cursor {
  const cursor = new Cursor(tokensOf(statement.text));
  cursor.accept("alter", "table");
  cursor.accept("if", "exists");
  return cursor;
}
