/**
 * Settings (GUCs) that the catalog keeps as `name=value`, as SET clauses.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../sql/quote.ts";

/**
 * Settings whose value is a list that is kept quoted already; a literal around
 * the whole would make one name of it. The server's GUC_LIST_QUOTE.
 */
const QUOTED_LISTS: ReadonlySet<string> = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/**
 * A clause of CREATE FUNCTION or ALTER ROLE.
 *
 * @param name The setting's name; `extension.setting` for a custom one.
 * @param value Its value, as `pg_proc.proconfig` has it.
 * @returns Such as `SET search_path TO 'public', 'pg_temp'`.
 */
export function settingClause(name: string, value: string): string {
  const values = QUOTED_LISTS.has(name.toLowerCase())
    ? listItems(value).map(quoteLiteral).join(", ")
    : quoteLiteral(value);
  return `SET ${name.split(".").map(quoteIdentifier).join(".")} TO ${
    values === "" ? "''" : values
  }`;
}

/**
 * The items of a list such as `"$user", public`.
 *
 * @param value The list as the catalog has it.
 * @returns Each item without its quotes.
 */
export function listItems(value: string): string[] {
  return [...value.matchAll(/"((?:[^"]|"")*)"|[^\s,"][^,"]*/g)].map((
    [item, quoted],
  ) => quoted === undefined ? item.trim() : quoted.replaceAll('""', '"'));
}
