/**
 * What goes wrong around a run: servers, roles, histories, files. Every fault
 * has its exit code, says what is the matter, and leaves nothing behind.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import {
  type CliResult,
  runCli,
  withProject,
  writeFiles,
} from "./support/cli.ts";
import {
  execute,
  serversUnderTest,
  startServer,
  testOnServers,
} from "./support/servers.ts";
import { serverAccount } from "./support/postgres_files.ts";

const ONE = {
  "migrations/0001_one.sql":
    "CREATE TABLE one ();\n-- pawl:down\nDROP TABLE one;\n",
};

/** A fault's run: its exit code and words. */
function assertFault(
  { code, stderr, stdout }: CliResult,
  exit: number,
  ...words: readonly RegExp[]
): void {
  assert.equal(code, exit, `${stderr}\n${stdout}`);
  for (const word of words) assert.match(stderr, word);
  assert.doesNotMatch(stderr, /\bat .*\.ts:\d+/, "a stack trace");
}

/** Registers a test with one migration on a database of its own. */
function fault(
  name: string,
  body: (at: {
    readonly cwd: string;
    readonly url: string;
    pawl(...args: string[]): Promise<CliResult>;
    pawlOn(url: string, ...args: string[]): Promise<CliResult>;
  }) => Promise<void>,
  files: Readonly<Record<string, string>> = ONE,
): void {
  testOnServers(name, ({ url }) =>
    withProject(files, (cwd) => {
      const pawlOn = (to: string, ...args: string[]) =>
        runCli(args, { cwd, env: { DATABASE_URL: to } });
      return body({
        cwd,
        url,
        pawlOn,
        pawl: (...args) => pawlOn(url, ...args),
      });
    }));
}

Deno.test("no database named anywhere is exit 2", async () => {
  await withProject(ONE, async (cwd) => {
    const result = await runCli(["upgrade"], { cwd });
    assertFault(result, 2, /DATABASE_URL/, /--db/);
  });
});

Deno.test("a server that does not answer is exit 3, and named without the password", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await withProject(ONE, async (cwd) => {
    const result = await runCli(["upgrade"], {
      cwd,
      env: { DATABASE_URL: `postgres://me:hunter2@127.0.0.1:${port}/app` },
    });
    assertFault(result, 3, new RegExp(`127\\.0\\.0\\.1:${port}`), /refused/);
    assert.doesNotMatch(result.stderr, /hunter2/);
  });
});

fault(
  "a wrong password is exit 3 and shows neither password",
  async ({ url, pawlOn }) => {
    const wrong = new URL(url);
    wrong.password = "hunter2";
    const result = await pawlOn(wrong.href, "upgrade");
    assertFault(result, 3, /password authentication failed/);
    assert.doesNotMatch(result.stderr, /hunter2/);
  },
);

fault(
  "a role without the CREATE right is told which right it lacks",
  async ({ url, pawlOn, pawl }) => {
    await execute(
      url,
      "DROP ROLE IF EXISTS pawl_test_poor; CREATE ROLE pawl_test_poor LOGIN PASSWORD 'poor'",
    );
    try {
      const poor = new URL(url);
      poor.username = "pawl_test_poor";
      poor.password = "poor";
      assertFault(
        await pawlOn(poor.href, "upgrade"),
        3,
        /permission denied for database/,
        /Give the role the right/,
      );
      // It needs none of them where nothing is pending, but may not read either.
      assert.equal((await pawl("upgrade")).code, 0);
      assertFault(
        await pawlOn(poor.href, "upgrade"),
        3,
        /permission denied/,
        /\[history\] readers/,
      );
      await execute(
        url,
        "GRANT USAGE ON SCHEMA pawl TO pawl_test_poor; GRANT SELECT ON ALL TABLES IN SCHEMA pawl TO pawl_test_poor",
      );
      const idle = await pawlOn(poor.href, "upgrade");
      assert.equal(idle.code, 0, idle.stderr);
    } finally {
      await execute(
        url,
        "DROP OWNED BY pawl_test_poor; DROP ROLE pawl_test_poor",
      );
    }
  },
);

fault(
  "a database that takes no writes is exit 3 while something is pending, and 0 when nothing is",
  async ({ url, pawl }) => {
    const [row] = await execute(url, "SELECT current_database() AS name");
    const readOnly = (on: string) =>
      execute(
        url,
        `ALTER DATABASE "${
          row?.["name"]
        }" SET default_transaction_read_only = ${on}`,
      );
    await readOnly("on");
    assertFault(
      await pawl("upgrade"),
      3,
      /read-only transaction/,
      /[Cc]onnect to the primary/,
    );
    const tables = await execute(
      url,
      "SELECT to_regclass('one') AS one, to_regnamespace('pawl') AS pawl",
    );
    assert.deepEqual(tables, [{ one: null, pawl: null }]);
    // The superuser's SET is not pawl's business: the owner opens it.
    const opened = await pawl(
      "upgrade",
      "--db",
      `${url}?options=-c%20default_transaction_read_only%3Doff`,
    );
    assert.equal(opened.code, 0, opened.stderr);
    const idle = await pawl("upgrade");
    assert.equal(idle.code, 0, idle.stderr);
    assert.match(idle.stdout, /Up to date/);
  },
);

for (
  const [what, sql, words] of [
    [
      "a state of nobody's",
      "ALTER TABLE pawl.migrations DROP CONSTRAINT migrations_state_check; UPDATE pawl.migrations SET state = 'done'",
      /0001 is in state done, which is none of pawl's/,
    ],
    [
      "a dropped column",
      "ALTER TABLE pawl.migrations DROP COLUMN up_tokens",
      /column "up_tokens" does not exist/,
    ],
    [
      "a dropped table",
      "DROP TABLE pawl.progress",
      /relation "pawl.progress" does not exist/,
    ],
    ["an empty meta table", "DELETE FROM pawl.meta", /its meta table is empty/],
    [
      "steps that do not add up",
      "UPDATE pawl.migrations SET steps_done = 0",
      /0001 is applied, but has done 0 of 1 steps/,
    ],
  ] as const
) {
  fault(`a history with ${what} is exit 4`, async ({ url, pawl }) => {
    assert.equal((await pawl("upgrade")).code, 0);
    await execute(url, sql);
    for (
      const command of [["upgrade"], ["status"], ["downgrade", "-y"], [
        "verify",
      ]]
    ) {
      assertFault(await pawl(...command), 4, words, /history in schema pawl/);
    }
  });
}

fault(
  "a history of a newer pawl is exit 4 and left alone",
  async ({ url, pawl }) => {
    assert.equal((await pawl("upgrade")).code, 0);
    await execute(url, "INSERT INTO pawl.meta VALUES (99, now(), '9.0')");
    assertFault(
      await pawl("upgrade"),
      4,
      /a newer pawl has made it version 99/,
    );
  },
);

fault(
  "an applied file that was edited is exit 4 and names the file [Q43, Q15]",
  async ({ cwd, pawl }) => {
    assert.equal((await pawl("upgrade")).code, 0);
    await writeFiles(cwd, {
      "migrations/0001_one.sql":
        "CREATE TABLE two ();\n-- pawl:down\nDROP TABLE one;\n",
      "migrations/0002_two.sql": "CREATE TABLE three ();\n",
    });
    assertFault(
      await pawl("upgrade"),
      4,
      /migrations\/0001_one\.sql was edited after it had been applied/,
      /pawl repair --accept 0001/,
    );
  },
);

// Files.

for (
  const [what, text, words] of [
    [
      "COPY FROM stdin",
      "CREATE TABLE t (i int);\nCOPY t FROM stdin;\n1\n\\.\n",
      /0001_bad\.sql:2:1/,
    ],
    ["a psql meta-command", "SELECT 1;\n\\set x 1\n", /0001_bad\.sql:2:1/],
    ["BEGIN", "SELECT 1;\n  BEGIN;\nSELECT 2;\n", /0001_bad\.sql:2:3/],
    ["COMMIT", "SELECT 1; COMMIT;\n", /0001_bad\.sql:1:11/],
    ["ROLLBACK", "ROLLBACK;\n", /0001_bad\.sql:1:1/],
    [
      "a directive of nobody's",
      "-- pawl:wrong\nSELECT 1;\n",
      /0001_bad\.sql:1:1/,
    ],
    [
      "a string that does not end",
      "SELECT 1;\nSELECT 'a;\n",
      /0001_bad\.sql:2:8/,
    ],
  ] as const
) {
  fault(
    `a file with ${what} is exit 2 with its line, and nothing has run`,
    async ({ url, pawl }) => {
      assertFault(await pawl("upgrade"), 2, words);
      const rows = await execute(
        url,
        "SELECT to_regclass('t') AS t, to_regnamespace('pawl') AS pawl",
      );
      assert.deepEqual(rows, [{ t: null, pawl: null }]);
    },
    { "migrations/0001_bad.sql": text },
  );
}

fault("a file that is not UTF-8 is exit 2 and named", async ({ cwd, pawl }) => {
  await Deno.writeFile(
    join(cwd, "migrations/0002_latin.sql"),
    new Uint8Array([0x2d, 0x2d, 0x20, 0xe9, 0x0a]),
  );
  assertFault(await pawl("upgrade"), 2, /0002_latin\.sql/, /UTF-8/);
});

fault(
  "a syntax error in a later file stops the run before the first file",
  async ({ cwd, url, pawl }) => {
    await writeFiles(cwd, {
      "migrations/0002_bad.sql": "CREATE TABLE t (i int;\n",
    });
    const result = await pawl("upgrade");
    assert.equal(result.code, 2, result.stderr);
    assert.match(result.stderr, /0002_bad\.sql:1:22/);
    const rows = await execute(url, "SELECT to_regclass('t') AS t");
    assert.deepEqual(rows, [{ t: null }]);
  },
);

fault(
  "a statement that ends its own connection is exit 3, and the next run says where it stands",
  async ({ cwd, url, pawl }) => {
    await writeFiles(cwd, {
      "migrations/0002_kill.sql":
        "CREATE TABLE two ();\nSELECT pg_terminate_backend(pg_backend_pid());\n",
    });
    assertFault(
      await pawl("upgrade"),
      3,
      /error: Cannot go on: the connection to the server was lost \(/,
      /pawl status/,
    );
    const rows = await execute(
      url,
      "SELECT to_regclass('two') AS two, (SELECT string_agg(version || state, ',') FROM pawl.migrations) AS history",
    );
    assert.deepEqual(rows, [{ two: null, history: "0001applied" }]);
    await writeFiles(cwd, {
      "migrations/0002_kill.sql": "CREATE TABLE two ();\n",
    });
    assert.equal((await pawl("upgrade")).code, 0);
  },
);

fault(
  "a program in a range for sql is exit 6 and named",
  async ({ cwd, pawl }) => {
    await writeFiles(cwd, {
      "migrations/0002_data.js": "export function up() {}\n",
    });
    assertFault(
      await pawl("sql", "base:head"),
      6,
      /migrations\/0002_data\.js is a program, which no SQL script can run/,
    );
  },
);

fault(
  "names that are no migrations are listed once, and stop nothing",
  async ({ cwd, pawl }) => {
    await writeFiles(cwd, {
      "migrations/README.md": "read me\n",
      "migrations/notes.sql": "SELECT 1;\n",
      "migrations/0002-.txt": "",
    });
    assert.equal((await pawl("upgrade")).code, 0);
    const { code, stdout, stderr } = await pawl("status");
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /Not migrations, left alone: 0002-\.txt, README\.md, notes\.sql\n/,
    );
    assert.equal((stdout + stderr).split("notes.sql").length, 2);
  },
);

fault(
  "a file of five megabytes in many statements is applied, and its hash is right",
  async ({ cwd, url, pawl }) => {
    const rows = Array.from(
      { length: 50_000 },
      (_, i) => `INSERT INTO one VALUES (${i}, '${"x".repeat(70)}');`,
    );
    await writeFiles(cwd, {
      "migrations/0001_one.sql": `CREATE TABLE one (i int, t text);\n${
        rows.join("\n")
      }\n`,
    });
    const result = await pawl("upgrade");
    assert.equal(result.code, 0, result.stderr);
    const [row] = await execute(
      url,
      "SELECT count(*) AS n, (SELECT up_sql IS NULL FROM pawl.migrations) AS unstored FROM one",
    );
    assert.deepEqual(row, { n: "50000", unstored: "t" });
    assert.equal((await pawl("verify")).code, 0);
  },
);

fault(
  "a failure in the third megabyte of a file rolls all of it back and has its line",
  async ({ cwd, url, pawl }) => {
    const rows = Array.from(
      { length: 40_000 },
      (_, i) => `INSERT INTO one VALUES (${i}, '${"x".repeat(70)}');`,
    );
    rows[35_000] = "INSERT INTO one VALUES ('no number', '');";
    await writeFiles(cwd, {
      "migrations/0001_one.sql": `CREATE TABLE one (i int, t text);\n${
        rows.join("\n")
      }\n`,
    });
    assertFault(await pawl("upgrade"), 3, /0001_one\.sql:35002:25/);
    assert.deepEqual(await execute(url, "SELECT to_regclass('one') AS one"), [{
      one: null,
    }]);
  },
);

fault(
  "an empty file and one of comments only are applied [P75]",
  async ({ cwd, pawl }) => {
    await writeFiles(cwd, {
      "migrations/0002_empty.sql": "",
      "migrations/0003_comment.sql": "-- nothing\n/* at all */\n",
    });
    const result = await pawl("upgrade");
    assert.equal(result.code, 0, result.stderr);
    assert.match(result.stdout, /3 migrations applied/);
  },
);

for (const version of serversUnderTest()) {
  Deno.test(`a standby is read, and is exit 3 only where something is pending (PostgreSQL ${version})`, async () => {
    await using server = await startServer({ version });
    await withProject(ONE, async (cwd) => {
      const pawl = (...args: string[]) =>
        runCli(args, { cwd, env: { DATABASE_URL: server.url() } });
      assert.equal((await pawl("upgrade")).code, 0);
      await server.halt();
      const signal = join(server.dataDirectory, "standby.signal");
      await Deno.writeTextFile(signal, "");
      const account = serverAccount();
      if (account !== undefined) {
        await Deno.chown(signal, account.uid, account.gid);
      }
      await server.start();
      const [row] = await execute(
        server.url(),
        "SELECT pg_is_in_recovery() AS standby",
      );
      assert.equal(row?.["standby"], "t");
      const idle = await pawl("upgrade");
      assert.equal(idle.code, 0, idle.stderr);
      const status = await pawl("status");
      assert.equal(status.code, 0, status.stderr);
      await writeFiles(cwd, { "migrations/0002_two.sql": "SELECT 2;\n" });
      assertFault(await pawl("upgrade"), 3, /[Cc]onnect to the primary/);
      assertFault(
        await pawl("downgrade", "-y"),
        3,
        /[Cc]onnect to the primary/,
      );
    });
  });
}
