/**
 * `pawl import`: histories of other tools, written as those tools write them,
 * adopted, and then an upgrade that has nothing to do.
 */

import assert from "@std/assert";
import { downgrade } from "../lib/migrate/downgrade.ts";
import {
  importHistory,
  type ImportOptions,
  type ImportReport,
} from "../lib/migrate/import.ts";
import type { ForeignSource } from "../lib/migrate/import_table.ts";
import { openProject, type Project } from "../lib/migrate/project.ts";
import { upgrade } from "../lib/migrate/upgrade.ts";
import { verify } from "../lib/migrate/verify.ts";
import { runCli, withProject, writeFiles } from "./support/cli.ts";
import {
  exists,
  manifest,
  REAL_MIGRATIONS,
  realMigrationsMissing,
} from "./support/real_migrations.ts";
import { execute, testOnServers, withDatabase } from "./support/servers.ts";

function project(
  url: string,
  migrations: string,
  env: Readonly<Record<string, string>> = {},
): Project {
  return openProject({
    cwd: migrations,
    db: url,
    env: { PAWL_MIGRATIONS: migrations, ...env },
  });
}

/** An import, by the library. */
function run(
  opened: Project,
  source: Partial<ForeignSource> = {},
  options: ImportOptions = { apply: true },
): Promise<ImportReport> {
  return importHistory(
    opened,
    { from: "auto", table: undefined, ...source },
    options,
  );
}

async function history(url: string): Promise<(string | null)[]> {
  const rows = await execute(
    url,
    "SELECT version FROM pawl.migrations WHERE state = 'applied' ORDER BY applied_at, version",
  );
  return rows.map((row) => row["version"] ?? null);
}

/** Nothing is pending, and the files are what the history says. */
async function requireSettled(opened: Project): Promise<void> {
  const again = await upgrade(opened);
  assert.deepEqual([again.results, again.error], [[], undefined]);
  const verified = await verify(opened);
  assert.deepEqual([verified.ok, verified.edited, verified.missing], [
    true,
    [],
    [],
  ]);
}

const DIESEL_TABLE =
  "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)";
const GOLANG_TABLE =
  "CREATE TABLE schema_migrations (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)";

Deno.test({
  name:
    "a crates.io database that diesel has made is adopted, with nothing pending",
  ignore: realMigrationsMissing,
  fn: () =>
    withDatabase(undefined, async ({ url }) => {
      const all = manifest("crates_io");
      await execute(url, DIESEL_TABLE);
      for (const entry of all) {
        const text = await Deno.readTextFile(
          `${REAL_MIGRATIONS}crates_io/${entry.up}`,
        );
        const folder = entry.up.slice(0, entry.up.lastIndexOf("/"));
        const record =
          `INSERT INTO __diesel_schema_migrations (version) VALUES ('${
            entry.version.replaceAll("-", "")
          }')`;
        // diesel sends each file as one message, in a transaction unless told otherwise.
        if (exists(`${REAL_MIGRATIONS}crates_io/${folder}/metadata.toml`)) {
          await execute(url, text);
          await execute(url, record);
        } else await execute(url, `BEGIN; ${text}\n; ${record}; COMMIT`);
      }
      const opened = project(url, `${REAL_MIGRATIONS}crates_io`);
      const report = await run(opened, { from: "diesel" });
      assert.equal(report.outcome, "written");
      assert.deepEqual([report.withoutFile, report.pending], [[], []]);
      assert.deepEqual(
        await history(url),
        all.map((e) => e.version.replaceAll("-", "")),
      );
      await requireSettled(opened);
      const [same] = await execute(
        url,
        "SELECT count(*) FROM pawl.migrations JOIN __diesel_schema_migrations d USING (version) WHERE applied_at = d.run_on",
      );
      assert.equal(same?.["count"], String(all.length));
    }),
});

Deno.test({
  name:
    "a Concourse database that golang-migrate has made is adopted, with nothing pending",
  ignore: realMigrationsMissing,
  fn: () =>
    withDatabase(undefined, async ({ url }) => {
      const all = manifest("concourse");
      await execute(url, GOLANG_TABLE);
      for (const entry of all) {
        await execute(
          url,
          await Deno.readTextFile(`${REAL_MIGRATIONS}concourse/${entry.up}`),
        );
      }
      const last = all.at(-1)?.version ?? "";
      await execute(
        url,
        `SET search_path = public; INSERT INTO schema_migrations VALUES (${last}, false)`,
      );
      const opened = project(url, `${REAL_MIGRATIONS}concourse`);
      const report = await run(opened);
      assert.deepEqual([report.tool, report.outcome], [
        "golang-migrate",
        "written",
      ]);
      assert.deepEqual(await history(url), all.map((e) => e.version));
      await requireSettled(opened);
    }),
});

const TWO = {
  "1_a.up.sql": "CREATE TABLE a (id int);",
  "1_a.down.sql": "DROP TABLE a;",
  "2_b.up.sql": "CREATE TABLE b (id int);",
  "2_b.down.sql": "DROP TABLE b;",
  "10_c.down.sql": "DROP TABLE c;",
  "10_c.up.sql": "CREATE TABLE c (id int);",
};

testOnServers(
  "an import without --apply changes nothing, not even the history schema",
  async ({ url }) => {
    await withProject(TWO, async (directory) => {
      await execute(
        url,
        `${GOLANG_TABLE}; INSERT INTO schema_migrations VALUES (2, false)`,
      );
      const report = await run(project(url, directory), {}, {});
      assert.equal(report.outcome, "planned");
      assert.deepEqual(report.record.map((row) => row.version), ["1", "2"]);
      assert.deepEqual(
        report.pending.map((file) => [file.version, file.late]),
        [["10", false]],
      );
      const [row] = await execute(
        url,
        "SELECT to_regnamespace('pawl') AS pawl",
      );
      assert.equal(row?.["pawl"], null);
    });
  },
);

testOnServers(
  "an import is followed by an upgrade of what was pending, and can be undone",
  async ({ url }) => {
    await withProject(TWO, async (directory) => {
      await execute(
        url,
        `${GOLANG_TABLE}; INSERT INTO schema_migrations VALUES (2, false)`,
      );
      await execute(url, TWO["1_a.up.sql"] + TWO["2_b.up.sql"]);
      const opened = project(url, directory);
      await run(opened);
      const report = await upgrade(opened);
      assert.deepEqual(report.results.map((r) => [r.version, r.status]), [[
        "10",
        "applied",
      ]]);
      assert.deepEqual(await history(url), ["1", "2", "10"]);
      const events = await execute(
        url,
        "SELECT version, event, detail FROM pawl.events WHERE event = 'imported' ORDER BY id",
      );
      assert.deepEqual(events.map((row) => row["version"]), ["1", "2"]);
      assert.match(events[0]?.["detail"] ?? "", /public\.schema_migrations/);
      const old = await execute(url, "SELECT * FROM schema_migrations");
      assert.deepEqual(old.map((row) => ({ ...row })), [{
        version: "2",
        dirty: "f",
      }]);
      const back = await downgrade(opened, { target: "base" });
      assert.deepEqual(back.results.map((r) => r.version), ["10", "2", "1"]);
      const [left] = await execute(
        url,
        "SELECT to_regclass('a') AS a, to_regclass('b') AS b",
      );
      assert.deepEqual({ ...left }, { a: null, b: null });
    });
  },
);

testOnServers(
  "a second import of the same rows does nothing, and of others is refused",
  async ({ url }) => {
    await withProject(TWO, async (directory) => {
      await execute(
        url,
        `${GOLANG_TABLE}; INSERT INTO schema_migrations VALUES (2, false)`,
      );
      const opened = project(url, directory);
      await run(opened);
      const before = await execute(
        url,
        "SELECT * FROM pawl.migrations ORDER BY version",
      );
      assert.equal((await run(opened)).outcome, "unchanged");
      assert.deepEqual(
        await execute(url, "SELECT * FROM pawl.migrations ORDER BY version"),
        before,
      );
      await execute(url, "UPDATE schema_migrations SET version = 10");
      await assert.rejects(run(opened), {
        code: "history-diverged",
        exitCode: 6,
      });
      await assert.rejects(run(opened, {}, {}), { code: "history-diverged" });
      await execute(url, "UPDATE schema_migrations SET version = 2");
      await Deno.writeTextFile(
        `${directory}/1_a.up.sql`,
        "CREATE TABLE other ();",
      );
      await assert.rejects(run(opened), { code: "history-diverged" });
    });
  },
);

testOnServers(
  "a dirty golang-migrate history is refused with what to do",
  async ({ url }) => {
    await withProject(TWO, async (directory) => {
      await execute(
        url,
        `${GOLANG_TABLE}; INSERT INTO schema_migrations VALUES (2, true)`,
      );
      await assert.rejects(
        run(project(url, directory)),
        (error: Error & { hint?: string }) => {
          assert.match(error.message, /dirty at version 2/);
          assert.match(error.hint ?? "", /migrate force/);
          return "exitCode" in error && error.exitCode === 6;
        },
      );
    });
  },
);

testOnServers(
  "a table in another schema is found, and named where there are several",
  async ({ url }) => {
    await withProject(TWO, async (directory) => {
      const rows = (schema: string, version: number) =>
        `CREATE SCHEMA ${schema}; SET search_path = ${schema}; ${GOLANG_TABLE}; INSERT INTO schema_migrations VALUES (${version}, false)`;
      await execute(url, rows('"Odd Ops"', 1));
      const opened = project(url, directory);
      assert.equal(
        (await run(opened, {}, {})).table,
        '"Odd Ops".schema_migrations',
      );
      await execute(url, rows("tenant", 2));
      await assert.rejects(run(opened, {}, {}), { code: "usage" });
      const named = await run(
        opened,
        { table: "tenant.schema_migrations" },
        {},
      );
      assert.deepEqual(named.record.map((row) => row.version), ["1", "2"]);
      const tenant = openProject({
        cwd: directory,
        env: { PAWL_MIGRATIONS: directory },
        config: await config(directory, url),
      });
      assert.equal(
        (await run(tenant, {}, {})).table,
        "tenant.schema_migrations",
      );
    });
  },
);

/** A configuration whose environment works in schema `tenant`. */
async function config(directory: string, url: string): Promise<string> {
  await writeFiles(directory, {
    "pawl.toml": `[env.one]\nurl = ${JSON.stringify(url)}\nschema = "tenant"\n`,
  });
  return `${directory}/pawl.toml`;
}

testOnServers(
  "without the table, the tools whose tables are there are listed",
  async ({ url }) => {
    await withProject(TWO, async (directory) => {
      const opened = project(url, directory);
      await assert.rejects(run(opened), {
        code: "history-missing",
        exitCode: 2,
        details: [],
      });
      await execute(
        url,
        `${DIESEL_TABLE}; CREATE TABLE schema_migrations (version varchar PRIMARY KEY)`,
      );
      await assert.rejects(run(opened, { from: "pgmg" }), {
        code: "history-missing",
        details: ["diesel: public.__diesel_schema_migrations"],
      });
      // Rails and dbmate have a table of that name too.
      await assert.rejects(run(opened, { from: "golang-migrate" }), {
        code: "history-missing",
        message: /another tool's table, without dirty/,
      });
      await assert.rejects(run(opened, { table: "nowhere.t" }), {
        code: "history-missing",
      });
      await execute(url, "ALTER TABLE schema_migrations ADD dirty boolean");
      await assert.rejects(run(opened), {
        code: "usage",
        details: [
          "golang-migrate: public.schema_migrations",
          "diesel: public.__diesel_schema_migrations",
        ],
      });
    });
  },
);

testOnServers(
  "[H39] HyperDjango's history is adopted with its times",
  async ({ url }) => {
    await withProject({
      "0001_initial_20260322_143000.sql":
        "-- UP\nCREATE TABLE a ();\n-- DOWN\nDROP TABLE a;\n",
      "0002_more_20260323_090000.sql":
        "-- UP\nCREATE TABLE b ();\n-- DOWN\nDROP TABLE b;\n",
    }, async (directory) => {
      await execute(
        url,
        "CREATE TABLE hyper_migrations (id serial PRIMARY KEY, name text NOT NULL UNIQUE, applied_at timestamptz NOT NULL DEFAULT now(), checksum text DEFAULT ''); INSERT INTO hyper_migrations (name, applied_at) VALUES ('0001_initial_20260322_143000', '2026-03-22 14:31:00.123456+02'), ('0002_more_20260323_090000', '2026-03-22 14:31:00.123456+02')",
      );
      const opened = project(url, directory);
      const report = await run(opened);
      assert.equal(report.tool, "hyperdjango");
      await requireSettled(opened);
      const rows = await execute(
        url,
        "SELECT version, (applied_at AT TIME ZONE 'UTC')::text AS at, execution_ms FROM pawl.migrations ORDER BY applied_at",
      );
      assert.deepEqual(rows.map((row) => ({ ...row })), [
        {
          version: "0001",
          at: "2026-03-22 12:31:00.123456",
          execution_ms: "0",
        },
        {
          version: "0002",
          at: "2026-03-22 12:31:00.123457",
          execution_ms: "0",
        },
      ]);
    });
  },
);

testOnServers(
  "[G12] pgmg's history is adopted from its own schema",
  async ({ url }) => {
    await withProject({
      "001_a.sql": "CREATE TABLE a ();",
      "002_b.sql": "CREATE TABLE b ();",
    }, async (directory) => {
      await execute(
        url,
        "CREATE SCHEMA pgmg; CREATE TABLE pgmg.pgmg_migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()); INSERT INTO pgmg.pgmg_migrations (name) VALUES ('001_a.sql'), ('002_b.sql')",
      );
      const opened = project(url, directory, { PAWL_LAYOUT: "pgmg" });
      assert.equal((await run(opened)).table, "pgmg.pgmg_migrations");
      await requireSettled(opened);
    });
  },
);

testOnServers(
  "[Q28] [Q29] PSQLModel's history is adopted for files of the same versions",
  async ({ url }) => {
    await withProject({
      "20251212_191130_a.sql": "CREATE TABLE a ();",
      "20251213_000000_b.sql": "CREATE TABLE b ();",
    }, async (directory) => {
      await execute(
        url,
        "CREATE TABLE _psqlmodel_migrations (version varchar(50) PRIMARY KEY, message text, applied_at timestamp DEFAULT now(), checksum varchar(64) NOT NULL, execution_time_ms integer, rolled_back_at timestamp); INSERT INTO _psqlmodel_migrations (version, applied_at, checksum, rolled_back_at) VALUES ('20251212_191130', NULL, 'x', NULL), ('20251213_000000', now(), 'y', now())",
      );
      const opened = project(url, directory);
      const report = await run(opened);
      assert.deepEqual(report.undone, ["20251213_000000"]);
      assert.deepEqual(await history(url), ["20251212_191130"]);
      const next = await upgrade(opened);
      assert.deepEqual(next.results.map((r) => r.version), ["20251213_000000"]);
    });
  },
);

testOnServers(
  "rows without any file are shown, and not adopted",
  async ({ url }) => {
    await withProject(
      { "0001_initial.sql": "CREATE TABLE a ();" },
      async (directory) => {
        await execute(
          url,
          "CREATE TABLE plainmigrations (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, app text NOT NULL, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now()); INSERT INTO plainmigrations (app, name) VALUES ('users', '0001_initial')",
        );
        const opened = project(url, directory);
        const report = await run(opened, {}, {});
        assert.deepEqual([report.tool, report.record, report.withoutFile], [
          "plain",
          [],
          ["users.0001_initial"],
        ]);
        await assert.rejects(run(opened), {
          code: "history-diverged",
          hint: /pawl baseline/,
        });
        const [row] = await execute(
          url,
          "SELECT to_regnamespace('pawl') AS pawl",
        );
        assert.equal(row?.["pawl"], null);
      },
    );
  },
);

testOnServers(
  "what a newer release has run is adopted without a file and does not run again",
  async ({ url }) => {
    await withProject(
      { "2020-01-01-000000_a/up.sql": "CREATE TABLE a ();" },
      async (directory) => {
        await execute(
          url,
          `${DIESEL_TABLE}; INSERT INTO __diesel_schema_migrations (version) VALUES ('20190101000000'), ('20200101000000'), ('20210101000000')`,
        );
        const opened = project(url, directory);
        const report = await run(opened);
        assert.deepEqual(report.withoutFile, ["20190101000000"]);
        const older = await upgrade(opened);
        assert.deepEqual([older.results, older.error], [[], undefined]);
        assert.match(
          older.warnings.join(),
          /20210101000000 has been applied by a newer release/,
        );
        await writeFiles(directory, {
          "2021-01-01-000000_b/up.sql": "SELECT 1 / 0;",
        });
        const newer = await upgrade(opened);
        assert.deepEqual([newer.results, newer.error], [[], undefined]);
      },
    );
  },
);

testOnServers(
  "an import that is not confirmed writes nothing",
  async ({ url }) => {
    await withProject(TWO, async (directory) => {
      await execute(
        url,
        `${GOLANG_TABLE}; INSERT INTO schema_migrations VALUES (2, false)`,
      );
      const confirm = () => Promise.reject(new Error("no"));
      await assert.rejects(
        run(project(url, directory), {}, { apply: true, confirm }),
        /no/,
      );
      const [row] = await execute(
        url,
        "SELECT to_regnamespace('pawl') AS pawl",
      );
      assert.equal(row?.["pawl"], null);
    });
  },
);

Deno.test("pawl import shows, then records, then says that there is nothing to do", async () => {
  await withDatabase(undefined, async ({ url }) => {
    await withProject({
      ...Object.fromEntries(
        Object.entries(TWO).map(([name, text]) => [`migrations/${name}`, text]),
      ),
    }, async (cwd) => {
      await execute(
        url,
        `${GOLANG_TABLE}; INSERT INTO schema_migrations VALUES (2, false)`,
      );
      const env = { PAWL_URL: url };
      const shown = await runCli(["import", "--from", "auto"], { cwd, env });
      assert.equal(shown.code, 0);
      assert.match(
        shown.stdout,
        /golang-migrate: public\.schema_migrations, files of migrations \(layout golang-migrate\)/,
      );
      assert.match(shown.stdout, /1_a would be recorded as applied/);
      assert.match(shown.stdout, /migrations\/10_c\.up\.sql is pending/);
      assert.match(
        shown.stdout,
        /2 migrations would be recorded: --apply does it\./,
      );
      const written = await runCli([
        "import",
        "--from",
        "golang-migrate",
        "--apply",
        "--json",
      ], { cwd, env });
      assert.equal(written.code, 0);
      const document = JSON.parse(written.stdout);
      assert.equal(document.format, "pawl.import/1");
      assert.equal(document.outcome, "written");
      assert.deepEqual(
        document.recorded.map((row: { file: string }) => row.file),
        [
          "migrations/1_a.up.sql",
          "migrations/2_b.up.sql",
        ],
      );
      const again = await runCli(["import", "--from", "auto", "--apply"], {
        cwd,
        env,
      });
      assert.match(again.stdout, /nothing to do/);
      const missing = await runCli(["import", "--from", "diesel"], {
        cwd,
        env,
      });
      assert.deepEqual([missing.code, missing.stdout], [2, ""]);
      assert.match(
        missing.stderr,
        /there is no table __diesel_schema_migrations/,
      );
    });
  });
});
