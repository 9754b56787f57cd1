/**
 * `pawl inspect`: what it writes makes the same schema again.
 *
 * The round trips run on 15 and embedded, or on what `PAWL_TEST_POSTGRES`
 * lists; they need `../shared/data`, and say so where it is absent.
 *
 * @module
 */

import assert from "@std/assert";
import { basename, join } from "node:path";
import { openEmbedded } from "../lib/pg/embedded.ts";
import { hashesOf } from "../lib/inspect/hash.ts";
import { readManaged } from "../lib/inspect/read.ts";
import { writeSplit } from "../lib/inspect/write_split.ts";
import { openProject, type Project } from "../lib/migrate/project.ts";
import { upgrade } from "../lib/migrate/upgrade.ts";
import { readSchema } from "../lib/catalog/read.ts";
import { ddlScript } from "../lib/render/ddl_script.ts";
import { mermaid } from "../lib/render/mermaid.ts";
import { splitSchema } from "../lib/render/split.ts";
import { tablesOf } from "../lib/render/tables.ts";
import { schemaTree } from "../lib/render/text.ts";
import type { Schema } from "../lib/schema/schema.ts";
import { readSource } from "../lib/sources/mod.ts";
import { runCli, withProject } from "./support/cli.ts";
import { psql, psqlMissing } from "./support/psql.ts";
import {
  execute,
  type ServerVersion,
  sharedServer,
  targetsUnderTest,
  type TestDatabase,
  testOnServers,
  withDatabase,
} from "./support/servers.ts";

const DATA = new URL("../../shared/data/", import.meta.url).pathname;

/** Every schema and history: files, and sources of migrations. */
function corpus(): string[] {
  try {
    return [
      ...[...Deno.readDirSync(join(DATA, "schemas"))].map(({ name }) =>
        join(DATA, "schemas", name)
      ),
      `migrations:${join(DATA, "migrations/crates_io")}`,
      `migrations:${join(DATA, "migrations/concourse")}`,
    ].sort();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error(`There is no ${DATA}: the round trips are skipped.`);
    return [];
  }
}

function targets(): readonly (ServerVersion | "embedded")[] {
  return Deno.env.get("PAWL_TEST_POSTGRES") === undefined
    ? [15, "embedded"]
    : targetsUnderTest();
}

async function inProject<T>(
  body: (project: Project, root: string) => Promise<T>,
): Promise<T> {
  return await withProject({}, async (directory) => {
    const root = await Deno.realPath(directory);
    return await body(openProject({ cwd: root, env: { HOME: root } }), root);
  });
}

const OPTIONS = {
  managedSchemas: undefined,
  historySchema: "pawl",
  dependencies: true,
};

/** Loads SQL into a fresh embedded database and reads it back. */
async function onEmbedded(sql: string): Promise<Schema> {
  const session = await openEmbedded({ directory: undefined });
  try {
    await session.script(
      sql.split("\n").filter((line) => !line.startsWith("\\")).join("\n"),
    );
    await session.script("RESET ALL");
    return await readSchema(session, OPTIONS);
  } finally {
    await session.close();
  }
}

async function load(
  url: string,
  sql: string | { file: string },
): Promise<void> {
  const { code, stderr } = await psql(url, sql);
  assert.equal(code, 0, stderr);
}

/** Loads SQL into an empty database by psql and reads it back. */
async function loaded(database: TestDatabase, sql: string): Promise<Schema> {
  await load(database.url, sql);
  return await inProject(async (project) =>
    (await readManaged(project, { source: database.url })).schema
  );
}

async function hash(schema: Schema): Promise<string> {
  return (await hashesOf(schema)).hash;
}

/** Fails with the objects that are not the same. */
async function assertSame(actual: Schema, wanted: Schema): Promise<void> {
  const lines = async (schema: Schema) =>
    [...(await hashesOf(schema)).objects].map(([at, digest]) =>
      `${at} ${digest}`
    );
  assert.deepEqual(await lines(actual), await lines(wanted));
  assert.equal(await hash(actual), await hash(wanted));
}

/** What pg_dump says of a database, as sorted statements. */
async function dump(url: string): Promise<string[]> {
  const { success, stdout, stderr } = await new Deno.Command("pg_dump", {
    // A history is there where migrations were run.
    args: ["-s", "-N", "pawl", "-d", url],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => !/^(--|SET |SELECT pg_catalog\.set_config|\\)/.test(line))
    .join("\n").split(/;\n\n+/).map((statement) => statement.trim()).sort();
}

/** The major version of the pg_dump on PATH; undefined where there is none. */
async function dumpVersion(): Promise<number | undefined> {
  try {
    const { stdout } = await new Deno.Command("pg_dump", {
      args: ["--version"],
    }).output();
    return Number(/ (\d+)/.exec(new TextDecoder().decode(stdout))?.[1]);
  } catch {
    console.error("No pg_dump on PATH: nothing is compared with it.");
    return undefined;
  }
}

/** Loads what a source has into a database, as psql or `pawl upgrade` does. */
async function fill(source: string, { url }: TestDatabase): Promise<void> {
  if (source.endsWith(".sql")) return await load(url, { file: source });
  const migrations = source.slice("migrations:".length);
  const { error } = await upgrade(openProject({
    cwd: migrations,
    db: url,
    env: { PAWL_MIGRATIONS: migrations },
  }));
  if (error !== undefined) throw error;
}

async function roundTripOnServer(
  source: string,
  version: ServerVersion,
): Promise<void> {
  await withDatabase(version, async (copy) => {
    await withDatabase(version, async (original) => {
      await fill(source, original);
      const { schema } = await inProject((project) =>
        readManaged(project, { source: original.url })
      );
      const { sql, leftOut } = ddlScript(schema);
      assert.equal(leftOut.size, 0);
      const reloaded = await loaded(copy, sql);
      await assertSame(reloaded, schema);
      assert.equal(ddlScript(reloaded).sql, sql);
      const client = await dumpVersion();
      if (client === undefined || client < version) return;
      const wanted = await dump(original.url);
      assert.ok(wanted.length > 20);
      assert.deepEqual(await dump(copy.url), wanted);
    });
  });
}

for (const source of corpus()) {
  for (const target of targets()) {
    const name = basename(source);
    Deno.test({
      name: `inspect --format sql makes ${name} again (${target})`,
      ignore: target !== "embedded" && psqlMissing,
      fn: async () => {
        if (target !== "embedded") {
          return await roundTripOnServer(source, target);
        }
        const schema = source.endsWith(".sql")
          ? await onEmbedded(Deno.readTextFileSync(source))
          : await inProject((project, root) =>
            readSource(source, { project, cache: join(root, "cache") })
          );
        const { sql } = ddlScript(schema);
        await assertSame(await onEmbedded(sql), schema);
      },
    });
  }
  Deno.test(`inspect --split makes ${basename(source)} again`, async () => {
    const [version = 15] = targets().filter((target) => target !== "embedded");
    const shadow = (await sharedServer(version)).url();
    await inProject(async (project, root) => {
      const schema = await readSource(source, { project, shadow });
      const directory = join(root, "schema");
      const { files } = splitSchema(schema);
      writeSplit(directory, files, root);
      await assertSame(
        await readSource(directory, { project, shadow }),
        schema,
      );
      const again = writeSplit(directory, files, root);
      assert.deepEqual([again.written, again.strays], [[], []]);
    });
  });
}

const SHOP = `
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
CREATE TABLE public.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, mood public.mood DEFAULT 'ok', at timestamp with time zone DEFAULT now());
COMMENT ON TABLE public.users IS 'who buys';
CREATE TABLE public.orders (id integer PRIMARY KEY, user_id bigint NOT NULL REFERENCES public.users ON DELETE CASCADE, paid numeric(10,2) CHECK (paid > 0), "Odd ""name" text);
CREATE INDEX orders_user ON public.orders (user_id) WHERE paid IS NULL;
CREATE TABLE public.receipts (order_id integer PRIMARY KEY REFERENCES public.orders);
CREATE TABLE public.lonely (id integer);
CREATE VIEW public.seen AS SELECT id, email FROM public.users;
CREATE FUNCTION public.total(u bigint) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(paid) FROM public.orders WHERE user_id = u';
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON public.orders FOR SELECT TO pg_monitor USING (paid > 1);
GRANT SELECT ON public.users TO pg_monitor;
ALTER TABLE public.lonely OWNER TO pg_monitor;
`;

const PLAIN = { bold: (text: string) => text, dim: (text: string) => text };

function withShop(
  name: string,
  body: (database: TestDatabase) => Promise<void>,
): void {
  testOnServers(name, async (database) => {
    await execute(database.url, SHOP);
    await body(database);
  });
}

withShop("schemaTree() shows what is where [H8, H19]", async ({ url }) => {
  const { schema, sizes } = await inProject((project) =>
    readManaged(project, { source: url, sizes: true })
  );
  assert.deepEqual([...sizes?.keys() ?? []].sort(), [
    "table:public.lonely",
    "table:public.orders",
    "table:public.receipts",
    "table:public.users",
  ]);
  const tree = schemaTree(schema, {
    paint: PLAIN,
    sizes: new Map([["table:public.users", { rows: 1234, bytes: 20480 }]]),
  });
  assert.deepEqual(
    tree.join("\n").replace(/\n {2}grant to PUBLIC create/, ""),
    `schema public
  enum mood (sad, ok)
  table lonely  -- owned by pg_monitor
    id  integer
  table orders row security enabled
    id            integer        not null
    user_id       bigint         not null
    paid          numeric(10,2)
    "Odd ""name"  text
    orders_pkey PRIMARY KEY (id)
    orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE
    orders_paid_check CHECK ((paid > (0)::numeric))
    index orders_user btree (user_id) WHERE (paid IS NULL)
    policy mine for select to pg_monitor using (paid > (1)::numeric)
  table receipts
    order_id  integer  not null
    receipts_pkey PRIMARY KEY (order_id)
    receipts_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id)
  table users  (about 1,234 rows, 20 kB)  -- who buys
    id     bigint                    not null generated always as identity
    email  text                      not null
    mood   public.mood               default 'ok'::public.mood
    at     timestamp with time zone  default now()
    users_pkey PRIMARY KEY (id)
    users_email_key UNIQUE (email)
    grant to pg_monitor select
  function total(bigint) returns numeric language sql stable
  view seen
    id     bigint
    email  text`,
  );
});

withShop(
  "mermaid() draws tables and foreign keys, or what is near one [H20]",
  async ({ url }) => {
    const { schema } = await inProject((project) =>
      readManaged(project, { source: url })
    );
    assert.equal(
      mermaid(schema),
      `erDiagram
    lonely {
        integer id
    }
    orders {
        integer id PK
        bigint user_id FK "not null"
        numeric(10_2) paid
        text Odd__name "Odd 'name"
    }
    receipts {
        integer order_id PK, FK
    }
    users {
        bigint id PK
        text email UK "not null"
        public_mood mood
        timestamptz at
    }
    users ||--o{ orders : "user_id"
    orders ||--o| receipts : "order_id"
`,
    );
    const [, orders] = tablesOf(schema);
    assert.deepEqual(orders?.columns.map(({ name }) => name), [
      "id",
      "user_id",
      "paid",
      'Odd "name',
    ]);
    assert.deepEqual(orders?.primaryKey, {
      name: "orders_pkey",
      columns: ["id"],
    });
    assert.deepEqual(orders?.uniques, []);
    assert.deepEqual(orders?.foreignKeys, [{
      name: "orders_user_id_fkey",
      columns: ["user_id"],
      references: "table:public.users",
    }]);
    const drawn = (focus: string, depth?: number) =>
      [
        ...mermaid(schema, { focus: `table:public.${focus}`, depth })
          .matchAll(/^ {4}(\w+) \{$/gm),
      ].map(([, name]) => name);
    assert.deepEqual(drawn("users"), ["orders", "users"]);
    assert.deepEqual(drawn("users", 2), ["orders", "receipts", "users"]);
    assert.deepEqual(drawn("users", 0), ["users"]);
    assert.deepEqual(drawn("lonely", 9), ["lonely"]);
  },
);

withShop(
  "pawl inspect writes SQL that says its own formats, owners and privileges [H8]",
  async ({ url }) => {
    await withProject({}, async (cwd) => {
      const inspect = async (...args: string[]) => {
        const result = await runCli(["inspect", url, ...args], { cwd });
        assert.equal(result.code, 0, result.stderr);
        assert.match(result.stderr, /^Database: postgres/);
        return result.stdout;
      };
      const sql = await inspect("--format", "sql");
      assert.match(sql, /^-- A schema of \d+ objects/);
      assert.match(sql, /OWNER TO pg_monitor/);
      assert.match(sql, /GRANT SELECT ON TABLE public\.users TO pg_monitor/);
      const bare = await inspect(
        "--format",
        "sql",
        "--no-owner",
        "--no-privileges",
      );
      assert.doesNotMatch(bare, /OWNER TO|GRANT|REVOKE/);
      assert.match(bare, /CREATE POLICY/);
      const document = JSON.parse(await inspect("--json"));
      assert.equal(document.format, "pawl.schema/1");
      assert.match(document.hash, /^h1:[0-9a-f]{64}$/);
      const column = document.objects.find((
        { address }: { address: string },
      ) => address === "column:public.orders.paid");
      assert.equal(column.kind, "column");
      assert.equal(column.payload.type, "numeric(10,2)");
      assert.equal(column.parent, "table:public.orders");
      assert.match(column.hash, /^[0-9a-f]{64}$/);
      const focused = await inspect("--format", "mermaid", "--focus", "users");
      assert.match(focused, /^erDiagram\n/);
    });
  },
);

testOnServers(
  "pawl inspect never shows a secret, and leaves out what needs one",
  async ({ url }) => {
    await execute(
      url,
      `CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
     CREATE SERVER closed FOREIGN DATA WRAPPER w OPTIONS (password 'hunter2');
     CREATE FOREIGN TABLE far (id integer) SERVER closed; CREATE VIEW nearer AS SELECT id FROM far;
     CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'ada', password 'hunter2');
     CREATE TABLE kept (id integer);`,
    );
    await withProject({}, async (cwd) => {
      for (const format of ["sql", "json", "text", "mermaid"]) {
        const { code, stdout, stderr } = await runCli(
          ["inspect", url, "--format", format],
          { cwd },
        );
        assert.equal(code, 0, stderr);
        assert.doesNotMatch(stdout + stderr, /hunter2/);
        assert.ok(!stdout.includes("\x1b"));
        if (format !== "sql") continue;
        assert.doesNotMatch(stdout, /^DROP/m);
        assert.match(stderr, /user_mapping:s\.public is a comment in the SQL/);
        assert.match(stdout, /^-- CREATE USER MAPPING FOR PUBLIC/m);
        assert.match(stdout, /^-- CREATE FOREIGN TABLE public\.far/m);
        assert.match(stdout, /^-- CREATE VIEW public\.nearer/m);
        assert.match(
          stdout,
          /^-- Left out: it needs server:closed, which is left out\.$/m,
        );
        if (psqlMissing) continue;
        await withDatabase(undefined, async (copy) => {
          await load(copy.url, stdout);
        });
      }
    });
  },
);

testOnServers(
  "pawl inspect names what it does not know; --strict refuses",
  async ({ url }) => {
    await execute(
      url,
      "CREATE TYPE odd; CREATE TABLE kept (id integer);",
    );
    await withProject({}, async (cwd) => {
      const lax = await runCli(["inspect", url, "--format", "sql"], { cwd });
      assert.equal(lax.code, 0);
      assert.match(
        lax.stderr,
        /type public\.odd is not part of the model/,
      );
      for (const command of ["inspect", "hash", "snapshot"]) {
        const strict = await runCli([command, url, "--strict"], { cwd });
        assert.equal(strict.code, 6, strict.stderr);
        assert.equal(strict.stdout, "");
        assert.match(strict.stderr, /type public\.odd/);
      }
    });
  },
);

testOnServers(
  "managed_schemas and ignore hold for databases, files and snapshots alike",
  async ({ url }) => {
    const sql =
      "CREATE SCHEMA app; CREATE SCHEMA theirs; CREATE TABLE app.kept (id integer, legacy text); CREATE TABLE app.tmp_1 (id integer); CREATE TABLE theirs.t (id integer); CREATE TABLE public.p (id integer);";
    await execute(url, sql);
    await withProject(
      {
        "pawl.toml":
          `[project]\nmanaged_schemas = ["app"]\nignore = ["app.tmp_*", "column:*.legacy"]\n`,
        "schema/all.sql": sql,
      },
      async (cwd) => {
        const hash = async (source: string, env = {}) => {
          const result = await runCli(["hash", source], {
            cwd,
            env: { PAWL_SHADOW_URL: url, ...env },
          });
          assert.equal(result.code, 0, result.stderr);
          return result.stdout;
        };
        const everything = join(cwd, "all.json");
        const { code, stderr } = await runCli([
          "snapshot",
          url,
          "--config",
          "other.toml",
          "-o",
          everything,
        ], { cwd });
        assert.equal(code, 2, stderr);
        await Deno.writeTextFile(join(cwd, "other.toml"), "");
        const all = await runCli(
          ["snapshot", url, "--config", "other.toml", "-o", everything],
          { cwd },
        );
        assert.equal(all.code, 0, all.stderr);
        const wanted = await hash(url);
        assert.equal(await hash("schema"), wanted);
        assert.equal(await hash(everything), wanted);
        const { stdout } = await runCli(["hash", url, "--objects"], { cwd });
        assert.deepEqual(
          stdout.trim().split("\n").map((line) => line.slice(66)),
          [
            "column:app.kept.id",
            "owner:schema:app",
            "owner:table:app.kept",
            "schema:app",
            "table:app.kept",
          ],
        );
      },
    );
  },
);

testOnServers(
  "pawl inspect --split writes files of any name, once, and names strays",
  async ({ url }) => {
    await execute(
      url,
      `CREATE SCHEMA "S 1"; CREATE TABLE "S 1"."a/b.c" (id integer); CREATE TABLE "S 1"."Users" (id integer); CREATE TABLE "S 1".users (id integer);
     CREATE FUNCTION "S 1".f() RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION "S 1".f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
     CREATE TABLE "S 1".".hidden" (id integer); CREATE TABLE "S 1"."größe" (id integer);`,
    );
    await withProject(
      { "schema/stray.sql": "CREATE TABLE s ();" },
      async (cwd) => {
        const split = () =>
          runCli(["inspect", url, "--split", "schema"], { cwd });
        const first = await split();
        assert.equal(first.code, 0, first.stderr);
        assert.equal(first.stdout, "schema: 7 files written, 0 unchanged\n");
        assert.match(first.stderr, /1 other \.sql file .*: stray\.sql/);
        const files = (folder: string) =>
          [...Deno.readDirSync(join(cwd, "schema", folder))].map(({ name }) =>
            name
          )
            .sort();
        assert.deepEqual(files("functions"), ["S%201.f.sql"]);
        assert.deepEqual(files("tables"), [
          "S%201.%2Ehidden.sql",
          "S%201.Users.sql",
          "S%201.a%2Fb%2Ec.sql",
          "S%201.größe.sql",
          "S%201.users~2.sql",
        ]);
        await Deno.remove(join(cwd, "schema/stray.sql"));
        const again = await split();
        assert.equal(again.stdout, "schema: 0 files written, 7 unchanged\n");
        const hash = async (source: string) =>
          (await runCli(["hash", source, "--shadow", url], { cwd })).stdout;
        assert.equal(await hash("schema"), await hash(url));
        await Deno.writeTextFile(join(cwd, "file"), "");
        const into = await runCli(["inspect", url, "--split", "file"], { cwd });
        assert.equal(into.code, 3, into.stderr);
        assert.match(into.stderr, /Cannot write file/);
      },
    );
  },
);

testOnServers(
  "pawl inspect refuses what makes no sense in one sentence",
  async ({ url }) => {
    await execute(url, "CREATE TABLE orders (id integer)");
    await withProject({ "bad.sql": "CREATE TABEL x ();" }, async (cwd) => {
      const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
        [["inspect"], 2, /no database|names a database|Cannot/],
        [["inspect", url, "--db", url], 2, /Cannot use --db with SOURCE/],
        [
          ["inspect", url, "--focus", "orders"],
          2,
          /goes with --format mermaid/,
        ],
        [
          ["inspect", url, "--format", "mermaid", "--focus", "order"],
          2,
          /no such table[^]*orders/,
        ],
        [["inspect", url, "--depth", "2"], 2, /without --focus/],
        [
          ["inspect", "nowhere"],
          2,
          /nowhere: there is no such file[^]*hint: A source/,
        ],
        [["inspect", "bad.sql", "--shadow", url], 2, /bad\.sql:1:8/],
        [["inspect", "oracle://x"], 2, /oracle/],
        [["inspect", "env:prod"], 2, /env:prod/],
      ];
      for (const [args, exit, message] of cases) {
        const { code, stdout, stderr } = await runCli(args, { cwd });
        assert.equal(code, exit, `${args.join(" ")}: ${stderr}`);
        assert.match(stderr, message);
        assert.equal(stdout, "");
      }
    });
  },
);

testOnServers(
  "what acts on everything that follows is read back last",
  async ({ url }) => {
    await execute(
      url,
      `CREATE SCHEMA app; CREATE TABLE app.t (id integer); CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
     ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
     CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''too late''; END';
     CREATE EVENT TRIGGER a_refuses ON ddl_command_end EXECUTE FUNCTION public.refuse();`,
    );
    await inProject(async (project, root) => {
      const { schema } = await readManaged(project, { source: url });
      const directory = join(root, "schema");
      writeSplit(directory, splitSchema(schema).files, root);
      await assertSame(
        await readSource(directory, { project, shadow: url }),
        schema,
      );
      if (psqlMissing) return;
      await withDatabase(undefined, async (copy) => {
        await assertSame(await loaded(copy, ddlScript(schema).sql), schema);
      });
    });
  },
);

testOnServers(
  "bodies that the server runs while it makes something find what they name without a schema",
  async ({ url }) => {
    await execute(
      url,
      `CREATE SCHEMA "My app";
     CREATE TYPE "My app".triple AS (a integer, b integer);
     CREATE TABLE "My app".numbers (n integer);
     SET search_path = public, "My app";
     CREATE FUNCTION "My app".halve(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n / 2; END';
     CREATE FUNCTION "My app".triple_of(n integer) RETURNS "My app".triple LANGUAGE sql IMMUTABLE AS 'SELECT (halve(n), n)::triple';
     CREATE FUNCTION "My app".first_of(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT (triple_of(n)).a';
     CREATE FUNCTION "My app".constant() RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN halve(4); END';
     CREATE FUNCTION public.fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN halve(1); END';
     CREATE TABLE public.t (n integer, pair "My app".triple GENERATED ALWAYS AS ("My app".triple_of(n)) STORED);
     -- Since 17 the server runs these under a path of its own.
     DO $$ BEGIN IF current_setting('server_version_num')::integer < 170000 THEN
       CREATE INDEX t_first ON public.t ("My app".first_of(n)) WHERE n > "My app".constant();
       CREATE MATERIALIZED VIEW public.m AS SELECT "My app".first_of(4) AS f;
     END IF; END $$;
     CREATE TRIGGER fires BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.fires();
     COMMENT ON FUNCTION "My app".first_of(integer) IS 'not run by this';`,
    );
    await inProject(async (project) => {
      const { schema } = await readManaged(project, { source: url });
      const { sql } = ddlScript(schema);
      const before = (statement: string) =>
        sql.slice(0, sql.indexOf(statement)).match(/^SET search_path.*$/gm)
          ?.at(-1);
      const path = `SET search_path = public, "My app";`;
      assert.equal(before("CREATE TABLE public.t"), path);
      if (schema.version < 170000) {
        assert.equal(before("CREATE INDEX t_first"), path);
      }
      const none = "SET search_path = '';";
      assert.equal(before(`CREATE TABLE "My app"`), none);
      assert.equal(before("CREATE TRIGGER fires"), none);
      assert.equal(before("COMMENT ON"), none);
      if (psqlMissing) return;
      await withDatabase(undefined, async (copy) => {
        await assertSame(await loaded(copy, sql), schema);
      });
    });
  },
);

const SECRETS = `CREATE FOREIGN DATA WRAPPER w;
  CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', passwd 'of the ''server');
  CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS ("user" 'u', password 'back\\slash "$$" €');
  CREATE FOREIGN TABLE public.f (id integer) SERVER s OPTIONS (api_key 'of the table');`;

testOnServers(
  "--with-secrets writes SQL that makes the same again; without it nothing is in their place",
  async ({ url }) => {
    await execute(url, SECRETS);
    const inspect = async (...args: string[]) =>
      await runCli(["inspect", url, "--format", "sql", ...args], { cwd: "/" });
    const without = await inspect();
    assert.equal(without.code, 0, without.stderr);
    for (const secret of ["of the", "back", "€"]) {
      assert.ok(!(without.stdout + without.stderr).includes(secret));
    }
    assert.match(without.stdout, /^-- CREATE SERVER s .*<withheld: passwd>/m);
    assert.match(without.stderr, /server:s is a comment in the SQL/);
    // Whoever runs it gets neither the server nor one without its password.
    await withDatabase(undefined, async (copy) => {
      await execute(copy.url, without.stdout);
      assert.deepEqual(
        await execute(copy.url, "SELECT srvname FROM pg_foreign_server"),
        [],
      );
    });
    const sql = await inspect("--with-secrets");
    assert.equal(sql.code, 0, sql.stderr);
    assert.doesNotMatch(sql.stdout + sql.stderr, /withheld|left-out/);
    await withDatabase(undefined, async (copy) => {
      await execute(copy.url, sql.stdout);
      const hash = async (of: string) =>
        (await runCli(["hash", of], { cwd: "/" })).stdout;
      assert.equal(await hash(copy.url), await hash(url));
    });
    await withProject({}, async (cwd) => {
      const split = ["inspect", url, "--split", "schema", "--with-secrets"];
      assert.equal((await runCli(split, { cwd })).code, 0);
      const file = join(cwd, "schema/servers/s.sql");
      assert.match(await Deno.readTextFile(file), /passwd 'of the ''server'/);
    });
    for (const format of ["text", "json", "mermaid"]) {
      const args = ["inspect", url, "--with-secrets", "--format", format];
      assert.equal((await runCli(args, { cwd: "/" })).code, 2);
    }
  },
);

testOnServers(
  "a user mapping that the role may not read is unreadable, not empty",
  async ({ url, server, name }) => {
    const user = `pawl_weak_${crypto.randomUUID().slice(0, 8)}`;
    await execute(url, `${SECRETS} CREATE ROLE ${user} LOGIN PASSWORD 'weak'`);
    try {
      const weak = server.url(name, { user, password: "weak" });
      await withProject({}, async (cwd) => {
        const sql = ["inspect", weak, "--format", "sql", "--with-secrets"];
        const { code, stdout, stderr } = await runCli(sql, { cwd });
        assert.equal(code, 0, stderr);
        assert.match(stderr, /warning\[unreadable\]: .*user_mapping:s\.public/);
        assert.match(stdout, /^-- CREATE USER MAPPING .*<withheld: options>/m);
        // What nobody can tell is no drift, and is said.
        const snapshot = ["snapshot", url, "--output", "all.json"];
        assert.equal((await runCli(snapshot, { cwd })).code, 0);
        const against = ["drift", "--db", weak, "--against", "all.json"];
        const drift = await runCli(against, { cwd });
        assert.equal(drift.code, 0, drift.stdout + drift.stderr);
        assert.match(drift.stdout, /user_mapping:s\.public.*may not read/s);
      });
    } finally {
      await execute(url, `DROP OWNED BY ${user}; DROP ROLE ${user}`);
    }
  },
);
