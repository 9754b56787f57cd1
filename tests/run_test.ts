/**
 * What a run commits and what it rolls back, under which time-outs, and what
 * a user reads when it fails: through the command line, on real servers.
 *
 * @module
 */

import assert from "@std/assert";
import { type CliResult, runCli, startCli, writeFiles } from "./support/cli.ts";
import { type CommandScene, commandScene } from "./support/command_scene.ts";
import { holdSession, untilRow } from "./support/holding.ts";

/** A project on a database, as a test sees it. */
interface Scene extends CommandScene {
  /** `version state done/total` of every row of the history. */
  history(): Promise<(string | null)[]>;
}

function scene(
  name: string,
  files: Readonly<Record<string, string>>,
  body: (scene: Scene) => Promise<void>,
): void {
  commandScene(
    name,
    files,
    (s) => body({ ...s, history: () => s.values(HISTORY) }),
  );
}

const HISTORY =
  "SELECT version || ' ' || state || ' ' || steps_done || '/' || steps_total FROM pawl.migrations ORDER BY version";

// Transactions.

scene(
  "a failing statement rolls its file back and leaves the files before it [Q41, H36, H48, X4]",
  {
    "migrations/0001_first.sql": "CREATE TABLE first ();\n",
    "migrations/0002_second.sql":
      "CREATE TABLE second ();\nSELECT 1/0;\nCREATE TABLE third ();\n",
    "migrations/0003_third.sql": "CREATE TABLE fourth ();\n",
  },
  async (s) => {
    const { code, stderr } = await s.pawl("upgrade");
    assert.equal(code, 3);
    assert.match(stderr, /✓ 0001_first applied/);
    assert.match(
      stderr,
      /Cannot apply migrations\/0002_second\.sql: division by zero\n {2}migrations\/0002_second\.sql:2:1\n {2}2 \| SELECT 1\/0;\n {4}\| \^\n/,
    );
    assert.match(stderr, /SQLSTATE: 22012/);
    assert.match(stderr, /rolled back: nothing of this file is in force/);
    assert.deepEqual(await s.history(), ["0001 applied 1/1"]);
    assert.equal(await s.value("SELECT to_regclass('second')"), null);
    assert.deepEqual(
      (await s.rows(
        "SELECT event, version, detail->>'code' AS code FROM pawl.events ORDER BY id",
      )).map((r) => [r["event"], r["version"], r["code"]]),
      [["upgrade-started", null, null], ["applied", "0001", null], [
        "failed",
        "0002",
        "migration-failed",
      ]],
    );
  },
);

scene(
  "the caret is right behind a BOM, CRLF, multi-byte characters and astral ones [H36]",
  {
    "migrations/0001_first.sql":
      "\uFEFF-- Größe 🦫\r\nCREATE TABLE t (a text);\r\nINSERT INTO t VALUES ('äöü🦫'), (nope);\r\n",
  },
  async (s) => {
    const { code, stderr } = await s.pawl("upgrade", "--json");
    assert.equal(code, 3, stderr);
    const { stdout } = await s.pawl("upgrade", "--json");
    const { location } = JSON.parse(stdout).error;
    assert.deepEqual(location, {
      file: "migrations/0001_first.sql",
      line: 3,
      column: 33,
      text: "INSERT INTO t VALUES ('äöü🦫'), (nope);",
    });
  },
);

scene("a deferred constraint that fails at COMMIT rolls the file back", {
  "migrations/0001_first.sql":
    "CREATE TABLE a (i int PRIMARY KEY, b int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n",
  "migrations/0002_second.sql":
    "INSERT INTO a VALUES (1, 2);\nCREATE TABLE second ();\n",
}, async (s) => {
  const { code, stderr } = await s.pawl("upgrade");
  assert.equal(code, 3);
  assert.match(stderr, /violates foreign key constraint/);
  assert.match(stderr, /rolled back: nothing of this file is in force/);
  assert.deepEqual(await s.history(), ["0001 applied 1/1"]);
  assert.equal(await s.value("SELECT count(*) FROM a"), "0");
});

scene("--batch applies all or nothing [P64, X4]", {
  "migrations/0001_first.sql": "CREATE TABLE first ();\n",
  "migrations/0002_second.sql": "CREATE TABLE second ();\nSELECT 1/0;\n",
}, async (s) => {
  const failed = await s.pawl("upgrade", "--batch");
  assert.equal(failed.code, 3);
  assert.match(failed.stderr, /0001_first not run/);
  assert.match(failed.stderr, /migrations\/0002_second\.sql:2:1/);
  assert.deepEqual(await s.history(), []);
  assert.equal(await s.value("SELECT to_regclass('first')"), null);
  await writeFiles(s.cwd, {
    "migrations/0002_second.sql": "CREATE TABLE second ();\n",
  });
  await s.ok("upgrade", "--batch");
  assert.deepEqual(await s.history(), ["0001 applied 1/1", "0002 applied 1/1"]);
  // One transaction: one now().
  assert.equal(
    await s.value("SELECT count(DISTINCT applied_at) FROM pawl.migrations"),
    "1",
  );
});

for (
  const [what, file, why] of [
    [
      "a concurrent index",
      "CREATE INDEX CONCURRENTLY i ON first (a);\n",
      "it has statements that cannot run in a transaction",
    ],
    [
      "steps",
      "SELECT 1;\n-- pawl:step\nSELECT 2;\n",
      "it has steps that are committed by themselves",
    ],
  ] as const
) {
  scene(`--batch is refused where a file has ${what}, and names it [P64, X4]`, {
    "migrations/0001_first.sql": "CREATE TABLE first (a int);\n",
    "migrations/0002_second.sql": file,
  }, async (s) => {
    const { code, stderr } = await s.pawl("upgrade", "--batch");
    assert.equal(code, 6, stderr);
    assert.ok(
      stderr.includes(`migrations/0002_second.sql: ${why}`),
      stderr,
    );
    assert.deepEqual(await s.history(), []);
  });
}

scene("--fake records without running [P63, H2]", {
  "migrations/0001_first.sql": "CREATE TABLE first ();\n",
  "migrations/0002_second.sql": "CREATE TABLE second ();\n",
}, async (s) => {
  const { stdout } = await s.ok("upgrade", "--fake", "+1");
  assert.match(stdout, /0001_first recorded without running/);
  assert.deepEqual(await s.history(), ["0001 stamped 1/1"]);
  await s.ok("upgrade");
  assert.equal(await s.value("SELECT to_regclass('first')"), null);
  assert.deepEqual(await s.history(), ["0001 stamped 1/1", "0002 applied 1/1"]);
});

scene(
  "--no-transaction commits each statement, and the next run goes on [Q18]",
  {
    "migrations/0001_first.sql":
      "CREATE TABLE first (i int);\nINSERT INTO first VALUES (1);\nSELECT 1/0;\nINSERT INTO first VALUES (2);\n",
  },
  async (s) => {
    const { code, stderr } = await s.pawl("upgrade", "--no-transaction");
    assert.equal(code, 3);
    assert.match(
      stderr,
      /partial 2\/4: the steps before this one are in force, the next run goes on here/,
    );
    assert.deepEqual(await s.history(), ["0001 partial 2/4"]);
    await writeFiles(s.cwd, {
      "migrations/0001_first.sql":
        "CREATE TABLE first (i int);\nINSERT INTO first VALUES (1);\nINSERT INTO first VALUES (2);\n",
    });
    await s.ok("upgrade", "--no-transaction");
    assert.deepEqual(await s.history(), ["0001 applied 3/3"]);
    assert.equal(
      await s.value("SELECT string_agg(i::text, ',') FROM first"),
      "1,2",
    );
  },
);

const STEPS = {
  "migrations/0001_steps.sql":
    "CREATE TABLE t (i int);\n-- pawl:step\nINSERT INTO t VALUES (1);\n-- pawl:step\nINSERT INTO t VALUES (1/0);\n",
};

scene(
  "steps stay where a later one fails; what has not run may be mended [Q41]",
  STEPS,
  async (s) => {
    assert.equal((await s.pawl("upgrade")).code, 3);
    assert.deepEqual(await s.history(), ["0001 partial 2/3"]);
    await writeFiles(s.cwd, {
      "migrations/0001_steps.sql":
        "CREATE TABLE t (i int); -- a comment\n-- pawl:step\nINSERT INTO t\n VALUES (1);\n-- pawl:step\nINSERT INTO t VALUES (2);\n-- pawl:step\nINSERT INTO t VALUES (3);\n",
    });
    await s.ok("upgrade");
    assert.deepEqual(await s.history(), ["0001 applied 4/4"]);
    assert.equal(
      await s.value("SELECT string_agg(i::text, ',') FROM t"),
      "1,2,3",
    );
    await s.ok("verify");
  },
);

scene(
  "editing a step that has run is an integrity error [Q43]",
  STEPS,
  async (s) => {
    assert.equal((await s.pawl("upgrade")).code, 3);
    await writeFiles(s.cwd, {
      "migrations/0001_steps.sql":
        "CREATE TABLE t (i int);\n-- pawl:step\nINSERT INTO t VALUES (7);\n-- pawl:step\nINSERT INTO t VALUES (2);\n",
    });
    const { code, stderr } = await s.pawl("upgrade");
    assert.equal(code, 4, stderr);
    assert.match(stderr, /step 2 has run, and was edited since/);
    assert.match(stderr, /it ran: INSERT INTO t VALUES \(1\)/);
    assert.deepEqual(await s.history(), ["0001 partial 2/3"]);
  },
);

scene(
  "removing a step that has run is an integrity error [Q43]",
  STEPS,
  async (s) => {
    assert.equal((await s.pawl("upgrade")).code, 3);
    await writeFiles(s.cwd, {
      "migrations/0001_steps.sql": "CREATE TABLE t (i int);\n",
    });
    const { code, stderr } = await s.pawl("upgrade");
    assert.equal(code, 4, stderr);
  },
);

scene("a verify section that fails rolls the last step back", {
  "migrations/0001_first.sql":
    "CREATE TABLE first (i int);\n-- pawl:verify\nSELECT 1 / count(*) FROM first;\n",
}, async (s) => {
  const { code, stderr } = await s.pawl("upgrade");
  assert.equal(code, 3);
  assert.match(stderr, /its verify section failed: division by zero/);
  assert.match(stderr, /migrations\/0001_first\.sql:3:1/);
  assert.equal(await s.value("SELECT to_regclass('first')"), null);
  assert.deepEqual(await s.history(), []);
});

scene("what a verify section does is undone", {
  "migrations/0001_first.sql":
    "CREATE TABLE first (i int);\n-- pawl:verify\nINSERT INTO first VALUES (1);\n",
}, async (s) => {
  await s.ok("upgrade");
  assert.equal(await s.value("SELECT count(*) FROM first"), "0");
});

scene(
  "a verify section behind a non-transactional step leaves the migration partial, and is asked again",
  {
    "migrations/0001_first.sql": "CREATE TABLE first (i int);\n",
    "migrations/0002_index.sql":
      "CREATE INDEX CONCURRENTLY first_i ON first (i);\n-- pawl:verify\nSELECT 1 / count(*) FROM first;\n",
  },
  async (s) => {
    const { code, stderr } = await s.pawl("upgrade");
    assert.equal(code, 3, stderr);
    assert.match(stderr, /its verify section failed/);
    assert.deepEqual(await s.history(), [
      "0001 applied 1/1",
      "0002 partial 1/1",
    ]);
    await s.rows("INSERT INTO first VALUES (1)");
    await s.ok("upgrade");
    assert.deepEqual(await s.history(), [
      "0001 applied 1/1",
      "0002 applied 1/1",
    ]);
  },
);

const LOOK = (n: number) =>
  `INSERT INTO public.seen SELECT ${n}, current_user, current_setting('search_path'), current_setting('work_mem'), session_user;\n`;

scene(
  "settings and roles hold over the steps of a file and do not leak into the next",
  {
    "migrations/0001_set.sql": `
CREATE TABLE seen (n int, u text, path text, mem text, session text);
CREATE SCHEMA app;
GRANT ALL ON SCHEMA app TO pg_monitor;
GRANT ALL ON seen TO pg_monitor;
CREATE TEMP TABLE seen (n int, u text, path text, mem text, session text);
SET search_path = app;
SELECT set_config('work_mem', '5MB', false);
SET ROLE pg_monitor;
${LOOK(1)}
-- pawl:step
${LOOK(2)}
-- pawl:step transaction=none
CREATE TABLE mine (i int);
CREATE INDEX CONCURRENTLY mine_i ON mine (i);
${LOOK(3)}
`,
    "migrations/0002_look.sql": `${LOOK(4)}INSERT INTO seen (n) VALUES (5);\n`,
  },
  async (s) => {
    await s.ok("upgrade");
    const rows = await s.rows("SELECT * FROM seen ORDER BY n");
    const set = {
      u: "pg_monitor",
      path: "app",
      mem: "5MB",
      session: "postgres",
    };
    const plain = {
      u: "postgres",
      path: '"$user", public',
      mem: "4MB",
      session: "postgres",
    };
    assert.deepEqual(rows, [
      { n: "1", ...set },
      { n: "2", ...set },
      { n: "3", ...set },
      { n: "4", ...plain },
      // The temporary table of the first file is gone.
      { n: "5", u: null, path: null, mem: null, session: null },
    ]);
    assert.equal(
      await s.value(
        "SELECT tableowner FROM pg_tables WHERE tablename = 'mine'",
      ),
      "pg_monitor",
    );
  },
);

scene("settings and roles hold on resume too", {
  "migrations/0001_set.sql": `
CREATE TABLE seen (n int, u text, path text, mem text, session text);
CREATE SCHEMA app;
GRANT ALL ON SCHEMA app TO pg_monitor;
GRANT ALL ON seen TO pg_monitor;
SET search_path = app;
SELECT pg_catalog.set_config('work_mem', '5MB', false);
SET ROLE pg_monitor;
-- pawl:step
CREATE TABLE mine (i int);
-- pawl:step transaction=none
CREATE INDEX CONCURRENTLY mine_j ON mine (j);
${LOOK(1)}
`,
}, async (s) => {
  assert.equal((await s.pawl("upgrade")).code, 3);
  await s.rows("ALTER TABLE app.mine ADD COLUMN j int");
  await s.ok("upgrade");
  assert.deepEqual(await s.rows("SELECT * FROM seen"), [
    { n: "1", u: "pg_monitor", path: "app", mem: "5MB", session: "postgres" },
  ]);
});

scene(
  "a failed concurrent unique index is cleared away, and built when the data is mended [P51]",
  {
    "migrations/0001_first.sql":
      "CREATE TABLE first (i int);\nINSERT INTO first VALUES (1), (1);\n",
    "migrations/0002_index.sql":
      "CREATE UNIQUE INDEX CONCURRENTLY first_i ON first (i);\n",
  },
  async (s) => {
    const { code, stderr } = await s.pawl("upgrade");
    assert.equal(code, 3);
    assert.match(stderr, /could not create unique index/);
    assert.match(
      stderr,
      /Dropped index public\.first_i, which an unfinished build had left INVALID/,
    );
    assert.equal(await s.value("SELECT to_regclass('first_i')"), null);
    await s.rows("UPDATE first SET i = 2 WHERE ctid = '(0,1)'");
    await s.ok("upgrade");
    assert.equal(
      await s.value(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'first_i'::regclass",
      ),
      "t",
    );
  },
);

scene("IF NOT EXISTS over an INVALID index is refused [P51]", {
  "migrations/0001_first.sql":
    "CREATE TABLE first (i int);\nINSERT INTO first VALUES (1), (1);\n",
  "migrations/0002_index.sql":
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS first_i ON first (i);\n",
}, async (s) => {
  await s.ok("upgrade", "+1");
  await assert.rejects(
    s.rows("CREATE UNIQUE INDEX CONCURRENTLY first_i ON first (i)"),
  );
  const { code, stderr } = await s.pawl("upgrade");
  assert.equal(code, 6, stderr);
  assert.match(stderr, /index first_i exists and is INVALID/);
  assert.equal(
    await s.value(
      "SELECT indisvalid FROM pg_index WHERE indexrelid = 'first_i'::regclass",
    ),
    "f",
  );
});

scene("ten thousand notices neither stop a run nor fill the screen", {
  "migrations/0001_notices.sql":
    "DO $$ BEGIN FOR i IN 1..10000 LOOP RAISE NOTICE 'line %', i; END LOOP; END $$;\n",
}, async (s) => {
  const { stderr } = await s.ok("upgrade");
  assert.ok(stderr.length < 2000, stderr.slice(0, 2000));
});

scene("execution_ms covers a statement that ran outside a transaction [Q28]", {
  "migrations/0001_sleep.sql":
    "-- pawl:transaction none\nDO $$ BEGIN PERFORM pg_sleep(0.3); END $$;\n",
}, async (s) => {
  await s.ok("upgrade");
  const ms = Number(await s.value("SELECT execution_ms FROM pawl.migrations"));
  assert.ok(ms >= 300 && ms < 60_000, String(ms));
});

scene("a program rolls back on a failure that it does not await", {
  "migrations/0001_program.js":
    "export async function up(db) {\n  await db.execute('CREATE TABLE one ()');\n  db.execute('INSERT INTO nope VALUES (1)');\n}\n",
}, async (s) => {
  const { code, stderr } = await s.pawl("upgrade");
  assert.equal(code, 3, stderr);
  assert.match(stderr, /relation "nope" does not exist/);
  assert.equal(await s.value("SELECT to_regclass('one')"), null);
});

// Time-outs.

const SHOW = (n: string) =>
  `INSERT INTO shown SELECT '${n}', current_setting('lock_timeout'), current_setting('statement_timeout');\n`;

const shown = async (s: Scene) =>
  Object.fromEntries(
    (await s.rows("SELECT * FROM shown")).map((
      r,
    ) => [r["n"], `${r["l"]} ${r["s"]}`]),
  );

// INSERT shows its own time-outs; what a DDL statement ran under, an event
// trigger sees.
const TRIGGER = `
CREATE TABLE shown (n text, l text, s text);
CREATE FUNCTION show() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO public.shown SELECT tg_tag || ' ' || (SELECT count(*) FROM public.shown), current_setting('lock_timeout'), current_setting('statement_timeout');
END $$;
CREATE EVENT TRIGGER show ON ddl_command_end EXECUTE FUNCTION show();
CREATE TABLE old (i int);
INSERT INTO old SELECT generate_series(1, 10);
TRUNCATE shown;
`;

scene(
  "DDL runs under lock_timeout, strong locks under statement_timeout, CONCURRENTLY and backfills under none [P85, P86, P87, X16]",
  {
    "migrations/0001_trigger.sql": TRIGGER,
    "migrations/0002_ddl.sql": `
CREATE TABLE new (i int);
${SHOW("new table")}
ALTER TABLE new ADD COLUMN j int;
COMMENT ON TABLE old IS 'old';
${SHOW("before the strong lock")}
ALTER TABLE old ADD COLUMN j int;
${SHOW("behind the strong lock")}
`,
    "migrations/0003_index.sql": `
CREATE INDEX CONCURRENTLY old_i ON old (i);
${SHOW("behind the index")}
`,
    "migrations/0004_backfill.sql": `UPDATE old SET j = i;\n${
      SHOW("backfill")
    }`,
  },
  async (s) => {
    await s.ok("upgrade");
    assert.deepEqual(await shown(s), {
      "CREATE TABLE 0": "3s 0",
      "new table": "0 0",
      "ALTER TABLE 2": "3s 0",
      "COMMENT 3": "3s 0",
      "before the strong lock": "0 0",
      "ALTER TABLE 5": "3s 3s",
      "behind the strong lock": "0 3s",
      "CREATE INDEX 7": "0 0",
      "behind the index": "0 0",
      "backfill": "0 0",
    });
  },
);

scene(
  "a role's own statement_timeout cuts off neither a concurrent build nor a backfill [P87, X16]",
  {
    "migrations/0001_slow.sql": `
CREATE TABLE big AS SELECT g AS i FROM generate_series(1, 10) g;
CREATE FUNCTION slow(i int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.03); RETURN i; END $$;
CREATE TABLE shown (n text, l text, s text);
`,
    "migrations/0002_index.sql":
      "CREATE INDEX CONCURRENTLY big_slow ON big (slow(i));\n",
    "migrations/0003_backfill.sql": `UPDATE big SET i = slow(i) + 100;\n${
      SHOW("backfill")
    }`,
  },
  async (s) => {
    const name = await s.value("SELECT current_database()");
    await s.rows(`ALTER DATABASE "${name}" SET statement_timeout = '100ms'`);
    await s.rows(`ALTER DATABASE "${name}" SET lock_timeout = '100ms'`);
    await s.ok("upgrade");
    assert.deepEqual(await shown(s), { backfill: "0 0" });
    assert.equal(
      await s.value(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'big_slow'::regclass",
      ),
      "t",
    );
  },
);

scene(
  "time-outs are set by file, step, configuration and environment [P80, P86, P90, P11]",
  {
    "pawl.toml": '[timeouts]\nmigration_lock = "7s"\n',
    "migrations/0001_trigger.sql": TRIGGER,
    "migrations/0002_config.sql": "ALTER TABLE old ADD COLUMN a int;\n",
    "migrations/0003_file.sql":
      "-- pawl:timeout lock=5s statement=1min\nALTER TABLE old ADD COLUMN b int;\n-- pawl:step timeout statement=2min\nALTER TABLE old ADD COLUMN c int;\n",
    "migrations/0004_off.sql":
      "-- pawl:timeout off\nALTER TABLE old ADD COLUMN d int;\n",
    "migrations/0005_own.sql":
      "SET lock_timeout = '9s';\nALTER TABLE old ADD COLUMN e int;\n",
    "migrations/0006_next.sql": "ALTER TABLE old ADD COLUMN f int;\n",
  },
  async (s) => {
    const env = {
      DATABASE_URL: s.url,
      PAWL_TIMEOUTS_MIGRATION_STATEMENT: "11s",
    };
    const run = (more: Record<string, string>) =>
      runCli(["upgrade"], { cwd: s.cwd, env: { ...env, ...more } });
    const bad = await run({ PAWL_TIMEOUTS_MIGRATION_LOCK: "soon" });
    assert.equal(bad.code, 2, bad.stderr);
    assert.match(bad.stderr, /PAWL_TIMEOUTS_MIGRATION_LOCK/);
    const { code, stderr } = await run({});
    assert.equal(code, 0, stderr);
    assert.deepEqual(await shown(s), {
      "ALTER TABLE 0": "7s 11s",
      "ALTER TABLE 1": "5s 1min",
      "ALTER TABLE 2": "5s 2min",
      "ALTER TABLE 3": "0 0",
      "ALTER TABLE 4": "9s 11s",
      "ALTER TABLE 5": "7s 11s",
    });
  },
);

scene(
  "a file that does not run in transactions does not leak its time-outs [P89, P91]",
  {
    "migrations/0001_trigger.sql": TRIGGER,
    "migrations/0002_none.sql": `
-- pawl:transaction none
-- pawl:timeout lock=5s statement=1min
VACUUM old;
${SHOW("behind VACUUM")}
-- pawl:step timeout off
${SHOW("next step")}
`,
    "migrations/0003_next.sql": `ALTER TABLE old ADD COLUMN a int;\n${
      SHOW("next file")
    }`,
  },
  async (s) => {
    await s.ok("upgrade");
    assert.deepEqual(await shown(s), {
      "behind VACUUM": "5s 1min",
      "next step": "0 0",
      "ALTER TABLE 2": "3s 3s",
      "next file": "0 3s",
    });
  },
);

scene(
  "a lock time-out retries the whole step, names the blocker, and succeeds when it leaves [P85]",
  {
    "migrations/0001_first.sql": "CREATE TABLE first (i int);\n",
    "migrations/0002_alter.sql":
      "-- pawl:timeout lock=300ms\nCREATE TABLE second ();\nALTER TABLE first ADD COLUMN j int;\n",
  },
  async (s) => {
    await s.ok("upgrade", "+1");
    const blocker = await holdSession(
      s.url,
      "BEGIN; SELECT * FROM first",
      "reporting",
    );
    const run = startCli(["upgrade"], {
      cwd: s.cwd,
      env: { DATABASE_URL: s.url },
    });
    await run.said(/canceling statement due to lock timeout; try 2 of 5/);
    await run.said(
      new RegExp(
        `blocked by pid ${blocker.pid} \\(reporting of postgres, idle in transaction\\): BEGIN; SELECT \\* FROM first`,
      ),
    );
    await blocker.close();
    const { code, stderr } = await run.result;
    assert.equal(code, 0, stderr);
    assert.deepEqual(await s.history(), [
      "0001 applied 1/1",
      "0002 applied 1/1",
    ]);
  },
);

scene(
  "after five lock time-outs a run ends with exit 3 and the blocker's name [P85]",
  {
    "migrations/0001_first.sql": "CREATE TABLE first (i int);\n",
    "migrations/0002_alter.sql":
      "-- pawl:timeout lock=100ms\nALTER TABLE first ADD COLUMN j int;\n",
  },
  async (s) => {
    await s.ok("upgrade", "+1");
    const blocker = await holdSession(s.url, "BEGIN; SELECT * FROM first");
    const { code, stdout, stderr } = await s.pawl("upgrade", "--json");
    await blocker.close();
    assert.equal(code, 3, stderr);
    const { error } = JSON.parse(stdout);
    assert.equal(error.code, "lock-timeout");
    assert.equal(error.details[0], "tried 5 times");
    assert.match(
      error.details[1],
      new RegExp(`^blocked by pid ${blocker.pid} `),
    );
    assert.deepEqual(await s.history(), ["0001 applied 1/1"]);
  },
);

scene(
  "a statement that holds a strong lock too long is cut off and says how to give it longer [P87]",
  {
    "migrations/0001_first.sql":
      "CREATE TABLE first (i int);\nINSERT INTO first VALUES (1);\n",
    "migrations/0002_alter.sql":
      "-- pawl:timeout statement=100ms\nALTER TABLE first ADD COLUMN j int;\nUPDATE first SET j = 1 WHERE pg_sleep(1) IS NOT NULL;\n",
  },
  async (s) => {
    const { code, stderr } = await s.pawl("upgrade");
    assert.equal(code, 3);
    assert.match(stderr, /canceling statement due to statement timeout/);
    assert.match(stderr, /-- pawl:timeout statement=5min/);
  },
);

// Downgrade.

const FOUR = {
  "migrations/0001_a.sql": "CREATE TABLE a ();\n-- pawl:down\nDROP TABLE a;\n",
  "migrations/0002_b.sql": "CREATE TABLE b ();\n-- pawl:down\nDROP TABLE b;\n",
  "migrations/0003_c.sql": "CREATE TABLE c ();\n-- pawl:down\nDROP TABLE c;\n",
  "migrations/0004_d.sql": "CREATE TABLE d ();\n-- pawl:down\nDROP TABLE d;\n",
};

const tables = (s: Scene) =>
  s.value(
    "SELECT coalesce(string_agg(tablename, '' ORDER BY tablename), '') FROM pg_tables WHERE schemaname = 'public'",
  );

scene(
  "downgrade takes one step, -N steps, down to a version that stays, or all [Q5, H3, X6, X7, Q29]",
  FOUR,
  async (s) => {
    await s.ok("upgrade");
    await s.ok("downgrade", "-y");
    assert.equal(await tables(s), "abc");
    await s.ok("downgrade", "-y", "-2");
    assert.equal(await tables(s), "a");
    await s.ok("upgrade");
    await s.ok("downgrade", "-y", "0002");
    assert.equal(await tables(s), "ab");
    const [row] = await s.rows(
      "SELECT state, rolled_back_at IS NOT NULL AS at, (SELECT count(*) FROM pawl.events e WHERE e.version = m.version AND event = 'rolled_back') AS events FROM pawl.migrations m WHERE version = '0004'",
    );
    assert.deepEqual(row, { state: "rolled_back", at: "t", events: "2" });
    await s.ok("downgrade", "-y", "base");
    assert.equal(await tables(s), "");
    const none = await s.ok("downgrade", "-y");
    assert.match(none.stdout + none.stderr, /[Nn]othing/);
    await s.ok("upgrade");
    assert.equal(await tables(s), "abcd");
    assert.equal(
      await s.value(
        "SELECT count(*) FROM pawl.migrations WHERE rolled_back_at IS NOT NULL",
      ),
      "0",
    );
  },
);

scene(
  "downgrade is refused without a down section, before anything is undone [X5]",
  {
    ...FOUR,
    "migrations/0003_c.sql": "CREATE TABLE c ();\n",
  },
  async (s) => {
    await s.ok("upgrade");
    const { code, stderr } = await s.pawl("downgrade", "-y", "-2");
    assert.equal(code, 6, stderr);
    assert.match(stderr, /migrations\/0003_c\.sql: it has no down section/);
    assert.equal(await tables(s), "abcd");
  },
);

scene("downgrade of an irreversible migration says the file's reason [X5]", {
  "migrations/0001_a.sql":
    "-- pawl:irreversible the old values are gone\nCREATE TABLE a ();\n-- pawl:down\nDROP TABLE a;\n",
}, async (s) => {
  await s.ok("upgrade");
  const { code, stderr } = await s.pawl("downgrade", "-y");
  assert.equal(code, 6, stderr);
  assert.match(stderr, /it is irreversible: the old values are gone/);
  assert.equal(await tables(s), "a");
});

scene(
  "a file that is gone is undone by the down SQL of the history",
  FOUR,
  async (s) => {
    await s.ok("upgrade");
    await Deno.remove(`${s.cwd}/migrations/0004_d.sql`);
    const later = await s.ok("upgrade");
    assert.match(later.stderr, /0004 has been applied by a newer release/);
    await s.ok("downgrade", "-y");
    assert.equal(await tables(s), "abc");
  },
);

scene(
  "stored SQL has no secrets, and a stored down that was redacted is refused",
  {
    "migrations/0001_a.sql":
      "CREATE TABLE a ();\nCREATE ROLE pawl_test_redacted PASSWORD 'hunter2';\nDROP ROLE pawl_test_redacted;\n-- pawl:down\nDROP TABLE a;\nCREATE ROLE pawl_test_redacted PASSWORD 'hunter3';\n",
    "migrations/0002_b.sql":
      "CREATE TABLE b ();\n-- pawl:down\nDROP TABLE b;\n",
  },
  async (s) => {
    await s.ok("upgrade");
    assert.equal(
      await s.value(
        "SELECT bool_or(m::text LIKE '%hunter%') FROM pawl.migrations m",
      ),
      "f",
    );
    await Deno.remove(`${s.cwd}/migrations/0002_b.sql`);
    await s.ok("downgrade", "-y");
    await Deno.remove(`${s.cwd}/migrations/0001_a.sql`);
    const { code, stderr } = await s.pawl("downgrade", "-y");
    assert.equal(code, 6, stderr);
    assert.match(stderr, /secrets in it were redacted/);
    assert.equal(await tables(s), "a");
  },
);

scene(
  "a downgrade that fails half-way is finished by the next one, and upgrade waits for that",
  {
    "migrations/0001_a.sql":
      "CREATE TABLE a (i int);\nCREATE TABLE b ();\n-- pawl:down\nDROP TABLE b;\n-- pawl:step\nSELECT 1 / count(*) FROM a;\n-- pawl:step\nDROP TABLE a;\n",
  },
  async (s) => {
    await s.ok("upgrade");
    const failed = await s.pawl("downgrade", "-y");
    assert.equal(failed.code, 3, failed.stderr);
    assert.match(failed.stderr, /partial 1\/3/);
    assert.deepEqual(await s.history(), ["0001 partial 1/3"]);
    const up = await s.pawl("upgrade");
    assert.equal(up.code, 6, up.stderr);
    assert.match(up.stderr, /half rolled back \(1 of 3 steps\)/);
    await s.rows("INSERT INTO a VALUES (1)");
    await s.ok("downgrade", "-y");
    assert.equal(await tables(s), "");
    assert.deepEqual(await s.history(), ["0001 rolled_back 0/3"]);
    await s.ok("upgrade");
    assert.deepEqual(await s.history(), ["0001 applied 1/1"]);
  },
);

// Interrupts.

const WAIT = {
  "migrations/0001_first.sql": "CREATE TABLE first ();\n",
  "migrations/0002_wait.sql":
    "CREATE TABLE second ();\nSELECT pg_sleep(600);\n",
};

const SLEEPS =
  "SELECT FROM pg_stat_activity WHERE application_name = 'pawl' AND wait_event = 'PgSleep' AND datname = current_database()";

scene(
  "Ctrl-C cancels, rolls back, releases the lock, and says so: exit 130",
  WAIT,
  async (s) => {
    const run = startCli(["upgrade"], {
      cwd: s.cwd,
      env: { DATABASE_URL: s.url },
    });
    await untilRow(s.url, SLEEPS);
    run.kill("SIGINT");
    const { code, stderr } = await run.result;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /Stopping: SIGINT received/);
    assert.match(stderr, /rolled back, and the lock is released/);
    assert.deepEqual(await s.history(), ["0001 applied 1/1"]);
    assert.equal(await s.value("SELECT to_regclass('second')"), null);
    assert.equal(
      await s.value("SELECT event FROM pawl.events ORDER BY id DESC LIMIT 1"),
      "interrupted",
    );
    assert.equal(
      await s.value(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1885435756 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
      "0",
    );
  },
);

scene("SIGTERM does what Ctrl-C does, also in a program", {
  "migrations/0001_wait.js":
    "export async function up(db) {\n  await db.execute('CREATE TABLE one ()');\n  await db.query('SELECT pg_sleep(600)');\n}\n",
}, async (s) => {
  const run = startCli(["upgrade"], {
    cwd: s.cwd,
    env: { DATABASE_URL: s.url },
  });
  await untilRow(s.url, SLEEPS);
  run.kill("SIGTERM");
  const { code, stderr } = await run.result;
  assert.equal(code, 130, stderr);
  assert.equal(await s.value("SELECT to_regclass('one')"), null);
});

scene("Ctrl-C in a statement that commits by itself says how to go on", {
  "migrations/0001_wait.sql":
    "-- pawl:transaction none\nDO $$ BEGIN COMMIT; PERFORM pg_sleep(600); END $$;\n",
}, async (s) => {
  const run = startCli(["upgrade"], {
    cwd: s.cwd,
    env: { DATABASE_URL: s.url },
  });
  await untilRow(s.url, SLEEPS);
  run.kill("SIGINT");
  const { code, stderr } = await run.result;
  assert.equal(code, 130, stderr);
  assert.match(stderr, /step 1 of \S*0001_wait\.sql .* is not known/);
  assert.match(stderr, /pawl repair --step-done 0001/);
  assert.doesNotMatch(stderr, /same command/);
});

scene("a second Ctrl-C ends pawl at once", {
  // The first one is not answered: the server ignores it.
  "migrations/0001_deaf.sql":
    "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;\n",
}, async (s) => {
  const run = startCli(["upgrade"], {
    cwd: s.cwd,
    env: { DATABASE_URL: s.url },
  });
  await untilRow(s.url, SLEEPS);
  run.kill("SIGINT");
  await run.said(/Stopping: SIGINT received/);
  run.kill("SIGINT");
  const { code, stderr } = await run.result;
  assert.equal(code, 130, stderr);
  await s.rows(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pawl' AND datname = current_database()",
  );
});

scene(
  "Ctrl-C in a concurrent index build leaves what the next run heals [P51]",
  {
    "migrations/0001_big.sql": "CREATE TABLE big (i int);\n",
    "migrations/0002_index.sql":
      "CREATE INDEX CONCURRENTLY big_i ON big (i);\n",
  },
  async (s) => {
    await s.ok("upgrade", "+1");
    const reader = await holdSession(
      s.url,
      "BEGIN; LOCK big IN ROW EXCLUSIVE MODE",
    );
    const run = startCli(["upgrade"], {
      cwd: s.cwd,
      env: { DATABASE_URL: s.url },
    });
    await untilRow(
      s.url,
      "SELECT FROM pg_index WHERE indexrelid = to_regclass('big_i') AND NOT indisvalid",
    );
    run.kill("SIGINT");
    const { code, stderr } = await run.result;
    assert.equal(code, 130, stderr);
    await reader.close();
    assert.deepEqual(await s.history(), [
      "0001 applied 1/1",
      "0002 partial 0/1",
    ]);
    const healed = await s.ok("upgrade");
    assert.match(healed.stderr, /Dropped index public\.big_i/);
    assert.equal(
      await s.value(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'big_i'::regclass",
      ),
      "t",
    );
  },
);

scene(
  "an unnamed index that a failed build left INVALID is left to a person, with what to do [P51]",
  {
    "migrations/0001_first.sql":
      "CREATE TABLE first (i int);\nINSERT INTO first VALUES (1), (1);\n",
    "migrations/0002_index.sql":
      "CREATE UNIQUE INDEX CONCURRENTLY ON first (i);\n",
  },
  async (s) => {
    const failed = await s.pawl("upgrade");
    assert.equal(failed.code, 3, failed.stderr);
    assert.match(
      failed.stderr,
      /the statement names no index; since then there is first_i_idx \(INVALID\)/,
    );
    assert.match(failed.stderr, /partial 0\/1: no step of this file has been/);
    assert.doesNotMatch(failed.stderr, /rolled back/);
    assert.match(failed.stderr, /pawl repair --step-again 0002/);
    const second = await s.pawl("upgrade");
    assert.equal(second.code, 6, second.stderr);
    await s.rows("DROP INDEX first_i_idx");
    await s.rows("UPDATE first SET i = 2 WHERE ctid = '(0,1)'");
    await s.ok("upgrade");
    assert.deepEqual(await s.history(), [
      "0001 applied 1/1",
      "0002 applied 1/1",
    ]);
  },
);

scene(
  "a block outside a transaction that fails without a COMMIT in it is run again",
  {
    "migrations/0001_do.sql":
      "-- pawl:transaction none\nCREATE TABLE IF NOT EXISTS t (i int);\nDO $$ BEGIN PERFORM 1 / count(*) FROM t; END $$;\n",
    "migrations/0002_do.sql":
      "-- pawl:transaction none\nDO $$ BEGIN DELETE FROM t; COMMIT; PERFORM 1 / count(*) FROM t; END $$;\n",
  },
  async (s) => {
    assert.equal((await s.pawl("upgrade")).code, 3);
    await s.rows("INSERT INTO t VALUES (1)");
    const committed = await s.pawl("upgrade");
    assert.equal(committed.code, 3, committed.stderr);
    assert.match(committed.stdout + committed.stderr, /0001_do applied/);
    assert.match(committed.stderr, /what this one had committed itself/);
    const unknown = await s.pawl("upgrade");
    assert.equal(unknown.code, 6, unknown.stderr);
    await s.ok("repair", "--step-done", "0002");
    await s.ok("upgrade");
    assert.deepEqual(await s.history(), [
      "0001 applied 2/2",
      "0002 applied 1/1",
    ]);
  },
);

// What one file leaves to the next, and to the records of the run.

const SETTERS = {
  "migrations/0001_set.sql":
    "CREATE SCHEMA one;\nSET search_path = one;\nSET work_mem = '1234kB';\nSET ROLE pg_monitor;\nRESET ROLE;\nCREATE TEMP TABLE left_over ();\nCREATE TABLE t ();\n",
  "migrations/0002_find.sql":
    "CREATE TABLE seen AS SELECT current_setting('search_path') AS path, current_setting('work_mem') AS memory, to_regclass('left_over')::text AS temporary;\n",
};

for (const flags of [[], ["--batch"]]) {
  scene(
    `a file finds no settings and temporary tables of the one before it: upgrade ${
      flags.join(" ")
    } [P64]`,
    SETTERS,
    async (s) => {
      const memory = await s.value("SHOW work_mem");
      await s.ok("upgrade", ...flags);
      assert.deepEqual(await s.rows("SELECT * FROM public.seen"), [
        { path: '"$user", public', memory, temporary: null },
      ]);
      assert.equal(await s.value("SELECT to_regclass('one.t')::text"), "one.t");
    },
  );
}

scene("what a file sets refuses neither the next one nor the run's events", {
  "migrations/0001_one.sql":
    "CREATE TABLE one ();\nSET default_transaction_read_only = on;\n-- pawl:step\nCREATE TABLE two ();\n-- pawl:down\nDROP TABLE one, two;\nSET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;\n",
  "migrations/0002_two.sql":
    "CREATE TABLE three ();\nDO $$ BEGIN PERFORM set_config('default_transaction_read_only', 'on', false); END $$;\nSET statement_timeout = '1ms';\n-- pawl:down\nDROP TABLE three;\n",
}, async (s) => {
  await s.ok("upgrade");
  await s.ok("downgrade", "base", "-y");
  assert.equal(
    await s.value("SELECT string_agg(event, ' ' ORDER BY id) FROM pawl.events"),
    "upgrade-started applied applied upgrade-finished downgrade-started rolled_back rolled_back downgrade-finished",
  );
});

scene(
  "a closing event that cannot be written is a warning: what was done is done",
  {
    "migrations/0001_one.sql":
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.event LIKE '%finished' THEN RAISE 'no more events'; END IF; RETURN NEW; END $$;\nCREATE TRIGGER refuse BEFORE INSERT ON pawl.events FOR EACH ROW EXECUTE FUNCTION refuse();\n-- pawl:down\nSELECT 1;\n",
  },
  async (s) => {
    for (const command of [["upgrade"], ["downgrade", "-y"]]) {
      const { stderr } = await s.ok(...command);
      assert.match(stderr, /could not be written: no more events/);
    }
  },
);

scene(
  "only the last migration of a run waits for the disk",
  {
    "migrations/0001_one.sql": "CREATE TABLE one ();\n",
    "migrations/0002_two.sql": "CREATE TABLE two ();\n",
  },
  async (s) => {
    const { migrations } = JSON.parse(
      (await s.ok("upgrade", "--dry-run", "--json")).stdout,
    );
    assert.deepEqual(
      migrations.map((m: { sql: string }) =>
        m.sql.includes("SET LOCAL synchronous_commit = off")
      ),
      [true, false],
    );
  },
);

// Dry runs.

/** What `--dry-run` prints is run by hand; afterwards the history is this. */
async function byHand(s: Scene, ...args: string[]): Promise<string> {
  const { stdout } = await s.ok(...args, "--dry-run", "--format", "sql");
  await s.rows(stdout);
  return stdout;
}

scene(
  "--dry-run shows what a run would send: of a partial migration its rest",
  {
    "migrations/0001_steps.sql":
      "CREATE TABLE t (i int);\n-- pawl:step\nINSERT INTO t SELECT 1 / (SELECT count(*) FROM pg_class WHERE relname = 'go');\n-- pawl:down\nALTER TABLE t ADD c int;\n-- pawl:step\nSELECT 1 / (1 - count(*)) FROM pg_class WHERE relname = 'go';\nDROP TABLE t;\n",
  },
  async (s) => {
    assert.equal((await s.pawl("upgrade")).code, 3);
    await s.rows("CREATE TABLE go ()");
    const up = await byHand(s, "upgrade");
    assert.doesNotMatch(up, /^CREATE TABLE t/m);
    assert.deepEqual(await s.history(), ["0001 applied 2/2"]);
    assert.equal(await s.value("SELECT count(*) FROM pawl.progress"), "0");
    assert.equal((await s.pawl("downgrade", "-y")).code, 3);
    await s.rows("DROP TABLE go");
    const down = await byHand(s, "downgrade");
    assert.doesNotMatch(down, /^ALTER TABLE t/m);
    assert.deepEqual(await s.history(), ["0001 rolled_back 0/2"]);
    assert.equal(await s.value("SELECT count(*) FROM pawl.progress"), "0");
  },
);

scene("--dry-run --batch shows one transaction [P64]", SETTERS, async (s) => {
  await s.ok("upgrade", "--fake", "+1");
  await s.ok("downgrade", "--fake", "-y");
  const sql = await byHand(s, "upgrade", "--batch");
  assert.equal(sql.match(/^BEGIN/gm)?.length, 1);
  assert.equal(sql.match(/^COMMIT/gm)?.length, 1);
  assert.deepEqual(await s.history(), ["0001 applied 1/1", "0002 applied 1/1"]);
});

scene("--dry-run --fake shows the rows that would be written [P63]", {
  "migrations/0001_one.sql":
    "CREATE TABLE one ();\n-- pawl:down\nDROP TABLE one;\n",
}, async (s) => {
  await s.ok("upgrade", "--fake");
  await byHand(s, "downgrade", "--fake");
  assert.deepEqual(await s.history(), ["0001 rolled_back 0/1"]);
  await byHand(s, "upgrade", "--fake");
  assert.deepEqual(await s.history(), ["0001 stamped 1/1"]);
});

scene("--dry-run --batch is refused as the run would be [P64]", {
  "migrations/0001_one.sql": "VACUUM;\n",
}, async (s) => {
  assert.equal((await s.pawl("upgrade", "--batch", "--dry-run")).code, 6);
});

// Partial migrations, told rather than run.

const HALF = {
  "migrations/0001_half.sql":
    "CREATE TABLE t (i int);\n-- pawl:step\nSELECT 1 / count(*) FROM t;\n-- pawl:down\nDROP TABLE t;\n",
};

for (
  const [command, state] of [
    [["upgrade", "--fake"], "0001 stamped 2/2"],
    [["upgrade", "--fake", "--batch"], "0001 stamped 2/2"],
    [["stamp", "head", "-y"], "0001 stamped 2/2"],
    [["stamp", "base", "-y"], "0001 rolled_back 0/2"],
    [["downgrade", "--fake", "-y"], "0001 rolled_back 0/2"],
  ] as const
) {
  scene(
    `${command.join(" ")} ends a partial migration and forgets its steps [P63]`,
    HALF,
    async (s) => {
      assert.equal((await s.pawl("upgrade")).code, 3);
      assert.equal(await s.value("SELECT count(*) FROM pawl.progress"), "1");
      await s.ok(...command);
      assert.deepEqual(await s.history(), [state]);
      assert.equal(await s.value("SELECT count(*) FROM pawl.progress"), "0");
    },
  );
}

const MIXED =
  "CREATE TABLE t (i int);\nINSERT INTO t VALUES (1);\nINSERT INTO t SELECT 2 / (SELECT count(*) FROM pg_class WHERE relname = 'go');\nINSERT INTO t VALUES (3);\n-- pawl:step\nINSERT INTO t SELECT 4 / (SELECT count(*) FROM pg_class WHERE relname = 'further');\nINSERT INTO t VALUES (5);\n";

for (const first of [[], ["--no-transaction"]]) {
  for (const second of [[], ["--no-transaction"]]) {
    scene(
      `a partial migration goes on however it was cut: upgrade ${first} then ${second} [Q18]`,
      { "migrations/0001_mixed.sql": MIXED },
      async (s) => {
        if (first.length === 0) await s.rows("CREATE TABLE go ()");
        assert.equal((await s.pawl("upgrade", ...first)).code, 3);
        await s.rows("CREATE TABLE IF NOT EXISTS go ()");
        // The second way fails as well, the first ends what both have begun.
        const middle = await s.pawl("upgrade", ...second);
        assert.equal(middle.code, 3, middle.stderr);
        await s.rows("CREATE TABLE further ()");
        await s.ok("upgrade", ...first);
        assert.equal(
          await s.value("SELECT string_agg(i::text, ',' ORDER BY i) FROM t"),
          "1,2,3,4,5",
        );
        assert.equal(await s.value("SELECT count(*) FROM pawl.progress"), "0");
      },
    );
  }
}

scene(
  "an edited step that has run is found by verify, status and repair [Q43]",
  HALF,
  async (s) => {
    assert.equal((await s.pawl("upgrade")).code, 3);
    assert.equal((await s.pawl("verify")).code, 0);
    const file = HALF["migrations/0001_half.sql"];
    // What has not run may be changed.
    await writeFiles(s.cwd, {
      "migrations/0001_half.sql": file.replace("SELECT 1", "SELECT 2"),
    });
    assert.equal((await s.pawl("verify")).code, 0);
    await writeFiles(s.cwd, {
      "migrations/0001_half.sql": file.replace("i int", "i bigint"),
    });
    assert.equal((await s.pawl("verify")).code, 4);
    const status = await s.ok("status");
    assert.match(status.stderr, /edited where it has run: step 1 \(up\)/);
    const accepted = await s.pawl("repair", "--accept", "0001", "-y");
    assert.equal(accepted.code, 6, accepted.stderr);
    assert.equal((await s.pawl("repair")).code, 4);
    assert.equal((await s.pawl("upgrade", "--dry-run")).code, 4);
  },
);

scene("status of what is half rolled back says pawl downgrade", {
  "migrations/0001_half.sql":
    "CREATE TABLE t ();\n-- pawl:down\nDROP TABLE t;\n-- pawl:step\nSELECT 1/0;\n",
}, async (s) => {
  await s.ok("upgrade");
  assert.equal((await s.pawl("downgrade", "-y")).code, 3);
  const { stderr, stdout } = await s.ok("status");
  assert.match(stderr, /half rolled back: 1 of 2 steps are rolled back/);
  assert.match(stderr, /pawl downgrade goes on with it/);
  assert.doesNotMatch(stderr, /pawl upgrade/);
  assert.match(stdout, /0001_half \(half rolled back\)/);
  const { rollingBack } = JSON.parse((await s.ok("status", "--json")).stdout);
  assert.deepEqual(rollingBack, ["0001"]);
});

scene("DISCARD ALL is refused before anything runs, with its place [H38]", {
  "migrations/0001_one.sql":
    "CREATE TABLE one ();\n-- pawl:down\nDROP TABLE one;\nDISCARD ALL;\n",
  "migrations/0002_two.sql":
    "-- pawl:transaction none\nSELECT 1;\nDISCARD /* all? */ ALL;\n",
}, async (s) => {
  for (
    const command of [["upgrade"], ["upgrade", "--dry-run"], [
      "sql",
      "base:head",
    ]]
  ) {
    const { code, stderr } = await s.pawl(...command);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /0002_two\.sql:3:1/);
    assert.match(stderr, /RESET ALL, DISCARD TEMP/);
  }
  assert.equal(await s.value("SELECT to_regclass('one')"), null);
  await s.ok("upgrade", "+1");
  const down = await s.pawl("downgrade", "-y");
  assert.equal(down.code, 2, down.stderr);
  assert.match(down.stderr, /0001_one\.sql:4:1/);
});

// Secrets.

scene(
  "a password in a migration is in no error, no diff and no document",
  {
    "migrations/0001_a.sql":
      "CREATE TABLE a ();\nDO $$ BEGIN IF false THEN\n  ALTER ROLE nobody PASSWORD 's3cret-one'; END IF; END $$;\n-- pawl:down\nDROP TABLE a;\n",
    "migrations/0002_b.sql":
      "DO $$ BEGIN\n  ALTER ROLE pawl_no_such_role PASSWORD 's3cret-two'; END $$;\n",
    "migrations/0003_c.sql": "ALTER ROLE a PASSWORD 's3cret-three' = 5;\n",
  },
  async (s) => {
    const never = (result: CliResult) => {
      assert.doesNotMatch(result.stdout + result.stderr, /s3cret/);
      return result;
    };
    // The parser refuses a file before anything runs, and shows its line.
    const wrong = never(await s.pawl("upgrade", "-v"));
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.stderr,
      /1 \| ALTER ROLE a PASSWORD '\[redacted\]' = 5;/,
    );
    await Deno.remove(`${s.cwd}/migrations/0003_c.sql`);

    const failed = never(await s.pawl("upgrade", "-v"));
    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /role "pawl_no_such_role" does not exist/);
    assert.match(
      failed.stderr,
      /CONTEXT: SQL statement "ALTER ROLE pawl_no_such_role PASSWORD '\[redacted\]'"/,
    );
    const { error } = JSON.parse(
      never(await s.pawl("upgrade", "--json")).stdout,
    );
    assert.match(error.server.where, /PASSWORD '\[redacted\]'/);
    await Deno.remove(`${s.cwd}/migrations/0002_b.sql`);

    const path = `${s.cwd}/migrations/0001_a.sql`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace("TABLE a ()", "TABLE b ()"));
    const edited = never(await s.pawl("verify"));
    assert.equal(edited.code, 4);
    assert.match(
      edited.stdout,
      /-CREATE TABLE a \(\);\n\s+\+CREATE TABLE b \(\);/,
    );
    assert.match(never(await s.pawl("verify", "--json")).stdout, /redacted/);
    const shown = never(
      await s.pawl("repair", "--accept", "0001", "--dry-run"),
    );
    assert.match(shown.stdout, /\+CREATE TABLE b \(\);[^]*would be accepted/);

    await Deno.writeTextFile(path, text.replace("s3cret-one", "s3cret-new"));
    const secret = never(await s.pawl("verify"));
    assert.equal(secret.code, 4);
    assert.match(secret.stdout, /only passwords or options differ/);
  },
);

// The history.

scene(
  "another program's tables in the schema are no history of ours, and no place for it",
  { "migrations/0001_a.sql": "CREATE TABLE a ();\n" },
  async (s) => {
    await s.rows("CREATE SCHEMA pawl");
    await s.rows("CREATE TABLE pawl.migrations (x int)");
    for (const command of ["status", "upgrade"]) {
      const { code, stderr } = await s.pawl(command);
      assert.equal(code, 4, stderr);
      assert.match(
        stderr,
        /schema pawl: it holds migrations, but no meta table/,
      );
      assert.match(stderr, /hint: .*name another schema with schema in/);
    }
    await writeFiles(s.cwd, { "pawl.toml": '[history]\nschema = "ours"\n' });
    await s.ok("upgrade");
    assert.equal(await s.value("SELECT count(*) FROM ours.migrations"), "1");
  },
);

scene(
  "a file that was edited in both directions is named once",
  {
    "migrations/0001_a.sql":
      "-- pawl:up\nCREATE TABLE a ();\n-- pawl:down\nDROP TABLE a;\n",
    "migrations/0002_b.sql": "",
  },
  async (s) => {
    await s.ok("upgrade");
    await writeFiles(s.cwd, {
      "migrations/0001_a.sql":
        "-- pawl:up\nCREATE TABLE b ();\n-- pawl:down\nDROP TABLE b;\n",
      "migrations/0002_b.sql": "SELECT 1;\n",
      "migrations/0003_c.sql": "",
    });
    const { code, stderr } = await s.pawl("upgrade");
    assert.equal(code, 4);
    assert.match(stderr, /Cannot go on: migrations\/0001_a\.sql was edited/);
    assert.deepEqual(stderr.match(/so was .*/g), [
      "so was migrations/0002_b.sql",
    ]);
  },
);
