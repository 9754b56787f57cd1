/**
 * What is no object of the model is listed by name, and what belongs to an
 * extension or to the server is not.
 *
 * @module
 */

import assert from "@std/assert";
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
