/**
 * Values of a seed file, with the place where each stands: what JSON and YAML
 * both say. It knows how a value is sent to the server as JSON; it must not
 * know how a file is read. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { lineAndColumn } from "../sql/split.ts";
import type { FileText } from "./model.ts";

/** A value of a seed file; `offset` is where it begins in the file's text. */
export type SeedValue =
  | { readonly kind: "null"; readonly offset: number }
  | {
    readonly kind: "boolean";
    readonly offset: number;
    readonly value: boolean;
  }
  | {
    readonly kind: "number";
    readonly offset: number;
    /** As it is written: a JavaScript number would lose digits. */
    readonly text: string;
  }
  | { readonly kind: "string"; readonly offset: number; readonly value: string }
  | {
    readonly kind: "list";
    readonly offset: number;
    readonly items: readonly SeedValue[];
  }
  | {
    readonly kind: "map";
    readonly offset: number;
    readonly entries: readonly SeedEntry[];
  };

/** A key and its value. */
export interface SeedEntry {
  /** The key. */
  readonly key: string;
  /** Where the key begins. */
  readonly offset: number;
  /** The value. */
  readonly value: SeedValue;
}

/** The deepest nesting that is read: no table has such rows, a stack may end. */
export const DEEPEST = 200;

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * A value as JSON text, for `json_to_recordset`.
 *
 * @param value The value.
 * @param inside Whether it must be JSON by itself (in a json column or a
 * list); elsewhere the server reads a number's own text by the column's type,
 * so that `01234` stays what it is in a text column.
 */
export function toJson(value: SeedValue, inside: boolean): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(value.value);
    case "number":
      return numberJson(value.text, inside);
    case "string":
      return JSON.stringify(value.value);
    case "list":
      return `[${value.items.map((item) => toJson(item, true)).join(",")}]`;
    case "map":
      return `{${
        value.entries.map((entry) =>
          `${JSON.stringify(entry.key)}:${toJson(entry.value, true)}`
        ).join(",")
      }}`;
    default:
      return value satisfies never;
  }
}

/** YAML writes numbers in more ways than JSON: 0x1F, 0o17, +5, .5, 1., .inf, .nan. */
function numberJson(text: string, inside: boolean): string {
  if (JSON_NUMBER.test(text)) return text;
  if (/^0[xo]/.test(text)) return BigInt(text).toString();
  const special = /^([-+]?)\.(inf|nan)$/i.exec(text);
  if (special !== null) {
    const name = special[2]?.toLowerCase() === "inf" ? "Infinity" : "NaN";
    return JSON.stringify((special[1] === "-" ? "-" : "") + name);
  }
  if (!inside) return JSON.stringify(text);
  const parts = /^([-+]?)0*(\d*)(?:\.(\d*))?([eE][-+]?\d+)?$/.exec(text);
  if (parts === null) return JSON.stringify(text);
  const [, sign, whole, fraction, exponent] = parts;
  return [
    sign === "-" ? "-" : "",
    whole === "" || whole === undefined ? "0" : whole,
    fraction === undefined || fraction === "" ? "" : `.${fraction}`,
    exponent ?? "",
  ].join("");
}

/** What a value is, in the words of a message. */
export function describeValue(value: SeedValue): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "boolean":
      return "a boolean";
    case "number":
      return "a number";
    case "string":
      return "a string";
    case "list":
      return "a list";
    case "map":
      return "a map";
    default:
      return value satisfies never;
  }
}

/** Whether a string of the value, however deep, has a NUL character. */
export function hasNul(value: SeedValue): boolean {
  switch (value.kind) {
    case "string":
      return value.value.includes("\0");
    case "list":
      return value.items.some(hasNul);
    case "map":
      return value.entries.some((entry) =>
        entry.key.includes("\0") || hasNul(entry.value)
      );
    default:
      return false;
  }
}

/** The longest line that a message repeats, in characters. */
const LONGEST_LINE = 200;

/**
 * An error at a place in a seed file.
 *
 * @param file The file.
 * @param offset The place; undefined where it is not known.
 * @param what The message behind "Cannot …: ", and the hint.
 */
export function seedError(
  file: FileText,
  offset: number | undefined,
  what: { readonly message: string; readonly hint?: string },
): PawlError {
  return new PawlError("seed-invalid", what.message, {
    location: seedLocation(file, offset),
    ...(what.hint === undefined ? {} : { hint: what.hint }),
  });
}

/** A place in a seed file, for an error. */
export function seedLocation(file: FileText, offset: number | undefined): {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly text?: string;
} {
  if (offset === undefined) return { file: file.path };
  const { line, column, text } = lineAndColumn(file.text, offset);
  // A one-line dump is not shown: the caret could not be where it belongs.
  return text.length > LONGEST_LINE
    ? { file: file.path, line, column }
    : { file: file.path, line, column, text };
}
