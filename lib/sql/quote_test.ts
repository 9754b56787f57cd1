import assert from "node:assert/strict";
import { loadModule, parseSync, scanSync } from "libpg-query";
import { QUOTED_KEYWORDS } from "./keywords.ts";
import {
  dollarQuote,
  quoteIdentifier,
  quoteLiteral,
  quoteQualified,
} from "./quote.ts";
import { randomSource } from "./corpus_test.ts";
import { splitStatements } from "./split.ts";

await loadModule();

Deno.test("quoteIdentifier() quotes only where it has to", () => {
  assert.equal(quoteIdentifier("a_1"), "a_1");
  assert.equal(quoteIdentifier("name"), "name");
  assert.equal(quoteIdentifier("A"), '"A"');
  assert.equal(quoteIdentifier("1a"), '"1a"');
  assert.equal(quoteIdentifier("a$"), '"a$"');
  assert.equal(quoteIdentifier("é"), '"é"');
  assert.equal(
    quoteIdentifier('x"; DROP TABLE y; --'),
    '"x""; DROP TABLE y; --"',
  );
  for (const word of ["user", "between", "verbose", "json_table"]) {
    assert.equal(quoteIdentifier(word), `"${word}"`);
  }
});

Deno.test("quoteIdentifier() refuses what no name can be", () => {
  assert.throws(() => quoteIdentifier(""), { code: "internal" });
  assert.throws(() => quoteIdentifier("a\0b"), { code: "internal" });
});

Deno.test("quoteIdentifier() knows PostgreSQL's keywords and no others", () => {
  for (const word of QUOTED_KEYWORDS) {
    const [token] = scanSync(word).tokens;
    assert.ok((token?.keywordKind ?? 0) >= 2, `${word} needs no quotes`);
  }
  assert.equal(QUOTED_KEYWORDS.size, 78 + 63 + 23);
});

Deno.test("quoteQualified() joins the parts that there are", () => {
  assert.equal(quoteQualified("public", "T"), 'public."T"');
  assert.equal(quoteQualified(undefined, "a.b"), '"a.b"');
});

/** The value of the one constant that a SELECT returns. */
function constant(sql: string): unknown {
  const json = JSON.stringify(parseSync(sql));
  const found = /"sval":\{"sval":("(?:[^"\\]|\\.)*")\}|"sval":\{\}/.exec(json);
  assert.ok(found, json);
  return found[1] === undefined ? "" : JSON.parse(found[1]);
}

Deno.test("quoteLiteral() and dollarQuote() come back as they were", () => {
  assert.equal(quoteLiteral("it's"), "'it''s'");
  assert.equal(quoteLiteral("a\\'b"), "E'a\\\\''b'");
  const random = randomSource(3);
  const pieces = [
    "'",
    "\\",
    "$",
    "$$",
    "a",
    "_1",
    ";",
    "\n",
    "$_1$",
    "$x",
    "--",
  ];
  for (let round = 0; round < 1500; round++) {
    let text = "";
    for (let n = random(7); n > 0; n--) {
      text += pieces[random(pieces.length)] ?? "";
    }
    for (
      const quoted of [
        quoteLiteral(text),
        dollarQuote(text),
        dollarQuote(text, "x"),
      ]
    ) {
      assert.equal(constant(`SELECT ${quoted}`), text, quoted);
      assert.equal(splitStatements(`SELECT ${quoted};`).statements.length, 1);
    }
  }
});

Deno.test("dollarQuote() refuses a tag that is none", () => {
  assert.throws(() => dollarQuote("", "a$"), { code: "internal" });
  assert.throws(() => dollarQuote("\0"), { code: "internal" });
});
