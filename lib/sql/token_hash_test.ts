import assert from "node:assert/strict";
import { createHash } from "@std/crypto";
import { Lexer } from "./lexer.ts";
import { rawHash, tokenHash } from "./token_hash.ts";
import { corpus, randomSource, tokenSoup } from "./corpus_test.ts";

/** The same hash, made the slow and obvious way. */
function slowHash(sql: string): string {
  const parts: Uint8Array[] = [];
  const lexer = new Lexer(sql);
  while (lexer.next()) {
    let text = sql.slice(lexer.start, lexer.end);
    if (lexer.kind === "block_comment" && !lexer.unterminated) continue;
    if (lexer.kind === "line_comment") {
      if (!/^--\s*pawl:/.test(text)) continue;
      text = `--${text.slice(2).trim().split(/\s+/).join(" ")}`;
    }
    if (lexer.kind === "word") {
      text = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
    }
    parts.push(
      Uint8Array.of(lexer.continuation ? 0xfe : 0xff),
      new TextEncoder().encode(text.replaceAll("\r\n", "\n")),
    );
  }
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return `t1:${hash.digest("hex")}`;
}

const SQL = `-- pawl:up
CREATE FUNCTION "F"(a int, b text DEFAULT E'x\\'y') RETURNS text LANGUAGE sql
AS $body$
  SELECT 'é😀' || $1 -- inside
$body$;
-- a comment
SELECT 'one'
  'two', /* c */ U&"x", 1.5e3, a::int, b->>'k', $1;
`;

Deno.test("tokenHash() is stable: this value never changes", () => {
  assert.equal(
    tokenHash("SELECT 1"),
    "t1:" + createHash("sha256").update(
      Buffer.concat([
        Uint8Array.of(0xff),
        new TextEncoder().encode("select"),
        Uint8Array.of(0xff),
        new TextEncoder().encode("1"),
      ]),
    ).digest("hex"),
  );
  assert.equal(
    tokenHash(""),
    "t1:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  assert.equal(tokenHash(SQL), GOLDEN);
});

const GOLDEN =
  "t1:d614f1adbf12109ef600dd3f12f07207e9cd4bf257f51b8f6d351aa4f9814db7";

Deno.test("tokenHash() is the hash of the normalised tokens", () => {
  const random = randomSource(11);
  for (let round = 0; round < 3000; round++) {
    const sql = tokenSoup(random);
    assert.equal(tokenHash(sql), slowHash(sql), JSON.stringify(sql));
  }
  const long = "/* x */ 'é😀\r\n' aB -- pawl:x  y\n".repeat(9000);
  assert.equal(tokenHash(long), slowHash(long));
});

Deno.test("tokenHash() ignores comments, white space, line ends and keyword case", () => {
  const hash = tokenHash(SQL);
  const same: [string, string][] = [
    ["CRLF", SQL.replaceAll("\n", "\r\n")],
    ["byte order mark", "\ufeff" + SQL],
    ["no comment", SQL.replace("-- a comment\n", "").replace("/* c */", "")],
    ["other comments", SQL.replace("-- a comment", "/* x /* y */ */ --")],
    ["comment in a string that goes on", SQL.replace("'one'", "'one' -- x")],
    ["lower case", SQL.replace("CREATE FUNCTION", "create Function")],
    ["spaces", SQL.replaceAll(" RETURNS ", "\n\t\f RETURNS\n\n")],
    ["no spaces", SQL.replace("E'x\\'y') RETURNS", "E'x\\'y')RETURNS")],
    ["directive's spaces", SQL.replace("-- pawl:up", "--\tpawl:up  ")],
  ];
  for (const [what, sql] of same) {
    assert.notEqual(sql, SQL, what);
    assert.equal(tokenHash(sql), hash, what);
  }
});

Deno.test("tokenHash() changes with every other edit", () => {
  const edits: [string, string][] = [
    ["-- pawl:up", "-- pawl:down"],
    ["-- pawl:up", "-- pawlup"],
    ["-- pawl:up\n", ""],
    ['"F"', '"f"'],
    ['"F"', "F"],
    ["int", "int4"],
    ["E'x", "e'x"],
    ["  SELECT 'é", " SELECT 'é"],
    ["-- inside", ""],
    ["'é", "'e"],
    ["😀", "😁"],
    ["$body$\n  ", "$body$\n\n  "],
    ["'one'\n  'two'", "'one' 'two'"],
    ["'one'\n  'two'", "'onetwo'"],
    ["'one'\n  'two'", "'one''two'"],
    ["1.5e3", "1.5E3"],
    ["1.5e3", "1.5 e3"],
    ["a::int", "a: :int"],
    ["->>", "-> >"],
    ["$1;", "$1"],
    ["$1;", "$1;;"],
    ['U&"x"', 'U & "x"'],
  ];
  const hash = tokenHash(SQL);
  for (const [from, to] of edits) {
    const at = SQL.lastIndexOf(from);
    assert.ok(at >= 0, from);
    const edited = SQL.slice(0, at) + to + SQL.slice(at + from.length);
    assert.notEqual(tokenHash(edited), hash, `${from} → ${to}`);
  }
});

Deno.test("tokenHash() changes when any character of a token does", () => {
  const hash = tokenHash(SQL);
  const lexer = new Lexer(SQL);
  while (lexer.next()) {
    if (/comment$/.test(lexer.kind)) continue;
    for (let i = lexer.start; i < lexer.end; i++) {
      const code = SQL.charCodeAt(i);
      const other = String.fromCharCode(code === 122 ? 121 : code ^ 1);
      const edited = SQL.slice(0, i) + other + SQL.slice(i + 1);
      // A constant may end or begin at another quote and mean the same only
      // if its text is the same, which it is not.
      assert.notEqual(
        tokenHash(edited),
        hash,
        `${i}: ${JSON.stringify(other)}`,
      );
    }
  }
});

Deno.test("tokenHash() tells strange characters apart", () => {
  const strange = [
    "'\ud800'",
    "'\udc00'",
    "'\ufffd'",
    "'\0'",
    "'\u0001'",
    "''",
  ];
  assert.equal(new Set(strange.map(tokenHash)).size, strange.length);
  assert.notEqual(tokenHash("'a\rb'"), tokenHash("'a\nb'"));
  assert.notEqual(tokenHash("İ"), tokenHash("i"));
  assert.notEqual(tokenHash("É"), tokenHash("é"));
});

Deno.test({
  name: "tokenHash() of other projects' SQL does not feel CRLF or comments",
  ignore: corpus().length === 0,
  fn() {
    for (const { path, sql } of corpus().slice(0, 800)) {
      const unix = sql.replaceAll("\r\n", "\n");
      const hash = tokenHash(unix);
      assert.equal(hash, slowHash(unix), path);
      assert.equal(tokenHash(unix.replaceAll("\n", "\r\n")), hash, path);
      assert.equal(tokenHash(`/* x */ ${unix}\n--`), hash, path);
    }
  },
});

Deno.test("rawHash() is SHA-256 of the bytes", () => {
  assert.equal(
    rawHash(new TextEncoder().encode("abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});
