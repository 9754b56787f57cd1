/**
 * `diff`: the SQL between any two schemas, there and back, proved.
 *
 * @module
 */

import { chooseSource, type ChosenSource } from "../inspect/read.ts";
import { ownedBy } from "../kinds/owned_by.ts";
import type { Project } from "../migrate/project.ts";
import type { RelationSize } from "../render/text.ts";
import type { Schema, SchemaNotice } from "../schema/schema.ts";
import type { ShadowAhead } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import {
  type ChangePlan,
  isEmpty,
  planBothWays,
  toldRenames,
  touchedBy,
} from "./change_plan.ts";
import { proofAhead, proveInShadow } from "./prove.ts";
import { readBoth } from "./read_both.ts";
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
  /** The schema as it is; of two large live databases what of it the change is about. */
  readonly from: Schema;
  /** The schema as it is to be; as with `from`. */
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
  const ahead = (request.prove ?? true) && chosen.from.live && chosen.to.live
    ? proofAhead({ ...request, project })
    : undefined;
  try {
    return await compare(project, { ...request, chosen, ahead });
  } finally {
    await ahead?.drop();
  }
}

async function compare(
  project: Project,
  request: DiffRequest & {
    readonly chosen: { readonly from: ChosenSource; readonly to: ChosenSource };
    readonly ahead: ShadowAhead | undefined;
  },
): Promise<DiffResult> {
  const { chosen } = request;
  const told: ToldRename[] = [...request.renames ?? []];
  const versionOf = (from: Schema, to: Schema) =>
    planVersion(project, {
      from: chosen.from.live ? from.version : undefined,
      to: chosen.to.live ? to.version : undefined,
    });
  const [from, to] = await readBoth(project, {
    ...request,
    renames: told,
    onDdl: (files) => told.push(...renamesIn(files)),
    touched: async (from, to) =>
      touchedBy(
        await planBothWays(from, to, {
          version: versionOf(from, to),
          locking: request.locking,
          databaseOwner: from.databaseOwner,
        }),
      ),
  });
  const [start, goal] = [
    chosen.from.live
      ? from.schema
      : ownedBy(from.schema, chosen.to.live ? to.schema.owner : undefined),
    chosen.to.live
      ? to.schema
      : ownedBy(to.schema, chosen.from.live ? from.schema.owner : undefined),
  ];
  const version = versionOf(start, goal);
  const plan = await planBothWays(start, goal, {
    version,
    locking: request.locking,
    sizes: from.sizes,
    databaseOwner: start.databaseOwner,
    renames: await toldRenames(
      [start, goal],
      await askRenames([start, goal], told, request.askRename),
      { ...request, project },
    ),
  });
  const prove = (request.prove ?? true) &&
    !(isEmpty(plan.up) && isEmpty(plan.down));
  if (prove) {
    await proveInShadow({ plan, from: start, to: goal }, {
      ...request,
      project,
    });
  }
  return {
    plan,
    shown: { from: chosen.from.shown, to: chosen.to.shown },
    from: start,
    to: goal,
    sizes: from.sizes,
    proved: prove,
    notices: noticesOf([
      { schema: from.schema, shown: chosen.from.shown },
      { schema: to.schema, shown: chosen.to.shown },
    ]),
  };
}

/** What is to be said of both, once; of what only one has, whose it is. */
function noticesOf(
  sides: readonly { readonly schema: Schema; readonly shown: string }[],
): SchemaNotice[] {
  const said = sides.map(({ schema }) =>
    new Set(schema.notices.map(({ message }) => message))
  );
  return sides.flatMap(({ schema, shown }, i) =>
    schema.notices.flatMap((notice) =>
      !said[1 - i]?.has(notice.message)
        ? [{ ...notice, message: `${notice.message} (only in ${shown})` }]
        : i === 0
        ? [notice]
        : []
    )
  );
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
