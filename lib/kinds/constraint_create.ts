/**
 * How a constraint comes and goes: on a table in use without reading its rows
 * under a lock.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { keysAbove, keysBelow } from "./constraint_beside.ts";
import {
  type KeyIndex,
  keyIndexOf,
  timingOf,
  withIndexClause,
} from "./constraint_definition.ts";
import {
  type Constraint,
  goesWithParent,
  goneAbove,
  hasIndex,
  hasPart,
  isTakenOver,
  leftByParent,
  mergedBelow,
  mergedWith,
  nameOnPartition,
  ownBelow,
} from "./constraint_inheritance.ts";
import type { AllowCode, Hazard } from "./hazard.ts";
import { type IndexText, writeIndex } from "./index_definition.ts";
import { indexOfKey } from "./index_inheritance.ts";
import { buildOnce } from "./index_leftover.ts";
import { indexMarks } from "./index_marks.ts";
import {
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
  validate,
} from "./kind.ts";
import { carrierOf, isChange } from "./inheritance.ts";
import { isPartitioned, partitionsBelow, tableAt } from "./partitions.ts";
import { keysBefore, keysGoing } from "./referenced_keys.ts";
import { comesAtOnce, isOfUnchanged } from "./retyped.ts";

/** NOT VALID foreign keys of partitioned tables came with 18. */
const NOT_VALID_ON_PARTITIONED = 180000;

/** The statements that create a constraint. */
export function createConstraint(
  object: Constraint,
  target: CreateTarget,
): KindStatement[] {
  const left = leftByParent(object, target);
  if (left === "stays") return [];
  const add = `ADD CONSTRAINT ${named(object)}`;
  // Without reading the rows: they fit the one that is there.
  if (left === "merges") {
    return [create(`${alterTable(object)} ${add} ${definitionOf(object)}`)];
  }
  if (left === "may stay") {
    return [
      create(
        `${alterTable(object)} DROP CONSTRAINT IF EXISTS ${
          named(object)
        }, ${add} ${definitionOf(object)}`,
        {
          after: goneAbove(object, target),
          hazards: hazardsOf(object, target, false),
        },
      ),
      ...indexMarks(object, target),
    ];
  }
  const index = keyIndexOf(object.payload.definition);
  const ready = indexOfKey(object, target) !== undefined;
  if (index !== undefined && (ready || isBuiltBefore(object, target))) {
    const name = object.name[2] ?? "";
    return [
      ...(ready ? [] : [buildIndex(object, { name, index, target })]),
      create(
        `${alterTable(object)} ${add} ${index.type} USING INDEX ${
          quoteIdentifier(name)
        }${index.timing}`,
        {
          after: nullableAbove(object, target),
          afterDrop: keysAbove(object, target),
        },
      ),
      ...indexMarks(object, target),
    ];
  }
  const after = [
    ...keysBefore(object, target),
    ...nullableAbove(object, target),
  ];
  // It would be merged with those of tables below, which stay their own.
  const afterDrop = [
    ...ownBelow(object, target),
    ...keysBelow(object, target),
    ...keysAbove(object, target),
    ...keysGoing(object, target),
  ];
  if (isValidatedLater(object, target)) {
    return [
      create(
        `${alterTable(object)} ${add} ${object.payload.definition} NOT VALID`,
        { after, afterDrop },
      ),
      validateLater(object, target),
    ];
  }
  return [
    ...keysOfPartitions(object, target).map((statement) => ({
      ...statement,
      afterDrop,
    })),
    create(`${alterTable(object)} ${add} ${definitionOf(object)}`, {
      hazards: takesKeysOver(object, target)
        ? hazardsOf(object, target, true).concat(takesOver(object))
        : hazardsOf(object, target, false),
      after,
      afterDrop,
    }),
    ...indexMarks(object, target),
  ];
}

/**
 * Columns above that lose their NOT NULL: they take it from the tables below,
 * which is refused for a column of a primary key.
 */
function nullableAbove(
  { depends, payload }: Constraint,
  target: CreateTarget,
): string[] {
  if (!isChange(target) || payload.type !== "primary key") return [];
  const above = (address: string): string[] => {
    const column = target.objects.get(address);
    const carrier = column === undefined
      ? undefined
      : carrierOf(column, target);
    if (carrier?.was === undefined || carrier.is === undefined) return [];
    return [
      ...(carrier.was.payload.notNull && !carrier.is.payload.notNull
        ? [carrier.is.address]
        : []),
      ...above(carrier.is.address),
    ];
  };
  return depends.filter((dep) => dep.startsWith("column:")).flatMap(above);
}

/** The statements that drop a constraint. */
export function dropConstraint(
  object: Constraint,
  target: ChangeTarget,
): KindStatement[] {
  if (goesWithParent(object, target)) return [];
  const merged = mergedWith(object, target);
  if (
    merged === undefined && !target.objects.has(object.address) &&
    isTakenOver(object, target)
  ) return [];
  const known = merged === undefined
    ? undefined
    : target.before.objects.get(merged.address);
  if (
    merged !== undefined && known !== undefined &&
    target.isReplaced?.(known.address) !== true
  ) {
    // One of both kinds stays the table's own as long as there is one above.
    return [
      create(`${alterTable(merged)} DROP CONSTRAINT ${named(merged)}`),
      create(`${alterTable(object)} DROP CONSTRAINT ${named(object)}`),
      create(
        `${alterTable(merged)} ADD CONSTRAINT ${named(merged)} ${
          definitionOf(merged)
        }`,
        { hazards: hazardsOf(merged, target, false) },
      ),
    ];
  }
  return [object, ...mergedBelow(object, target)]
    .filter((other) => target.isReplaced?.(other.address) !== false)
    .map((other) =>
      create(`${alterTable(other)} DROP CONSTRAINT ${named(other)}`)
    );
}

/** `ALTER TABLE` and the constraint's table. */
export function alterTable({ name }: Constraint): string {
  return `ALTER TABLE ${qualify(name.slice(0, 2))}`;
}

/** The constraint's own name. */
export function named({ name }: Constraint): string {
  return quoteIdentifier(name[2] ?? "");
}

/** As behind ADD CONSTRAINT and its name. */
export function definitionOf({ payload }: Constraint): string {
  const { enforced } = timingOf(payload.definition);
  return withIndexClause(payload) +
    (payload.valid || !enforced ? "" : " NOT VALID");
}

/** Whether writers of its table must not be blocked. */
export function isInUse(
  { parent = "" }: Constraint,
  target: CreateTarget,
): boolean {
  return parent.startsWith("table:") && (target.inUse?.(parent) ?? false);
}

/** Whether it is first made for new rows only. */
export function isValidatedLater(
  object: Constraint,
  target: CreateTarget,
): boolean {
  const { type, valid } = object.payload;
  if (!valid || !isInUse(object, target)) return false;
  switch (type) {
    case "check":
      return true;
    case "foreign key":
      return target.version >= NOT_VALID_ON_PARTITIONED ||
        !isPartitioned(tableAt(object.parent, target.objects));
    case "primary key":
    case "unique":
    case "exclusion":
      return false;
    default:
      return type satisfies never;
  }
}

/** The statement that looks at the rows that are there. */
export function validateLater(
  object: Constraint,
  target: CreateTarget,
): KindStatement {
  const sql = `${alterTable(object)} VALIDATE CONSTRAINT ${named(object)}`;
  return isInUse(object, target)
    ? validate(sql, { hazards: hazardsOf(object, target, true) })
    : create(sql, { hazards: hazardsOf(object, target, false) });
}

/** Whether the index of a key is built before it, so that writers go on. */
export function isBuiltBefore(
  object: Constraint,
  target: CreateTarget,
): boolean {
  return isInUse(object, target) &&
    !isPartitioned(tableAt(object.parent, target.objects)) &&
    !comesAtOnce(
      object.address,
      target,
      ({ payload }) => keyIndexOf(String(payload["definition"]))?.tail,
    );
}

/**
 * Keys of partitions that are made before that of the partitioned table, which
 * takes them over: those of other names than the server would choose, and those
 * of tables in use.
 */
function keysOfPartitions(
  object: Constraint,
  target: CreateTarget,
): KindStatement[] {
  const { payload } = object;
  const index = keyIndexOf(payload.definition);
  if (!hasIndex(object)) return [];
  return partitionsBelow(qualify(object.name.slice(0, 2)), target.objects)
    .flatMap((part) => {
      const on = qualify(part.name);
      // Where the partitioned table is made anew all others wait anyway, and no
      // row may come in before the key is there.
      const used = index !== undefined && !isPartitioned(part) &&
        target.isReplaced?.(object.parent ?? "") !== true &&
        (target.inUse?.(part.address) ?? false);
      const name = payload.partitions?.[on] ??
        (used ? nameOnPartition(object, part.name) : undefined);
      if (name === undefined || hasPart(object, part, target)) return [];
      const add = `ALTER TABLE ${on} ADD CONSTRAINT ${quoteIdentifier(name)}`;
      if (index === undefined || !used) {
        return [create(`${add} ${withIndexClause(payload)}`, {
          hazards: hazardsOf(object, target, false),
        })];
      }
      // Where there is a key until then, it goes when the new one is ready.
      const early = isChange(target) &&
        target.isReplaced?.(object.address) === true &&
        isOfUnchanged(object, target);
      const { name: built, statements, takes } = buildOnce({
        table: part.address,
        schema: part.name[0] ?? "",
        name,
        beside: early,
        index: indexTextOf(object, index),
        write: (name) => {
          const build = buildIndex(object, { name, index, target, on });
          return early ? { ...build, phase: "prepare" } : build;
        },
      }, target);
      return [
        ...statements,
        create(
          `${add} ${index.type} USING INDEX ${
            quoteIdentifier(built)
          }${index.timing}`,
          { takes },
        ),
      ];
    });
}

/** Whether each partition with rows has the key by the time the partitioned table gets it. */
function takesKeysOver(object: Constraint, target: CreateTarget): boolean {
  if (!hasIndex(object) || target.isReplaced?.(object.parent ?? "") === true) {
    return false;
  }
  const leaves = partitionsBelow(
    qualify(object.name.slice(0, 2)),
    target.objects,
  ).filter((part) => !isPartitioned(part));
  const isBuilt = keyIndexOf(object.payload.definition) !== undefined;
  return leaves.length > 0 &&
    leaves.every((part) =>
      hasPart(object, part, target) ||
      isBuilt && target.inUse?.(part.address) === true
    );
}

function takesOver({ name }: Constraint): Hazard {
  return {
    kind: "lock",
    reason: `all users of ${
      qualify(name.slice(0, 2))
    } wait for a moment, and while partitions that are not declared are read`,
  };
}

/**
 * The statement that builds the index of a key.
 *
 * @param object The key.
 * @param how The name and the definition of the index.
 */
export function buildIndex(
  object: Constraint,
  { name, index, target, on = qualify(object.name.slice(0, 2)) }: {
    readonly name: string;
    readonly index: KeyIndex;
    readonly target: CreateTarget;
    /** Another table than the key's, as `schema.name`. */
    readonly on?: string;
  },
): KindStatement {
  return create(
    writeIndex({ ...indexTextOf(object, index), on }, {
      name,
      concurrently: true,
    }),
    { alone: true, hazards: hazardsOf(object, target, true) },
  );
}

/**
 * What CREATE INDEX says of the index of a key.
 *
 * @param object The key.
 * @param index The definition of the index.
 */
export function indexTextOf(
  { name, payload }: Constraint,
  { tail }: KeyIndex,
): IndexText {
  return {
    on: qualify(name.slice(0, 2)),
    definition: `USING ${tail}`,
    unique: true,
    parameters: payload.parameters,
    tablespace: payload.tablespace,
  };
}

/** What meeting the rows that are there may do. */
export function hazardsOf(
  { payload, parent = "", name }: Constraint,
  target: CreateTarget,
  online: boolean,
): Hazard[] {
  if (target.before?.objects.has(parent) !== true) return [];
  const table = qualify(name.slice(0, 2));
  const doubt = (allow: AllowCode, reason: string): Hazard => ({
    kind: "data-dependent",
    allow,
    reason,
  });
  const waits = (kind: "scan" | "lock", reason: string): Hazard[] =>
    online ? [] : [{
      kind,
      reason,
      ...(target.inUse === undefined ? { instead: "online" } : {}),
    }];
  const scan = waits(
    "scan",
    `writers of ${table} wait while its rows are read`,
  );
  const build = waits(
    "lock",
    `all users of ${table} wait until the index is built`,
  );
  switch (payload.type) {
    case "primary key":
    case "unique":
      return [
        doubt("add-unique", `it fails where rows of ${table} are equal`),
        ...build,
      ];
    case "exclusion":
      return [
        doubt("add-exclusion", `it fails where rows of ${table} conflict`),
        ...build,
      ];
    case "check":
      return payload.valid
        ? [
          doubt("add-check", `it fails where a row of ${table} does not fit`),
          ...scan,
        ]
        : [];
    case "foreign key":
      return payload.valid
        ? [
          doubt(
            "add-foreign-key",
            `it fails where a row of ${table} refers to none`,
          ),
          ...scan,
        ]
        : [];
    default:
      return payload.type satisfies never;
  }
}
