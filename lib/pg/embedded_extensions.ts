/**
 * Gives PGlite the files of extensions when they are wanted.
 *
 * @module
 */

import { PGlite } from "@electric-sql/pglite";
import { extensionNames, readExtension } from "./embedded_image.ts";
import type { Embedded } from "./embedded_start.ts";

/** Extensions that need another one's files. */
const NEEDS: { readonly [name: string]: readonly string[] } = {
  earthdistance: ["cube"],
};

/**
 * Gives PGlite the files of every extension that a script mentions. A file
 * costs one to ten milliseconds, all of them at the start would cost 100 at
 * every start; and they may come at any time, so nothing has to be reopened.
 */
export async function loadMentioned(
  embedded: Embedded,
  sql: string,
): Promise<void> {
  if (!/extension|load|libdir/i.test(sql)) return;
  const all = /pg_available_extension/i.test(sql);
  const words = all
    ? undefined
    : new Set(sql.toLowerCase().match(/[a-z]\w*(?:-[a-z]\w*)*/g));
  for (const name of extensionNames) {
    if (words?.has(name) ?? true) await loadExtension(embedded, name);
  }
}

/** Gives PGlite the files of an extension, and of those that it needs. */
export async function loadExtension(
  embedded: Embedded,
  name: string,
): Promise<void> {
  const { pg, loaded } = embedded;
  if (loaded.has(name) || !extensionNames.includes(name)) return;
  loaded.add(name);
  for (const needed of NEEDS[name] ?? []) await loadExtension(embedded, needed);
  for (const { name: path, kind, data } of await readExtension(name)) {
    if (kind === "file") pg.copyToFS(`${PGlite.paths.PG_ROOT}/${path}`, data);
  }
}
