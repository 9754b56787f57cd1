/**
 * `apply` that ends in the middle of a concurrent build, by Ctrl-C or killed:
 * what is left is an INVALID index, and the next `apply` mends it.
 *
 * @module
 */

import assert from "@std/assert";
import { startCli, withProject } from "./support/cli.ts";
import { holdSession, untilRow } from "./support/holding.ts";
import { cacheDirectory } from "./support/program.ts";
import { execute, testOnServers } from "./support/servers.ts";

const TABLES =
  "CREATE TABLE a (x int); CREATE TABLE b (x int, y int); CREATE INDEX i ON b (x); CREATE TABLE c (x int);";
const GOAL =
  "CREATE TABLE a (x int); CREATE INDEX h ON a (x); CREATE TABLE b (x int, y int); CREATE INDEX i ON b (y); CREATE TABLE c (x int CONSTRAINT u UNIQUE);";

testOnServers(
  "an index that Ctrl-C or kill -9 has left INVALID is mended by the next apply [P51]",
  async ({ url }) => {
    await execute(url, TABLES);
    await withProject({ "goal.sql": GOAL }, async (cwd) => {
      const start = () =>
        startCli(
          ["apply", "--to", "goal.sql", "-y", "--no-prove", "--db", url],
          {
            cwd,
            env: { XDG_CACHE_HOME: cacheDirectory() },
          },
        );
      // A build waits for whoever writes to its table.
      for (
        const [table, signal] of [
          ["c", "SIGINT"],
          ["a", "SIGKILL"],
          ["b", "SIGKILL"],
        ] as const
      ) {
        const writer = await holdSession(
          url,
          `BEGIN; INSERT INTO ${table} (x) VALUES (1)`,
        );
        const run = start();
        const invalid =
          `FROM pg_index WHERE indrelid = '${table}'::regclass AND NOT indisvalid`;
        await untilRow(url, `SELECT ${invalid}`);
        run.kill(signal);
        const { code, stderr } = await run.result;
        // The server notices by itself that nobody waits for it any more.
        await untilRow(
          url,
          "SELECT WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE%INDEX CONCURRENTLY%' AND datname = current_database() AND pid <> pg_backend_pid())",
        );
        await writer.close();
        assert.equal((await execute(url, `SELECT 1 ${invalid}`)).length, 1);
        assert.equal(code, signal === "SIGINT" ? 130 : 137, stderr);
        if (signal === "SIGINT") {
          assert.match(stderr, /step 1 of \d was cancelled/);
          assert.match(stderr, /CREATE UNIQUE INDEX CONCURRENTLY u/);
          assert.match(stderr, /invalid index, and the next plan mends it/);
          assert.match(stderr, /nothing was changed before it/);
        }
      }
      const { code, stdout, stderr } = await start().result;
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^✓ Applied/m);
      const indexes = await execute(
        url,
        "SELECT pg_get_indexdef(indexrelid) AS sql FROM pg_index WHERE indisvalid AND indrelid IN ('a'::regclass, 'b'::regclass, 'c'::regclass) ORDER BY 1",
      );
      assert.deepEqual(indexes.map(({ sql }) => sql), [
        "CREATE INDEX h ON public.a USING btree (x)",
        "CREATE INDEX i ON public.b USING btree (y)",
        "CREATE UNIQUE INDEX u ON public.c USING btree (x)",
      ]);
    });
  },
);
