/**
 * The shape of a payload: which keys it has, what they hold, which of them
 * are SQL that servers write differently, and which do not matter to an
 * application. The payload's type, the check of a snapshot, the canonical form
 * and the property tests all derive from it. Pure.
 *
 * @module
 */

import type { Data } from "./data.ts";

/** What a value is. */
export type ValueKind =
  | "text"
  | "integer"
  | "boolean"
  | "list"
  | "record"
  | "map"
  /** An expression, such as a default or a check. */
  | "expression"
  /** A query, such as a view's. */
  | "query"
  /** A whole statement, such as an index's definition. */
  | "statement"
  /** The name of a type with its modifiers. */
  | "type"
  /** What is kept as a hash only. */
  | "secret";

/** The shape of one value; `T` is its type. */
export interface Shape<T> {
  readonly kind: ValueKind;
  /** Whether the key may be absent, which means "none". */
  readonly optional: boolean;
  /** Whether an application does not notice a change of it. */
  readonly minor: boolean;
  /** For lists and maps: what they hold. */
  readonly item: Shape<unknown> | undefined;
  /** For records: their keys. */
  readonly keys: Readonly<Record<string, Shape<unknown>>> | undefined;
  /** For texts: the only values, where there are few. */
  readonly values: readonly string[] | undefined;
  /** Whether a value is of this shape. */
  readonly holds: (value: unknown) => value is T;
}

/** The type that a shape describes. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

type OptionalKeys<K extends Readonly<Record<string, Shape<unknown>>>> = {
  [N in keyof K]: undefined extends Shaped<K[N]> ? N : never;
}[keyof K];

/** The type of a record with these keys. */
export type RecordOf<K extends Readonly<Record<string, Shape<unknown>>>> =
  & { readonly [N in Exclude<keyof K, OptionalKeys<K>>]: Shaped<K[N]> }
  & { readonly [N in OptionalKeys<K>]?: Shaped<K[N]> | undefined };

function make<T extends Data>(
  kind: ValueKind,
  holds: (value: unknown) => value is T,
  more: Partial<Pick<Shape<T>, "item" | "keys" | "values">> = {},
): Shape<T> {
  return {
    kind,
    optional: false,
    minor: false,
    item: undefined,
    keys: undefined,
    values: undefined,
    holds,
    ...more,
  };
}

const isText = (value: unknown): value is string => typeof value === "string";

/** Builders of shapes. */
export const shape = {
  /** Any text. */
  text: (): Shape<string> => make("text", isText),
  /** One of a few words. */
  word: <const W extends string>(...words: readonly W[]): Shape<W> =>
    make("text", (value): value is W => words.some((word) => word === value), {
      values: words,
    }),
  /** A whole number. */
  integer: (): Shape<number> =>
    make("integer", (value): value is number => Number.isSafeInteger(value)),
  /** True or false. */
  boolean: (): Shape<boolean> =>
    make("boolean", (value): value is boolean => typeof value === "boolean"),
  /** SQL that is an expression. */
  expression: (): Shape<string> => make("expression", isText),
  /** SQL that is a query. */
  query: (): Shape<string> => make("query", isText),
  /** SQL that is a statement. */
  statement: (): Shape<string> => make("statement", isText),
  /** A type's name with its modifiers. */
  type: (): Shape<string> => make("type", isText),
  /** What is kept as a hash only. */
  secret: (): Shape<string> => make("secret", isText),
  /** Several, in an order that matters. */
  list: <T extends Data>(item: Shape<T>): Shape<readonly T[]> =>
    make(
      "list",
      (value): value is readonly T[] =>
        Array.isArray(value) && value.every(item.holds),
      { item },
    ),
  /** Values by names that are not known beforehand, such as storage parameters. */
  map: <T extends Data>(item: Shape<T>): Shape<Readonly<Record<string, T>>> =>
    make(
      "map",
      (value): value is Readonly<Record<string, T>> =>
        typeof value === "object" && value !== null && !Array.isArray(value) &&
        Object.values(value).every(item.holds),
      { item },
    ),
  /** Several values by known keys. */
  record: <const K extends Readonly<Record<string, Shape<unknown>>>>(
    keys: K,
  ): Shape<RecordOf<K>> => ({
    ...make("record", (_value): _value is never => false),
    keys,
    holds: (value): value is RecordOf<K> =>
      problemOf(value, keys) === undefined,
  }),
} as const;

/** A value that may be absent. */
export function optional<T>(of: Shape<T>): Shape<T | undefined> {
  return {
    ...of,
    optional: true,
    holds: (value): value is T | undefined =>
      value === undefined || of.holds(value),
  };
}

/** A value whose change an application does not notice. */
export function minor<T>(of: Shape<T>): Shape<T> {
  return { ...of, minor: true };
}

/**
 * What is wrong with a record, for a message.
 *
 * @param value What should be a record.
 * @param keys Its keys.
 * @returns The key that is wrong, or undefined.
 */
export function problemOf(
  value: unknown,
  keys: Readonly<Record<string, Shape<unknown>>>,
): string | undefined {
  if (!isRecord(value)) return "it is no object";
  for (const key in keys) {
    if (keys[key]?.holds(value[key]) === false) return key;
  }
  for (const key in value) {
    if (value[key] !== undefined && !Object.hasOwn(keys, key)) return key;
  }
  return undefined;
}

function isRecord(
  value: unknown,
): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Makes a guard of a record's keys.
 *
 * @param keys The keys.
 * @returns Whether a value is such a record.
 */
export function holdsRecord<
  const K extends Readonly<Record<string, Shape<unknown>>>,
>(
  keys: K,
): (value: unknown) => value is RecordOf<K> {
  return (value): value is RecordOf<K> => problemOf(value, keys) === undefined;
}
