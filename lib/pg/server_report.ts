/**
 * What of a server's error is told to people. Pure.
 *
 * @module
 */

import type { ServerReport } from "../errors.ts";
import type { ServerErrorFields } from "./session.ts";

/** The fields of an error that a PawlError carries. */
export function serverReport(fields: ServerErrorFields): ServerReport {
  const { sqlstate, message, detail, hint, where } = fields;
  return {
    sqlstate,
    message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined ? {} : { where }),
  };
}
