import assert from "@std/assert";
import type { PawlError } from "../errors.ts";
import { decodeSeed, parseTableName, readSeedData } from "./seed_data.ts";
import { readSeedScript } from "./seed_script.ts";
import { type SeedValue, toJson } from "./seed_value.ts";
import { refused } from "../../tests/support/refused.ts";

const JSON_PATH = "seeds/dev.json";

function json(text: string) {
  return readSeedData({ path: JSON_PATH, text }, "json");
}

function yaml(text: string) {
  return readSeedData({ path: "seeds/dev.yaml", text }, "yaml");
}

/** The first cell of the first row of the first table. */
function cell(
  sections: ReturnType<typeof json>,
  name = "c",
): SeedValue {
  const value = sections[0]?.rows[0]?.cells.get(name)?.value;
  if (value === undefined) throw new Error(`there is no cell ${name}`);
  return value;
}

function refusal(work: () => unknown, what?: string): PawlError {
  const error = refused(work, what);
  assert.equal(error.code, "seed-invalid");
  return error;
}

Deno.test("[X10] JSON and YAML seeds say the same", () => {
  const shape = (sections: ReturnType<typeof json>) =>
    sections.map((section) => [
      section.name,
      section.rows.map((row) =>
        [...row.cells].map(([name, { value }]) => [name, toJson(value, true)])
      ),
    ]);
  const expected = [
    ["users", [[["id", "1"], ["tags", '["a",null]'], ["ok", "true"]]]],
    ["app.roles", []],
  ];
  assert.deepEqual(
    shape(json(
      '{"users": [{"id": 1, "tags": ["a", null], "ok": true}],\r\n\t"app.roles": []}',
    )),
    expected,
  );
  assert.deepEqual(
    shape(yaml(
      "users:\n- id: 1\n  tags: [a, ~]\n  ok: true\napp.roles:\n",
    )),
    expected,
  );
});

Deno.test("numbers keep every digit, whatever JavaScript makes of them", () => {
  for (
    const digits of [
      "9007199254740993",
      "12345678901234567890.1234567890",
      "1.10",
      "-0",
      "1e400",
    ]
  ) {
    assert.equal(
      toJson(cell(json(`{"t": [{"c": ${digits}}]}`)), true),
      digits,
    );
    assert.equal(toJson(cell(yaml(`t: [{c: ${digits}}]`)), true), digits);
  }
});

Deno.test("YAML's other ways to write numbers become JSON, and stay text in text columns", () => {
  const written = (text: string, inside: boolean) =>
    toJson(cell(yaml(`t:\n- c: ${text}\n`)), inside);
  assert.equal(written("0x1F", true), "31");
  assert.equal(written("0o17", false), "15");
  assert.equal(written("01234", true), "1234");
  assert.equal(written("01234", false), '"01234"');
  assert.equal(written("+4912", false), '"+4912"');
  assert.equal(written(".5", true), "0.5");
  assert.equal(written("-.5", true), "-0.5");
  assert.equal(written("1.", true), "1");
  assert.equal(written("-.inf", true), '"-Infinity"');
  assert.equal(written(".nan", false), '"NaN"');
  assert.equal(written("!!binary aGk=", false), '"\\\\x6869"');
  assert.equal(written("2026-01-02", false), '"2026-01-02"');
  assert.equal(written("yes", false), '"yes"');
});

Deno.test("YAML anchors, aliases and merge keys are followed", () => {
  const [section] = yaml(
    "t:\n- &a {id: 1, c: x}\n- <<: *a\n  id: 2\n- {<<: [{c: y}, *a], id: 3}\n- *a\n",
  );
  const rows = section?.rows.map((row) =>
    [...row.cells].map(([name, { value }]) => [name, toJson(value, true)])
      .sort()
  );
  assert.deepEqual(rows, [
    [["c", '"x"'], ["id", "1"]],
    [["c", '"x"'], ["id", "2"]],
    [["c", '"y"'], ["id", "3"]],
    [["c", '"x"'], ["id", "1"]],
  ]);
});

Deno.test("what is wrong with a JSON seed is said with its line and column", () => {
  const cases: [string, RegExp, number, number][] = [
    ['{\n "t": [{"c": 1,}]}', /"}" stands where a key/, 2, 16],
    ['{"t": [1]}', /a row of t is a number/, 1, 8],
    ['{"t": {"c": 1}}', /under t stands a map, not a list/, 1, 7],
    ["[]", /a list stands where the tables/, 1, 1],
    ['{"t": [], "t": []}', /key "t" stands twice/, 1, 11],
    ['{"t": [{"c": 01}]}', /"1" stands where a comma or }/, 1, 15],
    ['{"t": [{"c": \'x\'}]}', /"'" stands where a value/, 1, 14],
    ['{"t": []} x', /"x" stands where the end/, 1, 11],
    ['{"t": [', /it ends where a value/, 1, 8],
    ['{"t": [{"c": "a\nb"}]}', /does not end, or has a character/, 1, 14],
    ["", /it ends where a value/, 1, 1],
  ];
  for (const [text, message, line, column] of cases) {
    const error = refusal(() => json(text));
    assert.match(error.message, message);
    assert.deepEqual(
      [error.location?.file, error.location?.line, error.location?.column],
      [JSON_PATH, line, column],
      text,
    );
  }
});

Deno.test("what is wrong with a YAML seed is said with its line", () => {
  const cases: [string, RegExp, number | undefined][] = [
    ["t:\n- c: 1\n  c: 2\n", /unique/, 3],
    ["t:\n- c: !foo 1\n", /tag/i, 2],
    ["t:\n- c: *x\n", /no anchor &x/, 2],
    ["t:\n- ? [a]\n  : 1\n", /a key is a list or a map/, 2],
    ["t:\n\t- c: 1\n", /tab/i, 2],
    ["t: []\n---\nu: []\n", /several documents/, undefined],
    ["t:\n- &a [*a]\n", /a row of t is a list|nested deeper/, 2],
    ["t:\n- c: &a [*a]\n", /nested deeper/, 2],
  ];
  for (const [text, message, line] of cases) {
    const error = refusal(() => yaml(text), text);
    assert.match(error.message, message);
    assert.equal(error.location?.line, line, text);
  }
});

Deno.test("nesting without end and aliases of aliases are refused, not followed", () => {
  const deep = "[".repeat(100_000);
  assert.match(refusal(() => json(`{"t": ${deep}`)).message, /nested deeper/);
  const bomb = ["a: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 9; i++) {
    bomb.push(`b${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]`);
  }
  assert.match(
    refusal(() => yaml(bomb.join("\n"))).message,
    /aliases make millions/,
  );
});

Deno.test("a seed that is not UTF-8 is refused, a byte order mark is not in its text", () => {
  const bytes = (...values: number[]) => new Uint8Array(values);
  assert.equal(decodeSeed("a.sql", bytes(0xef, 0xbb, 0xbf, 0x41)).text, "A");
  const error = refusal(() => decodeSeed("a.sql", bytes(0x41, 10, 0xff)));
  assert.equal(error.location?.line, 2);
});

Deno.test("parseTableName() takes names as the catalog has them", () => {
  assert.deepEqual(parseTableName("users"), {
    schema: undefined,
    table: "users",
  });
  assert.deepEqual(parseTableName("App.Users"), {
    schema: "App",
    table: "Users",
  });
  assert.deepEqual(parseTableName('"a.b"."c""d"'), {
    schema: "a.b",
    table: 'c"d',
  });
  assert.deepEqual(parseTableName("order items"), {
    schema: undefined,
    table: "order items",
  });
  for (const wrong of ["", ".", "a.", ".a", "a..b", "a.b.c", '"a', 'a"b']) {
    assert.equal(parseTableName(wrong), undefined, wrong);
  }
});

Deno.test("a SQL seed refuses what cannot run inside one transaction", () => {
  const read = (text: string) => readSeedScript({ path: "dev.sql", text });
  assert.deepEqual(
    read("-- hi\nINSERT INTO t VALUES (1);\nSAVEPOINT x; SELECT ';'").map((s) =>
      s.sql
    ),
    ["INSERT INTO t VALUES (1)", "SAVEPOINT x", "SELECT ';'"],
  );
  const cases: [string, RegExp, number][] = [
    ["SELECT 1;\nCOMMIT;", /COMMIT inside a seed/, 2],
    ["BEGIN;", /BEGIN inside a seed/, 1],
    ["ROLLBACK", /ROLLBACK inside a seed/, 1],
    ["\\copy t from x", /\\copy/, 1],
    ["COPY t FROM stdin;\n1\n\\.\n", /COPY/, 1],
    ["SELECT 'x", /unterminated/, 1],
    ["SELECT 1;\n-- pawl:down\nDROP TABLE t;", /pawl:down/, 2],
  ];
  for (const [text, message, line] of cases) {
    const error = refusal(() => read(text));
    assert.match(error.message, message);
    assert.equal(error.location?.line, line);
  }
});
