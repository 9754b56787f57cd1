/**
 * Many runs of one project at once, processes and sessions: each migration is
 * applied exactly once, and everybody ends well.
 *
 * @module
 */

import assert from "@std/assert";
import { openProject } from "../lib/migrate/project.ts";
import { upgrade } from "../lib/migrate/upgrade.ts";
import { runCli, withProject } from "./support/cli.ts";
import { execute, testOnServers } from "./support/servers.ts";

const PROCESSES = 6;
const SESSIONS = 14;

/** Plain CREATE and a primary key: what ran twice would fail. */
const FILES = {
  "migrations/0001_log.sql":
    "CREATE TABLE log (line text PRIMARY KEY);\nINSERT INTO log VALUES ('1');\n",
  "migrations/0002_index.sql":
    "CREATE INDEX CONCURRENTLY log_line ON log (line);\nINSERT INTO log VALUES ('2');\n",
  "migrations/0003_program.js":
    "export async function up(db) { await db.execute(\"INSERT INTO log VALUES ('3')\"); }\n",
  "migrations/0004_steps.sql":
    "INSERT INTO log VALUES ('4');\n-- pawl:step\nINSERT INTO log VALUES ('5');\n",
};

testOnServers(
  `${
    PROCESSES + SESSIONS
  } upgrades of one database at once apply each migration exactly once [H37, H38, Q42, P84]`,
  async (database) => {
    await withProject(FILES, async (cwd) => {
      const env = { DATABASE_URL: database.url, HOME: cwd };
      const processes = Array.from(
        { length: PROCESSES },
        () => runCli(["upgrade"], { cwd, env }),
      );
      const sessions = Array.from(
        { length: SESSIONS },
        () => upgrade(openProject({ cwd, env })),
      );
      let applied = 0;
      for (const report of await Promise.all(sessions)) {
        assert.equal(report.error, undefined);
        applied += report.appliedCount;
      }
      for (const { code, stdout, stderr } of await Promise.all(processes)) {
        assert.equal(code, 0, stderr);
        applied += stdout.match(/✓/g)?.length ?? 0;
      }
      assert.equal(applied, 4);
      const rows = await execute(
        database.url,
        "SELECT (SELECT string_agg(line, '' ORDER BY line) FROM log) AS log, (SELECT count(*) FROM pawl.events WHERE event = 'applied') AS applied, (SELECT count(*) FROM pawl.events WHERE event = 'failed') AS failed, (SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid = 'log'::regclass) AS valid, (SELECT count(*) FROM pawl.meta) AS installed",
      );
      assert.deepEqual(rows, [{
        log: "12345",
        applied: "4",
        failed: "0",
        valid: "t",
        installed: "1",
      }]);
    });
  },
);

testOnServers(
  "a thousand files are applied in one run, and nothing is left to do [H46, H47]",
  async (database) => {
    const files = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => {
        const version = String(i + 1).padStart(4, "0");
        return [
          `migrations/${version}_table.sql`,
          `CREATE TABLE t${version} (i int);\n-- pawl:down\nDROP TABLE t${version};\n`,
        ];
      }),
    );
    await withProject(files, async (cwd) => {
      const project = openProject({
        cwd,
        env: { DATABASE_URL: database.url, HOME: cwd },
      });
      const statuses: string[] = [];
      const report = await upgrade(project, {
        onProgress: (_name, status) => statuses.push(status),
      });
      assert.equal(report.error, undefined);
      assert.equal(report.appliedCount, 1000);
      assert.equal(statuses.filter((s) => s === "applied").length, 1000);
      const again = await upgrade(project);
      assert.deepEqual(again.results, []);
      const [row] = await execute(
        database.url,
        "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'",
      );
      assert.equal(row?.["n"], "1000");
    });
  },
);
