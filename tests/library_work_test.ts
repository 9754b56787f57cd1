/**
 * pawl as a library, from a configuration given as data to a squash: what a
 * program does without the command line, in the order in which it does it.
 *
 * @module
 */

import assert from "@std/assert";
import {
  checkSchema,
  downgrade,
  drift,
  generate,
  hashSource,
  initProject,
  installHistory,
  isIssue,
  newestSnapshot,
  newMigration,
  openProject,
  prune,
  readMigrations,
  readRows,
  readSnapshotFile,
  rebaseMigration,
  repair,
  requireVersion,
  sql,
  squash,
  stamp,
  status,
  takeSnapshot,
  upgrade,
  verify,
} from "../mod.ts";
import { writeFiles } from "./support/cli.ts";
import { execute } from "./support/servers.ts";
import { libraryScene } from "./support/library_scene.ts";
import { refused, rejected } from "./support/refused.ts";

const NOW = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));

const NOTES = "CREATE TABLE notes (id bigint PRIMARY KEY, body text);\n";

libraryScene(
  "a program makes a project, writes its migrations, runs, checks and takes them back [Q36, H34]",
  { "schema/app.sql": NOTES },
  async ({ cwd, url, open }) => {
    const shadow = url;
    const made = initProject({ cwd });
    assert.ok(
      made.items.some(({ path, done }) =>
        path === "migrations" && done === "created"
      ),
    );
    const project = open();
    assert.equal((await installHistory(project, {})).installed, true);

    const first = await generate(project, { now: NOW, shadow });
    assert.deepEqual(first.written?.files, [
      "migrations/20260102_030405_create_notes.sql",
    ]);
    await writeFiles(cwd, {
      "schema/app.sql": `${NOTES}CREATE TABLE tags (name text);\n`,
    });
    const second = await generate(project, {
      now: NOW,
      shadow,
    });
    assert.equal(second.written?.version, "20260102_030406");

    const script = sql(project, { from: "base", to: "head", for: "plain" });
    assert.match(
      script.sql,
      /CREATE TABLE public\.notes[^]*CREATE TABLE public\.tags/,
    );

    const dry = await upgrade(project, { target: "+1", dryRun: true });
    assert.deepEqual(dry.results.map((r) => r.status), ["dry_run"]);
    const one = await upgrade(project, { target: "20260102_030405" });
    assert.equal(one.appliedCount, 1);
    const { entries } = await status(project);
    assert.deepEqual(entries.map((e) => e.standing), ["applied", "pending"]);
    const least = { minVersion: "20260102_030406" };
    assert.equal((await requireVersion(project, least)).satisfied, false);
    const faked = await upgrade(project, { fake: true });
    assert.deepEqual(faked.results.map((r) => r.status), ["fake"]);
    assert.equal((await requireVersion(project, least)).satisfied, true);
    assert.equal((await verify(project)).ok, true);

    // Recorded only: the table that is declared is not there.
    const missing = await checkSchema(project, { shadow });
    assert.ok(missing.issues > 0);
    assert.deepEqual(
      missing.objects.filter(isIssue).map(({ object }) => object.address),
      ["table:public.tags"],
    );
    await stamp(project, "20260102_030405");
    await upgrade(project);
    assert.equal((await checkSchema(project, { shadow })).issues, 0);

    const taken = await takeSnapshot(project, { now: NOW });
    assert.equal(taken.version, "20260102_030406");
    const down = await downgrade(project, {
      target: "20260102_030405",
      confirm: () => Promise.resolve(),
    });
    assert.deepEqual(down.results.map((r) => r.status), ["rolled_back"]);
    assert.deepEqual((await readRows(project)).map((r) => r.state), [
      "applied",
      "rolled_back",
    ]);

    await upgrade(project);
    const squashed = await squash(project, {
      now: NOW,
      to: "20260102_030406",
      shadow,
    });
    assert.deepEqual(squashed.replaces, ["20260102_030405", "20260102_030406"]);
    const recorded = await upgrade(project);
    assert.deepEqual(recorded.results.map((r) => r.status), ["recorded"]);
  },
);

libraryScene(
  "a program reads and writes files and snapshots without a database [H41]",
  {},
  async ({ cwd, url }) => {
    const project = openProject({
      cwd,
      db: "none",
      env: {},
      config: { project: { version_format: "sequence" } },
    });
    initProject({ cwd });
    assert.deepEqual(readMigrations(project).graph.order, []);
    const first = newMigration(project, { message: "add notes", now: NOW });
    assert.deepEqual(first.files, ["migrations/0001_add_notes.sql"]);
    await writeFiles(cwd, {
      "migrations/0001_add_notes.sql":
        "-- pawl:message add notes\n-- pawl:up\nCREATE TABLE notes ();\nSELECT 1;\n-- pawl:down\nDROP TABLE notes;\n",
    });
    const next = newMigration(project, { message: "Next one", now: NOW });
    assert.equal(next.version, "0002");

    const { graph, layout, sum } = readMigrations(project);
    assert.equal(layout, "pawl");
    assert.equal(sum, undefined);
    assert.deepEqual(graph.order.map((m) => `${m.version} ${m.name}`), [
      "0001 add_notes",
      "0002 next_one",
    ]);
    const [notes] = graph.order;
    assert.equal(notes?.header.message, "add notes");
    assert.equal(notes?.hasDown, true);
    const body = notes?.body();
    assert.equal(body?.kind, "sql");
    assert.deepEqual(
      body?.kind === "sql"
        ? [
          body.up.steps.flatMap((s) => s.statements).map((s) => s.sql),
          body.down?.steps.flatMap((s) => s.statements).map((s) => s.sql),
        ]
        : [],
      [["CREATE TABLE notes ()", "SELECT 1"], ["DROP TABLE notes"]],
    );

    assert.equal(newestSnapshot(project), undefined);
    await writeFiles(cwd, { "a.sql": NOTES, "b.sql": "CREATE TABLE b ();" });
    for (const [i, source] of ["a.sql", "b.sql"].entries()) {
      await takeSnapshot(project, {
        source,
        now: new Date(NOW.getTime() + i * 1000),
        shadow: url,
      });
    }
    const newest = newestSnapshot(project);
    assert.equal(
      newest?.display,
      "migrations/snapshots/20260102_030406_snapshot.json",
    );
    const { objects } = await readSnapshotFile(newest?.path ?? "");
    assert.equal(objects.has("table:public.b"), true);
  },
);

libraryScene(
  "a configuration given as data says what a file would, and no file is looked for [Q37]",
  {
    "pawl.toml": "[project]\nmigrations = 'elsewhere'\n",
    "db/0001_a.sql": "CREATE TABLE a ();\n",
  },
  async ({ cwd, url, open }) => {
    const project = open({
      project: {
        name: "shop",
        migrations: "db",
        snapshots: "states",
        version_format: "sequence",
      },
      history: { schema: "ledger" },
      drift: { fail: true },
      timeouts: { lock_wait: "5s" },
    });
    const told: string[] = [];
    const report = await upgrade(project, {
      onWarning: (text) => void told.push(text),
      onProgress: (name, state) => void told.push(`${name} ${state}`),
    });
    assert.equal(report.success, true);
    assert.deepEqual(told, ["0001_a starting", "0001_a applied"]);
    const rows = await execute(
      url,
      "SELECT project, version FROM ledger.migrations",
    );
    assert.deepEqual(rows.map((row) => Object.values(row)), [["shop", "0001"]]);
    const taken = await takeSnapshot(project, { now: NOW });
    assert.equal(taken.path, `${cwd}/states/0001_snapshot.json`);
    const made = newMigration(project, { message: "b", now: NOW });
    assert.deepEqual(made.files, ["db/0002_b.sql"]);

    await execute(url, "CREATE TABLE by_hand ()");
    assert.equal((await drift(project)).drifted, true);
    const stopped = await upgrade(project);
    assert.equal(stopped.error?.code, "schema-drifted");

    const wrong = refused(() => open({ project: { migration: "db" } }));
    assert.equal(wrong.code, "config-invalid");
    assert.equal(
      wrong.message,
      'Cannot read the given configuration: "migration" is no key of [project]',
    );
    assert.match(wrong.hint ?? "", /migrations/);
    const value = refused(() => open({ drift: { fail: "often" } }));
    assert.equal(value.code, "config-invalid");
  },
);

libraryScene(
  "drift, what is not found or applied already, dependencies, ways back and a damaged history have each their code [Q40]",
  {
    "migrations/0001_a.sql":
      "CREATE TABLE a ();\n-- pawl:down\nDROP TABLE not_there;\n",
    "migrations/0002_b.sql": "CREATE TABLE b ();\n",
  },
  async ({ cwd, url, open }) => {
    const project = open();
    const code = async (work: Promise<unknown>) => (await rejected(work)).code;
    await upgrade(project);

    await execute(url, "CREATE TABLE by_hand ()");
    await writeFiles(cwd, { "migrations/0003_c.sql": "SELECT 1;\n" });
    const drifted = await upgrade(open({ drift: { fail: true } }));
    assert.equal(drifted.error?.code, "schema-drifted");
    await upgrade(project);

    assert.equal(
      await code(upgrade(project, { target: "9" })),
      "target-unknown",
    );
    assert.equal(
      await code(repair(project, { accept: ["0002"] })),
      "migration-not-found",
    );

    const move = { now: NOW, askDatabase: true };
    assert.equal(
      await code(rebaseMigration(project, "0001", move)),
      "migration-applied",
    );

    await writeFiles(cwd, { "migrations/0004_d.sql": "-- pawl:depends 7\n" });
    assert.equal(await code(upgrade(project)), "dependency-missing");
    await writeFiles(cwd, {
      "migrations/0004_d.sql": "-- pawl:depends 0005\n",
      "migrations/0005_e.sql": "-- pawl:depends 0004\n",
    });
    assert.equal(await code(upgrade(project)), "dependency-cycle");
    await Deno.remove(`${cwd}/migrations/0004_d.sql`);
    await Deno.remove(`${cwd}/migrations/0005_e.sql`);

    assert.equal(await code(downgrade(project)), "irreversible");
    await stamp(project, "0001");
    const back = await downgrade(project);
    assert.equal(back.error?.code, "migration-failed");
    assert.equal(back.error?.server?.sqlstate, "42P01");

    await writeFiles(cwd, { "migrations/0001_a.sql": "CREATE TABLE z ();\n" });
    assert.equal(await code(upgrade(project)), "checksum-mismatch");
    await execute(url, "ALTER TABLE pawl.migrations DROP COLUMN state");
    assert.equal(await code(status(project)), "history-damaged");
  },
);

libraryScene(
  "committed migrations are squashed, and removed once every database has passed them [P72]",
  {
    "migrations/0001_a.sql": "CREATE TABLE a (id int);\n",
    "migrations/0002_b.sql": "CREATE TABLE b (id int);\n",
  },
  async ({ cwd, url, open, another }) => {
    const at = (database: string) => open({}, database);
    const became = async (database: string) =>
      (await upgrade(at(database))).results.map((r) => `${r.name} ${r.status}`);
    const [all, some, none] = [url, await another(), await another()];
    await upgrade(at(all));
    await upgrade(at(some), { target: "+1" });
    const { written } = await squash(open(), {
      message: "start",
      now: NOW,
      shadow: url,
    });
    const name = `${written?.version}_start`;
    // One has passed them; the other one passes them first.
    assert.deepEqual(await became(all), [`${name} recorded`]);
    assert.deepEqual(await became(some), [
      "0002_b applied",
      `${name} recorded`,
    ]);
    for (const file of ["0001_a", "0002_b"]) {
      await Deno.remove(`${cwd}/migrations/${file}.sql`);
    }
    assert.deepEqual(await became(none), [`${name} applied`]);
    const hashes = new Set<string>();
    for (const database of [all, some, none]) {
      await prune(at(database));
      const { entries } = await status(at(database));
      assert.deepEqual(entries.map((e) => e.version), [written?.version]);
      const { hash } = await hashSource(at(database), {});
      hashes.add(hash);
    }
    assert.equal(hashes.size, 1);
  },
);
