/**
 * Plans between two states of one live database.
 *
 * @module
 */

import { readSchema } from "../../lib/catalog/read.ts";
import { prepareForms } from "../../lib/diff.ts";
import { kindOf } from "../../lib/kinds/registry.ts";
import { connectServer } from "../../lib/pg/server.ts";
import type { Session } from "../../lib/pg/session.ts";
import {
  type Plan,
  planChanges,
  type PlannedStatement,
} from "../../lib/plan/mod.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import type { TestDatabase } from "./servers.ts";

/**
 * Reads a schema.
 *
 * @param session The connection.
 */
export async function readLive(session: Session): Promise<Schema> {
  return await readSchema(session, {
    managedSchemas: undefined,
    historySchema: "pawl",
    dependencies: true,
  });
}

/**
 * A test's body that works with a connection.
 *
 * @param work The body.
 */
export function withSession(
  work: (session: Session) => Promise<void>,
): (database: TestDatabase) => Promise<void> {
  return async ({ url }) => {
    const session = await connectServer(url);
    try {
      await work(session);
    } finally {
      await session.close();
    }
  };
}

/** DDL, and further DDL that makes something else of it. */
export interface LiveChange {
  /** What there is. */
  readonly from: string;
  /** What is done to it. */
  readonly then: string;
}

/**
 * The plan from some DDL to what further DDL makes of it.
 *
 * @param session The connection.
 * @param ddl Both.
 * @param locking Whether plain DDL may block.
 */
export async function liveChange(
  session: Session,
  ddl: LiveChange,
  locking = false,
): Promise<Plan> {
  await session.script(ddl.from);
  const from = await readLive(session);
  await session.script(ddl.then);
  const to = await readLive(session);
  const forms = await prepareForms([from, to], (kind) => kindOf(kind)?.shape);
  return planChanges(from, to, { forms, locking });
}

/** The statements of {@linkcode liveChange}. */
export async function planOf(
  session: Session,
  ddl: LiveChange,
  locking = false,
): Promise<readonly PlannedStatement[]> {
  return (await liveChange(session, ddl, locking)).statements;
}
