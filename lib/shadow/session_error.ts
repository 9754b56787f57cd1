/**
 * What a session says when it fails in the middle of something that is no
 * statement of the user's. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { ConnectionLostError, ServerError } from "../pg/session.ts";
import { serverReport } from "../pg/server_report.ts";

/**
 * An error of a session, as the user is told of it.
 *
 * @param error What was thrown.
 * @param doing What could not be done, such as `read the schema`.
 * @returns A PawlError; anything else than an error of a session as it is.
 */
export function sessionError(error: unknown, doing: string): unknown {
  if (error instanceof ConnectionLostError) {
    return new PawlError(
      "connection-lost",
      `Cannot ${doing}: the connection was lost: ${error.message}`,
      { hint: "Nothing was changed; run the same command again", cause: error },
    );
  }
  if (!(error instanceof ServerError)) return error;
  const { sqlstate, message } = error.fields;
  return new PawlError(
    sqlstate === "42501" ? "permission-denied" : "statement-failed",
    `Cannot ${doing}: ${message}`,
    {
      server: serverReport(error.fields),
      cause: error,
    },
  );
}
