/**
 * The text of an index's definition: taken apart, and written again for
 * another name, for a partition, CONCURRENTLY. It knows how pg_get_indexdef
 * writes; it must not know when an index is made. Pure.
 *
 * @module
 */

import { Lexer } from "../sql/lexer.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { storageParameters } from "./storage_parameters.ts";

/** What of an index's payload its CREATE INDEX says. */
export interface IndexText {
  /** The relation, as `schema.name`. */
  readonly on: string;
  /** `CREATE INDEX …` without storage parameters and tablespace. */
  readonly definition: string;
  readonly unique: boolean;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly tablespace?: string | undefined;
}

/** How a CREATE INDEX is to be written. */
export interface IndexWriting {
  /** Its name; absent: the server chooses one. */
  readonly name?: string | undefined;
  /** Another relation than the definition's, as `schema.name`. */
  readonly on?: string;
  readonly concurrently?: boolean;
  /** Whether it stays without indexes on partitions. */
  readonly only?: boolean;
  /** Whether it may be there already. */
  readonly ifNotExists?: boolean;
}

/**
 * What an index is, whatever its name and its table are called: `USING …`.
 *
 * @param definition As pg_get_indexdef writes it.
 */
export function indexTail(definition: string): string {
  const at = clauseAt(definition, "using");
  return at === undefined ? definition : definition.slice(at).trimStart();
}

/**
 * A CREATE INDEX.
 *
 * @param index What it is.
 * @param writing How it is written.
 */
export function writeIndex(index: IndexText, writing: IndexWriting): string {
  const tail = indexTail(index.definition);
  const conditionAt = clauseAt(tail, "where") ?? tail.length;
  const parameters = storageParameters(index.parameters);
  return [
    `CREATE ${index.unique ? "UNIQUE " : ""}INDEX`,
    writing.concurrently === true ? " CONCURRENTLY" : "",
    writing.ifNotExists === true ? " IF NOT EXISTS" : "",
    writing.name === undefined ? "" : ` ${quoteIdentifier(writing.name)}`,
    ` ON ${writing.only === true ? "ONLY " : ""}${writing.on ?? index.on} `,
    tail.slice(0, conditionAt),
    parameters === "" ? "" : ` WITH (${parameters})`,
    index.tablespace === undefined
      ? ""
      : ` TABLESPACE ${quoteIdentifier(index.tablespace)}`,
    tail.slice(conditionAt),
  ].join("");
}

/**
 * A definition without `WITH (…)`, whose values servers quote alike; it is a
 * field of its own.
 *
 * @param definition As pg_get_indexdef writes it.
 */
export function withoutParameters(definition: string): string {
  const at = clauseAt(definition, "with");
  if (at === undefined) return definition;
  const behind = clauseAt(definition, "where") ?? definition.length;
  return definition.slice(0, at) + definition.slice(behind);
}

/** Where a clause starts, with the space before it: not in a string, name or parentheses. */
export function clauseAt(
  definition: string,
  word: "where" | "with" | "using",
): number | undefined {
  const lexer = new Lexer(definition);
  let depth = 0;
  while (lexer.next()) {
    if (lexer.isPunctuation("(")) depth++;
    else if (lexer.isPunctuation(")")) depth--;
    else if (depth === 0 && lexer.isWord(word)) {
      return Math.max(0, lexer.start - 1);
    }
  }
  return undefined;
}

/**
 * The names of an index's columns, where all of them are columns of the table.
 *
 * @param definition As pg_get_indexdef writes it.
 * @returns Undefined where one is an expression: only the server knows its name.
 */
export function indexColumns(definition: string): string[] | undefined {
  const tail = indexTail(definition);
  const lexer = new Lexer(tail);
  const columns: string[] = [];
  let depth = 0;
  let expected = false;
  while (lexer.next()) {
    if (depth === 0 && (lexer.isWord("where") || lexer.isWord("nulls"))) break;
    if (lexer.isPunctuation("(")) {
      if (expected) return undefined;
      expected = depth === 0;
      depth++;
    } else if (lexer.isPunctuation(")")) depth--;
    else if (depth === 1 && lexer.isPunctuation(",")) expected = true;
    else if (expected) {
      const text = tail.slice(lexer.start, lexer.end);
      if (lexer.kind === "word") columns.push(text);
      else if (lexer.kind === "quoted_identifier") {
        columns.push(text.slice(1, -1).replaceAll('""', '"'));
      } else return undefined;
      expected = false;
      // `lower(a)` starts like a column and is none.
      if (tail[lexer.end] === "(" || tail[lexer.end] === ".") return undefined;
    }
  }
  return columns;
}
