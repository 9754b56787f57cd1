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

  Deno.test(`a change of any attribute of code changes its object and no other (PostgreSQL ${target})`, async (t) => {
    await withTarget(target, async (session) => {
      for (const { address, sql, also } of CHANGES) {
        await t.step(`${address}: ${sql}`, async () => {
          const before = payloads(await load(session, CHANGED_SCHEMA));
          await session.script(sql);
          const after = payloads(await read(session));
          const changed = Object.keys({ ...before, ...after }).filter((key) =>
            !Object.is(JSON.stringify(before[key]), JSON.stringify(after[key]))
          );
          assert.deepEqual(changed, [address, ...also ?? []].sort());
        });
      }
    });
  });
}

const CHANGED_SCHEMA = `
  CREATE TABLE public.t (id integer PRIMARY KEY, name text);
  ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
  CREATE SEQUENCE public.s;
  CREATE VIEW public.v AS SELECT id, name FROM public.t;
  CREATE MATERIALIZED VIEW public.m AS SELECT id, name FROM public.t;
  CREATE FUNCTION public.f(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
  CREATE FUNCTION public.g() RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1';
  CREATE PROCEDURE public.p() LANGUAGE sql AS 'SELECT 1';
  CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire();
  CREATE RULE r AS ON DELETE TO public.v DO INSTEAD NOTHING;
  CREATE RULE rt AS ON DELETE TO public.t DO INSTEAD NOTHING;
  CREATE POLICY po ON public.t USING (true);
  CREATE FUNCTION public.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('DROP AGGREGATE') EXECUTE FUNCTION public.on_ddl();
  CREATE AGGREGATE public.agg(integer) (SFUNC = int4pl, STYPE = integer)`;

const F = "function:public.f(integer, integer)";

const CHANGES: readonly {
  readonly address: string;
  readonly sql: string;
  readonly also?: readonly string[];
}[] = [
  ...[
    "AS smallint",
    "INCREMENT BY 2",
    "MINVALUE -5",
    "MAXVALUE 99",
    "START WITH 5",
    "CACHE 5",
    "CYCLE",
  ].map((change) => ({
    address: "sequence:public.s",
    sql: `ALTER SEQUENCE public.s ${change}`,
  })),
  {
    address: "sequence:public.s",
    sql: "ALTER SEQUENCE public.s OWNED BY public.t.id",
    // From then on its table's owner is its own.
    also: ["owner:sequence:public.s"],
  },
  ...[
    "ALTER VIEW public.v SET (security_barrier = true)",
    "ALTER VIEW public.v SET (check_option = local)",
    "ALTER VIEW public.v ALTER COLUMN name SET DEFAULT 'x'",
    "ALTER VIEW public.v RENAME COLUMN name TO title",
    "CREATE OR REPLACE VIEW public.v AS SELECT id, name FROM public.t WHERE id > 0",
    "CREATE OR REPLACE VIEW public.v AS SELECT id, name, 1 AS one FROM public.t",
  ].map((sql) => ({ address: "view:public.v", sql })),
  ...[
    "REFRESH MATERIALIZED VIEW public.m WITH NO DATA",
    "ALTER MATERIALIZED VIEW public.m SET (fillfactor = 50)",
    "ALTER MATERIALIZED VIEW public.m SET (toast.autovacuum_enabled = off)",
    "ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET STORAGE MAIN",
    "ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET COMPRESSION pglz",
    "ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET STATISTICS 5",
    "ALTER MATERIALIZED VIEW public.m ALTER COLUMN name SET (n_distinct = 5)",
    "ALTER MATERIALIZED VIEW public.m RENAME COLUMN name TO title",
  ].map((sql) => ({ address: "materialized_view:public.m", sql })),
  ...[
    "IMMUTABLE",
    "STABLE",
    "STRICT",
    "SECURITY DEFINER",
    "LEAKPROOF",
    "PARALLEL SAFE",
    "PARALLEL RESTRICTED",
    "COST 3",
    "SET search_path TO 'a'",
  ].map((change) => ({
    address: F,
    sql: `ALTER FUNCTION public.f(integer, integer) ${change}`,
  })),
  ...[
    "(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT a'",
    "(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a '",
    "(a integer, b integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN a; END'",
    "(a integer, b integer) RETURNS integer LANGUAGE sql RETURN a",
    "(a integer, b integer) RETURNS integer LANGUAGE internal AS 'int4pl'",
  ].map((change) => ({
    address: F,
    sql: `CREATE OR REPLACE FUNCTION public.f${change}`,
  })),
  { address: "function:public.g()", sql: "ALTER FUNCTION public.g() ROWS 5" },
  {
    address: "procedure:public.p()",
    sql: "ALTER PROCEDURE public.p() SECURITY DEFINER",
  },
  {
    address: "procedure:public.p()",
    sql: "CREATE OR REPLACE PROCEDURE public.p() LANGUAGE sql AS 'SELECT 2'",
  },
  ...[
    "ALTER TABLE public.t DISABLE TRIGGER tr",
    "ALTER TABLE public.t ENABLE REPLICA TRIGGER tr",
    "ALTER TABLE public.t ENABLE ALWAYS TRIGGER tr",
    "CREATE OR REPLACE TRIGGER tr AFTER UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire()",
    "CREATE OR REPLACE TRIGGER tr BEFORE UPDATE OF name ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire()",
    "CREATE OR REPLACE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION public.fire('x')",
    "CREATE OR REPLACE TRIGGER tr BEFORE UPDATE ON public.t FOR EACH ROW WHEN (NEW.id > 0) EXECUTE FUNCTION public.fire()",
  ].map((sql) => ({ address: "trigger:public.t.tr", sql })),
  {
    address: "rule:public.v.r",
    sql:
      "CREATE OR REPLACE RULE r AS ON DELETE TO public.v WHERE OLD.id > 0 DO INSTEAD NOTHING",
  },
  { address: "rule:public.t.rt", sql: "ALTER TABLE public.t DISABLE RULE rt" },
  ...[
    "ALTER POLICY po ON public.t TO pg_monitor",
    "ALTER POLICY po ON public.t USING (false)",
    "ALTER POLICY po ON public.t WITH CHECK (true)",
    "DROP POLICY po ON public.t; CREATE POLICY po ON public.t AS RESTRICTIVE USING (true)",
    "DROP POLICY po ON public.t; CREATE POLICY po ON public.t FOR SELECT USING (true)",
  ].map((sql) => ({ address: "policy:public.t.po", sql })),
  ...[
    "ALTER EVENT TRIGGER e DISABLE",
    "DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.on_ddl()",
    "DROP EVENT TRIGGER e; CREATE EVENT TRIGGER e ON sql_drop WHEN TAG IN ('DROP AGGREGATE') EXECUTE FUNCTION public.on_ddl()",
  ].map((sql) => ({ address: "event_trigger:e", sql })),
  ...[
    "SFUNC = int4mul, STYPE = integer",
    "SFUNC = int4pl, STYPE = integer, SSPACE = 8",
    "SFUNC = int4pl, STYPE = integer, INITCOND = '0'",
    "SFUNC = int4pl, STYPE = integer, FINALFUNC = int4abs",
    "SFUNC = int4pl, STYPE = integer, COMBINEFUNC = int4pl",
    "SFUNC = int4pl, STYPE = integer, PARALLEL = SAFE",
    "SFUNC = int4pl, STYPE = integer, SORTOP = <",
    "SFUNC = int4pl, STYPE = integer, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer",
  ].map((definition) => ({
    address: "aggregate:public.agg(integer)",
    sql: `CREATE OR REPLACE AGGREGATE public.agg(integer) (${definition})`,
  })),
];
