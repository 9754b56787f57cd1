/**
 * Partitions for other values than they were: they leave and come back in one
 * transaction, behind whatever else changes, and new ones come after them.
 *
 * @module
 */

import type { SchemaObject } from "../schema/schema.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { firingClause } from "./firing_state.ts";
import type { Hazard } from "./hazard.ts";
import {
  childrenOf,
  columnsIn,
  descendantsOf,
  isChange,
  isRebuilt,
  partitionOf,
  relationNamed,
} from "./inheritance.ts";
import {
  attach,
  type ChangeTarget,
  type CreateTarget,
  type KindStatement,
  qualify,
} from "./kind.ts";
import { dependentsIn, dependentsOf } from "./stored_type.ts";
import { isTrigger } from "./trigger.ts";

/**
 * Whether a table is a partition of the same table before and after.
 *
 * @param table The partition.
 * @param target What SQL is written for.
 */
export function keepsParent(
  table: SchemaObject,
  target: ChangeTarget,
): boolean {
  const was = partitionOf(target.before.objects.get(table.address))?.parent;
  const relation = was === undefined
    ? undefined
    : relationNamed(was, target.before.objects);
  return relation !== undefined &&
    was === partitionOf(table)?.parent &&
    !isRebuilt(relation.address, target);
}

/** The partitions that are for other values than they were. */
function movedPartitions(
  parent: string,
  target: ChangeTarget,
): SchemaObject[] {
  return childrenOf(parent, target.objects).filter((child) =>
    keepsParent(child, target) && !isRebuilt(child.address, target) &&
    partitionOf(target.before.objects.get(child.address))?.bound !==
      partitionOf(child)?.bound
  ).sort((a, b) => a.address < b.address ? -1 : 1);
}

/**
 * What a new partition waits for: others that may give up values for it, those
 * that go or leave among them.
 *
 * @param parent The partitioned table, as `schema.name`.
 * @param target What SQL is written for.
 */
export function afterMoved(
  parent: string,
  target: CreateTarget,
): Pick<KindStatement, "after" | "afterAttached" | "afterDrop"> {
  if (!isChange(target)) return {};
  const [first] = movedPartitions(parent, target);
  const relation = relationNamed(parent, target.objects);
  // The partitions of one that is made anew go with the old one.
  const was = relation === undefined || isRebuilt(relation.address, target)
    ? []
    : childrenOf(parent, target.before.objects);
  const gone = was.filter(({ address }) => !target.objects.has(address));
  const left = was.filter(({ address }) => {
    const is = target.objects.get(address);
    return is !== undefined && partitionOf(is)?.parent !== parent &&
      !isRebuilt(address, target);
  });
  return {
    ...(first === undefined ? {} : { afterAttached: [first.address] }),
    afterDrop: gone.map(({ address }) => address),
    after: left.map(({ address }) => address),
  };
}

/** The partition that holds what no other one does, as `schema.name`. */
function defaultPartition(
  parent: string,
  target: ChangeTarget,
): string | undefined {
  const found = childrenOf(parent, target.before.objects).find((child) =>
    partitionOf(child)?.bound === "DEFAULT" &&
    partitionOf(target.objects.get(child.address))?.parent === parent
  );
  return found === undefined ? undefined : qualify(found.name);
}

/**
 * Partitions for other values leave and come back at once, all of those that
 * change: what one gives up another one may take. The first does it for all.
 *
 * @param to A partition that changes.
 * @param target What SQL is written for.
 */
export function rebound(
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement[] {
  const parent = partitionOf(to)?.parent ?? "";
  const moved = movedPartitions(parent, target);
  if (moved[0]?.address !== to.address) return [];
  const keys = referringTo(parent, target).length > 0;
  return [
    ...moved.map(({ name }) => {
      const table = qualify(name);
      const hazards: readonly Hazard[] = !keys ? [] : [{
        kind: "data-dependent",
        allow: "attach-partition",
        reason: `it fails where a foreign key refers to a row of ${table}`,
      }];
      return attach(`ALTER TABLE ${parent} DETACH PARTITION ${table}`, {
        hazards,
      });
    }),
    ...moved.flatMap((child) => {
      const is = partitionOf(child);
      return is === undefined ? [] : [attachStatement(is, child, target)];
    }),
    ...moved.flatMap((child) => [
      child,
      ...descendantsOf(qualify(child.name), target.objects),
    ]).flatMap((child) => triggerStates(child, target)),
  ];
}

/** What the triggers of a partition lose that have another state than the parent's. */
function triggerStates(
  partition: SchemaObject,
  { before, objects }: ChangeTarget,
): KindStatement[] {
  return (dependentsIn(objects).get(partition.address) ?? []).filter(isTrigger)
    .filter((trigger) =>
      trigger.parent === partition.address && trigger.payload.inherited &&
      before.objects.has(trigger.address)
    ).map((trigger) =>
      attach(
        `ALTER TABLE ${qualify(partition.name)} ${
          firingClause(trigger.payload.state ?? "enabled")
        } TRIGGER ${quoteIdentifier(trigger.name[2] ?? "")}`,
      )
    );
}

/**
 * The statement that makes a table a partition, and what may be in its way.
 *
 * @param at Of which table, and for which values.
 * @param to The table.
 * @param target What SQL is written for.
 */
export function attachStatement(
  { parent, bound }: { readonly parent: string; readonly bound: string },
  to: SchemaObject,
  target: ChangeTarget,
): KindStatement {
  const name = qualify(to.name);
  const found = defaultPartition(parent, target);
  const others = found === name ? undefined : found;
  return attach(
    `ALTER TABLE ONLY ${parent} ATTACH PARTITION ${name} ${bound}`,
    {
      ...afterMoved(parent, target),
      hazards: [{
        kind: "data-dependent",
        allow: "attach-partition",
        reason: `it fails where a row of ${name} is not one for this partition${
          others === undefined ? "" : `, or where one of ${others} is`
        }`,
      }, {
        kind: "scan",
        reason: others === undefined
          ? `all users of ${name} wait while its rows are read`
          : `all users of ${name} and ${others} wait while their rows are read`,
      }],
    },
  );
}

/**
 * The foreign keys that refer to a table, or to what it is a partition of.
 *
 * @param parent The table, as `schema.name`.
 * @param target What SQL is written for.
 * @returns Their addresses.
 */
export function referringTo(parent: string, target: ChangeTarget): string[] {
  const { objects } = target.before;
  const relation = relationNamed(parent, objects);
  if (relation === undefined) return [];
  const above = partitionOf(relation);
  return [
    ...columnsIn(relation.address, objects).flatMap(({ address }) =>
      dependentsOf(address, target)
    ).filter((key) =>
      key.kind === "constraint" && key.payload.type === "foreign key" &&
      // Its own ones depend on its columns, too.
      (key.parent !== relation.address ||
        refersToItself(key, target.before.objects))
    ).map(({ address }) => address),
    ...(above === undefined ? [] : referringTo(above.parent, target)),
  ];
}

function refersToItself(
  { depends, parent }: SchemaObject,
  objects: CreateTarget["objects"],
): boolean {
  return depends.some((dep) => {
    const needed = objects.get(dep);
    return needed?.kind !== "column" && needed?.parent === parent;
  });
}

/**
 * The foreign keys that must be gone before a partition leaves; those that go
 * with what it leaves cannot be.
 *
 * @param parent What it leaves, as `schema.name`.
 * @param target What SQL is written for.
 * @returns Their addresses.
 */
export function goneBeforeLeaving(
  parent: string,
  target: ChangeTarget,
): string[] {
  return referringTo(parent, target).filter((key) => {
    const owner = target.before.objects.get(key)?.parent ?? "";
    return owner !== relationNamed(parent, target.before.objects)?.address ||
      target.objects.has(owner) && !isRebuilt(owner, target);
  });
}
