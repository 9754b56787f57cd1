/**
 * Values in models as SQL: constants quoted, expressions as they stand. Pure.
 *
 * @module
 */

import { quoteLiteral } from "../sql/quote.ts";

/** An SQL expression, as it stands. Made by `s.raw()` and `s.now()`. */
export interface Expression {
  /** Tells it from a value. */
  readonly kind: "expression";
  /** The SQL. */
  readonly sql: string;
}

/** A constant that a default may have. */
export type Constant =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly Constant[]
  | { readonly [key: string]: Constant };

/** Whether a default is an expression and no constant. */
export function isExpression(
  value: Constant | Expression,
): value is Expression {
  return typeof value === "object" && value !== null && "kind" in value &&
    value.kind === "expression" && "sql" in value;
}

/**
 * A constant as SQL.
 *
 * @param value The constant.
 * @param asArray Whether lists are PostgreSQL's arrays; JSON otherwise.
 * @returns Such as `'new'`, `42`, `true`, `'\x00ff'` or `'{"a":1}'`.
 * @throws {TypeError} For a date that is none.
 */
export function constantSql(value: Constant, asArray: boolean): string {
  if (value === null) return "NULL";
  switch (typeof value) {
    case "string":
      return quoteLiteral(value);
    case "number":
      // NaN and the infinities have no other form.
      return Number.isFinite(value) ? String(value) : `'${value}'`;
    case "bigint":
    case "boolean":
      return String(value);
    default:
      if (value instanceof Date) return `'${value.toISOString()}'`;
      if (value instanceof Uint8Array) return `'\\x${hex(value)}'`;
      return asArray && Array.isArray(value)
        ? quoteLiteral(arrayText(value))
        : quoteLiteral(JSON.stringify(value));
  }
}

function arrayText(values: readonly Constant[]): string {
  return `{${values.map(elementText).join(",")}}`;
}

function elementText(value: Constant): string {
  if (value === null) return "NULL";
  if (Array.isArray(value)) return arrayText(value);
  const text = value instanceof Date
    ? value.toISOString()
    : value instanceof Uint8Array
    ? `\\x${hex(value)}`
    : typeof value === "object"
    ? JSON.stringify(value)
    : String(value);
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
