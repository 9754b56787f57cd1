/**
 * How an index comes and goes: CONCURRENTLY where its table is in use,
 * partition by partition where that has partitions.
 *
 * @module
 */

import type { Hazard } from "./hazard.ts";
import type { IndexPayload } from "./index.ts";
import { indexTail, writeIndex } from "./index_definition.ts";
import {
  goesOn,
  holderOfName,
  type Index,
  inTheWay,
  isOwnKey,
  isTakenOver,
  leftByParent,
  nameOnPartition,
} from "./index_inheritance.ts";
import { buildOnce } from "./index_leftover.ts";
import { indexMarks } from "./index_marks.ts";
import { renameIndex } from "./index_name.ts";
import {
  attach,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { isPartitioned, partitionsBelow, tableAt } from "./partitions.ts";
import { comesAtOnce, isRewritten, mayNotFit } from "./retyped.ts";

/** The statements that create an index. */
export function createIndex(
  object: Index,
  target: CreateTarget,
): KindStatement[] {
  return [
    ...isPartitioned(tableAt(object.parent, target.objects))
      ? createPartitioned(object, target)
      : createPlain(object, target),
    ...indexStatistics(object),
    ...indexMarks(object, target),
  ];
}

function createPlain(object: Index, target: CreateTarget): KindStatement[] {
  const { payload, parent = "" } = object;
  const left = leftByParent(object, target);
  if (left === "stays") return [];
  const inUse = (target.inUse?.(parent) ?? false) &&
    !(payload.unique && comesAtOnce(
      object.address,
      target,
      (was) => indexTail(String(was.payload["definition"])),
    ));
  return [create(
    writeIndex(payload, {
      name: object.name[1],
      concurrently: inUse,
      ifNotExists: left === "may stay",
    }),
    { alone: inUse, hazards: hazardsOfBuild(object, target, inUse) },
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
  const after: string[] = [];
  let inUse = false;
  for (const part of partitionsBelow(payload.on, target.objects)) {
    const on = qualify(part.name);
    const name = payload.partitions?.[on];
    // Where the partitioned table is made anew all others wait anyway, and no
    // equal rows may come in meanwhile.
    const anew = payload.unique &&
      target.isReplaced?.(object.parent ?? "") === true;
    const used = !isPartitioned(part) && !anew &&
      (target.inUse?.(part.address) ?? false);
    inUse ||= used;
    after.push(...inTheWay(object, part, target));
    const wanted = nameOnPartition(object, part);
    const holder = wanted === undefined || !payload.valid
      ? undefined
      : holderOfName(object, { part, name: wanted }, target);
    const [schema = ""] = part.name;
    const later = holder !== undefined;
    if (name === undefined && !later && !(used && payload.valid)) continue;
    if (part.payload.partitionOf?.parent === payload.on && name !== undefined) {
      attached.push(qualify([schema, name]));
    }
    if (isTakenOver(object, part, target)) continue;
    const write = (made?: string) =>
      create(
        writeIndex(payload, { name: made, on, concurrently: used }),
        {
          alone: used,
          hazards: hazardsOfBuild(object, target, used).map((hazard) => ({
            ...hazard,
            tables: [part.address],
          })),
        },
      );
    if (wanted === undefined) {
      statements.push(write(name));
      continue;
    }
    const built = buildOnce({
      table: part.address,
      schema,
      name: wanted,
      beside: later,
      index: payload,
      // The server chooses the name that nobody said, once it is free.
      write: (made) => write(later ? made : name),
    }, target);
    statements.push(...built.statements);
    if (later) {
      const rename = renameIndex(schema, built.name, wanted);
      statements.push(renameLater(rename, holder, built.takes));
    }
  }
  const [, name] = object.name;
  if (!payload.valid) {
    return [
      ...statements,
      create(writeIndex(payload, { name, only: true }), {
        // A partition that came later would get an index of its own.
        afterAttached: partitionsBelow(payload.on, target.objects)
          .map(({ address }) => address),
      }),
      ...attached.map((part) => attachPartition(object, part)),
    ];
  }
  return [
    ...statements,
    create(writeIndex(payload, { name }), {
      hazards: inUse
        ? [takesOver(payload.on)]
        : hazardsOfBuild(object, target, false),
      after,
    }),
  ];
}

/**
 * A statement that gives a name to an index when another one no longer has it.
 *
 * @param sql The statement.
 * @param holder The address of the other one, if there is one.
 * @param takes Addresses of what has the name then.
 */
export function renameLater(
  sql: string,
  holder: string | undefined,
  takes: readonly string[] = [],
): KindStatement {
  return attach(sql, {
    takes,
    ...(holder === undefined ? {} : { after: [holder] }),
  });
}

/**
 * What taking over the partitions' indexes may do.
 *
 * @param table The partitioned table, as `schema.name`.
 */
export function takesOver(table: string): Hazard {
  return {
    kind: "lock",
    reason:
      `writers of ${table} wait for a moment, and while partitions that are not declared are read`,
  };
}

/**
 * The statement that makes a partition's index a part of a partitioned one.
 *
 * @param object The partitioned table's.
 * @param part The partition's, as `schema.name`.
 */
export function attachPartition(
  { name }: Index,
  part: string,
): KindStatement {
  return create(`ALTER INDEX ${qualify(name)} ATTACH PARTITION ${part}`);
}

/**
 * The statements that set statistics targets of an index's expressions.
 *
 * @param object The index.
 * @param was Those that it has.
 */
export function indexStatistics(
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

/**
 * What building an index on rows that are there may do.
 *
 * @param object The index.
 * @param target What SQL is written for.
 * @param concurrently Whether writers go on.
 */
export function hazardsOfBuild(
  { payload, parent = "" }: Index,
  target: CreateTarget,
  concurrently: boolean,
): Hazard[] {
  if (target.before?.objects.has(parent) !== true) return [];
  const hazards: Hazard[] = [];
  if (payload.unique) {
    hazards.push({
      kind: "data-dependent",
      allow: "add-unique",
      reason: `it fails where rows of ${payload.on} are equal`,
    });
  }
  if (!concurrently) {
    hazards.push({
      kind: "lock",
      reason: `writers of ${payload.on} wait until the index is built`,
      ...(target.inUse === undefined ? { instead: "online" } : {}),
    });
  }
  return hazards;
}

/** The statements that drop an index. */
export function dropIndex(
  object: Index,
  target: ChangeTarget,
): KindStatement[] {
  if (goesOn(object, target)) return [];
  const drop = qualify(object.name);
  if (isPartitioned(tableAt(object.parent, target.before.objects))) {
    const { away, back } = keysOutOfTheWay(object, target);
    return [...away, create(`DROP INDEX ${drop}`), ...back];
  }
  // Where a column's type changes all others wait anyway, and it goes with that
  // or not at all.
  const alone = (target.inUse?.(object.parent ?? "") ?? false) &&
    !mayNotFit(object, target, indexTail(object.payload.definition)) &&
    !isRewritten(object, target);
  return [
    create(`DROP INDEX ${alone ? "CONCURRENTLY " : ""}${drop}`, { alone }),
  ];
}

/**
 * The index of a partition's own key can neither be dropped with the
 * partitioned one nor before it: its table leaves for that moment.
 */
function keysOutOfTheWay(
  object: Index,
  { before, objects, isReplaced }: ChangeTarget,
): { readonly away: KindStatement[]; readonly back: KindStatement[] } {
  const away: KindStatement[] = [];
  const back: KindStatement[] = [];
  for (const part of partitionsBelow(object.payload.on, before.objects)) {
    const name = nameOnPartition(object, part);
    const { partitionOf } = part.payload;
    const now = tableAt(part.address, objects)?.payload.partitionOf;
    if (
      name === undefined || partitionOf === undefined ||
      !isOwnKey(part, name, before.objects) ||
      now?.parent !== partitionOf.parent || isReplaced?.(part.address)
    ) continue;
    const table = qualify(part.name);
    const alter = `ALTER TABLE ONLY ${partitionOf.parent}`;
    away.push(create(`${alter} DETACH PARTITION ${table}`));
    back.push(
      create(`${alter} ATTACH PARTITION ${table} ${partitionOf.bound}`, {
        hazards: [{
          kind: "scan",
          reason: `all users of ${table} wait while its rows are read`,
        }],
      }),
    );
  }
  return { away, back };
}
