import assert from "node:assert/strict";
import { Lexer, type TokenKind } from "./lexer.ts";
import { corpus, randomSource, tokenSoup } from "./corpus_test.ts";
import { loadModule, scanSync } from "libpg-query";

interface Range {
  start: number;
  end: number;
  kind: TokenKind | string;
}

/**
 * Our tokens, with what is one constant to the server joined into one.
 * Undefined where the library is known to cut otherwise than the server: it
 * takes comments for tokens, so a constant does not go on behind one.
 */
function ours(sql: string): Range[] | undefined {
  const lexer = new Lexer(sql);
  const ranges: Range[] = [];
  while (lexer.next()) {
    const { kind, start, end } = lexer;
    if (lexer.continuation) {
      const last = ranges.at(-1);
      if (last?.kind !== "string") return undefined;
      last.end = end;
    } else if (kind === "string" && /^n/i.test(sql.slice(start, start + 1))) {
      // The server's scanner says NCHAR and a constant.
      ranges.push({ start, end: start + 1, kind }, {
        start: start + 1,
        end,
        kind,
      });
    } else ranges.push({ start, end, kind });
  }
  return ranges;
}

/** The server's tokens, or undefined where its scanner refuses the text. */
function theirs(sql: string): Range[] | undefined {
  try {
    return scanSync(sql).tokens.map((
      { start, end, tokenName },
    ) => ({ start, end, kind: tokenName }));
  } catch {
    return undefined;
  }
}

function show(sql: string, ranges: readonly Range[] | undefined): string[] {
  return (ranges ?? []).map(({ start, end }) => sql.slice(start, end));
}

function texts(sql: string): string[] {
  const lexer = new Lexer(sql);
  const found: string[] = [];
  while (lexer.next()) {
    found.push(`${lexer.kind}:${sql.slice(lexer.start, lexer.end)}`);
  }
  return found;
}

const NASTY = [
  "select 1..2, 1...5, .5, 5., 5.e3, 1e10, 1e-10, 1.5E+3, 0x1F, 0o17, 0b101, 1_000_000, 0x_f, 1_0.0_1",
  "select a$b$c, $1, $1$2, $$a$$, $x$ $y$ $x $x$, $é$ x $é$",
  "select 'a''b', E'a\\'b', e'\\\\', E'\\''';', N'n''x', B'01''10', X'1F', U&'d\\0061t''a', U&\"d\\0061\" UESCAPE '!'",
  "select 'a'\n'b', E'a'\r\n'b\\'c' \n\n'd', 'a'\n-- c\n/* d */ 'e', 'x' 'y'",
  "select 'a'\n-'b', 'a'--'\n+'b'",
  "select a<-b, a>=-1, a@-b, a@- b, a--b\n, a/*b*/+c, a+-+-1, a*/**/b, @-@ 1, a->>'x', a#>>b, a?|b, a<>b, a!=b, a=>b, a:=b, a::b, a:b",
  "/* a /* b */ c */ /**/ /***/ /*/ */ /* '*/ select /*+*/*/*//*/ */ */ 1",
  'select "a""b", "a;b", "é", é$1, naïve',
  "create function f() returns int begin atomic select 1; end",
  "select e'a' e, u&b, u & 'b', n, b, x, xe'a'",
  "select 'a\\', '\\', E'\\\r\n'",
  "select ~~*-1, ||-1, |-, ^-1, %-1, %+, <=>, =-=, ==>, <=-, **, -+",
  "select x[1:2], x[:n], (a).b, a.*, a.b.c, a..b",
  "select $tag$;$tag;$$tag$, $a$b$a$c, $_1$x$_1$",
];

await loadModule();

Deno.test("Lexer cuts nasty texts where the server's scanner does", () => {
  for (const sql of NASTY) {
    const ascii = sql.replaceAll(/[^\0-\x7f]/g, "z");
    const expected = theirs(ascii);
    assert.ok(expected, `the server's scanner refuses ${ascii}`);
    assert.deepEqual(show(ascii, ours(ascii)), show(ascii, expected));
  }
});

Deno.test("Lexer cuts random tokens where the server's scanner does", () => {
  const random = randomSource(20240229);
  let compared = 0;
  for (let round = 0; round < 4000; round++) {
    const sql = tokenSoup(random);
    // The library takes `$1a` for two tokens, the server for an error.
    if (/\$[0-9]+[a-z_]/i.test(sql)) continue;
    const expected = theirs(sql);
    const mine = ours(sql);
    if (expected === undefined || mine === undefined) continue;
    compared++;
    assert.deepEqual(show(sql, mine), show(sql, expected), sql);
  }
  assert.ok(compared > 2000, `only ${compared} texts were legal`);
});

Deno.test({
  name: "Lexer cuts other projects' SQL where the server's scanner does",
  ignore: corpus().length === 0,
  fn() {
    let compared = 0;
    for (const { path, sql } of corpus()) {
      const ascii = sql.replaceAll(/[^\0-\x7f]/g, "z");
      if (ascii.length > 400_000) continue;
      const expected = theirs(ascii);
      const mine = ours(ascii);
      if (expected === undefined || mine === undefined) continue;
      compared++;
      const at = mine.findIndex((range, i) =>
        range.start !== expected[i]?.start || range.end !== expected[i]?.end
      );
      assert.equal(
        at >= 0 ? ascii.slice(mine[at]?.start, mine[at]?.end) : "",
        "",
        `${path}: token ${at}`,
      );
      assert.equal(mine.length, expected.length, path);
    }
    assert.ok(compared > 1000, `only ${compared} files were legal`);
  },
});

Deno.test("Lexer gives UTF-16 offsets in texts beyond ASCII", () => {
  assert.deepEqual(texts("SELECT '😀é' AS \"ñ😀\", ünïcode$1 -- é\n+1"), [
    "word:SELECT",
    "string:'😀é'",
    "word:AS",
    'quoted_identifier:"ñ😀"',
    "punctuation:,",
    "word:ünïcode$1",
    "line_comment:-- é",
    "operator:+",
    "number:1",
  ]);
});

Deno.test("Lexer says where an unterminated token starts", () => {
  const cases: [string, TokenKind, number][] = [
    ["select 'abc;", "string", 7],
    ["select 'a''", "string", 7],
    ["select E'a\\'", "string", 7],
    ["select E'\\", "string", 7],
    ["select 'a'\n'b", "string", 11],
    ['select "a', "quoted_identifier", 7],
    ['select U&"a', "quoted_identifier", 7],
    ["select $x$ abc $$", "dollar_string", 7],
    ["select $$", "dollar_string", 7],
    ["select /* /* */", "block_comment", 7],
    ["select /*/", "block_comment", 7],
  ];
  for (const [sql, kind, start] of cases) {
    const lexer = new Lexer(sql);
    let found: [string, TokenKind, number] | undefined;
    while (lexer.next()) {
      if (lexer.unterminated) found = [sql, lexer.kind, lexer.start];
    }
    assert.deepEqual(found, [sql, kind, start]);
    assert.equal(lexer.end, sql.length);
  }
});

Deno.test("Lexer keeps letters behind a number in its token", () => {
  assert.deepEqual(texts("123abc 1e 1_ 0xZZ $1a 1__0 0x"), [
    "number:123abc",
    "number:1e",
    "number:1_",
    "number:0xZZ",
    "parameter:$1a",
    "number:1__0",
    "number:0x",
  ]);
});

Deno.test("Lexer skips a byte order mark at the start only", () => {
  assert.deepEqual(texts("\ufeffselect \ufeffa"), [
    "word:select",
    "word:\ufeffa",
  ]);
});

Deno.test("Lexer marks the later parts of a string that goes on", () => {
  const lexer = new Lexer("E'a' -- pawl:x\n'b\\'' 'c'");
  const seen: string[] = [];
  while (lexer.next()) {
    seen.push(`${lexer.kind} ${lexer.continuation} ${lexer.end}`);
  }
  assert.deepEqual(seen, [
    "string false 4",
    "line_comment false 14",
    "string true 20",
    "string false 24",
  ]);
});

Deno.test("Lexer goes on with a string behind line comments, as the server does", () => {
  // The library's scanner does not; a PostgreSQL 15 server was asked.
  const parts = (sql: string): string[] => {
    const lexer = new Lexer(sql);
    const found: string[] = [];
    while (lexer.next()) {
      if (lexer.continuation) found.push(sql.slice(lexer.start, lexer.end));
    }
    return found;
  };
  assert.deepEqual(parts("'a' -- c\n 'b'"), ["'b'"]);
  assert.deepEqual(parts("E'a' -- x\n -- y\n 'd\\'e'"), ["'d\\'e'"]);
  assert.deepEqual(parts("e'a'\r'b'"), ["'b'"]);
  assert.deepEqual(parts("'a'--'\n'b'"), ["'b'"]);
  assert.deepEqual(parts("'a'\n-- c\n/* d */ 'b'"), []);
  assert.deepEqual(parts("'a' /*\n*/ 'b'"), []);
  assert.deepEqual(parts("$$a$$\n'b'"), []);
});

Deno.test("Lexer.isWord() folds ASCII letters only", () => {
  const lexer = new Lexer("SeLeCt");
  lexer.next();
  assert.ok(lexer.isWord("select"));
  assert.ok(!lexer.isWord("selec"));
  const kelvin = new Lexer("\u212a");
  kelvin.next();
  assert.ok(!kelvin.isWord("k"));
});

Deno.test("Lexer tokens tile the text: only white space lies between", () => {
  const random = randomSource(7);
  for (let round = 0; round < 2000; round++) {
    const sql = tokenSoup(random) + (round % 3 === 0 ? "'$\\\u0001" : "");
    const lexer = new Lexer(sql);
    let at = 0;
    while (lexer.next()) {
      assert.match(sql.slice(at, lexer.start), /^[ \t\n\r\f\v]*$/);
      assert.ok(lexer.end > lexer.start);
      at = lexer.end;
    }
    assert.match(sql.slice(at), /^[ \t\n\r\f\v]*$/);
  }
});
