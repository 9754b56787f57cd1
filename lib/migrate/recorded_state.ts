/**
 * The last known state of a project's schema in `pawl.objects`: read, compared
 * with what is there, written. It knows nothing of kinds: states are texts.
 *
 * @module
 */

import {
  ServerError,
  type Session,
  type StatementResult,
} from "../pg/session.ts";
import type { SchemaState } from "../schema/object_state.ts";
import type { HistoryScope } from "./history_sql.ts";
import { readObjects, readObjectsHash, readProjectsOf } from "./objects_sql.ts";

/** What is known of the recorded state without reading all of it. */
export interface RecordedSummary {
  /** How many objects are recorded. */
  readonly count: number;
  /**
   * The schema's hash, made by the server of what is recorded; undefined where
   * the records are of another canonical form, which cannot be compared.
   */
  readonly hash: string | undefined;
}

/** Nothing is recorded. */
const NOTHING: RecordedSummary = { count: 0, hash: undefined };

/**
 * Reads the hash of the recorded state, in one round trip and without reading
 * its objects.
 *
 * @param session The connection.
 * @param scope Which history.
 */
export async function recordedSummary(
  session: Session,
  scope: HistoryScope,
): Promise<RecordedSummary> {
  const rows = await ask(session, readObjectsHash(scope));
  const [count, hash] = rows[0] ?? [];
  return count === undefined
    ? NOTHING
    : { count: Number(count), hash: hash ?? undefined };
}

/**
 * Reads the recorded state.
 *
 * @param session The connection.
 * @param scope Which history.
 */
export async function recordedState(
  session: Session,
  scope: HistoryScope,
): Promise<SchemaState> {
  return new Map(
    (await ask(session, readObjects(scope))).map((
      [address, hash, attributes],
    ) => [
      address ?? "",
      { hash: hash ?? "", attributes: attributes ?? "" },
    ]),
  );
}

/**
 * Which other projects of the same history have recorded an object just as it
 * is now.
 *
 * @param session The connection.
 * @param scope Which history, and the project that is not asked for.
 * @param objects Hashes as recorded, by address.
 * @returns The projects' names by address.
 */
export async function recordedElsewhere(
  session: Session,
  scope: HistoryScope,
  objects: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  if (objects.size === 0) return new Map();
  const rows = await ask(session, readProjectsOf(scope, [...objects.keys()]));
  return new Map(
    rows.flatMap(([project, address, hash]) =>
      objects.get(address ?? "") === hash && hash !== undefined
        ? [[address ?? "", project ?? ""] as const]
        : []
    ),
  );
}

/** The rows of a query; none where there is no history. */
async function ask(
  session: Session,
  sql: string,
): Promise<StatementResult["rows"]> {
  try {
    const [result] = await session.script(sql);
    return result?.rows ?? [];
  } catch (error) {
    const none = error instanceof ServerError &&
      (error.sqlstate === "42P01" || error.sqlstate === "3F000");
    if (none) return [];
    throw error;
  }
}
