/**
 * The `Session` that the rest of pawl works with, over a connection to a server.
 *
 * @module
 */

import type { ServerConnection } from "./server_connection.ts";
import type { ServerInfo } from "./server_info.ts";
import type { Session } from "./session.ts";

/**
 * Makes a session of a connection.
 *
 * @param connection The connection.
 * @param info What is known of the database.
 * @param cancel Sends a CancelRequest for the connection.
 * @returns The session.
 */
export function sessionOver(
  connection: ServerConnection,
  info: ServerInfo,
  cancel: () => Promise<void>,
): Session {
  const { readOnly: _, ...known } = info;
  return {
    info: known,
    get open() {
      return connection.open;
    },
    query: async (sql, parameters = []) => {
      const { results } = await connection.run(sql, parameters);
      return results[0] ??
        { command: "", rowCount: null, fields: [], rows: [] };
    },
    script: async (sql, onRow) =>
      (await connection.run(sql, undefined, onRow)).results,
    onNotice: (listener) => connection.onNotice(listener),
    cancel: async () => {
      if (connection.open) await cancel();
    },
    close: () => connection.close(),
  };
}
