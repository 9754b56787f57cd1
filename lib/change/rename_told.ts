/**
 * Carries out renames that somebody has told, and takes them back. A
 * PostgreSQL does it, so that everything that names the object comes along.
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { PawlError } from "../errors.ts";
import { createTarget, kindOf } from "../kinds/registry.ts";
import { type PlannedStatement, sliceOf } from "../plan/mod.ts";
import { ddlScript } from "../render/ddl_script.ts";
import { address } from "../schema/address.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import { withShadow } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { loadDdl, readOptions, type ToldRename } from "../sources/mod.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import {
  addressOf,
  depthOf,
  findRenames,
  type Found,
  type FoundRename,
  hasPart,
} from "./find_rename.ts";

/** A schema after renames, and what made it so. */
export interface RenamedSchema {
  /** The schema after them. */
  readonly schema: Schema;
  /** What made it so. */
  readonly statements: readonly PlannedStatement[];
  /** What takes them back, in the order in which it must. */
  readonly back: readonly RenameBack[];
}

/** One thing that gets another name. */
interface Step {
  readonly found: Found;
  readonly request: ToldRename;
}

/** What takes a rename back. */
export interface RenameBack extends ToldRename {
  /** The object, as it is called before that. */
  readonly object: Pick<SchemaObject, "kind" | "address">;
  /** The part that is renamed, where it is a part that is no object. */
  readonly part: { readonly from: string; readonly to: string } | undefined;
}

/**
 * Renames objects of a schema, where the other one has the new name and not
 * the old one. What changes names among each other does so by a name that
 * nothing has.
 *
 * @param schemas The schema, and the one that it is to become.
 * @param requests What to rename.
 * @param context The project, the shadow, listeners.
 * @throws {PawlError} `rename-unknown` for what is not there, or ambiguous.
 */
export async function renameTold(
  schemas: readonly [Schema, Schema],
  requests: readonly ToldRename[],
  context: SourceContext,
): Promise<RenamedSchema> {
  const steps: Step[] = [];
  let left = findRenames(schemas, requests);
  const names = new Set(
    schemas.flatMap(({ objects }) =>
      [...objects.values()].map(({ address }) => address)
    ),
  );
  const isFree = (one: FoundRename) =>
    !left.some((other) => other !== one && isInTheWay(other, one));
  while (left.length > 0) {
    const depth = Math.max(...left.map(depthOf));
    const level = left.filter((one) => depthOf(one) === depth);
    const next = level.find(isFree);
    const [first] = level;
    if (next !== undefined) {
      left = left.filter((one) => one !== next);
      steps.push({ found: next, request: next.request });
    } else if (first?.request.mayBeDone) {
      // They have changed names before: that again would undo it.
      left = left.filter((one) => one !== first);
    } else if (first !== undefined) {
      const { away, there } = byAnotherName(first, names);
      steps.push({ found: away, request: first.request });
      left = left.map((one) => one === first ? there : one);
    }
  }
  return await carryOut(schemas, steps, context);
}

/**
 * Takes renames back.
 *
 * @param schemas The schema, and the one that it is to become.
 * @param back What takes them back, in order.
 * @param context The project, the shadow, listeners.
 */
export async function renameBack(
  schemas: readonly [Schema, Schema],
  back: readonly RenameBack[],
  context: SourceContext,
): Promise<RenamedSchema> {
  const steps = back.map((one): Step => {
    const name = one.part === undefined ? one.from : one.from.slice(0, -1);
    const object = { ...NOTHING, ...one.object, name };
    const found = one.part === undefined
      ? { object, part: undefined, name: one.to }
      : { object, part: one.part, name };
    return { found, request: one };
  });
  return await carryOut(schemas, steps, context);
}

/** Stands for an object of a kind and name, until it is looked up. */
const NOTHING: SchemaObject = {
  kind: "",
  address: "",
  payload: {},
  depends: [],
  parent: undefined,
  name: [],
  position: 0,
};

async function carryOut(
  [from, to]: readonly [Schema, Schema],
  steps: readonly Step[],
  context: SourceContext,
): Promise<RenamedSchema> {
  let schema = from;
  const statements: PlannedStatement[] = [];
  const back: RenameBack[] = [];
  const made = new Set<string>();
  for (const { found: told, request } of steps) {
    const found = { ...told, object: currentOf(told, schema) };
    const place = missingSchema(found, request, [schema, to]);
    if (place !== undefined) {
      made.add(place.address);
      statements.push(...created(place, to));
      schema = makeSchema([...schema.objects.values(), place], schema);
    }
    const renamed = await renameOne(schema, found, context);
    statements.push(...renamed.statements);
    schema = renamed.schema;
    back.unshift(backOf(found, request));
  }
  // Whose a new schema is, is still to be said.
  const objects = [...schema.objects.values()].filter(({ parent }) =>
    parent === undefined || !made.has(parent)
  );
  return { schema: makeSchema(objects, schema), statements, back };
}

/** An object as it is after the renames before. */
function currentOf({ object }: Found, { objects }: Schema): SchemaObject {
  const exact = objects.get(object.address);
  if (exact !== undefined) return exact;
  const named = [...objects.values()].find(({ kind, name }) =>
    kind === object.kind && name.join("\0") === object.name.join("\0")
  );
  return named ?? object;
}

/** Whether something still has the name that another thing is to get. */
function isInTheWay(other: FoundRename, one: FoundRename): boolean {
  if (one.part !== undefined || other.part !== undefined) {
    return one.part !== undefined && other.part?.from === one.part.to &&
      other.object.address === one.object.address;
  }
  return other.object.kind === one.object.kind &&
    other.object.address === addressOf(one.object, one.name);
}

/** Two steps instead of one, so that two things can change names. */
function byAnotherName(
  one: FoundRename,
  taken: Set<string>,
): { readonly away: Found; readonly there: FoundRename } {
  const { object, part } = one;
  for (let i = 1;; i++) {
    const last = `pawl_renamed_${i}`;
    if (part !== undefined) {
      const name = `${object.address} ${last}`;
      if (taken.has(name) || hasPart(object, last)) continue;
      taken.add(name);
      return {
        away: { ...one, part: { from: part.from, to: last } },
        there: { ...one, part: { from: last, to: part.to } },
      };
    }
    const name = [...object.name.slice(0, -1), last];
    const address = addressOf(object, name);
    if (taken.has(address)) continue;
    taken.add(address);
    return {
      away: { ...one, name },
      there: { ...one, object: { ...object, name, address } },
    };
  }
}

/** The schema that something moves to, where only the goal has it. */
function missingSchema(
  { name, object }: Found,
  { shown }: ToldRename,
  [from, to]: readonly [Schema, Schema],
): SchemaObject | undefined {
  const [schema = ""] = name;
  const place = address("schema", [schema]);
  if (
    name.length < 2 || schema === object.name[0] || from.objects.has(place)
  ) return undefined;
  const wanted = to.objects.get(place);
  if (wanted !== undefined) return wanted;
  throw new PawlError(
    "rename-unknown",
    `Cannot rename ${shown}: there is no schema ${schema}`,
    { hint: "The goal must have the schema that something moves to" },
  );
}

function created(object: SchemaObject, to: Schema): PlannedStatement[] {
  const { address } = object;
  const statements = kindOf(object.kind)?.create(object, [], createTarget(to));
  return (statements ?? []).map((statement) => ({
    ...statement,
    address,
    action: "create",
  }));
}

function backOf(
  { object, part, name }: Found,
  { shown }: ToldRename,
): RenameBack {
  const { kind, address } = object;
  return part === undefined
    ? {
      from: name,
      to: object.name,
      shown,
      mayBeDone: false,
      object: { kind, address: addressOf(object, name) },
      part,
    }
    : {
      from: [...name, part.to],
      to: [...name, part.from],
      shown,
      mayBeDone: false,
      object: { kind, address },
      part: { from: part.to, to: part.from },
    };
}

/**
 * Gives one thing another name, in a shadow, so that all that names it comes
 * along.
 *
 * @param schema The schema that has it.
 * @param found What, and its new name.
 * @param context The project, the shadow, listeners.
 */
async function renameOne(
  schema: Schema,
  found: Found,
  context: SourceContext,
): Promise<Omit<RenamedSchema, "back">> {
  const { object, part, name } = found;
  const kind = kindOf(object.kind);
  const statements = part === undefined
    ? kind?.rename(object, name)
    : kind?.renamePart(object, part.from, part.to);
  const planned = (statements ?? []).map((statement) => ({
    ...statement,
    address: object.address,
    action: "rename" as const,
  }));
  // Where it moves to another schema, that has to be there too.
  const others = name[0] === object.name[0]
    ? []
    : [address("schema", name.slice(0, 1))];
  return {
    schema: await carriedOut({ schema, others }, planned, context),
    statements: planned,
  };
}

/**
 * What a schema is after statements, which a shadow carries out.
 *
 * @param start The schema, and addresses that the statements need besides those
 * that they are about.
 * @param statements The statements.
 * @param context The project, the shadow, listeners.
 */
export async function carriedOut(
  start: { readonly schema: Schema; readonly others?: readonly string[] },
  statements: readonly PlannedStatement[],
  context: SourceContext,
): Promise<Schema> {
  const { schema, others = [] } = start;
  const [slice] = sliceOf([schema, schema], [
    ...statements.map(({ address }) => address),
    ...others,
  ]);
  const after = await withShadow(shadowOptions(context), async (session) => {
    await loadDdl(
      session,
      [{ path: "the starting schema", text: ddlScript(slice).sql }],
      { signal: context.signal },
    );
    for (const { sql } of statements) await session.script(sql);
    return await readSchema(session, readOptions(context));
  });
  const objects = [
    ...[...schema.objects.values()].filter(({ address }) =>
      !slice.objects.has(address)
    ),
    ...after.objects.values(),
  ];
  return makeSchema(objects, schema);
}
