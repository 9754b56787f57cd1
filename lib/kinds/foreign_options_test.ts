import assert from "@std/assert";
import {
  alterOptions,
  namesSecret,
  optionChanges,
  optionsClause,
  secretHash,
  splitOptions,
  withheldOptions,
} from "./foreign_options.ts";

Deno.test("splitOptions() keeps secrets as hashes only", () => {
  const split = splitOptions(
    { user: "ann", password: "hunter2" },
    "user_mapping:s.ann",
  );
  assert.deepEqual(split.options, { user: "ann" });
  assert.equal(JSON.stringify(split).includes("hunter2"), false);
  assert.deepEqual(withheldOptions(split), ["password"]);
});

Deno.test("secretHash() differs by owner, name and value, and by nothing else", () => {
  const hash = secretHash("a", "b", "c");
  assert.equal(hash, secretHash("a", "b", "c"));
  assert.match(hash, /^[0-9a-f]{64}$/);
  for (const other of [["x", "b", "c"], ["a", "x", "c"], ["a", "b", "x"]]) {
    const [owner = "", name = "", value = ""] = other;
    assert.notEqual(secretHash(owner, name, value), hash);
  }
});

Deno.test("namesSecret() knows secrets by their names", () => {
  for (
    const name of [
      "password",
      "PASSWORD",
      "sslpassword",
      "passfile_pwd",
      "api_key",
      "aws_secret_access",
      "token",
      "passphrase",
    ]
  ) {
    assert.equal(namesSecret(name), true, name);
  }
  for (const name of ["user", "key", "password_required", "host", "passes"]) {
    assert.equal(namesSecret(name), false, name);
  }
});

Deno.test("optionsClause() quotes what it must, and writes no SQL for a secret", () => {
  assert.equal(optionsClause({}), "");
  assert.equal(
    optionsClause({ options: { host: "a'b", "Odd name": "\\" } }),
    ` OPTIONS (host 'a''b', "Odd name" E'\\\\')`,
  );
  assert.equal(
    optionsClause({ options: { user: "a" }, secrets: { password: "00" } }),
    ` OPTIONS ("user" 'a', password <withheld: password>)`,
  );
});

Deno.test("optionChanges() adds, sets and drops, and leaves alone what stays", () => {
  assert.equal(optionChanges(undefined, undefined), undefined);
  assert.equal(optionChanges({ a: "1" }, { a: "1" }), undefined);
  assert.equal(
    optionChanges({ a: "1", "B b": "2", c: "" }, { a: "it's", c: "", d: "" }),
    `OPTIONS (DROP "B b", SET a 'it''s', ADD d '')`,
  );
  // Names of properties that every object has are names like others.
  assert.equal(
    optionChanges({}, { constructor: "x" }),
    "OPTIONS (ADD constructor 'x')",
  );
});

Deno.test("alterOptions() keeps what can run apart from what lacks a secret", () => {
  const from = { options: { user: "a" }, secrets: { password: "1", pwd: "2" } };
  const to = {
    options: { user: "b" },
    secrets: { password: "9", token: "3" },
    clauses: ["VERSION '2'"],
  };
  assert.deepEqual(alterOptions("ALTER SERVER s", from, to), [
    {
      sql: `ALTER SERVER s VERSION '2' OPTIONS (DROP pwd, SET "user" 'b')`,
      phase: "create",
      hazards: [{
        kind: "irreversible",
        allow: "drop-secret",
        reason: "pwd cannot be set again from here: secrets are not kept",
      }],
    },
    {
      sql:
        "ALTER SERVER s OPTIONS (SET password <withheld: password>, ADD token <withheld: token>)",
      phase: "create",
      withheld: ["password", "token"],
    },
  ]);
  assert.deepEqual(alterOptions("ALTER SERVER s", from, from), []);
});
