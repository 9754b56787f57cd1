/**
 * The last known state of a project's schema in `pawl.objects`: read, compared
 * with what is there, written. It knows nothing of kinds: states are texts.
 *
 * @module
 */

import type { ReadOptions } from "../catalog/read.ts";
import {
  ServerError,
  type Session,
  type StatementResult,
} from "../pg/session.ts";
import type { SchemaState } from "../schema/object_state.ts";
import type { HistoryScope } from "./history_sql.ts";
import {
  objectsExist,
  readObjects,
  readObjectsHash,
  readProjectsOf,
} from "./objects_sql.ts";

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
  return summaryOf(rows[0]);
}

/** The summary of the query's row; without one, nothing is recorded. */
function summaryOf(
  [count, hash]: StatementResult["rows"][number] = [],
): RecordedSummary {
  return count === undefined
    ? NOTHING
    : { count: Number(count), hash: hash ?? undefined };
}

/**
 * Reads the hash of the recorded state in the same round trip as something
 * else: the server makes it while what came before is being worked on.
 *
 * @param session The connection.
 * @param scope Which history.
 * @param read Reads the other thing, and asks this beside it.
 * @returns The two.
 */
export async function recordedSummaryBeside<T>(
  session: Session,
  scope: HistoryScope,
  read: (also: ReadOptions["also"]) => Promise<T>,
): Promise<readonly [RecordedSummary, T]> {
  const [found] = await session.script(objectsExist(scope));
  if (found?.rows[0]?.[0] !== "t") return [NOTHING, await read(undefined)];
  let row: StatementResult["rows"][number] | undefined;
  const beside = await read({
    sql: readObjectsHash(scope),
    onRow: (values) => row = values,
  });
  return [summaryOf(row), beside];
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
