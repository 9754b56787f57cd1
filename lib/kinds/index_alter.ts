/**
 * How an index comes, changes and goes: CONCURRENTLY where its table is in
 * use, partition by partition where that has partitions.
 *
 * @module
 */

import { address, splitAddress } from "../schema/address.ts";
import { canonicalJson } from "../schema/data.ts";
import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { temporaryName } from "./chosen_name.ts";
import type { Hazard } from "./hazard.ts";
import { type IndexPayload, isIndex } from "./index.ts";
import { indexColumns, indexTail, writeIndex } from "./index_definition.ts";
import { indexMarks, keptComment } from "./index_marks.ts";
import {
  type Alteration,
  altered,
  attach,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
  REPLACE,
} from "./kind.ts";
import {
  ancestorsOf,
  isPartitioned,
  partitionIndexName,
  partitionsBelow,
  partsOf,
  type Table,
  tableAt,
} from "./partitions.ts";
import { parameterChanges } from "./storage_parameters.ts";

type Index = SchemaObject<"index", IndexPayload>;

/** The statements that create an index. */
export function createIndex(
  object: Index,
  target: CreateTarget,
): KindStatement[] {
  return [
    ...isPartitioned(tableAt(object.parent, target.objects))
      ? createPartitioned(object, target)
      : createPlain(object, target),
    ...statistics(object),
    ...indexMarks(object, target),
  ];
}

function createPlain(object: Index, target: CreateTarget): KindStatement[] {
  const { payload, parent = "" } = object;
  const left = leftByParent(object, target);
  if (left === "stays") return [];
  const inUse = target.inUse?.(parent) ?? false;
  return [create(
    writeIndex(payload, {
      name: object.name[1],
      concurrently: inUse,
      ifNotExists: left === "may stay",
    }),
    { alone: inUse, hazards: hazardsOf(object, target, inUse) },
  )];
}

/**
 * CONCURRENTLY is for ordinary tables only. What is built on the partitions
 * beforehand, CREATE INDEX on the partitioned table takes over, and it builds
 * what lacks: partitions that nobody told us of are never left out.
 */
function createPartitioned(
  object: Index,
  target: CreateTarget,
): KindStatement[] {
  const { payload } = object;
  const statements: KindStatement[] = [];
  const attached: string[] = [];
  let inUse = false;
  for (const part of partitionsBelow(payload.on, target.objects)) {
    const on = qualify(part.name);
    const name = payload.partitions?.[on];
    const used = !isPartitioned(part) &&
      (target.inUse?.(part.address) ?? false);
    inUse ||= used;
    if (name === undefined && !(used && payload.valid)) continue;
    if (part.payload.partitionOf?.parent === payload.on && name !== undefined) {
      attached.push(qualify([part.name[0] ?? "", name]));
    }
    if (isTakenOver(object, part, target)) continue;
    statements.push(create(
      writeIndex(payload, { name, on, concurrently: used }),
      { alone: used, hazards: hazardsOf(object, target, used) },
    ));
  }
  const [name] = object.name.slice(1);
  if (!payload.valid) {
    return [
      ...statements,
      create(writeIndex(payload, { name, only: true })),
      ...attached.map((part) => attachPartition(object, part)),
    ];
  }
  return [
    ...statements,
    create(writeIndex(payload, { name }), {
      hazards: inUse
        ? [{
          kind: "lock",
          reason:
            `Writers of ${payload.on} wait for a moment; partitions that are not declared are read under that lock`,
        }]
        : hazardsOf(object, target, false),
    }),
  ];
}

function attachPartition(object: Index, part: string): KindStatement {
  return create(
    `ALTER INDEX ${qualify(object.name)} ATTACH PARTITION ${part}`,
  );
}

/** The name of a partition's index; undefined where only the server knows it. */
function nameOnPartition(
  { payload }: Index,
  part: Table,
): string | undefined {
  const said = payload.partitions?.[qualify(part.name)];
  if (said !== undefined) return said;
  const columns = indexColumns(payload.definition);
  return columns === undefined
    ? undefined
    : partitionIndexName(part.name[1] ?? "", columns, "idx");
}

/** Whether two indexes differ in nothing but their names and tables. */
function areAlike(one: Index, other: Index): boolean {
  return one.payload.unique === other.payload.unique &&
    indexTail(one.payload.definition) === indexTail(other.payload.definition);
}

/** Whether a partition has an index already that a partitioned one takes over. */
function isTakenOver(
  object: Index,
  part: Table,
  target: CreateTarget,
): boolean {
  const name = nameOnPartition(object, part);
  if (name === undefined) return false;
  const was = target.before?.objects.get(
    address("index", [part.name[0] ?? "", name]),
  );
  return was !== undefined && was.parent === part.address && isIndex(was) &&
    areAlike(was, object) && !target.objects.has(was.address);
}

/** Indexes of the tables that a table is a partition of. */
function indexesAbove(
  table: Table | undefined,
  objects: CreateTarget["objects"],
): Index[] {
  return ancestorsOf(table, objects)
    .filter(({ partitioned }) => partitioned)
    .flatMap((above) => partsOf(above.table, objects).filter(isIndex));
}

/**
 * What is left of an index that was a partitioned one's part: it stays when
 * its table is no partition any more.
 *
 * @returns Whether it is there already, or may be.
 */
function leftByParent(
  object: Index,
  { before, objects }: CreateTarget,
): "stays" | "may stay" | undefined {
  const table = tableAt(object.parent, before?.objects);
  if (before === undefined || table?.payload.partitionOf === undefined) {
    return undefined;
  }
  const above = indexesAbove(table, before.objects).find((index) =>
    areAlike(index, object) && nameOnPartition(index, table) === object.name[1]
  );
  if (above === undefined) return undefined;
  const now = objects.get(above.address);
  return now !== undefined &&
      canonicalJson(now.payload) === canonicalJson(above.payload)
    ? "stays"
    : "may stay";
}

/** The statements that drop an index. */
export function dropIndex(
  object: Index,
  target: ChangeTarget,
): KindStatement[] {
  const { before, objects } = target;
  const table = tableAt(object.parent, objects);
  const takenOver = indexesAbove(table, objects).some((above) =>
    table !== undefined && areAlike(above, object) &&
    nameOnPartition(above, table) === object.name[1]
  );
  if (takenOver) return [];
  const concurrently = (target.inUse?.(object.parent ?? "") ?? false) &&
    !isPartitioned(tableAt(object.parent, before.objects));
  return [create(
    `DROP INDEX ${concurrently ? "CONCURRENTLY " : ""}${qualify(object.name)}`,
    { alone: concurrently },
  )];
}

/** How an index becomes another. */
export function alterIndex(
  from: Index,
  to: Index,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const changed = new Set(keys);
  const partitioned = isPartitioned(tableAt(to.parent, target.objects));
  if (
    ["on", "definition", "unique", "method"].some((key) => changed.has(key))
  ) {
    return rebuild(from, to, target);
  }
  const statements: KindStatement[] = [];
  if (changed.has("valid")) {
    if (!partitioned) {
      if (to.payload.valid) statements.push(...reindex(to, target));
    } else {
      const completed = to.payload.valid
        ? complete(from, to, target)
        : undefined;
      if (completed === undefined) return REPLACE;
      statements.push(...completed);
    }
  } else if (changed.has("partitions")) {
    const renamed = renamePartitions(from, to, target);
    if (renamed === undefined) return REPLACE;
    statements.push(...renamed);
  }
  if (changed.has("parameters")) {
    // Those of a partitioned index cannot be set: it has no storage.
    if (partitioned) return REPLACE;
    statements.push(...alterStorage(
      to,
      parameterChanges(from.payload.parameters, to.payload.parameters),
    ));
  }
  if (changed.has("tablespace")) {
    statements.push(moveIndex(to, to.payload.tablespace));
  }
  if (changed.has("statistics")) {
    statements.push(...statistics(to, from.payload.statistics));
  }
  return altered(statements);
}

/** A new index beside the old one, so that queries are never without. */
function rebuild(from: Index, to: Index, target: ChangeTarget): Alteration {
  const { parent = "" } = to;
  if (
    from.parent !== parent || target.inUse?.(parent) !== true ||
    isPartitioned(tableAt(parent, target.objects))
  ) return REPLACE;
  const [schema = "", name = ""] = to.name;
  const beside = temporaryName(name, (other) => isTaken(schema, other, target));
  return altered([
    create(
      writeIndex(to.payload, { name: beside, concurrently: true }),
      { alone: true, hazards: hazardsOf(to, target, true) },
    ),
    create(`DROP INDEX CONCURRENTLY ${qualify(from.name)}`, { alone: true }),
    create(
      `ALTER INDEX ${qualify([schema, beside])} RENAME TO ${
        quoteIdentifier(name)
      }`,
    ),
    ...keptComment(to, target),
    ...statistics(to),
    ...indexMarks(to, target),
    // A foreign key may refer to a unique index.
  ], (dependent) => dependent.kind === "constraint");
}

/** Whether a relation has a name now, or is to have it. */
export function isTaken(
  schema: string,
  name: string,
  { before, objects }: ChangeTarget,
): boolean {
  const { name: qualified } = splitAddress(address("index", [schema, name]));
  return ["index", "table", "foreign_table", "view", "materialized_view"].some((
    kind,
  ) =>
    objects.has(`${kind}:${qualified}`) ||
    before.objects.has(`${kind}:${qualified}`)
  );
}

function reindex(to: Index, target: ChangeTarget): KindStatement[] {
  const inUse = target.inUse?.(to.parent ?? "") ?? false;
  return [create(
    `REINDEX INDEX ${inUse ? "CONCURRENTLY " : ""}${qualify(to.name)}`,
    { alone: inUse, hazards: hazardsOf(to, target, inUse) },
  )];
}

/** What a partitioned index lacks that is on its own table only. */
function complete(
  from: Index,
  to: Index,
  target: ChangeTarget,
): KindStatement[] | undefined {
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
        { alone: used, hazards: hazardsOf(to, target, used) },
      ));
    }
    statements.push(attachPartition(to, qualify([part.name[0] ?? "", name])));
  }
  return statements;
}

/** The indexes of partitions by their new names; by way of another one, which two may exchange. */
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
    if (was === is) continue;
    const [schema = ""] = part.name;
    const between = temporaryName(is, (name) => isTaken(schema, name, target));
    const rename = (one: string, other: string) =>
      `ALTER INDEX ${qualify([schema, one])} RENAME TO ${
        quoteIdentifier(other)
      }`;
    statements.push(
      ...(target.before.objects.has(part.address)
        ? [create(rename(was, between)), attach(rename(between, is))]
        : [attach(rename(was, is))]),
    );
  }
  return statements;
}

function alterStorage(
  { name }: Index,
  changes: readonly string[],
): KindStatement[] {
  return changes.map((change) =>
    create(`ALTER INDEX ${qualify(name)} ${change}`)
  );
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
        reason: `${qualify(name)} is written anew while its table waits`,
      }],
    },
  );
}

function statistics(
  { name, payload }: Index,
  was: IndexPayload["statistics"] = {},
): KindStatement[] {
  const is = payload.statistics ?? {};
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()
    .filter((number) => was[number] !== is[number]).map((number) =>
      attach(
        `ALTER INDEX ${qualify(name)} ALTER COLUMN ${number} SET STATISTICS ${
          is[number] ?? -1
        }`,
      )
    );
}

/** What building an index on rows that are there may do. */
function hazardsOf(
  { payload, parent = "" }: Index,
  target: CreateTarget,
  concurrently: boolean,
): Hazard[] {
  if (target.before?.objects.has(parent) !== true) return [];
  return [
    ...(payload.unique
      ? [{
        kind: "data-dependent",
        allow: "add-unique",
        reason: `Fails where rows of ${payload.on} are equal`,
      }] satisfies Hazard[]
      : []),
    ...(concurrently ? [] : [{
      kind: "lock",
      reason: `Writers of ${payload.on} wait until the index is built`,
    }] satisfies Hazard[]),
  ];
}
