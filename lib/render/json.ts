/**
 * A schema as the members of a JSON document. Names no kind. Pure.
 *
 * @module
 */

import type { Payload, Schema } from "../schema/schema.ts";
import { versionText } from "../schema/snapshot.ts";

/** One object as a document has it. */
export interface ObjectData {
  /** Such as `column:public.users.email`. */
  readonly address: string;
  /** Its kind. */
  readonly kind: string;
  /** The parts of its name. */
  readonly name: readonly string[];
  /** The object that it is a part of. */
  readonly parent: string | null;
  /** Where it stands among the parts of its parent. */
  readonly position: number;
  /** What must exist first. */
  readonly depends: readonly string[];
  /** Its own hash. */
  readonly hash: string | null;
  /** What it is. */
  readonly payload: Payload;
}

/** A schema as a document has it. */
export interface SchemaData {
  /** `h1:` and 64 hex digits. */
  readonly hash: string;
  /** The version of the server that it was read from. */
  readonly postgres: string;
  /** Every object, sorted by address. */
  readonly objects: readonly ObjectData[];
  /** What could not be read, or is not part of the model. */
  readonly notices: readonly {
    readonly code: string;
    readonly message: string;
  }[];
}

/** The hashes of a schema. */
export interface SchemaHashes {
  /** `h1:` and 64 hex digits. */
  readonly hash: string;
  /** Of every object, by address. */
  readonly objects: ReadonlyMap<string, string>;
}

/**
 * A schema as a document has it.
 *
 * @param schema The schema.
 * @param hashes Its hashes.
 */
export function schemaData(schema: Schema, hashes: SchemaHashes): SchemaData {
  return {
    hash: hashes.hash,
    postgres: versionText(schema.version),
    objects: [...schema.objects.values()].map((object) => ({
      address: object.address,
      kind: object.kind,
      name: object.name,
      parent: object.parent ?? null,
      position: object.position,
      depends: object.depends,
      hash: hashes.objects.get(object.address) ?? null,
      payload: object.payload,
    })),
    notices: schema.notices.map(({ code, message }) => ({ code, message })),
  };
}
