/**
 * The author's commands as a user runs them: init, new, heads, merge, rebase,
 * sum; and what is said of files that do not fit together.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { runCli, withProject, writeFiles } from "./support/cli.ts";
import { execute, testOnServers } from "./support/servers.ts";

const CONFIG = { "pawl.toml": "[project]\nname = 'app'\n" };

/** The names in a directory, sorted. */
function names(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map((entry) => entry.name).sort();
}

function read(directory: string, path: string): string {
  return Deno.readTextFileSync(join(directory, path));
}

/** Migration files of one statement each, by version. */
function migrations(
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, header]) => [
      `migrations/${name}.sql`,
      `${header}SELECT 1;\n`,
    ]),
  );
}

Deno.test("init makes configuration, directory and .gitignore, a second one nothing [Q1]", async () => {
  await withProject({}, async (cwd) => {
    const first = await runCli(["init"], { cwd });
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(names(cwd), [".gitignore", "migrations", "pawl.toml"]);
    assert.equal(read(cwd, ".gitignore"), ".pawl/\n");
    const config = read(cwd, "pawl.toml");
    const again = await runCli(["init"], { cwd });
    assert.equal(again.code, 0);
    assert.match(again.stdout, /Nothing to do: the project is there/);
    assert.equal(read(cwd, "pawl.toml"), config);
    assert.equal(read(cwd, ".gitignore"), ".pawl/\n");
    // There is a database by the new configuration alone.
    const dev = await runCli(["heads"], { cwd });
    assert.equal(dev.stdout, "There are no migrations yet.\n");
  });
});

Deno.test("init keeps an existing configuration and makes the directory that it names", async () => {
  const files = {
    "app/pawl.toml": '[project]\nmigrations = "db/migrations"\n',
    "app/.gitignore": "node_modules",
  };
  await withProject(files, async (cwd) => {
    const { code, stdout } = await runCli(["init", "app", "--json"], { cwd });
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), {
      format: "pawl.init/1",
      directory: "app",
      items: [
        { path: "app/pawl.toml", done: "kept" },
        { path: "app/db/migrations", done: "created" },
        { path: "app/.gitignore", done: "extended" },
      ],
      history: null,
    });
    assert.equal(read(cwd, "app/.gitignore"), "node_modules\n.pawl/\n");
  });
});

Deno.test("init refuses what is in the way before it writes anything", async () => {
  await withProject({ "migrations": "a file" }, async (cwd) => {
    const { code, stderr } = await runCli(["init"], { cwd });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /Cannot make migrations: there is a file of that name/,
    );
    assert.deepEqual(names(cwd), ["migrations"]);
  });
  await withProject({ "pawl.toml": "[project\n" }, async (cwd) => {
    const { code } = await runCli(["init"], { cwd });
    assert.equal(code, 2);
    assert.deepEqual(names(cwd), ["pawl.toml"]);
  });
});

testOnServers(
  "init with a database makes the history in it [Q1]",
  async ({ url }) => {
    await withProject({}, async (cwd) => {
      const first = await runCli(["init", "--db", url], { cwd });
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stdout, /history in schema pawl of .* made/);
      const [row] = await execute(
        url,
        "SELECT count(*) AS n FROM pawl.migrations",
      );
      assert.equal(row?.["n"], "0");
      const second = await runCli(["init", "--db", url], { cwd });
      assert.equal(second.code, 0);
      assert.match(second.stdout, /history in schema pawl of .* there already/);
    });
  },
);

Deno.test("init says what it has made when the database cannot be reached", async () => {
  await withProject({}, async (cwd) => {
    const { code, stderr } = await runCli([
      "init",
      "--db",
      "postgres://nobody@127.0.0.1:1/none",
    ], { cwd });
    assert.equal(code, 3);
    assert.match(stderr, /pawl\.toml made/);
    assert.match(stderr, /error: Cannot connect/);
  });
});

Deno.test("new writes a file named by time and message, and prints its path [Q23] [Q24]", async () => {
  await withProject({ ...CONFIG, "migrations/pawl.sum": "" }, async (cwd) => {
    await runCli(["sum"], { cwd });
    const { code, stdout, stderr } = await runCli(
      ["new", "  Añade e-mail\n-- pawl:down\nto users "],
      { cwd },
    );
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(
      stdout,
      /^migrations\/\d{8}_\d{6}_anade_e_mail_pawl_down_to_users\.sql\n$/,
    );
    const text = read(cwd, stdout.trim());
    assert.match(text, /^-- pawl:message Añade e-mail -- pawl:down to users\n/);
    assert.equal(text.match(/^-- pawl:/gm)?.length, 3, text);
    assert.equal((await runCli(["sum", "--check"], { cwd })).code, 0);
  });
});

Deno.test("new never takes a version twice", async () => {
  await withProject(
    { ...CONFIG, "migrations/29991231_235958_a.sql": "" },
    async (cwd) => {
      const one = await runCli(["new", "b"], { cwd });
      assert.equal(one.stdout, "migrations/29991231_235959_b.sql\n");
      const two = await runCli(["new", "b"], { cwd });
      assert.equal(two.stdout, "migrations/30000101_000000_b.sql\n");
    },
  );
});

Deno.test("new numbers files where the configuration or --sequence says so [Q23]", async () => {
  const files = { "pawl.toml": '[project]\nversion_format = "sequence"\n' };
  await withProject({ ...files, "migrations/0009_a.sql": "" }, async (cwd) => {
    assert.equal(
      (await runCli(["new", "b"], { cwd })).stdout,
      "migrations/0010_b.sql\n",
    );
  });
  await withProject({ ...CONFIG, "migrations/0009_a.sql": "" }, async (cwd) => {
    assert.equal(
      (await runCli(["new", "b", "--sequence"], { cwd })).stdout,
      "migrations/0010_b.sql\n",
    );
    // Numbers behind a timestamp would be late at once.
    await writeFiles(cwd, { "migrations/20260101_000000_c.sql": "" });
    const { code, stderr } = await runCli(["new", "d", "--sequence"], { cwd });
    assert.equal(code, 2);
    assert.match(stderr, /0011 would sort before 20260101_000000/);
    assert.equal(names(join(cwd, "migrations")).length, 3);
  });
});

Deno.test("new leaves a pawl.sum that did not fit as it was", async () => {
  await withProject(
    { ...CONFIG, ...migrations({ "0001_a": "" }) },
    async (cwd) => {
      await runCli(["sum"], { cwd });
      const sum = read(cwd, "migrations/pawl.sum");
      await writeFiles(cwd, { "migrations/0001_a.sql": "SELECT 2;\n" });
      const { code, stderr } = await runCli(["new", "b"], { cwd });
      assert.equal(code, 0);
      assert.match(
        stderr,
        /pawl\.sum did not fit the files before and was left as it is/,
      );
      assert.equal(read(cwd, "migrations/pawl.sum"), sum);
    },
  );
});

Deno.test("new in another tool's layout follows its names [H10]", async () => {
  const cases = [
    [
      { "migrations/000009_a.up.sql": "", "migrations/000009_a.down.sql": "" },
      /^migrations\/000010_b_c\.up\.sql\nmigrations\/000010_b_c\.down\.sql\n$/,
    ],
    [
      { "migrations/20240101120000_a.up.sql": "" },
      /^migrations\/\d{14}_b_c\.up\.sql\nmigrations\/\d{14}_b_c\.down\.sql\n$/,
    ],
    [
      { "migrations/2024-01-01-120000_a/up.sql": "" },
      /^migrations\/\d{4}-\d\d-\d\d-\d{6}_b_c\/up\.sql\nmigrations\/.*_b_c\/down\.sql\n$/,
    ],
    [
      { "migrations/0002_a_20260102_030405.sql": "-- UP\n-- DOWN\n" },
      /^migrations\/0003_b_c_\d{8}_\d{6}\.sql\n$/,
    ],
  ] as const;
  for (const [files, expected] of cases) {
    await withProject({ ...CONFIG, ...files }, async (cwd) => {
      const { stdout, stderr } = await runCli(["new", "b c"], { cwd });
      assert.match(stdout, expected, stderr);
      const heads = await runCli(["heads"], { cwd });
      assert.equal(heads.stdout, `${stdout.split("\n")[0]}\n`, heads.stderr);
      const refused = await runCli(["new", "x", "--ts"], { cwd });
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /layout has no \.ts files/);
    });
  }
});

Deno.test("new refuses what it cannot write and leaves nothing behind", async () => {
  await withProject(CONFIG, async (cwd) => {
    const { code, stderr } = await runCli(["new", "x"], { cwd });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /there is no directory migrations\nhint: pawl init makes one/,
    );
  });
  await withProject({ ...CONFIG, "migrations/0001_a.sql": "" }, async (cwd) => {
    for (
      const [args, said] of [
        [["new", " \n "], /the message is empty/],
        [["new", "x", "--js", "--ts"], /exclude one another/],
        [["new", "x", "--depends", "7"], /no version begins so/],
        [
          ["new", "x", "--depends", "a:"],
          /neither VERSION nor PROJECT:VERSION/,
        ],
        [["new"], /MESSAGE/],
      ] as const
    ) {
      const { code, stdout, stderr } = await runCli(args, { cwd });
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, said);
    }
    assert.deepEqual(names(join(cwd, "migrations")), ["0001_a.sql"]);
  });
});

testOnServers(
  "what new writes runs up and, but for programs, down [P75]",
  async ({ url }) => {
    await withProject(
      { ...CONFIG, "migrations/0001_a.sql": "" },
      async (cwd) => {
        for (
          const args of [["sql"], ["bare", "--empty"], [
            "js",
            "--js",
            "--empty",
          ], [
            "ts",
            "--ts",
          ]]
        ) {
          assert.equal((await runCli(["new", ...args], { cwd })).code, 0);
        }
        const up = await runCli(["upgrade", "--db", url], { cwd });
        assert.equal(up.code, 0, up.stderr);
        assert.match(up.stdout, /5 migrations applied/);
        const unwritten = await runCli(["downgrade", "-y", "--db", url], {
          cwd,
        });
        assert.equal(unwritten.code, 3);
        assert.match(unwritten.stderr, /not written yet/);
      },
    );
  },
);

Deno.test("heads shows every branch and exits 0 [Q11]", async () => {
  const files = migrations({
    "0001_a": "",
    "0002_b": "-- pawl:message The b\n",
    "0003_c": "-- pawl:depends 0001\n",
  });
  await withProject({ ...CONFIG, ...files }, async (cwd) => {
    const text = await runCli(["heads"], { cwd });
    assert.equal(text.code, 0);
    assert.equal(text.stdout, "migrations/0002_b.sql\nmigrations/0003_c.sql\n");
    assert.match(text.stderr, /2 heads block the next upgrade/);
    const { heads } = JSON.parse(
      (await runCli(["heads", "--json"], { cwd })).stdout,
    );
    assert.deepEqual(heads[0], {
      version: "0002",
      name: "b",
      message: "The b",
      file: "migrations/0002_b.sql",
    });
  });
});

Deno.test("merge joins all heads or those named, and says when there is but one [Q12]", async () => {
  const files = migrations({
    "0001_a": "",
    "0002_b": "",
    "0003_c": "-- pawl:depends 0001\n",
    "0004_d": "-- pawl:depends 0001\n",
  });
  await withProject({ ...CONFIG, ...files }, async (cwd) => {
    const ancestor = await runCli(["merge", "x", "-r", "1", "-r", "2"], {
      cwd,
    });
    assert.equal(ancestor.code, 2);
    assert.match(ancestor.stderr, /the second comes after the first already/);
    const two = await runCli(["merge", "two", "-r", "0002", "-r", "0003"], {
      cwd,
    });
    assert.equal(two.code, 0);
    assert.match(two.stderr, /2 migrations have none after them/);
    assert.match(read(cwd, two.stdout.trim()), /^-- pawl:depends 0002 0003$/m);
    const all = await runCli(["merge"], { cwd });
    assert.equal(all.code, 0);
    assert.equal(all.stderr, "");
    const heads = await runCli(["heads"], { cwd });
    assert.equal(heads.stdout, all.stdout);
    const none = await runCli(["merge"], { cwd });
    assert.equal(none.code, 0);
    assert.equal(none.stdout, "");
    assert.match(none.stderr, /Nothing to merge: .* is the only head/);
  });
});

Deno.test("files that do not fit together: each has its own message and next step", async () => {
  const cases = [
    [
      { "0002_b": "-- pawl:depends 0009\n" },
      /migrations\/0002_b\.sql depends on 0009, which no file has[^]*\nhint: Restore/,
    ],
    [
      { "0002_b": "-- pawl:depends 0003\n", "0003_c": "" },
      /files depend on one another in a circle[^]*depends on migrations\/0003_c\.sql[^]*hint: Correct one of the depends lines/,
    ],
    [
      { "0002_b": "-- pawl:depends 0002\n" },
      /a file depends on itself/,
    ],
    [
      { "0002_b": "", "2_c": "" },
      /two files have version[^]*hint: Give a new version to the one that has not been applied/,
    ],
  ] as const;
  for (const [files, said] of cases) {
    const all = migrations({ "0001_a": "", ...files });
    await withProject({ ...CONFIG, ...all }, async (cwd) => {
      for (const args of [["heads"], ["new", "x"], ["merge", "x"]]) {
        const { code, stderr } = await runCli(args, { cwd });
        assert.equal(code, 6);
        assert.match(stderr, said);
      }
      assert.equal(
        names(join(cwd, "migrations")).length,
        Object.keys(all).length,
      );
    });
  }
});

testOnServers("a late file blocks, and rebase lets it run", async ({ url }) => {
  const files = migrations({
    "20260101_000000_a": "",
    "20260103_000000_c": "",
  });
  await withProject({ ...CONFIG, ...files }, async (cwd) => {
    const db = ["--db", url];
    await runCli(["sum"], { cwd });
    assert.equal((await runCli(["upgrade", ...db], { cwd })).code, 0);
    const late = "migrations/20260102_000000_b.sql";
    await writeFiles(cwd, { [late]: "CREATE TABLE b ();\n" });
    await runCli(["sum"], { cwd });
    const blocked = await runCli(["upgrade", ...db], { cwd });
    assert.equal(blocked.code, 6);
    assert.match(
      blocked.stderr,
      /pawl rebase migrations\/20260102_000000_b\.sql/,
    );

    const applied = await runCli(["rebase", "20260101", ...db], { cwd });
    assert.equal(applied.code, 6);
    assert.match(
      applied.stderr,
      /the database holds 20260101_000000 as applied/,
    );

    const rebased = await runCli(["rebase", late, ...db, "--json"], { cwd });
    assert.equal(rebased.code, 0, rebased.stderr);
    const report = JSON.parse(rebased.stdout);
    assert.equal(report.renamed[0].from, late);
    assert.deepEqual(report.parents, ["20260103_000000"]);
    assert.equal(report.sum, "updated");
    assert.equal(read(cwd, report.renamed[0].to), "CREATE TABLE b ();\n");
    assert.equal((await runCli(["sum", "--check"], { cwd })).code, 0);
    const up = await runCli(["upgrade", ...db], { cwd });
    assert.equal(up.code, 0, up.stderr);
    assert.match(up.stdout, /1 migration applied/);
  });
});

testOnServers(
  "of two files with one version, the one that was applied stays",
  async ({ url }) => {
    const files = migrations({ "0001_a": "" });
    await withProject({ ...CONFIG, ...files }, async (cwd) => {
      const db = ["--db", url];
      assert.equal((await runCli(["upgrade", ...db], { cwd })).code, 0);
      await writeFiles(cwd, { "migrations/0001_b.sql": "CREATE TABLE b ();" });
      const vague = await runCli(["rebase", "0001"], { cwd });
      assert.equal(vague.code, 2);
      assert.match(
        vague.stderr,
        /2 files have that version[^]*hint: Name the file/,
      );
      const wrong = await runCli(["rebase", "migrations/0001_a.sql", ...db], {
        cwd,
      });
      assert.equal(wrong.code, 6);
      const right = await runCli(["rebase", "migrations/0001_b.sql", ...db], {
        cwd,
      });
      assert.equal(right.code, 0, right.stderr);
      assert.equal((await runCli(["upgrade", ...db], { cwd })).code, 0);
    });
  },
);

Deno.test("rebase moves a branch behind the other with what depends on it", async () => {
  const files = migrations({
    "0001_a": "",
    "0002_b": "-- pawl:message b\r\n-- pawl:depends 0001\r\n",
    "0003_c": "-- pawl:depends 0002, other:7\n",
    "0004_d": "-- pawl:depends 0001\n",
  });
  const config = {
    "pawl.toml": '[project]\nversion_format = "sequence"\n',
  };
  await withProject({ ...config, ...files }, async (cwd) => {
    const { code, stdout, stderr } = await runCli(["rebase", "0002"], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /0002_b\.sql is now migrations\/0005_b\.sql/);
    assert.match(stdout, /0003_c\.sql depends on the new version/);
    assert.equal(
      read(cwd, "migrations/0005_b.sql"),
      "-- pawl:message b\r\nSELECT 1;\n",
    );
    assert.equal(
      read(cwd, "migrations/0003_c.sql"),
      "-- pawl:depends 0005 other:7\nSELECT 1;\n",
    );
    const heads = await runCli(["heads"], { cwd });
    assert.equal(heads.stdout, "migrations/0003_c.sql\n");
    const again = await runCli(["rebase", "0003"], { cwd });
    assert.match(
      again.stdout,
      /Nothing to do: 0003 comes after all others already/,
    );
  });
});

Deno.test("rebase refuses a file that everything after it depends on", async () => {
  const files = migrations({
    "0001_a": "",
    "0002_b": "",
    "0003_c": "-- pawl:depends 0002\n",
    "0004_d": "",
  });
  await withProject({ ...CONFIG, ...files }, async (cwd) => {
    const { code, stderr } = await runCli(["rebase", "0002"], { cwd });
    assert.equal(code, 6);
    assert.match(stderr, /depends on it, by migrations\/0003_c\.sql/);
    assert.deepEqual(names(join(cwd, "migrations")).length, 4);
  });
});

Deno.test("rebase keeps both files of another tool's pair together", async () => {
  const files = {
    "migrations/000001_a.up.sql": "SELECT 1;",
    "migrations/000002_b.up.sql": "SELECT 2;",
    "migrations/000002_b.down.sql": "SELECT -2;",
    "migrations/000003_c.up.sql": "SELECT 3;",
  };
  await withProject({ ...CONFIG, ...files }, async (cwd) => {
    const { code, stderr } = await runCli(["rebase", "000002"], { cwd });
    assert.equal(code, 0, stderr);
    assert.deepEqual(names(join(cwd, "migrations")), [
      "000001_a.up.sql",
      "000003_c.up.sql",
      "000004_b.down.sql",
      "000004_b.up.sql",
    ]);
  });
  const folders = {
    "migrations/2024-01-01-000000_a/up.sql": "SELECT 1;",
    "migrations/2024-01-01-000000_a/down.sql": "SELECT 1;",
    "migrations/2024-01-02-000000_b/up.sql": "SELECT 2;",
  };
  await withProject({ ...CONFIG, ...folders }, async (cwd) => {
    const { code, stderr } = await runCli(
      ["rebase", "migrations/2024-01-01-000000_a/up.sql"],
      { cwd },
    );
    assert.equal(code, 0, stderr);
    const [b, a] = names(join(cwd, "migrations"));
    assert.equal(b, "2024-01-02-000000_b");
    assert.match(a ?? "", /^\d{4}-\d\d-\d\d-\d{6}_a$/);
    assert.deepEqual(names(join(cwd, "migrations", a ?? "")), [
      "down.sql",
      "up.sql",
    ]);
  });
});

/** A merge conflict of two texts of `pawl.sum`. */
function conflict(ours: string, theirs: string): string {
  return `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> theirs\n`;
}

Deno.test("sum and rebase end a merge conflict; an edited file does not slip in", async () => {
  const a = migrations({ "0001_a": "" });
  const b = migrations({ "0002_b": "" });
  const c = migrations({ "0002_c": "" });
  let ours = "";
  let theirs = "";
  await withProject({ ...CONFIG, ...a, ...b }, async (cwd) => {
    await runCli(["sum"], { cwd });
    ours = read(cwd, "migrations/pawl.sum");
  });
  await withProject({ ...CONFIG, ...a, ...c }, async (cwd) => {
    await runCli(["sum"], { cwd });
    theirs = read(cwd, "migrations/pawl.sum");
  });
  const merged = {
    ...CONFIG,
    ...a,
    ...b,
    ...c,
    "migrations/pawl.sum": conflict(ours, theirs),
  };
  await withProject(merged, async (cwd) => {
    const checked = await runCli(["sum", "--check"], { cwd });
    assert.equal(checked.code, 4);
    assert.match(checked.stderr, /it holds a merge conflict/);
    const rebased = await runCli(["rebase", "migrations/0002_c.sql"], { cwd });
    assert.equal(rebased.code, 0, rebased.stderr);
    assert.equal(rebased.stderr, "");
    assert.equal((await runCli(["sum", "--check"], { cwd })).code, 0);
  });
  await withProject(merged, async (cwd) => {
    const written = await runCli(["sum"], { cwd });
    assert.equal(written.code, 0);
    assert.match(
      written.stdout,
      /it holds a merge conflict[^]*written: 3 files/,
    );
    assert.equal((await runCli(["sum", "--check"], { cwd })).code, 0);
  });
  await withProject(merged, async (cwd) => {
    await writeFiles(cwd, { "migrations/0001_a.sql": "DROP TABLE x;" });
    const rebased = await runCli(["rebase", "migrations/0002_c.sql"], { cwd });
    assert.equal(rebased.code, 0);
    assert.match(rebased.stderr, /was left as it is/);
    const written = await runCli(["sum"], { cwd });
    assert.match(written.stdout, /migrations\/0001_a\.sql was edited/);
  });
});

Deno.test("sum --check tells an edit from a change of comments, and writes nothing", async () => {
  const files = migrations({ "0001_a": "", "0002_b": "" });
  await withProject({ ...CONFIG, ...files }, async (cwd) => {
    const absent = await runCli(["sum", "--check"], { cwd });
    assert.equal(absent.code, 0);
    assert.match(
      absent.stderr,
      /warning: migrations\/pawl\.sum does not exist/,
    );
    assert.equal((await runCli(["sum"], { cwd })).code, 0);
    const sum = read(cwd, "migrations/pawl.sum");
    await writeFiles(cwd, {
      "migrations/0001_a.sql": "-- why\nSELECT  1;\r\n",
    });
    const cosmetic = await runCli(["sum", "--check"], { cwd });
    assert.equal(cosmetic.code, 0);
    assert.match(
      cosmetic.stderr,
      /0001_a\.sql differs in comments or white space only/,
    );
    await writeFiles(cwd, {
      "migrations/0001_a.sql": "SELECT 2;",
      "migrations/0003_c.sql": "",
    });
    await Deno.remove(join(cwd, "migrations/0002_b.sql"));
    const { code, stderr } = await runCli(["sum", "--check"], { cwd });
    assert.equal(code, 4);
    assert.match(stderr, /does not fit 3 files/);
    assert.match(stderr, /0001_a\.sql was edited/);
    assert.match(stderr, /0002_b\.sql is gone/);
    assert.match(stderr, /0003_c\.sql is not in it/);
    assert.equal(read(cwd, "migrations/pawl.sum"), sum);
    const again = await runCli(["sum", "--json"], { cwd });
    assert.equal(JSON.parse(again.stdout).differences.length, 3);
    const fits = await runCli(["sum"], { cwd });
    assert.equal(fits.stdout, "migrations/pawl.sum fits 2 files.\n");
  });
});

Deno.test("a marker that is taken out is an edit, though it is a comment", async () => {
  for (const marker of ["-- DOWN", "-- pawl:down"]) {
    const file = "migrations/0001_a.sql";
    const text = `CREATE TABLE a ();\n${marker}\nDROP TABLE a;\n`;
    await withProject({ ...CONFIG, [file]: text }, async (cwd) => {
      await runCli(["sum"], { cwd });
      await writeFiles(cwd, { [file]: text.replace(marker, "-- nothing") });
      const { code } = await runCli(["sum", "--check"], { cwd });
      assert.equal(code, 4, marker);
    });
  }
});

Deno.test("what is no file in the directory is refused by name, and not waited for", async () => {
  const all = { ...CONFIG, ...migrations({ "0001_a": "" }) };
  await withProject(all, async (cwd) => {
    const heads = async () => {
      const { code, stderr } = await runCli(["heads"], { cwd });
      assert.equal(code, 2);
      return stderr;
    };
    const path = join(cwd, "migrations/0002_b.sql");
    await Deno.symlink("nowhere.sql", path);
    assert.match(
      await heads(),
      /Cannot read migrations\/0002_b\.sql: it is a symbolic link to what does not exist\nhint: /,
    );
    await Deno.remove(path);
    const made = await new Deno.Command("mkfifo", { args: [path] }).output();
    assert.ok(made.success);
    assert.match(
      await heads(),
      /Cannot read migrations\/0002_b\.sql: it is neither a file nor a directory\nhint: /,
    );
    await Deno.remove(path);
    await writeFiles(cwd, { "elsewhere.sql": "SELECT 1;\n" });
    await Deno.symlink("../elsewhere.sql", path);
    assert.match((await runCli(["heads"], { cwd })).stdout, /0002_b/);
  });
});
