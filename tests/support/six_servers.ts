/**
 * One DDL text on several versions of PostgreSQL: loaded, read back, and
 * compared object by object and field by field in canonical form. It knows no
 * kind.
 *
 * @module
 */

import { readSchema } from "../../lib/catalog/read.ts";
import { kindOf } from "../../lib/kinds/registry.ts";
import { openEmbedded } from "../../lib/pg/embedded.ts";
import { connectServer } from "../../lib/pg/server.ts";
import type { Session } from "../../lib/pg/session.ts";
import { ddl } from "../../lib/render/ddl.ts";
import { prepareCanonical } from "../../lib/schema/canonical.ts";
import { canonicalJson } from "../../lib/schema/data.ts";
import type { Canonicalize } from "../../lib/schema/hash.ts";
import type { Payload, Schema } from "../../lib/schema/schema.ts";
import {
  SERVER_VERSIONS,
  type ServerVersion,
  sharedServer,
} from "./servers.ts";

/** Something that DDL is loaded into. */
export type Target = ServerVersion | "embedded";

/** All six: the servers, oldest first, and the embedded database. */
export const TARGETS: readonly Target[] = [...SERVER_VERSIONS, "embedded"];

/** One schema, and where it was read. */
export interface ReadSchema {
  /** Such as `14` or `18 reloaded`. */
  readonly name: string;
  /** The schema. */
  readonly schema: Schema;
}

/** A field of an object that is not the same everywhere. */
export interface Difference {
  /** The object. */
  readonly address: string;
  /** The key of its payload; undefined where the object itself is missing somewhere. */
  readonly field: string | undefined;
  /** What is where: the value as it was read, by the names of schemas. */
  readonly values: readonly {
    readonly names: readonly string[];
    readonly value: string;
  }[];
}

/**
 * Loads DDL into an empty database and reads it back.
 *
 * @param target Where.
 * @param sql The DDL. Lines of psql's own commands are left out.
 * @returns The schema with its dependencies.
 * @throws {ServerError} When the server refuses the DDL.
 */
export async function schemaOn(target: Target, sql: string): Promise<Schema> {
  const text = sql.split("\n").filter((line) => !line.startsWith("\\")).join(
    "\n",
  );
  if (target === "embedded") {
    const session = await openEmbedded({ directory: undefined });
    return await loadAndRead(session, text);
  }
  const database = await (await sharedServer(target)).createDatabase();
  try {
    return await loadAndRead(await connectServer(database.url), text);
  } finally {
    await database.drop();
  }
}

async function loadAndRead(session: Session, sql: string): Promise<Schema> {
  try {
    await session.script(sql);
    // A dump leaves its settings behind.
    await session.script("RESET ALL");
    return await readSchema(session, {
      managedSchemas: undefined,
      historySchema: "pawl",
      dependencies: true,
    });
  } finally {
    await session.close();
  }
}

/**
 * Loads a schema's own DDL.
 *
 * @param schema The schema, read with its dependencies.
 * @param target Where.
 */
export function reloaded(schema: Schema, target: Target): Promise<Schema> {
  const sql = ddl(schema).map((statement) => `${statement.sql};\n`).join("\n");
  return schemaOn(target, `SET check_function_bodies = off;\n${sql}`);
}

/**
 * What is not the same in all of some schemas, in canonical form.
 *
 * @param schemas The schemas.
 * @returns One entry a field; nothing where all hashes are equal.
 */
export async function differences(
  schemas: readonly ReadSchema[],
): Promise<Difference[]> {
  const canonicalize = await prepareCanonical(
    schemas.map(({ schema }) => schema),
    {
      shapeOf: (kind) => kindOf(kind)?.shape,
    },
  );
  const addresses = new Set(
    schemas.flatMap(({ schema }) => [...schema.objects.keys()]),
  );
  return [...addresses].sort().flatMap((address) =>
    objectDifferences(address, schemas, canonicalize)
  );
}

function objectDifferences(
  address: string,
  schemas: readonly ReadSchema[],
  canonicalize: Canonicalize,
): Difference[] {
  const found = schemas.flatMap(({ name, schema }) => {
    const object = schema.objects.get(address);
    return object === undefined
      ? []
      : [{ name, payload: object.payload, canonical: canonicalize(object) }];
  });
  if (found.length < schemas.length) {
    const here = found.map(({ name }) => name);
    const values = [{ names: here, value: "present" }, {
      names: schemas.map(({ name }) => name).filter((name) =>
        !here.includes(name)
      ),
      value: "absent",
    }];
    return [{ address, field: undefined, values }];
  }
  const fields = new Set(
    found.flatMap(({ canonical }) => Object.keys(canonical)),
  );
  return [...fields].sort().flatMap((field) => {
    const groups = new Map<string, { names: string[]; value: string }>();
    for (const { name, payload, canonical } of found) {
      const key = fieldText(canonical, field);
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, { names: [name], value: fieldText(payload, field) });
      } else group.names.push(name);
    }
    return groups.size < 2
      ? []
      : [{ address, field, values: [...groups.values()] }];
  });
}

function fieldText(payload: Payload, field: string): string {
  const value = payload[field];
  return value === undefined ? "absent" : canonicalJson(value);
}
