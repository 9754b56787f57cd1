import assert from "@std/assert";
import { bodyParser } from "./body_parser.ts";
import type { OpaqueBody } from "./kind.ts";

async function namesIn(body: Partial<OpaqueBody>): Promise<string[]> {
  const parse = await bodyParser();
  const names = parse({
    language: "sql",
    text: "",
    statement: "",
    searchPath: undefined,
    ...body,
  });
  return names.map((name) => name.join(".")).sort();
}

function plpgsql(body: string): Promise<string[]> {
  return namesIn({
    language: "plpgsql",
    statement:
      `CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE plpgsql AS $f$${body}$f$`,
  });
}

Deno.test("names in SQL are those of relations, functions, types, operators and collations", async () => {
  assert.deepEqual(
    await namesIn({
      text:
        `SELECT app.call(x), y::app.kind, z OPERATOR(app.<=>) 1, n COLLATE app.german
             FROM app.one JOIN two USING (i);
             INSERT INTO "Three" VALUES (1); UPDATE four SET a = 1; DELETE FROM five`,
    }),
    [
      "Three",
      "app.<=>",
      "app.call",
      "app.german",
      "app.kind",
      "app.one",
      "five",
      "four",
      "two",
    ],
  );
});

Deno.test("names in literals count where the server looks them up", async () => {
  assert.deepEqual(
    await namesIn({
      text: `SELECT nextval('app."S q"'), 'app.t'::regclass, 'app.no'`,
    }),
    ["app.S q", "app.t", "nextval", "regclass"],
  );
});

Deno.test("names in PL/pgSQL are those of declared types and of every statement", async () => {
  assert.deepEqual(
    await plpgsql(`
      DECLARE r app.row%ROWTYPE; c col.umn.id%TYPE; v app.kind[]; cur CURSOR FOR SELECT * FROM cursed;
      BEGIN
        a := (SELECT max(id) FROM assigned);
        PERFORM performed(1);
        IF EXISTS (SELECT FROM tested) THEN INSERT INTO inserted VALUES (1); END IF;
        FOR r IN SELECT * FROM looped LOOP CALL called(); END LOOP;
        EXECUTE 'SELECT * FROM hidden';
        RETURN 1;
      END`),
    [
      "app.kind",
      "app.row",
      "assigned",
      "boolean",
      "called",
      "col.umn",
      "cursed",
      "inserted",
      "integer",
      "looped",
      "max",
      "performed",
      "refcursor",
      "tested",
    ],
  );
});

Deno.test("a body that does not parse, or of another language, has no names", async () => {
  assert.deepEqual(await namesIn({ text: "SELECT FROM FROM t" }), []);
  assert.deepEqual(await plpgsql("BEGIN SELEC; END"), []);
  assert.deepEqual(
    await namesIn({ language: "plperl", text: "SELECT * FROM t" }),
    [],
  );
});
