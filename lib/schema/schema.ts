/**
 * A schema as data: one flat, sorted collection of objects, each with an
 * address, a kind, a payload of plain data and its dependencies. Knows no kind.
 * Pure.
 *
 * @module
 */

import { compareAddresses } from "./address.ts";
import type { Data } from "./data.ts";

/** A payload: plain data by key. */
export type Payload = { readonly [key: string]: Data | undefined };

/** One object: a table is one, and so is each of its columns. */
export interface SchemaObject<
  K extends string = string,
  P extends Payload = Payload,
> {
  /** Such as `table` or `column`. */
  readonly kind: K;
  /** Its kind and name, such as `column:public.users.email`. */
  readonly address: string;
  /** What it is, as far as two equal schemas agree on it. */
  readonly payload: P;
  /** Addresses of the objects that must exist first, sorted. */
  readonly depends: readonly string[];
  /** The object that it is a part of and goes with: a column's table. */
  readonly parent: string | undefined;
  /** The parts of its name, as the catalog has them. */
  readonly name: readonly string[];
  /** Where it stands among its parent's parts. Never part of a hash: column order is no difference. */
  readonly position: number;
}

/** Something that could not be read, or that the model does not know. */
export interface SchemaNotice {
  /** `unmodelled`, `unreadable`, `secret`. */
  readonly code: "unmodelled" | "unreadable" | "secret";
  /** What, in words. */
  readonly message: string;
  /** The kind of which nothing could be read, where it is that. */
  readonly kind?: string;
}

/** A whole schema. */
export interface Schema {
  /** By address, in the order of addresses. */
  readonly objects: ReadonlyMap<string, SchemaObject>;
  /** `server_version_num` of what it was read from; not part of any hash. */
  readonly version: number;
  /** What could not be read, or is of no kind that the model knows. */
  readonly notices: readonly SchemaNotice[];
  /**
   * The role that owns the database that it was read from, where whoever read
   * it is another one; not part of any hash, nor of a snapshot.
   */
  readonly databaseOwner?: string | undefined;
  /** The role that owns that database, whoever read it; in no hash or snapshot. */
  readonly owner?: string | undefined;
}

/**
 * Makes a schema of objects in any order.
 *
 * @param objects The objects; of two with one address the later one counts.
 * @param from Version and notices, and the database's owner.
 */
export function makeSchema(
  objects: readonly SchemaObject[],
  from: {
    readonly version: number;
    readonly notices?: readonly SchemaNotice[];
    readonly databaseOwner?: string | undefined;
    readonly owner?: string | undefined;
  },
): Schema {
  let byAddress: ReadonlyMap<string, SchemaObject> | undefined;
  return {
    // Whoever wants the hash of a large schema asks for none of them.
    get objects() {
      return byAddress ??= sorted(objects);
    },
    version: from.version,
    notices: from.notices ?? [],
    databaseOwner: from.databaseOwner,
    owner: from.owner,
  };
}

function sorted(objects: readonly SchemaObject[]): Map<string, SchemaObject> {
  const byAddress = new Map<string, SchemaObject>();
  const inOrder = [...objects].sort((a, b) =>
    compareAddresses(a.address, b.address)
  );
  for (const object of inOrder) byAddress.set(object.address, object);
  return byAddress;
}
