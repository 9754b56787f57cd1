/**
 * A throw-away database on which a change is worked out stage by stage: what
 * one stage leaves is read, and the next is planned from that.
 *
 * @module
 */

import { readSchema } from "../catalog/read.ts";
import { diff } from "../diff.ts";
import { formsOf } from "../kinds/forms.ts";
import type { Session } from "../pg/session.ts";
import {
  joinClauses,
  planChanges,
  type PlannedStatement,
  type PlanOptions,
  stepsOf,
} from "../plan/mod.ts";
import { ddlScript } from "../render/ddl_script.ts";
import { makeSchema, type Schema } from "../schema/schema.ts";
import { withShadow } from "../shadow/shadow.ts";
import type { SourceContext } from "../sources/context.ts";
import { loadDdl, readOptions } from "../sources/mod.ts";
import { shadowOptions } from "../sources/shadow_source.ts";
import { notReached, runOnShadow } from "./prove.ts";

/** The database, and what SQL is written for. */
export interface Stage {
  readonly context: SourceContext;
  readonly options: PlanOptions;
  /**
   * Runs statements.
   *
   * @param statements What to run, in order.
   * @param way Which way they belong to, for errors.
   * @returns The schema afterwards, without what is hidden.
   */
  run(
    statements: readonly PlannedStatement[],
    way: "up" | "down",
  ): Promise<Schema>;
}

/**
 * Gives some work a database that holds a schema.
 *
 * @param start The schema.
 * @param how What SQL is written for; addresses that are in no schema that is
 * read: what is there between two stages only.
 * @param work What to do.
 */
export function withStage<T>(
  start: Schema,
  how: {
    readonly context: SourceContext;
    readonly options: PlanOptions;
    readonly hidden: ReadonlySet<string>;
  },
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const { context, hidden } = how;
  return withShadow(shadowOptions(context), async (session) => {
    const text = ddlScript(start).sql;
    await loadDdl(session, [{ path: "the starting schema", text }], {
      signal: context.signal,
    });
    return await work({
      ...how,
      run: async (statements, way) => {
        const steps = stepsOf(statements);
        await runOnShadow(session, { changes: [], steps }, way);
        return await readVisible(session, context, hidden);
      },
    });
  });
}

async function readVisible(
  session: Session,
  context: SourceContext,
  hidden: ReadonlySet<string>,
): Promise<Schema> {
  const schema = await readSchema(session, readOptions(context));
  return makeSchema(
    [...schema.objects.values()].filter(({ address, parent = "" }) =>
      !hidden.has(address) && !hidden.has(parent)
    ),
    schema,
  );
}

/**
 * Plans the way from one schema to another, renames by structure aside.
 *
 * @param from As it is.
 * @param to As it is to be.
 * @param options How to go.
 */
export async function planStage(
  from: Schema,
  to: Schema,
  options: PlanOptions,
): Promise<PlannedStatement[]> {
  const forms = await formsOf([from, to]);
  const { statements } = planChanges(from, to, {
    ...options,
    version: options.version ?? from.version,
    forms,
  });
  return joinClauses(statements);
}

/**
 * Makes sure that a schema is what it is to be.
 *
 * @param way Which way leads there.
 * @param reached What is there.
 * @param end What is to be there.
 * @throws {PawlError} `proof-failed`.
 */
export async function expectReached(
  way: "up" | "down",
  reached: Schema,
  end: Schema,
): Promise<void> {
  const forms = await formsOf([reached, end]);
  const left = diff(reached, end, forms);
  if (left.length > 0) throw notReached(way, left);
}
