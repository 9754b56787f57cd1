/**
 * How an index becomes another: by ALTER where that can be, or by a new one
 * that is built beside the old one.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import {
  attachPartition,
  hazardsOfBuild,
  indexStatistics,
  renameLater,
  takesOver,
} from "./index_create.ts";
import { indexTail, writeIndex } from "./index_definition.ts";
import {
  holderOfName,
  type Index,
  inTheWay,
  isOwnKey,
  isTakenOver,
  nameOnPartition,
} from "./index_inheritance.ts";
import { buildOnce, type BuiltIndex } from "./index_leftover.ts";
import { keptComments, marksBeside } from "./index_marks.ts";
import { nameBeside, renameIndex } from "./index_name.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type KindStatement,
  qualify,
  REPLACE,
} from "./kind.ts";
import { isPartitioned, partitionsBelow, tableAt } from "./partitions.ts";
import { isOfUnchanged, mayNotFit } from "./retyped.ts";
import { parameterChanges } from "./storage_parameters.ts";
import { dependentsOf } from "./stored_type.ts";

/** How an index becomes another. */
export function alterIndex(
  from: Index,
  to: Index,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const changed = new Set(keys);
  const partitioned = isPartitioned(tableAt(to.parent, target.objects));
  // Storage parameters of a partitioned index cannot be set: it has no storage.
  if (
    ["on", "definition", "unique", "method"].some((key) => changed.has(key)) ||
    partitioned && changed.has("parameters")
  ) return rebuild(from, to, target);
  const statements: KindStatement[] = [];
  if (changed.has("valid")) {
    const mended = partitioned
      ? complete(from, to, target)
      : reindex(to, target);
    if (mended === undefined) return REPLACE;
    statements.push(...mended);
  } else if (changed.has("partitions")) {
    const renamed = renamePartitions(from, to, target);
    if (renamed === undefined) return REPLACE;
    statements.push(...renamed);
  }
  const alter = `ALTER INDEX ${qualify(to.name)}`;
  if (changed.has("parameters")) {
    statements.push(
      ...parameterChanges(from.payload.parameters, to.payload.parameters)
        .map((change) => create(`${alter} ${change}`)),
    );
  }
  if (changed.has("tablespace")) {
    statements.push(moveIndex(to, to.payload.tablespace));
  }
  if (changed.has("statistics")) {
    statements.push(...indexStatistics(to, from.payload.statistics));
  }
  return altered(statements);
}

/** A new index beside the old one, so that queries are never without. */
function rebuild(from: Index, to: Index, target: ChangeTarget): Alteration {
  const { parent = "", payload } = to;
  if (
    from.parent !== parent || target.inUse?.(parent) !== true ||
    !payload.valid ||
    mayNotFit(from, target, indexTail(from.payload.definition))
  ) return REPLACE;
  const [schema = "", name = ""] = to.name;
  const partitioned = isPartitioned(tableAt(parent, target.objects));
  const parts = partitioned ? partsBeside(to, target) : [];
  if (parts === undefined) return REPLACE;
  // What refers to it is out of the way for one transaction only, in which the
  // old one goes.
  const held = !partitioned && isReferredTo(from, target) &&
    isOfUnchanged(to, target);
  const alone = !partitioned && !held;
  const built = partitioned
    ? overParts(to, nameBeside(schema, name, target), target)
    : buildOnce({
      table: parent,
      schema,
      name,
      beside: true,
      index: payload,
      write: (beside) => ({
        ...create(
          writeIndex(payload, { name: beside, concurrently: true }),
          { alone: true, hazards: hazardsOfBuild(to, target, true) },
        ),
        phase: held ? "prepare" : "create",
      }),
    }, target);
  const beside = built.name;
  return altered([
    ...parts.flatMap(({ build }) => build),
    ...built.statements,
    ...marksBeside(to, target, beside),
    create(
      `DROP INDEX ${alone ? "CONCURRENTLY " : ""}${qualify(from.name)}`,
      { alone },
    ),
    create(renameIndex(schema, beside, name), { takes: built.takes }),
    ...parts.map(({ rename }) => rename),
    ...keptComments(to, target),
    ...indexStatistics(to),
    // A foreign key may refer to a unique index.
  ], (dependent) => dependent.kind === "constraint");
}

/** A partitioned index, which takes over those of the partitions. */
function overParts(
  to: Index,
  name: string,
  target: ChangeTarget,
): BuiltIndex {
  const below = partitionsBelow(to.payload.on, target.objects);
  return {
    name,
    statements: [create(writeIndex(to.payload, { name }), {
      hazards: [takesOver(to.payload.on)],
      after: below.flatMap((part) => inTheWay(to, part, target)),
    })],
    takes: [],
  };
}

/** Whether foreign keys refer to it, and go on to be there. */
function isReferredTo({ address }: Index, target: ChangeTarget): boolean {
  return dependentsOf(address, target).some((dependent) =>
    dependent.kind === "constraint" && target.objects.has(dependent.address)
  );
}

/** The indexes of the partitions that there are, under names of their own until the old ones are gone. */
function partsBeside(
  to: Index,
  target: ChangeTarget,
):
  | {
    readonly build: readonly KindStatement[];
    readonly rename: KindStatement;
  }[]
  | undefined {
  const parts: {
    readonly build: readonly KindStatement[];
    readonly rename: KindStatement;
  }[] = [];
  for (const part of partitionsBelow(to.payload.on, target.objects)) {
    const was = tableAt(part.address, target.before.objects);
    // What comes later has its index from the partitioned one.
    if (was === undefined) continue;
    const name = nameOnPartition(to, part);
    if (
      name === undefined || isOwnKey(part, name, target.objects) ||
      isOwnKey(part, name, target.before.objects) ||
      was.payload.partitionOf?.parent !== part.payload.partitionOf?.parent
    ) return undefined;
    const [schema = ""] = part.name;
    const holder = holderOfName(to, { part, name }, target);
    const alone = !isPartitioned(part);
    const { name: beside, statements, takes } = buildOnce({
      table: part.address,
      schema,
      name,
      beside: true,
      index: to.payload,
      write: (made) =>
        create(
          writeIndex(to.payload, {
            name: made,
            on: qualify(part.name),
            concurrently: alone,
          }),
          { alone, hazards: hazardsOfBuild(to, target, alone) },
        ),
    }, target);
    const rename = renameIndex(schema, beside, name);
    parts.push({
      build: statements,
      rename: holder === undefined
        ? create(rename, { takes })
        : renameLater(rename, holder, takes),
    });
  }
  return parts;
}

function reindex(to: Index, target: ChangeTarget): KindStatement[] {
  // Nothing makes an ordinary index invalid that is wanted so.
  if (!to.payload.valid) return [];
  const inUse = target.inUse?.(to.parent ?? "") ?? false;
  return [create(
    `REINDEX INDEX ${inUse ? "CONCURRENTLY " : ""}${qualify(to.name)}`,
    { alone: inUse, hazards: hazardsOfBuild(to, target, inUse) },
  )];
}

/** What a partitioned index lacks that is on its own table only. */
function complete(
  from: Index,
  to: Index,
  target: ChangeTarget,
): KindStatement[] | undefined {
  if (!to.payload.valid) return undefined;
  const statements: KindStatement[] = [];
  for (const part of partitionsBelow(to.payload.on, target.objects)) {
    const on = qualify(part.name);
    if (
      part.payload.partitionOf?.parent !== to.payload.on ||
      from.payload.partitions?.[on] !== undefined
    ) continue;
    const name = nameOnPartition(to, part);
    if (name === undefined || isPartitioned(part)) return undefined;
    const used = target.inUse?.(part.address) ?? false;
    if (!isTakenOver(to, part, target)) {
      statements.push(create(
        writeIndex(to.payload, { name, on, concurrently: used }),
        { alone: used, hazards: hazardsOfBuild(to, target, used) },
      ));
    }
    statements.push(attachPartition(to, qualify([part.name[0] ?? "", name])));
  }
  return statements;
}

/** The indexes of partitions by their new names; by way of another one where two exchange theirs. */
function renamePartitions(
  from: Index,
  to: Index,
  target: ChangeTarget,
): KindStatement[] | undefined {
  if (!from.payload.valid) return undefined;
  const statements: KindStatement[] = [];
  for (const part of partitionsBelow(to.payload.on, target.objects)) {
    const was = nameOnPartition(from, part);
    const is = nameOnPartition(to, part);
    if (was === undefined || is === undefined) return undefined;
    // What a new partition has already is not made for it.
    if (
      was === is || !isOwnKey(part, is, target.objects) &&
        isTakenOver(to, part, target)
    ) continue;
    // A key of the partition's own would get the name too, or not give it up.
    if (
      isOwnKey(part, was, target.before.objects) ||
      isOwnKey(part, is, target.objects)
    ) return undefined;
    const [schema = ""] = part.name;
    const holder = holderOfName(from, { part, name: is }, target);
    if (holder === undefined) {
      // Of a new partition the server makes it when that is attached.
      statements.push(attach(renameIndex(schema, was, is)));
      continue;
    }
    const between = nameBeside(schema, is, target);
    statements.push(
      create(renameIndex(schema, was, between)),
      renameLater(renameIndex(schema, between, is), holder),
    );
  }
  return statements;
}

/**
 * The statement that moves an index.
 *
 * @param object The index, by its own name.
 * @param tablespace Where to; undefined: the database's own.
 */
export function moveIndex(
  { name }: Pick<SchemaObject, "name">,
  tablespace: string | undefined,
): KindStatement {
  return create(
    `ALTER INDEX ${qualify(name)} SET TABLESPACE ${
      quoteIdentifier(tablespace ?? "pg_default")
    }`,
    {
      hazards: [{
        kind: "lock",
        reason: `all users of its table wait while ${
          qualify(name)
        } is written anew`,
      }],
    },
  );
}
