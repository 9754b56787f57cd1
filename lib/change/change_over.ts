/**
 * How columns go over to other types while applications write them: a column
 * beside each, which a trigger keeps up to date; what they are to have built
 * on those; and then one short transaction in which they change places.
 *
 * @module
 */

import { differences } from "../kinds/forms.ts";
import { descendantsOf } from "../kinds/inheritance.ts";
import { qualify } from "../kinds/kind.ts";
import { kindOf } from "../kinds/registry.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import { address } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import { type KeptNumbers, keptNumbers } from "./scaffold_numbers.ts";
import {
  backfillStatement,
  type Carried,
  filledStatement,
  syncStatements,
  unsyncStatements,
} from "./scaffold_sync.ts";
import { planStage, type Stage } from "./stage.ts";
import { hasTwin, twinsOf, withObjects } from "./twins.ts";

/** What goes over. */
export interface ChangeOverRequest {
  /** The schema as it is. */
  readonly from: Schema;
  /** The schema as it is to be. */
  readonly to: Schema;
  readonly columns: readonly Carried[];
  /** Further columns that are new, as they are until their rows are filled. */
  readonly added: readonly SchemaObject[];
  /** What is synchronised from when they have changed places, where the old ones stay. */
  readonly kept: readonly Carried[];
  readonly way: "up" | "down";
}

/** What is run, in order. */
export interface ChangeOver {
  /** The columns beside; their triggers. */
  readonly expand: readonly PlannedStatement[];
  /** Their values. */
  readonly backfill: readonly PlannedStatement[];
  /** What is built on them; the one transaction; what has nothing to do with them. */
  readonly contract: readonly PlannedStatement[];
  /** The schema after expanding, without what keeps columns alike. */
  readonly expanded: Schema;
  /** The schema in the end. */
  readonly reached: Schema;
}

/**
 * Works out how columns go over, on a database that holds the schema as it is.
 *
 * @param stage The database.
 * @param request What goes over.
 * @throws {PawlError} `proof-failed` for what does not run.
 */
export async function changeOver(
  stage: Stage,
  request: ChangeOverRequest,
): Promise<ChangeOver> {
  const { columns, from, way } = request;
  const added = [...columns.map(besideOf), ...request.added];
  const adding = await planStage(
    from,
    withObjects(from, added),
    stage.options,
  );
  const expanded = await stage.run(adding, way);
  const expand = [...adding, ...columns.flatMap(syncStatements)];
  const backfill = columns.map((one) => backfillStatement(one, from));
  await stage.run([...columns.flatMap(syncStatements), ...backfill], way);
  const numbers = keptNumbers(columns, from, request.to);
  const contract = await contractOf(stage, request, { expanded, numbers });
  return { expand, backfill, expanded, ...contract };
}

/** The column beside: the values, and nothing that is said of them. */
function besideOf({ to, beside }: Carried): SchemaObject {
  const name = [...to.name.slice(0, 2), beside];
  return {
    ...to,
    name,
    address: address("column", name),
    payload: {
      ...to.payload,
      notNull: false,
      notNullUnvalidated: undefined,
      notNullNoInherit: undefined,
      default: undefined,
      identity: undefined,
      sequence: undefined,
    },
    position: Number.MAX_SAFE_INTEGER,
  };
}

async function contractOf(
  stage: Stage,
  { added, columns, to, kept, way }: ChangeOverRequest,
  { expanded, numbers }: {
    readonly expanded: Schema;
    readonly numbers: KeptNumbers;
  },
): Promise<Pick<ChangeOver, "contract" | "reached">> {
  if (columns.length === 0) {
    const contract = await planStage(expanded, to, stage.options);
    return { contract, reached: await stage.run(contract, way) };
  }
  const { options, context } = stage;
  const locking = { ...options, locking: true };
  const twins = await twinsOf(to, expanded, {
    columns,
    added,
    locking: options.locking ?? false,
    context,
  });
  const withParts = withObjects(expanded, twins.parts);
  const ready = committed([
    ...committed(columns.map(filledStatement)),
    ...await planStage(expanded, withParts, options),
    ...twins.keyIndexes,
    ...await planStage(
      withParts,
      withObjects(withParts, twins.foreignKeys),
      options,
    ),
  ]);
  const built = await stage.run(ready, way);
  const dropped = oldParts(built, columns);
  const swap = [
    ...columns.flatMap(unsyncStatements),
    ...numbers.keep,
    ...await planStage(built, without(built, dropped), locking),
    ...columns.flatMap(exchange),
    ...twins.named,
  ];
  const swapped = await stage.run(swap, way);
  const near = await related(swapped, to, [
    ...dropped,
    ...twins.keysOfParts,
    ...columns.flatMap(({ to: { address: own, name }, aside }) => [
      own,
      address("column", [...name.slice(0, 2), aside]),
    ]),
  ]);
  const after = await planStage(swapped, near, locking);
  const again = [...numbers.follow, ...kept.flatMap(syncStatements)];
  const done = await stage.run([...after, ...again], way);
  const rest = await planStage(done, to, options);
  return {
    contract: [...ready, ...committed([...swap, ...after, ...again]), ...rest],
    reached: await stage.run(rest, way),
  };
}

/** Nothing that comes behind is part of the same transaction. */
function committed(
  statements: readonly PlannedStatement[],
): PlannedStatement[] {
  return statements.map((statement, i) =>
    i === statements.length - 1 ? { ...statement, commits: true } : statement
  );
}

function exchange(one: Carried): PlannedStatement[] {
  const { name, address: own } = one.to;
  const called = (column: string) => [...name.slice(0, 2), column];
  const rename = (from: string, to: string): PlannedStatement[] =>
    (kindOf("column")?.rename(
      { ...one.to, name: called(from) },
      called(to),
    ) ?? []).map((statement) => ({
      ...statement,
      address: own,
      action: "rename",
    }));
  const column = name[2] ?? "";
  return [...rename(column, one.aside), ...rename(one.beside, column)];
}

/**
 * The keys, indexes and checks of the old columns, for which there are others,
 * and what depends on them.
 */
function oldParts(
  schema: Schema,
  columns: readonly Carried[],
): ReadonlySet<string> {
  const old = new Set(
    columns.flatMap(({ from: { name } }) =>
      tablesOf(name, schema).map((table) =>
        address("column", [...table, name[2] ?? ""])
      )
    ),
  );
  const found = new Set(
    [...schema.objects.values()].filter((object) =>
      (object.kind === "index" || object.kind === "constraint") &&
      object.depends.some((dep) => old.has(dep)) && hasTwin(object, schema)
    ).map(({ address }) => address),
  );
  for (const gone of found) {
    for (const { address, depends, kind, parent } of schema.objects.values()) {
      if (kind === "table" || kind === "column") continue;
      if (depends.includes(gone) || parent === gone) found.add(address);
    }
  }
  return found;
}

/** The names of a column's table and of all below it, which have the column too. */
function tablesOf(
  column: readonly string[],
  { objects }: Schema,
): (readonly string[])[] {
  const table = column.slice(0, 2);
  return [
    table,
    ...descendantsOf(qualify(table), objects).map(({ name }) => name),
  ];
}

function without(schema: Schema, gone: ReadonlySet<string>): Schema {
  return makeSchema(
    [...schema.objects.values()].filter(({ address }) => !gone.has(address)),
    schema,
  );
}

/**
 * The schema with everything as it is to be that has to do with some objects:
 * what depends on them, and what that needs.
 */
async function related(
  from: Schema,
  to: Schema,
  seeds: readonly string[],
): Promise<Schema> {
  const changes = new Map(
    (await differences(from, to)).map((change) => [change.address, change]),
  );
  const dependents = new Map<string, string[]>();
  const add = (on: string, address: string) => {
    const list = dependents.get(on);
    if (list === undefined) dependents.set(on, [address]);
    else list.push(address);
  };
  for (const { objects } of [from, to]) {
    for (const { address, depends, parent } of objects.values()) {
      for (const dep of depends) add(dep, address);
      // A table of which something else changes is not made anew.
      if (
        parent !== undefined &&
        (!parent.startsWith("table:") ||
          changes.get(parent)?.kind === "created")
      ) add(parent, address);
    }
  }
  const near = new Set(seeds);
  for (const address of near) {
    for (const other of dependents.get(address) ?? []) near.add(other);
    const object = to.objects.get(address);
    for (const other of [...object?.depends ?? [], object?.parent ?? ""]) {
      if (changes.has(other)) near.add(other);
    }
  }
  const objects = new Map(from.objects);
  for (const address of near) {
    if (!changes.has(address)) continue;
    const wanted = to.objects.get(address);
    if (wanted === undefined) objects.delete(address);
    else objects.set(address, wanted);
  }
  return makeSchema([...objects.values()], from);
}
