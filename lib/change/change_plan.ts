/**
 * A change between two schemas, there and back: both plans with their steps,
 * and the hashes that they start from and end at.
 *
 * @module
 */

import type { Change } from "../diff.ts";
import { PawlError } from "../errors.ts";
import { formsOf } from "../kinds/forms.ts";
import { hashesOf } from "../kinds/schema_hashes.ts";
import {
  joinClauses,
  partsOf,
  planChanges,
  type PlannedStatement,
  type PlanOptions,
  type PlanStep,
  refuseNewer,
  stepsOf,
  withAbsences,
} from "../plan/mod.ts";
import { differingIn } from "../schema/hash_lines.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import type { ToldRename } from "../sources/mod.ts";
import { type Sizes, withSizes } from "./hazard_sizes.ts";
import { withLocks } from "./locks.ts";
import { renameBack, type RenamedSchema, renameTold } from "./rename_told.ts";

/** One way: what differs, and what to run. */
export interface Way {
  /** What differs, after renames. */
  readonly changes: readonly Change[];
  /** What to run, in order. */
  readonly steps: readonly PlanStep[];
}

/** A change, there and back. */
export interface ChangePlan {
  /** `h1:` and 64 hex digits: the schema that it starts from. */
  readonly from: string;
  /** The schema that it ends at. */
  readonly to: string;
  /** `server_version_num` of the server that its SQL is written for. */
  readonly version: number;
  /** Whether its SQL may block those who use what is there. */
  readonly locking: boolean;
  /** The role that owns the database, where it is not whoever runs the SQL. */
  readonly databaseOwner: string | undefined;
  /** The way there. */
  readonly up: Way;
  /** The way back. */
  readonly down: Way;
}

/** Renames that were told, carried out on the schema that each way starts from. */
export interface ToldRenames {
  /** The way there. */
  readonly up: RenamedSchema;
  /** The way back. */
  readonly down: RenamedSchema;
}

/**
 * Carries out renames that were told, both ways.
 *
 * @param schemas The schema as it is, and as it is to be.
 * @param requests What was told.
 * @param context The project, the shadow, listeners.
 * @throws {PawlError} `rename-unknown`.
 */
export async function toldRenames(
  schemas: readonly [Schema, Schema],
  requests: readonly ToldRename[],
  context: SourceContext,
): Promise<ToldRenames | undefined> {
  if (requests.length === 0) return undefined;
  const [from, to] = schemas;
  const up = await renameTold([from, to], requests, context);
  if (up.statements.length === 0) return undefined;
  return { up, down: await renameBack([to, from], up.back, context) };
}

/**
 * Plans a change and the way back.
 *
 * @param from The schema as it is.
 * @param to The schema as it is to be.
 * @param options How to go.
 * @throws {PawlError} `server-lacks`, `schema-incomplete`.
 */
export async function planBothWays(
  from: Schema,
  to: Schema,
  options: PlanOptions & {
    readonly renames?: ToldRenames | undefined;
    /** Sizes in the database that the schema was read from, by address. */
    readonly sizes?: Sizes | undefined;
  } = {},
): Promise<ChangePlan> {
  const { renames } = options;
  refuseUnread(from, to);
  refuseUnread(to, from);
  const hashes = [await hashesOf(from), await hashesOf(to)] as const;
  // What somebody has told to rename is elsewhere in the schemas between.
  const at = renames === undefined
    ? differingIn(hashes[0].lines, hashes[1].lines)
    : undefined;
  const forms = await formsOf(
    renames === undefined
      ? [partOf(from, at ?? [], to), partOf(to, at ?? [], from)]
      : [from, to, renames.up.schema, renames.down.schema],
  );
  const way = (
    a: Schema,
    b: Schema,
    renamed: RenamedSchema | undefined,
  ): Way => {
    const version = options.version ?? from.version;
    const start = renamed?.schema ?? a;
    const { changes, statements } = planChanges(start, b, {
      ...options,
      version,
      forms,
      at,
    });
    // The way back leads to what is there, or was replayed.
    if (a === from) refuseNewer(changes, { from: start, to: b }, version);
    const made = {
      changes,
      steps: withAbsences(
        stepsOf(
          withLocks(
            [...renamed?.statements ?? [], ...joinClauses(statements)],
            [a, b],
          ),
        ),
        [a, b],
      ),
    };
    return options.sizes === undefined ? made : withSizes(made, {
      schemas: [start, b],
      sizes: options.sizes,
      // The way back ends at the names that the sizes are known by.
      back: a === from ? renamed?.back ?? [] : [],
    });
  };
  return {
    from: hashes[0].hash,
    to: hashes[1].hash,
    version: options.version ?? from.version,
    locking: options.locking ?? false,
    databaseOwner: options.databaseOwner,
    up: way(from, to, renames?.up),
    down: way(to, from, renames?.down),
  };
}

/** What nobody could read is not gone: the other side's would be dropped, or made twice. */
function refuseUnread({ notices }: Schema, other: Schema): void {
  const unread = notices.filter(({ kind }) =>
    kind !== undefined &&
    [...other.objects.values()].some((object) => object.kind === kind)
  );
  if (unread.length === 0) return;
  throw new PawlError(
    "schema-incomplete",
    "Cannot plan the change: one side has what the other's role may not read",
    {
      details: unread.map(({ message }) => message),
      hint: "Give the role SELECT on these catalogs, or use one that has it",
    },
  );
}

/** The objects of a schema at some addresses, and those that name what is renamed. */
function partOf(
  schema: Schema,
  at: readonly string[],
  other: Schema,
): Schema {
  const gone = new Set(at.filter((address) => !other.objects.has(address)));
  const naming = gone.size === 0
    ? []
    : [...schema.objects.values()].filter(({ depends, payload }) =>
      depends.some((dep) => gone.has(dep)) &&
      Object.values(payload).some((value) =>
        typeof value === "string" && value.includes("::regclass")
      )
    );
  return makeSchema(
    [...at.flatMap((address) => schema.objects.get(address) ?? []), ...naming],
    schema,
  );
}

/** Every statement of one way, in order. */
export function statementsOf(way: Way): PlannedStatement[] {
  return way.steps.flatMap((step) => step.statements);
}

/** Addresses of what a change touches, both ways. */
export function touchedBy({ up, down }: ChangePlan): string[] {
  return [up, down].flatMap((way) => [
    ...way.changes.map(({ address }) => address),
    ...statementsOf(way).flatMap(partsOf).map(({ address }) => address),
  ]);
}

/** How many objects differ, those that differ by their names only among them. */
export function countDifferences(way: Way): number {
  return way.changes.length +
    statementsOf(way).filter(({ action }) => action === "rename").length;
}

/** Whether there is nothing to do. */
export function isEmpty(way: Way): boolean {
  return way.steps.length === 0;
}
