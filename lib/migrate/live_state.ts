/**
 * The state of the project's live database: its schema read through a session
 * that is there already, with the hashes of its objects. Loaded only by what
 * needs it: it takes every kind and the parser along.
 *
 * @module
 */

import type { ReadOptions } from "../catalog/read.ts";
import { readHashed } from "../catalog/read_hashed.ts";
import type { Settings } from "../config/settings_type.ts";
import { prepareForms } from "../diff.ts";
import { kindOf } from "../kinds/registry.ts";
import type { Session } from "../pg/session.ts";
import { prepareCanonical } from "../schema/canonical.ts";
import { objectHashes, schemaHash } from "../schema/hash.ts";
import { type SchemaState, stateOf } from "../schema/object_state.ts";
import type { Schema } from "../schema/schema.ts";

/** A schema and the hashes that are made of it. */
export interface HashedSchema {
  /** The schema. */
  readonly schema: Schema;
  /** Each object's hash by address, without a prefix. */
  readonly hashes: ReadonlyMap<string, string>;
  /** `h1:` and 64 hex digits. */
  readonly hash: string;
}

/**
 * What of the project's database is read for its state.
 *
 * @param settings The project's settings.
 */
export function stateReadOptions(settings: Settings): ReadOptions {
  return {
    managedSchemas: settings.managedSchemas,
    historySchema: settings.history.schema,
    dependencies: false,
    ignore: settings.ignore,
  };
}

/** Makes the hashes of a schema. */
export async function hashSchema(schema: Schema): Promise<HashedSchema> {
  const canonicalize = await prepareCanonical([schema], {
    shapeOf: (kind) => kindOf(kind)?.shape,
  });
  const hashes = objectHashes(schema, canonicalize);
  return { schema, hashes, hash: schemaHash(hashes) };
}

/**
 * Reads the schema of the project's database.
 *
 * @param session The connection; it must not be in a transaction.
 * @param settings The project's settings.
 * @param options What else is wanted: `dependencies` for DDL.
 */
export async function readLive(
  session: Session,
  settings: Settings,
  options: Pick<Partial<ReadOptions>, "dependencies"> = {},
): Promise<HashedSchema> {
  return await readHashed(session, {
    ...stateReadOptions(settings),
    ...options,
  });
}

/** What is kept of a schema. */
export async function stateOfHashed(
  { schema, hashes }: HashedSchema,
): Promise<SchemaState> {
  const forms = await prepareForms([schema], (kind) => kindOf(kind)?.shape);
  return stateOf(schema, hashes, forms);
}
