/**
 * The SQL that puts one object back as it was. It takes back what somebody did
 * by hand; plans between schemas are not its business. Where one statement or
 * two do not suffice, or data could go that nobody meant, it says nothing.
 *
 * @module
 */

import { createTarget, kindOf } from "../kinds/registry.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier, quoteQualified } from "../sql/quote.ts";

/** Kinds that are dropped and created again without any loss. */
const REMADE: ReadonlySet<string> = new Set([
  "index",
  "constraint",
  "trigger",
  "policy",
  "rule",
]);

/**
 * The SQL that drops an object that was created by hand.
 *
 * @param object The object.
 * @returns Undefined for what is no thing of its own, such as a privilege.
 */
export function dropSql(object: SchemaObject): string | undefined {
  const { kind, name } = object;
  const [schema, table, part] = name;
  if ((kind === "column" || kind === "constraint") && part !== undefined) {
    return `ALTER TABLE ${
      quoteQualified(schema, table)
    } DROP ${kind.toUpperCase()} ${quoteIdentifier(part)};`;
  }
  if (kind === "comment") return undefined;
  const phrase = kindOf(kind)?.commentOn(object);
  return phrase === undefined || / CONSTRAINT /.test(` ${phrase}`)
    ? undefined
    : `DROP ${phrase};`;
}

/**
 * The SQL that creates an object again that was dropped by hand.
 *
 * @param object The object as it was.
 * @param from The schema that it was in.
 */
export function createSql(
  object: SchemaObject,
  from: Schema,
): string | undefined {
  const kind = kindOf(object.kind);
  if (kind === undefined) return undefined;
  if (object.kind === "column") return addColumn(object, from);
  const children = [...from.objects.values()]
    .filter((other) =>
      other.parent === object.address && kindOf(other.kind)?.foldsInto === true
    ).sort((a, b) => a.position - b.position);
  const statements = kind.create(object, children, createTarget(from));
  const withheld = statements.some((s) => (s.withheld ?? []).length > 0);
  return statements.length === 0 || withheld
    ? undefined
    : statements.map(({ sql }) => `${sql};`).join("\n");
}

/** ADD COLUMN: what a table's CREATE TABLE says of a column. */
function addColumn(object: SchemaObject, from: Schema): string | undefined {
  const table = from.objects.get(object.parent ?? "");
  if (table === undefined) return undefined;
  const kind = kindOf(table.kind);
  const [first] = kind?.create(table, [object], createTarget(from)) ?? [];
  const definition = /\(\n {4}([^]*)\n\)/.exec(first?.sql ?? "")?.[1];
  return definition === undefined
    ? undefined
    : `ALTER TABLE ${quoteQualified(...table.name)} ADD COLUMN ${definition};`;
}

/**
 * The SQL that puts an object back that was altered by hand.
 *
 * @param was The object as it was.
 * @param is The object as it is.
 * @param from The schema that it was in.
 */
export function alterSql(
  was: SchemaObject,
  is: SchemaObject,
  from: Schema,
): string | undefined {
  if (was.kind === "column") return alterColumn(was, is);
  if (was.kind === "comment" || was.kind === "owner") {
    return createSql(was, from);
  }
  if (!REMADE.has(was.kind)) return undefined;
  const drop = dropSql(is);
  const create = createSql(was, from);
  return drop === undefined || create === undefined
    ? undefined
    : `${drop}\n${create}`;
}

/** Default, NOT NULL and type: each has a clause of its own. */
function alterColumn(was: SchemaObject, is: SchemaObject): string | undefined {
  const [a, b] = [was.payload, is.payload];
  const [schema, relation, name] = was.name;
  if (name === undefined) return undefined;
  const table = quoteQualified(schema, relation);
  const column = quoteIdentifier(name);
  const clauses: string[] = [];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    const before = a[key];
    if (JSON.stringify(before) === JSON.stringify(b[key])) continue;
    if (
      key === "default" && (before === undefined || typeof before === "string")
    ) {
      clauses.push(
        before === undefined ? "DROP DEFAULT" : `SET DEFAULT ${before}`,
      );
    } else if (key === "notNull") {
      clauses.push(before === true ? "SET NOT NULL" : "DROP NOT NULL");
    } else if (key === "type" && typeof before === "string") {
      clauses.push(`TYPE ${before}`);
    } else if (key === "statistics") {
      clauses.push(
        `SET STATISTICS ${typeof before === "number" ? before : -1}`,
      );
    } else return undefined;
  }
  if (clauses.length === 0) return undefined;
  return `ALTER TABLE ${table} ${
    clauses.map((clause) => `ALTER COLUMN ${column} ${clause}`).join(", ")
  };`;
}
