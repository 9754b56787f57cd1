/**
 * How a constraint comes, changes and goes: on a table in use without reading
 * its rows under a lock, and never absent in between where that can be.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import { temporaryName } from "./chosen_name.ts";
import {
  type KeyIndex,
  keyIndexOf,
  timingClause,
  timingOf,
  withIndexClause,
} from "./constraint_definition.ts";
import type { Hazard } from "./hazard.ts";
import { isTaken, moveIndex } from "./index_alter.ts";
import { writeIndex } from "./index_definition.ts";
import { indexMarks, keptComment } from "./index_marks.ts";
import {
  type Alteration,
  altered,
  type ChangeTarget,
  create,
  type CreateTarget,
  type KindStatement,
  qualify,
  REPLACE,
  validate,
} from "./kind.ts";
import {
  type Constraint,
  hasIndex,
  isTakenOver,
  leftByParent,
  partitionKeys,
} from "./constraint_inheritance.ts";
import { isPartitioned, tableAt } from "./partitions.ts";
import { parameterChanges } from "./storage_parameters.ts";

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
  if (left === "may stay") {
    return [
      create(
        `${alterTable(object)} DROP CONSTRAINT IF EXISTS ${
          named(object)
        }, ${add} ${definitionOf(object)}`,
        { hazards: hazardsOf(object, target, false) },
      ),
      ...indexMarks(object, target),
    ];
  }
  const index = onlineIndex(object, target);
  if (index !== undefined) {
    const name = object.name[2] ?? "";
    return [
      buildIndex(object, { name, index, target }),
      create(
        `${alterTable(object)} ${add} ${index.type} USING INDEX ${
          quoteIdentifier(name)
        }${index.timing}`,
      ),
      ...indexMarks(object, target),
    ];
  }
  if (isValidatedLater(object, target)) {
    return [
      create(
        `${alterTable(object)} ${add} ${object.payload.definition} NOT VALID`,
      ),
      validateLater(object, target),
    ];
  }
  return [
    ...partitionKeys(object, target),
    create(`${alterTable(object)} ${add} ${definitionOf(object)}`, {
      hazards: hazardsOf(object, target, false),
    }),
    ...indexMarks(object, target),
  ];
}

/** The statements that drop a constraint. */
export function dropConstraint(
  object: Constraint,
  target: ChangeTarget,
): KindStatement[] {
  return isTakenOver(object, target)
    ? []
    : [create(`${alterTable(object)} DROP CONSTRAINT ${named(object)}`)];
}

/** How a constraint becomes another. */
export function alterConstraint(
  from: Constraint,
  to: Constraint,
  keys: readonly string[],
  target: ChangeTarget,
): Alteration {
  const changed = new Set(keys);
  if (hasIndex(from) || hasIndex(to)) {
    return changed.has("definition") || changed.has("type")
      ? rebuildKey(from, to, target)
      : alterIndexOf(from, to, changed, target);
  }
  const was = timingOf(from.payload.definition);
  const is = timingOf(to.payload.definition);
  const sameBase = !changed.has("type") && was.base === is.base;
  const loosened = from.payload.valid && !to.payload.valid && is.enforced;
  if (!sameBase || loosened) return exchange(to, target);
  const statements: KindStatement[] = [];
  if (changed.has("definition")) {
    // Only of foreign keys there is anything that ALTER CONSTRAINT changes.
    if (to.payload.type !== "foreign key") return exchange(to, target);
    const enforced = is.enforced && !was.enforced;
    // ENFORCED reads every row under the lock that it takes.
    if (enforced && (isInUse(to, target) || !to.payload.valid)) {
      return exchange(to, target);
    }
    const clauses = [
      ...(was.deferrable !== is.deferrable || was.deferred !== is.deferred
        ? [timingClause(is)]
        : []),
      ...(was.enforced !== is.enforced
        ? [is.enforced ? "ENFORCED" : "NOT ENFORCED"]
        : []),
    ];
    statements.push(create(
      `${alterTable(to)} ALTER CONSTRAINT ${named(to)} ${clauses.join(" ")}`,
      { hazards: enforced ? hazardsOf(to, target, false) : [] },
    ));
    if (enforced) return altered(statements);
  }
  if (changed.has("valid") && to.payload.valid) {
    statements.push(validateLater(to, target));
  }
  return altered(statements);
}

/** The old one goes and the new one comes in one statement, so that there is always one. */
function exchange(to: Constraint, target: ChangeTarget): Alteration {
  const later = isValidatedLater(to, target);
  return altered([
    create(
      `${alterTable(to)} DROP CONSTRAINT ${named(to)}, ADD CONSTRAINT ${
        named(to)
      } ${later ? `${to.payload.definition} NOT VALID` : definitionOf(to)}`,
      { hazards: later ? [] : hazardsOf(to, target, false) },
    ),
    ...keptComment(to, target),
    ...(later ? [validateLater(to, target)] : []),
  ]);
}

/** A new index beside the old one becomes the key, in the statement that drops that. */
function rebuildKey(
  from: Constraint,
  to: Constraint,
  target: ChangeTarget,
): Alteration {
  const index = hasIndex(from) ? onlineIndex(to, target) : undefined;
  // A column that may be NULL from now on waits until no key has it.
  const loosens = from.depends.some((other) =>
    target.before.objects.get(other)?.payload["notNull"] === true &&
    target.objects.get(other)?.payload["notNull"] !== true
  );
  if (index === undefined || loosens) return REPLACE;
  const [schema = "", , own = ""] = to.name;
  const name = temporaryName(own, (other) => isTaken(schema, other, target));
  return altered([
    buildIndex(to, { name, index, target }),
    create(
      `${alterTable(to)} DROP CONSTRAINT ${named(to)}, ADD CONSTRAINT ${
        named(to)
      } ${index.type} USING INDEX ${quoteIdentifier(name)}${index.timing}`,
    ),
    ...keptComment(to, target),
    ...indexMarks(to, target),
    // Foreign keys that refer to it, and views that group by it.
  ], (dependent) => dependent.kind !== "comment");
}

/** Storage of the index behind a key. */
function alterIndexOf(
  from: Constraint,
  to: Constraint,
  changed: ReadonlySet<string>,
  target: ChangeTarget,
): Alteration {
  const partitioned = isPartitioned(tableAt(to.parent, target.objects));
  if (changed.has("partitions") || changed.has("parameters") && partitioned) {
    return REPLACE;
  }
  const [schema = "", , name = ""] = to.name;
  const index = [schema, name];
  return altered([
    ...parameterChanges(from.payload.parameters, to.payload.parameters)
      .map((change) => create(`ALTER INDEX ${qualify(index)} ${change}`)),
    ...(changed.has("tablespace")
      ? [moveIndex({ name: index }, to.payload.tablespace)]
      : []),
  ]);
}

function alterTable({ name }: Constraint): string {
  return `ALTER TABLE ${qualify(name.slice(0, 2))}`;
}

function named({ name }: Constraint): string {
  return quoteIdentifier(name[2] ?? "");
}

/** As behind ADD CONSTRAINT and its name. */
function definitionOf({ payload }: Constraint): string {
  const { enforced } = timingOf(payload.definition);
  return withIndexClause(payload) +
    (payload.valid || !enforced ? "" : " NOT VALID");
}

function isInUse({ parent = "" }: Constraint, target: CreateTarget): boolean {
  return parent.startsWith("table:") && (target.inUse?.(parent) ?? false);
}

/** Whether it is first made for new rows only. */
function isValidatedLater(object: Constraint, target: CreateTarget): boolean {
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

function validateLater(
  object: Constraint,
  target: CreateTarget,
): KindStatement {
  const sql = `${alterTable(object)} VALIDATE CONSTRAINT ${named(object)}`;
  return isInUse(object, target)
    ? validate(sql, { hazards: hazardsOf(object, target, true) })
    : create(sql, { hazards: hazardsOf(object, target, false) });
}

/** The index that can be built before its key; undefined where it cannot, or need not. */
function onlineIndex(
  object: Constraint,
  target: CreateTarget,
): KeyIndex | undefined {
  return isInUse(object, target) &&
      !isPartitioned(tableAt(object.parent, target.objects))
    ? keyIndexOf(object.payload.definition)
    : undefined;
}

function buildIndex(
  object: Constraint,
  { name, index, target }: {
    readonly name: string;
    readonly index: KeyIndex;
    readonly target: CreateTarget;
  },
): KindStatement {
  const { parameters, tablespace } = object.payload;
  const on = qualify(object.name.slice(0, 2));
  return create(
    writeIndex({
      on,
      definition: `USING ${index.tail}`,
      unique: true,
      parameters,
      tablespace,
    }, { name, concurrently: true }),
    { alone: true, hazards: hazardsOf(object, target, true) },
  );
}

/** What meeting the rows that are there may do. */
function hazardsOf(
  { payload, parent = "", name }: Constraint,
  target: CreateTarget,
  online: boolean,
): Hazard[] {
  if (target.before?.objects.has(parent) !== true) return [];
  const table = qualify(name.slice(0, 2));
  const doubt = (allow: string, reason: string): Hazard => ({
    kind: "data-dependent",
    allow,
    reason,
  });
  const waits = (kind: "scan" | "lock", reason: string): Hazard[] =>
    online ? [] : [{ kind, reason }];
  const scan = waits(
    "scan",
    `Writers of ${table} wait while its rows are read`,
  );
  const build = waits(
    "lock",
    `All users of ${table} wait until the index is built`,
  );
  switch (payload.type) {
    case "primary key":
    case "unique":
      return [
        doubt("add-unique", `Fails where rows of ${table} are equal`),
        ...build,
      ];
    case "exclusion":
      return [
        doubt("add-exclusion", `Fails where rows of ${table} conflict`),
        ...build,
      ];
    case "check":
      return payload.valid
        ? [
          doubt("add-check", `Fails where a row of ${table} does not fit`),
          ...scan,
        ]
        : [];
    case "foreign key":
      return payload.valid
        ? [
          doubt(
            "add-foreign-key",
            `Fails where a row of ${table} refers to none`,
          ),
          ...scan,
        ]
        : [];
    default:
      return payload.type satisfies never;
  }
}
