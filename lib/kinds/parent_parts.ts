/**
 * The indexes and constraints that a table has because of its parents: what
 * stays with a partition that is none any more, and the checks without which a
 * table cannot become a child.
 *
 * @module
 */

import { address } from "../schema/address.ts";
import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { isConstraint } from "./constraint.ts";
import {
  type Constraint,
  hasIndex,
  nameOnPartition as keyName,
} from "./constraint_inheritance.ts";
import { isIndex } from "./index.ts";
import { nameOnPartition as indexName } from "./index_inheritance.ts";
import { columnsIn, isChange, isRebuilt } from "./inheritance.ts";
import {
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
  release,
} from "./kind.ts";
import { ancestorsOf, partsOf, tableAt } from "./partitions.ts";

type Objects = CreateTarget["objects"];

function partsAbove(
  relation: SchemaObject | undefined,
  objects: Objects,
): SchemaObject[] {
  // Of what it inherits from, it has the checks only.
  return ancestorsOf(relation, objects).flatMap(({ table, partitioned }) =>
    partsOf(table, objects).filter(({ payload }) =>
      partitioned || payload.type === "check"
    )
  );
}

/**
 * The checks that a table must have to be a child of its parents.
 *
 * @param relation The table.
 * @param objects The objects of the schema.
 */
export function checksAbove(
  relation: SchemaObject,
  objects: Objects,
): Constraint[] {
  return partsAbove(relation, objects).filter(isConstraint).filter((
    { payload },
  ) => payload.type === "check" && !/ NO INHERIT$/.test(payload.definition));
}

/**
 * What is above a new table that its own columns and checks are merged with:
 * both must be the same by then, and what goes must be gone.
 *
 * @param relation The table.
 * @param target What SQL is written for.
 * @returns Addresses of columns and checks.
 */
export function mergedAbove(
  relation: SchemaObject,
  { before, objects }: CreateTarget,
): string[] {
  return ancestorsOf(relation, objects).flatMap(({ table }) => [
    ...columnsIn(table, objects),
    ...[before?.objects ?? objects, objects].flatMap((all) =>
      partsOf(table, all).filter(({ payload }) => payload.type === "check")
    ),
  ]).map(({ address }) => address);
}

/**
 * The clause that adds a check under the name that it has above.
 *
 * @param check The check.
 */
export function checkClause({ name, payload }: Constraint): string {
  return `ADD CONSTRAINT ${
    quoteIdentifier(name[2] ?? "")
  } ${payload.definition}${payload.valid ? "" : " NOT VALID"}`;
}

/**
 * The checks that a new table needs to become a partition of a table that is
 * there already. One that is new gets them with its parent.
 *
 * @param relation The new table.
 * @param target What SQL is written for.
 */
export function checksBefore(
  relation: SchemaObject,
  target: CreateTarget,
): KindStatement[] {
  if (!isChange(target)) return [];
  return checksAbove(relation, target.objects).filter(({ address, parent }) =>
    target.before.objects.has(address) && !isRebuilt(parent ?? "", target)
  ).map((check) =>
    create(`ALTER TABLE ${qualify(relation.name)} ${checkClause(check)}`, {
      // The parent's must be the same by then.
      after: [check.address],
    })
  );
}

/**
 * The statements that drop what a table keeps of its parent when it is
 * detached or does not inherit any more, and is not to have.
 *
 * @param from The table as it was.
 * @param to As it is to be.
 * @param target What SQL is written for.
 */
export function dropLeftovers(
  from: SchemaObject,
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const table = tableAt(from.address, target.before.objects);
  const still = new Set(
    partsAbove(to, target.objects)
      .filter(({ parent }) => !isRebuilt(parent ?? "", target))
      .map(({ kind, payload }) => `${kind} ${canonicalJson(payload)}`),
  );
  return partsAbove(from, target.before.objects).flatMap((part) => {
    if (still.has(`${part.kind} ${canonicalJson(part.payload)}`)) return [];
    const found = isConstraint(part)
      ? leftConstraint(part, from)
      : isIndex(part) && table !== undefined
      ? leftIndex(indexName(part, table), table)
      : undefined;
    return found === undefined || target.objects.has(found.address) ||
        target.before.objects.has(found.address)
      ? []
      : [release(found.sql)];
  });
}

/**
 * The statements that drop the indexes and keys that a partition keeps of its
 * parent when it is detached: what is to have its place wants their names.
 *
 * @param from The partition as it was.
 * @param target What SQL is written for.
 */
export function dropKept(
  from: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const table = tableAt(from.address, target.before.objects);
  if (table?.payload.partitionOf === undefined) return [];
  return partsAbove(from, target.before.objects).flatMap((part) => {
    const found = isConstraint(part)
      ? hasIndex(part) ? leftConstraint(part, from) : undefined
      : isIndex(part)
      ? leftIndex(indexName(part, table), table)
      : undefined;
    return found === undefined || target.before.objects.has(found.address)
      ? []
      : [create(found.sql)];
  });
}

interface Leftover {
  readonly address: string;
  readonly sql: string;
}

function leftConstraint(
  part: Constraint,
  table: SchemaObject,
): Leftover | undefined {
  if (/ NO INHERIT$/.test(part.payload.definition)) return undefined;
  const name = hasIndex(part) ? keyName(part, table.name) : part.name[2];
  return name === undefined ? undefined : {
    address: address("constraint", [...table.name, name]),
    sql: `ALTER TABLE ${qualify(table.name)} DROP CONSTRAINT IF EXISTS ${
      quoteIdentifier(name)
    }`,
  };
}

function leftIndex(
  name: string | undefined,
  table: SchemaObject,
): Leftover | undefined {
  if (name === undefined) return undefined;
  const full = [table.name[0] ?? "", name];
  return {
    address: address("index", full),
    sql: `DROP INDEX IF EXISTS ${qualify(full)}`,
  };
}
