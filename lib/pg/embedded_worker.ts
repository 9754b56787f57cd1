/**
 * The Worker in which PGlite runs, so that a statement blocks nothing but
 * itself: it takes requests, one at a time, and answers them. It must not know
 * who holds the directory's lock, nor what the statements are for.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { loadExtension, loadMentioned } from "./embedded_extensions.ts";
import { forEmbedded } from "./embedded_sql.ts";
import { type Answer, CELL, type Request } from "./embedded_messages.ts";
import { encode, roundTrip, simple } from "./embedded_protocol.ts";
import { dump, type Embedded, start } from "./embedded_start.ts";

/** A checkpoint after so much SQL: without a checkpointer, the WAL only grows. */
const CHECKPOINT_BYTES = 1 << 26;

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
  const { sql, errorOf } = forEmbedded(request.sql);
  const round = roundTrip(cells, answer);
  try {
    await loadMentioned(embedded, request.sql);
    await pg.execProtocolRawStream(
      sql === request.sql ? encode(request) : simple(sql),
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
    error: error === undefined ? undefined : errorOf(error),
    completed: round.completed(),
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
