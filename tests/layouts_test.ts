/**
 * Other tools' migrations, run by pawl: real ones of crates.io (diesel) and
 * Concourse (golang-migrate), where `../shared/data` is beside the checkout,
 * and small ones of every layout.
 */

import assert from "@std/assert";
import { downgrade } from "../lib/migrate/downgrade.ts";
import {
  openProject,
  type Project,
  readMigrations,
} from "../lib/migrate/project.ts";
import { upgrade } from "../lib/migrate/upgrade.ts";
import { PawlError } from "../lib/errors.ts";
import { withProject } from "./support/cli.ts";
import {
  manifest,
  type ManifestEntry,
  REAL_MIGRATIONS,
  realMigrationsMissing,
} from "./support/real_migrations.ts";
import { execute, testOnServers, withDatabase } from "./support/servers.ts";

function project(url: string, migrations: string, layout = "auto"): Project {
  return openProject({
    cwd: migrations,
    db: url,
    env: { PAWL_MIGRATIONS: migrations, PAWL_LAYOUT: layout },
  });
}

/** The versions in force, in the order in which they were applied. */
async function history(url: string): Promise<(string | null)[]> {
  const rows = await execute(
    url,
    "SELECT version FROM pawl.migrations WHERE state = 'applied' ORDER BY applied_at, version",
  );
  return rows.map((row) => row["version"] ?? null);
}

/**
 * What the schema is, but for the order of columns, part by part so that a
 * failure says which: independent of pawl's own reading of a catalog.
 */
async function schema(url: string): Promise<Record<string, string | null>> {
  const digest = (lines: string) =>
    `(SELECT md5(coalesce(string_agg(l, E'\\n' ORDER BY l), '')) FROM (${lines}) x(l))`;
  const mine =
    "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pawl')";
  const own = (catalog: string, oid: string) =>
    `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
  const [row] = await execute(
    url,
    `SELECT ${
      digest(
        `SELECT concat_ws(' ', c.relkind, n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relkind IN ('r', 'p', 'm', 'v') AND ${mine}`,
      )
    } AS columns, ${
      digest(
        `SELECT pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${mine}`,
      )
    } AS indexes, ${
      digest(
        `SELECT concat_ws(' ', o.conrelid::regclass, o.conname, pg_get_constraintdef(o.oid)) FROM pg_constraint o JOIN pg_namespace n ON n.oid = o.connamespace WHERE o.contype <> 'n' AND ${mine}`,
      )
    } AS constraints, ${
      digest(
        `SELECT concat_ws(' ', p.oid::regprocedure, p.prosrc, p.provolatile, p.proparallel) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${mine} AND ${
          own("pg_proc", "p.oid")
        }`,
      )
    } AS functions, ${
      digest(
        "SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT t.tgisinternal",
      )
    } AS triggers, ${
      digest(
        `SELECT concat_ws(' ', t.typname, e.enumlabel) FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid`,
      )
    } AS enums, ${
      digest("SELECT extname::text FROM pg_extension")
    } AS extensions`,
  );
  return { ...row };
}

/** Every kind of down that is not plain, and some that are. */
function sample(
  entries: readonly ManifestEntry[],
  every: number,
): ManifestEntry[] {
  return entries.filter((entry, i) =>
    entry.down !== undefined && entry.down_result !== "differs" &&
    (entry.down_result !== "exact" || i % every === 0)
  );
}

for (const [name, every] of [["crates_io", 25], ["concourse", 15]] as const) {
  Deno.test({
    name:
      `${name} runs completely up, in the order of its manifest, and then says nothing`,
    ignore: realMigrationsMissing,
    fn: () =>
      withDatabase(undefined, async ({ url }) => {
        const wanted = manifest(name).map((entry) =>
          entry.version.replaceAll("-", "")
        );
        const opened = project(url, `${REAL_MIGRATIONS}${name}`);
        const report = await upgrade(opened);
        if (report.error !== undefined) throw report.error;
        assert.deepEqual(report.results.map((r) => r.version), wanted);
        assert.deepEqual(await history(url), wanted);
        const again = await upgrade(opened);
        assert.deepEqual([again.results, again.error], [[], undefined]);
      }),
  });

  Deno.test({
    name: `${name}: a down does what the manifest found it to do`,
    ignore: realMigrationsMissing,
    fn: () =>
      withDatabase(undefined, async ({ url }) => {
        const opened = project(url, `${REAL_MIGRATIONS}${name}`);
        const run = async (options: Parameters<typeof upgrade>[1]) => {
          const { error } = await upgrade(opened, options);
          if (error !== undefined) throw error;
        };
        for (const entry of sample(manifest(name), every)) {
          const version = entry.version.replaceAll("-", "");
          const { order } = readMigrations(opened).graph;
          const before = order[
            order.findIndex((m) => m.version === version) - 1
          ];
          if (before !== undefined) await run({ target: before.version });
          const start = await schema(url);
          await run({ target: version });
          const end = await schema(url);
          const error = await failure(() =>
            downgrade(opened, { target: "-1" })
          );
          if (entry.down_result === "error") {
            assert.match(
              error?.code ?? "",
              /^(migration-invalid|migration-failed)$/,
              version,
            );
            assert.deepEqual(await schema(url), end, version);
            continue;
          }
          assert.equal(error, undefined, version);
          assert.deepEqual(
            await schema(url),
            entry.down_result === "noop" ? end : start,
            `${version}: ${entry.down_result}`,
          );
          // What a no-op has left cannot be made a second time.
          await run({ target: version, fake: entry.down_result === "noop" });
        }
      }),
  });
}

async function failure(
  work: () => Promise<{ readonly error: PawlError | undefined }>,
): Promise<PawlError | undefined> {
  try {
    return (await work()).error;
  } catch (error) {
    if (error instanceof PawlError) return error;
    throw error;
  }
}

for (
  const [name, version, code] of [
    ["concourse", "1537546150", "irreversible"],
    ["crates_io", "20241025112826", "migration-failed"],
  ] as const
) {
  Deno.test({
    name:
      `${name} goes back to the migration that cannot be undone, which stays: ${code}`,
    ignore: realMigrationsMissing,
    fn: () =>
      withDatabase(undefined, async ({ url }) => {
        const opened = project(url, `${REAL_MIGRATIONS}${name}`);
        assert.equal((await upgrade(opened)).error, undefined);
        const all = await history(url);
        const back = await downgrade(opened, { target: version });
        assert.equal(back.error, undefined);
        const kept = all.slice(0, all.indexOf(version) + 1);
        assert.equal(back.results.length, all.length - kept.length);
        assert.deepEqual(await history(url), kept);
        assert.equal((await failure(() => downgrade(opened)))?.code, code);
        assert.deepEqual(await history(url), kept);
      }),
  });
}

testOnServers(
  "blocks of a golang-migrate file are committed one by one, and errors keep their line",
  async ({ url }) => {
    await withProject({
      "1_a.up.sql":
        "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n\nBEGIN;\nSELECT * FROM missing;\nCOMMIT;\n",
      "1_a.down.sql": "BEGIN;\nDROP TABLE a;\nCOMMIT;\n",
    }, async (directory) => {
      const opened = project(url, directory);
      const failed = await upgrade(opened);
      assert.equal(failed.error?.code, "migration-failed");
      assert.deepEqual([
        failed.error?.location?.line,
        failed.error?.location?.column,
      ], [6, 15]);
      const [row] = await execute(
        url,
        "SELECT state, steps_done FROM pawl.migrations",
      );
      assert.deepEqual({ ...row }, { state: "partial", steps_done: "1" });
      await execute(url, "CREATE TABLE missing ()");
      assert.equal((await upgrade(opened)).error, undefined);
      // Without its files, the history's copy takes it back, blocks and all.
      await Deno.remove(`${directory}/1_a.up.sql`);
      await Deno.remove(`${directory}/1_a.down.sql`);
      const back = await downgrade(opened);
      assert.equal(back.error, undefined);
      assert.deepEqual(await history(url), []);
      const [table] = await execute(url, "SELECT to_regclass('a') AS a");
      assert.equal(table?.["a"], null);
    });
  },
);

testOnServers(
  "another tool's files run without pawl's time-outs, and with them where asked",
  async ({ url }) => {
    await withProject({
      "1_a.up.sql":
        "CREATE TABLE a AS SELECT current_setting('lock_timeout') AS lock, 1 AS one;\nALTER TABLE a ADD b text DEFAULT current_setting('lock_timeout');",
      "2_b.up.sql":
        "ALTER TABLE a ADD c text DEFAULT current_setting('lock_timeout');",
    }, async (directory) => {
      assert.equal(
        (await upgrade(project(url, directory), { target: "1" })).error,
        undefined,
      );
      const asked = openProject({
        cwd: directory,
        db: url,
        env: {
          PAWL_MIGRATIONS: directory,
          PAWL_TIMEOUTS_MIGRATION_LOCK: "1234ms",
        },
      });
      assert.equal((await upgrade(asked)).error, undefined);
      const [row] = await execute(url, "SELECT lock, b, c FROM a");
      assert.deepEqual({ ...row }, { lock: "0", b: "0", c: "1234ms" });
    });
  },
);

testOnServers(
  "a diesel migration outside of transactions goes on where it stopped",
  async ({ url }) => {
    await withProject({
      "1_a/up.sql":
        "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT * FROM missing;\n",
      "1_a/down.sql": "DROP INDEX CONCURRENTLY a_id;\nDROP TABLE a;\n",
      "1_a/metadata.toml": "run_in_transaction = false\n",
    }, async (directory) => {
      const opened = project(url, directory, "diesel");
      assert.equal((await upgrade(opened)).error?.code, "migration-failed");
      const [row] = await execute(
        url,
        "SELECT state, steps_done, steps_total FROM pawl.migrations",
      );
      assert.deepEqual({ ...row }, {
        state: "partial",
        steps_done: "2",
        steps_total: "3",
      });
      await execute(url, "CREATE TABLE missing ()");
      assert.equal((await upgrade(opened)).error, undefined);
      assert.equal((await downgrade(opened)).error, undefined);
      assert.deepEqual(await history(url), []);
    });
  },
);

testOnServers(
  "[H12] [H13] a HyperDjango directory runs up and down",
  async ({ url }) => {
    await withProject({
      "0001_initial_20260322_143000.sql":
        '-- Migration 0001: initial\n-- UP\nCREATE TABLE "p" ("id" serial);\nCREATE INDEX CONCURRENTLY p_id ON p (id);\n-- DOWN\nDROP INDEX p_id;\nDROP TABLE "p";\n',
      "0002_more_20260323_090000.sql":
        "-- hyper:atomic = false\n-- UP\nCREATE TABLE q ();\nCREATE TABLE r ();\n-- DOWN\nDROP TABLE r;\nDROP TABLE q;\n",
    }, async (directory) => {
      const opened = project(url, directory);
      assert.equal(readMigrations(opened).layout, "hyperdjango");
      const report = await upgrade(opened);
      assert.equal(report.error, undefined);
      assert.deepEqual(await history(url), ["0001", "0002"]);
      const rows = await execute(
        url,
        "SELECT steps_total FROM pawl.migrations ORDER BY version",
      );
      assert.deepEqual(rows.map((row) => row["steps_total"]), ["2", "2"]);
      assert.equal(
        (await downgrade(opened, { target: "base" })).error,
        undefined,
      );
      const [left] = await execute(
        url,
        "SELECT to_regclass('p') AS p, to_regclass('q') AS q",
      );
      assert.deepEqual({ ...left }, { p: null, q: null });
    });
  },
);

testOnServers(
  "a pgmg file may use an enum's new value behind it",
  async ({ url }) => {
    await withProject({
      "001_a.sql":
        "CREATE TYPE color AS ENUM ('red');\nCREATE TABLE a (c color);",
      "002_b.sql":
        "ALTER TYPE color ADD VALUE 'blue';\nINSERT INTO a VALUES ('blue');",
    }, async (directory) => {
      assert.equal(
        (await upgrade(project(url, directory, "pgmg"))).error,
        undefined,
      );
      const [row] = await execute(url, "SELECT c FROM a");
      assert.equal(row?.["c"], "blue");
    });
  },
);
