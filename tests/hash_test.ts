/**
 * `pawl hash` and `pawl snapshot`: one schema has one hash, whatever it is
 * read from, and a snapshot is written whole or not at all.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { type CliResult, runCli, withProject } from "./support/cli.ts";
import { execute, testOnServers, withDatabase } from "./support/servers.ts";

const HASH = /^h1:[0-9a-f]{64}\n$/;

const DDL = `CREATE SCHEMA app;
CREATE TABLE app.users (id bigint PRIMARY KEY, email text NOT NULL);
CREATE VIEW app.emails AS SELECT email FROM app.users;
`;

/** Runs pawl, which must succeed. */
async function run(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const result = await runCli(args, { cwd, env });
  assert.equal(result.code, 0, `${args.join(" ")}: ${result.stderr}`);
  return result;
}

testOnServers(
  "pawl hash prints one hash and nothing else, the same for every source [H21]",
  async ({ url }) => {
    await execute(url, DDL);
    await withProject({
      "schema/all.sql": DDL.split("\n").reverse().join("\n"),
      "migrations/0001_users.sql": DDL,
      "pawl.toml": `[env.dev]\nurl = "${url}"\n[shadow]\nurl = "${url}"\n`,
    }, async (cwd) => {
      const { stdout, stderr } = await run(cwd, ["hash"]);
      assert.match(stdout, HASH);
      assert.match(stderr, /^Database: /);
      await run(cwd, ["snapshot", "-o", "kept.json"]);
      await run(cwd, ["inspect", "--split", "files"]);
      for (
        const source of [
          "schema",
          "migrations:migrations",
          "env:dev",
          "kept.json",
          "files",
          url,
        ]
      ) {
        const other = await run(cwd, ["hash", source]);
        assert.equal(other.stdout, stdout, source);
      }
      await execute(url, "ALTER TABLE app.users ADD COLUMN age integer");
      const changed = await run(cwd, ["hash"]);
      assert.match(changed.stdout, HASH);
      assert.notEqual(changed.stdout, stdout);
    });
  },
);

testOnServers(
  "default privileges in a directory are about what is created later, not about what is in it",
  async ({ url }) => {
    await execute(
      url,
      `CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE VIEW app.v AS SELECT id FROM app.t;
      CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM app.v);
      ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_monitor;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;`,
    );
    await withProject({}, async (cwd) => {
      await run(cwd, ["inspect", url, "--split", "files"]);
      const { stdout } = await run(cwd, ["hash", "--objects", url]);
      const read = await run(cwd, ["hash", "--objects", "files"]);
      assert.equal(read.stdout, stdout);
    });
  },
);

testOnServers(
  "pawl hash --objects has one line an object, and changes exactly those that changed [Q30, Q31]",
  async ({ url }) => {
    await execute(url, DDL);
    await withProject({}, async (cwd) => {
      const lines = async () => {
        const { stdout } = await run(cwd, ["hash", url, "--objects"]);
        return stdout.trimEnd().split("\n");
      };
      const before = await lines();
      for (const line of before) {
        assert.match(line, /^[0-9a-f]{64} {2}[a-z_]+:\S/);
      }
      assert.ok(
        before.some((line) => line.endsWith("  column:app.users.email")),
      );
      await execute(url, "ALTER TABLE app.users ALTER email DROP NOT NULL");
      const after = await lines();
      assert.deepEqual(
        after.filter((line) => !before.includes(line)).map((l) => l.slice(66)),
        ["column:app.users.email"],
      );
      const { stdout } = await run(cwd, ["hash", url, "--objects", "--json"]);
      const document = JSON.parse(stdout);
      assert.equal(document.format, "pawl.hash/1");
      assert.match(`${document.hash}\n`, HASH);
      assert.match(document.meta.computedAt, /^\d{4}-.*Z$/);
      assert.match(document.objects.table["app.users"], /^[0-9a-f]{64}$/);
    });
  },
);

testOnServers(
  "pawl's own history is no part of a schema [H6, H23]",
  async ({ url }) => {
    await withProject({
      "migrations/0001_users.sql": DDL,
      "pawl.toml":
        `[project]\nversion_format = "sequence"\n[env.dev]\nurl = "${url}"\n[history]\nschema = "Ratchet"\n`,
    }, async (cwd) => {
      const applied = await runCli(["upgrade"], { cwd });
      assert.equal(applied.code, 0, applied.stderr);
      const { stdout } = await run(cwd, ["inspect", "--format", "sql"]);
      assert.doesNotMatch(stdout, /Ratchet/);
      await withDatabase(undefined, async (bare) => {
        await execute(bare.url, DDL);
        assert.equal(
          (await run(cwd, ["hash"])).stdout,
          (await run(cwd, ["hash", bare.url])).stdout,
        );
      });
      // Named by the version that the database stands at.
      const taken = await run(cwd, ["snapshot"]);
      assert.equal(taken.stdout, "migrations/snapshots/0001_snapshot.json\n");
      assert.equal(
        (await run(cwd, ["hash", "migrations/snapshots/0001_snapshot.json"]))
          .stdout,
        (await run(cwd, ["hash"])).stdout,
      );
    });
  },
);

testOnServers(
  "pawl snapshot is named by the time where there is no history, and written whole [H6, H21]",
  async ({ url }) => {
    await execute(url, DDL);
    await withProject({}, async (cwd) => {
      const taken = await run(cwd, ["db", "snapshot", url]);
      assert.match(
        taken.stdout,
        /^(?:[\w]+\/)*snapshots\/\d{8}_\d{6}_snapshot\.json\n$/,
      );
      const text = await Deno.readTextFile(join(cwd, taken.stdout.trim()));
      assert.match(text, /^\{"format":"pawl\.snapshot\/1","hash":"h1:/);
      const said = await run(cwd, ["snapshot", url, "-o", "-"]);
      assert.equal(said.stdout, text);
      const json = await run(cwd, ["snapshot", url, "-o", "a.json", "--json"]);
      const document = JSON.parse(json.stdout);
      assert.equal(document.path, "a.json");
      assert.equal(await Deno.readTextFile(join(cwd, "a.json")), text);
      assert.deepEqual(
        [...Deno.readDirSync(cwd)].map(({ name }) => name)
          .filter((name) => name.startsWith(".") && name.endsWith(".tmp")),
        [],
      );

      const nowhere = await runCli(["snapshot", url, "-o", "no/a.json"], {
        cwd,
      });
      assert.equal(nowhere.code, 3);
      assert.match(nowhere.stderr, /Cannot write no\/a\.json/);
      await Deno.writeTextFile(join(cwd, "in_the_way"), "mine");
      const blocked = await runCli(["snapshot", url], {
        cwd,
        env: { PAWL_SNAPSHOTS: "in_the_way" },
      });
      assert.equal(blocked.code, 3);
      assert.equal(await Deno.readTextFile(join(cwd, "in_the_way")), "mine");

      await Deno.writeTextFile(
        join(cwd, "edited.json"),
        text.replace('"notNull":true', '"notNull":false'),
      );
      const edited = await runCli(["hash", "edited.json"], { cwd });
      assert.equal(edited.code, 4, edited.stderr);
      await Deno.writeTextFile(join(cwd, "cut.json"), text.slice(0, 400));
      const cut = await runCli(["hash", "cut.json"], { cwd });
      assert.equal(cut.code, 2, cut.stderr);
      assert.equal(edited.stdout + cut.stdout, "");
    });
  },
);

testOnServers(
  "a schema without objects has a hash, a snapshot, and SQL that loads",
  async ({ url }) => {
    await withProject({}, async (cwd) => {
      assert.match((await run(cwd, ["hash", url])).stdout, HASH);
      const { stdout } = await run(cwd, ["inspect", url, "--format", "sql"]);
      await withDatabase(undefined, async (copy) => {
        await execute(copy.url, stdout);
        assert.equal(
          (await run(cwd, ["hash", copy.url])).stdout,
          (await run(cwd, ["hash", url])).stdout,
        );
      });
    });
  },
);

testOnServers(
  "a hash and SQL are the same whatever a database, a role or a client has set for the text of constants",
  async ({ url, name }) => {
    await execute(
      url,
      `CREATE TABLE t (d date DEFAULT '2020-02-03', i interval DEFAULT '1 day 02:03:04', b bytea DEFAULT '\\x0102', s text DEFAULT 'a\\b', z timestamptz DEFAULT '2020-02-03 00:00+00') PARTITION BY LIST (d);
      CREATE TABLE p PARTITION OF t FOR VALUES IN ('2023-02-03');`,
    );
    await withProject({ "schema.sql": "" }, async (cwd) => {
      const sql = async (env: Readonly<Record<string, string>> = {}) =>
        (await run(cwd, ["inspect", "--format", "sql", url], env)).stdout;
      const before = await sql();
      const { stdout } = await run(cwd, ["hash", url]);
      assert.match(before, /'2023-02-03'/);
      await execute(
        url,
        `ALTER DATABASE "${name}" SET datestyle = 'German, DMY'; ALTER DATABASE "${name}" SET intervalstyle = iso_8601; ALTER DATABASE "${name}" SET bytea_output = escape; ALTER DATABASE "${name}" SET timezone = 'Asia/Tokyo'`,
      );
      assert.equal(await sql(), before);
      assert.equal((await run(cwd, ["hash", url])).stdout, stdout);
      assert.equal(
        await sql({ PGTZ: "America/Caracas", PGDATESTYLE: "SQL, DMY" }),
        before,
      );
      await Deno.writeTextFile(join(cwd, "schema.sql"), before);
      const shadow = await run(cwd, ["hash", "schema.sql", "--shadow", url], {
        PGTZ: "Asia/Tokyo",
      });
      assert.equal(shadow.stdout, stdout);
    });
  },
);
