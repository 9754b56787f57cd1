/**
 * `kill -9` in the middle of an upgrade, at random points: the next run waits
 * for what the server still does, and finishes; every migration is applied
 * exactly once, no index is left INVALID, the history tells the truth.
 *
 * `PAWL_TEST_KILLS` says how many kills (15), `PAWL_TEST_SEED` which ones.
 *
 * @module
 */

import assert from "@std/assert";
import {
  type CliOptions,
  runCli,
  startCli,
  withProject,
} from "./support/cli.ts";
import {
  execute,
  type TestDatabase,
  testOnServers,
} from "./support/servers.ts";
import { holdSession, untilRow } from "./support/holding.ts";

const KILLS = Number(Deno.env.get("PAWL_TEST_KILLS") ?? "15");
const SEED = Number(
  Deno.env.get("PAWL_TEST_SEED") ?? Math.floor(Math.random() * 2 ** 31),
);

/**
 * Nothing here is written so that a second run would pass: plain CREATE, and
 * rows of `log` with a primary key.
 */
const FILES: Readonly<Record<string, string>> = {
  "migrations/0001_tables.sql": `
CREATE TABLE log (line text PRIMARY KEY);
CREATE TABLE big AS SELECT g AS id, md5(g::text) AS v FROM generate_series(1, 60000) g;
CREATE INDEX big_old ON big (v, id);
CREATE TABLE parts (id int) PARTITION BY RANGE (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (100);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (100) TO (200);
INSERT INTO parts SELECT generate_series(1, 199);
INSERT INTO log VALUES ('0001');
-- pawl:down
DROP TABLE log, big, parts;
`,
  "migrations/0002_index.sql": `
INSERT INTO log VALUES ('0002.1');
-- pawl:step transaction=none
CREATE INDEX CONCURRENTLY big_v ON big (v);
INSERT INTO log VALUES ('0002.2');
CREATE INDEX CONCURRENTLY big_id_v ON big (id, v);
DROP INDEX CONCURRENTLY big_old;
INSERT INTO log VALUES ('0002.3');
-- pawl:verify
SELECT 1 / count(*) FROM pg_index WHERE indexrelid = 'big_v'::regclass AND indisvalid;
`,
  "migrations/0003_enum.sql": `
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE moods (m mood PRIMARY KEY);
-- pawl:step
ALTER TYPE mood ADD VALUE 'happy';
-- pawl:step
INSERT INTO moods VALUES ('happy');
INSERT INTO log VALUES ('0003');
`,
  "migrations/0004_detach.sql": `
ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;
INSERT INTO log VALUES ('0004');
`,
  "migrations/0005_data.js": `
export async function up(db) {
  await db.execute("INSERT INTO log VALUES ($1)", ["0005"]);
  for (let i = 0; i < 20; i++) {
    await db.execute("UPDATE big SET v = md5(v) WHERE id % 1000 = $1", [i]);
  }
  await db.execute("INSERT INTO log VALUES ($1)", ["0005.2"]);
}
`,
  "migrations/0006_unique.sql": `
-- pawl:transaction none
CREATE UNIQUE INDEX CONCURRENTLY big_key ON big (id);
-- pawl:step
ALTER TABLE big ADD CONSTRAINT big_key UNIQUE USING INDEX big_key;
INSERT INTO log VALUES ('0006');
-- pawl:step
VACUUM (ANALYZE) big;
`,
  "migrations/0007_path.sql": `
CREATE SCHEMA app;
SET search_path = app;
CREATE TABLE big AS SELECT g AS id FROM generate_series(1, 50000) g;
CREATE INDEX big_v ON app.big (id);
-- pawl:step transaction=none
CREATE INDEX CONCURRENTLY big_id ON big (id);
DROP INDEX CONCURRENTLY big_v;
-- pawl:step
INSERT INTO public.log VALUES ('0007');
`,
  "migrations/0008_end.sql": `
ALTER TABLE log ADD COLUMN at timestamptz;
INSERT INTO log VALUES ('0008');
`,
};

const LINES = [
  "0001",
  "0002.1",
  "0002.2",
  "0002.3",
  "0003",
  "0004",
  "0005",
  "0005.2",
  "0006",
  "0007",
  "0008",
];

testOnServers(
  `an upgrade killed ${KILLS} times at random is finished by the next run [H36, Q41, P51]`,
  async (database) => {
    console.log(`PAWL_TEST_SEED=${SEED}`);
    const random = numbers(SEED);
    await withProject(FILES, async (cwd) => {
      const whole = await timeOf(database, cwd);
      let kills = 0;
      while (kills < KILLS) {
        await inDatabase(database, async (url) => {
          const options = { cwd, env: { DATABASE_URL: url } };
          for (let tries = 1 + Math.floor(random() * 3); tries > 0; tries--) {
            // Past the start of the process, where nothing has begun.
            await killAfter(whole * (0.2 + random() * 0.8), options);
            kills++;
          }
          const { code, stderr, stdout } = await runCli(["upgrade"], options);
          assert.equal(code, 0, `seed ${SEED}, kill ${kills}: ${stderr}`);
          assert.doesNotMatch(stdout, /failed/);
          await assertWhole(url);
        });
      }
    });
  },
);

testOnServers(
  "an orphaned backend keeps the lock, and the next run waits for it by name [P84]",
  async (database) => {
    const files = {
      "migrations/0001_wait.sql":
        "CREATE TABLE t ();\nSELECT pg_advisory_xact_lock(7);\n",
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      // The backend of the killed run waits for a lock that the test holds.
      const blocker = await holdSession(
        database.url,
        "SELECT pg_advisory_lock(7)",
      );
      const first = startCli(["upgrade"], options);
      await untilRow(
        database.url,
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7 AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      );
      // A client that is stopped but not gone: the server cannot know.
      first.kill("SIGSTOP");
      const second = startCli(["upgrade", "--lock-wait", "1s"], options);
      await second.said(/Waiting for the migration lock: pawl of .* holds it/);
      await blocker.close();
      first.kill("SIGKILL");
      const { code, stderr } = await second.result;
      assert.equal(code, 0, stderr);
      await first.result;
      const [row] = await execute(
        database.url,
        "SELECT count(*) AS n FROM pawl.events WHERE event = 'applied'",
      );
      assert.equal(row?.["n"], "1");
    });
  },
);

testOnServers(
  "a partition detached half-way is finished by the next run, also under another search_path [P51]",
  async (database) => {
    const files = {
      "migrations/0001_parts.sql": `
CREATE SCHEMA app;
CREATE TABLE app.parts (id int) PARTITION BY RANGE (id);
CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES FROM (1) TO (100);
`,
      "migrations/0002_detach.sql": `
SET search_path = app;
-- pawl:step transaction=none
ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;
CREATE TABLE done ();
`,
    };
    await withProject(files, async (cwd) => {
      const options = { cwd, env: { DATABASE_URL: database.url } };
      const first = await runCli(["upgrade", "+1"], options);
      assert.equal(first.code, 0, first.stderr);
      // Its second phase waits for this reader.
      const reader = await holdSession(
        database.url,
        "BEGIN; SELECT FROM app.parts",
      );
      const run = startCli(["upgrade"], options);
      await untilRow(
        database.url,
        "SELECT FROM pg_inherits WHERE inhdetachpending",
      );
      run.kill("SIGKILL");
      await run.result;
      await untilRow(
        database.url,
        "SELECT WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'pawl' AND datname = current_database())",
      );
      await reader.close();
      const second = await runCli(["upgrade"], options);
      assert.equal(second.code, 0, second.stderr);
      const rows = await execute(database.url, "SELECT FROM pg_inherits");
      assert.equal(rows.length, 0);
      await execute(database.url, "SELECT FROM app.done");
    });
  },
);

/** How long an upgrade takes that nobody disturbs, in milliseconds. */
async function timeOf(database: TestDatabase, cwd: string): Promise<number> {
  let took = 0;
  await inDatabase(database, async (url) => {
    const started = performance.now();
    const result = await runCli(["upgrade"], {
      cwd,
      env: { DATABASE_URL: url },
    });
    took = performance.now() - started;
    assert.equal(result.code, 0, result.stderr);
    await assertWhole(url);
  });
  return took;
}

async function inDatabase(
  { server }: TestDatabase,
  body: (url: string) => Promise<void>,
): Promise<void> {
  const database = await server.createDatabase();
  try {
    await body(database.url);
  } finally {
    await database.drop();
  }
}

async function killAfter(ms: number, options: CliOptions): Promise<void> {
  const run = startCli(["upgrade"], options);
  const timer = setTimeout(() => run.kill("SIGKILL"), ms);
  await run.result;
  clearTimeout(timer);
}

/** Everything is there once, and nothing else is. */
async function assertWhole(url: string): Promise<void> {
  const lines = await execute(url, "SELECT line FROM log ORDER BY line");
  assert.deepEqual(lines.map((r) => r["line"]), LINES);
  const states = await execute(
    url,
    "SELECT version, state, steps_done = steps_total AS whole FROM pawl.migrations ORDER BY version",
  );
  assert.deepEqual(
    states.map((r) => `${r["version"]} ${r["state"]} ${r["whole"]}`),
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `000${n} applied t`),
  );
  const events = await execute(
    url,
    "SELECT version, count(*) AS n FROM pawl.events WHERE event = 'applied' GROUP BY version ORDER BY version",
  );
  assert.deepEqual(
    events.map((r) => `${r["version"]} ${r["n"]}`),
    [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `000${n} 1`),
  );
  const indexes = await execute(
    url,
    "SELECT indexrelid::regclass::text AS name, indisvalid AND indisready AS valid FROM pg_index WHERE indrelid IN ('public.big'::regclass, 'app.big'::regclass) ORDER BY 1",
  );
  assert.deepEqual(
    indexes.map((r) => `${r["name"]} ${r["valid"]}`),
    ["app.big_id t", "big_id_v t", "big_key t", "big_v t"],
  );
  const left = await execute(
    url,
    "SELECT version FROM pawl.progress UNION ALL SELECT 'pending' FROM pg_inherits WHERE inhdetachpending",
  );
  assert.deepEqual(left, []);
}

/** A generator of numbers from 0 to 1 that a seed determines (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
