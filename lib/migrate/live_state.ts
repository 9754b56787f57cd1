/**
 * The state of the project's live database: its schema read through a session
 * that is there already, with the hashes of its objects. Loaded only by what
 * needs it: it takes every kind and the parser along.
 *
 * @module
 */

import type { ReadOptions } from "../catalog/read.ts";
import {
  type HashedSchema,
  readHashed,
  type ReadHashes,
  readHashes,
} from "../catalog/read_hashed.ts";
import type { Settings } from "../config/settings_type.ts";
import { hashesOf } from "../kinds/schema_hashes.ts";
import type { Session } from "../pg/session.ts";
import { type SchemaState, stateOf } from "../schema/object_state.ts";
import type { Schema } from "../schema/schema.ts";
import { formsOf } from "../kinds/forms.ts";

export type { HashedSchema, ReadHashes };

/**
 * What of the project's database is read for its state.
 *
 * @param settings The project's settings.
 */
function stateReadOptions(settings: Settings): ReadOptions {
  return {
    managedSchemas: settings.managedSchemas,
    historySchema: settings.history.schema,
    dependencies: false,
    ignore: settings.ignore,
  };
}

/** Makes the hashes of a schema. */
export async function hashSchema(schema: Schema): Promise<HashedSchema> {
  return { schema, ...await hashesOf(schema) };
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

/**
 * Reads the hashes of the schema of the project's database.
 *
 * @param session The connection; it must not be in a transaction.
 * @param settings The project's settings.
 * @param also What is asked in the same round trip.
 */
export async function readLiveHashes(
  session: Session,
  settings: Settings,
  also: ReadOptions["also"],
): Promise<ReadHashes> {
  return await readHashes(session, { ...stateReadOptions(settings), also });
}

/** What is kept of a schema. */
export async function stateOfHashed(
  { schema, hashes }: Pick<HashedSchema, "schema" | "hashes">,
): Promise<SchemaState> {
  const forms = await formsOf([schema]);
  return stateOf(schema, hashes, forms);
}
