/**
 * What the embedded database cannot host, told from what it says. Pure.
 *
 * @module
 */

import type { ServerErrorFields } from "../pg/session.ts";

/** How to get a shadow that has everything. */
export const SERVER_SHADOW_HINT =
  "Name a server for throw-away databases that has it: --shadow postgres://…, or url in [shadow] of pawl.toml";

/** What is missing, by the message; the embedded database speaks English only. */
const LACKS: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^extension "([^"]+)" is not available/, (name) => `extension ${name}`],
  [
    /^could not open extension control file ".*\/([^"/]+)\.control"/,
    (name) => `extension ${name}`,
  ],
  [
    /^collation "([^"]*-x-icu)"(?: for encoding "[^"]*")? does not exist/,
    (name) => `ICU collation "${name}"`,
  ],
  [/^ICU is not supported/, () => "support of ICU"],
  [
    /^language "((?:pl(?:perl|python|tcl|v8|r|java|rust)|pltcl)[^"]*)" does not exist/,
    (name) => `language ${name}`,
  ],
  [
    /^could not (?:access|load) (?:file|library) "([^"]+)"/,
    (name) => `library ${name}`,
  ],
  [
    /^CREATE (\w+) cannot run on the embedded database/,
    (name) => `${name.toLowerCase()}s`,
  ],
];

/**
 * What an error says that the embedded database has not.
 *
 * @param fields The error.
 * @returns Such as `extension postgis`; undefined for any other error.
 *
 * @example
 * ```ts
 * import { lackOf } from "./lacks.ts";
 * import assert from "node:assert/strict";
 *
 * const message = 'extension "postgis" is not available';
 * const lack = lackOf({ severity: "ERROR", sqlstate: "0A000", message });
 * assert.equal(lack, "extension postgis");
 * ```
 */
export function lackOf(fields: ServerErrorFields): string | undefined {
  for (const [pattern, describe] of LACKS) {
    const match = pattern.exec(fields.message);
    if (match !== null) return describe(match[1] ?? "");
  }
  return undefined;
}
