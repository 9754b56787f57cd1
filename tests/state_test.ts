/**
 * The local and the recorded state: compared, and synced both ways.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import {
  checkState,
  drift,
  newestSnapshot,
  pullState,
  pushState,
} from "../lib/drift/mod.ts";
import { PawlError } from "../lib/errors.ts";
import { openProject } from "../lib/migrate/project.ts";
import { upgrade } from "../lib/migrate/upgrade.ts";
import { runCli, withProject } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import { execute, testOnServers } from "./support/servers.ts";

const FILES = {
  "migrations/0001_users.sql":
    "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);\n",
};

const NOW = new Date("2026-01-05T09:00:00Z");

const codeOf = (code: string) => (error: unknown) =>
  error instanceof PawlError && error.code === code;

testOnServers(
  "state pull keeps the recorded state in a file, push records a file [Q25, Q26]",
  ({ url }) =>
    withProject(FILES, async (cwd) => {
      const project = openProject({ cwd, db: url, env: { HOME: cwd } });
      const options = { now: NOW };
      assert.equal((await checkState(project)).consistent, true);
      await assert.rejects(
        pullState(project, options),
        codeOf("history-missing"),
      );
      await assert.rejects(pushState(project), codeOf("file-unreadable"));
      await upgrade(project);
      const apart = await checkState(project);
      assert.deepEqual([apart.consistent, apart.local], [false, undefined]);
      const pulled = await pullState(project, options);
      assert.equal(pulled.written, "migrations/snapshots/0001_snapshot.json");
      const together = await checkState(project);
      assert.equal(together.consistent, true);
      assert.equal(together.local?.hash, together.recorded.hash);
      assert.equal((await pullState(project, options)).written, undefined);
      assert.equal((await pushState(project)).written, undefined);
      // The database forgets; the file still knows.
      await execute(
        url,
        "DELETE FROM pawl.objects WHERE object_type = 'column'; UPDATE pawl.objects SET hash = 'h1:0', source_hash = NULL WHERE object_type = 'constraint'",
      );
      const differs = await checkState(project);
      assert.deepEqual(
        differs.differences.map(({ kind, address }) => [kind, address]),
        [
          ["dropped", "column:public.users.id"],
          ["dropped", "column:public.users.name"],
          ["altered", "constraint:public.users.users_pkey"],
        ],
      );
      assert.equal((await pushState(project)).written, "pawl.objects");
      assert.equal((await checkState(project)).consistent, true);
      assert.equal((await drift(project)).drifted, false);
    }),
);

testOnServers(
  "state pull refuses a database that has drifted; push --live accepts it, object by object [Q26]",
  ({ url }) =>
    withProject(FILES, async (cwd) => {
      const project = openProject({ cwd, db: url, env: { HOME: cwd } });
      await upgrade(project);
      await execute(
        url,
        'CREATE TABLE hot (a integer); CREATE TABLE "Odd one" (b integer); ALTER TABLE users ADD c integer',
      );
      await assert.rejects(
        pullState(project, { now: NOW }),
        codeOf("schema-drifted"),
      );
      const some = await pushState(project, {
        live: true,
        objects: ["table:public.hot", 'public."Odd one"'],
      });
      assert.equal(some.hash, undefined);
      assert.deepEqual(
        (await drift(project)).entries.map(({ address }) => address),
        ["column:public.users.c"],
      );
      await assert.rejects(
        pushState(project, { live: true, objects: ["public.nothing"] }),
        codeOf("usage"),
      );
      await pushState(project, { live: true });
      assert.equal((await drift(project)).drifted, false);
      assert.equal(
        (await pullState(project, { now: NOW })).differences.length > 0,
        true,
      );
      const events = await execute(
        url,
        "SELECT count(*) AS n FROM pawl.events WHERE event = 'state-recorded'",
      );
      assert.deepEqual(events, [{ n: "2" }]);
    }),
);

testOnServers(
  "a snapshot makes drift say what things were, and how to put them back [Q26, Q34]",
  ({ url }) =>
    withProject(FILES, async (cwd) => {
      const project = openProject({ cwd, db: url, env: { HOME: cwd } });
      await upgrade(project);
      await pullState(project, { now: NOW });
      await execute(
        url,
        "ALTER TABLE users ALTER name DROP NOT NULL; ALTER TABLE users DROP CONSTRAINT users_pkey",
      );
      const report = await drift(project);
      const undo = report.entries.flatMap((e) => e.undo ?? []);
      assert.ok(undo.length >= 2, JSON.stringify(report.entries));
      assert.deepEqual(
        report.entries.find(({ address }) =>
          address === "column:public.users.name"
        )?.attributes.map(({ from, to }) => [from, to]),
        [[true, false]],
      );
      await execute(url, undo.join("\n"));
      assert.equal((await drift(project)).drifted, false);
    }),
);

testOnServers(
  "the state command checks, pulls and pushes [Q26]",
  ({ url }) =>
    withProject(FILES, async (cwd) => {
      const env = { XDG_CACHE_HOME: cacheDirectory() };
      const pawl = (...args: string[]) =>
        runCli([...args, "--db", url], { cwd, env });
      assert.equal((await pawl("upgrade")).code, 0);
      const check = await pawl("state", "check");
      assert.equal(check.code, 1, check.stderr);
      assert.match(check.stdout, /They differ[^]*pawl state pull/);
      assert.equal((await pawl("state", "pull")).code, 0);
      const same = await pawl("state", "--json");
      assert.equal(same.code, 0);
      const json = JSON.parse(same.stdout);
      assert.deepEqual([json.format, json.consistent], ["pawl.state/1", true]);
      assert.equal((await pawl("state", "push")).code, 0);
      assert.equal((await pawl("state", "pull", "--live")).code, 2);
    }),
);

Deno.test("the newest snapshot is the one of the latest version, whatever its time [Q25]", async () => {
  await withProject({
    "migrations/snapshots/0010_snapshot.json": "",
    "migrations/snapshots/0009_snapshot.json": "",
    "migrations/snapshots/9_notes.txt": "",
  }, (cwd) => {
    const project = openProject({ cwd, env: { HOME: cwd } });
    assert.equal(
      newestSnapshot(project)?.path,
      join(cwd, "migrations/snapshots/0010_snapshot.json"),
    );
    return Promise.resolve();
  });
});
