/**
 * What a person at the command line is promised of targets, marks, previews,
 * stamping, pruning, replacing and several databases: through the command
 * line, on real servers.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { runCli, withProject, writeFiles } from "./support/cli.ts";
import { type CommandScene, commandScene } from "./support/command_scene.ts";
import {
  execute,
  type TestDatabase,
  testOnServers,
} from "./support/servers.ts";

/** A project on a database, as a test sees it. */
interface Scene extends CommandScene {
  /** `version state` of every row of the history. */
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
  "SELECT version || ' ' || state FROM pawl.migrations ORDER BY version";

const TABLES =
  "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1";

async function firstValues(
  url: string,
  sql: string,
): Promise<(string | null)[]> {
  return (await execute(url, sql)).map((row) => Object.values(row)[0] ?? null);
}

/** Gives further databases of a server to a function, and drops them. */
async function withDatabases(
  { server }: TestDatabase,
  count: number,
  body: (...databases: TestDatabase[]) => Promise<void>,
): Promise<void> {
  const databases: TestDatabase[] = [];
  try {
    while (databases.length < count) {
      databases.push(await server.createDatabase());
    }
    await body(...databases);
  } finally {
    for (const database of databases) await database.drop();
  }
}

const THREE = {
  "migrations/0001_a.sql":
    "-- pawl:message The first one\nCREATE TABLE a ();\n-- pawl:down\nDROP TABLE a;\n",
  "migrations/0002_b.sql": "CREATE TABLE b ();\n-- pawl:down\nDROP TABLE b;\n",
  "migrations/0003_c.sql": "CREATE TABLE c ();\n-- pawl:down\nDROP TABLE c;\n",
};

// Looking.

scene(
  "status says whether there is a history, where the files are, and what is current, applied and pending",
  THREE,
  async (s) => {
    const fresh = await s.json("status");
    assert.equal(fresh["initialized"], false);
    assert.equal(fresh["current"], null);
    assert.equal(fresh["applied"], 0);
    assert.equal(fresh["pending"], 3);
    assert.equal((await s.pawl("status", "--check")).code, 1);
    assert.deepEqual(
      await s.values("SELECT nspname FROM pg_namespace WHERE nspname = 'pawl'"),
      [],
    );

    await s.ok("upgrade", "+2");
    const later = await s.json("status");
    assert.equal(later["format"], "pawl.status/1");
    assert.equal(later["initialized"], true);
    assert.equal(later["directory"], "migrations");
    assert.equal(later["current"], "0002");
    assert.equal(later["applied"], 2);
    assert.equal(later["pending"], 1);
    assert.deepEqual(later["heads"], ["0003"]);

    const { stdout } = await s.ok("status");
    assert.match(stdout, /^history +present$/m);
    assert.match(stdout, /^migrations +migrations$/m);
    assert.match(stdout, /^current +0002_b$/m);
    assert.match(stdout, /^applied +2$/m);
    assert.match(stdout, /^pending +1$/m);
    assert.match(stdout, /^Pending:\n {2}0003_c$/m);

    await s.ok("upgrade");
    assert.match((await s.ok("status")).stdout, /^pending +0: up to date$/m);
    await s.ok("status", "--check");
  },
);

scene(
  "list marks what is applied, partial, pending or passed over, in the order of dependencies; -v adds when, by whom and after what [P65, H4]",
  {
    "migrations/0001_a.sql": THREE["migrations/0001_a.sql"],
    "migrations/0002_b.sql": THREE["migrations/0002_b.sql"],
    "migrations/0003_c.sql": "-- pawl:depends 0004\nCREATE TABLE c ();\n",
    "migrations/0004_d.sql": "-- pawl:depends 0002\nCREATE TABLE d ();\n",
    "migrations/0005_e.sql":
      "-- pawl:depends 0003\nCREATE TABLE e ();\n-- pawl:down\nDROP TABLE e;\n",
    "migrations/0006_f.sql": "-- pawl:only production\nSELECT 1 / 0;\n",
    "migrations/0007_g.sql":
      "-- pawl:depends 0004\nCREATE TABLE g (i int);\n-- pawl:step\nSELECT 1 / count(*) FROM g;\n",
  },
  async (s) => {
    const marks = async (...args: string[]) =>
      (await s.ok("list", ...args)).stdout.trimEnd().split("\n");
    assert.deepEqual((await marks()).slice(0, 4), [
      "[ ] 0001_a",
      "[ ] 0002_b",
      "[ ] 0004_d",
      "[ ] 0003_c",
    ]);
    await s.ok("upgrade", "0005");
    await s.ok("downgrade", "-y");
    assert.equal((await s.pawl("upgrade", "0007")).code, 3);
    assert.deepEqual(await marks(), [
      "[X] 0001_a",
      "[X] 0002_b",
      "[X] 0004_d",
      "[X] 0003_c",
      "[ ] 0005_e (rolled back)",
      "[-] 0006_f (not for this environment)",
      "[~] 0007_g (partial)",
    ]);
    assert.deepEqual(await marks("--pending"), [
      "[ ] 0005_e (rolled back)",
      "[~] 0007_g (partial)",
    ]);
    const long = (await s.ok("showmigrations", "-v")).stdout;
    assert.match(
      long,
      /^\[X\] 0001_a\n {6}The first one\n {6}applied \d{4}-\d\d-\d\dT[\d:.]+Z by postgres in \d+ ms\n\[X\] 0002_b\n/m,
    );
    assert.match(
      long,
      /^\[ \] 0005_e .*\n {6}rolled back \d{4}-.*\n {6}depends on 0003\n/m,
    );
  },
);

scene("current prints the version in force, or base [Q8]", THREE, async (s) => {
  assert.equal((await s.ok("current")).stdout, "base\n");
  await s.ok("upgrade", "0002");
  assert.equal((await s.ok("current")).stdout, "0002\n");
  assert.equal(
    (await s.ok("current", "-v")).stdout,
    "0002 b, 1 migration pending\n",
  );
  await s.ok("downgrade", "-y");
  assert.equal((await s.json("current"))["version"], "0001");
  await s.ok("downgrade", "-y", "base");
  assert.equal((await s.ok("current")).stdout, "base\n");
});

scene(
  "history shows the latest 20 first, -n another number, --first the oldest, --events every attempt [Q6]",
  Object.fromEntries(
    Array.from({ length: 25 }, (_, i) => [
      `migrations/${String(i + 1).padStart(4, "0")}_m.sql`,
      i === 24 ? "SELECT 1 / 0;\n" : "SELECT 1;\n",
    ]),
  ),
  async (s) => {
    assert.equal((await s.ok("history")).stdout, "No history yet.\n");
    assert.equal((await s.pawl("upgrade")).code, 3);
    const versions = async (...args: string[]) =>
      (await s.ok("history", ...args)).stdout.trimEnd().split("\n").map((
        line,
      ) =>
        /^\d{4}-\d\d-\d\dT\S+Z {2}applied {6}(\d+)_m by postgres, /.exec(line)
          ?.[1] ?? line
      );
    const latest = await versions();
    assert.equal(latest.length, 20);
    assert.deepEqual([latest[0], latest[19]], ["0024", "0005"]);
    assert.deepEqual(await versions("-n", "2"), ["0024", "0023"]);
    assert.deepEqual(await versions("-n", "2", "--first"), ["0001", "0002"]);
    assert.equal((await versions("-n", "0")).length, 24);
    assert.equal((await s.json("history", "-n", "1"))["total"], 24);

    const { stdout } = await s.ok("history", "--events", "-n", "2");
    const [failed, applied] = stdout.trimEnd().split("\n");
    assert.match(failed ?? "", / {2}failed +0025 by postgres \(.*pid \d+\)/);
    assert.match(failed ?? "", /migration-failed/);
    assert.match(applied ?? "", / {2}applied +0024 by postgres/);
    const oldest = await s.ok("history", "--events", "--first", "-n", "1");
    assert.match(oldest.stdout, / {2}upgrade-started /);
    assert.equal((await s.pawl("history", "-n", "-1")).code, 2);
  },
);

// Running.

scene(
  "upgrade goes to a version, a prefix of one, so many steps, or the head [Q4]",
  {
    "migrations/20260101_000000_a.sql": "CREATE TABLE a ();\n",
    "migrations/20260102_000000_b.sql": "CREATE TABLE b ();\n",
    "migrations/20260103_000000_c.sql": "CREATE TABLE c ();\n",
    "migrations/20260104_000000_d.sql": "CREATE TABLE d ();\n",
    "migrations/20260105_000000_e.sql": "CREATE TABLE e ();\n",
  },
  async (s) => {
    const current = async () => (await s.ok("current")).stdout.trim();
    await s.ok("upgrade", "20260101_000000");
    assert.equal(await current(), "20260101_000000");
    await s.ok("upgrade", "20260102");
    assert.equal(await current(), "20260102_000000");
    await s.ok("upgrade", "+1");
    assert.equal(await current(), "20260103_000000");
    await s.ok("upgrade", "--target", "20260104");
    assert.equal(await current(), "20260104_000000");
    // A version behind is there already.
    assert.match((await s.ok("upgrade", "20260101")).stdout, /Up to date/);

    for (
      const [target, why] of [
        ["2026", /20260101_000000/],
        ["30000101", /30000101/],
        ["-1", /pawl downgrade -1/],
        ["base", /pawl downgrade base/],
      ] as const
    ) {
      const refused = await s.pawl("upgrade", target);
      assert.equal(refused.code, 2, `${target}: ${refused.stderr}`);
      assert.match(refused.stderr, why);
    }
    assert.equal(await current(), "20260104_000000");
    await s.ok("upgrade", "head");
    assert.equal(await current(), "20260105_000000");
    assert.match((await s.ok("upgrade")).stdout, /Up to date/);
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c", "d", "e"]);
  },
);

scene(
  "upgrade --dry-run shows the SQL that would run, --check that something would, and neither writes [Q14, P63]",
  THREE,
  async (s) => {
    const shown = await s.ok("upgrade", "+2", "--dry-run");
    assert.match(shown.stdout, /^ {2}0001_a would run$/m);
    assert.match(shown.stdout, /^-- migrations\/0001_a\.sql$/m);
    assert.match(shown.stdout, /CREATE TABLE a \(\);/);
    assert.match(shown.stdout, /CREATE TABLE b \(\);/);
    assert.match(shown.stdout, /INSERT INTO pawl\.migrations .*'0002', 'b'/);
    assert.doesNotMatch(shown.stdout, /CREATE TABLE c/);
    const sql = await s.ok("upgrade", "--dry-run", "--format", "sql");
    assert.match(sql.stdout, /^-- migrations\/0001_a\.sql\n/);

    const check = await s.pawl("upgrade", "--check");
    assert.equal(check.code, 1);
    assert.equal(
      check.stdout,
      "3 migrations pending:\n  0001_a\n  0002_b\n  0003_c\n",
    );
    assert.deepEqual(await s.values(TABLES), []);
    assert.deepEqual(
      await s.values("SELECT nspname FROM pg_namespace WHERE nspname = 'pawl'"),
      [],
    );

    await s.ok("sum");
    const quiet = await s.ok("upgrade", "-q");
    assert.equal(quiet.stderr, "");
    await s.ok("upgrade", "--check");
    const none = await s.ok("upgrade", "--dry-run");
    assert.match(none.stdout, /nothing would run/);

    const back = await s.ok("downgrade", "--dry-run");
    assert.match(back.stdout, /DROP TABLE c;/);
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c"]);
  },
);

scene(
  "upgrade -v says what the server says and what became of each migration, which is not said otherwise [Q39]",
  {
    "migrations/0001_a.sql":
      "DO $$ BEGIN RAISE NOTICE 'said by the server'; RAISE WARNING 'careful'; END $$;\n-- pawl:down\nDO $$ BEGIN RAISE NOTICE 'and going down'; END $$;\n",
  },
  async (s) => {
    const plain = await s.ok("upgrade");
    assert.match(plain.stderr, /^WARNING: careful$/m);
    assert.doesNotMatch(plain.stderr, /NOTICE|0001_a: /);
    assert.match((await s.ok("downgrade", "-y", "-v")).stderr, /going down/);
    const verbose = await s.ok("upgrade", "-v");
    assert.match(verbose.stderr, /^NOTICE: said by the server$/m);
    assert.match(verbose.stderr, /^0001_a: applied$/m);
  },
);

scene(
  "stamp records up to a version without running it, and takes what is behind it out of force [Q9]",
  THREE,
  async (s) => {
    const planned = await s.ok("stamp", "0002", "--dry-run");
    assert.match(planned.stdout, /0001 would be stamped/);
    assert.match(planned.stdout, /The history would stand at 0002\./);
    assert.equal((await s.pawl("stamp", "0002", "--check")).code, 1);
    assert.deepEqual(
      await s.values("SELECT nspname FROM pg_namespace WHERE nspname = 'pawl'"),
      [],
    );

    await s.ok("stamp", "0002");
    assert.deepEqual(await s.history(), ["0001 stamped", "0002 stamped"]);
    assert.deepEqual(await s.values(TABLES), []);
    await s.ok("verify");
    await s.ok("upgrade");
    assert.deepEqual(await s.values(TABLES), ["c"]);

    const asked = await s.pawl("stamp", "0001");
    assert.equal(asked.code, 6, "nobody is there to confirm");
    assert.match(asked.stderr, /-y/);
    await s.ok("stamp", "0001", "-y");
    assert.deepEqual(await s.history(), [
      "0001 stamped",
      "0002 rolled_back",
      "0003 rolled_back",
    ]);
    await s.ok("stamp", "head");
    await s.ok("stamp", "base", "--purge", "-y");
    assert.deepEqual(await s.history(), []);
    assert.deepEqual(
      await s.values(
        "SELECT DISTINCT event FROM pawl.events WHERE event ~ 'stamped|purged' ORDER BY 1",
      ),
      ["purged", "stamped", "unstamped"],
    );
    assert.equal((await s.pawl("stamp", "9999")).code, 2);
  },
);

scene(
  "prune forgets rows whose file is gone, and lists those of projects that are gone [P68]",
  {
    ...THREE,
    "pawl.toml":
      '[project]\nname = "app"\n[projects.old]\nmigrations = "old"\n',
    "old/0001_o.sql": "CREATE TABLE o ();\n",
  },
  async (s) => {
    await s.ok("upgrade", "-p", "old");
    await s.ok("upgrade");
    await Deno.remove(join(s.cwd, "migrations/0002_b.sql"));
    await writeFiles(s.cwd, { "pawl.toml": '[project]\nname = "app"\n' });

    assert.equal((await s.pawl("upgrade")).code, 6);
    const planned = await s.pawl("prune", "--check");
    assert.equal(planned.code, 1, planned.stderr);
    assert.match(planned.stdout, /0002 would be forgotten: its file is gone/);
    assert.match(
      planned.stdout,
      /old:0001 stays: its project is not configured/,
    );
    const asked = await s.pawl("prune");
    assert.equal(asked.code, 6, asked.stderr);
    assert.deepEqual(await s.values("SELECT count(*) FROM pawl.migrations"), [
      "4",
    ]);

    const report = await s.json("prune", "-y");
    assert.deepEqual(report["stale"], ["0002"]);
    assert.deepEqual(report["orphaned"], ["old:0001"]);
    assert.equal(report["tookOrphaned"], false);
    const rows = () =>
      s.values(
        "SELECT project || ':' || version FROM pawl.migrations ORDER BY 1",
      );
    assert.deepEqual(await rows(), ["app:0001", "app:0003", "old:0001"]);
    await s.ok("prune", "--orphaned", "-y");
    assert.deepEqual(await rows(), ["app:0001", "app:0003"]);
    assert.match((await s.ok("prune", "-y")).stdout, /Nothing to prune/);
    await s.ok("upgrade", "--check");
  },
);

scene(
  "migrations that nobody else has are deleted and written anew as one, their rows pruned, and the new one recorded [P71]",
  {
    "migrations/20200101_000000_a.sql": "CREATE TABLE a ();\n",
    "migrations/20200102_000000_b.sql": "CREATE TABLE b ();\n",
    "migrations/20200103_000000_c.sql": "CREATE TABLE c ();\n",
  },
  async (s) => {
    await s.ok("upgrade");
    await Deno.remove(join(s.cwd, "migrations/20200102_000000_b.sql"));
    await Deno.remove(join(s.cwd, "migrations/20200103_000000_c.sql"));
    // Until there is a newer file, they might be those of a newer release.
    assert.deepEqual((await s.json("prune", "-y"))["stale"], []);

    const made = await s.ok("new", "b and c", "--empty", "--no-input");
    const file = made.stdout.trim();
    await writeFiles(s.cwd, {
      [file]: "CREATE TABLE b ();\nCREATE TABLE c ();\n",
    });
    const refused = await s.pawl("upgrade", "--fake");
    assert.equal(refused.code, 6);
    assert.match(refused.stderr, /pawl prune/);
    assert.deepEqual((await s.json("prune", "-y"))["stale"], [
      "20200102_000000",
      "20200103_000000",
    ]);
    await s.ok("upgrade", "--fake");
    await s.ok("upgrade", "--check");
    await s.ok("verify");
    const version = /\d{8}_\d{6}/.exec(file)?.[0];
    assert.deepEqual(await s.history(), [
      "20200101_000000 applied",
      `${version} stamped`,
    ]);
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c"]);
  },
);

scene(
  "what was applied before its dependency, and two heads, are refused with what to do [P70]",
  THREE,
  async (s) => {
    await s.ok("upgrade");
    // As a restored dump or a hand at the tables leaves it.
    await execute(
      s.database.url,
      "DELETE FROM pawl.migrations WHERE version = '0002'",
    );
    const inconsistent = await s.pawl("upgrade");
    assert.equal(inconsistent.code, 6, inconsistent.stderr);
    assert.match(
      inconsistent.stderr,
      /0002_b\.sql sorts before migrations\/0003_c\.sql, which has been applied/,
    );
    await writeFiles(s.cwd, {
      "migrations/0003_c.sql": `-- pawl:depends 0002\n${
        THREE["migrations/0003_c.sql"]
      }`,
    });
    await s.ok("repair", "--accept", "0003", "-y");
    const depends = await s.pawl("upgrade");
    assert.equal(depends.code, 6, depends.stderr);
    assert.match(
      depends.stderr,
      /0003_c\.sql has been applied, but migrations\/0002_b\.sql, which it depends on, has not/,
    );

    await writeFiles(s.cwd, {
      "migrations/0004_d.sql": "-- pawl:depends 0002\nCREATE TABLE d ();\n",
    });
    const heads = await s.pawl("upgrade");
    assert.equal(heads.code, 6, heads.stderr);
    assert.match(heads.stderr, /0003_c[\s\S]*0004_d/);
    assert.match(heads.stderr, /pawl merge/);
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c"]);
  },
);

// Replacing.

const REPLACED = {
  "migrations/0001_a.sql": "CREATE TABLE a ();\n",
  "migrations/0002_b.sql": "CREATE TABLE b ();\n",
  "migrations/0003_both.sql":
    "-- pawl:replaces 0001 0002\nCREATE TABLE a ();\nCREATE TABLE b ();\n",
  "migrations/0004_c.sql": "CREATE TABLE c ();\n",
};

scene(
  "a replacement is recorded where all that it replaces is applied, and the old files may go then [P69]",
  {
    "migrations/0001_a.sql": REPLACED["migrations/0001_a.sql"],
    "migrations/0002_b.sql": REPLACED["migrations/0002_b.sql"],
  },
  async (s) => {
    await s.ok("upgrade");
    await writeFiles(s.cwd, REPLACED);
    const { stdout } = await s.ok("upgrade");
    assert.match(
      stdout,
      /0003_both recorded \(all that it replaces is applied\)/,
    );
    assert.match(stdout, /0004_c applied/);
    assert.deepEqual(await s.history(), [
      "0001 applied",
      "0002 applied",
      "0003 stamped",
      "0004 applied",
    ]);
    await Deno.remove(join(s.cwd, "migrations/0001_a.sql"));
    await Deno.remove(join(s.cwd, "migrations/0002_b.sql"));
    await s.ok("verify");
    await s.ok("upgrade", "--check");
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c"]);
  },
);

scene(
  "a fresh database runs the replacement instead of what it replaces",
  REPLACED,
  async (s) => {
    await s.ok("upgrade");
    assert.deepEqual(await s.history(), ["0003 applied", "0004 applied"]);
    assert.match(
      (await s.ok("list")).stdout,
      /^\[-\] 0001_a \(replaced by another file\)\n\[-\] 0002_b .*\n\[X\] 0003_both\n/,
    );
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c"]);
    await s.ok("verify");
    await s.ok("upgrade", "--check");
  },
);

scene(
  "where half of what is replaced is applied, the rest runs first and the replacement is recorded [P69]",
  REPLACED,
  async (s) => {
    const both = join(s.cwd, "migrations/0003_both.sql");
    await Deno.remove(both);
    await s.ok("upgrade", "0001");
    await writeFiles(s.cwd, REPLACED);
    const { stdout } = await s.ok("upgrade");
    assert.match(stdout, /0002_b applied[\s\S]*0003_both recorded/);
    assert.deepEqual(await s.history(), [
      "0001 applied",
      "0002 applied",
      "0003 stamped",
      "0004 applied",
    ]);
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c"]);
  },
);

// Several databases.

const environments = (...databases: readonly TestDatabase[]) =>
  databases.map(({ url }, i) => `[env.${"abc"[i]}]\nurl = "${url}"\n`).join("");

scene(
  "several environments are upgraded in one run, and one that fails hides none of the others [H51, Q19]",
  THREE,
  (s) =>
    withDatabases(s.database, 3, async (a, b, c) => {
      await writeFiles(s.cwd, { "pawl.toml": environments(a, b, c) });
      // b has a table in the way.
      await execute(b.url, "CREATE TABLE b ()");
      const cli = (...args: string[]) => runCli(args, { cwd: s.cwd });

      const two = await cli("upgrade", "-e", "a", "-e", "b", "-j", "2");
      assert.equal(two.code, 3, two.stderr);
      assert.match(
        two.stdout,
        /^a:\n.*0001_a applied.*\n.*0002_b applied.*\n.*0003_c applied.*\nb:\n.*0001_a applied.*\n.*0002_b failed\n/m,
      );
      assert.match(two.stdout, /relation "b" already exists/);
      assert.deepEqual(await firstValues(a.url, HISTORY), [
        "0001 applied",
        "0002 applied",
        "0003 applied",
      ]);
      assert.deepEqual(await firstValues(b.url, HISTORY), ["0001 applied"]);

      const check = await cli("upgrade", "--all", "--check", "--json");
      assert.equal(check.code, 1, check.stderr);
      const all = await cli("upgrade", "--all", "-j", "2", "--json");
      assert.equal(all.code, 3, all.stderr);
      const { success, runs } = JSON.parse(all.stdout);
      assert.equal(success, false);
      assert.deepEqual(
        runs.map((run: Record<string, unknown>) => [
          run["name"],
          run["success"],
          run["appliedCount"],
        ]),
        [["a", true, 0], ["b", false, 0], ["c", true, 3]],
      );

      await execute(b.url, "DROP TABLE b");
      assert.equal((await cli("upgrade", "--all")).code, 0);
      assert.equal((await cli("upgrade", "--all", "--check")).code, 0);
      assert.equal((await cli("upgrade", "--all", "-e", "a")).code, 2);
      assert.equal((await cli("upgrade")).code, 2, "several, and none named");
    }),
);

scene(
  "one environment that cannot be reached does not keep the others from being upgraded [Q19]",
  THREE,
  async (s) => {
    await writeFiles(s.cwd, {
      "pawl.toml":
        `[env.away]\nurl = "postgres://u@127.0.0.1:1/none"\n[env.here]\nurl = "${s.database.url}"\n`,
    });
    const { code, stdout, stderr } = await runCli(["upgrade", "--all"], {
      cwd: s.cwd,
    });
    assert.equal(code, 3, stderr);
    assert.match(stdout, /^away:\n.*Cannot connect/m);
    assert.match(stdout, /^here:\n.*0001_a applied/m);
    assert.deepEqual(await s.values(TABLES), ["a", "b", "c"]);
  },
);

scene(
  "a profile is upgraded by -e, and all of them by --all where no environment is configured [Q19]",
  THREE,
  (s) =>
    withDatabases(s.database, 1, async (other) => {
      const cli = (...args: string[]) =>
        runCli(args, {
          cwd: s.cwd,
          env: { POSTGRES_SECRET: new URL(other.url).password },
        });
      for (
        const [name, { url }] of [["one", s.database], ["two", other]] as const
      ) {
        const bare = new URL(url);
        bare.password = "";
        const saved = await cli(
          "profiles",
          "save",
          name,
          bare.href,
          "--password",
          "var:POSTGRES_SECRET",
        );
        assert.equal(saved.code, 0, saved.stderr);
      }
      const one = await cli("upgrade", "-e", "two", "+1");
      assert.equal(one.code, 0, one.stderr);
      assert.deepEqual(await firstValues(other.url, TABLES), ["a"]);
      assert.deepEqual(await s.values(TABLES), []);

      const all = await cli("upgrade", "--all", "-j", "2");
      assert.equal(all.code, 0, all.stderr);
      assert.match(all.stdout, /^one:\n[\s\S]*^two:\n/m);
      for (const url of [s.database.url, other.url]) {
        assert.deepEqual(await firstValues(url, TABLES), ["a", "b", "c"]);
      }
      assert.equal((await cli("verify", "-e", "two")).code, 0);
    }),
);

scene(
  "a file with `only` runs in the environments that it names, and counts as done in the others [H52]",
  {
    "migrations/0001_a.sql": "CREATE TABLE a ();\n",
    "migrations/0002_b.sql": "-- pawl:only a\nCREATE TABLE b ();\n",
    "migrations/0003_c.sql": "-- pawl:only b c\nCREATE TABLE c ();\n",
    "migrations/0004_d.sql": "CREATE TABLE d ();\n",
  },
  (s) =>
    withDatabases(s.database, 2, async (a, b) => {
      await writeFiles(s.cwd, { "pawl.toml": environments(a, b) });
      const cli = (...args: string[]) => runCli(args, { cwd: s.cwd });
      const all = await cli("upgrade", "--all");
      assert.equal(all.code, 0, all.stderr + all.stdout);
      assert.deepEqual(await firstValues(a.url, TABLES), ["a", "b", "d"]);
      assert.deepEqual(await firstValues(b.url, TABLES), ["a", "c", "d"]);
      for (const name of ["a", "b"]) {
        const check = await cli("status", "-e", name, "--check");
        assert.equal(check.code, 0, check.stdout + check.stderr);
      }
      const list = await cli("list", "-e", "b");
      assert.match(
        list.stdout,
        /\[-\] 0002_b \(not for this environment\)\n\[X\] 0003_c\n/,
      );
      // Without an environment, nothing that is for one of them runs.
      const none = await cli("upgrade", "--db", s.database.url);
      assert.equal(none.code, 0, none.stderr);
      assert.deepEqual(await s.values(TABLES), ["a", "d"]);
    }),
);

scene(
  "projects have each their own directory and history, in one database or several [H51]",
  {
    "shop/0001_a.sql":
      "CREATE TABLE shop_a ();\n-- pawl:down\nDROP TABLE shop_a;\n",
    "shop/0002_b.sql":
      "CREATE TABLE shop_b ();\n-- pawl:down\nDROP TABLE shop_b;\n",
    "mail/0001_a.sql":
      "CREATE TABLE mail_a ();\n-- pawl:down\nDROP TABLE mail_a;\n",
    "mail/0002_b.sql":
      "-- pawl:depends 0001 shop:0002\nCREATE TABLE mail_b ();\n",
  },
  (s) =>
    withDatabases(s.database, 1, async (other) => {
      await writeFiles(s.cwd, {
        "pawl.toml":
          '[projects.shop]\nmigrations = "shop"\n[projects.mail]\nmigrations = "mail"\n',
      });
      const rows = (url: string) =>
        firstValues(
          url,
          "SELECT project || ':' || version || ' ' || state FROM pawl.migrations ORDER BY 1",
        );
      const early = await s.pawl("upgrade", "-p", "mail");
      assert.equal(early.code, 6, early.stderr);
      assert.match(early.stderr, /depends on shop:0002/);
      await s.ok("upgrade", "-p", "shop");
      await s.ok("upgrade", "-p", "mail");
      assert.deepEqual(await rows(s.database.url), [
        "mail:0001 applied",
        "mail:0002 applied",
        "shop:0001 applied",
        "shop:0002 applied",
      ]);

      // The same files, another database: it has a history of its own.
      await s.ok("upgrade", "-p", "shop", "0001", "--db", other.url);
      assert.deepEqual(await rows(other.url), ["shop:0001 applied"]);
      await s.ok("downgrade", "-p", "shop", "-y", "base", "--db", other.url);
      assert.deepEqual(await firstValues(other.url, TABLES), []);
      assert.equal((await s.ok("current", "-p", "shop")).stdout, "0002\n");
      assert.equal((await s.pawl("upgrade")).code, 2, "which project?");
    }),
);

// Programs and who runs them.

testOnServers(
  "the management connection is the one that runs migrations, and the code in them [P9]",
  (database) =>
    withProject({
      "migrations/0001_who.ts":
        "export async function up(db) {\n  await db.execute('CREATE TABLE who AS SELECT current_user::text AS role');\n}\n",
      "pawl.toml": '[env.x]\nurl = "${APP}"\nmanagement_url = "${OWNER}"\n',
    }, async (cwd) => {
      const app = `pawl_test_app_${database.name.slice(-8)}`;
      await execute(
        database.url,
        `CREATE ROLE ${app} LOGIN PASSWORD 'app'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
      );
      try {
        const APP = database.server.url(database.name, {
          user: app,
          password: "app",
        });
        const env = { APP, OWNER: database.url };
        const managed = await runCli(["upgrade", "-e", "x"], { cwd, env });
        assert.equal(managed.code, 0, managed.stderr);
        assert.deepEqual(
          await firstValues(database.url, "SELECT role FROM who"),
          ["postgres"],
        );
        assert.deepEqual(
          await firstValues(
            database.url,
            "SELECT DISTINCT applied_by FROM pawl.migrations",
          ),
          ["postgres"],
        );
        // The ordinary role could not have done it.
        const refused = await runCli(["upgrade", "--db", APP], { cwd, env });
        assert.equal(refused.code, 3, refused.stderr);
      } finally {
        await execute(database.url, `DROP ROLE ${app}`);
      }
    }),
);

scene(
  "a program goes up and down with the database it is given, and without down it stays [H16]",
  {
    "migrations/0001_t.sql":
      "CREATE TABLE t (a text);\nINSERT INTO t VALUES ('x'), ('y');\n-- pawl:down\nDROP TABLE t;\n",
    "migrations/0002_upper.ts":
      "export async function up(db: { query(sql: string, parameters?: unknown[]): Promise<unknown[]> }): Promise<void> {\n  await db.query('UPDATE t SET a = upper(a) WHERE a <> $1', ['-']);\n}\nexport async function down(db: { query(sql: string): Promise<unknown[]> }): Promise<void> {\n  await db.query('UPDATE t SET a = lower(a)');\n}\n",
    "migrations/0003_more.js":
      "export async function up(db) {\n  const rows = await db.query('SELECT a FROM t ORDER BY a');\n  for (const { a } of rows) await db.execute('INSERT INTO t VALUES ($1)', [`${a}${a}`]);\n}\n",
  },
  async (s) => {
    const values = () => s.values("SELECT a FROM t ORDER BY a");
    await s.ok("upgrade", "0002");
    assert.deepEqual(await values(), ["X", "Y"]);
    await s.ok("downgrade", "-y");
    assert.deepEqual(await values(), ["x", "y"]);
    await s.ok("upgrade");
    assert.deepEqual(await values(), ["X", "XX", "Y", "YY"]);
    const refused = await s.pawl("downgrade", "-y", "-2");
    assert.equal(refused.code, 6, refused.stderr);
    assert.match(refused.stderr, /0003_more\.js/);
    assert.deepEqual(await values(), ["X", "XX", "Y", "YY"]);
    assert.deepEqual(await s.history(), [
      "0001 applied",
      "0002 applied",
      "0003 applied",
    ]);
  },
);

scene(
  "prune leaves what a squash replaces until the squash is in force",
  THREE,
  async (s) => {
    await s.ok("upgrade");
    for (const { name } of Deno.readDirSync(join(s.cwd, "migrations"))) {
      await Deno.remove(join(s.cwd, "migrations", name));
    }
    await writeFiles(s.cwd, {
      "migrations/0004_s.sql":
        "-- pawl:replaces 0001 0002 0003\nCREATE TABLE never ();\n",
    });
    const early = await s.pawl("prune", "-y");
    assert.equal(early.code, 6, early.stdout);
    assert.match(early.stderr, /0004_s\.sql replaces 0001, and is not applied/);
    assert.match((await s.ok("upgrade")).stdout, /recorded/);
    await s.ok("prune", "-y");
    assert.deepEqual(await s.values("SELECT version FROM pawl.migrations"), [
      "0004",
    ]);
  },
);
