/**
 * Behind pgbouncer in transaction mode: transactional files work, the lock is
 * held on a second connection, nothing of a file stays with a backend that is
 * somebody else's next, and what cannot work is refused with the way out.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { runCli, startCli, withProject } from "./support/cli.ts";
import { holdSession, untilRow } from "./support/holding.ts";
import { serverAccount } from "./support/postgres_files.ts";
import {
  execute,
  type TestDatabase,
  testOnServers,
} from "./support/servers.ts";

const PGBOUNCER = "/usr/sbin/pgbouncer";

const missing = !exists(PGBOUNCER);
if (missing) console.error(`No ${PGBOUNCER}: its tests are skipped.`);

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Registers a test that is given a pooler's URL of a database of its own. */
function testPooled(
  name: string,
  body: (pooled: string, database: TestDatabase) => Promise<void>,
): void {
  if (missing) {
    Deno.test({
      name: `${name} (skipped: pgbouncer is missing)`,
      ignore: true,
      fn: () => {},
    });
    return;
  }
  testOnServers(
    name,
    (database) => withPooler(database, (url) => body(url, database)),
  );
}

async function withPooler(
  database: TestDatabase,
  body: (url: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "pawl-pgbouncer-" });
  const target = new URL(database.url);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const password = decodeURIComponent(target.password);
  const file = join(directory, "pgbouncer.ini");
  await Deno.writeTextFile(
    file,
    `[databases]
${database.name} = host=${target.hostname} port=${target.port} user=${target.username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
`,
  );
  const account = serverAccount();
  if (account !== undefined) {
    await Deno.chown(file, account.uid, account.gid);
    await Deno.chown(directory, account.uid, account.gid);
  }
  const child = new Deno.Command(PGBOUNCER, {
    args: ["-q", file],
    ...account,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  const url = `postgres://postgres@127.0.0.1:${port}/${database.name}`;
  try {
    await untilListening(port, said);
    await body(url);
  } finally {
    child.kill("SIGKILL");
    await child.status;
    await said;
    await Deno.remove(directory, { recursive: true });
  }
}

/** Its socket is there soon after its start; nothing else tells. */
async function untilListening(
  port: number,
  said: Promise<string>,
): Promise<void> {
  let ended: string | undefined;
  said.then((text) => ended = text);
  for (let tries = 0; tries < 1000; tries++) {
    if (ended !== undefined) {
      throw new Error(`Cannot start pgbouncer: ${ended}`);
    }
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  throw new Error("Cannot start pgbouncer: it does not listen");
}

testPooled(
  "behind a pooler, transactional files run and leave nothing in the backends [P6, H38]",
  async (pooled, database) => {
    const files = {
      "migrations/0001_set.sql": `
CREATE TABLE seen (n int, path text, mem text, u text);
GRANT ALL ON seen TO pg_monitor;
CREATE TEMP TABLE seen2 (i int);
SET search_path = pg_catalog, public;
SET work_mem = '5MB';
SET ROLE pg_monitor;
INSERT INTO public.seen SELECT 1, current_setting('search_path'), current_setting('work_mem'), current_user;
-- pawl:step
INSERT INTO public.seen SELECT 2, current_setting('search_path'), current_setting('work_mem'), current_user;
`,
      "migrations/0002_program.js":
        "export async function up(db) {\n  await db.execute(\"INSERT INTO public.seen SELECT 3, current_setting('search_path'), current_setting('work_mem'), current_user\");\n}\n",
      "migrations/0003_next.sql":
        "INSERT INTO public.seen SELECT 4, current_setting('search_path'), current_setting('work_mem'), current_user;\n-- pawl:down\nDELETE FROM seen WHERE n = 4;\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: pooled } };
      const result = await runCli(["upgrade"], options);
      assert.equal(result.code, 0, result.stderr);
      const set = { path: "pg_catalog, public", mem: "5MB", u: "pg_monitor" };
      const plain = { path: '"$user", public', mem: "4MB", u: "postgres" };
      assert.deepEqual(
        await execute(database.url, "SELECT * FROM seen ORDER BY n"),
        [{ n: "1", ...set }, { n: "2", ...set }, { n: "3", ...plain }, {
          n: "4",
          ...plain,
        }],
      );
      // Both backends of the pool, at the same time.
      const ask =
        "BEGIN; SELECT current_setting('search_path') AS path, current_setting('work_mem') AS mem, current_user AS u, to_regclass('seen2') AS t, pg_sleep(0.1); COMMIT";
      const [one, two] = await Promise.all([
        execute(pooled, ask),
        execute(pooled, ask),
      ]);
      for (const [row] of [one, two]) {
        assert.deepEqual(row, { ...plain, t: null, pg_sleep: "" });
      }
      const status = await runCli(["status"], options);
      assert.equal(status.code, 0, status.stderr);
      const down = await runCli(["downgrade", "-y"], options);
      assert.equal(down.code, 0, down.stderr);
    });
  },
);

testPooled(
  "behind a pooler, what a program sets stays with no backend [P6, H38]",
  async (pooled) => {
    const set = (role: string) =>
      `await db.script("SET search_path = pg_catalog; SET work_mem = '5MB'; CREATE TEMP TABLE seen2 (i int); ${role}");`;
    const files = {
      "migrations/0001_role.js": `export async function up(db) {
  ${set("SET ROLE pg_monitor")}
}
`,
      "migrations/0002_authorization.js": `export async function up(db) {
  await db.query("SELECT set_config('statement_timeout', '1h', false)");
  ${set("SET SESSION AUTHORIZATION pg_monitor")}
}
`,
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: pooled } };
      const result = await runCli(["upgrade"], options);
      assert.equal(result.code, 0, result.stderr);
      // Both backends of the pool, at the same time.
      const ask =
        "BEGIN; SELECT current_setting('search_path') AS path, current_setting('work_mem') AS mem, current_setting('statement_timeout') AS timeout, current_user AS u, session_user AS s, (SELECT count(*) FROM pg_catalog.pg_class WHERE relname = 'seen2') AS t, pg_sleep(0.1); COMMIT";
      const rows = await Promise.all([
        execute(pooled, ask),
        execute(pooled, ask),
      ]);
      for (const [row] of rows) {
        assert.deepEqual(row, {
          path: '"$user", public',
          mem: "4MB",
          timeout: "0",
          u: "postgres",
          s: "postgres",
          t: "0",
          pg_sleep: "",
        });
      }
    });
  },
);

testPooled(
  "behind a pooler, what cannot run in a transaction is refused with the advice to set management_url [P6]",
  async (pooled, database) => {
    const files = {
      "migrations/0001_first.sql": "CREATE TABLE first (i int);\n",
      "migrations/0002_index.sql":
        "INSERT INTO first VALUES (1);\n-- pawl:step\nCREATE INDEX CONCURRENTLY first_i ON first (i);\n",
      "migrations/0003_program.js":
        "// pawl:transaction none\nexport async function up(db) {\n  await db.execute('INSERT INTO first VALUES (2)');\n}\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: pooled } };
      const { code, stderr } = await runCli(["upgrade"], options);
      assert.equal(code, 6, stderr);
      assert.match(stderr, /migrations\/0002_index\.sql:3:1/);
      assert.match(stderr, /transaction pooler/);
      assert.match(stderr, /management_url/);
      const rows = await execute(
        database.url,
        "SELECT version, state, (SELECT count(*) FROM first) AS n FROM pawl.migrations",
      );
      assert.deepEqual(rows, [{ version: "0001", state: "applied", n: "0" }]);
      const env = {
        DATABASE_URL: pooled,
        PAWL_MANAGEMENT_URL: database.url,
      };
      const second = await runCli(["upgrade", "0002"], { cwd, env });
      assert.equal(second.code, 0, second.stderr);
      const program = await runCli(["upgrade"], options);
      assert.equal(program.code, 6, program.stderr);
      assert.match(program.stderr, /migrations\/0003_program\.js/);
      const last = await runCli(["upgrade"], { cwd, env });
      assert.equal(last.code, 0, last.stderr);
    });
  },
);

testPooled(
  "behind a pooler, the lock keeps runs apart and does not stop a concurrent index build [Q42, P84]",
  async (pooled, database) => {
    const files = {
      "migrations/0001_wait.sql":
        "CREATE TABLE one (i int);\nSELECT pg_advisory_xact_lock(7);\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: pooled } };
      await execute(
        database.url,
        "CREATE TABLE big AS SELECT generate_series(1, 1000) AS i",
      );
      const blocker = await holdSession(
        database.url,
        "SELECT pg_advisory_lock(7)",
      );
      const run = startCli(["upgrade"], options);
      const waits =
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
      await untilRow(database.url, waits);
      const direct = await runCli(["upgrade", "--lock-wait", "0"], {
        cwd,
        env: { DATABASE_URL: database.url },
      });
      assert.equal(direct.code, 5, direct.stderr);
      await blocker.close();
      const { code, stderr } = await run.result;
      assert.equal(code, 0, stderr);
    });
  },
);

testPooled(
  "the idle transaction that holds the lock behind a pooler does not stop a concurrent index build [Q42]",
  async (pooled, database) => {
    const files = {
      "migrations/0001_wait.js": `
import { existsSync } from "node:fs";
export async function up(db) {
  await db.log("begun");
  while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 10));
}
`,
    };
    await withProject(files, async (cwd) => {
      await execute(
        database.url,
        "CREATE TABLE big AS SELECT generate_series(1, 1000) AS i",
      );
      const run = startCli(["upgrade"], { cwd, env: { DATABASE_URL: pooled } });
      await run.said(/begun/);
      const [idle] = await execute(
        database.url,
        "SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()",
      );
      assert.equal(idle?.["n"], "2");
      await execute(database.url, "CREATE INDEX CONCURRENTLY big_i ON big (i)");
      await Deno.writeTextFile(join(cwd, "go"), "");
      const { code, stderr } = await run.result;
      assert.equal(code, 0, stderr);
    });
  },
);
