import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import { modelsDdl, schemaBuilder } from "../models/mod.ts";
import { renamesIn } from "./renamed_from.ts";

function told(text: string): string[] {
  return renamesIn([{ path: "schema.sql", text }]).map(({ from, to }) =>
    `${from.join(".")} = ${to.join(".")}`
  );
}

Deno.test("a comment before CREATE renames what it creates [H25]", () => {
  assert.deepEqual(
    told("-- pawl:renamed-from people\nCREATE TABLE public.users (id int);"),
    ["people = public.users"],
  );
  assert.deepEqual(
    told(
      'CREATE VIEW "V w" AS SELECT 1; -- pawl:renamed-from "old v"\nSELECT 1;',
    ),
    ["old v = V w"],
  );
  assert.deepEqual(
    told(
      "-- pawl:renamed-from a\nCREATE OR REPLACE FUNCTION b() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    ),
    ["a = b"],
  );
});

Deno.test("a comment at a column renames the column, on its line or before it", () => {
  const ddl = (line: string) =>
    `CREATE TABLE users (
  id int,
${line}
  age int
);`;
  assert.deepEqual(told(ddl("  email text, -- pawl:renamed-from mail")), [
    "users.mail = users.email",
  ]);
  assert.deepEqual(told(ddl("  -- pawl:renamed-from mail\n  email text,")), [
    "users.mail = users.email",
  ]);
});

Deno.test("a column of a table that was renamed too is known by either name", () => {
  assert.deepEqual(
    told(`-- pawl:renamed-from people
CREATE TABLE users (
  email text -- pawl:renamed-from mail
);`),
    ["people = users", "users.mail = users.email", "people.mail = users.email"],
  );
});

Deno.test("a comment at a value renames the value of the type", () => {
  assert.deepEqual(
    told(`CREATE TYPE mood AS ENUM (
  'happy',
  'it''s sad' -- pawl:renamed-from sad
);`),
    ["mood.sad = mood.it's sad"],
  );
});

Deno.test("a comment that names nothing, or stands at nothing, is an error with its line", () => {
  for (
    const text of [
      "\n-- pawl:renamed-from\nCREATE TABLE a ();",
      "\n-- pawl:renamed-from b\nSELECT 1;",
      "SELECT 1;\n-- pawl:renamed-from b",
    ]
  ) {
    assert.throws(
      () => told(text),
      (error: unknown) =>
        error instanceof PawlError && error.location?.line === 2,
      text,
    );
  }
});

Deno.test("the words in a string are no comment", () => {
  assert.deepEqual(told("SELECT '\n-- pawl:renamed-from a\n';"), []);
});

Deno.test("renamesIn() finds what models tell", () => {
  const s = schemaBuilder();
  const told = (...models: Parameters<typeof modelsDdl>[0]) =>
    renamesIn([{ path: "m.ts", text: modelsDdl(models) }]).map(({ from, to }) =>
      `${from.join(".")}=${to.join(".")}`
    );
  assert.deepEqual(
    told(
      s.schema("web", { renamedFrom: "app" }),
      s.enum("mood", ["ok", "un'happy"], {
        renamedFrom: "feeling",
        renamedLabels: { "un'happy": "so sad" },
      }),
      s.table(["web", "people"], {
        id: s.int().identity().renamedFrom("Key"),
        mail: s.text().renamedFrom("e mail").notNull(),
      }, { renamedFrom: ["app", "user"] }),
      s.view("w", "SELECT 1", { renamedFrom: "v" }),
      s.materializedView("m", "SELECT 1", { renamedFrom: "n" }),
    ),
    [
      "app=web",
      "feeling=mood",
      "mood.so sad=mood.un'happy",
      "feeling.so sad=mood.un'happy",
      "app.user=web.people",
      "web.people.Key=web.people.id",
      "app.user.Key=web.people.id",
      "web.people.e mail=web.people.mail",
      "app.user.e mail=web.people.mail",
      "v=w",
      "n=m",
    ],
  );
  assert.throws(
    () => told(s.enum("mood", ["ok"], { renamedLabels: { sad: "bad" } })),
    /enum mood has no label sad/,
  );
  assert.throws(
    () => told(s.table("t", {}, { renamedFrom: "a\nb" })),
    /cannot hold a line break/,
  );
});
