/**
 * `schema`: the declared schema against the live one, object by object, with
 * the parts of each below it.
 *
 * @module
 */

import type { AttributeChange, Change } from "../diff.ts";
import { PawlError } from "../errors.ts";
import { differences } from "../kinds/forms.ts";
import { ownedBy } from "../kinds/owned_by.ts";
import { kindOf } from "../kinds/registry.ts";
import { readLive } from "../migrate/live_state.ts";
import { isUnreadable } from "../migrate/recorded_drift.ts";
import type { Project } from "../migrate/project.ts";
import { withExecution } from "../migrate/run_session.ts";
import { isConverged } from "../plan/policy.ts";
import { addressParts } from "../schema/address_parts.ts";
import { compareAddresses } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { parentsOf } from "./compare.ts";
import { type Declared, readDeclared, withinDeclared } from "./declared.ts";
import { sessionOptions } from "./drift.ts";

/**
 * How an object stands: as declared; not; so that convergence mends it; but
 * for what no application notices; of an index method that convergence leaves
 * alone; not declared at all, and reported only.
 */
export type ObjectStanding =
  | "ok"
  | "error"
  | "fixable"
  | "minor"
  | "unmanaged"
  | "undeclared";

/** One object of the declared or the live schema. */
export interface CheckedObject {
  /** The object: as declared, else as it is. */
  readonly object: SchemaObject;
  /** How it stands. */
  readonly standing: ObjectStanding;
  /** `missing`, `extra` or `differs`; undefined where it is as declared. */
  readonly issue: "missing" | "extra" | "differs" | undefined;
  /** What differs: from what is declared to what there is. */
  readonly attributes: readonly AttributeChange[];
  /** Its parts: columns before constraints, indexes and the rest. */
  readonly parts: readonly CheckedObject[];
}

/** The declared schema against the live one. */
export interface SchemaReport {
  /** The project's name. */
  readonly project: string;
  /** Where the database is, without secrets. */
  readonly database: string;
  /** Where the schema is declared. */
  readonly declared: string;
  /** What stands by itself, with its parts, in the order of addresses. */
  readonly objects: readonly CheckedObject[];
  /** How many objects were looked at, parts included. */
  readonly checked: number;
  /** How many of them are not as declared. */
  readonly issues: number;
  /** How many of those convergence mends. */
  readonly fixable: number;
  /** What could not be read, one line each. */
  readonly warnings: readonly string[];
}

/** What to look at. */
export interface CheckOptions extends Omit<SourceContext, "project"> {
  /** The name or address of an object, or of one that it is a part of; all by default. */
  readonly object?: string | undefined;
}

/**
 * Compares the declared schema with the live one.
 *
 * @param project The project.
 * @param options Which object, shadow, signal, listeners.
 * @throws {PawlError} `config-missing` where no schema is declared; `usage`
 * where there is no object of that name.
 */
export async function checkSchema(
  project: Project,
  options: CheckOptions = {},
): Promise<SchemaReport> {
  const declared = await readDeclared({ ...options, project });
  return await withExecution(
    project,
    { ...sessionOptions(options), readOnly: true },
    async ({ session }) => {
      const live = await readLive(session, project.settings);
      return await report(project, {
        declared: {
          ...declared,
          schema: ownedBy(declared.schema, live.schema.owner),
        },
        live: withinDeclared(live.schema, declared.schema),
        database: session.info.place,
        object: options.object,
      });
    },
  );
}

async function report(
  project: Project,
  at: {
    readonly declared: Declared;
    readonly live: Schema;
    readonly database: string;
    readonly object: string | undefined;
  },
): Promise<SchemaReport> {
  const { declared: { schema, name }, live } = at;
  const changes = new Map(
    (await differences(schema, live)).map((change) => [change.address, change]),
  );
  const all = new Map([...live.objects, ...schema.objects]);
  const children = new Map<string, SchemaObject[]>();
  const roots: SchemaObject[] = [];
  for (const object of all.values()) {
    const { parent } = object;
    if (parent === undefined || !all.has(parent)) roots.push(object);
    else children.set(parent, [...children.get(parent) ?? [], object]);
  }
  const check = (object: SchemaObject): CheckedObject => {
    const change = changes.get(object.address);
    return {
      object,
      standing: standingOf(change, { project, declared: schema, live }),
      issue: change === undefined ? undefined : ISSUES[change.kind],
      attributes: change?.kind === "altered" ? change.attributes : [],
      parts: (children.get(object.address) ?? []).sort(byPosition).map(check),
    };
  };
  const objects = roots.sort((a, b) => compareAddresses(a.address, b.address))
    .map(check);
  const chosen = at.object === undefined ? objects : choose(objects, at.object);
  const flat = chosen.flatMap(flatten);
  const bad = flat.filter(isIssue);
  return {
    project: project.settings.project,
    database: at.database,
    declared: name,
    objects: chosen,
    checked: flat.length,
    issues: bad.length,
    fixable: bad.filter(({ standing }) => standing === "fixable").length,
    warnings: [...schema.notices, ...live.notices].map((n) => n.message),
  };
}

const ISSUES = {
  created: "extra",
  dropped: "missing",
  altered: "differs",
} as const;

/** Whether somebody has something to do about an object. */
export function isIssue({ standing }: CheckedObject): boolean {
  return standing === "error" || standing === "fixable";
}

/** An object and all of its parts. */
export function flatten(checked: CheckedObject): CheckedObject[] {
  return [checked, ...checked.parts.flatMap(flatten)];
}

function standingOf(
  change: Change | undefined,
  at: {
    readonly project: Project;
    readonly declared: Schema;
    readonly live: Schema;
  },
): ObjectStanding {
  if (change === undefined) return "ok";
  const { settings } = at.project;
  const object = change.kind === "altered" ? change.to : change.object;
  const { method } = object.payload;
  if (
    typeof method === "string" && settings.converge.unmanaged.includes(method)
  ) return "unmanaged";
  if (change.minor) return "minor";
  // Nobody knows; the warning says so.
  if (change.kind === "altered" && isUnreadable(change.attributes)) {
    return "minor";
  }
  if (change.kind === "created") {
    const root = parentsOf(change.address, at.live).at(-1);
    if (root === undefined || !at.declared.objects.has(root)) {
      return settings.undeclared === "report" ? "undeclared" : "error";
    }
  }
  // What lacks its whole is created with it.
  if (change.kind === "dropped" && !hasWhole(change.address, at)) {
    return "error";
  }
  return isFixable(change, object) ? "fixable" : "error";
}

function hasWhole(
  address: string,
  at: { readonly declared: Schema; readonly live: Schema },
): boolean {
  return parentsOf(address, at.declared).every((p) => at.live.objects.has(p));
}

/** Whether convergence mends what of a change is to be noticed. */
function isFixable(change: Change, { kind }: SchemaObject): boolean {
  return isConverged(
    kind,
    change.kind === "altered"
      ? {
        ...change,
        attributes: change.attributes.filter(({ minor }) => !minor),
      }
      : change,
  );
}

/** Columns in their order, then the rest by kind and name. */
function byPosition(a: SchemaObject, b: SchemaObject): number {
  const folds = (object: SchemaObject) =>
    kindOf(object.kind)?.foldsInto === true ? 0 : 1;
  return folds(a) - folds(b) || a.position - b.position ||
    compareAddresses(a.address, b.address);
}

/** Those objects, or parts in theirs, that a text names. */
function choose(
  objects: readonly CheckedObject[],
  text: string,
): CheckedObject[] {
  const is = ({ object }: CheckedObject) =>
    object.address === text ||
    addressParts(object.address).kinds.length === 1 &&
      (addressParts(object.address).name === text ||
        object.name.some((_, i) => object.name.slice(i).join(".") === text));
  const chosen = objects.filter(is);
  if (chosen.length > 0) return chosen;
  const parts = objects.flatMap(flatten).filter(is);
  if (parts.length > 0) return parts;
  throw new PawlError(
    "usage",
    `Cannot show ${text}: there is no object of that name, declared or live`,
    { hint: "pawl schema lists them; a name may have its schema before it" },
  );
}
