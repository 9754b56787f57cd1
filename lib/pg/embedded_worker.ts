/**
 * The Worker in which PGlite runs, so that a statement blocks nothing but
 * itself: it takes requests, one at a time, and answers them. It must not know
 * who holds the directory's lock, nor what the statements are for.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { splitStatements } from "../sql/split.ts";
import { loadExtension, loadMentioned } from "./embedded_extensions.ts";
import { type Answer, CELL, type Request } from "./embedded_messages.ts";
import { encode, roundTrip, simple } from "./embedded_protocol.ts";
import { dump, type Embedded, start } from "./embedded_start.ts";
import type { ServerErrorFields } from "./session.ts";

/** A checkpoint after so much SQL: without a checkpointer, the WAL only grows. */
const CHECKPOINT_BYTES = 1 << 26;

/** What a refusal says of a statement that PGlite would break down with. */
const refusal = (command: string) =>
  `${command} cannot run on the embedded database`;
const REFUSED_HINT = "run it on a PostgreSQL server";

let database: Embedded | undefined;

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  switch (data.kind) {
    case "open":
      try {
        database = await start(
          data,
          (ready) => answer({ kind: "ready", ready }),
        );
        answer({ kind: "opened", info: await describe(database, data) });
      } catch (error) {
        answer({ kind: "unopened", reason: reasonOf(error) });
      }
      return;
    case "run":
      if (database !== undefined) await run(database, data);
      return;
    case "dump":
      try {
        if (database === undefined) throw new Error("it is not open");
        const image = await dump(database.pg);
        answer({ kind: "dumped", image }, [image.buffer]);
      } catch (error) {
        answer({ kind: "undumped", reason: reasonOf(error) });
      }
      return;
    case "close":
      await database?.pg.close();
      return answer({ kind: "closed" });
    default:
      data satisfies never;
  }
};

function answer(
  message: Answer,
  transfer: readonly Transferable[] = [],
): void {
  self.postMessage(message, [...transfer]);
}

/** Reads the info, and gives PGlite the extensions that are wanted or installed. */
async function describe(
  embedded: Embedded,
  { extensions }: Request & { readonly kind: "open" },
): Promise<readonly string[]> {
  const { rows } = await embedded.pg.query<string[]>(
    `SELECT pg_catalog.current_setting('server_version_num'),
      pg_catalog.current_setting('server_version'),
      pg_catalog.current_database()::text, session_user::text
    UNION ALL SELECT extname::text, NULL, NULL, NULL FROM pg_catalog.pg_extension`,
    [],
    { rowMode: "array" },
  );
  const [info, ...installed] = rows;
  for (
    const name of [
      ...extensions,
      ...installed.map(([name]) => name ?? ""),
    ]
  ) {
    await loadExtension(embedded, name);
  }
  return info ?? [];
}

async function run(
  embedded: Embedded,
  request: Request & { readonly kind: "run" },
): Promise<void> {
  const { pg, cells } = embedded;
  const refused = refusedIn(request.sql);
  const round = roundTrip(cells, answer);
  try {
    await loadMentioned(embedded, request.sql);
    await pg.execProtocolRawStream(
      refused === undefined
        ? encode(request)
        // What stands before it runs, as on a server that refuses it.
        : simple(request.sql.slice(0, refused.start) + raiseRefusal(refused)),
      { onRawData: round.receive },
    );
    embedded.written += request.sql.length;
    if (embedded.written > CHECKPOINT_BYTES && round.status() === "I") {
      embedded.written = 0;
      await pg.execProtocolRawStream(simple("CHECKPOINT"), { onRawData() {} });
    }
  } catch (error) {
    return answer({
      kind: "lost",
      reason: reasonOf(embedded.broken() ?? error),
      fields: round.error(),
    });
  }
  if (Atomics.load(cells, CELL.cancel) !== 0) {
    return answer({ kind: "stopped" });
  }
  round.flush();
  const error = round.error();
  answer({
    kind: "done",
    error: refused !== undefined && error?.message === refusal(refused.command)
      ? refusalOf(refused)
      : error,
    completed: round.completed(),
  });
}

/** A statement that PGlite cannot run, and what it is. */
interface Refused {
  /** Where it starts. */
  readonly start: number;
  /** Such as `CREATE SUBSCRIPTION`. */
  readonly command: string;
}

/**
 * The first statement that would break PGlite down: there is no process for a
 * subscription to receive anything, and no library with a conversion's function.
 */
function refusedIn(sql: string): Refused | undefined {
  if (!/subscription|conversion/i.test(sql)) return undefined;
  for (const { start, words } of splitStatements(sql).statements) {
    const [first, ...rest] = words;
    const object = rest[0] === "default" ? rest[1] : rest[0];
    if (
      first === "create" &&
      (object === "subscription" || object === "conversion")
    ) return { start, command: `CREATE ${object.toUpperCase()}` };
  }
  return undefined;
}

/** What a refused statement fails with: nothing of what runs instead of it. */
function refusalOf({ command }: Refused): ServerErrorFields {
  return {
    severity: "ERROR",
    sqlstate: "0A000",
    message: refusal(command),
    hint: REFUSED_HINT,
  };
}

/** What runs instead, so that it fails as a statement does. */
function raiseRefusal({ command }: Refused): string {
  return `DO $$BEGIN RAISE feature_not_supported USING MESSAGE = '${
    refusal(command)
  }'; END$$`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
