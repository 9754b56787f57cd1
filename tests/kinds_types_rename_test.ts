/**
 * Types and what belongs to them, renamed and moved to another schema: read
 * again, they are what they would be had they been made there.
 *
 * @module
 */

import assert from "@std/assert";
import { readSchema } from "../lib/catalog/read.ts";
import { renameAttribute } from "../lib/kinds/composite_alter.ts";
import { renameEnumValue } from "../lib/kinds/enum.ts";
import type { KindStatement } from "../lib/kinds/kind.ts";
import { kindOf } from "../lib/kinds/registry.ts";
import { openEmbedded } from "../lib/pg/embedded.ts";
import { connectServer } from "../lib/pg/server.ts";
import type { Session } from "../lib/pg/session.ts";
import { address } from "../lib/schema/address.ts";
import type { Schema, SchemaObject } from "../lib/schema/schema.ts";
import { targetsUnderTest, withDatabase } from "./support/servers.ts";

const SCHEMAS = `CREATE SCHEMA "old; one"; CREATE SCHEMA "new ""one""";`;

/** Made in the schema `$`; the names are those that are given up. */
const MADE = `
CREATE TYPE $.mood AS ENUM ('sad', 'happy');
CREATE TYPE $.pair AS (a integer, "b c" text);
CREATE DOMAIN $.email AS text CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
CREATE TYPE $.span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = $.spans);
CREATE COLLATION $.plain (LOCALE = 'C');
CREATE FUNCTION $.same($.pair, $.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR $.=== (FUNCTION = $.same, LEFTARG = $.pair, RIGHTARG = $.pair);
CREATE OPERATOR FAMILY $.family USING hash;
CREATE OPERATOR CLASS $.class FOR TYPE $.pair USING hash FAMILY $.family AS OPERATOR 1 $.===;
CREATE TEXT SEARCH PARSER $.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE $.template (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY $.dictionary (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION $.configuration (PARSER = default);
`;

/** The kinds whose objects are in a schema. */
const RENAMED = [
  "enum",
  "composite",
  "domain",
  "range",
  "collation",
  "operator",
  "operator_family",
  "operator_class",
  "text_search_parser",
  "text_search_template",
  "text_search_dictionary",
  "text_search_configuration",
];

type Target = ReturnType<typeof targetsUnderTest>[number];

async function onTarget(
  target: Target,
  body: (session: Session) => Promise<void>,
): Promise<void> {
  const closing = async (session: Session) => {
    try {
      await body(session);
    } finally {
      await session.close();
    }
  };
  if (target === "embedded") {
    await closing(await openEmbedded({ directory: undefined }));
  } else {
    await withDatabase(
      target,
      async ({ url }) => await closing(await connectServer(url)),
    );
  }
}

function read(session: Session): Promise<Schema> {
  return readSchema(session, {
    managedSchemas: undefined,
    historySchema: "pawl",
    dependencies: true,
  });
}

/** Gives every object of {@linkcode RENAMED} another name, one after the other. */
async function renameAll(
  session: Session,
  newName: (object: SchemaObject) => readonly string[],
): Promise<string[]> {
  const renamed: string[] = [];
  for (const kind of RENAMED) {
    const { objects } = await read(session);
    for (const object of objects.values()) {
      if (object.kind !== kind) continue;
      const name = newName(object);
      const statements = kindOf(kind)?.rename(object, name);
      if (statements === undefined) {
        throw new assert.AssertionError({
          message: `${object.address} has no new name`,
        });
      }
      await run(session, statements);
      renamed.push(address(kind, name.slice(0, 2)));
    }
  }
  return renamed;
}

async function run(
  session: Session,
  statements: readonly KindStatement[],
): Promise<void> {
  for (const { sql } of statements) await session.script(sql);
}

function contents({ objects }: Schema): [string, unknown][] {
  return [...objects.values()].map(({ address, payload }) => [
    address,
    payload,
  ]);
}

for (const target of targetsUnderTest()) {
  Deno.test(`types, operators and text search objects take other names and schemas, and the old ones again (${target})`, async () => {
    await onTarget(target, async (session) => {
      await session.script(SCHEMAS + MADE.replaceAll("$", '"old; one"'));
      const before = await read(session);
      const renamed = await renameAll(session, ({ kind, name }) => [
        'new "one"',
        kind === "operator" ? name[1] ?? "" : `${name[1]}; "x`,
        ...name.slice(2),
      ]);
      assert.equal(renamed.length, RENAMED.length);
      const between = await read(session);
      for (const address of renamed) {
        assert.ok(
          [...between.objects.keys()].some((a) => a.startsWith(address)),
          `${address} is not there`,
        );
      }
      // The functions that construct a range go with it: their names are free.
      await session.script(
        `CREATE TYPE "old; one".span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = "old; one".more_spans); DROP TYPE "old; one".span`,
      );
      await renameAll(session, ({ kind, name }) => [
        "old; one",
        kind === "operator"
          ? name[1] ?? ""
          : (name[1] ?? "").replace(/; "x$/, ""),
        ...name.slice(2),
      ]);
      assert.deepEqual(contents(await read(session)), contents(before));
    });
  });

  Deno.test(`a value of an enum and an attribute of a composite type take another name where they stand (${target})`, async () => {
    await onTarget(target, async (session) => {
      await session.script(
        `CREATE TYPE mood AS ENUM ('sad', 'it''s', 'happy'); CREATE TYPE pair AS ("a b" integer, c text); CREATE TABLE t (m mood, p pair); INSERT INTO t VALUES ('it''s', ROW(1, 'x'));`,
      );
      await run(session, [
        renameEnumValue({ name: ["public", "mood"] }, "it's", "back\\slash"),
        renameAttribute({ name: ["public", "pair"] }, "a b", 'q"; --'),
      ]);
      const { rows } = await session.query(
        `SELECT m, (p)."q""; --" FROM public.t`,
      );
      assert.deepEqual(rows, [["back\\slash", "1"]]);
    });
  });
}

Deno.test("an operator keeps the name that its schema knows it by: it has no other to take", () => {
  const operator: SchemaObject = {
    kind: "operator",
    address: 'operator:public."==="(integer, integer)',
    name: ["public", "==="],
    parent: undefined,
    position: 0,
    depends: [],
    payload: { left: "integer", right: "integer", function: "public.f" },
  };
  assert.equal(
    kindOf("operator")?.rename(operator, ["public", "!=="]),
    undefined,
  );
});
