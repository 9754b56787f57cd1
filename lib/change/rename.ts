/**
 * Renames that somebody has told: `--rename OLD=NEW`, or a
 * `-- pawl:renamed-from` comment in the DDL. A PostgreSQL carries them out, so
 * that everything that names the object comes along.
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { PawlError } from "../errors.ts";
import { createTarget, kindOf } from "../kinds/registry.ts";
import { type PlannedStatement, sliceOf } from "../plan/mod.ts";
import { ddlScript } from "../render/ddl_script.ts";
import {
  makeSchema,
  type Schema,
  type SchemaObject,
} from "../schema/schema.ts";
import { address } from "../schema/address.ts";
import { withShadow } from "../shadow/shadow.ts";
import { canonicalJson } from "../schema/data.ts";
import type { SourceContext } from "../sources/context.ts";
import {
  endsWith,
  findRenamed,
  type Found,
  freeName,
  isTaken,
  reusedNames,
} from "./rename_find.ts";
import {
  dottedName,
  loadDdl,
  readOptions,
  type ToldRename,
} from "../sources/mod.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { Cursor, tokensOf } from "../sql/cursor.ts";

/** A schema after renames, and what made it so. */
export interface RenamedSchema {
  /** The schema after them. */
  readonly schema: Schema;
  /** What made it so. */
  readonly statements: readonly PlannedStatement[];
  /** What takes them back, in the order in which it must. */
  readonly back: readonly ToldRename[];
}

/**
 * Reads what `--rename` was given.
 *
 * @param text Such as `users.mail=email`; names as in SQL.
 * @throws {PawlError} `usage`.
 */
export function parseRename(text: string): ToldRename {
  const cursor = new Cursor(tokensOf(text));
  const from = dottedName(cursor);
  const equals = cursor.acceptSymbol("=");
  const to = dottedName(cursor);
  if (from === undefined || !equals || to === undefined || !cursor.done) {
    throw new PawlError(
      "usage",
      `Cannot read --rename ${text}: it is not OLD=NEW`,
      {
        hint:
          "Such as --rename people=users, --rename users.mail=email, --rename mood.sad=unhappy",
      },
    );
  }
  return { from, to, shown: text, mayBeDone: false };
}

/** Asks whether something has another name now; answers for itself where nobody can be asked. */
export type AskRename = (
  from: SchemaObject,
  to: SchemaObject,
) => Promise<boolean>;

/** More than these are no longer a question but a list. */
const MOST_QUESTIONS = 12;

/**
 * Asks about what is gone and what is new of the same kind, place and
 * payload: whether that is one thing with another name.
 *
 * @param schemas The schema as it is, and as it is to be.
 * @param told What was told already: not asked about.
 * @param ask Who is asked; undefined asks nobody.
 * @returns What was told, and the answers.
 */
export async function askRenames(
  schemas: readonly [Schema, Schema],
  told: readonly ToldRename[],
  ask: AskRename | undefined,
): Promise<readonly ToldRename[]> {
  if (ask === undefined) return told;
  const [from, to] = schemas;
  const answered: ToldRename[] = [...told];
  const taken = new Set<string>();
  const pairs = [...from.objects.values()].flatMap((was) =>
    to.objects.has(was.address)
      ? []
      : newOnes(was, schemas).map((is) => ({ was, is }))
  );
  if (pairs.length > MOST_QUESTIONS) return told;
  for (const { was, is } of pairs) {
    const known = told.some(({ from: old }) => endsWith(was.name, old));
    if (known || taken.has(was.address) || taken.has(is.address)) continue;
    if (!(await ask(was, is))) continue;
    taken.add(was.address);
    taken.add(is.address);
    answered.push({
      from: was.name,
      to: is.name,
      shown: `${was.name.join(".")}=${is.name.join(".")}`,
      mayBeDone: false,
    });
  }
  return answered;
}

/** What is new and could be something that is gone. */
function newOnes(
  was: SchemaObject,
  [from, to]: readonly [Schema, Schema],
): SchemaObject[] {
  const kind = kindOf(was.kind);
  // Parts of what is gone as a whole are asked about with it.
  const whole = was.parent === undefined || to.objects.has(was.parent);
  if (kind === undefined || !whole || kind.structure(was) !== undefined) {
    return [];
  }
  return [...to.objects.values()].filter((is) =>
    is.kind === was.kind && is.parent === was.parent &&
    !from.objects.has(is.address) &&
    is.name.length === was.name.length && is.name[0] === was.name[0] &&
    (kind.rename(was, is.name)?.length ?? 0) > 0 &&
    canonicalJson(is.payload) === canonicalJson(was.payload)
  );
}

/**
 * Renames objects of a schema, where the other one has the new name and not
 * the old one.
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
  let [schema] = schemas;
  const [, to] = schemas;
  const statements: PlannedStatement[] = [];
  const back: ToldRename[] = [];
  const made = new Set<string>();
  const carryOut = async (found: Found, request: ToldRename) => {
    const place = missingSchema(found, request, [schema, to]);
    if (place !== undefined) {
      made.add(place.address);
      statements.push(...created(place, to));
      schema = makeSchema([...schema.objects.values(), place], schema);
    }
    const renamed = await renameOne(schema, found, context);
    statements.push(...renamed.statements);
    schema = renamed.schema;
  };
  let pending = requests;
  const resolve = (request: ToldRename): Resolved | undefined => {
    // Of what a table is called by then.
    const reused = reusedNames([schema, to], pending);
    const found = findRenamed([schema, to], { request, requests, reused });
    return found === undefined
      ? undefined
      : { request, found: withinSchema(found, requests) };
  };
  const done = (request: ToldRename) => {
    pending = pending.filter((other) => other !== request);
  };
  for (let [first] = pending; first !== undefined; [first] = pending) {
    const resolved = resolve(first);
    if (resolved === undefined) {
      done(first);
      continue;
    }
    const { found, request, taken } = firstInTurn(resolved, {
      pending,
      schema,
      resolve,
    });
    if (taken) {
      // Two exchange their names: one steps aside.
      const { object } = found;
      const name = [...object.name.slice(0, -1), freeName(object, schema)];
      await carryOut({ object, part: undefined, name }, request);
      pending = pending.map((other) =>
        other === request ? { ...request, from: name } : other
      );
    } else {
      await carryOut(found, request);
      done(request);
    }
    if (taken || requests.includes(request)) {
      back.unshift(backOf(found, request));
    }
  }
  // Whose a new schema is, is still to be said.
  const objects = [...schema.objects.values()].filter(({ parent }) =>
    parent === undefined || !made.has(parent)
  );
  return { schema: makeSchema(objects, schema), statements, back };
}

/** A request, and what it is about. */
interface Resolved {
  readonly request: ToldRename;
  readonly found: Found;
}

/** What has a new name that others still have waits for those. */
function firstInTurn(
  start: Resolved,
  how: {
    readonly pending: readonly ToldRename[];
    readonly schema: Schema;
    readonly resolve: (request: ToldRename) => Resolved | undefined;
  },
): Resolved & { readonly taken: boolean } {
  const { pending, resolve, schema } = how;
  const waiting = new Set<string>();
  for (let at = start;;) {
    const { found, request } = at;
    if (!isTaken(schema, found)) return { ...at, taken: false };
    waiting.add(found.object.address);
    const holder = address(found.object.kind, found.name);
    if (waiting.has(holder)) return { ...at, taken: true };
    // Others may be said in names that are not there yet.
    const next = pending.map((other) => resolve({ ...other, mayBeDone: true }))
      .find((other) => other?.found.object.address === holder);
    const own = pending.find((other) => other.shown === next?.request.shown);
    if (next === undefined || own === undefined) {
      throw new PawlError(
        "rename-unknown",
        `Cannot rename ${request.shown}: there is a ${
          found.object.kind.replaceAll("_", " ")
        } of the new name`,
        { hint: "Say what becomes of that one, too, or drop it first" },
      );
    }
    at = { ...next, request: own };
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

/** What is in a schema that is renamed too gets there with that. */
function withinSchema(found: Found, requests: readonly ToldRename[]): Found {
  const [was = ""] = found.object.name;
  const [is, ...rest] = found.name;
  return found.name.length > 1 &&
      requests.some(({ from, to }) =>
        from.length === 1 && to.length === 1 && from[0] === was && to[0] === is
      )
    ? { ...found, name: [was, ...rest] }
    : found;
}

/**
 * Puts requests in an order in which they can be carried out: what is said
 * under the old name of its table comes before the table.
 */
export function inOrder(requests: readonly ToldRename[]): ToldRename[] {
  return [...requests].sort((a, b) => b.from.length - a.from.length);
}

function backOf(
  { object, part, name }: Found,
  { shown }: ToldRename,
): ToldRename {
  return part === undefined
    ? { from: name, to: object.name, shown, mayBeDone: false }
    : {
      from: [...name, part.to],
      to: [...name, part.from],
      shown,
      mayBeDone: false,
    };
}

/** What gets another name: an object, or a part of it that is none. */
export type Renaming = Found;

/**
 * Gives one thing another name, in a shadow, so that all that names it comes
 * along.
 *
 * @param schema The schema that has it.
 * @param found What, and its new name.
 * @param context The project, the shadow, listeners.
 */
export async function renameOne(
  schema: Schema,
  found: Renaming,
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
