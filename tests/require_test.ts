/**
 * `require` and `wait` on real servers: what a start-up script asks.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { PawlError } from "../lib/errors.ts";
import { openProject } from "../lib/migrate/project.ts";
import { requireVersion } from "../lib/migrate/require_version.ts";
import { upgrade } from "../lib/migrate/upgrade.ts";
import { runCli, startCli, withProject } from "./support/cli.ts";
import {
  execute,
  serversUnderTest,
  startServer,
  type TestDatabase,
  testOnServers,
} from "./support/servers.ts";

const READER = "reader_of_history";

const FILES = {
  "pawl.toml": `[history]\nreaders = ["${READER}"]\n`,
  "migrations/20260101_000000_a.sql": "SELECT 1",
  "migrations/20260102_000000_b.sql": "SELECT 2",
  "migrations/20260103_000000_c.sql": "SELECT 3",
};

/** A database with the three versions of {@linkcode FILES}, and no file left. */
async function upgraded(database: TestDatabase): Promise<void> {
  await execute(
    database.url,
    `DO $$ BEGIN CREATE ROLE ${READER} LOGIN PASSWORD 'r'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  );
  await withProject(FILES, async (cwd) => {
    const report = await upgrade(
      openProject({ cwd, db: database.url, env: {} }),
    );
    assert.equal(report.success, true);
  });
}

/** What require says, without any file, as the role that may only read. */
async function standing(database: TestDatabase, minVersion: string) {
  const db = database.server.url(database.name, {
    user: READER,
    password: "r",
  });
  return await withProject({}, async (cwd) => {
    const report = await requireVersion(openProject({ cwd, db, env: {} }), {
      minVersion,
    });
    return [report.satisfied, report.standing, report.current];
  });
}

testOnServers(
  "[H44] a version is required by a role that may only read the history",
  async (database) => {
    await upgraded(database);
    const top = "20260103_000000";
    assert.deepEqual(await standing(database, "20260102_000000"), [
      true,
      "applied",
      top,
    ]);
    assert.deepEqual(await standing(database, "20260102_000000_b.sql"), [
      true,
      "applied",
      top,
    ]);
    assert.deepEqual(await standing(database, "20260103"), [
      true,
      "applied",
      top,
    ]);
    // Unknown: squashed long ago, or not yet there.
    assert.deepEqual(await standing(database, "20250101_000000"), [
      true,
      "passed",
      top,
    ]);
    assert.deepEqual(await standing(database, "20260104_000000"), [
      false,
      "unknown",
      top,
    ]);
    // The beginning of a version that is not there is no small number.
    for (const word of ["20270101", "5", "abc", "2026x"]) {
      assert.deepEqual(await standing(database, word), [false, "unknown", top]);
    }
    for (const word of ["2026", "head", "base", "+1", "-1"]) {
      await assert.rejects(
        standing(database, word),
        (error: unknown) => error instanceof PawlError && error.exitCode === 2,
        word,
      );
    }
    await execute(
      database.url,
      `UPDATE pawl.migrations SET state = 'rolled_back' WHERE version = '20260102_000000';
       UPDATE pawl.migrations SET state = 'stamped' WHERE version = '20260101_000000'`,
    );
    assert.deepEqual(await standing(database, "20260102_000000"), [
      false,
      "rolled_back",
      top,
    ]);
    assert.deepEqual(await standing(database, "20260101_000000"), [
      true,
      "stamped",
      top,
    ]);
  },
);

testOnServers(
  "[H44] sequence numbers are required with or without their zeros",
  async (database) => {
    const files = {
      "migrations/0004_a.sql": "SELECT 1",
      "migrations/0010_b.sql": "SELECT 1",
    };
    await withProject(files, async (cwd) => {
      const env = { PAWL_URL: database.url };
      assert.equal((await runCli(["upgrade"], { cwd, env })).code, 0);
      Deno.removeSync(join(cwd, "migrations"), { recursive: true });
      const ask = (version: string) =>
        runCli(["require", "--min-version", version], { cwd, env });
      assert.equal((await ask("10")).code, 0);
      assert.equal((await ask("0004")).code, 0);
      const passed = await ask("7");
      assert.equal(passed.code, 0);
      assert.match(passed.stdout, /7 is passed: the newest in force is 0010/);
      const no = await ask("11");
      assert.equal(no.code, 1);
      assert.match(
        no.stdout,
        /11 is not in force; the newest in force is 0010/,
      );
      const json = await runCli(
        ["require", "--min-version", "11", "--json"],
        { cwd, env },
      );
      assert.equal(json.code, 1);
      assert.deepEqual(JSON.parse(json.stdout), {
        format: "pawl.require/1",
        satisfied: false,
        minVersion: "11",
        standing: "unknown",
        current: "0010",
        initialized: true,
        project: "default",
        environment: null,
        database: JSON.parse(json.stdout).database,
      });
    });
  },
);

testOnServers(
  "[H44] a database without history is too old, a role without rights is an error",
  async (database) => {
    await withProject({}, async (cwd) => {
      const args = ["require", "--min-version", "1", "--db"];
      const none = await runCli([...args, database.url], { cwd });
      assert.equal(none.code, 1);
      assert.match(none.stdout, /has no history of pawl/);
      const embedded = await runCli([...args, "pglite:here"], { cwd });
      assert.equal(embedded.code, 1);
      assert.throws(() => Deno.statSync(join(cwd, "here")));
      await upgraded(database);
      await execute(
        database.url,
        `REVOKE USAGE ON SCHEMA pawl FROM ${READER}`,
      );
      const url = database.server.url(database.name, {
        user: READER,
        password: "r",
      });
      const refused = await runCli([...args, url], { cwd });
      assert.equal(refused.code, 3);
      assert.match(refused.stderr, /\[history\] readers/);
    });
  },
);

testOnServers(
  "[P83] wait ends when the database answers, and at once when waiting cannot help",
  async (database) => {
    await withProject({}, async (cwd) => {
      const wait = (url: string, timeout: string) =>
        runCli(["wait", "--db", url, "--timeout", timeout], { cwd });
      const up = await wait(database.url, "30s");
      assert.equal(up.code, 0, up.stderr);
      assert.match(up.stdout, /answers: PostgreSQL \d+/);
      const unknown = await wait(
        database.server.url("there_is_no_such_database"),
        "10min",
      );
      assert.equal(unknown.code, 3);
      assert.match(unknown.stderr, /there_is_no_such_database/);
      const silent = await wait("postgres://127.0.0.1:1/app", "0");
      assert.equal(silent.code, 3);
      assert.match(silent.stderr, /connection refused/);
      assert.equal((await wait(database.url, "0")).code, 0);
      assert.equal((await wait(database.url, "soon")).code, 2);
    });
  },
);

Deno.test("[P83] wait goes on until a server that is down is up", async () => {
  const [version] = serversUnderTest();
  await using server = await startServer(
    version === undefined ? {} : { version },
  );
  await server.halt();
  await withProject({}, async (cwd) => {
    const args = ["wait", "-v", "--db", server.url(), "--timeout", "2min"];
    const waiting = startCli(args, { cwd });
    await waiting.said(/connection refused/);
    await server.start();
    const { code, stdout } = await waiting.result;
    assert.equal(code, 0);
    assert.match(stdout, /answers: PostgreSQL/);
  });
});
