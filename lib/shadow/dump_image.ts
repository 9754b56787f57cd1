/**
 * The image of an embedded database that is open: its data directory, read
 * through its own session. It knows PostgreSQL's file functions; it must not
 * know where images are kept.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { TarEntry } from "../pg/embedded_image.ts";
import type { Session } from "../pg/session.ts";
import { writeTar } from "./tar.ts";

/** Every directory of the cluster, then every file with what it holds. */
const READ_CLUSTER = `
WITH RECURSIVE entry(path, directory) AS (
  SELECT name, (pg_catalog.pg_stat_file(name)).isdir FROM pg_catalog.pg_ls_dir('.') AS name
  UNION ALL
  SELECT e.path || '/' || name, (pg_catalog.pg_stat_file(e.path || '/' || name)).isdir
  FROM entry AS e, pg_catalog.pg_ls_dir(e.path) AS name WHERE e.directory
)
SELECT path, CASE WHEN NOT directory THEN pg_catalog.pg_read_binary_file(path) END
FROM entry WHERE path !~ '^(postmaster\\.pid|pawl\\.)' ORDER BY path`;

/**
 * Reads the image of an embedded database.
 *
 * @param session The session; nothing else is at work in the database.
 * @returns The data directory as tar, as of a checkpoint: what starts from it
 * replays nothing.
 */
export async function dumpImage(
  session: Session,
): Promise<Uint8Array<ArrayBuffer>> {
  const results = await session.script(
    `CHECKPOINT; SET bytea_output = 'hex'; ${READ_CLUSTER}`,
  );
  const rows = results.at(-1)?.rows ?? [];
  return writeTar(rows.map(([path, data]): TarEntry => ({
    name: path ?? "",
    kind: data === null || data === undefined ? "directory" : "file",
    data: new Uint8Array(Buffer.from(data?.slice("\\x".length) ?? "", "hex")),
  })));
}
