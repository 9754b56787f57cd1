/**
 * `diff`: the SQL between any two schemas, there and back, proved.
 *
 * @module
 */

import type { ReadOptions } from "../catalog/read.ts";
import { readHashed } from "../catalog/read_hashed.ts";
import { chooseSource, readManaged } from "../inspect/read.ts";
import { keepHashes } from "../kinds/schema_hashes.ts";
import type { Project } from "../migrate/project.ts";
import type { Session } from "../pg/session.ts";
import type { RelationSize } from "../render/text.ts";
import type { Schema, SchemaNotice } from "../schema/schema.ts";
import type { SourceContext } from "../sources/context.ts";
import {
  type ChangePlan,
  isEmpty,
  planBothWays,
  toldRenames,
} from "./change_plan.ts";
import { proveInShadow } from "./prove.ts";
import { type AskRename, askRenames } from "./rename.ts";
import { renamesIn, type ToldRename } from "../sources/mod.ts";

/** What to compare, and how to go from one to the other. */
export interface DiffRequest extends Omit<SourceContext, "project"> {
  /** The source of the schema as it is. */
  readonly from: string;
  /** The source of the schema as it is to be. */
  readonly to: string;
  /** Asked about what may have another name now. */
  readonly askRename?: AskRename | undefined;
  /** Whether plain DDL may block those who use what is there. */
  readonly locking?: boolean;
  /** Renames that were told. */
  readonly renames?: readonly ToldRename[];
  /** Whether a notice is an error: something that is not part of the schema then. */
  readonly strict?: boolean;
  /** Whether the change is tried in a shadow; yes by default. */
  readonly prove?: boolean;
}

/** A change between two sources. */
export interface DiffResult {
  /** The change, there and back. */
  readonly plan: ChangePlan;
  /** How a person is told of both sources; without secrets. */
  readonly shown: { readonly from: string; readonly to: string };
  /** The schema as it is. */
  readonly from: Schema;
  /** The schema as it is to be. */
  readonly to: Schema;
  /** Sizes by address, where the starting schema is a live database's. */
  readonly sizes: ReadonlyMap<string, RelationSize> | undefined;
  /** Whether it was proved. */
  readonly proved: boolean;
  /** What could not be read, or is not part of the model. */
  readonly notices: readonly SchemaNotice[];
}

/** The major version of the embedded database, which plans are for by default. */
const EMBEDDED_VERSION = 180000;

/**
 * Plans the change between two sources.
 *
 * @param project The project.
 * @param request Both sources, and how to go.
 * @throws {PawlError} What reading a source throws; `proof-failed`,
 * `shadow-lacks`.
 *
 * @example
 * ```ts ignore
 * const { plan } = await diffSources(openProject(), {
 *   from: "migrations:migrations",
 *   to: "schema",
 * });
 * ```
 */
export async function diffSources(
  project: Project,
  request: DiffRequest,
): Promise<DiffResult> {
  const chosen = {
    from: chooseSource(project, request.from),
    to: chooseSource(project, request.to),
  };
  const told: ToldRename[] = [...request.renames ?? []];
  const [from, to] = await bothOf(
    readManaged(project, {
      ...request,
      read: readWithHashes,
      source: request.from,
      sizes: chosen.from.live,
    }),
    readManaged(project, {
      ...request,
      read: readWithHashes,
      source: request.to,
      onDdl: (files) => told.push(...renamesIn(files)),
    }),
  );
  const version = planVersion(project, {
    from: chosen.from.live ? from.schema.version : undefined,
    to: chosen.to.live ? to.schema.version : undefined,
  });
  const plan = await planBothWays(from.schema, to.schema, {
    version,
    locking: request.locking,
    sizes: from.sizes,
    databaseOwner: from.schema.databaseOwner,
    renames: await toldRenames(
      [from.schema, to.schema],
      await askRenames([from.schema, to.schema], told, request.askRename),
      { ...request, project },
    ),
  });
  const prove = (request.prove ?? true) &&
    !(isEmpty(plan.up) && isEmpty(plan.down));
  if (prove) {
    await proveInShadow({ plan, from: from.schema, to: to.schema }, {
      ...request,
      project,
    });
  }
  return {
    plan,
    shown: { from: chosen.from.shown, to: chosen.to.shown },
    from: from.schema,
    to: to.schema,
    sizes: from.sizes,
    proved: prove,
    notices: [...from.schema.notices, ...to.schema.notices],
  };
}

/** The version that SQL is written for: the live database's, or the project's. */
export function planVersion(
  project: Project,
  live: {
    readonly from: number | undefined;
    readonly to: number | undefined;
  },
): number {
  const { postgres } = project.settings;
  return live.from ?? live.to ??
    (postgres === undefined ? EMBEDDED_VERSION : postgres * 10000);
}

/** Reads a schema and hashes it while the server works: the plan asks for that. */
async function readWithHashes(
  session: Session,
  options: ReadOptions,
): Promise<Schema> {
  const read = await readHashed(session, options);
  keepHashes(read.schema, read);
  return read.schema;
}

/** Both at once; where one fails the other is still waited for, so that it can clean up. */
async function bothOf<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === "rejected") throw first.reason;
  if (second.status === "rejected") throw second.reason;
  return [first.value, second.value];
}
