/**
 * The last migration of a scaffold: what the new column needs is built beside
 * the old one while both are kept alike; then they change places in one
 * transaction.
 *
 * @module
 */

import { isConstraint } from "../kinds/constraint.ts";
import { keyIndexOf } from "../kinds/constraint_definition.ts";
import { isIndex } from "../kinds/index.ts";
import { kindOf } from "../kinds/registry.ts";
import { PawlError } from "../errors.ts";
import {
  blockedBy,
  type PlannedStatement,
  type PlanOptions,
  type PlanStep,
  stepsOf,
} from "../plan/mod.ts";
import { address } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { type ChangePlan, planBothWays, statementsOf } from "./change_plan.ts";
import { carriedOut } from "./rename.ts";
import {
  type Case,
  type Copy,
  isCopy,
  refuseOthers,
  type ScaffoldRequest,
} from "./scaffold_case.ts";
import {
  restoreStatement,
  syncStatements,
  unsyncStatements,
} from "./scaffold_sync.ts";

/** An index that is there before the columns change places. */
interface Built {
  /** The index, of the column as it is to be. */
  readonly index: SchemaObject;
  /** What it takes the place of. */
  readonly instead: SchemaObject | undefined;
  /** The parts of its name in the end. */
  readonly name: readonly string[];
}

/**
 * Plans how the new columns take the old ones' places.
 *
 * @param expanded The schema with both.
 * @param how The goal, the columns, and how to go.
 * @param context The project, the shadow, listeners.
 * @throws {PawlError} `change-blocked` for what cannot be in one transaction
 * with that.
 */
export async function contractOf(
  expanded: Schema,
  how: {
    readonly cases: readonly Case[];
    readonly request: ScaffoldRequest;
  },
  context: SourceContext,
): Promise<ChangePlan> {
  const { cases, request: { to, options, allowed } } = how;
  const copies = cases.filter(isCopy);
  const forth = copies.flatMap((one) => [
    ...renaming(one.from, one.aside.name),
    ...renaming(one.beside, one.to.name),
  ]);
  const back = copies.toReversed().flatMap((one) => [
    ...renaming(one.to, one.beside.name),
    ...renaming(one.aside, one.from.name),
  ]);
  // As the indexes of the goal are to be on columns of the goal's names.
  const swapped = await carriedOut({ schema: expanded }, forth, context);
  const built = builtBefore(cases, { expanded, to });
  const ready = await carriedOut(
    { schema: withBuilt(swapped, cases, built) },
    back,
    context,
  );
  const before = await planBothWays(expanded, ready, options);
  const start = [...forth, ...built.flatMap(takesPlace)];
  const from = await carriedOut({ schema: ready }, start, context);
  const swap = await inOneTransaction(
    [from, to],
    [...copies.flatMap(unsyncStatements), ...start],
    options,
  );
  const asides = new Set(copies.map(({ aside }) => aside.address));
  refuseOthers(
    blockedBy(
      [...statementsOf(before.up), ...swap.flatMap(statements)],
      allowed,
    )
      .filter(({ statement }) => !asides.has(statement.address)),
  );
  return {
    ...before,
    up: { ...before.up, steps: [...before.up.steps, ...swap] },
    down: {
      ...before.down,
      steps: await wayBack(expanded, { copies, to, back, options }, context),
    },
  };
}

function statements(step: PlanStep): readonly PlannedStatement[] {
  return step.statements;
}

function renaming(
  object: SchemaObject,
  name: readonly string[],
): PlannedStatement[] {
  return (kindOf(object.kind)?.rename(object, name) ?? []).map((statement) => ({
    ...statement,
    address: object.address,
    action: "rename",
  }));
}

/** The indexes that the goal has on the columns, and those of its keys. */
function builtBefore(
  cases: readonly Case[],
  { expanded, to }: { readonly expanded: Schema; readonly to: Schema },
): Built[] {
  const columns = new Set(cases.map((one) => one.to.address));
  return [...to.objects.values()].flatMap((object) => {
    const table = to.objects.get(object.parent ?? "");
    const instead = expanded.objects.get(object.address);
    if (
      !object.depends.some((dep) => columns.has(dep)) ||
      table?.kind !== "table" || table.payload["partitionBy"] !== undefined ||
      !expanded.objects.has(table.address)
    ) return [];
    const [schema = ""] = object.name;
    const name = [schema, object.name.at(-1) ?? ""];
    const index = asIndex(object);
    if (index === undefined) return [];
    const own = instead === undefined
      ? name
      : [schema, freeName(name, "new", [expanded, to])];
    return [{
      index: { ...index, name: own, address: address("index", own) },
      instead,
      name,
    }];
  });
}

/** What is behind a key, or an index itself; undefined for what must be made at once. */
function asIndex(object: SchemaObject): SchemaObject | undefined {
  if (isIndex(object)) return object.payload.valid ? object : undefined;
  const key = isConstraint(object)
    ? keyIndexOf(object.payload.definition)
    : undefined;
  if (key === undefined || !isConstraint(object)) return undefined;
  const { parameters, tablespace } = object.payload;
  return {
    ...object,
    kind: "index",
    payload: {
      on: tableName(object),
      definition: `USING ${key.tail}`,
      unique: true,
      method: "btree",
      valid: true,
      parameters,
      tablespace,
    },
  };
}

function tableName({ name }: SchemaObject): string {
  return name.slice(0, 2).map(quoteIdentifier).join(".");
}

function freeName(
  [schema = "", name = ""]: readonly string[],
  suffix: "new" | "old",
  schemas: readonly Schema[],
): string {
  const taken = new Set(
    schemas.flatMap(({ objects }) =>
      [...objects.values()].filter((object) => object.name[0] === schema)
        .map((object) => object.name.at(-1))
    ),
  );
  for (let i = 1;; i++) {
    const free = `${name.slice(0, 50)}_${suffix}${i === 1 ? "" : i}`;
    if (!taken.has(free)) return free;
  }
}

function withBuilt(
  swapped: Schema,
  cases: readonly Case[],
  built: readonly Built[],
): Schema {
  const notNull = new Map(
    cases.map(({ to }) => [to.address, to.payload["notNull"]]),
  );
  return makeSchema([
    ...[...swapped.objects.values()].map((object) => {
      const is = notNull.get(object.address);
      return is === undefined
        ? object
        : { ...object, payload: { ...object.payload, notNull: is } };
    }),
    ...built.map(({ index }) => index),
  ], swapped);
}

/** An index gets the name of the one that it takes the place of. */
function takesPlace({ index, instead, name }: Built): PlannedStatement[] {
  if (instead === undefined) return [];
  const { name: was } = instead;
  const free = `${(was.at(-1) ?? "").slice(0, 50)}_${index.name[1]}`.slice(
    0,
    60,
  );
  return [
    ...renaming(instead, [...was.slice(0, -1), free]),
    ...renaming(index, name),
  ];
}

/**
 * The columns change places at once; what is left to be looked at, or built for
 * something else, comes behind that.
 */
async function inOneTransaction(
  [from, to]: readonly [Schema, Schema],
  first: readonly PlannedStatement[],
  options: PlanOptions,
): Promise<readonly PlanStep[]> {
  for (const locking of [options.locking ?? false, true]) {
    const { up } = await planBothWays(from, to, { ...options, locking });
    const steps = stepsOf([...first, ...statementsOf(up)]);
    if (isAtOnce(steps)) return steps;
  }
  throw new PawlError(
    "change-blocked",
    "Cannot scaffold the change: another part of it must be committed before the columns change places",
    { hint: "Generate the other part by itself first" },
  );
}

function isAtOnce([first, ...others]: readonly PlanStep[]): boolean {
  return first?.transactional === true &&
    others.every((step) =>
      step.statements.every(({ alone, phase, hazards = [] }) =>
        phase === "validate" || alone === true &&
          !hazards.some(({ kind }) => kind === "absent")
      )
    );
}

/** The old columns come back with the values that the new ones tell. */
async function wayBack(
  expanded: Schema,
  how: {
    readonly copies: readonly Copy[];
    readonly to: Schema;
    readonly back: readonly PlannedStatement[];
    readonly options: PlanOptions;
  },
  context: SourceContext,
): Promise<readonly PlanStep[]> {
  const { copies, to, back } = how;
  const options = { ...how.options, locking: true };
  const both = makeSchema(
    [...to.objects.values(), ...copies.map(({ aside }) => aside)],
    to,
  );
  const added = await planBothWays(to, both, options);
  const renamed = await carriedOut({ schema: both }, back, context);
  const rest = await planBothWays(renamed, expanded, options);
  return stepsOf([
    ...statementsOf(added.up),
    ...copies.map(restoreStatement),
    ...back,
    ...statementsOf(rest.up),
    ...copies.flatMap(syncStatements),
  ]);
}
