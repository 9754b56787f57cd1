import assert from "node:assert/strict";
import { loadModule, parseSync } from "libpg-query";
import { Lexer } from "./lexer.ts";
import { lineAndColumn, splitStatements } from "./split.ts";
import { corpus } from "./corpus_test.ts";

await loadModule();

function texts(sql: string): string[] {
  return splitStatements(sql).statements.map((statement) => statement.text);
}

function problems(sql: string): string[] {
  return splitStatements(sql).problems.map(({ kind, offset, name }) =>
    `${kind} ${offset}${name === undefined ? "" : ` ${name}`}`
  );
}

/** A parsed statement's text from its first to its last token. */
function trimmed(sql: string): string {
  const lexer = new Lexer(sql);
  let start = -1;
  let end = 0;
  while (lexer.next()) {
    if (lexer.kind === "line_comment" || lexer.kind === "block_comment") {
      continue;
    }
    if (start < 0) start = lexer.start;
    end = lexer.end;
  }
  return sql.slice(start, end);
}

/** The statements as PostgreSQL's parser sees them; undefined: it refuses. */
function parsed(sql: string): string[] | undefined {
  try {
    const { stmts = [] } = parseSync(sql);
    return stmts.map(({ stmt_location: at = 0, stmt_len: length }) =>
      trimmed(sql.slice(at, length ? at + length : undefined))
    );
  } catch {
    return undefined;
  }
}

const SCRIPTS = [
  "select 1; select 2;\n-- c\nselect 3 -- d\n;",
  ";;select 1;;/* x */;",
  "select ';', \";\", $$;$$, E'\\';', '\n;' -- ;\n/* ; /* ; */ */; select 2",
  "create rule r as on insert to t do also (select 1; select 2); select 3",
  "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
  "create or replace procedure p() begin atomic end; select 3",
  "create function f(begin int, atomic text default 'x') returns int language sql as 'select 1; select 2'; select 3",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC\n SELECT 1 AS end; SELECT 2 end; SELECT t.end FROM t; /* ; */ ; END; SELECT 1",
  "create function f() returns int return 1; select 2",
  "begin; select 1; end; begin transaction ; select 1",
  'create table "end" (a int); create view v as select 1 as end; select 2',
  "select 'a'\n; select 'a'\n'b;'; select 1",
  "do $x$ begin; end $x$; select $1; select a$b$ from c$b$; select 1",
  "copy t from 'stdin'; copy (select 1) to stdout; select 1",
];

Deno.test("splitStatements() cuts where PostgreSQL's parser does", () => {
  for (const sql of SCRIPTS) {
    const expected = parsed(sql);
    assert.ok(expected, `the parser refuses ${sql}`);
    assert.deepEqual(texts(sql), expected, sql);
  }
});

Deno.test({
  name: "splitStatements() cuts other projects' SQL where the parser does",
  ignore: corpus().length === 0,
  fn() {
    let compared = 0;
    for (const { path, sql } of corpus()) {
      const ascii = sql.replaceAll(/[^\0-\x7f]/g, "z");
      if (ascii.length > 400_000) continue;
      const expected = parsed(ascii);
      if (expected === undefined) continue;
      compared++;
      assert.deepEqual(texts(ascii), expected, path);
      assert.deepEqual(problems(ascii), [], path);
    }
    assert.ok(compared > 1000, `only ${compared} files were legal`);
  },
});

Deno.test("splitStatements() gives offsets without comments and semicolons", () => {
  const sql =
    "SELECT 1; -- one\n-- two\n/* three */ CREATE  TABLE /* x */ t (é int) -- y\n; DROP TABLE t";
  const { statements } = splitStatements(sql);
  assert.deepEqual(
    statements.map(({ start, end, text }) => sql.slice(start, end) === text),
    [true, true, true],
  );
  const [first, second, third] = statements;
  assert.equal(first?.commentStart, 0);
  assert.equal(second?.commentStart, sql.indexOf("-- two"));
  assert.equal(second?.text, "CREATE  TABLE /* x */ t (é int)");
  assert.deepEqual(second?.words, ["create", "table", "t"]);
  assert.equal(second?.terminated, true);
  assert.equal(third?.terminated, false);
  assert.equal(third?.commentStart, third?.start);
});

Deno.test("splitStatements() reports what never closes, with its start", () => {
  assert.deepEqual(problems("select 1;\nselect 'a;\nselect 2;"), [
    "unterminated-string 17",
  ]);
  assert.deepEqual(problems('select "a;'), ["unterminated-identifier 7"]);
  assert.deepEqual(problems("do $a$ $b$;"), ["unterminated-dollar-string 3"]);
  assert.deepEqual(problems("select 1; /* /* */ ;"), [
    "unterminated-comment 10",
  ]);
  assert.deepEqual(texts("select 1; /* /* */ ;"), ["select 1"]);
});

Deno.test("splitStatements() names psql's meta-commands and skips their lines", () => {
  const sql =
    "\\connect db user\n\\set ON_ERROR_STOP on\nselect 1;\n\\i it's.sql\nselect 2 \\gset x_\nselect 3; \\echo 'done\nselect 4;\n";
  assert.deepEqual(
    splitStatements(sql).problems.map((problem) => problem.name),
    ["\\connect", "\\set", "\\i", "\\gset", "\\echo"],
  );
  assert.deepEqual(texts(sql), [
    "select 1",
    "select 2",
    "select 3",
    "select 4",
  ]);
  assert.deepEqual(texts("select 1\\; select 2;"), ["select 1", "select 2"]);
  assert.deepEqual(
    problems("select E'\\\\i', '\\i', $$\\i$$ -- \\i\n/* \\i */"),
    [],
  );
  assert.deepEqual(problems("\\"), ["meta-command 0 \\"]);
});

Deno.test("splitStatements() takes no COPY data for SQL", () => {
  const data = "1\tit's\n2\t$$\n3\t/* ;\n\\N\t\\\\.\nx\\.\n";
  for (
    const [copy, name] of [
      ["COPY t FROM stdin;", "t"],
      ['copy "S".t (a, b) FROM STDIN WITH (FORMAT csv) ;', '"S".t'],
      ['COPY BINARY t ("from") FROM STDOUT;', "t"],
      ["COPY s . t FROM/**/stdin;", "s.t"],
    ]
  ) {
    for (const newline of ["\n", "\r\n"]) {
      const sql = `select 1;\n${copy}\n${data}\\.\nselect 2;`
        .replaceAll("\n", newline);
      assert.deepEqual(problems(sql), [
        `copy-from-stdin ${sql.indexOf(copy ?? "")} ${name}`,
      ]);
      assert.deepEqual(texts(sql).length, 3);
      assert.equal(texts(sql)[2], "select 2");
    }
  }
  const endless = "COPY t FROM stdin;\n1\t'\n2\n";
  assert.deepEqual(problems(endless), ["copy-from-stdin 0 t"]);
  assert.equal(texts(endless).length, 1);
  assert.deepEqual(problems("COPY t FROM stdin"), ["copy-from-stdin 0 t"]);
  assert.deepEqual(
    texts("\\copy t from stdin\nit's\n\\.\nselect 1"),
    ["select 1"],
  );
  assert.deepEqual(problems("copy t to stdout; copy t from 'f'"), []);
});

Deno.test("splitStatements() reports a NUL character wherever it stands", () => {
  assert.deepEqual(problems("select 1; -- \0"), ["nul-character 13"]);
  assert.deepEqual(problems("select '\0'"), ["nul-character 8"]);
});

Deno.test("splitStatements() swallows what follows an open parenthesis", () => {
  // Neither psql nor the server ends a statement there.
  assert.deepEqual(texts("select (1; select 2; select 3"), [
    "select (1; select 2; select 3",
  ]);
  assert.deepEqual(texts("select 1); select 2"), ["select 1)", "select 2"]);
});

Deno.test("splitStatements() splits one very long line in linear time", () => {
  const sql = "select 1; /* x */".repeat(60_000);
  const before = performance.now();
  assert.equal(splitStatements(sql).statements.length, 60_000);
  assert.ok(performance.now() - before < 5000);
});

Deno.test("lineAndColumn() counts lines by line feeds and columns by characters", () => {
  const text = "a\r\n😀é x\n\nlast";
  assert.deepEqual(lineAndColumn(text, 0), { line: 1, column: 1, text: "a" });
  assert.deepEqual(lineAndColumn(text, text.indexOf("x")), {
    line: 2,
    column: 4,
    text: "😀é x",
  });
  assert.deepEqual(lineAndColumn(text, text.indexOf("\n\n") + 1), {
    line: 3,
    column: 1,
    text: "",
  });
  assert.deepEqual(lineAndColumn(text, 999), {
    line: 4,
    column: 5,
    text: "last",
  });
  assert.deepEqual(lineAndColumn("", 0), { line: 1, column: 1, text: "" });
  assert.deepEqual(lineAndColumn("ab\r\n", 3), {
    line: 1,
    column: 3,
    text: "ab",
  });
});
