/**
 * Which tables the statements of a plan lock so that writers wait: of those
 * that were there before, since nobody uses what the same plan creates. Pure.
 *
 * @module
 */

import { partsOf, type PlannedStatement } from "../plan/mod.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { classify } from "../sql/classify.ts";
import type { StrongMode } from "../sql/locked_relations.ts";
import { quoteQualified } from "../sql/quote.ts";
import { splitStatements } from "../sql/split.ts";

/** What has rows that somebody may want to read or write. */
const TABLES: ReadonlySet<string> = new Set([
  "table",
  "foreign_table",
  "materialized_view",
]);

/**
 * The statements, each with the tables that it locks.
 *
 * @param statements The statements of one way, in order.
 * @param schemas The schema as it is, and as it is to be.
 */
export function withLocks(
  statements: readonly PlannedStatement[],
  schemas: readonly [Schema, Schema],
): PlannedStatement[] {
  const tables = new Set(
    schemas.flatMap(({ objects }) =>
      [...objects.values()].filter(({ kind }) => TABLES.has(kind)).map(keyOf)
    ),
  );
  const others = new Others(schemas);
  const created = new Set<string>();
  return statements.map((statement) => {
    const [parsed] = splitStatements(`${statement.sql};`).statements;
    if (parsed === undefined) return statement;
    const { creates, locksOthers, modes } = classify(parsed);
    const locks = new Map<string, StrongMode>(
      locksOthers ? partsOf(statement).flatMap((one) => others.of(one)) : [],
    );
    for (const [relation, mode] of modes) locks.set(relation, mode);
    const gone = goneWith(statement, schemas);
    if (gone !== undefined) locks.delete(gone);
    const existing = [...locks].filter(([relation]) =>
      tables.has(relation) && !created.has(relation)
    );
    if (creates !== undefined) created.add(creates);
    return existing.length === 0
      ? statement
      : { ...statement, locks: new Map(existing) };
  });
}

function keyOf({ name }: SchemaObject): string {
  return quoteQualified(name[0], name[1] ?? "");
}

/** A table that goes for good: that nobody can use it then is no news. */
function goneWith(
  { action, address }: PlannedStatement,
  [from, to]: readonly [Schema, Schema],
): string | undefined {
  const object = from.objects.get(address);
  return action === "drop" && object !== undefined &&
      TABLES.has(object.kind) && !to.objects.has(address)
    ? keyOf(object)
    : undefined;
}

const EXCLUSIVE: StrongMode = "ACCESS EXCLUSIVE";

/** Tables that a statement locks and does not name. */
class Others {
  readonly #schemas: readonly [Schema, Schema];
  /** Made when asked for: most plans need none. */
  #users: ReadonlyMap<string, readonly SchemaObject[]> | undefined;

  constructor(schemas: readonly [Schema, Schema]) {
    this.#schemas = schemas;
  }

  of({ address }: PlannedStatement): [string, StrongMode][] {
    const object = this.#find(address);
    if (object === undefined) return [];
    const constraints = [object, ...this.#usersOf(address)]
      .filter(({ kind }) => kind === "constraint");
    const found: [string, StrongMode][] = [];
    const add = (of: string, mode: StrongMode) => {
      const table = this.#tableOf(of);
      if (table !== undefined) found.push([keyOf(table), mode]);
    };
    // The rows with values of a domain are read.
    if (object.kind === "domain" || object.kind === "domain_constraint") {
      const domain = object.kind === "domain" ? address : object.parent ?? "";
      for (const { address, kind } of this.#usersOf(domain)) {
        if (kind === "column") add(address, "SHARE");
      }
      return found;
    }
    // The table of an index, both ends of a foreign key.
    for (
      const of of [
        object.parent ?? "",
        ...constraints.flatMap(({ depends, parent = "" }) => [
          parent,
          ...depends,
        ]),
      ]
    ) add(of, EXCLUSIVE);
    // The table that a partition leaves.
    if (object.payload["partitionOf"] !== undefined) {
      for (const dep of object.depends) {
        if (dep.startsWith("table:")) add(dep, EXCLUSIVE);
      }
    }
    return found;
  }

  #find(address: string): SchemaObject | undefined {
    const [from, to] = this.#schemas;
    return from.objects.get(address) ?? to.objects.get(address);
  }

  /** What depends on an object, or is a part of it. */
  #usersOf(address: string): readonly SchemaObject[] {
    if (this.#users === undefined) {
      const users = new Map<string, SchemaObject[]>();
      for (const object of this.#schemas[0].objects.values()) {
        for (const of of new Set([...object.depends, object.parent ?? ""])) {
          const list = users.get(of);
          if (list === undefined) users.set(of, [object]);
          else list.push(object);
        }
      }
      this.#users = users;
    }
    return this.#users.get(address) ?? [];
  }

  #tableOf(address: string): SchemaObject | undefined {
    let object = this.#find(address);
    for (let i = 0; i < 10 && object !== undefined; i++) {
      if (TABLES.has(object.kind)) return object;
      object = this.#find(object.parent ?? "");
    }
    return undefined;
  }
}
