/**
 * What `pawl sql` writes, run by psql as a DBA would: afterwards the database
 * and its history are as `pawl upgrade` would have left them, also where the
 * script has failed half-way.
 *
 * @module
 */

import assert from "@std/assert";
import { runCli, writeFiles } from "./support/cli.ts";
import { type CommandScene, commandScene } from "./support/command_scene.ts";
import { psql, psqlMissing, type PsqlResult } from "./support/psql.ts";
import { execute } from "./support/servers.ts";

const FILES: Readonly<Record<string, string>> = {
  "migrations/0001_users.sql": `
-- pawl:message Users; "quoted" and 'so' on
CREATE TABLE users (id int PRIMARY KEY, name text DEFAULT 'a;b');
INSERT INTO users VALUES (1, E'it''s \\\\ $$ fine');
-- pawl:down
DROP TABLE users;
`,
  "migrations/0002_index.sql": `
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN 1; /* ; */ END $body$;
-- pawl:step transaction=none
CREATE INDEX CONCURRENTLY users_name ON users (name);
-- pawl:verify
SELECT 1 / count(*) FROM pg_index WHERE indexrelid = 'users_name'::regclass AND indisvalid;
-- pawl:down
DROP INDEX CONCURRENTLY users_name;
-- pawl:step
DROP FUNCTION f();
`,
  "migrations/0003_more.sql": `
SET search_path = pg_catalog;
CREATE TABLE public.more ();
-- pawl:step
CREATE TABLE public.most ();
-- pawl:down
DROP TABLE more, most;
`,
};

/** A project, a database, psql and pawl on it. */
interface Scene extends CommandScene {
  /** Writes a script, which must go well. */
  script(...args: string[]): Promise<string>;
  run(sql: string): Promise<PsqlResult>;
}

function script(
  name: string,
  files: Readonly<Record<string, string>>,
  body: (scene: Scene) => Promise<void>,
): void {
  if (psqlMissing) {
    Deno.test({
      name: `${name} (skipped: psql is missing)`,
      ignore: true,
      fn: () => {},
    });
    return;
  }
  commandScene(name, files, (s) =>
    body({
      ...s,
      run: (sql) => psql(s.url, sql),
      script: async (...args) => {
        // No database is at hand where a script is written.
        const { cwd } = s;
        const { code, stdout, stderr } = await runCli(["sql", ...args], {
          cwd,
        });
        assert.equal(code, 0, stderr);
        return stdout;
      },
    }));
}

function assertRan(result: PsqlResult): void {
  assert.equal(result.code, 0, result.stderr);
}

/** What the history says, but for when and by which run. */
async function history(url: string, schema = "pawl"): Promise<unknown> {
  const name = `"${schema.replaceAll('"', '""')}"`;
  return {
    migrations: await execute(
      url,
      `SELECT version, name, message, state, up_raw, up_tokens, down_raw, down_tokens, up_sql, down_sql, steps_done, steps_total, rolled_back_at IS NOT NULL AS back, tool_version FROM ${name}.migrations ORDER BY version`,
    ),
    progress: await execute(
      url,
      `SELECT version, direction, step, tokens, statement, before IS NOT NULL AS probed, finished_at IS NOT NULL AS finished FROM ${name}.progress ORDER BY version, step`,
    ),
    applied: await execute(
      url,
      `SELECT version, event FROM ${name}.events WHERE version IS NOT NULL AND event <> 'failed' ORDER BY id`,
    ),
    meta: await execute(url, `SELECT version, tool_version FROM ${name}.meta`),
  };
}

async function content(s: Scene): Promise<void> {
  for (const args of [["status"], ["verify"], ["upgrade", "--check"]]) {
    const { code, stdout, stderr } = await s.pawl(...args);
    assert.equal(code, 0, `${args}: ${stderr}${stdout}`);
  }
}

script(
  "a script run by psql leaves what upgrade leaves, and status and verify are content [Q10, H43, X12]",
  FILES,
  async (s) => {
    assertRan(await s.run(await s.script("base:head")));
    await content(s);
    const other = await s.database.server.createDatabase();
    try {
      const { code, stderr } = await runCli(["upgrade"], {
        cwd: s.cwd,
        env: { DATABASE_URL: other.url },
      });
      assert.equal(code, 0, stderr);
      assert.deepEqual(await history(s.url), await history(other.url));
    } finally {
      await other.drop();
    }
    const [row] = await execute(s.url, "SELECT name FROM users");
    assert.equal(row?.["name"], "it's \\ $$ fine");
  },
);

script(
  "scripts of parts add up to the whole, and downgrade scripts take it back [Q10, X12]",
  FILES,
  async (s) => {
    assertRan(await s.run(await s.script("base:0001")));
    assertRan(await s.run(await s.script("0001:+1")));
    assertRan(await s.run(await s.script("0002:head")));
    await content(s);
    assertRan(await s.run(await s.script("head:-1")));
    assertRan(await s.run(await s.script("0002:base")));
    const rows = await execute(
      s.url,
      "SELECT (SELECT string_agg(state, ',') FROM pawl.migrations) AS states, (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') AS tables, (SELECT count(*) FROM pawl.migrations WHERE rolled_back_at IS NULL) AS unstamped",
    );
    assert.deepEqual(rows, [{
      states: "rolled_back,rolled_back,rolled_back",
      tables: "0",
      unstamped: "0",
    }]);
    const again = await s.pawl("upgrade");
    assert.equal(again.code, 0, again.stderr);
  },
);

script(
  "a script run twice, or at the wrong version, raises and changes nothing [X12]",
  FILES,
  async (s) => {
    const first = await s.script("base:0001");
    const rest = await s.script("0001:head");
    const early = await s.run(rest);
    assert.equal(early.code, 3, early.stderr);
    assertRan(await s.run(first));
    const before = await history(s.url);
    const twice = await s.run(first);
    assert.equal(twice.code, 3);
    assert.match(
      twice.stderr,
      /this script does not fit this database: migration 0001 is in its history already/,
    );
    assert.deepEqual(await history(s.url), before);
    assertRan(await s.run(rest));
    const down = await s.script("0002:0001");
    const wrong = await s.run(down);
    assert.equal(wrong.code, 3, "0003 has been applied");
    await content(s);
  },
);

script(
  "a script that fails half-way leaves what upgrade would leave, and upgrade goes on [X12]",
  {
    ...FILES,
    "migrations/0003_more.sql":
      "CREATE TABLE more (i int);\n-- pawl:step\nINSERT INTO more VALUES (1 / (SELECT count(*) - 1 FROM users));\n-- pawl:step\nCREATE TABLE most ();\n",
  },
  async (s) => {
    const text = await s.script("base:head");
    const failed = await s.run(text);
    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /division by zero/);
    const other = await s.database.server.createDatabase();
    try {
      const { code } = await runCli(["upgrade"], {
        cwd: s.cwd,
        env: { DATABASE_URL: other.url },
      });
      assert.equal(code, 3);
      assert.deepEqual(await history(s.url), await history(other.url));
    } finally {
      await other.drop();
    }
    await execute(s.url, "INSERT INTO users VALUES (2)");
    const resumed = await s.pawl("upgrade");
    assert.equal(resumed.code, 0, resumed.stderr);
    await content(s);
    assert.deepEqual(await execute(s.url, "SELECT i FROM more"), [{ i: "1" }]);
  },
);

script(
  "a script that fails in a concurrent build is healed by upgrade [X12, P51]",
  {
    "migrations/0001_users.sql":
      "CREATE TABLE users (id int);\nINSERT INTO users VALUES (1), (1);\n",
    "migrations/0002_index.sql":
      "CREATE UNIQUE INDEX CONCURRENTLY users_id ON users (id);\n",
  },
  async (s) => {
    const failed = await s.run(await s.script("base:head"));
    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /could not create unique index/);
    await execute(s.url, "UPDATE users SET id = 2 WHERE ctid = '(0,1)'");
    const healed = await s.pawl("upgrade");
    assert.equal(healed.code, 0, healed.stderr);
    assert.match(healed.stderr, /Dropped index public\.users_id/);
    await content(s);
  },
);

script("a script does not run beside another pawl [X12]", FILES, async (s) => {
  const text = await s.script("base:head");
  const [one, two] = await Promise.all([s.run(text), s.run(text)]);
  assert.ok(
    [one, two].some((r) => r.code === 0) &&
      [one, two].some((r) => r.code === 3),
    one.stderr + two.stderr,
  );
  await content(s);
});

script(
  "names that need quoting, another history schema, a role and a search_path are kept by a script [Q10]",
  {
    "pawl.toml": `
[project]
name = "it's \\"mine\\""
[history]
schema = "Pawl's \\"own\\""
readers = ["pawl_test_reader"]
[env.prod]
url = "\${DATABASE_URL}"
role = "pawl_test \\"owner\\""
schema = "App \\"data\\""
`,
    "migrations/0001_users.sql":
      "CREATE TABLE users (i int);\n-- pawl:step\nSET ROLE pg_monitor;\nSET search_path = pg_catalog;\n",
    "migrations/0002_index.sql":
      "CREATE INDEX CONCURRENTLY users_i ON users (i);\n",
    "migrations/0003_more.sql": "CREATE TABLE more ();\n",
  },
  async (s) => {
    await execute(
      s.url,
      `DROP ROLE IF EXISTS pawl_test_reader, "pawl_test ""owner""";
     CREATE ROLE pawl_test_reader; CREATE ROLE "pawl_test ""owner""";
     GRANT pg_monitor TO "pawl_test ""owner""";
     CREATE SCHEMA "App ""data""" AUTHORIZATION "pawl_test ""owner""";
     DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO "pawl_test ""owner"""', current_database()); END $$`,
    );
    try {
      const env = { DATABASE_URL: s.url };
      const written = await runCli(["sql", "base:head", "-e", "prod"], {
        cwd: s.cwd,
        env,
      });
      assert.equal(written.code, 0, written.stderr);
      assertRan(await s.run(written.stdout));
      for (const command of ["status", "verify"]) {
        const { code, stderr } = await runCli([command, "-e", "prod"], {
          cwd: s.cwd,
          env,
        });
        assert.equal(code, 0, stderr);
      }
      const check = await runCli(["upgrade", "--check", "-e", "prod"], {
        cwd: s.cwd,
        env,
      });
      assert.equal(check.code, 0, check.stderr);
      const rows = await execute(
        s.url,
        `SELECT string_agg(schemaname || '.' || tablename || ' of ' || tableowner, ', ' ORDER BY tablename) AS tables, has_schema_privilege('pawl_test_reader', 'Pawl''s "own"', 'USAGE') AS reads FROM pg_tables WHERE tablename IN ('users', 'more')`,
      );
      assert.deepEqual(rows, [{
        tables:
          'App "data".more of pawl_test "owner", App "data".users of pawl_test "owner"',
        reads: "t",
      }]);
    } finally {
      await execute(
        s.url,
        `DROP OWNED BY pawl_test_reader, "pawl_test ""owner""" CASCADE; DROP ROLE pawl_test_reader, "pawl_test ""owner"""`,
      );
    }
  },
);

script(
  "--for plain has no meta-commands and leaves the same [X12]",
  FILES,
  async (s) => {
    const text = await s.script("base:head", "--for", "plain");
    assert.doesNotMatch(text, /^\\/m);
    assertRan(await s.run(text));
    await content(s);
    const twice = await s.run(text);
    assert.equal(twice.code, 3);
  },
);

script(
  "a plain script whose errors are ignored records nothing of what has failed [X12]",
  {
    ...FILES,
    "migrations/0003_more.sql": "CREATE TABLE more (i int);\nSELECT 1/0;\n",
    "migrations/0004_end.sql": "CREATE TABLE last ();\n",
  },
  async (s) => {
    const text = await s.script("base:head", "--for", "plain");
    const { stderr } = await psql(s.url, text, ["-v", "ON_ERROR_STOP=0"]);
    assert.match(stderr, /division by zero/);
    const rows = await execute(
      s.url,
      "SELECT string_agg(version || ' ' || state, ', ' ORDER BY version) AS history, to_regclass('more') AS more FROM pawl.migrations",
    );
    assert.deepEqual(rows, [{
      history: "0001 applied, 0002 applied",
      more: null,
    }]);
  },
);

script(
  "the same files make the same script, and a changed one another [Q10]",
  FILES,
  async (s) => {
    const one = await s.script("base:head");
    assert.equal(await s.script("base:head"), one);
    await writeFiles(s.cwd, { "migrations/0004_end.sql": "SELECT 1;\n" });
    assert.notEqual(await s.script("base:head"), one);
  },
);

script(
  "a plain script at the wrong version changes nothing, although its errors are ignored [X12]",
  FILES,
  async (s) => {
    assertRan(await s.run(await s.script("base:0001")));
    const before = await history(s.url);
    for (const range of ["base:0001", "0002:head", "head:0002", "0002:-1"]) {
      const text = await s.script(range, "--for", "plain");
      await psql(s.url, text, ["-v", "ON_ERROR_STOP=0"]);
      assert.deepEqual(await history(s.url), before, range);
    }
    const [row] = await execute(
      s.url,
      "SELECT string_agg(tablename, ',') AS tables FROM pg_tables WHERE schemaname = 'public'",
    );
    assert.equal(row?.["tables"], "users");
  },
);

script(
  "a script for psql stops, and commits nothing, where a file gives the lock away [X12, H38]",
  {
    "migrations/0001_unlock.sql":
      "CREATE TABLE one ();\nSELECT pg_advisory_unlock_all();\n",
    "migrations/0002_two.sql": "CREATE TABLE two ();\n",
  },
  async (s) => {
    const failed = await s.run(await s.script("base:head"));
    assert.equal(failed.code, 3, failed.stderr);
    assert.match(failed.stderr, /the lock of this pawl run is gone/);
    const rows = await execute(
      s.url,
      "SELECT to_regclass('one') AS one, to_regclass('two') AS two, (SELECT count(*) FROM pawl.migrations) AS n",
    );
    assert.deepEqual(rows, [{ one: null, two: null, n: "0" }]);
  },
);
