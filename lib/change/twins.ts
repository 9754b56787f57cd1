/**
 * What a column is to have once it takes another's place, built on it before:
 * indexes, keys, checks and foreign keys, under names of their own.
 *
 * @module
 */

import { CONSTRAINT } from "../kinds/constraint.ts";
import { keyIndexOf } from "../kinds/constraint_definition.ts";
import type { Constraint } from "../kinds/constraint_inheritance.ts";
import { writeIndex } from "../kinds/index_definition.ts";
import { create, qualify } from "../kinds/kind.ts";
import { kindOf } from "../kinds/registry.ts";
import type { PlannedStatement } from "../plan/mod.ts";
import { address } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { quoteIdentifier } from "../sql/quote.ts";
import { carriedOut } from "./rename_told.ts";
import { type Carried, freeName } from "./scaffold_sync.ts";

/** What is built before columns change places. */
export interface Twins {
  /** Indexes and checks, under their names of before; columns that are NOT NULL then. */
  readonly parts: readonly SchemaObject[];
  /** The indexes of keys. */
  readonly keyIndexes: readonly PlannedStatement[];
  /** Foreign keys: after those indexes. */
  readonly foreignKeys: readonly SchemaObject[];
  /** What gives all of them their names, or makes keys of indexes. */
  readonly named: readonly PlannedStatement[];
}

/**
 * What of a goal can be built before columns change places. What is on tables
 * with partitions or children cannot: it is made afterwards.
 *
 * @param goal The schema as it is to be.
 * @param expanded The schema that has the columns beside.
 * @param how The columns; whether builds may block writers.
 */
export async function twinsOf(
  goal: Schema,
  expanded: Schema,
  how: {
    readonly columns: readonly Carried[];
    /** Columns that are new, whose rows are filled by then. */
    readonly added: readonly SchemaObject[];
    readonly locking: boolean;
    readonly context: SourceContext;
  },
): Promise<Twins> {
  const { added, columns, context, locking } = how;
  const renamed = await carriedOut(
    { schema: goal },
    columns.flatMap(({ to, beside }) => {
      const object = goal.objects.get(to.address) ?? to;
      return renames(object, [...object.name.slice(0, 2), beside]);
    }),
    context,
  );
  const moved = new Set(
    [...renamed.objects.values()].filter(({ kind, address }) =>
      kind === "column" && !goal.objects.has(address)
    ).map(({ address }) => address),
  );
  const names = new Set(
    [expanded, goal].flatMap(({ objects }) =>
      [...objects.values()].map(({ name }) => name.at(-1) ?? "")
    ),
  );
  const parts: SchemaObject[] = [];
  const keyIndexes: PlannedStatement[] = [];
  const foreignKeys: SchemaObject[] = [];
  const named: PlannedStatement[] = [];
  /** Addresses in `renamed` of what is built. */
  const built = new Set<string>();
  const found = [...renamed.objects.values()].filter((object) =>
    (object.kind === "index" || object.kind === "constraint") &&
    object.depends.some((dep) => moved.has(dep)) &&
    isPlain(object.parent, expanded) &&
    // What is new with the change itself comes with that.
    object.depends.every((dep) =>
      !dep.startsWith("column:") || expanded.objects.has(dep)
    )
  );
  const twinNamed = (object: SchemaObject): SchemaObject => {
    const free = freeName(
      object.name.at(-1) ?? "",
      "new",
      (name) => names.has(name),
    );
    names.add(free);
    const name = [...object.name.slice(0, -1), free];
    return { ...object, name, address: address(object.kind, name) };
  };
  for (const object of found) {
    if (object.payload.valid === false) continue;
    if (!isConstraint(object) || object.payload.type === "check") {
      const twin = twinNamed(object);
      parts.push(twin);
      named.push(...renames(twin, object.name, object));
    } else if (/^(primary key|unique)$/.test(object.payload.type)) {
      const made = keyTwin(object, twinNamed(object), locking);
      if (made === undefined) continue;
      keyIndexes.push(made.index);
      named.unshift(made.become);
    } else continue;
    built.add(object.address);
  }
  for (const object of found) {
    if (!isConstraint(object) || object.payload.type !== "foreign key") {
      continue;
    }
    const ready = object.payload.valid && object.depends.every((dep) => {
      const needed = renamed.objects.get(dep);
      const changes = needed?.depends.some((other) => moved.has(other)) ===
        true;
      return (!changes || built.has(dep)) &&
        (!moved.has(dep) || isPlain(needed?.parent, expanded));
    });
    if (!ready) continue;
    const twin = twinNamed(object);
    // The key that it refers to is an index as yet.
    foreignKeys.push({
      ...twin,
      depends: twin.depends.filter((dep) => expanded.objects.has(dep)),
    });
    named.push(...renames(twin, object.name, object));
  }
  for (const dep of [...moved, ...added.map(({ address }) => address)]) {
    const column = renamed.objects.get(dep);
    const now = expanded.objects.get(dep);
    if (
      now === undefined || column?.payload.notNull !== true ||
      column.payload.notNullUnvalidated === true ||
      column.payload.notNullNoInherit === true ||
      column.payload.inherited === true
    ) continue;
    parts.push({ ...now, payload: { ...now.payload, notNull: true } });
  }
  return { parts, keyIndexes, foreignKeys, named };
}

/**
 * Whether something is a table that neither is a partition, nor has any, nor
 * inherits, nor is inherited from.
 *
 * @param table Its address.
 * @param schema The schema that has it.
 */
export function isPlain(table: string | undefined, schema: Schema): boolean {
  const object = schema.objects.get(table ?? "");
  return object?.kind === "table" &&
    object.payload.partitionBy === undefined &&
    kindOf(object.kind)?.kin(object, schema.objects).length === 0;
}

/** The schema with some objects more, or instead of those of their addresses. */
export function withObjects(
  schema: Schema,
  objects: readonly SchemaObject[],
): Schema {
  return makeSchema([...schema.objects.values(), ...objects], schema);
}

function isConstraint(object: SchemaObject): object is Constraint {
  return object.kind === "constraint" && CONSTRAINT.holds(object.payload);
}

function renames(
  object: SchemaObject,
  name: readonly string[],
  about = object,
): PlannedStatement[] {
  return (kindOf(object.kind)?.rename(object, name) ?? []).map((
    statement,
  ) => ({ ...statement, address: about.address, action: "rename" }));
}

/** A key's index, and what makes the key of it. */
function keyTwin(
  key: Constraint,
  twin: SchemaObject,
  locking: boolean,
):
  | { readonly index: PlannedStatement; readonly become: PlannedStatement }
  | undefined {
  const { definition, parameters, tablespace } = key.payload;
  const index = keyIndexOf(definition);
  if (index === undefined) return undefined;
  const name = twin.name.at(-1) ?? "";
  const on = qualify(key.name.slice(0, 2));
  const sql = writeIndex(
    {
      on,
      definition: `USING ${index.tail}`,
      unique: true,
      parameters,
      tablespace,
    },
    { name, concurrently: !locking },
  );
  const about = { address: key.address, action: "create" } as const;
  return {
    index: {
      ...create(sql, {
        alone: !locking,
        hazards: [{
          kind: "data-dependent",
          allow: "add-unique",
          reason: `Fails where rows of ${on} are equal`,
        }],
      }),
      ...about,
    },
    become: {
      ...create(
        `ALTER TABLE ${on} ADD CONSTRAINT ${
          quoteIdentifier(key.name[2] ?? "")
        } ${index.type} USING INDEX ${quoteIdentifier(name)}${index.timing}`,
      ),
      ...about,
    },
  };
}
