import assert from "@std/assert";
import { parseDuration } from "./duration.ts";
import { addVariables, parseEnvFile } from "./env_file.ts";
import { holdsSecret, redactSource, withParameter } from "./secrets.ts";
import { nearest } from "./suggest.ts";
import { locateKeys } from "./toml_lines.ts";
import {
  expandVariables,
  processVariables,
  refersToVariable,
} from "./variables.ts";

Deno.test("[P90] parseDuration() reads times as PostgreSQL reads lock_timeout", () => {
  const times: readonly (readonly [string, number | undefined])[] = [
    ["3s", 3000],
    ["500ms", 500],
    ["2min", 120_000],
    ["1h", 3_600_000],
    ["1d", 86_400_000],
    ["250", 250],
    ["0", 0],
    ["1.5s", 1500],
    [" 3 s ", 3000],
    ["1500us", 2],
    ["2147483647", 2_147_483_647],
    ["2147483648", undefined],
    ["100us", undefined],
    ["", undefined],
    ["s", undefined],
    ["-1", undefined],
    ["3 seconds", undefined],
    ["3S", undefined],
    ["3m", undefined],
    ["0x10", undefined],
    ["1e3", undefined],
    ["Infinity", undefined],
    ["NaN", undefined],
    ["3s; DROP TABLE t", undefined],
  ];
  for (const [text, expected] of times) {
    assert.equal(parseDuration(text), expected, text);
  }
});

Deno.test("[P12] redactSource() hides every form of a password and nothing else", () => {
  const sources: readonly (readonly [string, string])[] = [
    ["postgres://me:pw@db/app", "postgres://me:***@db/app"],
    ["postgresql://me:p:w@db/app", "postgresql://me:***@db/app"],
    ["postgres://me:p@w@db/app", "postgres://me:***@db/app"],
    ["postgres://me:p/w@db/app", "postgres://me:***@db/app"],
    ["postgres://me:p?w@db/app", "postgres://me:***@db/app"],
    ["postgres://me:p?w=x@db/app", "postgres://***"],
    ["postgres://:pw@db", "postgres://:***@db"],
    ["postgres://db/app?password=pw&x=1", "postgres://db/app?password=***&x=1"],
    ["postgres://db/app?pass%77ord=pw", "postgres://db/app?pass%77ord=***"],
    ["postgres://db/app?sslpassword=pw", "postgres://db/app?sslpassword=***"],
    ["host=db password=pw user=me", "host=db password=*** user=me"],
    ["host=db password = 'p w\\' x' user=me", "host=db password = *** user=me"],
    ["host=db PASSWORD='unfinished", "host=db PASSWORD=***"],
    ["postgres:/me:pw@db", "postgres:/***@db"],
    ["me:pw@db", "***@db"],
    ["migrations:pw@db", "***@db"],
  ];
  for (const [source, shown] of sources) {
    assert.equal(redactSource(source), shown);
    assert.equal(holdsSecret(source), true, source);
  }
  for (
    const open of [
      "postgres://me@db/app",
      "migrations:db/migrations@20260102_030405",
      "postgres://me:@db/app",
      "postgres://db:5432,[::1]:5433/app?user=a@b",
      "postgres://",
      "postgres:///app?host=/run",
      "host=db user=me options='-c x=password'",
      "pglite:/data/db",
      "none",
    ]
  ) {
    assert.equal(redactSource(open), open);
    assert.equal(holdsSecret(open), false, open);
  }
});

Deno.test("withParameter() adds a parameter that needs quoting to either form", () => {
  const password = { keyword: "password", value: "a b&c'd\\" };
  const url = withParameter("postgres://me@db/app?sslmode=require", password);
  assert.equal(
    url,
    "postgres://me@db/app?sslmode=require&password=a%20b%26c'd%5C",
  );
  assert.equal(
    withParameter("postgres://db", { keyword: "x", value: "1" }),
    "postgres://db?x=1",
  );
  assert.equal(
    withParameter("host=db", password),
    "host=db password='a b&c\\'d\\\\'",
  );
  assert.equal(redactSource(url).includes("c'd"), false);
});

Deno.test("parseEnvFile() reads quotes, comments and export", () => {
  const text = [
    "\uFEFF# comment",
    "A=1",
    "  export B = two words # comment",
    "C='single $X # \"kept\" \\n'",
    'D="line\\n\\"q\\" \\$ \\x" # comment',
    "E=",
    "F=p#w",
    "G=#hash",
    "H= # nothing",
    'I="first',
    'second"',
    "J=after\r",
    "A=2",
  ].join("\n");
  const values = Object.fromEntries(
    [...parseEnvFile(text, ".env")].map(([name, each]) => [name, each.value]),
  );
  assert.deepEqual(values, {
    A: "2",
    B: "two words",
    C: 'single $X # "kept" \\n',
    D: 'line\n"q" $ \\x',
    E: "",
    F: "p#w",
    G: "#hash",
    H: "",
    I: "first\nsecond",
    J: "after",
  });
  assert.equal(parseEnvFile(text, ".env").get("J")?.origin, "J (.env:12)");
});

Deno.test("parseEnvFile() refuses other lines with their number and without their text", () => {
  for (
    const bad of [
      "A=1\nhunter2",
      "A=1\nB='hunter2",
      'A=1\nB="hunter2"x',
      "A=1\n1B=hunter2",
    ]
  ) {
    assert.throws(() => parseEnvFile(bad, ".env"), (error: unknown) => {
      assert.match(String(error), /\.env:2/);
      return !String(error).includes("hunter2");
    });
  }
});

Deno.test("addVariables() never overrides the real environment, not even an empty variable", () => {
  const real = processVariables({ A: "real", B: "" });
  const both = addVariables(
    real,
    parseEnvFile("A=file\nB=file\nC=file", ".env"),
  );
  assert.deepEqual(["A", "B", "C"].map((name) => both.get(name)?.value), [
    "real",
    "",
    "file",
  ]);
});

Deno.test("expandVariables() puts variables in once, and only where ${NAME} asks", () => {
  const variables = processVariables({ A: "${B}", B: "b" });
  const expand = (value: unknown) =>
    expandVariables(value, variables, { what: "x" });
  assert.equal(expand("<${A}|${B}>"), "<${B}|b>");
  assert.equal(expand("$${A} $A $ {A} $$"), "${A} $A $ {A} $$");
  assert.deepEqual(expand({ program: ["${B}"], n: 1 }), {
    program: ["b"],
    n: 1,
  });
  for (
    const bad of ["${", "${}", "${A", "${A-b}", "${A:-b}", "${ A }", "${1}"]
  ) {
    assert.throws(() => expand(bad), { code: "config-invalid" }, bad);
    assert.equal(refersToVariable(bad), true);
  }
  assert.throws(() => expand("${constructor}"), { code: "variable-unset" });
  assert.equal(refersToVariable("$${A}"), false);
});

Deno.test("expandVariables() names file, line and variable of one that is not set", () => {
  assert.throws(
    () =>
      expandVariables("${PROD_ULR}", processVariables({ PROD_URL: "x" }), {
        what: "url in [env.prod]",
        location: { file: "pawl.toml", line: 7 },
      }),
    (error: unknown) => {
      assert.match(String(error), /pawl\.toml:7.*PROD_ULR is not set/);
      assert.match(Object(error).hint, /PROD_URL\?/);
      return Object(error).location.line === 7;
    },
  );
});

Deno.test("nearest() finds a word that may be meant and no other", () => {
  const known = ["migrations", "name", "url"];
  assert.equal(nearest("migratoins", known), "migrations");
  assert.equal(nearest("Name", known), "name");
  assert.equal(nearest("zzz", known), undefined);
  assert.equal(nearest("x".repeat(100_000), known), undefined);
});

Deno.test("locateKeys() finds keys whatever stands in the values before them", () => {
  const find = locateKeys([
    'a.b."c.d" = 1 # x = 2',
    String.raw`s = 'it\'`,
    's2 = "\\"k = 1"',
    'm = """',
    'k = "1" "" ""\\"""',
    '"""',
    "l = '''",
    "k = 1",
    "''''",
    "n = [[1, { k = 1 }],",
    "  # k = 3",
    "  { z = '}' }]",
    "[ t . u ]",
    "'é1' = 1",
    "[[arr]]",
    "x = 1",
    "[[arr]]",
    "x = 2",
  ].join("\n"));
  const lines: readonly (readonly [readonly string[], number | undefined])[] = [
    [["a"], 1],
    [["a", "b", "c.d"], 1],
    [["s2"], 3],
    [["k"], undefined],
    [["l"], 7],
    [["n"], 10],
    [["n", "0", "1", "k"], 10],
    [["n", "1", "z"], 12],
    [["t", "u"], 13],
    [["t", "u", "é1"], 14],
    [["arr", "0", "x"], 16],
    [["arr", "1", "x"], 18],
  ];
  for (const [path, line] of lines) {
    assert.equal(find(path)?.line, line, path.join("/"));
  }
});

Deno.test("locateKeys() ends on any text", () => {
  for (
    const text of [
      "[",
      "{",
      "a",
      "=",
      "a = [",
      "a = {",
      'a = "',
      "]]",
      "a = [,,",
      "'''",
      "\u0000",
    ]
  ) {
    assert.equal(locateKeys(text)(["never"]), undefined);
  }
});
