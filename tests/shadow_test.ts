/**
 * Shadows: what they are made of, and that nothing of them stays behind.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { PawlError } from "../lib/errors.ts";
import { connectServer } from "../lib/pg/server.ts";
import type { Session } from "../lib/pg/session.ts";
import { readTar, shrinkTar } from "../lib/pg/tar.ts";
import {
  EMBEDDED,
  ImageCache,
  imageKey,
  withShadow,
} from "../lib/shadow/mod.ts";
import { sweepServer } from "../lib/shadow/server_shadow.ts";
import {
  SHADOW_LOCK_CLASS,
  SHADOW_NAME_SQL,
  shadowLockKey,
  shadowName,
} from "../lib/shadow/shadow_name.ts";
import { writeTar } from "./support/tar.ts";
import { testOnServers } from "./support/servers.ts";

async function value(session: Session, sql: string): Promise<string | null> {
  const [result] = await session.script(sql);
  return result?.rows[0]?.[0] ?? null;
}

/** The throw-away databases on a server. */
async function shadowsOn(url: string): Promise<string[]> {
  const session = await connectServer(url);
  const [result] = await session.script(
    `SELECT datname FROM pg_database WHERE datname ~ '${SHADOW_NAME_SQL}' ORDER BY 1`,
  );
  await session.close();
  return (result?.rows ?? []).map(([name]) => name ?? "");
}

async function withDirectory(
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await use(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

testOnServers(
  "a server shadow is an empty database that is dropped",
  async ({ url }) => {
    let name: string | null = "";
    const tables = await withShadow({ url }, async (session) => {
      name = await value(session, "SELECT current_database()");
      await session.script("CREATE TABLE t (a int)");
      return await value(
        session,
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
      );
    });
    assert.equal(tables, "1");
    assert.match(name, new RegExp(SHADOW_NAME_SQL));
    assert.ok(!(await shadowsOn(url)).includes(name));
  },
);

testOnServers(
  "a server shadow is dropped when the work fails, in a transaction too",
  async ({ url }) => {
    let name: string | null = "";
    await assert.rejects(
      withShadow({ url }, async (session) => {
        name = await value(session, "SELECT current_database()");
        await session.script("BEGIN; CREATE TABLE t (a int)");
        throw new Error("enough");
      }),
      /enough/,
    );
    assert.ok(name !== "" && !(await shadowsOn(url)).includes(name));
  },
);

testOnServers(
  "a server shadow with a subscription is dropped",
  async ({ url }) => {
    let name: string | null = "";
    await withShadow({ url }, async (session) => {
      name = await value(session, "SELECT current_database()");
      await session.script(
        "CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere' PUBLICATION p WITH (connect = false)",
      );
    });
    assert.ok(!(await shadowsOn(url)).includes(name));
  },
);

testOnServers(
  "an abort cancels the statement and drops the shadow",
  async ({ url }) => {
    const stop = new AbortController();
    let name: string | null = "";
    await assert.rejects(
      withShadow({ url, signal: stop.signal }, async (session) => {
        name = await value(session, "SELECT current_database()");
        const notified = new Promise<void>((resolve) =>
          session.onNotice(() => resolve())
        );
        const running = session.script(
          "DO $$ BEGIN RAISE NOTICE 'on'; PERFORM pg_sleep(600); END $$",
        );
        await notified;
        stop.abort();
        await running;
      }),
      (error: unknown) =>
        error instanceof PawlError && error.code === "interrupted",
    );
    assert.ok(!(await shadowsOn(url)).includes(name));
  },
);

testOnServers(
  "sweeping drops what a killed run left, and nothing of a live one",
  async ({ url }) => {
    const orphan = shadowName(new Date(0), crypto.randomUUID());
    const living = shadowName(new Date(0), crypto.randomUUID());
    const admin = await connectServer(url);
    const owner = await connectServer(url);
    try {
      await owner.script(
        `SELECT pg_advisory_lock(${SHADOW_LOCK_CLASS}, ${
          shadowLockKey(living)
        })`,
      );
      await admin.script(`CREATE DATABASE ${orphan}`);
      await admin.script(`CREATE DATABASE ${living}`);
      // The shadow of another test may be sweeping it at this very moment.
      let left = await shadowsOn(url);
      for (let i = 0; i < 100 && left.includes(orphan); i++) {
        await sweepServer(admin);
        left = await shadowsOn(url);
      }
      assert.ok(left.includes(living) && !left.includes(orphan));
    } finally {
      await owner.close();
      await admin.script(`DROP DATABASE IF EXISTS ${orphan}`);
      await admin.script(`DROP DATABASE IF EXISTS ${living}`);
      await admin.close();
    }
  },
);

testOnServers(
  "a role that may create no database is told the right that it lacks",
  async ({ url, server, name }) => {
    const role = `nodb_${name}`;
    const admin = await connectServer(url);
    try {
      await admin.script(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
      await assert.rejects(
        withShadow({
          url: server.url("postgres", { user: role, password: "x" }),
        }, () => Promise.resolve()),
        (error: unknown) =>
          error instanceof PawlError && error.code === "permission-denied" &&
          /CREATEDB/.test(error.hint ?? ""),
      );
    } finally {
      await admin.script(`DROP ROLE ${role}`);
      await admin.close();
    }
  },
);

Deno.test("an image keeps what was loaded, and a damaged one is removed", async () => {
  await withDirectory(async (cache) => {
    const key = imageKey(["test"]);
    const options = { url: EMBEDDED, images: [key], cache };
    await withShadow(options, async (session, image) => {
      assert.equal(image.startedFrom, undefined);
      await session.script(
        "CREATE ROLE joe; CREATE EXTENSION citext; CREATE TABLE kept (a citext); ALTER TABLE kept OWNER TO joe",
      );
      // More than fits into one segment of the write-ahead log.
      await session.script(
        "CREATE TABLE much AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)",
      );
      await image.keep(key);
      // It goes on as before.
      await session.script("CREATE TABLE more (a citext)");
    });
    await withShadow(options, async (session, image) => {
      assert.equal(image.startedFrom, key);
      assert.equal(
        await value(
          session,
          "SELECT string_agg(tablename || tableowner, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'",
        ),
        "keptjoe,muchpawl_shadow_owner",
      );
      assert.equal(await value(session, "SELECT count(*) FROM much"), "3000");
      await session.script("CREATE TABLE again (a citext)");
    });
    const file = join(cache, "images", `${key}.tar.gz`);
    Deno.truncateSync(file, 100_000);
    await withShadow(options, async (session, image) => {
      assert.equal(image.startedFrom, undefined);
      assert.equal(await value(session, "SELECT to_regclass('kept')"), null);
    });
    assert.throws(() => Deno.statSync(file), Deno.errors.NotFound);
  });
});

Deno.test("the embedded shadow says which extension it lacks, and offers a server", async () => {
  await assert.rejects(
    withShadow(
      { url: EMBEDDED, extensions: ["citext", "postgis"] },
      () => Promise.resolve(),
    ),
    (error: unknown) =>
      error instanceof PawlError && error.code === "shadow-lacks" &&
      /no extension postgis/.test(error.message) &&
      /--shadow/.test(error.hint ?? ""),
  );
});

Deno.test("the cache gives up the least recently used images beyond its size", async () => {
  await withDirectory(async (directory) => {
    const data = crypto.getRandomValues(new Uint8Array(10_000));
    const tar = writeTar([
      { name: "PG_VERSION", kind: "file", data },
      { name: "global", kind: "directory", data: new Uint8Array() },
      { name: "global/pg_control", kind: "file", data },
    ]);
    const cache = new ImageCache(directory, 25_000);
    const keys = ["a", "b", "c"].map((name) => imageKey([name]));
    const [a = "", b = "", c = ""] = keys;
    await cache.keep(a, tar);
    await cache.keep(b, tar);
    const long = (key: string, day: number) =>
      Deno.utime(
        join(directory, `${key}.tar.gz`),
        new Date(day),
        new Date(day),
      );
    await long(a, 1000);
    await long(b, 2000);
    assert.equal((await cache.find([c, a]))?.key, a);
    await cache.keep(c, tar);
    assert.equal(await cache.find([b]), undefined);
    assert.equal((await cache.find([a]))?.key, a);
    assert.equal((await cache.find([c]))?.key, c);
  });
});

Deno.test("an archive holds what was put in, byte for byte", () => {
  const entries = [0, 1, 511, 512, 513].map((length) => ({
    name: `base/${length}`,
    kind: "file" as const,
    data: crypto.getRandomValues(new Uint8Array(length)),
  }));
  assert.deepEqual(readTar(writeTar(entries)), entries);
  assert.throws(() =>
    writeTar([{ name: "x".repeat(101), kind: "file", data: new Uint8Array() }])
  );
});

Deno.test("a smaller archive has what is wanted of it, and of equal files one", () => {
  const file = (name: string, ...bytes: number[]) => ({
    name,
    kind: "file" as const,
    data: new Uint8Array(1000).fill(1).map((byte, i) => bytes[i] ?? byte),
  });
  const empty = new Uint8Array();
  const entries = [
    { name: "base", kind: "directory" as const, data: empty },
    { name: "base/1/empty", kind: "file" as const, data: empty },
    file("base/1/a", 1, 2),
    file("base/1/b", 1, 2),
    file("base/2/a", 1, 2),
    { name: "base/2/empty", kind: "file" as const, data: empty },
    file("base/2/b", 3),
    file("base/3/a", 1, 2),
    file("base/3/b", 3),
  ];
  const tar = writeTar([
    ...entries.slice(0, 3),
    file("pg_wal/1", 4),
    ...entries.slice(3),
  ]);
  const small = shrinkTar(tar, (name) => name !== "pg_wal/1");
  const read = readTar(small);
  assert.deepEqual(read, entries);
  const at = (name: string) => read.find((entry) => entry.name === name)?.data;
  assert.equal(at("base/1/a")?.byteOffset, at("base/2/a")?.byteOffset);
  assert.equal(small.length, tar.length - 4 * 1024 - 512);
  assert.throws(() => shrinkTar(tar.subarray(0, 4000), () => true), /damaged/);
});

Deno.test("a shadow's name tells when it was made", () => {
  const made = new Date("2026-01-31T23:59:59Z");
  assert.match(
    shadowName(made, crypto.randomUUID()),
    /^pawl_shadow_20260131235959_[0-9a-f]{12}$/,
  );
});
