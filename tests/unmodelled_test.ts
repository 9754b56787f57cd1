/**
 * What is no object of the model is listed by name, and what belongs to an
 * extension or to the server is not.
 *
 * @module
 */

import assert from "@std/assert";
import { runCli, withProject } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import { readSchema } from "../lib/catalog/read.ts";
import { connectServer } from "../lib/pg/server.ts";
import { testOnServers } from "./support/servers.ts";

const SQL = `
CREATE LANGUAGE plfoo HANDLER plpgsql_call_handler;
CREATE TYPE public.base;
CREATE FUNCTION public.base_in(cstring) RETURNS public.base LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.base_out(public.base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.base (INPUT = public.base_in, OUTPUT = public.base_out, LIKE = integer);
CREATE TYPE public.shell;
CREATE FUNCTION public.c(integer, numeric) RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER OPERATOR FAMILY integer_ops USING btree ADD FUNCTION 1 (integer, numeric) public.c(integer, numeric);
CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere password=hunter2' PUBLICATION p WITH (connect = false);
CREATE EXTENSION citext;
CREATE EXTENSION btree_gist;
CREATE EXTENSION hstore`;

testOnServers("what the model does not know is named", async (database) => {
  const session = await connectServer(database.url);
  try {
    await session.script(SQL);
    const { notices, objects } = await readSchema(session, {
      managedSchemas: undefined,
      historySchema: "pawl",
      dependencies: false,
    });
    assert.deepEqual(
      notices.map((notice) => notice.code),
      Array(5).fill("unmodelled"),
    );
    const names = notices.map(({ message }) =>
      message.replace(/ is not part of the model.*/, "")
    );
    // 14 says "on language", as does its COMMENT; later ones do not.
    assert.deepEqual(
      names.map((name) => name.replace(" on language", " language")),
      [
        "base type public.base",
        "base type public.shell",
        "function of access method function 1 (integer, numeric) of pg_catalog.integer_ops USING btree",
        "language plfoo",
        "subscription sub",
      ],
    );
    assert.equal(
      JSON.stringify([...objects.values()]).includes("hunter2"),
      false,
    );
    await session.script(
      "ALTER SUBSCRIPTION sub SET (slot_name = NONE); DROP SUBSCRIPTION sub",
    );
  } finally {
    await session.close();
  }
});

Deno.test("hash and diff name what the model does not know, on each side, and say that a proof lacks it; --strict ends with exit 6", async () => {
  const shell = "CREATE TYPE shell;";
  const base = `CREATE TYPE base;
    CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
    CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
    CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = integer);`;
  await withProject({
    "one.sql": shell,
    "both.sql": shell + base,
    "used.sql": `${shell}${base}CREATE TABLE t (b base);`,
  }, async (cwd) => {
    const pawl = async (...args: string[]) => {
      const { code, stderr } = await runCli(args, {
        cwd,
        env: { XDG_CACHE_HOME: cacheDirectory() },
      });
      return {
        code,
        names: [...stderr.matchAll(/(?:base type) (\S+) .*?(\(.*\))?$/gm)]
          .map(([, name, where]) => `${name} ${where ?? ""}`.trim()),
        error: /^error: (.*)$/m.exec(stderr)?.[1],
      };
    };
    assert.deepEqual((await pawl("hash", "both.sql")).names, [
      "public.base",
      "public.shell",
    ]);
    const expected = ["public.shell", "public.base (only in both.sql)"];
    const there = await pawl("diff", "one.sql", "both.sql", "--no-prove");
    assert.deepEqual([there.code, ...there.names], [0, ...expected]);
    assert.equal(
      (await pawl("diff", "one.sql", "one.sql", "--strict")).code,
      6,
    );
    const lacks = await pawl("diff", "one.sql", "used.sql");
    assert.deepEqual([lacks.code, lacks.error, ...lacks.names], [
      6,
      "Cannot prove the change: it needs something that is not part of the model",
      "public.base",
    ]);
  });
});
