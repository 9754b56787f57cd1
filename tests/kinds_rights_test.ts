/**
 * Comments, owners, privileges and default privileges against real servers
 * and the embedded database: every case of `tests/cases/<kind>` says the same
 * on all of them, also after it was written as DDL and loaded. What is left
 * out: by patterns, as a partition, or because the role may not see it.
 *
 * @module
 */

import assert from "@std/assert";
import { planBothWays } from "../lib/change/change_plan.ts";
import { readSchema } from "../lib/catalog/read.ts";
import {
  withoutIgnored,
  withoutKinds,
  withoutUnnamedPartitions,
} from "../lib/catalog/scope.ts";
import { connectServer } from "../lib/pg/server.ts";
import { ddl } from "../lib/render/ddl.ts";
import type { Schema } from "../lib/schema/schema.ts";
import { execute, testOnServers, withDatabase } from "./support/servers.ts";
import {
  differences,
  type ReadSchema,
  schemaOn,
  type Target,
} from "./support/six_servers.ts";
import { targetsUnderTest } from "./support/targets.ts";

const KINDS = ["comment", "owner", "privilege", "default_privilege"];

const ROLES = ["pawl_owner", "pawl_reader", "Pawl other", 'Pawl "quoted" role'];

/** Roles are of the whole server, and another test may make them just now. */
const CREATE_ROLES = `DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY[${
  ROLES.map((role) => `'${role}'`).join(", ")
}] LOOP
    BEGIN EXECUTE format('CREATE ROLE %I', name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END;
  END LOOP; END $$;\n`;

function load(target: Target, sql: string): Promise<Schema> {
  return schemaOn(target, CREATE_ROLES + sql);
}

function reload(target: Target, schema: Schema): Promise<Schema> {
  const sql = ddl(schema).map((statement) => `${statement.sql};\n`).join("");
  return load(target, sql);
}

function about(schema: Schema): string[] {
  return [...schema.objects.values()].filter(({ kind }) => KINDS.includes(kind))
    .map(({ address }) => address);
}

for (const kind of KINDS) {
  const directory = new URL(`cases/${kind}/`, import.meta.url);
  for (const { name, isFile } of Deno.readDirSync(directory)) {
    if (!isFile) continue;
    Deno.test(`${kind}/${name} is the same everywhere, and after its own DDL`, async () => {
      const sql = Deno.readTextFileSync(new URL(name, directory));
      const read: ReadSchema[] = [];
      for (const target of targetsUnderTest()) {
        const schema = await load(target, sql);
        if (sql.includes("-- expect: nothing")) {
          assert.deepEqual(about(schema), []);
        } else assert.ok(about(schema).some((at) => at.startsWith(`${kind}:`)));
        read.push({ name: `${target}`, schema });
        read.push({
          name: `${target} reloaded`,
          schema: await reload(target, schema),
        });
      }
      assert.deepEqual(await differences(read), []);
    });
  }
}

testOnServers(
  "without owners, what the owner has is whoever's who runs the DDL",
  async ({ server }) => {
    const schema = await load(
      server.version,
      `CREATE TABLE a (id integer); ALTER TABLE a OWNER TO pawl_owner;
     REVOKE DELETE ON a FROM pawl_owner;`,
    );
    const text = (of: Schema) => ddl(of).map(({ sql }) => sql);
    assert.ok(
      text(schema).includes("ALTER TABLE public.a OWNER TO pawl_owner"),
    );
    assert.ok(
      text(schema).includes("REVOKE DELETE ON TABLE public.a FROM pawl_owner"),
    );
    const without = text(withoutKinds(schema, ["owner"]));
    assert.ok(
      without.includes("REVOKE DELETE ON TABLE public.a FROM CURRENT_USER"),
    );
    assert.ok(!without.some((sql) => sql.includes("OWNER TO")));
  },
);

testOnServers(
  "an owner change is one object's difference, and so is a grant",
  async ({ server }) => {
    const from =
      "CREATE SCHEMA s; CREATE TABLE s.a (id integer); CREATE TABLE s.b (id integer);";
    const schemas = async (more: string) => [
      { name: "from", schema: await load(server.version, from) },
      { name: "to", schema: await load(server.version, from + more) },
    ];
    const changed = async (more: string) =>
      (await differences(await schemas(more))).map(({ address, field }) =>
        `${address} ${field}`
      );
    assert.deepEqual(await changed("ALTER TABLE s.a OWNER TO pawl_owner"), [
      "owner:table:s.a role",
    ]);
    assert.deepEqual(await changed("GRANT SELECT ON s.a TO PUBLIC"), [
      "privilege:table:s.a to PUBLIC undefined",
    ]);
    assert.deepEqual(await changed("COMMENT ON COLUMN s.a.id IS 'x'"), [
      "comment:column:s.a.id undefined",
    ]);
    // Its tables are no longer the schema's owner's, but still the database's.
    assert.deepEqual(await changed("ALTER SCHEMA s OWNER TO pawl_owner"), [
      "owner:schema:s role",
      "owner:table:s.a databaseOwner",
      "owner:table:s.b databaseOwner",
    ]);
    // A grant to the owner, and one of what everybody has, are none.
    assert.deepEqual(await changed("GRANT ALL ON s.a TO CURRENT_USER"), []);
  },
);

testOnServers(
  "the same DDL by another role in its own database is the same",
  async ({ server }) => {
    const sql =
      `CREATE SCHEMA s; CREATE TABLE s.a (id serial); CREATE TABLE public.b (id integer);
    CREATE FUNCTION s.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC;
    REVOKE INSERT ON s.a FROM CURRENT_USER; REVOKE CREATE ON SCHEMA public FROM PUBLIC;`;
    const mine = await load(server.version, sql);
    await withDatabase(server.version, async ({ url, name }) => {
      await execute(
        url,
        `${CREATE_ROLES}ALTER DATABASE "${name}" OWNER TO pawl_owner`,
      );
      const session = await connectServer(url);
      try {
        await session.script(
          `GRANT CREATE ON SCHEMA public TO pawl_owner; SET ROLE pawl_owner; ${sql}; RESET ROLE`,
        );
        const theirs = await readSchema(session, {
          managedSchemas: undefined,
          historySchema: "pawl",
          dependencies: true,
        });
        assert.deepEqual(
          await differences([
            { name: "mine", schema: mine },
            { name: "theirs", schema: theirs },
          ]),
          [],
        );
      } finally {
        await session.close();
      }
    });
  },
);

testOnServers(
  "a role that is refused a catalog gets the rest, and is told",
  async ({ url, server }) => {
    await execute(
      url,
      `CREATE TABLE a (id integer); CREATE POLICY p ON a; COMMENT ON TABLE a IS 'x';
     REVOKE SELECT ON pg_catalog.pg_policy, pg_catalog.pg_trigger FROM PUBLIC`,
    );
    const password = "pawl";
    const user = `pawl_login_${crypto.randomUUID().slice(0, 8)}`;
    await execute(url, `CREATE ROLE ${user} LOGIN PASSWORD '${password}'`);
    const database = decodeURIComponent(new URL(url).pathname.slice(1));
    const session = await connectServer(
      server.url(database, { user, password }),
    );
    try {
      const options = {
        managedSchemas: undefined,
        historySchema: "pawl",
        dependencies: true,
      };
      const schema = await readSchema(session, options);
      assert.ok(schema.objects.has("table:public.a"));
      assert.ok(schema.objects.has("comment:table:public.a"));
      assert.ok(!schema.objects.has("policy:public.a.p"));
      assert.deepEqual(
        schema.notices.filter(({ code }) => code === "unreadable").map((
          { message },
        ) => message),
        [
          "Cannot read every trigger: permission denied for table pg_trigger",
          "Cannot read every policy: permission denied for table pg_policy",
        ],
      );
      // What it may not see is not gone: nobody plans to drop the other's.
      const all = await connectServer(url);
      const whole = await readSchema(all, options);
      await all.close();
      for (const [a, b] of [[schema, whole], [whole, schema]] as const) {
        await assert.rejects(planBothWays(a, b), {
          code: "schema-incomplete",
          details: [
            "Cannot read every policy: permission denied for table pg_policy",
          ],
        });
      }
    } finally {
      await session.close();
      await execute(url, `DROP ROLE ${user}`);
    }
  },
);

testOnServers(
  "an ignored object takes along what belongs to it",
  async ({ server }) => {
    const schema = await load(
      server.version,
      `CREATE TABLE tmp_a (id serial PRIMARY KEY, b text CHECK (b <> ''));
     CREATE INDEX other_name ON tmp_a (b); COMMENT ON COLUMN tmp_a.b IS 'x';
     GRANT SELECT ON tmp_a TO pawl_reader; GRANT SELECT (b) ON tmp_a TO pawl_owner;
     CREATE TABLE a (id integer, old_id integer); GRANT SELECT ON a TO pawl_reader, pawl_owner;
     COMMENT ON TABLE a IS 'x'; CREATE SCHEMA s; CREATE TABLE s.a_backup (id integer);
     CREATE TABLE s."Tmp.x" (id integer);
     CREATE FUNCTION s.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
     CREATE FUNCTION s.f(text) RETURNS integer LANGUAGE sql AS 'SELECT 1';`,
    );
    const left = (...patterns: string[]) => {
      const kept = withoutIgnored(schema, { patterns }).objects;
      return [...schema.objects.keys()].filter((address) => !kept.has(address));
    };
    const table = left("public.tmp_*");
    for (
      const address of [
        "table:public.tmp_a",
        "column:public.tmp_a.b",
        "constraint:public.tmp_a.tmp_a_b_check",
        "index:public.other_name",
        "comment:column:public.tmp_a.b",
        "owner:table:public.tmp_a",
        "privilege:table:public.tmp_a to pawl_reader",
        "privilege:column:public.tmp_a.b to pawl_owner",
        "sequence:public.tmp_a_id_seq",
      ]
    ) assert.ok(table.includes(address), address);
    assert.ok(table.every((address) => !/public\.a\b|s\./.test(address)));
    assert.deepEqual(
      left("table:public.tmp_*"),
      table.filter((a) => !a.startsWith("sequence:")),
    );
    assert.deepEqual(left("*_backup"), [
      "column:s.a_backup.id",
      "owner:table:s.a_backup",
      "table:s.a_backup",
    ]);
    assert.deepEqual(left('s."Tmp.x"'), left("table:Tmp?x"));
    assert.deepEqual(left("column:old_*"), ["column:public.a.old_id"]);
    assert.deepEqual(left("public.a.old_id"), ["column:public.a.old_id"]);
    assert.deepEqual(left("function:f(text)"), [
      "function:s.f(text)",
      "owner:function:s.f(text)",
    ]);
    assert.deepEqual(left("comment:table:*"), ["comment:table:public.a"]);
    assert.deepEqual(left("privilege:a to *_owner"), [
      "privilege:table:public.a to pawl_owner",
    ]);
    assert.ok(
      left("schema:s").every((address) => /[:. ]s(\.|$)/.test(address)),
    );
    assert.ok(left("schema:s").includes("table:s.a_backup"));
    assert.deepEqual(left("s"), []);
    assert.throws(() => left("public..x"), { code: "config-invalid" });
  },
);

testOnServers(
  "readSchema() ignores an owned sequence with its table",
  async ({ url }) => {
    await execute(
      url,
      "CREATE TABLE tmp_a (id serial); CREATE TABLE b (id integer)",
    );
    const session = await connectServer(url);
    try {
      const schema = await readSchema(session, {
        managedSchemas: undefined,
        historySchema: "pawl",
        dependencies: false,
        ignore: ["table:tmp_*"],
      });
      assert.ok(schema.objects.has("table:public.b"));
      assert.deepEqual(
        [...schema.objects.keys()].filter((a) => a.includes("tmp")),
        [],
      );
    } finally {
      await session.close();
    }
  },
);

testOnServers(
  "partitions that the declared schema does not name are no difference",
  async ({ server }) => {
    const declared =
      `CREATE SCHEMA "My Parts"; CREATE TABLE "My Parts".heir (id integer);
    CREATE TABLE "My Parts"."E" (id integer, at date NOT NULL) PARTITION BY RANGE (at);
    CREATE TABLE "My Parts".named PARTITION OF "My Parts"."E" FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (id);`;
    const live = `${declared}
    CREATE TABLE "My Parts".made PARTITION OF "My Parts"."E" FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') PARTITION BY LIST (id);
    CREATE TABLE "My Parts".made_1 PARTITION OF "My Parts".made FOR VALUES IN (1);
    CREATE TABLE "My Parts".named_1 PARTITION OF "My Parts".named FOR VALUES IN (1);
    CREATE INDEX ON "My Parts".made_1 (at); COMMENT ON TABLE "My Parts".made IS 'x'; GRANT SELECT ON "My Parts".made TO PUBLIC;
    CREATE SCHEMA chunks; CREATE TABLE chunks.one () INHERITS ("My Parts".heir);`;
    const from = await load(server.version, declared);
    const to = await load(server.version, live);
    const seen = withoutUnnamedPartitions(to, from);
    assert.deepEqual(
      [...seen.objects.keys()].filter((address) => !from.objects.has(address)),
      ["owner:schema:chunks", "schema:chunks"],
    );
    assert.deepEqual(
      [...from.objects.keys()].filter((a) => !seen.objects.has(a)),
      [],
    );
    // A declared partition stays, and one is never dropped for being unnamed elsewhere.
    assert.ok(seen.objects.has('table:"My Parts".named'));
    assert.equal(
      withoutUnnamedPartitions(from, to).objects.size,
      from.objects.size,
    );
  },
);
