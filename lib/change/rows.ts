/**
 * What rows a throw-away database holds, small enough to be compared: of each
 * table how many, and a digest of each column whose values a replay cannot
 * change by itself.
 *
 * @module
 */

import type { Session } from "../pg/session.ts";
import type { Schema } from "../schema/schema.ts";
import { quoteIdentifier, quoteQualified } from "../sql/quote.ts";

/** Digests by `schema.table`, and by `schema.table.column`. */
export type RowDigests = ReadonlyMap<string, string>;

/**
 * Reads what rows there are.
 *
 * @param session The throw-away database.
 * @param schema Its schema.
 */
export async function rowDigests(
  session: Session,
  schema: Schema,
): Promise<RowDigests> {
  const digests = new Map<string, string>();
  const columns = new Map<string, string[]>();
  for (const { kind, parent, name, payload } of schema.objects.values()) {
    // A default or an identity may give other values each time.
    const varies = payload["default"] !== undefined ||
      payload["identity"] !== undefined || payload["generated"] !== undefined;
    if (kind !== "column" || parent === undefined || varies) continue;
    const list = columns.get(parent);
    if (list === undefined) columns.set(parent, [name[2] ?? ""]);
    else list.push(name[2] ?? "");
  }
  for (const { kind, address, name } of schema.objects.values()) {
    if (kind !== "table") continue;
    const own = columns.get(address) ?? [];
    const [result] = await session.script(
      `SELECT ${["pg_catalog.count(*)", ...own.map(digest)].join(", ")} FROM ${
        quoteQualified(...name)
      }`,
    );
    const [count, ...values] = result?.rows[0] ?? [];
    const table = name.join(".");
    digests.set(table, count ?? "");
    for (const [i, column] of own.entries()) {
      digests.set(`${table}.${column}`, values[i] ?? "");
    }
  }
  return digests;
}

function digest(column: string): string {
  const text = `${quoteIdentifier(column)}::pg_catalog.text`;
  return `pg_catalog.md5(pg_catalog.string_agg(COALESCE(${text}, '\\N'), ',' ORDER BY ${text}))`;
}

/**
 * Where two databases hold other rows.
 *
 * @returns The names that differ, sorted.
 */
export function otherRows(a: RowDigests, b: RowDigests): string[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((name) => a.get(name) !== b.get(name)).sort();
}
