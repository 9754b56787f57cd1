/**
 * The embedded database as a {@linkcode Bench}, in this thread and not in a
 * Worker: pg_dump as WASM talks to it without waiting.
 *
 * @module
 */

import { PGlite, protocol } from "@electric-sql/pglite";
import { pgDump } from "@electric-sql/pglite-tools/pg_dump";
import { extensionNames, readExtension } from "../../lib/pg/embedded_image.ts";
import { commandTag, errorFields } from "../../lib/pg/server_query.ts";
import {
  type DatabaseInfo,
  type Field,
  ServerError,
  type ServerErrorFields,
  type Session,
  type StatementResult,
} from "../../lib/pg/session.ts";
import { EMBEDDED } from "../../lib/shadow/options.ts";
import type { Bench } from "./bench.ts";
import { emptied, RESET, statementByStatement } from "./empty_database.ts";

/**
 * Opens a throw-away embedded database.
 *
 * @param roles SQL that makes roles, which stay there when it is emptied.
 * @returns The bench; the caller closes it.
 */
export async function openEmbeddedBench(roles: string): Promise<Bench> {
  const open = async () => {
    const made = await PGlite.create();
    await made.exec(roles);
    return { pg: made, session: await sessionOver(made) };
  };
  let { pg, session } = await open();
  return {
    target: "embedded",
    shadow: EMBEDDED,
    get session() {
      return session;
    },
    async clear() {
      if (await emptied(session)) return;
      await pg.close();
      ({ pg, session } = await open());
    },
    async run(script) {
      const failed = await statementByStatement(session, script);
      await session.script(RESET);
      return failed;
    },
    async dump() {
      const file = await pgDump({ pg, args: ["-s"] });
      // The end of its connection would end its transaction; there is one.
      await session.script("ROLLBACK");
      await session.script("DISCARD ALL");
      return await file.text();
    },
    async close() {
      await pg.close();
    },
  };
}

/** PGlite behind the interface that pawl reads schemas by. */
async function sessionOver(pg: PGlite): Promise<Session> {
  const loaded = new Set<string>();
  const run = async (message: Uint8Array): Promise<StatementResult[]> => {
    const { results, error } = decode(await pg.execProtocolRaw(message));
    if (error !== undefined) throw new ServerError(error, results.length);
    return results;
  };
  const { parse, bind, describe, execute, query, sync } = protocol.serialize;
  const [about] = await run(query(
    "SELECT current_setting('server_version_num'), current_setting('server_version'), current_database(), session_user",
  ));
  const [version = "0", versionText, database, user] = about?.rows[0] ?? [];
  const info: DatabaseInfo = {
    backend: "embedded",
    version: Number(version),
    versionText: versionText ?? "",
    database: database ?? "",
    user: user ?? "",
    place: "pglite: (bench)",
    pid: 0,
    pooled: false,
    standby: false,
  };
  return {
    info,
    get open() {
      return !pg.closed;
    },
    async query(sql, parameters = []) {
      const [result] = await run(concatenate([
        parse({ text: sql }),
        bind({ values: [...parameters] }),
        describe({ type: "P" }),
        execute(),
        sync(),
      ]));
      return result ?? { command: "", rowCount: null, fields: [], rows: [] };
    },
    async script(sql, onRow) {
      await loadExtensions(pg, sql, loaded);
      const results = await run(query(sql));
      if (onRow === undefined) return results;
      return results.map(({ rows, ...result }, statement) => {
        for (const row of rows) {
          onRow(row, { statement, fields: result.fields });
        }
        return { ...result, rows: [] };
      });
    },
    onNotice: () => () => {},
    cancel: () => Promise.resolve(),
    close: () => pg.close(),
  };
}

/** Gives PGlite the files of the extensions that a script mentions. */
async function loadExtensions(
  pg: PGlite,
  sql: string,
  loaded: Set<string>,
): Promise<void> {
  if (!/extension/i.test(sql)) return;
  const words = new Set(sql.toLowerCase().match(/[a-z]\w*(?:-[a-z]\w*)*/g));
  if (words.has("earthdistance")) words.add("cube");
  for (const name of extensionNames) {
    if (!words.has(name) || loaded.has(name)) continue;
    loaded.add(name);
    for (const { name: path, kind, data } of await readExtension(name)) {
      if (kind === "file") pg.copyToFS(`${PGlite.paths.PG_ROOT}/${path}`, data);
    }
  }
}

function decode(
  bytes: Uint8Array,
): {
  readonly results: StatementResult[];
  error: ServerErrorFields | undefined;
} {
  const { messages, Parser } = protocol;
  const results: StatementResult[] = [];
  let rows: (readonly (string | null)[])[] = [];
  let fields: readonly Field[] = [];
  let error: ServerErrorFields | undefined;
  new Parser().parse(bytes, (message) => {
    if (message instanceof messages.DataRowMessage) {
      rows.push(message.fields);
    } else if (message instanceof messages.RowDescriptionMessage) {
      fields = message.fields.map(({ name, dataTypeID }) => ({
        name,
        typeOid: dataTypeID,
      }));
    } else if (message instanceof messages.CommandCompleteMessage) {
      results.push({ ...commandTag(message.text), fields, rows });
      rows = [];
      fields = [];
    } else if (message instanceof messages.DatabaseError) {
      error ??= errorFields(message);
    }
  });
  return { results, error };
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
