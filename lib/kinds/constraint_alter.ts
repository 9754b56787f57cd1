/**
 * How a constraint becomes another: by ALTER where that can be, else in such a
 * way that it is never absent.
 *
 * @module
 */

import { quoteIdentifier } from "../sql/quote.ts";
import {
  alterTable,
  buildIndex,
  definitionOf,
  hazardsOf,
  indexTextOf,
  isBuiltBefore,
  isInUse,
  isValidatedLater,
  named,
  validateLater,
} from "./constraint_create.ts";
import { isConstraint } from "./constraint.ts";
import { keyIndexOf, timingClause, timingOf } from "./constraint_definition.ts";
import {
  type Constraint,
  goesWithParent,
  hasIndex,
  hasPart,
  mergedBelow,
  nameOnPartition,
} from "./constraint_inheritance.ts";
import { moveIndex } from "./index_alter.ts";
import { buildOnce } from "./index_leftover.ts";
import { nameBeside } from "./index_name.ts";
import { keptComments, marksBeside } from "./index_marks.ts";
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
import { keysBefore, keysGoing } from "./referenced_keys.ts";
import { isOfUnchanged, mayNotFit } from "./retyped.ts";
import { parameterChanges } from "./storage_parameters.ts";

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
  if (!sameBase || loosened) return exchange(from, to, target);
  const statements: KindStatement[] = [];
  if (changed.has("definition")) {
    // Only of foreign keys there is anything that ALTER CONSTRAINT changes.
    if (to.payload.type !== "foreign key") return exchange(from, to, target);
    const enforced = is.enforced && !was.enforced;
    // ENFORCED reads every row under the lock that it takes.
    if (enforced && (isInUse(to, target) || !to.payload.valid)) {
      return exchange(from, to, target);
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
function exchange(
  from: Constraint,
  to: Constraint,
  target: ChangeTarget,
): Alteration {
  if (mayNotFit(from, target) || keysGoing(to, target).length > 0) {
    return REPLACE;
  }
  // The parent's statements have done it.
  if (goesWithParent(from, target)) {
    return altered(
      keptComments(to, target).map((comment) => attach(comment.sql)),
    );
  }
  const later = isValidatedLater(to, target);
  const add = (check: Constraint) =>
    `ADD CONSTRAINT ${named(check)} ${
      later ? `${check.payload.definition} NOT VALID` : definitionOf(check)
    }`;
  const drop = (check: Constraint) => `DROP CONSTRAINT ${named(check)}`;
  const merged = mergedBelow(from, target);
  const hazards = later ? [] : hazardsOf(to, target, false);
  const after = keysBefore(to, target, from);
  return altered([
    ...(merged.length === 0
      ? [create(`${alterTable(to)} ${drop(to)}, ${add(to)}`, {
        hazards,
        after,
      })]
      : [
        create(`${alterTable(to)} ${drop(to)}`),
        ...merged.map((own) => create(`${alterTable(own)} ${drop(own)}`)),
        create(`${alterTable(to)} ${add(to)}`, { hazards }),
        ...merged.flatMap((own) => {
          const now = target.objects.get(own.address);
          return now !== undefined && isConstraint(now)
            ? [create(`${alterTable(now)} ${add(now)}`, { hazards })]
            : [];
        }),
      ]),
    ...keptComments(to, target),
    ...(later ? [validateLater(to, target)] : []),
  ]);
}

/** A new index beside the old one becomes the key, in the statement that drops that. */
function rebuildKey(
  from: Constraint,
  to: Constraint,
  target: ChangeTarget,
): Alteration {
  const index = keyIndexOf(to.payload.definition);
  if (
    index === undefined || !hasIndex(from) || !isBuiltBefore(to, target) ||
    mayNotFit(from, target, keyIndexOf(from.payload.definition)?.tail)
  ) return REPLACE;
  const [schema = "", , own = ""] = to.name;
  const phase = isOfUnchanged(to, target) ? "prepare" : "create";
  const { name, statements, takes } = buildOnce({
    table: to.parent ?? "",
    schema,
    name: own,
    beside: true,
    index: indexTextOf(to, index),
    write: (made) => ({
      ...buildIndex(to, { name: made, index, target }),
      phase,
    }),
  }, target);
  return altered([
    // What refers to it, or groups by it, is out of the way when the new one
    // takes its place only, and not while that is built.
    ...statements,
    ...marksBeside(to, target, name),
    create(
      `${alterTable(to)} DROP CONSTRAINT ${named(to)}, ADD CONSTRAINT ${
        named(to)
      } ${index.type} USING INDEX ${quoteIdentifier(name)}${index.timing}`,
      { takes },
    ),
    ...keptComments(to, target),
    // Foreign keys that refer to it, and views that group by it.
  ], (dependent) => dependent.kind !== "comment");
}

/** Storage of the index behind a key, and the names of those of partitions. */
function alterIndexOf(
  from: Constraint,
  to: Constraint,
  changed: ReadonlySet<string>,
  target: ChangeTarget,
): Alteration {
  const partitioned = isPartitioned(tableAt(to.parent, target.objects));
  const renamed = changed.has("partitions")
    ? renamePartitions(from, to, target)
    : [];
  // Storage parameters of a partitioned index cannot be set: it has no storage.
  if (renamed === undefined || changed.has("parameters") && partitioned) {
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
    ...renamed,
  ]);
}

/**
 * Last: of a new partition the server makes the key when that is attached. By
 * way of another name where two exchange theirs.
 */
function renamePartitions(
  from: Constraint,
  to: Constraint,
  target: ChangeTarget,
): KindStatement[] | undefined {
  const renames: {
    readonly table: readonly string[];
    readonly was: string;
    readonly is: string;
  }[] = [];
  const below = partitionsBelow(qualify(to.name.slice(0, 2)), target.objects);
  for (const part of below) {
    const { name: table } = part;
    const was = nameOnPartition(from, table);
    const is = nameOnPartition(to, table);
    if (was === undefined || is === undefined) return undefined;
    // What a new partition has already is not made for it.
    if (was !== is && !hasPart(to, part, target)) {
      renames.push({ table, was, is });
    }
  }
  const rename = (table: readonly string[], was: string, is: string) =>
    attach(
      `ALTER TABLE ${qualify(table)} RENAME CONSTRAINT ${
        quoteIdentifier(was)
      } TO ${quoteIdentifier(is)}`,
    );
  const away: KindStatement[] = [];
  const there: KindStatement[] = [];
  for (const { table, was, is } of renames) {
    const [schema = ""] = table;
    const held = renames.some((other) =>
      other.was === is && other.table[0] === schema
    );
    const between = held ? nameBeside(schema, is, target) : was;
    if (held) away.push(rename(table, was, between));
    there.push(rename(table, between, is));
  }
  return [...away, ...there];
}
