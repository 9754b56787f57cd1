/**
 * Sessions over real servers: logging in by every rule of libpq that matters,
 * what comes back, what happens when a connection ends, TLS, a pooler.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { PawlError } from "../lib/errors.ts";
import { connectServer } from "../lib/pg/server.ts";
import {
  ConnectionLostError,
  type Notice,
  ServerError,
  type Session,
} from "../lib/pg/session.ts";
import { waitForServer } from "../lib/pg/wait.ts";
import { runAsServerAccount, serverAccount } from "./support/postgres_files.ts";
import {
  execute,
  startServer,
  type TestDatabase,
  testOnServers,
  withDatabase,
} from "./support/servers.ts";

/** Nothing of the machine's own environment may play a part. */
const BARE = { env: {}, readFile: () => undefined } as const;

async function withSession(
  conninfo: string,
  body: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await connectServer(conninfo, BARE);
  try {
    await body(session);
  } finally {
    await session.close();
  }
}

async function pawlError(work: Promise<unknown>): Promise<PawlError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PawlError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

async function serverError(work: Promise<unknown>): Promise<ServerError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

async function lost(work: Promise<unknown>): Promise<ConnectionLostError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ConnectionLostError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "the connection held" });
}

/** The URL with its query replaced and parts of it changed. */
function url(database: TestDatabase, change: (url: URL) => void): string {
  const copy = new URL(database.url);
  change(copy);
  return copy.href;
}

testOnServers(
  "connectServer() tells what it is connected to",
  async (database) => {
    await withSession(database.url, async (session) => {
      const { info } = session;
      assert.equal(info.backend, "server");
      assert.equal(Math.floor(info.version / 10000), database.server.version);
      assert.ok(info.versionText.startsWith(String(database.server.version)));
      assert.equal(info.database, database.name);
      assert.equal(info.user, "postgres");
      const { host } = new URL(database.url);
      assert.equal(info.place, `${host}/${database.name}`);
      assert.equal(info.pooled, false);
      assert.equal(info.standby, false);
      const { rows } = await session.query("SELECT pg_backend_pid()");
      assert.equal(rows[0]?.[0], String(info.pid));
    });
  },
);

testOnServers(
  "a session gives every value in text format",
  async (database) => {
    await withSession(database.url, async (session) => {
      const result = await session.query(
        "SELECT 1::int8, true, '\\x00ff'::bytea, ARRAY[1,2], NULL, $1::text, $2::date, $3::text",
        ["häß\n", "2026-01-02", null],
      );
      assert.deepEqual(result.rows, [
        ["1", "t", "\\x00ff", "{1,2}", null, "häß\n", "2026-01-02", null],
      ]);
      assert.equal(result.command, "SELECT");
      assert.equal(result.rowCount, 1);
      assert.deepEqual(
        result.fields.map((field) => field.typeOid).slice(0, 4),
        [20, 16, 17, 1007],
      );
      assert.deepEqual(
        await session.query("CREATE TABLE t (a int)"),
        { command: "CREATE TABLE", rowCount: null, fields: [], rows: [] },
      );
      assert.equal((await session.query("")).command, "");
    });
  },
);

testOnServers(
  "script() runs any number of statements and counts those before an error",
  async (database) => {
    await withSession(database.url, async (session) => {
      const results = await session.script(
        ";CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2);; SELECT a FROM t; SELECT a FROM t WHERE false",
      );
      assert.deepEqual(
        results.map(({ command, rowCount, rows }) => ({
          command,
          rowCount,
          rows,
        })),
        [
          { command: "CREATE TABLE", rowCount: null, rows: [] },
          { command: "INSERT", rowCount: 2, rows: [] },
          { command: "SELECT", rowCount: 2, rows: [["1"], ["2"]] },
          { command: "SELECT", rowCount: 0, rows: [] },
        ],
      );
      assert.deepEqual(await session.script(""), []);
      const failing = "BEGIN; INSERT INTO t VALUES (3); SELECT\n  nope; COMMIT";
      const error = await serverError(session.script(failing));
      assert.equal(error.completed, 2);
      assert.equal(error.sqlstate, "42703");
      assert.equal(error.fields.position, failing.indexOf("nope") + 1);
      // The session goes on, in the failed transaction that the script left.
      assert.equal(
        (await serverError(session.query("SELECT 1"))).sqlstate,
        "25P02",
      );
      await session.script("ROLLBACK");
      assert.equal(
        (await session.query("SELECT count(*) FROM t")).rows[0]?.[0],
        "2",
      );
    });
  },
);

testOnServers(
  "COPY FROM STDIN fails and COPY TO STDOUT passes, in both protocols",
  async (database) => {
    await withSession(database.url, async (session) => {
      await session.script("CREATE TABLE t (a int)");
      const inScript = await serverError(
        session.script("SELECT 1; COPY t FROM STDIN; SELECT 2"),
      );
      assert.equal(inScript.completed, 1);
      // Not 57014, which is what a time-out or an interrupt says.
      assert.equal(inScript.sqlstate, "0A000");
      assert.equal(
        (await serverError(session.query("COPY t FROM STDIN"))).sqlstate,
        "0A000",
      );
      const copied = "COPY (SELECT generate_series(1, 20000)) TO STDOUT";
      assert.equal((await session.query(copied)).rowCount, 20000);
      const results = await session.script(`${copied}; SELECT 2`);
      assert.deepEqual(results.map(({ rowCount }) => rowCount), [20000, 1]);
    });
  },
);

testOnServers(
  "notices reach a listener until it leaves, and cost nothing without one",
  async (database) => {
    const flood =
      "DO $$BEGIN FOR i IN 1..100000 LOOP RAISE NOTICE 'n %', i; END LOOP; END$$";
    await withSession(database.url, async (session) => {
      await session.query("SET client_min_messages = notice");
      await session.script(flood);
      const notices: Notice[] = [];
      const leave = session.onNotice((notice) => notices.push(notice));
      await session.script(
        "DO $$BEGIN RAISE WARNING 'w' USING detail = 'd', hint = 'h', errcode = '01ABC'; END$$; " +
          "DROP TABLE IF EXISTS nope",
      );
      leave();
      await session.script(flood);
      assert.deepEqual(notices, [
        {
          severity: "WARNING",
          sqlstate: "01ABC",
          message: "w",
          detail: "d",
          hint: "h",
        },
        {
          severity: "NOTICE",
          sqlstate: "00000",
          message: 'table "nope" does not exist, skipping',
        },
      ]);
    });
  },
);

testOnServers(
  "calls that overlap are made one after the other",
  async (database) => {
    await withSession(database.url, async (session) => {
      const outcomes = await Promise.allSettled([
        session.query("SELECT pg_sleep(0.05), 'a'"),
        session.query("SELECT 1/0"),
        session.script("SELECT 'c'"),
      ]);
      assert.deepEqual(outcomes.map(({ status }) => status), [
        "fulfilled",
        "rejected",
        "fulfilled",
      ]);
    });
  },
);

testOnServers(
  "text that the protocol cannot carry is refused, not cut short",
  async (database) => {
    await withSession(database.url, async (session) => {
      await session.script("CREATE TABLE t (a text)");
      for (
        const work of [
          session.script("INSERT INTO t VALUES ('a')\0; SELECT 1"),
          session.query("INSERT INTO t VALUES ($1)", ["a\0b"]),
          session.query("INSERT INTO t VALUES ('\ud800')"),
        ]
      ) {
        assert.equal((await serverError(work)).sqlstate, "22021");
      }
      assert.equal(
        (await session.query("SELECT count(*) FROM t")).rows[0]?.[0],
        "0",
      );
    });
  },
);

testOnServers(
  "cancel() ends what runs and is harmless when idle",
  async (database) => {
    await withSession(database.url, async (session) => {
      await session.cancel();
      const sleeping = session.query("SELECT pg_sleep(60)");
      await untilRunning(database.url, session.info.pid);
      const [error] = await Promise.all([
        serverError(sleeping),
        session.cancel(),
      ]);
      assert.equal(error.sqlstate, "57014");
      assert.equal((await session.query("SELECT 1")).rowCount, 1);
    });
  },
);

testOnServers(
  "a terminated backend is a lost connection, and says why",
  async (database) => {
    await withSession(database.url, async (session) => {
      const error = await lost(
        session.query(
          "SELECT pg_terminate_backend(pg_backend_pid()), pg_sleep(5)",
        ),
      );
      assert.equal(error.fields?.sqlstate, "57P01");
      assert.equal(session.open, false);
      assert.equal(
        (await lost(session.query("SELECT 1"))).fields?.sqlstate,
        "57P01",
      );
      await session.cancel();
    });
  },
);

testOnServers(
  "an idle session that is terminated is no uncaught error",
  async (database) => {
    await withSession(database.url, async (session) => {
      await execute(
        database.url,
        `SELECT pg_terminate_backend(${session.info.pid}, 5000)`,
      );
      assert.equal(
        (await lost(session.query("SELECT 1"))).fields?.sqlstate,
        "57P01",
      );
    });
  },
);

testOnServers(
  "close() may be called twice and abandons what runs",
  async (database) => {
    const session = await connectServer(database.url, BARE);
    assert.ok(session.open);
    const sleeping = lost(session.query("SELECT pg_sleep(60)"));
    await untilRunning(database.url, session.info.pid);
    await Promise.all([session.close(), session.close()]);
    assert.equal(session.open, false);
    await sleeping;
    await lost(session.query("SELECT 1"));
  },
);

testOnServers(
  "application_name is pawl unless the user names one [P4]",
  async (database) => {
    const name = async (conninfo: string, options = {}) => {
      const session = await connectServer(conninfo, { ...BARE, ...options });
      const { rows } = await session.query("SHOW application_name");
      await session.close();
      return rows[0]?.[0];
    };
    const named = url(
      database,
      (it) => it.searchParams.set("application_name", "mine"),
    );
    assert.equal(await name(database.url), "pawl");
    assert.equal(
      await name(database.url, { applicationName: "pawl lock" }),
      "pawl lock",
    );
    assert.equal(await name(named, { applicationName: "pawl lock" }), "mine");
    assert.equal(
      await name(database.url, { env: { PGAPPNAME: "env" } }),
      "env",
    );
  },
);

testOnServers(
  "options, PGTZ and PGDATESTYLE reach the session [P4]",
  async (database) => {
    const session = await connectServer(
      // Libpq takes a + for itself, so a space must be %20.
      `${database.url}?options=-c%20work_mem%3D7MB%20-c%20search_path%3D%22a%5C%20b%22`,
      { ...BARE, env: { PGTZ: "Asia/Tokyo", PGDATESTYLE: "German" } },
    );
    const { rows } = await session.query(
      "SELECT current_setting('work_mem'), current_setting('TimeZone'), current_setting('DateStyle'), " +
        "current_setting('client_encoding'), current_setting('search_path')",
    );
    await session.close();
    assert.deepEqual(rows, [[
      "7MB",
      "Asia/Tokyo",
      "German, DMY",
      "UTF8",
      '"a b"',
    ]]);
  },
);

testOnServers(
  "a refused login says why and does not show the password",
  async (database) => {
    const refused = (change: (url: URL) => void) =>
      pawlError(connectServer(url(database, change), BARE));
    const wrong = await refused((it) => it.password = "s3cret-wrong");
    assert.equal(wrong.code, "authentication-failed");
    assert.equal(wrong.server?.sqlstate, "28P01");
    assert.match(
      wrong.message,
      /password authentication failed for user "postgres"/,
    );
    assert.ok(
      !JSON.stringify([wrong.message, wrong.hint, wrong.details]).includes(
        "s3cret",
      ),
    );
    const none = await refused((it) => it.password = "");
    assert.equal(none.code, "authentication-failed");
    assert.match(none.message, /asks for a password, and none was given/);
    const unknown = await refused((it) => it.pathname = "/nope");
    assert.equal(unknown.code, "connection-failed");
    assert.match(unknown.message, /the database "nope" does not exist/);
    assert.equal(unknown.server?.sqlstate, "3D000");
  },
);

testOnServers(
  "a server without a connection left says so",
  async (database) => {
    await execute(
      database.url,
      `CREATE ROLE "crowd_${database.name}" LOGIN PASSWORD 'x' CONNECTION LIMIT 0`,
    );
    try {
      const error = await pawlError(connectServer(
        url(database, (it) => {
          it.username = `crowd_${database.name}`;
          it.password = "x";
        }),
        BARE,
      ));
      assert.equal(error.code, "connection-failed");
      assert.equal(error.server?.sqlstate, "53300");
      assert.match(error.message, /no connection left/);
    } finally {
      await execute(database.url, `DROP ROLE "crowd_${database.name}"`);
    }
  },
);

testOnServers(
  "a role that may not connect is told the right that it lacks",
  async (database) => {
    const role = `out_${database.name}`;
    await execute(
      database.url,
      `CREATE ROLE "${role}" LOGIN PASSWORD 'x'; REVOKE CONNECT ON DATABASE "${database.name}" FROM PUBLIC`,
    );
    try {
      const error = await pawlError(connectServer(
        url(database, (it) => {
          it.username = role;
          it.password = "x";
        }),
        BARE,
      ));
      assert.equal(error.code, "permission-denied");
      assert.match(error.hint ?? "", /GRANT CONNECT/);
    } finally {
      await execute(database.url, `DROP ROLE "${role}"`);
    }
  },
);

testOnServers(
  "passwords come from the password file and the service file",
  async (database) => {
    const { hostname, port, password } = new URL(database.url);
    const files: Record<string, string> = {
      "/pgpass": `${hostname}:${port}:*:postgres:${password}\n`,
      "/services":
        `[app]\nhost=${hostname}\nport=${port}\nuser=postgres\ndbname=${database.name}\n`,
    };
    const session = await connectServer("", {
      env: {
        PGSERVICE: "app",
        PGSERVICEFILE: "/services",
        PGPASSFILE: "/pgpass",
      },
      readFile: (path) => {
        const text = files[path];
        return text === undefined ? undefined : { text, mode: 0o600 };
      },
    });
    assert.equal(session.info.database, database.name);
    await session.close();
  },
);

testOnServers("hosts are tried in turn until one answers", async (database) => {
  const { hostname, port } = new URL(database.url);
  const dead = closedPort();
  const list = database.url.replace(
    `${hostname}:${port}`,
    `127.0.0.1:${dead},${hostname}:${port}`,
  );
  await withSession(list, (session) => {
    assert.equal(session.info.place, `${hostname}:${port}/${database.name}`);
    return Promise.resolve();
  });
  const nowhere = await pawlError(
    connectServer(`postgres://127.0.0.1:${dead},localhost:${dead}/app`, BARE),
  );
  assert.equal(nowhere.code, "connection-failed");
  assert.ok(nowhere.details.length >= 2);
  assert.match(
    nowhere.details[0] ?? "",
    /^127\.0\.0\.1:\d+: connection refused/,
  );
});

testOnServers(
  "target_session_attrs picks the kind of server that is wanted",
  async (database) => {
    const wanted = (attrs: string) =>
      url(database, (it) => it.searchParams.set("target_session_attrs", attrs));
    for (const attrs of ["any", "read-write", "primary", "prefer-standby"]) {
      await withSession(wanted(attrs), () => Promise.resolve());
    }
    for (const attrs of ["standby", "read-only"]) {
      assert.equal(
        (await pawlError(connectServer(wanted(attrs), BARE))).code,
        "connection-failed",
      );
    }
    await execute(
      database.url,
      `ALTER DATABASE "${database.name}" SET default_transaction_read_only = on`,
    );
    await withSession(wanted("read-only"), () => Promise.resolve());
    const error = await pawlError(connectServer(wanted("read-write"), BARE));
    assert.match(error.message, /its sessions are read-only/);
  },
);

testOnServers(
  "require_auth is kept before a password is sent",
  async (database) => {
    const error = await pawlError(
      connectServer(
        url(database, (it) => it.searchParams.set("require_auth", "md5")),
        BARE,
      ),
    );
    assert.equal(error.code, "authentication-failed");
    assert.match(
      error.message,
      /scram-sha-256 authentication, which require_auth excludes/,
    );
    const scram = url(
      database,
      (it) => it.searchParams.set("require_auth", "scram-sha-256"),
    );
    await withSession(scram, () => Promise.resolve());
  },
);

Deno.test("PG* variables of the process play no part beside those that are given", async () => {
  await withDatabase(undefined, async (database) => {
    const before = Deno.env.get("PGOPTIONS");
    Deno.env.set("PGOPTIONS", "-c work_mem=9MB");
    Deno.env.set("PGSSLNEGOTIATION", "direct");
    try {
      await withSession(database.url, async (session) => {
        assert.notEqual(
          (await session.query("SHOW work_mem")).rows[0]?.[0],
          "9MB",
        );
      });
    } finally {
      Deno.env.delete("PGSSLNEGOTIATION");
      if (before === undefined) Deno.env.delete("PGOPTIONS");
      else Deno.env.set("PGOPTIONS", before);
    }
  });
});

Deno.test("what is no PostgreSQL server is told from one", async () => {
  await using http = answering((connection) =>
    connection.write(BYTES("HTTP/1.1 400 Bad\r\n\r\n"))
  );
  for (const mode of ["disable", "prefer", "require"]) {
    const error = await pawlError(
      connectServer(
        `postgres://x:x@127.0.0.1:${http.port}/x?sslmode=${mode}`,
        BARE,
      ),
    );
    assert.equal(error.code, "connection-failed");
    assert.match(error.message, /not a PostgreSQL server|no PostgreSQL's/);
  }
});

Deno.test("a server that never answers ends with connect_timeout or the signal", async () => {
  await using silent = answering(() => Promise.resolve());
  const target = `postgres://x:x@127.0.0.1:${silent.port}/x`;
  const late = await pawlError(
    connectServer(`${target}?connect_timeout=1`, BARE),
  );
  assert.equal(late.code, "connection-failed");
  assert.match(late.message, /no answer in time/);
  const stop = new AbortController();
  const work = pawlError(
    connectServer(target, { ...BARE, signal: stop.signal }),
  );
  await silent.accepted;
  stop.abort();
  assert.equal((await work).code, "interrupted");
  const before = await pawlError(
    connectServer(target, { ...BARE, signal: stop.signal }),
  );
  assert.equal(before.exitCode, 130);
});

Deno.test("sockets in the file system work, also for cancel()", async () => {
  await using server = await startServer();
  const conninfo =
    `host=${server.socketDirectory} port=${server.port} user=postgres dbname=postgres sslmode=verify-full`;
  await withSession(conninfo, async (session) => {
    assert.equal(
      session.info.place,
      `${server.socketDirectory}:${server.port}/postgres`,
    );
    const sleeping = session.query("SELECT pg_sleep(60)");
    await untilRunning(server.url(), session.info.pid);
    const [error] = await Promise.all([
      serverError(sleeping),
      session.cancel(),
    ]);
    assert.equal(error.sqlstate, "57014");
  });
});

Deno.test("a crash of the server is a lost connection", async () => {
  await using server = await startServer();
  const session = await connectServer(server.url(), BARE);
  const running = lost(session.query("SELECT pg_sleep(60)"));
  await untilRunning(server.url(), session.info.pid);
  await server.halt("immediate");
  await running;
  assert.equal(session.open, false);
  await session.close();
});

Deno.test("waitForServer() waits for a server that comes, and not for a wrong password [P83]", async () => {
  await using server = await startServer();
  await server.halt();
  const tries: number[] = [];
  let starting: Promise<void> | undefined;
  const info = await waitForServer(server.url(), {
    ...BARE,
    timeoutMs: 60_000,
    onAttempt: ({ attempt, error }) => {
      tries.push(attempt);
      assert.ok(
        error instanceof PawlError || error instanceof ConnectionLostError,
      );
      starting ??= server.start();
    },
  });
  await starting;
  assert.equal(info.database, "postgres");
  assert.equal(tries[0], 1);
  const patient = {
    ...BARE,
    timeoutMs: 60_000,
    onAttempt: () => assert.fail("tried again"),
  };
  const wrong = server.url("postgres", { user: "postgres", password: "no" });
  assert.equal(
    (await pawlError(waitForServer(wrong, patient))).code,
    "authentication-failed",
  );
  const unknown = await pawlError(waitForServer(server.url("nope"), patient));
  assert.equal(unknown.server?.sqlstate, "3D000");
  await server.halt();
  const over = await pawlError(
    waitForServer(server.url(), { ...BARE, timeoutMs: 300 }),
  );
  assert.equal(over.code, "connection-failed");
  const stop = new AbortController();
  const interrupted = await pawlError(waitForServer(server.url(), {
    ...BARE,
    timeoutMs: 60_000,
    signal: stop.signal,
    onAttempt: () => stop.abort(),
  }));
  assert.equal(interrupted.code, "interrupted");
});

Deno.test("TLS follows sslmode as libpq documents it [G25]", async (t) => {
  const directory = await Deno.makeTempDir();
  try {
    const files = await makeCertificates(directory);
    await using server = await startServer({
      settings: {
        ssl: "on",
        ssl_cert_file: files.certificate,
        ssl_key_file: files.key,
      },
    });
    const hba = join(server.dataDirectory, "pg_hba.conf");
    await Deno.writeTextFile(
      hba,
      "hostnossl all plain all trust\nhostssl all plain all reject\nhostssl all secure all scram-sha-256\n" +
        "hostssl all,postgres all all scram-sha-256\nlocal all all trust\n",
    );
    const local =
      `host=${server.socketDirectory} port=${server.port} user=postgres dbname=postgres`;
    await withSession(local, async (session) => {
      await session.script(
        "CREATE ROLE plain LOGIN; CREATE ROLE secure LOGIN PASSWORD 'x'; SELECT pg_reload_conf()",
      );
    });
    await server.restart();
    const disk = {
      env: {},
      readFile: (path: string) => ({
        text: Deno.readTextFileSync(path),
        mode: 0o600,
      }),
    };
    const base = `port=${server.port} dbname=postgres password=x`;
    const encrypted = async (conninfo: string) => {
      const session = await connectServer(`${base} ${conninfo}`, {
        ...disk,
        readFile: (path) =>
          path.startsWith(directory) ? disk.readFile(path) : undefined,
      });
      const { rows } = await session.query(
        "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
      );
      await session.close();
      return rows[0]?.[0];
    };
    const refused = (conninfo: string) => pawlError(encrypted(conninfo));
    const localhost = "host=localhost hostaddr=127.0.0.1";
    const root = `sslrootcert=${files.root}`;
    await t.step("require encrypts without asking who answers", async () => {
      assert.equal(
        await encrypted(`${localhost} user=secure sslmode=require`),
        "true",
      );
      assert.equal(await encrypted(`${localhost} user=secure`), "true");
      const other = "host=elsewhere.example hostaddr=127.0.0.1";
      assert.equal(
        await encrypted(`${other} user=secure sslmode=require`),
        "true",
      );
    });
    await t.step("verify-full checks the chain and the name", async () => {
      assert.equal(
        await encrypted(`${localhost} user=secure sslmode=verify-full ${root}`),
        "true",
      );
      assert.equal(
        await encrypted(
          `host=127.0.0.1 user=secure sslmode=verify-full ${root}`,
        ),
        "true",
      );
      const name = await refused(
        `host=elsewhere.example hostaddr=127.0.0.1 user=secure sslmode=verify-full ${root}`,
      );
      assert.equal(name.code, "connection-failed");
      assert.match(name.message, /TLS failed/);
      const noSni = await refused(
        `host=elsewhere.example hostaddr=127.0.0.1 user=secure sslmode=verify-full sslsni=0 ${root}`,
      );
      assert.match(noSni.message, /TLS failed/);
    });
    await t.step(
      "verify-ca checks the chain only, and require does with a root at hand",
      async () => {
        const other = "host=elsewhere.example hostaddr=127.0.0.1";
        assert.equal(
          await encrypted(`${other} user=secure sslmode=verify-ca ${root}`),
          "true",
        );
        for (const mode of ["verify-ca", "require", "verify-full"]) {
          const error = await refused(
            `${localhost} user=secure sslmode=${mode} sslrootcert=${files.otherRoot}`,
          );
          assert.match(error.message, /TLS failed/);
        }
        assert.match(
          (await refused(`${localhost} user=secure sslrootcert=system`))
            .message,
          /TLS failed/,
        );
      },
    );
    await t.step(
      "prefer and allow fall back to what the server takes",
      async () => {
        assert.equal(
          await encrypted(`${localhost} user=plain sslmode=prefer`),
          "false",
        );
        assert.equal(
          await encrypted(`${localhost} user=plain sslmode=allow`),
          "false",
        );
        assert.equal(
          await encrypted(`${localhost} user=secure sslmode=allow`),
          "true",
        );
        const never = await refused(`${localhost} user=secure sslmode=disable`);
        assert.equal(never.code, "authentication-failed");
        assert.match(never.hint ?? "", /sslmode/);
      },
    );
    await t.step(
      "a password that fails over TLS is not sent again without it",
      async () => {
        const error = await refused(
          `${localhost} user=secure sslmode=prefer password=wrong`,
        );
        assert.equal(error.server?.sqlstate, "28P01");
        assert.equal(error.details.length, 0);
      },
    );
    await t.step("channel binding is used, and never without TLS", async () => {
      const bound =
        `${localhost} user=secure sslmode=require channel_binding=require`;
      // Runtimes before 2.9 do not give the server's certificate away.
      if (Number(Deno.version.deno.split(".")[1]) >= 9) {
        assert.equal(await encrypted(bound), "true");
      } else {
        assert.equal((await refused(bound)).code, "authentication-failed");
      }
      const plain = await refused(
        `${localhost} user=plain sslmode=disable channel_binding=require`,
      );
      assert.equal(plain.code, "authentication-failed");
    });
    await t.step("cancel() goes over TLS too", async () => {
      const conninfo = `${base} ${localhost} user=secure sslmode=require`;
      await withSession(conninfo, async (session) => {
        const sleeping = session.query("SELECT pg_sleep(60)");
        await untilRunning(local, session.info.pid);
        const [error] = await Promise.all([
          serverError(sleeping),
          session.cancel(),
        ]);
        assert.equal(error.sqlstate, "57014");
      });
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("a server without TLS is used without it only where the mode allows [G25]", async () => {
  await withDatabase(undefined, async (database) => {
    const mode = (name: string) =>
      url(database, (it) => it.searchParams.set("sslmode", name));
    await withSession(mode("prefer"), () => Promise.resolve());
    const error = await pawlError(connectServer(mode("require"), BARE));
    assert.match(error.message, /the server does not support TLS/);
  });
});

const PGBOUNCER = "/usr/sbin/pgbouncer";

Deno.test({
  name:
    "everything works through pgbouncer in transaction mode, which is recognised [P6]",
  ignore: !found(PGBOUNCER),
  fn: async () => {
    await withDatabase(undefined, async (database) => {
      await using pooler = await startPgbouncer(database);
      await waitForServer(pooler.url, { ...BARE, timeoutMs: 30_000 });
      await withSession(pooler.url, async (session) => {
        assert.equal(session.info.pooled, true);
        assert.equal(session.info.database, database.name);
        for (let i = 0; i < 3; i++) {
          assert.deepEqual(
            (await session.query("SELECT $1::int + 1", [String(i)])).rows,
            [
              [String(i + 1)],
            ],
          );
        }
        const script =
          "BEGIN; CREATE TABLE t (a int); INSERT INTO t VALUES (1); COMMIT";
        assert.equal((await session.script(script)).length, 4);
        assert.equal(
          (await serverError(session.query("SELECT 1/0"))).sqlstate,
          "22012",
        );
        const sleeping = session.query("SELECT pg_sleep(60)");
        await untilActive(database.url, "pg_sleep(60)");
        const [error] = await Promise.all([
          serverError(sleeping),
          session.cancel(),
        ]);
        assert.equal(error.sqlstate, "57014");
      });
      const refused = await pawlError(
        connectServer(`${pooler.url}?options=-c%20geqo%3Doff`, BARE),
      );
      assert.equal(refused.code, "connection-failed");
      assert.match(refused.hint ?? "", /management_url/);
    });
  },
});

/** Waits until a backend runs something. */
async function untilRunning(conninfo: string, pid: number): Promise<void> {
  await withSession(conninfo, async (session) => {
    for (;;) {
      const { rows } = await session.query(
        "SELECT 1 FROM pg_stat_activity WHERE pid = $1::int AND wait_event = 'PgSleep'",
        [String(pid)],
      );
      if (rows.length > 0) return;
    }
  });
}

async function untilActive(conninfo: string, text: string): Promise<void> {
  await withSession(conninfo, async (session) => {
    for (;;) {
      const { rows } = await session.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND position($1 in query) > 0",
        [text],
      );
      if (rows.length > 0) return;
    }
  });
}

/** A port that nobody listens on. */
function closedPort(): number {
  const listener = Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    transport: "tcp",
  });
  const { port } = listener.addr;
  listener.close();
  return port;
}

const BYTES = (text: string) => new TextEncoder().encode(text);

interface Listener extends AsyncDisposable {
  readonly port: number;
  /** When somebody has connected. */
  readonly accepted: Promise<void>;
}

/** Listens, and does one thing with every connection. */
function answering(
  answer: (connection: Deno.Conn) => Promise<unknown>,
): Listener {
  const listener = Deno.listen({
    hostname: "127.0.0.1",
    port: 0,
    transport: "tcp",
  });
  const open: Deno.Conn[] = [];
  const first = Promise.withResolvers<void>();
  const loop = (async () => {
    for await (const connection of listener) {
      open.push(connection);
      first.resolve();
      await answer(connection).catch(() => {});
    }
  })();
  return {
    port: listener.addr.port,
    accepted: first.promise,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await loop;
      for (const connection of open) connection.close();
    },
  };
}

function found(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

async function openssl(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args,
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

interface Certificates {
  readonly certificate: string;
  readonly key: string;
  readonly root: string;
  readonly otherRoot: string;
}

/** A root, a certificate of it for localhost, and a root that has nothing to do with them. */
async function makeCertificates(directory: string): Promise<Certificates> {
  const at = (name: string) => join(directory, name);
  for (const name of ["root", "other"]) {
    await openssl(
      ..."req -new -x509 -days 2 -nodes -newkey rsa:2048 -subj".split(" "),
      `/CN=${name}`,
      "-keyout",
      at(`${name}.key`),
      "-out",
      at(`${name}.crt`),
    );
  }
  await openssl(
    ..."req -new -nodes -newkey rsa:2048 -subj /CN=localhost -keyout".split(
      " ",
    ),
    at("server.key"),
    "-out",
    at("server.csr"),
  );
  await Deno.writeTextFile(
    at("names"),
    "subjectAltName=DNS:localhost,IP:127.0.0.1\n",
  );
  await openssl(
    ..."x509 -req -CAcreateserial -days 2 -in".split(" "),
    at("server.csr"),
    "-CA",
    at("root.crt"),
    "-CAkey",
    at("root.key"),
    "-extfile",
    at("names"),
    "-out",
    at("server.crt"),
  );
  await Deno.chmod(directory, 0o755);
  await Deno.chmod(at("server.key"), 0o600);
  const account = serverAccount();
  if (account !== undefined) {
    await Deno.chown(at("server.key"), account.uid, account.gid);
  }
  return {
    certificate: at("server.crt"),
    key: at("server.key"),
    root: at("root.crt"),
    otherRoot: at("other.crt"),
  };
}

async function startPgbouncer(
  database: TestDatabase,
): Promise<AsyncDisposable & { readonly url: string }> {
  const { hostname, port, password } = new URL(database.url);
  const directory = await Deno.makeTempDir();
  const listen = closedPort();
  const at = (name: string) => join(directory, name);
  await Deno.writeTextFile(at("users"), `"postgres" "${password}"\n`);
  await Deno.writeTextFile(
    at("ini"),
    `[databases]\n${database.name} = host=${hostname} port=${port}\n[pgbouncer]\n` +
      `listen_addr = 127.0.0.1\nlisten_port = ${listen}\nunix_socket_dir =\n` +
      `auth_type = plain\nauth_file = ${
        at("users")
      }\npool_mode = transaction\n` +
      `pidfile = ${at("pid")}\nlogfile = ${at("log")}\n`,
  );
  const account = serverAccount();
  if (account !== undefined) {
    for (const path of [directory, at("users"), at("ini")]) {
      await Deno.chown(path, account.uid, account.gid);
    }
  }
  await runAsServerAccount(PGBOUNCER, ["-d", "-q", at("ini")]);
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${listen}/${database.name}`,
    [Symbol.asyncDispose]: async () => {
      Deno.kill(Number(await Deno.readTextFile(at("pid"))), "SIGQUIT");
      await Deno.remove(directory, { recursive: true });
    },
  };
}
