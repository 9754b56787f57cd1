/**
 * A column of a catalog query that holds JSON of a known shape.
 *
 * @module
 */

import type { Row } from "./row.ts";
import type { Shape } from "../schema/shape.ts";

/**
 * Reads a value that was selected with `json_agg` or `json_build_object`.
 *
 * @param row The row.
 * @param column The column; its keys that are NULL must have been stripped.
 * @param of The shape of the value.
 * @returns The value, or undefined for NULL.
 * @throws {TypeError} When the query and the shape do not fit.
 */
export function jsonColumn<T>(
  row: Row,
  column: string,
  of: Shape<T>,
): T | undefined {
  const text = row.optional(column);
  if (text === undefined) return undefined;
  const value: unknown = JSON.parse(text);
  if (of.holds(value)) return value;
  throw new TypeError(
    `column ${column} of a catalog query is of another shape`,
  );
}
