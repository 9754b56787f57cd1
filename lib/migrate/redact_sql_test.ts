import assert from "@std/assert";
import { tokenHash } from "../sql/token_hash.ts";
import { locationIn, redactMessage, redactSecrets } from "./redact_sql.ts";

const R = "'[redacted]'";

Deno.test("passwords, connections and options lose their literals", () => {
  for (
    const [sql, expected] of [
      ["CREATE ROLE a PASSWORD 'x'", `CREATE ROLE a PASSWORD ${R}`],
      [
        "ALTER ROLE a ENCRYPTED PASSWORD 'md5x' VALID UNTIL '2027-01-01';",
        `ALTER ROLE a ENCRYPTED PASSWORD ${R} VALID UNTIL '2027-01-01';`,
      ],
      [
        "alter role a password /* x */ 'x'",
        `alter role a password /* x */ ${R}`,
      ],
      ["ALTER ROLE a PASSWORD E'x\\'y'", `ALTER ROLE a PASSWORD ${R}`],
      ["ALTER ROLE a PASSWORD U&'x'", `ALTER ROLE a PASSWORD ${R}`],
      ["ALTER ROLE a PASSWORD $$x$$", `ALTER ROLE a PASSWORD ${R}`],
      [
        "ALTER ROLE a PASSWORD 'x'\n  'y'",
        `ALTER ROLE a PASSWORD ${R}\n  ${R}`,
      ],
      ["ALTER ROLE a PASSWORD NULL", "ALTER ROLE a PASSWORD NULL"],
      [
        "CREATE SUBSCRIPTION s CONNECTION 'host=h password=p' PUBLICATION p",
        `CREATE SUBSCRIPTION s CONNECTION ${R} PUBLICATION p`,
      ],
      [
        "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', password 'p'); SELECT 'kept'",
        `CREATE USER MAPPING FOR a SERVER s OPTIONS (user ${R}, password ${R}); SELECT 'kept'`,
      ],
      [
        "ALTER SERVER s OPTIONS (SET host 'h', DROP port, ADD x $a$y$a$)",
        `ALTER SERVER s OPTIONS (SET host ${R}, DROP port, ADD x ${R})`,
      ],
      [
        "UPDATE u SET password = 'x', name = 'y'",
        `UPDATE u SET password = ${R}, name = 'y'`,
      ],
    ] as const
  ) {
    assert.equal(redactSecrets(sql), expected, sql);
  }
});

Deno.test("secrets in the body of DO and in what EXECUTE runs are taken out too", () => {
  assert.equal(
    redactSecrets("DO $do$BEGIN CREATE ROLE a PASSWORD 'x'; END$do$;"),
    `DO $do$BEGIN CREATE ROLE a PASSWORD ${R}; END$do$;`,
  );
  assert.equal(
    redactSecrets("EXECUTE 'ALTER ROLE a PASSWORD ''it''''s''';"),
    "EXECUTE 'ALTER ROLE a PASSWORD ''[redacted]''';",
  );
  assert.equal(
    redactSecrets("DO $$BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''x'''; END$$"),
    "DO $$BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''[redacted]'''; END$$",
  );
});

Deno.test("all else stays to the byte, comments and odd spaces included", () => {
  for (
    const sql of [
      "",
      "SELECT 1 -- the password 'x'\r\n;",
      "/* OPTIONS (a 'b') */ SELECT 'a', $$b$$",
      "SELECT \"password\" FROM t WHERE x = 'y'",
      "CREATE TABLE t (password text, options jsonb DEFAULT '{}')",
      "SELECT 'password', 'options ( x )', $$connection$$",
      "INSERT INTO t (options) VALUES ('a')",
      "SELECT 'unterminated password",
    ]
  ) {
    assert.equal(redactSecrets(sql), sql);
  }
});

Deno.test("what was redacted no longer fits its checksum, so that it is never run", () => {
  const sql = "ALTER ROLE a PASSWORD 'x'";
  assert.notEqual(tokenHash(redactSecrets(sql)), tokenHash(sql));
  const plain = "ALTER TABLE a ADD password text";
  assert.equal(tokenHash(redactSecrets(plain)), tokenHash(plain));
});

Deno.test("a line is shown without the secrets on it, and the caret stands where it stood", () => {
  const at = (text: string, what: string) => {
    const found = locationIn({ path: "a.sql", text }, text.indexOf(what));
    const { column = 0, text: shown = "" } = found;
    return [found.line, shown, [...shown].slice(column - 1).join("")];
  };
  const one = "SELECT 1;\nALTER ROLE a PASSWORD 'x-€-x' FOO 'y';\r\nSELECT 2";
  const shown = `ALTER ROLE a PASSWORD ${R} FOO 'y';`;
  assert.deepEqual(at(one, "FOO"), [2, shown, "FOO 'y';"]);
  assert.deepEqual(at(one, "€"), [2, shown, `${R} FOO 'y';`]);
  assert.deepEqual(at(one, "ROLE"), [2, shown, shown.slice(6)]);
  assert.deepEqual(at(one, "SELECT 2"), [3, "SELECT 2", "SELECT 2"]);

  const body =
    "DO $$\nBEGIN\n  EXECUTE 'ALTER ROLE a PASSWORD ''x'' FOO';\nEND\n$$;";
  assert.deepEqual(at(body, "FOO"), [
    3,
    "  EXECUTE 'ALTER ROLE a PASSWORD ''[redacted]'' FOO';",
    "FOO';",
  ]);
  // A secret of several lines, and one that never ends.
  const long = "CREATE USER MAPPING FOR a SERVER s OPTIONS (p 'x\ny\nz') FOO";
  assert.deepEqual(at(long, "FOO"), [3, `${R}) FOO`, "FOO"]);
  assert.deepEqual(at(long, "y\n"), [2, R, R]);
  assert.deepEqual(at("ALTER ROLE a PASSWORD 'x", "'x"), [
    1,
    `ALTER ROLE a PASSWORD ${R}`,
    R,
  ]);
});

Deno.test("what a server says is shown without the secrets that it quotes", () => {
  const sql =
    "DO $$BEGIN ALTER ROLE a PASSWORD 'it''s-1'; END$$; ALTER ROLE b PASSWORD 'ab'";
  for (
    const [said, expected] of [
      [
        `SQL statement "ALTER ROLE a PASSWORD 'it''s-1'"\nPL/pgSQL`,
        `SQL statement "ALTER ROLE a PASSWORD ${R}"\nPL/pgSQL`,
      ],
      // Made by format(): the file's text does not show that it is one.
      [
        `"ALTER ROLE a PASSWORD 'other'" and 'more'`,
        `"ALTER ROLE a PASSWORD ${R}" and 'more'`,
      ],
      [
        "EXECUTE 'ALTER ROLE a PASSWORD ''other'''",
        `EXECUTE 'ALTER ROLE a PASSWORD ${R}`,
      ],
      [`PASSWORD $x$a$x$ b`, `PASSWORD ${R} b`],
      [
        "OPTIONS (user 'u)', password 'p') x",
        `OPTIONS (user ${R}, password ${R}) x`,
      ],
      [`at or near "it's-1"`, `at or near "[redacted]"`],
      [`at or near "'ab'"; table`, `at or near "${R}"; table`],
      [`column "password" doesn't exist`, `column "password" doesn't exist`],
    ] as const
  ) {
    assert.equal(redactMessage(said, sql), expected);
  }
});
