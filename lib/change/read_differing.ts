/**
 * Reads two live databases for a change between them: of large ones only the
 * hashes, and then the objects that the change is about. What is left out has
 * the same hash in both, and nothing that changes has to do with it.
 *
 * @module
 */

import {
  countRelations,
  findRelations,
  type FoundRelation,
  type ReadOptions,
  readPart,
  type SchemaPart,
} from "../catalog/read.ts";
import {
  readHashed,
  type ReadHashes,
  readHashes,
} from "../catalog/read_hashed.ts";
import type { CatalogRow, WantedRelations } from "../catalog/relation_rows.ts";
import { kindOf } from "../kinds/registry.ts";
import { hashesOf, keepHashes } from "../kinds/schema_hashes.ts";
import type { Session } from "../pg/session.ts";
import { type Reach, reacher } from "../plan/mod.ts";
import { addressParts } from "../schema/address_parts.ts";
import { differingIn } from "../schema/hash_lines.ts";
import type { Schema } from "../schema/schema.ts";

type Both<T> = readonly [T, T];

/** A database, and what of it is read. */
export interface ReadSide {
  readonly session: Session;
  readonly options: ReadOptions;
}

/** How two databases are read. */
export interface ReadDiffering {
  /** Addresses that a change touches, as far as can be told from what has been read. */
  readonly touched: (from: Schema, to: Schema) => Promise<Iterable<string>>;
  /** When a part is read; by default where that is worth it. */
  readonly limits?: PartLimits | undefined;
}

/** When of two databases a part is read. */
export interface PartLimits {
  /** With fewer relations all is read. */
  readonly least: number;
  /** A part that is more than that share of the relations is none. */
  readonly most: number;
}

const WORTH_IT: PartLimits = { least: 200, most: 1 / 4 };

/** Each time a little more is read; changes that go further are rare. */
const MOST_ROUNDS = 8;

/**
 * Reads two databases.
 *
 * @param sides The database as it is, and as it is to be.
 * @param how How they are read.
 * @returns Both, or the parts of both that matter, with the hashes of the
 * whole kept.
 * @throws {PawlError} As `readSchema()`.
 */
export async function readDiffering(
  sides: Both<ReadSide>,
  how: ReadDiffering,
): Promise<Both<Schema>> {
  return await readParts(sides, how) ?? await bothOf(sides, readWhole);
}

/** Reads a schema and hashes it while the server works: the plan asks for that. */
export async function readWhole(
  { session, options }: ReadSide,
): Promise<Schema> {
  const read = await readHashed(session, options);
  keepHashes(read.schema, read);
  return read.schema;
}

/** Undefined where all has to be read. */
async function readParts(
  sides: Both<ReadSide>,
  { touched, limits = WORTH_IT }: ReadDiffering,
): Promise<Both<Schema> | undefined> {
  // What is to be ignored is known of all objects only.
  if (sides.some(({ options }) => (options.ignore?.length ?? 0) > 0)) {
    return undefined;
  }
  const counts = await bothOf(sides, ({ session }) => countRelations(session));
  if (Math.min(...counts) < limits.least) return undefined;
  const hashed = await bothOf(
    sides,
    ({ session, options }) => readHashes(session, options),
  );
  // What cannot be read may be what something else has to do with.
  if (
    hashed.some(({ schema, notices }) =>
      schema !== undefined || notices.some(({ code }) => code === "unreadable")
    )
  ) return undefined;
  const at = differingIn(hashed[0].lines, hashed[1].lines);
  const most = Math.max(...counts) * limits.most;
  if (at.length > most) return undefined;
  const wanted = new Wanted(at);
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const relations = await bothRelations(sides, wanted);
    if (relations.some(({ length }) => length > most)) return undefined;
    const parts = await bothOf(
      sides,
      ({ session, options }, i) => readPart(session, options, relations[i]),
    );
    const schemas = [parts[0].schema, parts[1].schema] as const;
    const reach = reacher(schemas);
    const about = (addresses: Iterable<string>) =>
      reach(withWholes(addresses, schemas));
    if (concernsAll(withWholes(at, schemas), schemas)) return undefined;
    if (wanted.add(about(at), parts)) continue;
    // What cannot be planned from a part is planned, or refused, from the whole.
    const planned = await touched(...schemas).catch(() => undefined);
    if (planned === undefined) return undefined;
    if (wanted.add(about([...at, ...planned]), parts)) continue;
    return await areParts(schemas, hashed, at)
      ? [ofWhole(schemas[0], hashed[0]), ofWhole(schemas[1], hashed[1])]
      : undefined;
  }
  return undefined;
}

/** What is of interest in one database is so in the other, if it is there. */
async function bothRelations(
  sides: Both<ReadSide>,
  wanted: Wanted,
): Promise<Both<readonly FoundRelation[]>> {
  for (;;) {
    const found = await bothOf(
      sides,
      ({ session }, i) => findRelations(session, wanted.of(i)),
    );
    if (!wanted.addNames(found)) return found;
  }
}

/** What of both databases is to be read. */
class Wanted {
  readonly #names = new Map<string, readonly [string, string]>();
  readonly #rows: Both<Map<string, CatalogRow>> = [new Map(), new Map()];

  constructor(addresses: Iterable<string>) {
    for (const address of addresses) this.#addAddress(address);
  }

  of(side: 0 | 1): WantedRelations {
    return {
      names: this.#names.values(),
      rows: this.#rows[side].values(),
    };
  }

  /**
   * Adds what is outside and yet changes have to do with.
   *
   * @returns Whether there is anything that was not wanted before.
   */
  add({ affected, all }: Reach, parts: Both<SchemaPart>): boolean {
    const before = this.#size;
    for (const [i, { outside }] of parts.entries()) {
      for (const { near, far, depends } of outside) {
        if (!(depends ? affected : all).has(near)) continue;
        if (typeof far === "string") this.#addAddress(far);
        else this.#rows[i === 0 ? 0 : 1].set(far.join(" "), far);
      }
    }
    return this.#size > before;
  }

  /** Adds what only one of two has found; whether there is any such. */
  addNames([from, to]: Both<readonly FoundRelation[]>): boolean {
    const before = this.#size;
    const keys = [from, to].map((found) =>
      new Set(found.map(({ name }) => name.join("\0")))
    );
    for (const { name } of [...from, ...to]) {
      const key = name.join("\0");
      if (!keys.every((found) => found.has(key))) this.#names.set(key, name);
    }
    return this.#size > before;
  }

  get #size(): number {
    return this.#names.size + this.#rows[0].size + this.#rows[1].size;
  }

  #addAddress(address: string): void {
    const { parts: [schema, name] } = addressParts(address);
    if (schema === undefined || name === undefined) return;
    this.#names.set(`${schema}\0${name}`, [schema, name]);
  }
}

/** What is made anew with a part of it that changes has its own dependents. */
function withWholes(
  addresses: Iterable<string>,
  schemas: Both<Schema>,
): Set<string> {
  const all = new Set(addresses);
  for (const address of all) {
    for (const { objects } of schemas) {
      const parent = objects.get(address)?.parent;
      if (parent !== undefined) all.add(parent);
    }
  }
  return all;
}

/**
 * Whether changes are about what is in no schema, such as a schema itself: its
 * owner is that of all in it of which nobody says otherwise.
 */
function concernsAll(
  addresses: Iterable<string>,
  schemas: Both<Schema>,
): boolean {
  for (const address of addresses) {
    for (const { objects } of schemas) {
      const object = objects.get(address);
      if (object === undefined) continue;
      if (object.name.length < 2 || kindOf(object.kind)?.pervades) return true;
    }
  }
  return false;
}

/** Whether parts are what the hashes were made of: nobody has changed anything meanwhile. */
async function areParts(
  schemas: Both<Schema>,
  hashed: Both<ReadHashes>,
  at: readonly string[],
): Promise<boolean> {
  const isThere = (address: string) =>
    schemas.some(({ objects }) => objects.has(address));
  if (!at.every(isThere)) return false;
  for (const [i, schema] of schemas.entries()) {
    const { lines } = await hashesOf(schema);
    const whole = hashed[i === 0 ? 0 : 1].lines;
    if (!lines.every((line) => isIn(whole, line))) return false;
  }
  return true;
}

/** Whether a text is among sorted ones. */
function isIn(sorted: readonly string[], text: string): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === text;
}

/** A part with what is known of the whole. */
function ofWhole(part: Schema, hashed: ReadHashes): Schema {
  const schema = { ...part, notices: hashed.notices };
  keepHashes(schema, hashed);
  return schema;
}

async function bothOf<A, B>(
  [first, second]: Both<A>,
  work: (one: A, side: 0 | 1) => Promise<B>,
): Promise<Both<B>> {
  return await bothSettled(work(first, 0), work(second, 1));
}

/** Both at once; where one fails the other is still waited for, so that it can clean up. */
export async function bothSettled<A, B>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === "rejected") throw a.reason;
  if (b.status === "rejected") throw b.reason;
  return [a.value, b.value];
}
