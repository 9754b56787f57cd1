/**
 * The hash of the schema of a source.
 *
 * @module
 */

import { readHashes } from "../catalog/read_hashed.ts";
import { kindOf } from "../kinds/registry.ts";
import type { Project } from "../migrate/project.ts";
import type { SchemaHashes } from "../render/json.ts";
import { prepareCanonical } from "../schema/canonical.ts";
import { objectHashes, schemaHash } from "../schema/hash.ts";
import type { Schema, SchemaNotice } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import { readOptions, withSource } from "../sources/source.ts";
import {
  chooseSource,
  readManaged,
  type ReadRequest,
  requireWhole,
} from "./read.ts";

/**
 * The hashes of a schema and of its objects.
 *
 * @param schema The schema.
 * @returns The same on every server version for the same DDL.
 */
export async function hashesOf(schema: Schema): Promise<SchemaHashes> {
  const canonicalize = await prepareCanonical([schema], {
    shapeOf: (kind) => kindOf(kind)?.shape,
  });
  const objects = objectHashes(schema, canonicalize);
  return { hash: schemaHash(objects), objects };
}

/** The hashes of a source. */
export interface SourceHashes extends SchemaHashes {
  /** The version of the server that was read. */
  readonly version: number;
  /** What could not be read, or is not part of the model. */
  readonly notices: readonly SchemaNotice[];
}

/**
 * Reads and hashes a schema.
 *
 * @param project The project.
 * @param request What to read; its database by default.
 * @throws {PawlError} As `readManaged()`.
 *
 * @example Whether two databases have the same schema
 * ```ts ignore
 * const a = await hashSource(project, { source: "env:staging" });
 * const b = await hashSource(project, { source: "env:production" });
 * console.log(a.hash === b.hash);
 * ```
 */
export async function hashSource(
  project: Project,
  request: ReadRequest = {},
): Promise<SourceHashes> {
  const context: SourceContext = { ...request, project, dependencies: false };
  const { source } = chooseSource(project, request.source);
  if (source.kind === "snapshot") {
    const { schema } = await readManaged(project, request);
    const { version, notices } = schema;
    return { ...await hashesOf(schema), version, notices };
  }
  const read = await withSource(
    source,
    context,
    (session) => readHashes(session, readOptions(context)),
  );
  if (request.strict) requireWhole(read.notices);
  return {
    hash: read.hash,
    get objects() {
      return read.hashes;
    },
    version: read.version,
    notices: read.notices,
  };
}
