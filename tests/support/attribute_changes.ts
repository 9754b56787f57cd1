/**
 * The table of `tests/changes/<kind>.sql`: a schema, then changes to it, one
 * after the other, each with the objects and attributes that it changes.
 *
 * A block begins with its comments: `-- changes: ADDRESS | KEYS` for each
 * object (`created`, `dropped`, or the attributes that differ afterwards, such
 * as `sequence.start`), or `-- changes nothing`; `-- since: 15`, `-- before:
 * 18` and `-- not embedded` say where it runs. In front of the first block stand the
 * schema and two exceptions: `-- address: KEYS` are attributes that the address says
 * too, so that another value makes another object; `-- never: KEYS` are none
 * that an object of this kind can have.
 *
 * @module
 */

import { canonicalJson, type Data } from "../../lib/schema/data.ts";
import type { Payload } from "../../lib/schema/schema.ts";
import type { Shape } from "../../lib/schema/shape.ts";
import type { Target } from "./six_servers.ts";

/** One change, and what it changes. */
export interface Change {
  /** The SQL. */
  readonly sql: string;
  /** By address: the attributes in the order of their names, or `created`, or `dropped`. */
  readonly expected: Readonly<Record<string, string>>;
  /** The first major version that can do it. */
  readonly since: number;
  /** The first major version that cannot. */
  readonly before: number;
  /** Whether the embedded database can. */
  readonly embedded: boolean;
}

/** One file. */
export interface ChangeTable {
  /** The SQL of the schema that is changed. */
  readonly base: string;
  /** Attributes that need no change: the address says them, or they cannot be. */
  readonly exempt: readonly string[];
  /** The changes, in order. */
  readonly changes: readonly Change[];
}

const CHANGES = /^-- changes: (.+) \| (.+)$/;

/**
 * Reads a file.
 *
 * @param text Its text.
 * @throws {Error} When a block is without SQL, or says nothing of what it changes.
 */
export function parseChanges(text: string): ChangeTable {
  const [base = "", ...blocks] = text.split(
    /\n\n(?=(?:--.*\n)*-- changes[ :])/,
  );
  const exempt = [...base.matchAll(/^-- (?:address|never): (.+)$/gm)]
    .flatMap(([, keys = ""]) => keys.split(" "));
  return { base, exempt, changes: blocks.map(parseBlock) };
}

function parseBlock(block: string): Change {
  const lines = block.trim().split("\n");
  const comments = lines.filter((line) => line.startsWith("--"));
  const sql = lines.filter((line) => !line.startsWith("--")).join("\n");
  const expected = comments.flatMap((line) => {
    const [, address, keys] = CHANGES.exec(line) ?? [];
    return address === undefined || keys === undefined
      ? []
      : [[address, keys.split(" ").sort().join(" ")]];
  });
  if (
    sql === "" ||
    (expected.length === 0) !== comments.includes("-- changes nothing")
  ) throw new Error(`Cannot read a change: ${block}`);
  const version = (word: string) =>
    comments.find((line) => line.startsWith(`-- ${word}: `))?.split(": ")[1];
  return {
    sql,
    expected: Object.fromEntries(expected),
    since: Number(version("since") ?? 0),
    before: Number(version("before") ?? Infinity),
    embedded: !comments.includes("-- not embedded"),
  };
}

/** Whether a change can be made on a target. */
export function canRun(change: Change, target: Target): boolean {
  // The embedded database is an 18.
  const version = target === "embedded" ? 18 : target;
  return version >= change.since && version < change.before &&
    (target !== "embedded" || change.embedded);
}

/**
 * The attributes of a payload: of records, also in lists and maps, each key.
 *
 * @param keys A kind's shape.
 * @param prefix What stands before each.
 * @returns Such as `type`, `sequence.start`.
 */
export function attributesOf(
  keys: Readonly<Record<string, Shape<unknown>>>,
  prefix = "",
): string[] {
  return Object.entries(keys).flatMap(([key, shape]) => {
    const inner = shape.keys ?? shape.item?.keys;
    return inner === undefined
      ? [prefix + key]
      : attributesOf(inner, `${prefix}${key}.`);
  });
}

/**
 * The attributes in which two payloads differ.
 *
 * @param keys Their kind's shape.
 * @param before One payload, canonical.
 * @param after The other one.
 * @returns Sorted.
 */
export function differingAttributes(
  keys: Readonly<Record<string, Shape<unknown>>>,
  before: Payload,
  after: Payload,
): string[] {
  const from = valuesOf(keys, before);
  const to = valuesOf(keys, after);
  return attributesOf(keys).filter((key) => from.get(key) !== to.get(key))
    .sort();
}

/** What stands at each attribute; in lists and maps the values of all items. */
function valuesOf(
  keys: Readonly<Record<string, Shape<unknown>>>,
  payload: Payload,
): Map<string, string> {
  const values = new Map<string, string>();
  const collect = (
    shapes: Readonly<Record<string, Shape<unknown>>>,
    record: Payload,
    at: { readonly prefix: string; readonly place: string },
  ) => {
    for (const [key, shape] of Object.entries(shapes)) {
      const value = record[key];
      if (value === undefined) continue;
      const path = at.prefix + key;
      const inner = shape.keys ?? shape.item?.keys;
      if (inner === undefined) {
        const before = values.get(path) ?? "";
        values.set(path, `${before}${at.place}${canonicalJson(value)}\n`);
        continue;
      }
      const items = shape.kind === "record"
        ? { "": value }
        : { ...entries(value) };
      for (const [place, item] of Object.entries(items)) {
        const within = { prefix: `${path}.`, place: `${at.place}${place} ` };
        if (isRecord(item)) collect(inner, item, within);
      }
    }
  };
  collect(keys, payload, { prefix: "", place: "" });
  return values;
}

function entries(value: Data): Readonly<Record<string, Data | undefined>> {
  return Array.isArray(value)
    ? Object.fromEntries(value.entries())
    : isRecord(value)
    ? value
    : {};
}

function isRecord(
  value: Data | undefined,
): value is { readonly [key: string]: Data | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
