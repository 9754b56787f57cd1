import assert from "@std/assert";
import { makeSecrets } from "./secrets.ts";

Deno.test("redact() hides a secret in every spelling that conninfo and SQL give it", () => {
  const secrets = makeSecrets();
  secrets.add("p@ss'w\\rd/1");
  for (
    const spelling of [
      "p@ss'w\\rd/1",
      "p@ss''w\\rd/1",
      "p@ss\\'w\\\\rd/1",
      encodeURIComponent("p@ss'w\\rd/1"),
    ]
  ) {
    assert.equal(secrets.redact(`<${spelling}>`), "<***>");
  }
});

Deno.test("redact() hides passwords in URLs and key=value strings that nobody registered", () => {
  const { redact } = makeSecrets();
  assert.equal(
    redact("at postgres://app:hunter2@h/db?x=1 now"),
    "at postgres://app:***@h/db?x=1 now",
  );
  assert.equal(redact("postgres://app:p@ss@h/db"), "postgres://app:***@h/db");
  assert.equal(redact("postgres://:pw@h"), "postgres://:***@h");
  assert.equal(
    redact("host=h password='a b\\'c' user=u"),
    "host=h password=*** user=u",
  );
  assert.equal(redact("?sslpassword=x&a=b"), "?sslpassword=***&a=b");
  assert.equal(redact("PGPASSWORD=abc psql"), "PGPASSWORD=*** psql");
  assert.equal(redact("postgres://app@h:5432/db"), "postgres://app@h:5432/db");
});

Deno.test("redact() leaves words that only contain or equal a weak password", () => {
  const secrets = makeSecrets();
  secrets.add("user12");
  secrets.add("a");
  secrets.add("postgres");
  secrets.add("");
  assert.equal(
    secrets.redact("table user123, a b, postgres"),
    "table user123, a b, postgres",
  );
  assert.equal(secrets.redact("it is user12."), "it is ***.");
});

Deno.test("redact() hides the longest secret first", () => {
  const secrets = makeSecrets();
  secrets.add("hunter22");
  secrets.add("hunter22-more");
  assert.equal(secrets.redact("xhunter22-morex"), "x***x");
});

Deno.test("addFrom() learns the password of a URL, decoded, and of key=value", () => {
  const secrets = makeSecrets();
  secrets.addFrom("postgres://app:p%40ssword@h/db");
  secrets.addFrom("host=h password='o ther\\'s1'");
  secrets.addFrom("postgres://h/db");
  assert.equal(secrets.redact("p@ssword, p%40ssword"), "***, ***");
  assert.equal(secrets.redact("o ther's1"), "***");
});

Deno.test("redactConnections() changes data only where a known password stands as one", () => {
  const secrets = makeSecrets();
  assert.equal(secrets.redactConnections("://a:b@c"), "://a:b@c");
  secrets.add("users");
  assert.equal(
    secrets.redactConnections("SELECT * FROM users -- postgres://a:users@h"),
    "SELECT * FROM users -- postgres://a:***@h",
  );
  assert.equal(secrets.redactConnections("password=users b"), "password=*** b");
  assert.equal(
    secrets.redactConnections("password=users2 ://a:users2@h"),
    "password=users2 ://a:users2@h",
  );
});

Deno.test("redact() takes time in proportion to the text", () => {
  const secrets = makeSecrets();
  const started = performance.now();
  secrets.redact("://a:".repeat(20_000));
  secrets.redact(`password='${"\\".repeat(50_000)}`);
  assert.ok(performance.now() - started < 2000);
});
