/**
 * How large the relations of a live database are. One query.
 *
 * @module
 */

import { ServerError, type Session } from "../pg/session.ts";
import type { RelationSize } from "../render/text.ts";
import { address } from "../schema/address.ts";
import type { Schema } from "../schema/schema.ts";
import { quoteLiteral } from "../sql/quote.ts";

// The function opens each relation, and so waits behind ACCESS EXCLUSIVE.
const PRELUDE = "BEGIN READ ONLY; SET LOCAL lock_timeout = '500ms'";
const QUERY =
  "SELECT c.relkind, n.nspname, c.relname, c.reltuples, pg_catalog.pg_total_relation_size(c.oid) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384";

/** So many relations are asked for by their names; of more, all are. */
const NAMED = 1000;

const KINDS: Readonly<Record<string, string>> = {
  r: "table",
  m: "materialized_view",
};

/**
 * Asks for sizes.
 *
 * @param session The connection; it must not be in a transaction.
 * @param schema Whose relations.
 * @returns Sizes by address; undefined where somebody has locked a relation.
 */
export async function relationSizes(
  session: Session,
  schema: Schema,
): Promise<Map<string, RelationSize> | undefined> {
  const sizes = new Map<string, RelationSize>();
  const query = `${QUERY}${amongNames(schema)}`;
  try {
    const results = await session.script(`${PRELUDE}; ${query}; COMMIT`);
    for (
      const [kind, schemaName, name, rows, bytes] of results[2]?.rows ?? []
    ) {
      const at = address(KINDS[kind ?? ""] ?? "", [
        schemaName ?? "",
        name ?? "",
      ]);
      if (!schema.objects.has(at)) continue;
      const count = Number(rows);
      sizes.set(at, {
        // -1: never analysed; 0 said so until 14.
        rows: count < 0 ? undefined : count,
        bytes: Number(bytes),
      });
    }
    return sizes;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    // A tree without sizes is better than none.
    if (session.open) await session.script("ROLLBACK");
    return undefined;
  }
}

/** A condition: the size of each relation takes a look at its files. */
function amongNames(schema: Schema): string {
  const kinds = new Set(Object.values(KINDS));
  const names = new Set<string>();
  for (const { kind, name } of schema.objects.values()) {
    if (!kinds.has(kind)) continue;
    if (names.size === NAMED) return "";
    names.add(quoteLiteral(name[1] ?? ""));
  }
  return names.size === 0
    ? " AND false"
    : ` AND c.relname IN (${[...names].join(", ")})`;
}
