/**
 * The kinds of code against real servers and the embedded database: what is
 * read from DDL, written as DDL and read again is the same, every case of
 * `tests/cases/<kind>`. A case that begins with `-- since: VERSION` is for
 * that version on; one with `-- needs: extension` needs that kind in the
 * registry, and a server's extensions.
 *
 * @module
 */

import assert from "@std/assert";
import { readSchema } from "../lib/catalog/read.ts";
import { kindOf } from "../lib/kinds/registry.ts";
import { openEmbedded } from "../lib/pg/embedded.ts";
import { connectServer } from "../lib/pg/server.ts";
import type { Session } from "../lib/pg/session.ts";
import { ddl } from "../lib/render/ddl.ts";
import type { Schema } from "../lib/schema/schema.ts";
import { targetsUnderTest, withDatabase } from "./support/servers.ts";

const KINDS = [
  "aggregate",
  "event_trigger",
  "function",
  "materialized_view",
  "policy",
  "procedure",
  "rule",
  "sequence",
  "trigger",
  "view",
];

interface Case {
  readonly name: string;
  readonly sql: string;
  readonly since: number;
}

function cases(): Case[] {
  return KINDS.flatMap((kind) => {
    const directory = new URL(`cases/${kind}/`, import.meta.url);
    // Pairs of schemas have directories: those are for the planner.
    const files = [...Deno.readDirSync(directory)].filter((entry) =>
      entry.isFile
    );
    return files.map(({ name }) => {
      const sql = Deno.readTextFileSync(new URL(name, directory));
      const needs = /^-- needs: (\w+)$/m.exec(sql)?.[1];
      const since = Number(/^-- since: (\d+)$/m.exec(sql)?.[1] ?? 14);
      return {
        name: `${kind}/${name}`,
        sql,
        since: needs !== undefined && kindOf(needs) === undefined
          ? Infinity
          : since,
      };
    });
  }).sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Empties a database: cheaper than one for each case. */
async function empty(session: Session): Promise<void> {
  await session.script(`RESET ALL;
    DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT evtname FROM pg_event_trigger LOOP EXECUTE format('DROP EVENT TRIGGER %I', name); END LOOP;
      FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
      LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
    END $$;
    CREATE SCHEMA public`);
}

async function load(session: Session, sql: string): Promise<Schema> {
  await empty(session);
  await session.script(sql);
  return await read(session);
}

async function read(session: Session): Promise<Schema> {
  return await readSchema(session, {
    managedSchemas: undefined,
    historySchema: "pawl",
    dependencies: true,
  });
}

/** What pg_get_viewdef breaks and indents anew when it reads its own text. */
function spaced(value: unknown): unknown {
  return typeof value === "string"
    ? value.replaceAll(/\s+/g, " ").replaceAll("( ", "(")
    : Array.isArray(value)
    ? value.map(spaced)
    : typeof value === "object" && value !== null
    ? Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, spaced(item)]),
    )
    : value;
}

/** Payloads by address; only what the server parses and writes is compared loosely. */
function payloads(schema: Schema): Record<string, unknown> {
  const sqlShapes = new Set([
    "query",
    "statement",
    "expression",
    "record",
    "map",
  ]);
  return Object.fromEntries([...schema.objects.values()].map((object) => {
    const shapes = kindOf(object.kind)?.shape ?? {};
    const payload = Object.entries(object.payload).map(([key, value]) => [
      key,
      sqlShapes.has(shapes[key]?.kind ?? "") ? spaced(value) : value,
    ]);
    return [object.address, Object.fromEntries(payload)];
  }));
}

function script(schema: Schema): string {
  return ddl(schema).map((statement) => `${statement.sql};`).join("\n\n");
}

async function withTarget(
  target: ReturnType<typeof targetsUnderTest>[number],
  body: (session: Session) => Promise<void>,
): Promise<void> {
  if (target !== "embedded") {
    return await withDatabase(target, async (database) => {
      const session = await connectServer(database.url);
      try {
        await body(session);
      } finally {
        await session.close();
      }
    });
  }
  const session = await openEmbedded({ directory: undefined });
  try {
    await body(session);
  } finally {
    await session.close();
  }
}

for (const target of targetsUnderTest()) {
  Deno.test(`code that is read, written and read again is the same (PostgreSQL ${target})`, async (t) => {
    await withTarget(target, async (session) => {
      const major = Math.trunc(session.info.version / 10000);
      for (const { name, sql, since } of cases()) {
        await t.step({
          name,
          ignore: since > major,
          fn: async () => {
            const original = await load(session, sql);
            const copy = await load(session, script(original));
            assert.deepEqual(payloads(copy), payloads(original));
            // The order comes from names and dependencies, not from OIDs.
            assert.equal(spaced(script(copy)), spaced(script(original)));
            assert.ok(
              [...original.objects.values()].some((o) =>
                name.startsWith(`${o.kind}/`)
              ),
            );
          },
        });
      }
    });
  });
}
