/**
 * `pawl shell`: what psql is started with, and the prompt on the embedded
 * database.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { alignedTable } from "../lib/cli/aligned_table.ts";
import { PawlError } from "../lib/errors.ts";
import { psqlInvocation } from "../lib/migrate/psql.ts";
import { readTyped } from "../lib/migrate/sql_prompt.ts";
import { runCli, withProject } from "./support/cli.ts";
import { testOnServers } from "./support/servers.ts";

/** A program named psql that says how it was started, and ends as it is told. */
const FAKE_PSQL = `#!/bin/sh
printf 'arg %s\\n' "$@"
printf 'password %s\\n' "$PGPASSWORD" "\${PGSERVICE-none}"
exit "\${FAKE_EXIT:-0}"
`;

Deno.test("[P83] psql gets the password by its environment, everything else as it stands", () => {
  const found = psqlInvocation({
    source: "postgres://ann:s%40cret@db1,db2:5433/my%20app?sslmode=require",
    env: { PATH: "/bin", PGHOST: "elsewhere", PGOPTIONS: "-c geqo=off" },
    role: "app owner",
    searchPath: 'app, "Odd"',
    args: ["-X", "-c", "SELECT 1"],
  });
  assert.deepEqual(found.args, [
    "-d",
    "user='ann' host='db1,db2' port=',5433' dbname='my app' sslmode='require' " +
    "options='-c geqo=off -c role=app\\\\ owner -c search_path=app,\\\\ \"Odd\"'",
    "-X",
    "-c",
    "SELECT 1",
  ]);
  assert.deepEqual(found.env, {
    PATH: "/bin",
    PGHOST: "elsewhere",
    PGOPTIONS: "-c geqo=off",
    PGPASSWORD: "s@cret",
  });
  assert.ok(!found.args.join(" ").includes("s@cret"));
});

Deno.test("a service is resolved before psql starts, so that it overrides nothing", async () => {
  const service = "[s]\nhost=other\nport=6000\npassword=fromfile\n";
  await withProject({ "service.conf": service }, (cwd) => {
    const env = {
      PGSERVICE: "s",
      PGSERVICEFILE: join(cwd, "service.conf"),
    };
    const found = psqlInvocation({ source: "postgres://mine/app", env });
    assert.deepEqual(found.args, [
      "-d",
      "host='mine' dbname='app' port='6000'",
    ]);
    assert.equal(found.env["PGPASSWORD"], "fromfile");
    assert.equal(found.env["PGSERVICE"], undefined);
    return Promise.resolve();
  });
  assert.deepEqual(psqlInvocation({ source: "postgres://", env: {} }), {
    args: [],
    env: {},
  });
});

Deno.test("a secret that psql takes only on its command line is refused", () => {
  assert.throws(
    () => psqlInvocation({ source: "host=db sslpassword=hunter22", env: {} }),
    (error: unknown) =>
      error instanceof PawlError && error.exitCode === 2 &&
      !error.message.includes("hunter22"),
  );
});

Deno.test("pawl shell ends as psql ends, or says that there is none", async () => {
  const files = {
    "bin/psql": FAKE_PSQL,
    "pawl.toml":
      '[env.dev]\nurl = "postgres://pooler/app"\nmanagement_url = "postgres://u:pass1234@direct/app"\nrole = "owner"\n',
  };
  await withProject(files, async (cwd) => {
    const bin = join(cwd, "bin");
    Deno.chmodSync(join(bin, "psql"), 0o755);
    const shell = (FAKE_EXIT: string, ...args: string[]) =>
      runCli(["shell", ...args], {
        cwd,
        env: { PATH: `${bin}:${Deno.env.get("PATH")}`, FAKE_EXIT },
      });
    const good = await shell("0", "--", "-c", "SELECT 1");
    assert.equal(good.code, 0, good.stderr);
    assert.equal(
      good.stdout,
      "arg -d\narg user='u' host='direct' dbname='app' options='-c role=owner'\n" +
        "arg -c\narg SELECT 1\npassword pass1234\npassword none\n",
    );
    assert.ok(!good.stderr.includes("pass1234"));
    for (const code of [1, 2, 3]) {
      assert.equal((await shell(String(code))).code, code);
    }
    const odd = await shell("77");
    assert.equal(odd.code, 3);
    assert.match(odd.stderr, /psql ended with exit code 77/);
    Deno.removeSync(join(bin, "psql"));
    const none = await runCli(["shell"], {
      cwd,
      env: { PATH: bin, DENO: Deno.execPath() },
    });
    assert.equal(none.code, 3);
    assert.match(none.stderr, /there is none in PATH/);
  });
});

testOnServers(
  "psql on the database runs as the environment's role, where there is a psql",
  async (database) => {
    const psql = await new Deno.Command("sh", {
      args: ["-c", "command -v psql"],
      stdout: "null",
    }).output();
    if (!psql.success) return;
    const config =
      `[env.dev]\nurl = "${database.url}"\nrole = "pg_monitor"\nschema = "a b,public"\n`;
    await withProject({ "pawl.toml": config }, async (cwd) => {
      const { code, stdout, stderr } = await runCli([
        "shell",
        "--",
        "-XAtc",
        "SELECT current_user, current_database(), current_setting('search_path')",
      ], { cwd });
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `pg_monitor|${database.name}|"a b", public\n`);
    });
  },
);

/** Runs pawl shell on an embedded database with a script on standard input. */
async function embedded(cwd: string, script: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      new URL("../cli.ts", import.meta.url).pathname,
      "shell",
      "--db",
      "pglite:",
    ],
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("on an embedded database, pawl shell runs standard input until the first error", async () => {
  await withProject({}, async (cwd) => {
    const { code, stdout, stderr } = await embedded(
      cwd,
      "CREATE TABLE t (n int, s text);\n-- ';\nINSERT INTO t VALUES (1, 'é'), (20, E'a\\nb;');\nTABLE t;\n  SELECT nope;\nDROP TABLE t;\n",
    );
    assert.equal(code, 3);
    assert.equal(
      stdout,
      "CREATE TABLE\nINSERT 2\n n  |  s\n----+------\n  1 | é\n 20 | a↵b;\n(2 rows)\n",
    );
    assert.match(stderr, /column "nope" does not exist/);
    assert.match(stderr, /standard input:5:10/);
    const meta = await embedded(cwd, "SELECT 1;\n\\d\n");
    assert.equal(meta.code, 2);
    assert.equal(meta.stdout, "");
    const passed = await runCli(["shell", "--db", "pglite:", "--", "-c", "x"], {
      cwd,
    });
    assert.equal(passed.code, 2);
  });
});

Deno.test("readTyped() waits for the semicolon that ends a statement", () => {
  assert.deepEqual(readTyped("SELECT 1\n"), { kind: "more" });
  assert.deepEqual(readTyped("SELECT ';\n"), { kind: "more" });
  assert.deepEqual(readTyped("SELECT $$ ;\n"), { kind: "more" });
  assert.deepEqual(readTyped("SELECT 1; -- ;\nSELECT 2\n"), { kind: "more" });
  assert.deepEqual(readTyped("SELECT 1; SELECT ';';\n"), {
    kind: "ready",
    statements: ["SELECT 1", "SELECT ';'"],
  });
  assert.deepEqual(readTyped("\n"), { kind: "ready", statements: [] });
  assert.deepEqual(readTyped(" \\q\n"), { kind: "meta", command: "\\q" });
  assert.deepEqual(readTyped("SELECT 1 \\gx\n"), {
    kind: "meta",
    command: "\\gx",
  });
});

Deno.test("alignedTable() shows rows as psql does, one line each", () => {
  const result = {
    command: "SELECT",
    rowCount: 2,
    fields: [{ name: "id", typeOid: 23 }, { name: "name", typeOid: 25 }],
    rows: [["1", "日本"], ["10", null]],
  };
  assert.deepEqual(alignedTable(result), [
    " id | name",
    "----+------",
    "  1 | 日本",
    " 10 |",
    "(2 rows)",
  ]);
  assert.deepEqual(
    alignedTable({
      command: "CREATE TABLE",
      rowCount: null,
      fields: [],
      rows: [],
    }),
    ["CREATE TABLE"],
  );
  assert.deepEqual(alignedTable({ ...result, rows: [] }).at(-1), "(0 rows)");
});
