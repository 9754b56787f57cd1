/**
 * The lock: who holds it is shown, waiting for it harms nobody, losing it in
 * the middle leaves nothing half recorded, and `--no-lock` is safe as well.
 *
 * @module
 */

import assert from "@std/assert";
import { lockKey } from "../lib/pg/lock_key.ts";
import { runCli, startCli, withProject } from "./support/cli.ts";
import { holdSession, untilRow } from "./support/holding.ts";
import { execute, testOnServers } from "./support/servers.ts";

/** How anybody takes pawl's lock of the project `default`. */
const LOCK = `pg_advisory_lock(1885435756, ${lockKey("pawl", "default")})`;

const ONE = { "migrations/0001_one.sql": "CREATE TABLE one ();\n" };

const PAWL_RUNS =
  "SELECT FROM pg_stat_activity WHERE application_name = 'pawl' AND datname = current_database()";

testOnServers(
  "upgrade --lock-wait 0 fails at once and names who holds the lock [X3, H37]",
  async (database) => {
    await withProject(ONE, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const holder = await holdSession(
        database.url,
        `SELECT ${LOCK}`,
        "somebody else",
      );
      try {
        const result = await runCli(["upgrade", "--lock-wait", "0"], options);
        assert.equal(result.code, 5, result.stderr);
        assert.match(
          result.stderr,
          new RegExp(
            `Cannot take the migration lock: somebody else of postgres from 127.0.0.1 \\(pid ${holder.pid},`,
          ),
        );
        assert.match(
          result.stderr,
          new RegExp(`pg_terminate_backend\\(${holder.pid}\\)`),
        );
        const json = await runCli(
          ["upgrade", "--lock-wait=0", "--json"],
          options,
        );
        assert.equal(json.code, 5);
        assert.equal(JSON.parse(json.stdout).error.code, "lock-held");
      } finally {
        await holder.close();
      }
    });
  },
);

testOnServers(
  "upgrade waits for a foreign holder no longer than --lock-wait [X3]",
  async (database) => {
    await withProject(ONE, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const holder = await holdSession(
        database.url,
        `SELECT ${LOCK}`,
        "somebody else",
      );
      try {
        const result = await runCli(
          ["upgrade", "--lock-wait", "300ms"],
          options,
        );
        assert.equal(result.code, 5, result.stderr);
        assert.match(result.stderr, /Waiting for the migration lock/);
        assert.match(
          result.stderr,
          /Cannot take the migration lock after 0\.[3-9] s/,
        );
        const tables = await execute(
          database.url,
          "SELECT to_regclass('one') AS one, to_regnamespace('pawl') AS pawl",
        );
        assert.deepEqual(tables, [{ one: null, pawl: null }]);
      } finally {
        await holder.close();
      }
    });
  },
);

testOnServers(
  "upgrade goes on waiting past --lock-wait while the holder is a pawl [X3, P84]",
  async (database) => {
    await withProject(ONE, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const holder = await holdSession(
        database.url,
        `SELECT ${LOCK}`,
        "pawl",
      );
      const started = performance.now();
      const run = startCli(["upgrade", "--lock-wait", "100ms", "-v"], options);
      await run.said(/Waiting for the migration lock: pawl of postgres/);
      // Several polls past the limit: each is a statement of its backend.
      await untilRow(
        database.url,
        `${PAWL_RUNS} AND pid <> ${holder.pid} AND query_start > backend_start + interval '0.8 s'`,
      );
      assert.ok(performance.now() - started > 500);
      await holder.close();
      const { code, stderr } = await run.result;
      assert.equal(code, 0, stderr);
    });
  },
);

testOnServers(
  "a run that waits for the lock does not fail a concurrent index build [Q42]",
  async (database) => {
    const files = {
      "migrations/0001_big.sql":
        "CREATE TABLE big AS SELECT g AS id, md5(g::text) AS v FROM generate_series(1, 60000) g;\n",
      "migrations/0002_index.sql":
        "CREATE INDEX CONCURRENTLY big_v ON big (v);\nCREATE INDEX CONCURRENTLY big_id ON big (id);\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      assert.equal((await runCli(["upgrade", "+1"], options)).code, 0);
      // The build waits for this reader, the waiters for the build.
      const reader = await holdSession(
        database.url,
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM big LIMIT 1",
      );
      const first = startCli(["upgrade"], options);
      await untilRow(
        database.url,
        "SELECT FROM pg_stat_progress_create_index WHERE datname = current_database()",
      );
      const waiters = [1, 2, 3].map(() => startCli(["upgrade"], options));
      await Promise.all(
        waiters.map((w) => w.said(/Waiting for the migration lock: pawl/)),
      );
      await reader.close();
      for (const run of [first, ...waiters]) {
        const { code, stderr } = await run.result;
        assert.equal(code, 0, stderr);
      }
      const rows = await execute(
        database.url,
        "SELECT (SELECT count(*) FROM pg_index WHERE indrelid = 'big'::regclass AND indisvalid) AS valid, (SELECT count(*) FROM pawl.events WHERE event = 'retry' OR event = 'failed') AS bad",
      );
      assert.deepEqual(rows, [{ valid: "2", bad: "0" }]);
    });
  },
);

testOnServers(
  "the working session is killed: exit 3, and nothing is half recorded [H36, H38]",
  async (database) => {
    const files = {
      "migrations/0001_first.sql": "CREATE TABLE first ();\n",
      "migrations/0002_wait.sql":
        "CREATE TABLE second ();\nSELECT pg_advisory_xact_lock(7);\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const blocker = await holdSession(
        database.url,
        "SELECT pg_advisory_lock(7)",
      );
      const run = startCli(["upgrade"], options);
      const waits =
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted";
      await untilRow(database.url, waits);
      await execute(
        database.url,
        `SELECT pg_terminate_backend(pid) FROM (${waits}) AS w`,
      );
      const { code, stderr } = await run.result;
      assert.equal(code, 3, stderr);
      assert.match(
        stderr,
        /error: Cannot go on: the connection to the server was lost \(/,
      );
      assert.match(stderr, /terminating connection due to administrator/);
      await blocker.close();
      const rows = await execute(
        database.url,
        "SELECT to_regclass('second') AS second, (SELECT string_agg(version || state, ',') FROM pawl.migrations) AS history",
      );
      assert.deepEqual(rows, [{ second: null, history: "0001applied" }]);
      const again = await runCli(["upgrade"], options);
      assert.equal(again.code, 0, again.stderr);
    });
  },
);

for (
  const [how, files] of [
    ["a file", {
      "migrations/0001_unlock.sql":
        "CREATE TABLE one ();\nSELECT pg_advisory_unlock_all();\n",
    }],
    ["a program", {
      "migrations/0001_unlock.js":
        "export async function up(db) {\n  await db.execute('CREATE TABLE one ()');\n  await db.query('SELECT pg_advisory_unlock_all()');\n}\n",
    }],
  ] as const
) {
  testOnServers(
    `${how} that gives all locks away is rolled back with exit 3 [H38]`,
    async (database) => {
      await withProject(files, async (cwd) => {
        const options = { cwd, env: { DATABASE_URL: database.url } };
        for (const flags of [[], ["--batch"]]) {
          if (how === "a program" && flags.length > 0) continue;
          const result = await runCli(["upgrade", ...flags], options);
          assert.equal(result.code, 3, result.stderr);
          assert.match(
            result.stderr,
            /the lock of this pawl run is gone: a statement that ran in its session has given it away/,
          );
          assert.doesNotMatch(result.stderr, /you don't own a lock/);
          const rows = await execute(
            database.url,
            "SELECT to_regclass('one') AS one, (SELECT count(*) FROM pawl.migrations) AS n",
          );
          assert.deepEqual(rows, [{ one: null, n: "0" }]);
        }
        // Without a lock there is none to lose.
        const result = await runCli(["upgrade", "--no-lock"], options);
        assert.equal(result.code, 0, result.stderr);
      });
    },
  );
}

testOnServers(
  "a lock given away in a step outside a transaction stops the run behind that step [H38]",
  async (database) => {
    const files = {
      "migrations/0001_unlock.sql":
        "-- pawl:transaction none\nDO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$;\nCREATE TABLE one ();\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const result = await runCli(["upgrade"], options);
      assert.equal(result.code, 3, result.stderr);
      assert.match(result.stderr, /the lock of this pawl run is gone/);
      const rows = await execute(
        database.url,
        "SELECT to_regclass('one') AS one, (SELECT string_agg(state || steps_done || '/' || steps_total, ',') FROM pawl.migrations) AS history",
      );
      assert.deepEqual(rows, [{ one: null, history: "partial0/2" }]);
    });
  },
);

testOnServers(
  "upgrade --no-lock works beside a holder, and the primary key refuses a duplicate [Q18, Q42]",
  async (database) => {
    const files = {
      "migrations/0001_first.sql": "CREATE TABLE first ();\n",
      // Nothing in it would fail a second time.
      "migrations/0002_wait.sql":
        "CREATE TABLE IF NOT EXISTS second ();\nINSERT INTO log VALUES (1);\nSELECT pg_advisory_xact_lock_shared(7);\n",
    };
    await execute(database.url, "CREATE TABLE log (i int)");
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const holder = await holdSession(database.url, `SELECT ${LOCK}`);
      const first = await runCli(["upgrade", "+1", "--no-lock"], options);
      assert.equal(first.code, 0, first.stderr);
      const blocker = await holdSession(
        database.url,
        "SELECT pg_advisory_lock(7)",
      );
      const runs = [1, 2].map(() =>
        startCli(["upgrade", "--no-lock"], options)
      );
      // One waits for the other's CREATE TABLE, or both for the test.
      await untilRow(
        database.url,
        `SELECT FROM (SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'pawl' AND datname = current_database() AND wait_event_type = 'Lock') AS w WHERE n >= 2`,
      );
      await blocker.close();
      const results = await Promise.all(runs.map((run) => run.result));
      const codes = results.map((r) => r.code).toSorted();
      assert.deepEqual(codes, [0, 3], results.map((r) => r.stderr).join("\n"));
      const refused = results.find((r) => r.code === 3)?.stderr ?? "";
      assert.match(refused, /duplicate key value violates unique constraint/);
      const rows = await execute(
        database.url,
        "SELECT (SELECT count(*) FROM log) AS log, (SELECT count(*) FROM pawl.migrations) AS n",
      );
      assert.deepEqual(rows, [{ log: "1", n: "2" }]);
      await holder.close();
    });
  },
);

testOnServers(
  "two projects in one database do not wait for each other [X17]",
  async (database) => {
    const files = {
      "pawl.toml":
        '[projects.a]\nmigrations = "a"\n[projects.b]\nmigrations = "b"\n',
      "a/0001_one.sql": "CREATE TABLE a ();\n",
      "b/0001_one.sql": "CREATE TABLE b ();\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const holder = await holdSession(
        database.url,
        `SELECT pg_advisory_lock(1885435756, ${lockKey("pawl", "a")})`,
      );
      const other = await runCli(
        ["upgrade", "-p", "b", "--lock-wait", "0"],
        options,
      );
      assert.equal(other.code, 0, other.stderr);
      const same = await runCli(
        ["upgrade", "-p", "a", "--lock-wait", "0"],
        options,
      );
      assert.equal(same.code, 5, same.stderr);
      await holder.close();
    });
  },
);

testOnServers(
  "with nothing pending, upgrade exits 0 although somebody holds the lock",
  async (database) => {
    await withProject(ONE, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      assert.equal((await runCli(["upgrade"], options)).code, 0);
      const holder = await holdSession(database.url, `SELECT ${LOCK}`);
      const result = await runCli(["upgrade", "--lock-wait", "0"], options);
      assert.equal(result.code, 0, result.stderr);
      await holder.close();
    });
  },
);
