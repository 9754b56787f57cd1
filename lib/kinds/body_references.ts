/**
 * What the bodies of functions refer to. PostgreSQL keeps a body that is a
 * string as it is and records nothing of what it needs, but refuses to create
 * a function in SQL, and one in PL/pgSQL with a `%ROWTYPE`, before that exists.
 *
 * What is found here is used for order only: a name may be resolved wrongly,
 * a body may be built at run time. So a reference that would close a circle is
 * left out, and a body that cannot be parsed has none. Names no kind.
 *
 * @module
 */

import { compareAddresses } from "../schema/address.ts";
import type { Schema, SchemaObject } from "../schema/schema.ts";
import { bodyParser } from "./body_parser.ts";
import type { OpaqueBody } from "./kind.ts";
import { kindOf } from "./registry.ts";

/**
 * Adds to the dependencies of each object what its body refers to.
 *
 * @param schema The schema, read with its dependencies.
 * @param onUnknown Told of each object whose body may refer to something that
 * the schema does not have, with its schema and name.
 * @returns The same schema where no object has such a body; the parser is
 * loaded only where one has.
 */
export async function withBodyReferences(
  schema: Schema,
  onUnknown?: (address: string, name: readonly [string, string]) => void,
): Promise<Schema> {
  const bodies: { readonly object: SchemaObject; readonly body: OpaqueBody }[] =
    [];
  for (const object of schema.objects.values()) {
    const body = kindOf(object.kind)?.body(object);
    if (body !== undefined) bodies.push({ object, body });
  }
  if (bodies.length === 0) return schema;
  // In SQL a reference decides whether the function can be created: those
  // come before what may close a circle with them.
  bodies.sort((a, b) => rank(a.body) - rank(b.body));
  const namesIn = await bodyParser();
  const resolve = resolver(schema);
  const graph = new Graph(schema);
  const added = new Map<string, Set<string>>();
  for (const { object, body } of bodies) {
    const known = new Set<string>(object.depends);
    for (const name of namesIn(body)) {
      const { found, missed } = resolve(name, pathOf(body, object));
      for (const one of missed) onUnknown?.(object.address, one);
      for (const address of found) {
        if (known.has(address) || !graph.add(object.address, address)) continue;
        known.add(address);
      }
    }
    if (known.size > object.depends.length) added.set(object.address, known);
  }
  const objects = new Map<string, SchemaObject>();
  for (const [address, object] of schema.objects) {
    const depends = added.get(address);
    objects.set(
      address,
      depends === undefined
        ? object
        : { ...object, depends: [...depends].sort(compareAddresses) },
    );
  }
  return { ...schema, objects };
}

function rank(body: OpaqueBody): number {
  return body.language === "sql" ? 0 : 1;
}

/** Where names without a schema are looked for: a loader's path is `public`. */
function pathOf(body: OpaqueBody, object: SchemaObject): readonly string[] {
  return body.searchPath ??
    [...new Set(["public", object.name[0] ?? "public"])];
}

/** What a name may mean. */
interface Resolved {
  /** Every object of the name: overloaded functions share one. */
  readonly found: readonly string[];
  /** Schemas and names in which there is no such object, though one would come first. */
  readonly missed: readonly (readonly [string, string])[];
}

/** Finds what a name means. */
function resolver(
  schema: Schema,
): (name: readonly string[], path: readonly string[]) => Resolved {
  const byName = new Map<string, string[]>();
  for (const object of schema.objects.values()) {
    const [outer, inner, ...rest] = object.name;
    if (outer === undefined || inner === undefined || rest.length > 0) continue;
    const key = `${outer}\0${inner}`;
    const list = byName.get(key);
    if (list === undefined) byName.set(key, [object.address]);
    else list.push(object.address);
  }
  return (name, path) => {
    const [outer, inner] = name;
    const missed: (readonly [string, string])[] = [];
    if (outer === undefined) return { found: [], missed };
    const places = inner === undefined
      ? path.map((schemaName) => [schemaName, outer] as const)
      : [[outer, inner] as const];
    for (const place of places) {
      const found = byName.get(place.join("\0"));
      if (found !== undefined) return { found, missed };
      missed.push(place);
    }
    return { found: [], missed };
  };
}

/** Who needs whom; what is written with its parent is one with it. */
class Graph {
  readonly #needs = new Map<string, Set<string>>();
  readonly #home = new Map<string, string>();

  constructor(schema: Schema) {
    for (const object of schema.objects.values()) {
      if (object.parent !== undefined && kindOf(object.kind)?.foldsInto) {
        this.#home.set(object.address, object.parent);
      }
    }
    for (const object of schema.objects.values()) {
      for (const needed of object.depends) {
        this.#needsOf(object.address).add(this.#homeOf(needed));
      }
    }
  }

  /** Enters an edge, unless it would close a circle. */
  add(from: string, to: string): boolean {
    const start = this.#homeOf(from);
    const goal = this.#homeOf(to);
    if (start === goal || this.#reaches(goal, start)) return false;
    this.#needsOf(from).add(goal);
    return true;
  }

  #homeOf(address: string): string {
    return this.#home.get(address) ?? address;
  }

  #needsOf(address: string): Set<string> {
    const home = this.#homeOf(address);
    let needs = this.#needs.get(home);
    if (needs === undefined) this.#needs.set(home, needs = new Set());
    return needs;
  }

  #reaches(from: string, to: string): boolean {
    const seen = new Set([from]);
    const left = [from];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (next === to) return true;
      for (const needed of this.#needs.get(next) ?? []) {
        if (seen.has(needed)) continue;
        seen.add(needed);
        left.push(needed);
      }
    }
    return false;
  }
}
