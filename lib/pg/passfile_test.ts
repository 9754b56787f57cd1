import assert from "@std/assert";
import { passfileObjection, passfilePassword } from "./passfile.ts";

const KEY = { host: "db", port: 5432, database: "app", user: "ann" };

Deno.test("passfilePassword() takes the first line that fits", () => {
  assert.equal(
    passfilePassword("db:5432:app:ann:one\n*:*:*:*:two", KEY),
    "one",
  );
  assert.equal(passfilePassword("DB:5432:app:ann:one", KEY), undefined);
  assert.equal(passfilePassword("", KEY), undefined);
});

Deno.test("passfilePassword() reads escapes and passes over comments and broken lines", () => {
  assert.equal(
    passfilePassword("#*:*:*:*:no\nx\n*:*:*:*:a\\:b\\\\c\r\n", KEY),
    "a:b\\c",
  );
  const odd = { ...KEY, host: "::1", user: "a\\b" };
  assert.equal(passfilePassword("\\:\\:1:*:*:a\\\\b:pw", odd), "pw");
  assert.equal(passfilePassword("*:*:*:*:pw:rest", KEY), "pw");
  assert.equal(passfilePassword("*:*:*:*:", KEY), undefined);
  assert.equal(passfilePassword("*:*:*:*", KEY), undefined);
});

Deno.test("passfilePassword() takes an escaped star for a star", () => {
  assert.equal(passfilePassword("\\*:*:*:*:pw", KEY), undefined);
  assert.equal(passfilePassword("\\*:*:*:*:pw", { ...KEY, host: "*" }), "pw");
});

Deno.test("passfileObjection() wants the file for its owner alone", () => {
  assert.equal(passfileObjection("f", { text: "", mode: 0o100600 }), undefined);
  assert.equal(passfileObjection("f", { text: "", mode: null }), undefined);
  for (const mode of [0o640, 0o604, 0o777]) {
    assert.match(passfileObjection("f", { text: "", mode }) ?? "", /ignored/);
  }
});
