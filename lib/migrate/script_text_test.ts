import assert from "@std/assert";
import { readMigration } from "./file.ts";
import type { FileStatement } from "./model.ts";
import { findFailed, ScriptBuilder, utf16Offset } from "./script_text.ts";

function statements(text: string): readonly FileStatement[] {
  const body = readMigration({ path: "1_a.sql", text })?.body();
  if (body?.kind !== "sql") throw new Error("no SQL");
  return body.up.steps.flatMap((step) => step.statements);
}

/** An error as the server sends it, with a position where it has one. */
function fields(position?: number) {
  return {
    severity: "ERROR",
    sqlstate: "42601",
    message: "",
    ...(position === undefined ? {} : { position }),
  };
}

/** Where in a text the server's position of some words would be, from 1. */
function positionOf(text: string, words: string): number {
  return [...text.slice(0, text.indexOf(words))].length + 1;
}

const FILE =
  "-- 𐌰 é\nCREATE TABLE a ();\n\nINSERT INTO a /* 𐌰 */ SELECT nothing;\nSELECT 3\n";

function script() {
  const builder = new ScriptBuilder().addAll(["BEGIN", "SET x = '𐌰'"]);
  for (const s of statements(FILE)) builder.add(s.sql, s);
  const [text, second] = builder.add("COMMIT").texts();
  assert.equal(second, undefined);
  if (text === undefined) throw new Error("no text");
  return text;
}

Deno.test("statements become one text, each with its place", () => {
  const text = script();
  assert.equal(
    text.sql,
    "BEGIN;\nSET x = '𐌰';\nCREATE TABLE a ();\nINSERT INTO a /* 𐌰 */ SELECT nothing;\nSELECT 3;\nCOMMIT;\n",
  );
  assert.deepEqual(
    text.parts.map((p) => text.sql.slice(p.offset, p.offset + p.length)),
    ["BEGIN", "SET x = '𐌰'", ...statements(FILE).map((s) => s.sql), "COMMIT"],
  );
  assert.deepEqual(new ScriptBuilder().texts(), []);
});

Deno.test("a long text is cut between statements, none of which is lost", () => {
  const long = `SELECT '${"x".repeat(400_000)}'`;
  const builder = new ScriptBuilder();
  for (let i = 0; i < 5; i++) builder.add(long);
  const huge = `SELECT '${"y".repeat(3_000_000)}'`;
  builder.add(huge).add("COMMIT");
  const texts = builder.texts();
  assert.deepEqual(texts.map((t) => t.parts.length), [2, 2, 1, 1, 1]);
  assert.equal(
    texts.map((t) => t.sql).join(""),
    `${`${long};\n`.repeat(5)}${huge};\nCOMMIT;\n`,
  );
  for (const text of texts) assert.equal(text.parts[0]?.offset, 0);
});

Deno.test("an error with a position is found in the file, to the character", () => {
  const text = script();
  // What had completed does not count: a syntax error comes before anything runs.
  const failed = findFailed(text, 0, fields(positionOf(text.sql, "nothing")));
  assert.equal(failed.fileOffset, FILE.indexOf("nothing"));
  assert.equal(failed.source?.sql, "INSERT INTO a /* 𐌰 */ SELECT nothing");
});

Deno.test("an error at the end of a statement stays with that statement", () => {
  const text = script();
  const end = positionOf(text.sql, ";\nSELECT 3");
  const failed = findFailed(text, 3, fields(end));
  assert.equal(failed.source?.sql, "INSERT INTO a /* 𐌰 */ SELECT nothing");
  assert.equal(failed.fileOffset, FILE.indexOf(";\nSELECT 3"));
});

Deno.test("an error without a position is of the statement after the completed ones", () => {
  const text = script();
  const failed = findFailed(text, 3, fields());
  assert.equal(failed.fileOffset, FILE.indexOf("INSERT"));
  // The first two and the last are pawl's own: no place in the file.
  for (const completed of [0, 1, 5]) {
    assert.deepEqual(findFailed(text, completed, fields()), {
      source: undefined,
      fileOffset: undefined,
    });
  }
  assert.equal(findFailed(text, 99, fields()).source, undefined);
});

Deno.test("utf16Offset() counts characters as PostgreSQL does", () => {
  assert.equal(utf16Offset("a𐌰b", 0), 0);
  assert.equal(utf16Offset("a𐌰b", 2), 3);
  assert.equal(utf16Offset("a𐌰b", 3), 4);
  assert.equal(utf16Offset("a𐌰b", 99), 4);
});
