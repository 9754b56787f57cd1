/**
 * The kinds of types and the rest: each case of `tests/cases/<kind>/` is
 * loaded, read, written as DDL, loaded again and read again. What was read is
 * the same on every version: `<case>.json` beside the case holds it.
 *
 * A case says in its first lines where it can be: `-- since: 15`, `-- not
 * embedded`; `-- withheld` where its DDL lacks secrets. `PAWL_UPDATE_CASES=1`
 * writes the JSON files anew.
 *
 * @module
 */

import assert from "@std/assert";
import { readSchema } from "../lib/catalog/read.ts";
import { openEmbedded } from "../lib/pg/embedded.ts";
import { connectServer } from "../lib/pg/server.ts";
import type { Session } from "../lib/pg/session.ts";
import { ddl } from "../lib/render/ddl.ts";
import { canonicalJson } from "../lib/schema/data.ts";
import type { Schema } from "../lib/schema/schema.ts";
import {
  type ServerVersion,
  targetsUnderTest,
  withDatabase,
} from "./support/servers.ts";

/** The folders of cases, and kinds that are told there beside them. */
const KINDS = [
  "cast",
  "access_method",
  "collation",
  "composite",
  "conversion",
  "domain",
  "domain_constraint",
  "enum",
  "extension",
  "foreign_data_wrapper",
  "foreign_table",
  "operator",
  "operator_class",
  "operator_family",
  "publication",
  "publication_schema",
  "publication_table",
  "range",
  "server",
  "statistics",
  "text_search_configuration",
  "text_search_dictionary",
  "text_search_parser",
  "text_search_template",
  "transform",
  "user_mapping",
];

type Target = ServerVersion | "embedded";

const ROOT = new URL("cases/", import.meta.url);

interface Case {
  readonly name: string;
  readonly sql: string;
  readonly json: URL;
}

function cases(): Case[] {
  return KINDS.flatMap((kind) => {
    const folder = new URL(`${kind}/`, ROOT);
    const files = kind.includes("_") && !exists(folder)
      ? []
      : [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();
    return files.filter((file) => file.endsWith(".sql")).map((file) => ({
      name: `${kind}/${file.slice(0, -4)}`,
      sql: Deno.readTextFileSync(new URL(file, folder)),
      json: new URL(file.replace(/\.sql$/, ".json"), folder),
    }));
  });
}

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}

/** Whether a case can be on a target. */
function fits(sql: string, target: Target): boolean {
  const from = Number(/^-- since: (\d+)/m.exec(sql)?.[1] ?? 0);
  return target === "embedded"
    ? !/^--.* not embedded/m.test(sql)
    : target >= from;
}

/** Gives a session on a database of its own to a function. */
async function withSession<T>(
  target: Target,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  if (target !== "embedded") {
    return await withDatabase(
      target,
      async (database) => await closing(await connectServer(database.url), use),
    );
  }
  return await closing(await openEmbedded({ directory: undefined }), use);
}

async function closing<T>(
  session: Session,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

function load(target: Target, sql: string): Promise<Schema> {
  return withSession(target, async (session) => {
    await session.script(sql);
    return await readSchema(session, {
      managedSchemas: undefined,
      historySchema: "pawl",
      dependencies: true,
    });
  });
}

/** Address and payload of each object, one a line; a version is the server's matter. */
function lines(schema: Schema, kinds?: readonly string[]): string {
  return [...schema.objects.values()]
    .filter((object) => kinds === undefined || kinds.includes(object.kind))
    .map((object) => {
      const { version: _version, ...payload } = object.payload;
      const shown = object.kind === "extension" ? payload : object.payload;
      return `${JSON.stringify(object.address)}: ${canonicalJson(shown)}`;
    })
    .join("\n");
}

function script(schema: Schema): string {
  return ddl(schema).filter((s) => s.withheld === undefined)
    .map((s) => `${s.sql};`).join("\n\n");
}

for (const target of targetsUnderTest()) {
  for (const { name, sql, json } of cases()) {
    Deno.test({
      name: `${name} survives the way through its DDL (${target})`,
      ignore: !fits(sql, target),
      fn: async () => {
        const before = await load(target, sql);
        const read = `${lines(before, KINDS)}\n`;
        if (Deno.env.get("PAWL_UPDATE_CASES") === "1") {
          Deno.writeTextFileSync(json, read);
        }
        assert.equal(read, Deno.readTextFileSync(json));
        const text = script(before);
        const after = await load(target, text);
        if (/^-- withheld/m.test(sql)) {
          assert.notEqual(lines(after), lines(before));
          return;
        }
        assert.equal(lines(after), lines(before));
        assert.equal(script(after), text);
      },
    });
  }
}
