/**
 * pawl from end to end, as its users start it: the executable named by
 * `PAWL_BIN`, or else from source; with nothing of the machine's environment.
 *
 * What it says is kept in tests/snapshots; `PAWL_UPDATE_SNAPSHOTS=1` writes
 * them anew.
 *
 * @module
 */

import assert from "@std/assert";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import {
  type CliResult,
  runCli,
  startCli,
  withProject,
} from "./support/cli.ts";
import { cacheDirectory, pawlProgram } from "./support/program.ts";
import { execute, testOnServers } from "./support/servers.ts";
import { matchSnapshot, plainTerminal } from "./support/snapshots.ts";
import { copyTree } from "./support/transcripts.ts";

const BOOKSHOP = fileURLToPath(
  new URL("../examples/bookshop/", import.meta.url),
);

/** The one variable that saves time and changes nothing. */
const CACHE = { XDG_CACHE_HOME: cacheDirectory() };

const TOML = '[env.dev]\nurl = "pglite:.pawl/db"\n';

const USERS = `-- pawl:message Create users
-- pawl:up
CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);
-- pawl:down
DROP TABLE users;
`;

const EMAIL = `-- pawl:message Add email to users
-- pawl:up
ALTER TABLE users ADD COLUMN email text;
-- pawl:step transaction=none
CREATE INDEX CONCURRENTLY users_email_idx ON users (email);
-- pawl:verify
SELECT email FROM users LIMIT 0;
-- pawl:down
ALTER TABLE users DROP COLUMN email;
`;

const PROJECT = {
  "pawl.toml": TOML,
  "migrations/20260105_090000_create_users.sql": USERS,
  "migrations/20260112_101500_add_email.sql": EMAIL,
};

/** A command line and how it ended, as snapshots show it. */
function shown(args: readonly string[], result: CliResult): string {
  const words = args.map((word) => /[\s"*]/.test(word) ? `"${word}"` : word);
  return [
    `$ pawl ${words.join(" ")}`.trimEnd(),
    `exit ${result.code}`,
    "--- stdout",
    result.stdout,
    "--- stderr",
    result.stderr,
    "",
  ].join("\n");
}

/** Runs commands one after the other and compares what they say. */
async function session(
  name: string,
  cwd: string,
  lines: readonly (readonly string[])[],
): Promise<CliResult[]> {
  const results: CliResult[] = [];
  const texts: string[] = [];
  for (const args of lines) {
    const result = await runCli(args, { cwd, env: CACHE });
    results.push(result);
    texts.push(shown(args, result));
  }
  await matchSnapshot(name, texts.join("\n"), cwd);
  return results;
}

const codes = (results: readonly CliResult[]) =>
  results.map(({ code }) => code);

/** Standard output as the one JSON document that it must be. */
function documentOf(result: CliResult): Record<string, unknown> {
  const value: Record<string, unknown> = JSON.parse(result.stdout);
  return value;
}

Deno.test("--version is one line", async () => {
  await withProject({}, async (cwd) => {
    const result = await runCli(["--version"], { cwd });
    assert.match(result.stdout, /^pawl \d+\.\d+\.\d+\n$/);
    assert.equal(result.stderr, "");
    assert.equal(result.code, 0);
  });
});

Deno.test("help goes to standard output, and a wrong command line to standard error", async () => {
  await withProject({}, async (cwd) => {
    const results = await session("help.pipe", cwd, [
      ["--help"],
      ["help", "downgrade"],
      [],
      ["upgrad"],
      ["upgrade", "--dry-ran"],
      ["downgrade", "--lock-wait"],
      ["sql"],
      ["status", "--db", "mysql://x"],
      ["status", "--db", "pglite:", "-e", "dev"],
      ["status"],
    ]);
    assert.deepEqual(codes(results), [0, 0, 2, 2, 2, 2, 2, 2, 2, 2]);
  });
});

Deno.test("a project from init to its offline script, on the embedded database", async () => {
  await withProject({}, async (cwd) => {
    const made = await session("init.pipe", cwd, [
      ["init"],
      ["new", "create users"],
      ["sum"],
      ["heads"],
      ["init"],
    ]);
    assert.deepEqual(codes(made), [0, 0, 0, 0, 0]);
  });
  await withProject(PROJECT, async (cwd) => {
    const results = await session("story.pipe", cwd, [
      ["sum"],
      ["upgrade", "--check"],
      ["upgrade"],
      ["upgrade"],
      ["status"],
      ["list", "-v"],
      ["current"],
      ["verify"],
      ["downgrade"],
      ["downgrade", "-y", "base"],
      ["status", "--check"],
      ["upgrade", "-q"],
      ["history"],
      ["require", "--min-version", "20260105"],
      ["require", "--min-version", "20270101"],
      ["sql", "20260105:head", "-o", "upgrade.sql"],
    ]);
    assert.deepEqual(
      codes(results),
      [0, 1, 0, 0, 0, 0, 0, 0, 6, 0, 1, 0, 0, 0, 1, 0],
    );
  });
});

Deno.test("files that are wrong are shown with file, line and caret", async () => {
  await withProject({
    ...PROJECT,
    "migrations/20260119_120000_wrong.sql":
      "-- pawl:up\nCREATE TABEL x ();\n-- pawl:down\nDROP TABLE x;\n",
    "other.toml": '[project]\nmigration = "x"\n',
    "variable.toml": '[env.dev]\nurl = "${NOWHERE}"\n',
  }, async (cwd) => {
    const results = await session("wrong.pipe", cwd, [
      ["upgrade"],
      ["current"],
      ["upgrade", "--config", "other.toml"],
      ["upgrade", "--config", "variable.toml"],
      ["upgrade", "--json", "--config", "variable.toml"],
    ]);
    assert.deepEqual(codes(results), [2, 0, 2, 2, 2]);
  });
});

Deno.test("an edited file is an integrity error that verify explains [Q15, Q43]", async () => {
  await withProject(PROJECT, async (cwd) => {
    assert.equal((await runCli(["upgrade"], { cwd, env: CACHE })).code, 0);
    await Deno.writeTextFile(
      join(cwd, "migrations/20260105_090000_create_users.sql"),
      USERS.replace("name text NOT NULL", "name varchar"),
    );
    const results = await session("edited.pipe", cwd, [
      ["verify"],
      ["upgrade"],
      ["repair", "--no-input"],
    ]);
    assert.deepEqual(codes(results), [4, 4, 4]);
  });
});

Deno.test("with --json standard output is one document, errors included", async () => {
  await withProject(PROJECT, async (cwd) => {
    const wanted: readonly (readonly [readonly string[], string, number])[] = [
      [["sum"], "pawl.sum/1", 0],
      [["status"], "pawl.status/1", 0],
      [["upgrade", "--dry-run"], "pawl.upgrade/1", 0],
      [["upgrade", "-vv"], "pawl.upgrade/1", 0],
      [["list"], "pawl.list/1", 0],
      [["current"], "pawl.current/1", 0],
      [["history", "--events"], "pawl.history/1", 0],
      [["verify"], "pawl.verify/1", 0],
      [["heads"], "pawl.heads/1", 0],
      [["sql", "base:head"], "pawl.sql/1", 0],
      [["downgrade", "-y"], "pawl.downgrade/1", 0],
      [["downgrade", "nowhere"], "pawl.error/1", 2],
      [["frobnicate"], "pawl.error/1", 2],
      [["--version"], "pawl.version/1", 0],
    ];
    for (const [args, format, code] of wanted) {
      const result = await runCli([...args, "--json"], { cwd, env: CACHE });
      assert.equal(documentOf(result).format, format, args.join(" "));
      assert.equal(result.code, code, args.join(" "));
    }
  });
});

/** Runs pawl in a terminal of 80 columns; undefined where there is no `script`. */
async function inTerminal(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number; readonly text: string } | undefined> {
  const { words, env } = pawlProgram(args);
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
    .join(" ");
  try {
    const { code, stdout } = await new Deno.Command("script", {
      args: ["-qec", `stty cols 80 -onlcr; exec ${line}`, "/dev/null"],
      cwd,
      clearEnv: true,
      env: {
        ...env,
        ...CACHE,
        PATH: Deno.env.get("PATH") ?? "",
        HOME: cwd,
        SHELL: "/bin/sh",
        TERM: "xterm-256color",
      },
      stdin: "null",
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("in a terminal the same is said in colour", async () => {
  await withProject(PROJECT, async (cwd) => {
    const texts: string[] = [];
    for (
      const [args, wanted] of [
        [["sum"], 0],
        [["status"], 0],
        [["upgrade"], 0],
        [["list"], 0],
        [["upgrad"], 2],
        [["downgrade", "--help"], 0],
      ] as const
    ) {
      const result = await inTerminal(args, cwd);
      if (result === undefined) {
        console.log("There is no `script` here: nothing is shown.");
        return;
      }
      assert.equal(result.code, wanted, result.text);
      texts.push(
        `$ pawl ${args.join(" ")}\nexit ${result.code}\n${
          plainTerminal(result.text)
        }`,
      );
    }
    assert.match(texts.join(""), /<32>/, "there is no colour");
    await matchSnapshot("story.terminal", texts.join("\n"), cwd);
  });
});

for (const shell of ["bash", "zsh", "fish"]) {
  Deno.test(`completions ${shell} writes a script that ${shell} can read`, async () => {
    await withProject({}, async (cwd) => {
      const { code, stdout, stderr } = await runCli(["completions", shell], {
        cwd,
      });
      assert.equal(code, 0);
      assert.equal(stderr, "");
      assert.match(stdout, /downgrade/);
      const script = join(cwd, "script");
      await Deno.writeTextFile(script, stdout);
      try {
        const read = await new Deno.Command(shell, {
          args: ["-n", script],
          stdin: "null",
        }).output();
        assert.equal(read.code, 0, new TextDecoder().decode(read.stderr));
      } catch (error) {
        // That shell is not on this machine.
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    });
  });
}

Deno.test("a reader that goes away early is no error", async () => {
  await withProject(PROJECT, async (cwd) => {
    const { words, env } = pawlProgram(["sql", "base:head"]);
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", '("$@"; echo "exit $?" >&2) | head -n 1', "sh", ...words],
      cwd,
      clearEnv: true,
      env: { ...env, PATH: Deno.env.get("PATH") ?? "", HOME: cwd },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    assert.equal(code, 0);
    assert.match(text.decode(stdout), /^-- Upgrade of project default.*\n$/);
    const said = text.decode(stderr);
    assert.match(said, /^exit (0|141)$/m);
    assert.doesNotMatch(said, /error|Broken|EPIPE|Uncaught/i);
  });
});

Deno.test("the executable needs no environment at all", async () => {
  const { words } = pawlProgram([]);
  // From source, Deno itself must find its packages.
  if (words.length > 1) return;
  await withProject(PROJECT, async (cwd) => {
    for (const args of [["--version"], ["upgrade"], ["status"]]) {
      const { code, stderr } = await new Deno.Command(words[0] ?? "", {
        args,
        cwd,
        clearEnv: true,
        stdin: "null",
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
    }
  });
});

testOnServers(
  "the bookshop goes up, down and up again on a server, TypeScript included",
  async ({ url }) => {
    await withProject({}, async (cwd) => {
      await copyTree(BOOKSHOP, cwd);
      const env = { PAWL_URL: url };
      const run = (...args: readonly string[]) => runCli(args, { cwd, env });
      const up = await run("upgrade", "--json");
      assert.equal(up.code, 0, up.stderr);
      assert.equal(documentOf(up).appliedCount, 6);
      assert.match(up.stderr, /^3 slugs written$/m);
      assert.ok(!up.stderr.includes(url) && up.stderr.includes(":***@"));
      assert.equal((await run("verify")).code, 0);
      assert.equal((await run("downgrade", "-2")).code, 0);
      assert.equal((await run("current")).stdout, "20260210_083000\n");
      assert.equal((await run("status", "--check")).code, 1);
      assert.equal((await run("up")).code, 0);
      assert.equal((await run("status", "--check")).code, 0);
      const rows = await execute(url, "SELECT slug FROM books ORDER BY id");
      assert.deepEqual(rows.map(({ slug }) => slug), [
        "too-like-the-lightning",
        "solaris",
        "the-cyberiad",
      ]);
    });
  },
);

testOnServers(
  "a failing migration ends with 3 and leaves nothing of itself [Q41, H36]",
  async ({ url }) => {
    await withProject({
      ...PROJECT,
      "migrations/20260119_120000_divide.sql":
        "CREATE TABLE gone (id integer);\nSELECT 1 / 0;\n",
    }, async (cwd) => {
      const result = await runCli(["upgrade", "--db", url], { cwd });
      assert.equal(result.code, 3);
      assert.match(result.stderr, /division by zero/);
      assert.match(
        result.stderr,
        /migrations\/20260119_120000_divide\.sql:2:1/,
      );
      const [row] = await execute(
        url,
        "SELECT to_regclass('gone') AS gone, to_regclass('users') AS users",
      );
      assert.deepEqual({ ...row }, { gone: null, users: "users" });
    });
  },
);

testOnServers(
  "a second run ends with 5 while the lock is held, and Ctrl-C with 130 [Q42, H37]",
  async ({ url }) => {
    await withProject({
      "migrations/20260105_090000_sleep.sql": "SELECT pg_sleep(600);\n",
    }, async (cwd) => {
      const first = startCli(["upgrade", "--db", url], { cwd });
      const asleep = `SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND state = 'active' AND query LIKE '%pg_sleep(600)%'`;
      try {
        while ((await execute(url, asleep)).length === 0);
        const second = await runCli(
          ["upgrade", "--db", url, "--lock-wait", "0"],
          { cwd },
        );
        assert.equal(second.code, 5, second.stderr);
        assert.match(second.stderr, /\(pid \d+/);
      } finally {
        first.kill("SIGINT");
      }
      const { code, stderr } = await first.result;
      assert.equal(code, 130, stderr);
      assert.equal((await execute(url, asleep)).length, 0);
    });
  },
);

testOnServers(
  "the offline script brings a database where upgrade would [Q10, H43]",
  async ({ url }) => {
    await withProject(PROJECT, async (cwd) => {
      const script = await runCli(["sql", "base:20260105", "--for", "plain"], {
        cwd,
      });
      assert.equal(script.code, 0);
      await execute(url, script.stdout);
      const run = (...args: readonly string[]) =>
        runCli([...args, "--db", url], { cwd });
      assert.equal((await run("current")).stdout, "20260105_090000\n");
      assert.equal((await run("verify")).code, 0);
      assert.equal((await run("upgrade")).code, 0);
      assert.equal((await run("current")).stdout, "20260112_101500\n");
    });
  },
);
