/**
 * One row of a catalog query, read by column name. Values come in
 * PostgreSQL's text format.
 *
 * @module
 */

import type { StatementResult } from "../pg/session.ts";

/** A row under a cursor: cheaper than a record a row, for hundreds of thousands of them. */
export class Row {
  readonly #columns: ReadonlyMap<string, number>;
  #values: readonly (string | null)[] = [];

  /** Makes a reader for the rows of one result. */
  constructor(result: Pick<StatementResult, "fields">) {
    this.#columns = new Map(result.fields.map((field, i) => [field.name, i]));
  }

  /** Moves on to a row. */
  at(values: readonly (string | null)[]): this {
    this.#values = values;
    return this;
  }

  /** Whether the query has such a column. */
  has(column: string): boolean {
    return this.#columns.has(column);
  }

  /**
   * A text that says what stands in a column and all behind it: the same for
   * rows that are alike there, and only for them.
   *
   * @param column The first of these columns.
   */
  keyFrom(column: string): string {
    return JSON.stringify(this.#values.slice(this.#columns.get(column)));
  }

  /** A text, or undefined for NULL. */
  optional(column: string): string | undefined {
    const i = this.#columns.get(column);
    if (i === undefined) {
      throw new TypeError(`no column ${column} in this catalog query`);
    }
    return this.#values[i] ?? undefined;
  }

  /** A text that is never NULL. */
  text(column: string): string {
    const value = this.optional(column);
    if (value === undefined) {
      throw new TypeError(`column ${column} of a catalog query is NULL`);
    }
    return value;
  }

  /** A boolean that is never NULL. */
  boolean(column: string): boolean {
    return this.text(column) === "t";
  }

  /** An integer that is never NULL. */
  integer(column: string): number {
    return Number(this.text(column));
  }

  /** An integer, or undefined for NULL. */
  optionalInteger(column: string): number | undefined {
    const value = this.optional(column);
    return value === undefined ? undefined : Number(value);
  }

  /** An array of texts that was selected with `to_json` or `json_agg`; empty for NULL. */
  list(column: string): readonly string[] {
    const value = this.optional(column);
    if (value === undefined) return [];
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed.map(String) : [];
  }

  /** An array of arrays of texts and NULLs that was selected with `json_agg`; empty for NULL. */
  tuples(column: string): readonly (readonly (string | undefined)[])[] {
    const value = this.optional(column);
    if (value === undefined) return [];
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed)
      ? parsed.map((tuple: unknown) =>
        Array.isArray(tuple)
          ? tuple.map((item: unknown) =>
            item === null ? undefined : String(item)
          )
          : []
      )
      : [];
  }

  /** Texts by name that were selected with `json_object_agg`; undefined for NULL. */
  map(column: string): Readonly<Record<string, string>> | undefined {
    const value = this.optional(column);
    if (value === undefined) return undefined;
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    return Object.fromEntries(
      Object.entries(parsed).sort(([a], [b]) => a < b ? -1 : 1).map((
        [name, item],
      ) => [name, String(item)]),
    );
  }

  /**
   * `reloptions` and the like, selected with `to_json`: `["name=value", …]`, in
   * the server's order, which is no part of a hash but shows in a dump.
   */
  options(column: string): Readonly<Record<string, string>> | undefined {
    const items = this.list(column);
    if (items.length === 0) return undefined;
    return Object.fromEntries(
      items.map((item) => {
        const equals = item.indexOf("=");
        return equals < 0
          ? [item, ""]
          : [item.slice(0, equals), item.slice(equals + 1)];
      }),
    );
  }
}
