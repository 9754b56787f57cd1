/**
 * The servers that the other tests run on keep their promises: a database for
 * each test, and nothing left behind.
 *
 * @module
 */

import assert from "@std/assert";
import {
  execute,
  sharedServer,
  startServer,
  testOnServers,
  withDatabase,
} from "./support/servers.ts";
import { psql, psqlMissing } from "./support/psql.ts";

testOnServers(
  "a test has a database of its own",
  async ({ url, name, server }) => {
    const [row] = await execute(
      url,
      "SELECT current_database() AS database, current_setting('server_version_num') AS version",
    );
    assert.equal(row?.database, name);
    assert.equal(row?.version?.slice(0, 2), String(server.version));
  },
);

Deno.test("a database is dropped even while somebody is connected", async () => {
  let url = "";
  let sleeping: Promise<unknown> | undefined;
  await withDatabase(undefined, async (database) => {
    url = database.url;
    sleeping = assert.rejects(execute(url, "SELECT pg_sleep(60)"));
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname =
      '${database.name}' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()`;
    while ((await execute(url, waiting)).length === 0);
  });
  await sleeping;
  await assert.rejects(execute(url, "SELECT 1"), /does not exist/);
});

Deno.test("a URL carries names and passwords with any character", async () => {
  await withDatabase(undefined, async ({ url, server }) => {
    const login = { user: "o'brien@x/y", password: 'a:b/c?d#e%f"g' };
    await execute(
      url,
      `CREATE ROLE "${login.user}" LOGIN PASSWORD '${login.password}'`,
    );
    const other = await server.createDatabase(`p/q "r" ${login.user}`);
    try {
      const [row] = await execute(
        server.url(other.name, login),
        "SELECT current_user AS name, current_database() AS database",
      );
      assert.deepEqual({ ...row }, { name: login.user, database: other.name });
    } finally {
      await other.drop();
      await execute(url, `DROP ROLE "${login.user}"`);
    }
  });
});

Deno.test("isolates and calls share one server a version", async () => {
  const servers = await Promise.all([sharedServer(18), sharedServer(18)]);
  assert.equal(servers[0].url(), servers[1].url());
});

Deno.test("a server of one's own has the settings asked for, and restarts with its data", async () => {
  await using server = await startServer({
    fsync: true,
    settings: { "pawl.word": "it's" },
  });
  const settings =
    "SELECT current_setting('fsync') AS fsync, current_setting('pawl.word') AS word";
  await execute(server.url(), "CREATE TABLE t AS SELECT 1 AS n");
  await server.restart("immediate");
  const [row] = await execute(server.url(), settings);
  assert.deepEqual({ ...row }, { fsync: "on", word: "it's" });
  assert.equal((await execute(server.url(), "TABLE t")).length, 1);
  assert.match(await server.log(), /not properly shut down/);
});

Deno.test("stop() leaves no process and no file, and may be called twice", async () => {
  const server = await startServer();
  const pid = await postmaster(server.dataDirectory);
  await server.stop();
  await server.stop();
  await gone(pid);
  await assert.rejects(
    Deno.stat(server.socketDirectory),
    Deno.errors.NotFound,
  );
});

Deno.test("a server that cannot start says why", async () => {
  await assert.rejects(
    startServer({ settings: { max_connections: "many" } }),
    /Cannot start PostgreSQL \d+: .*max_connections/s,
  );
});

Deno.test("nothing remains of a test process that is killed", async () => {
  const support = new URL("./support/servers.ts", import.meta.url).href;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-check",
      `import { startServer } from "${support}";
       const { dataDirectory, socketDirectory } = await startServer({ version: 18 });
       console.log(JSON.stringify([dataDirectory, socketDirectory]));
       await new Promise((resolve) => setTimeout(resolve, 100_000));`,
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (
    const text of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    said += text;
    if (said.includes("\n")) break;
  }
  const [data, directory] = JSON.parse(said);
  const pid = await postmaster(data);
  assert.equal(await alive(pid), true);
  child.kill("SIGKILL");
  await child.status;
  await gone(pid);
  while (await present(directory)) await soon();
});

Deno.test({
  name: "psql() says how psql ended and what it wrote",
  ignore: psqlMissing,
  fn: () =>
    withDatabase(undefined, async ({ url }) => {
      const good = await psql(url, "SELECT 1 AS one \\g (format=csv)\n");
      assert.deepEqual(good, { code: 0, stdout: "one\n1\n", stderr: "" });
      const bad = await psql(url, "SELECT 1/0;\nCREATE TABLE never ();\n");
      assert.equal(bad.code, 3);
      assert.match(bad.stderr, /division by zero/);
      const [row] = await execute(url, "SELECT to_regclass('never') AS never");
      assert.equal(row?.never, null);
    }),
});

async function postmaster(dataDirectory: string): Promise<number> {
  const text = await Deno.readTextFile(`${dataDirectory}/postmaster.pid`);
  return Number(text.split("\n")[0]);
}

/** Ends when the process has; nobody tells a stranger of that, so it looks. */
async function gone(pid: number): Promise<void> {
  while (await alive(pid)) await soon();
}

// Deno lets nobody look into /proc who has not every permission.
async function alive(pid: number): Promise<boolean> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `kill -0 ${pid}`],
    stderr: "null",
  }).output();
  return success;
}

function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

async function present(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
