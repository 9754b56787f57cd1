/**
 * From two schemas to the statements that make one into the other. Names no
 * kind. Pure.
 *
 * @module
 */

import { type Change, diff, type Forms } from "../diff.ts";
import type { ChangeTarget, CreateTarget } from "../kinds/kind.ts";
import { createTarget } from "../kinds/registry.ts";
import type { Schema } from "../schema/schema.ts";
import { anewAmong } from "./anew.ts";
import { orderWork } from "./graph.ts";
import type { PlannedStatement } from "./planned_statement.ts";
import { renamedByStructure } from "./rename.ts";
import { workOf } from "./work.ts";

/** How a plan is made. */
export interface PlanOptions {
  /** `server_version_num` of the server that is to run it; that of `from` by default. */
  readonly version?: number | undefined;
  /** Whether plain DDL may block those who use what is there already. */
  readonly locking?: boolean | undefined;
  /** The role that owns the database, where it is not whoever runs the SQL. */
  readonly databaseOwner?: string | undefined;
}

/** What makes one schema into another. */
export interface Plan {
  /** What differs, after renames. */
  readonly changes: readonly Change[];
  /** What to run, in order. */
  readonly statements: readonly PlannedStatement[];
}

/**
 * Plans the way from one schema to another.
 *
 * @param from As it is.
 * @param to As it is to be.
 * @param options How to go, and the canonical forms, made ready for both; and
 * addresses in their order, where it is known that nothing differs at any
 * others: then the forms need be ready for those only.
 */
export function planChanges(
  from: Schema,
  to: Schema,
  options: PlanOptions & {
    readonly forms: Forms;
    readonly at?: readonly string[] | undefined;
  },
): Plan {
  const { forms } = options;
  const renamed = renamedByStructure(from, to, options.at);
  const at = addressesAfter(from, renamed.schema, options.at);
  const changes = diff(renamed.schema, to, { ...forms, at });
  const replaced = new Set<string>();
  const target: ChangeTarget = changeTarget(renamed.schema, to, {
    ...options,
    isAnew: anewAmong(changes, () => target),
    // What is made anew is nobody's yet.
    isReplaced: (address) => replaced.has(address),
  });
  const context = { from: renamed.schema, to, forms, target };
  const work = workOf(changes, context);
  for (const address of work.drops.keys()) replaced.add(address);
  return {
    changes,
    statements: [...renamed.statements, ...orderWork(work, context)],
  };
}

/** Where schemas may differ once something was renamed. */
function addressesAfter(
  from: Schema,
  renamed: Schema,
  at: readonly string[] | undefined,
): readonly string[] | undefined {
  if (at === undefined || renamed === from) return at;
  const moved = [...renamed.objects.values()].filter(({ address, payload }) =>
    from.objects.get(address)?.payload !== payload
  );
  return [...new Set([...at, ...moved.map(({ address }) => address)])];
}

/** What the SQL from one schema to another is written for. */
function changeTarget(
  from: Schema,
  to: Schema,
  options: PlanOptions & {
    readonly isReplaced: (address: string) => boolean;
    readonly isAnew: (address: string) => boolean;
  },
): ChangeTarget {
  const version = options.version ?? from.version;
  const target = (schema: Schema): CreateTarget =>
    createTarget({ objects: schema.objects, version }, options.databaseOwner);
  const inUse = options.locking
    ? undefined
    : (address: string) =>
      from.objects.has(address) && !options.isReplaced(address);
  const { isAnew, isReplaced } = options;
  return { ...target(to), inUse, before: target(from), isReplaced, isAnew };
}
