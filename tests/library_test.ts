/**
 * pawl as a library: what a program is told, asked and thrown by the functions
 * of `mod.ts`, on real servers.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import {
  downgrade,
  events,
  installHistory,
  newMigration,
  PawlError,
  prune,
  readRows,
  repair,
  type RunEvent,
  runStatus,
  sql,
  stamp,
  startUpgrade,
  status,
  upgrade,
  verify,
} from "../mod.ts";
import { lockKey } from "../lib/pg/lock_key.ts";
import { writeFiles } from "./support/cli.ts";
import { type LibraryScene, libraryScene } from "./support/library_scene.ts";
import { holdSession, untilRow } from "./support/holding.ts";
import { execute } from "./support/servers.ts";
import { rejected } from "./support/refused.ts";

/** Collects what onProgress is told. */
function progress(): {
  readonly lines: string[];
  readonly onProgress: (
    name: string,
    status: string,
    index: number,
    total: number,
  ) => void;
} {
  const lines: string[] = [];
  return {
    lines,
    onProgress: (name, status, index, total) =>
      void lines.push(`${index}/${total} ${name} ${status}`),
  };
}

const TWO = {
  "migrations/0001_a.sql": "CREATE TABLE a ();\n-- pawl:down\nDROP TABLE a;\n",
  "migrations/0002_b.sql": "CREATE TABLE b ();\n-- pawl:down\nDROP TABLE b;\n",
};

const TABLES =
  "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1";

async function tables({ database }: LibraryScene): Promise<string> {
  return (await execute(database.url, TABLES)).map((row) => row["relname"])
    .join("");
}

libraryScene(
  "upgrade() previews, records and runs, and says so of each migration before and after [H45, H49]",
  { ...TWO, "migrations/0003_c.sql": "SELECT 1 / 0;\n" },
  async (s) => {
    const preview = progress();
    const dry = await upgrade(s.project, {
      dryRun: true,
      onProgress: preview.onProgress,
    });
    assert.equal(dry.success, true);
    assert.equal(dry.appliedCount, 0);
    assert.deepEqual(
      dry.results.map((r) => [r.version, r.status, r.statements]),
      [["0001", "dry_run", 1], ["0002", "dry_run", 1], ["0003", "dry_run", 1]],
    );
    assert.match(dry.results[0]?.sql ?? "", /CREATE TABLE a \(\);/);
    assert.deepEqual(preview.lines, [
      "1/3 0001_a dry_run",
      "2/3 0002_b dry_run",
      "3/3 0003_c dry_run",
    ]);
    assert.equal(await tables(s), "");

    const batch = progress();
    const none = await upgrade(s.project, {
      batch: true,
      onProgress: batch.onProgress,
    });
    assert.deepEqual(
      [none.appliedCount, none.failedCount, none.skippedCount],
      [0, 1, 2],
    );
    assert.deepEqual(batch.lines.slice(-3), [
      "1/3 0001_a skipped",
      "2/3 0002_b skipped",
      "3/3 0003_c failed",
    ]);
    assert.equal(await tables(s), "");

    const fake = progress();
    await upgrade(s.project, {
      target: "0001",
      fake: true,
      onProgress: fake.onProgress,
    });
    assert.deepEqual(fake.lines, ["0/1 0001_a starting", "1/1 0001_a fake"]);
    assert.equal(await tables(s), "");

    const run = progress();
    const report = await upgrade(s.project, { onProgress: run.onProgress });
    assert.deepEqual(run.lines, [
      "0/2 0002_b starting",
      "1/2 0002_b applied",
      "1/2 0003_c starting",
      "2/2 0003_c failed",
    ]);
    assert.equal(report.success, false);
    assert.equal(report.direction, "up");
    assert.equal(report.project, "default");
    assert.ok(report.database.endsWith(`/${s.database.name}`));
    assert.ok(!report.database.includes("@"), report.database);
    assert.deepEqual([report.appliedCount, report.failedCount], [1, 1]);
    assert.deepEqual(report.results.map((r) => `${r.name} ${r.status}`), [
      "0002_b applied",
      "0003_c failed",
    ]);
    const failed = report.results[1]?.error;
    assert.equal(failed, report.error);
    assert.equal(failed?.code, "migration-failed");
    assert.equal(failed?.exitCode, 3);
    assert.equal(failed?.server?.sqlstate, "22012");
    assert.deepEqual(failed?.location, {
      file: "migrations/0003_c.sql",
      line: 1,
      column: 1,
      text: "SELECT 1 / 0;",
    });
    assert.equal(await tables(s), "b");
  },
);

libraryScene(
  "downgrade() previews, asks, and takes back, with the same report",
  TWO,
  async (s) => {
    await upgrade(s.project);
    const dry = await downgrade(s.project, { dryRun: true, target: "base" });
    assert.deepEqual(dry.results.map((r) => `${r.name} ${r.status}`), [
      "0002_b dry_run",
      "0001_a dry_run",
    ]);
    const asked: string[] = [];
    const no = new PawlError("confirmation-needed", "No");
    const error = await rejected(
      downgrade(s.project, {
        confirm: (results, database) => {
          asked.push(...results.map((r) => r.name), database);
          return Promise.reject(no);
        },
      }),
    );
    assert.equal(error, no);
    assert.deepEqual(asked, ["0002_b", s.database.name]);
    assert.equal(await tables(s), "ab");

    const down = progress();
    const report = await downgrade(s.project, {
      onProgress: down.onProgress,
      confirm: () => Promise.resolve(),
    });
    assert.deepEqual(down.lines, [
      "0/1 0002_b starting",
      "1/1 0002_b rolled_back",
    ]);
    assert.equal(report.direction, "down");
    assert.equal(report.appliedCount, 1);
    assert.equal(await tables(s), "a");
  },
);

libraryScene(
  "a started upgrade has an id, and its status tells running, how many, and how it ended [Q38]",
  {
    ...TWO,
    "migrations/0003_c.sql": "LOCK TABLE gate;\nCREATE TABLE c ();\n",
    "migrations/0004_d.sql": "SELECT 1 / 0;\n",
  },
  async (s) => {
    await execute(s.database.url, "CREATE SCHEMA x; CREATE TABLE gate ()");
    const holder = await holdSession(
      s.database.url,
      "BEGIN; LOCK TABLE gate",
    );
    const run = startUpgrade(s.project);
    assert.deepEqual(runStatus(run.id), {
      id: run.id,
      status: "running",
      count: 0,
      total: 0,
      current: undefined,
      report: undefined,
      error: undefined,
    });
    await untilRow(
      s.database.url,
      "SELECT FROM pg_locks WHERE NOT granted AND relation = 'gate'::regclass",
    );
    const waiting = runStatus(run.id);
    assert.equal(waiting?.status, "running");
    assert.equal(waiting?.count, 2);
    assert.equal(waiting?.total, 4);
    assert.equal(waiting?.current, "0003_c");
    await holder.close();
    const report = await run.done;
    assert.equal(report.runId, run.id);
    const ended = runStatus(run.id);
    assert.equal(ended?.status, "failed");
    assert.equal(ended?.count, 3);
    assert.equal(ended?.report, report);
    assert.equal(ended?.error, report.error);
    // The id is that of the events.
    const found = await events(s.project);
    assert.deepEqual(new Set(found.map((e) => e.runId)), new Set([run.id]));

    await writeFiles(s.cwd, { "migrations/0004_d.sql": "SELECT 1;\n" });
    const again = startUpgrade(s.project, { runId: crypto.randomUUID() });
    await again.done;
    assert.equal(runStatus(again.id)?.status, "completed");
    assert.equal(runStatus(again.id)?.count, 1);
    assert.equal(runStatus("another"), undefined);
  },
);

libraryScene(
  "a program's own function is told what the server says, and whom a run waits for [Q39]",
  {
    "migrations/0001_a.sql":
      "DO $$ BEGIN RAISE NOTICE 'said by the server'; END $$;\n",
  },
  async (s) => {
    const holder = await holdSession(
      s.database.url,
      `SELECT pg_advisory_lock(1885435756, ${lockKey("pawl", "default")})`,
      "somebody",
    );
    const told: RunEvent[] = [];
    let release: Promise<void> | undefined;
    const report = await upgrade(s.project, {
      onEvent: (event) => {
        told.push(event);
        if (event.type === "waiting") release ??= holder.close();
      },
    });
    await release;
    assert.equal(report.success, true);
    const waiting = told.find((e) => e.type === "waiting");
    assert.equal(waiting?.holder?.applicationName, "somebody");
    assert.ok(
      told.some((e) =>
        e.type === "notice" && e.notice.message === "said by the server"
      ),
    );
  },
);

libraryScene(
  "a signal stops an upgrade: what runs is rolled back, what is committed stays",
  {
    ...TWO,
    "migrations/0003_c.sql": "CREATE TABLE c ();\nSELECT pg_sleep(600);\n",
  },
  async (s) => {
    const stop = new AbortController();
    const done = upgrade(s.project, { signal: stop.signal });
    await untilRow(
      s.database.url,
      "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()",
    );
    stop.abort();
    const report = await done;
    assert.equal(report.success, false);
    assert.equal(report.error?.code, "interrupted");
    assert.equal(report.error?.exitCode, 130);
    assert.equal(report.appliedCount, 2);
    assert.equal(await tables(s), "ab");

    const before = await rejected(
      status(s.project, { signal: AbortSignal.abort() }),
    );
    assert.equal(before.code, "interrupted");
  },
);

libraryScene(
  "a downgrade that is stopped between two migrations says so in the events",
  TWO,
  async (s) => {
    await upgrade(s.project);
    const stop = new AbortController();
    const report = await downgrade(s.project, {
      target: "base",
      signal: stop.signal,
      onProgress: (_name, status) => {
        if (status === "rolled_back") stop.abort();
      },
    });
    assert.equal(report.error?.code, "interrupted");
    assert.deepEqual(report.results.map((r) => r.name), ["0002_b"]);
    const [last] = await events(s.project, { limit: 1 });
    assert.equal(last?.event, "interrupted");
    assert.equal(last?.version, null);
    assert.deepEqual(last?.detail, {
      code: "interrupted",
      message: "Stopped: interrupted",
      direction: "down",
    });
  },
);

libraryScene(
  "a signal ends a hook with all that it has started, even what would not go",
  {
    ...TWO,
    "pawl.toml":
      `[hooks]\nbefore_upgrade = ["exec 3>alive; trap '' TERM; sleep 600 & echo started >&3; sleep 600"]\n`,
  },
  async (s) => {
    const pipe = join(s.cwd, "alive");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const stop = new AbortController();
    const run = rejected(upgrade(s.project, { signal: stop.signal }));
    // The pipe ends when nobody has it open any more.
    const alive = (await Deno.open(pipe)).readable.getReader();
    assert.equal(
      new TextDecoder().decode((await alive.read()).value),
      "started\n",
    );
    stop.abort();
    const error = await run;
    assert.equal(error.code, "interrupted");
    assert.equal(
      error.message,
      "Stopped: hook before_upgrade was interrupted",
    );
    assert.equal((await alive.read()).done, true);
    assert.equal(await tables(s), "");
  },
);

libraryScene(
  "the history is made on request, and its rows have order, checksums and what became of each [H40]",
  TWO,
  async (s) => {
    assert.deepEqual(await readRows(s.project), []);
    assert.equal((await installHistory(s.project, {})).installed, true);
    assert.equal((await installHistory(s.project, {})).installed, false);
    assert.deepEqual(await readRows(s.project), []);

    await upgrade(s.project);
    const rows = await readRows(s.project);
    assert.deepEqual(rows.map((r) => [r.version, r.name, r.state]), [
      ["0001", "a", "applied"],
      ["0002", "b", "applied"],
    ]);
    for (const row of rows) {
      assert.match(row.upRaw ?? "", /^[0-9a-f]{64}$/);
      assert.match(row.upTokens ?? "", /^t1:[0-9a-f]{64}$/);
      assert.match(row.downRaw ?? "", /^[0-9a-f]{64}$/);
      assert.equal(row.appliedBy, "postgres");
      assert.equal(row.hasDownSql, true);
      assert.equal(row.rolledBackAt, null);
    }
    await downgrade(s.project, { target: "base" });
    await upgrade(s.project, { target: "0001" });
    // In the order of being applied: 0001 is the later one now.
    assert.deepEqual(
      (await readRows(s.project)).map((r) => [
        r.version,
        r.state,
        r.rolledBackAt !== null,
      ]),
      [["0002", "rolled_back", true], ["0001", "applied", false]],
    );
  },
);

libraryScene(
  "status(), verify(), stamp(), prune(), sql() and newMigration() return data",
  TWO,
  async (s) => {
    await upgrade(s.project, { target: "0001" });
    const where = await status(s.project);
    assert.equal(where.installed, true);
    assert.equal(where.current?.version, "0001");
    assert.deepEqual([where.applied, where.pending], [1, 1]);
    assert.deepEqual(where.heads, ["0002"]);

    const script = sql(s.project, { from: "0001", to: "head", for: "plain" });
    assert.deepEqual(script.versions, ["0002"]);
    assert.match(script.sql, /CREATE TABLE b/);

    const stamped = await stamp(s.project, "head");
    assert.deepEqual(stamped.stamped, ["0002"]);
    const verified = await verify(s.project);
    assert.equal(verified.files, 2);
    assert.deepEqual([verified.edited, verified.missing], [[], []]);

    const made = newMigration(s.project, {
      message: "third",
      now: new Date(),
      sequence: true,
    });
    assert.deepEqual(made.files, ["migrations/0003_third.sql"]);
    await upgrade(s.project);
    await Deno.remove(`${s.cwd}/migrations/0002_b.sql`);
    const pruned = await prune(s.project);
    assert.deepEqual(pruned.stale, ["0002"]);
    assert.deepEqual((await readRows(s.project)).map((r) => r.version), [
      "0001",
      "0003",
    ]);
  },
);

libraryScene(
  "errors are told apart by their codes, each with its exit code and the next step",
  TWO,
  async (s) => {
    const is = (error: PawlError | undefined, code: string, exit: number) => {
      assert.equal(error?.code, code, error?.message);
      assert.equal(error?.exitCode, exit);
      assert.notEqual(error?.hint, undefined, `${code} has no hint`);
    };
    is(
      await rejected(upgrade(s.project, { target: "9999" })),
      "target-unknown",
      2,
    );
    await upgrade(s.project);

    await writeFiles(s.cwd, {
      "migrations/0002_b.sql":
        "CREATE TABLE b ();\n-- pawl:down\nDROP TABLE not_there;\n",
    });
    is(await rejected(upgrade(s.project)), "checksum-mismatch", 4);
    await repair(s.project, { accept: ["0002"] });
    const down = await downgrade(s.project);
    is(down.error, "migration-failed", 3);
    assert.equal(down.error?.server?.sqlstate, "42P01");

    await writeFiles(s.cwd, { "migrations/0003_c.sql": "-- pawl:depends 7\n" });
    is(await rejected(upgrade(s.project)), "dependency-missing", 6);
    await writeFiles(s.cwd, {
      "migrations/0003_c.sql": "CREATE TABLE c ();\n",
    });
    await upgrade(s.project);
    is(await rejected(downgrade(s.project)), "irreversible", 6);

    await execute(
      s.database.url,
      "ALTER TABLE pawl.migrations RENAME COLUMN state TO condition",
    );
    is(await rejected(status(s.project)), "history-damaged", 4);
  },
);

libraryScene(
  "upgrade() counts what it has not come to [H47]",
  {
    "migrations/0001_a.sql": "CREATE TABLE a ();\n",
    "migrations/0002_b.sql": "SELECT 1 / 0;\n",
    "migrations/0003_c.sql": "CREATE TABLE c ();\n",
  },
  async (s) => {
    const report = await upgrade(s.project);
    assert.deepEqual(
      [report.appliedCount, report.failedCount, report.skippedCount],
      [1, 1, 1],
    );
    assert.equal(report.success, false);
  },
);
