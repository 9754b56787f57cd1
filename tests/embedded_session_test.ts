/**
 * The embedded database as a session: what it answers, how it fails, and what
 * is left of a directory after every kind of end.
 *
 * @module
 */

import assert from "@std/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PawlError } from "../lib/errors.ts";
import {
  embeddedExtensions,
  type EmbeddedOptions,
  openEmbedded,
} from "../lib/pg/embedded.ts";
import {
  cachedImagePath,
  findImage,
  IMAGE_NAME,
  keepImage,
  packImage,
  PGLITE_VERSION,
  SHIPPED_IMAGE,
} from "../lib/pg/embedded_image.ts";
import { readTar } from "../lib/pg/tar.ts";
import {
  ConnectionLostError,
  ServerError,
  type Session,
} from "../lib/pg/session.ts";

const THROW_AWAY = { directory: undefined };
const ROOT = new URL("../", import.meta.url);

/** Runs with a session that is closed afterwards. */
async function withSession(
  directory: string | undefined,
  use: (session: Session) => Promise<void>,
  options: EmbeddedOptions = {},
): Promise<void> {
  const session = await openEmbedded({ directory }, options);
  try {
    await use(session);
  } finally {
    await session.close();
  }
}

/** Runs with a directory that is removed afterwards. */
async function withDirectory(
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "pawl-embedded-" });
  try {
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The rows of a query. */
async function rows(session: Session, sql: string) {
  return (await session.query(sql)).rows;
}

/** What a promise was rejected with. */
async function failure<E>(
  promise: Promise<unknown>,
  kind: abstract new (...values: never[]) => E,
): Promise<E> {
  const error = await promise.then(
    () => assert.fail("it should have failed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof kind, String(error));
  return error;
}

/** Another process that runs `code` with `openEmbedded` and `directory`. */
async function child(
  code: string,
  directory: string | undefined,
  env: Record<string, string> = {},
): Promise<Deno.ChildProcess> {
  const url = JSON.stringify(new URL("lib/pg/embedded.ts", ROOT).href);
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", "--config", "deno.json", "-"],
    cwd: ROOT,
    env: { DENO_DIR: denoDir(), ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(
    `import { openEmbedded } from ${url};
     const session = await openEmbedded({ directory: ${
      JSON.stringify(directory)
    } });
     ${code}`,
  ));
  await writer.close();
  return process;
}

/** Where Deno keeps npm packages, whatever the child's environment says. */
function denoDir(): string {
  const { DENO_DIR, XDG_CACHE_HOME, HOME } = Deno.env.toObject();
  return DENO_DIR ?? join(XDG_CACHE_HOME ?? join(HOME ?? "", ".cache"), "deno");
}

/** Waits for the first output of a process. */
async function firstOutput(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return new TextDecoder().decode(value);
}

async function kill(process: Deno.ChildProcess): Promise<void> {
  process.kill("SIGKILL");
  await process.stdout.cancel();
  await process.status;
}

Deno.test("values, types, command tags and counts are a server's", async () => {
  await withSession(undefined, async (session) => {
    assert.equal(session.info.backend, "embedded");
    assert.equal(Math.floor(session.info.version / 10000), 18);
    assert.equal(session.info.place, "pglite: (throw-away)");
    const results = await session.script(`
      CREATE TABLE t (a int, b jsonb, c timestamptz, d bool, e bytea, f int[]);
      INSERT INTO t VALUES (1, '{"x": 1}', '2020-01-01 00:00+00', true, '\\xff', '{1,null}'), (2, NULL, NULL, NULL, NULL, NULL);
      SELECT * FROM t ORDER BY a;
      UPDATE t SET a = a; ;
      SELECT WHERE false`);
    assert.deepEqual(results.map((r) => [r.command, r.rowCount]), [
      ["CREATE TABLE", null],
      ["INSERT", 2],
      ["SELECT", 2],
      ["UPDATE", 2],
      ["SELECT", 0],
    ]);
    assert.deepEqual(results[2]?.rows, [
      ["1", '{"x": 1}', "2020-01-01 00:00:00+00", "t", "\\xff", "{1,NULL}"],
      ["2", null, null, null, null, null],
    ]);
    assert.deepEqual(
      results[2]?.fields.map((f) => f.typeOid),
      [23, 3802, 1184, 16, 17, 1007],
    );
    const { rows } = await session.query("SELECT $1::text, $2::int + 1, $3", [
      "ü😀'\\",
      "41",
      null,
    ]);
    assert.deepEqual(rows, [["ü😀'\\", "42", null]]);
    assert.deepEqual(await session.script(" -- nothing"), []);
    // What PGlite sets otherwise, a server does not.
    assert.deepEqual(
      await session.query(
        "SELECT current_setting('search_path'), current_setting('allow_system_table_mods')",
      ).then((r) => r.rows),
      [['"$user", public', "off"]],
    );
  });
});

Deno.test("an error has the server's fields, the statements that ran, and aborts the transaction", async () => {
  await withSession(undefined, async (session) => {
    await session.script(
      "CREATE TABLE u (a int CONSTRAINT positive CHECK (a > 0))",
    );
    const failed = await failure(
      session.script(
        "BEGIN; INSERT INTO u VALUES (1); INSERT INTO u VALUES (-1); SELECT 1",
      ),
      ServerError,
    );
    assert.equal(failed.completed, 2);
    assert.equal(failed.sqlstate, "23514");
    assert.equal(failed.fields.constraint, "positive");
    assert.equal(failed.fields.table, "u");
    assert.match(failed.fields.detail ?? "", /Failing row/);
    const aborted = await failure(session.query("SELECT 1"), ServerError);
    assert.equal(aborted.sqlstate, "25P02");
    await session.script("ROLLBACK");
    assert.deepEqual(await rows(session, "SELECT count(*) FROM u"), [["0"]]);

    const syntax = await failure(
      session.query("SELECT 'ü😀', nope"),
      ServerError,
    );
    assert.equal(syntax.fields.position, 14);
    const implicit = await failure(
      session.script("INSERT INTO u VALUES (2); SELECT 1/0"),
      ServerError,
    );
    assert.equal(implicit.completed, 1);
    assert.deepEqual(await rows(session, "SELECT count(*) FROM u"), [["0"]]);
    const nul = await failure(
      session.script("SELECT 1\0; SELECT 2"),
      ServerError,
    );
    assert.equal(nul.sqlstate, "08P01");
    assert.ok(session.open);
  });
});

Deno.test("notices arrive, and a flood of them and of rows is complete", async () => {
  await withSession(undefined, async (session) => {
    const notices: string[] = [];
    const stop = session.onNotice((n) =>
      notices.push(`${n.severity} ${n.message}`)
    );
    const { command } = await session.query(
      "DO $$BEGIN FOR i IN 1..40000 LOOP RAISE NOTICE '% %', i, repeat('x', 600); END LOOP; RAISE WARNING 'w'; END$$",
    );
    assert.equal(command, "DO");
    assert.equal(notices.length, 40001);
    assert.ok(notices[39999]?.startsWith("NOTICE 40000 x"));
    assert.equal(notices[40000], "WARNING w");
    stop();
    const [first, second] = await session.script(
      "DO $$BEGIN RAISE NOTICE 'unheard'; END$$; SELECT i, repeat('y', 50) FROM generate_series(1, 100000) i",
    );
    assert.equal(notices.length, 40001);
    assert.equal(first?.rows.length, 0);
    assert.equal(second?.rows.length, 100000);
    assert.ok(second?.rows.every(([i], index) => i === String(index + 1)));
    // The rows of a statement that failed half-way belong to none.
    await failure(
      session.script(
        "SELECT 1 / (90000 - i) FROM generate_series(1, 100000) i",
      ),
      ServerError,
    );
    assert.deepEqual((await session.script("SELECT 1"))[0]?.rows, [["1"]]);
  });
});

Deno.test("databases in memory start from the same bytes, and each changes its own", async () => {
  const [one, other] = await Promise.all([
    openEmbedded({ directory: undefined }),
    openEmbedded({ directory: undefined }),
  ]);
  const state = async (session: Session) =>
    (await session.query(
      `SELECT obj_description('public'::regnamespace), (SELECT count(*) FROM pg_roles WHERE rolname = 'joe'),
        (SELECT count(*) FROM pg_database), to_regclass('t')::text`,
    )).rows[0];
  const before = await state(other);
  await one.script(
    "CREATE TABLE t (a int); COMMENT ON SCHEMA public IS 'mine'; CREATE ROLE joe",
  );
  // It is made of a template that nobody has opened.
  await one.script("CREATE DATABASE another");
  await one.script("CHECKPOINT");
  assert.deepEqual(await state(one), ["mine", "1", "4", "t"]);
  assert.deepEqual(await state(other), before);
  await one.close();
  const third = await openEmbedded({ directory: undefined });
  assert.deepEqual(await state(third), before);
  await other.close();
  await third.close();
});

Deno.test("RESET SESSION AUTHORIZATION goes back to who opened it, and errors behind it are where they are", async () => {
  await withSession(undefined, async (session) => {
    const who = () => rows(session, "SELECT session_user, current_user");
    const [[opener] = []] = await who();
    await session.script("CREATE ROLE r");
    for (
      const reset of [
        "RESET SESSION AUTHORIZATION",
        "SET SESSION AUTHORIZATION DEFAULT",
      ]
    ) {
      await session.script("SET SESSION AUTHORIZATION r");
      assert.deepEqual(await who(), [["r", "r"]]);
      await session.script(reset);
      assert.deepEqual(await who(), [[opener, opener]]);
      const sql = `SELECT 'ü'; ${reset}; SELECT nothing_there`;
      const { fields } = await failure(session.script(sql), ServerError);
      assert.equal(fields.position, sql.indexOf("nothing_there") + 1);
    }
  });
});

Deno.test("COPY FROM STDIN, CREATE SUBSCRIPTION and CREATE CONVERSION are refused, and the session goes on", async () => {
  await withSession(undefined, async (session) => {
    await session.script("CREATE TABLE c (a int)");
    for (const run of [session.script, (sql: string) => session.query(sql)]) {
      const copy = await failure(run("COPY c FROM STDIN"), ServerError);
      assert.equal(copy.sqlstate, "0A000");
    }
    const subscription =
      "CREATE /* x */ SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p";
    const refused = await failure(
      session.script(`BEGIN; INSERT INTO c VALUES (1); ${subscription}`),
      ServerError,
    );
    assert.equal(refused.sqlstate, "0A000");
    assert.equal(refused.completed, 2);
    assert.match(refused.message, /CREATE SUBSCRIPTION cannot run/);
    assert.equal(
      (await failure(session.query("SELECT 1"), ServerError)).sqlstate,
      "25P02",
    );
    await session.script("ROLLBACK");
    const conversion = await failure(
      session.script(
        "CREATE DEFAULT CONVERSION v FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1",
      ),
      ServerError,
    );
    assert.match(conversion.message, /^CREATE CONVERSION cannot run/);
    assert.deepEqual(
      await rows(session, "SELECT 'create subscription s', count(*) FROM c"),
      [["create subscription s", "0"]],
    );
  });
});

Deno.test("extensions come when they are mentioned, and are there when the directory is opened again", async () => {
  await withDirectory(async (directory) => {
    await withSession(directory, async (session) => {
      await session.script(
        `BEGIN; CREATE EXTENSION IF NOT EXISTS "uuid-ossp"; COMMIT`,
      );
      await session.script(
        "DO $$BEGIN EXECUTE 'CREATE EXTENSION earthdistance CASCADE'; END$$; CREATE EXTENSION hstore--x",
      );
      const missing = await failure(
        session.script("CREATE EXTENSION postgis"),
        ServerError,
      );
      assert.match(missing.message, /"postgis" is not available/);
      const available = await rows(
        session,
        "SELECT name FROM pg_available_extensions",
      );
      const names = new Set(available.map(([name]) => name));
      // auto_explain is a library without an extension.
      assert.deepEqual(
        embeddedExtensions.filter((name) => !names.has(name)),
        ["auto_explain"],
      );
    });
    await withSession(directory, async (session) => {
      assert.deepEqual(
        await rows(
          session,
          "SELECT 'a=>1'::hstore -> 'a', length(uuid_generate_v4()::text)",
        ),
        [["1", "36"]],
      );
    });
  });
  const unknown = await failure(
    openEmbedded(THROW_AWAY, { extensions: ["postgis"] }),
    PawlError,
  );
  assert.equal(unknown.code, "usage");
  await withSession(undefined, async (session) => {
    await session.script(
      "DO $$BEGIN EXECUTE 'CREATE EXTEN'||'SION cit'||'ext'; END$$",
    );
  }, { extensions: ["citext"] });
});

Deno.test("every extension can be created", async () => {
  await withSession(undefined, async (session) => {
    for (const name of embeddedExtensions) {
      if (name === "auto_explain") await session.script(`LOAD '${name}'`);
      else {await session.script(
          `CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`,
        );}
    }
  });
});

Deno.test("cancel() ends a running statement, keeps what was committed and frees the directory", async () => {
  await withDirectory(async (directory) => {
    const statements = [
      "SELECT pg_sleep(1000)",
      "CREATE TABLE big AS SELECT repeat('x', 1000) FROM generate_series(1, 100000000)",
    ];
    for (const [index, statement] of statements.entries()) {
      const session = await openEmbedded({ directory });
      await session.cancel(); // nothing runs: nothing happens
      assert.ok(session.open);
      await session.script(
        "CREATE TABLE IF NOT EXISTS k (a int); INSERT INTO k VALUES (1)",
      );
      await session.script("BEGIN; INSERT INTO k VALUES (2)");
      const heard = Promise.withResolvers<void>();
      session.onNotice(() => heard.resolve());
      const running = failure(
        session.script(`DO $$BEGIN RAISE NOTICE 'now'; END$$; ${statement}`),
        ConnectionLostError,
      );
      await heard.promise;
      await session.cancel();
      await running;
      assert.equal(session.open, false);
      await failure(session.query("SELECT 1"), ConnectionLostError);
      await session.close();
      await withSession(directory, async (next) => {
        assert.deepEqual(
          await rows(next, "SELECT a, count(*) FROM k GROUP BY a"),
          [["1", String(index + 1)]],
        );
      });
    }
  });
});

Deno.test("a broken instance ends the session, and the directory opens again", async () => {
  await withDirectory(async (directory) => {
    const session = await openEmbedded({ directory });
    await session.script("CREATE TABLE k (a int)");
    // PostgreSQL's parser recurses deeper here than a Worker's stack bears.
    const lost = await failure(
      session.query("SELECT 1" + " + 1".repeat(200000)),
      Error,
    );
    if (lost instanceof ServerError) assert.equal(lost.sqlstate, "54001");
    else assert.ok(lost instanceof ConnectionLostError, String(lost));
    await session.close();
    await withSession(directory, async (next) => {
      assert.deepEqual(await rows(next, "SELECT count(*) FROM k"), [["0"]]);
      // Ordinary recursion is PostgreSQL's own error, and breaks nothing.
      const deep = await failure(
        next.script(
          "CREATE FUNCTION f(n int) RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN f(n + 1); END$$; SELECT f(1)",
        ),
        ServerError,
      );
      assert.equal(deep.sqlstate, "54001");
      assert.deepEqual(await rows(next, "SELECT 1"), [["1"]]);
    });
  });
});

Deno.test("a process that is killed in a transaction leaves what was committed, and no lock", async () => {
  await withDirectory(async (directory) => {
    const db = join(directory, "db");
    const temporary = join(directory, "tmp");
    await Deno.mkdir(temporary);
    const process = await child(
      `await session.script("CREATE TABLE k AS SELECT i FROM generate_series(1, 1000) i");
       await session.script("BEGIN; DELETE FROM k; CREATE TABLE l (a int)");
       console.log("ready");
       await session.script("SELECT pg_sleep(1000)");`,
      db,
      { TMPDIR: temporary },
    );
    try {
      assert.equal((await firstOutput(process)).trim(), "ready");
      const held = await failure(openEmbedded({ directory: db }), PawlError);
      assert.equal(held.code, "lock-held");
      assert.match(
        held.message,
        new RegExp(`in use by process ${process.pid} `),
      );
    } finally {
      await kill(process);
    }
    await withSession(db, async (session) => {
      assert.deepEqual(
        await rows(session, "SELECT count(*), to_regclass('l') FROM k"),
        [["1000", null]],
      );
      // Crash recovery has not freed the lock of this process.
      const other = await child("console.log('opened')", db).then((p) =>
        p.output()
      );
      assert.equal(new TextDecoder().decode(other.stdout), "");
    });
    assert.deepEqual([...Deno.readDirSync(temporary)], []);
  });
});

Deno.test("a directory serves one session at a time, in one process too", async () => {
  await withDirectory(async (directory) => {
    const first = await openEmbedded({ directory });
    await first.script("CREATE TABLE k (a int)");
    const held = await failure(openEmbedded({ directory }), PawlError);
    assert.equal(held.code, "lock-held");
    assert.match(
      held.message,
      new RegExp(`this process \\(${Deno.pid}\\) since`),
    );
    const told: string[] = [];
    const again = failure(
      openEmbedded({ directory }, {
        lockWaitMs: 100,
        onWait: (text) => told.push(text),
      }),
      PawlError,
    );
    assert.equal((await again).code, "lock-held");
    assert.equal(told.length, 1);
    const waiting = Promise.withResolvers<void>();
    const second = openEmbedded({ directory }, {
      lockWaitMs: 30_000,
      onWait: () => waiting.resolve(),
    });
    await waiting.promise;
    await first.script("INSERT INTO k VALUES (1)");
    await first.close();
    await first.close();
    const session = await second;
    assert.deepEqual(await rows(session, "SELECT a FROM k"), [["1"]]);
    await session.close();

    const link = `${directory}.link`;
    await Deno.symlink(directory, link);
    try {
      await withSession(directory, async () => {
        await failure(openEmbedded({ directory: link }), PawlError);
      });
    } finally {
      await Deno.remove(link);
    }
  });
});

Deno.test("a directory of something else, or of another version, is refused and left alone", async () => {
  await withDirectory(async (directory) => {
    const notes = join(directory, "notes.txt");
    await Deno.writeTextFile(notes, "mine");
    const foreign = await failure(openEmbedded({ directory }), PawlError);
    assert.equal(foreign.code, "file-exists");
    assert.match(
      foreign.message,
      /holds notes\.txt and is no PostgreSQL data directory/,
    );
    assert.deepEqual([...Deno.readDirSync(directory)].map((e) => e.name), [
      "notes.txt",
    ]);

    const file = await failure(openEmbedded({ directory: notes }), PawlError);
    assert.equal(file.code, "file-unwritable");

    const old = join(directory, "old");
    await Deno.mkdir(old);
    await Deno.writeTextFile(join(old, "PG_VERSION"), "15\n");
    const version = await failure(openEmbedded({ directory: old }), PawlError);
    assert.equal(version.code, "server-unsupported");
    assert.match(version.message, /PostgreSQL 15, .* PostgreSQL 18/);

    const damaged = join(directory, "damaged");
    await Deno.mkdir(damaged);
    await Deno.writeTextFile(join(damaged, "PG_VERSION"), "18\n");
    const start = await failure(
      openEmbedded({ directory: damaged }),
      PawlError,
    );
    assert.equal(start.code, "connection-failed");
  });
});

Deno.test("a cluster whose making was interrupted is made anew", async () => {
  await withDirectory(async (directory) => {
    await Deno.writeTextFile(join(directory, "pawl.creating"), "");
    await Deno.mkdir(join(directory, "base"));
    await Deno.writeTextFile(join(directory, "base", "half"), "a file");
    await withSession(directory, async (session) => {
      assert.deepEqual(await rows(session, "SELECT 1"), [["1"]]);
    });
    const names = [...Deno.readDirSync(directory)].map((e) => e.name);
    assert.ok(names.includes("PG_VERSION"));
    assert.ok(!names.includes("pawl.creating"));
    assert.ok(
      ![...Deno.readDirSync(join(directory, "base"))].some((e) =>
        e.name === "half"
      ),
    );
  });
});

Deno.test("opening stops when the signal aborts, and frees the directory", async () => {
  await withDirectory(async (directory) => {
    const done = await failure(
      openEmbedded({ directory }, { signal: AbortSignal.abort() }),
      PawlError,
    );
    assert.equal(done.code, "interrupted");
    const abort = new AbortController();
    const opening = failure(
      openEmbedded({ directory }, { signal: abort.signal }),
      PawlError,
    );
    queueMicrotask(() => abort.abort());
    assert.equal((await opening).code, "interrupted");
    const first = await openEmbedded({ directory });
    const waiter = new AbortController();
    const waiting = failure(
      openEmbedded({ directory }, {
        signal: waiter.signal,
        lockWaitMs: 60_000,
        onWait: () => waiter.abort(),
      }),
      PawlError,
    );
    assert.equal((await waiting).code, "interrupted");
    await first.close();
  });
});

Deno.test({
  name:
    "a damaged image is removed and made anew; a cache that cannot be written is no error",
  // After `deno task build` there is a shipped image, which goes before any cache.
  ignore: existsSync(SHIPPED_IMAGE),
  fn: async () => {
    await withDirectory(async (directory) => {
      const cache = join(directory, "pawl", IMAGE_NAME);
      await Deno.mkdir(join(directory, "pawl"));
      await Deno.writeTextFile(cache, "no gzip");
      assert.equal(await findImage(cache), undefined);
      assert.throws(() => Deno.statSync(cache), Deno.errors.NotFound);

      await Deno.writeTextFile(cache, "no gzip");
      const process = await child(
        `console.log((await session.query("SELECT 1")).rows[0][0]); await session.close();`,
        undefined,
        { XDG_CACHE_HOME: directory },
      );
      assert.equal(
        new TextDecoder().decode((await process.output()).stdout),
        "1\n",
      );
      const image = await findImage(cache);
      assert.ok(image !== undefined);
      assert.deepEqual(
        [...Deno.readDirSync(join(directory, "pawl"))].length,
        1,
      );

      const whole = await Deno.readFile(cache);
      await Deno.writeFile(cache, whole.subarray(0, whole.length - 1000));
      assert.equal(await findImage(cache), undefined);
      await keepImage(cache, await packImage(new Uint8Array(2048)));
      assert.equal(await findImage(cache), undefined); // gzip, but no cluster
      await Deno.writeTextFile(join(directory, "file"), "");
      await keepImage(join(directory, "file", "pawl", "image"), whole);
    });
    assert.equal(cachedImagePath(() => undefined), undefined);
    assert.match(
      cachedImagePath((name) => name === "HOME" ? "/home/u" : undefined) ?? "",
      /[/\\]home[/\\]u[/\\]\.cache[/\\]pawl[/\\]/,
    );
  },
});

Deno.test("an archive with a name that leads out of it is refused", () => {
  const tar = new Uint8Array(1536);
  tar.set(new TextEncoder().encode("base/../../etc/passwd"));
  assert.throws(() => readTar(tar), /holds base\/\.\.\/\.\.\/etc\/passwd/);
});

Deno.test("the image's name has the version of PGlite that the import map pins", async () => {
  const text = await Deno.readTextFile(new URL("deno.json", ROOT));
  assert.ok(text.includes(`npm:@electric-sql/pglite@${PGLITE_VERSION}"`));
});
