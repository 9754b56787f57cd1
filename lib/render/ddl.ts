/**
 * A schema as DDL that recreates it: in the order of dependencies, the same
 * text for the same schema. Names no kind. Pure.
 *
 * @module
 */

import { type AnyKind, kindOf, KINDS } from "../kinds/registry.ts";
import { type Node, topologicalOrder } from "../plan/order.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";

/** One statement, and the object that it makes. */
export interface DdlStatement {
  readonly address: string;
  readonly sql: string;
}

const RANK: ReadonlyMap<string, string> = new Map(
  KINDS.map((kind, i) => [kind.kind, String(i).padStart(3, "0")]),
);

/**
 * The statements that recreate a schema in an empty database.
 *
 * @param schema The schema, read with its dependencies.
 */
export function ddl(schema: Schema): DdlStatement[] {
  const folded = new Map<string, SchemaObject[]>();
  const whole: { readonly object: SchemaObject; readonly kind: AnyKind }[] = [];
  const home = new Map<string, string>();
  for (const object of schema.objects.values()) {
    const kind = kindOf(object.kind);
    if (kind === undefined) continue;
    if (kind.foldsInto && object.parent !== undefined && schema.objects.has(object.parent)) {
      const list = folded.get(object.parent);
      if (list === undefined) folded.set(object.parent, [object]);
      else list.push(object);
      home.set(object.address, object.parent);
    } else whole.push({ object, kind });
  }
  const nodes: Node[] = whole.map(({ object }) => {
    const parts = folded.get(object.address) ?? [];
    const after = [object, ...parts].flatMap((o) => o.depends).map((a) => home.get(a) ?? a);
    return {
      id: object.address,
      key: `${RANK.get(object.kind) ?? "999"} ${object.address}`,
      after,
    };
  });
  const { order } = topologicalOrder(nodes);
  const byAddress = new Map(whole.map((w) => [w.object.address, w]));
  const first: DdlStatement[] = [];
  const last: DdlStatement[] = [];
  for (const address of order) {
    const entry = byAddress.get(address);
    if (entry === undefined) continue;
    const children = (folded.get(address) ?? []).sort((a, b) => a.position - b.position);
    for (const statement of entry.kind.create(entry.object, children, schema)) {
      (statement.phase === "create" ? first : last).push({ address, sql: statement.sql });
    }
  }
  return [...first, ...last];
}
