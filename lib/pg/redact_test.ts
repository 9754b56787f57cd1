import assert from "@std/assert";
import { redact, redactConninfo } from "./redact.ts";

Deno.test("redactConninfo() hides passwords and shows the rest [P12]", () => {
  const cases: Record<string, string> = {
    "postgres://ann:s3cret@db:5432/app": "postgres://ann:***@db:5432/app",
    "postgres://ann@db/app": "postgres://ann@db/app",
    "postgres://h1:5432,h2:5433/app": "postgres://h1:5432,h2:5433/app",
    "postgres://[::1]:5432/app": "postgres://[::1]:5432/app",
    "postgres://db/app?user=a@b&sslpassword=s3cret&sslmode=require":
      "postgres://db/app?user=a@b&sslpassword=***&sslmode=require",
    "host=db password='s3 cret' user=ann": "host=db password=*** user=ann",
    "host=db password = s3cret": "host=db password = ***",
    "pglite:.pawl/db": "pglite:.pawl/db",
  };
  for (const [text, shown] of Object.entries(cases)) {
    assert.equal(redactConninfo(text), shown);
  }
});

Deno.test("redactConninfo() hides the password of strings that cannot be parsed", () => {
  for (
    const text of [
      "postgres://ann:s3cret/x@db/app",
      "postgres://ann:s3@s3cret@db/app",
      "postgres://ann:a?s3cret@db/app",
      "postgres://ann:s3cret",
      "postgres://ann:s3cret%zz@db",
      "postgres://db?p%61ssword=s3cret",
      "postgres://db?password=a&s3cret",
      "postgres://db?PASSWORD=s3cret",
      "postgres://db?passphrase=s3cret",
      "mysql://ann:s3cret@db",
      "password='s3cret",
      "password=a s3cret",
      "password=a s3cret=x",
      "password=a\\ s3cret",
      "password='a\\' s3cret'",
      "PGPASSWORD=s3cret",
    ]
  ) {
    assert.ok(!redactConninfo(text).includes("s3cret"), redactConninfo(text));
  }
});

Deno.test("redact() hides known secrets in every form that text may have them", () => {
  const secrets = ["p@ss/word", "it's", "p@ss", ""];
  const text = "p@ss/word p%40ss%2Fword 'it''s' it\\'s p@ss other";
  assert.equal(redact(text, secrets), "*** *** '***' *** *** other");
  assert.equal(redact("nothing", []), "nothing");
  assert.equal(redact("a.c abc", ["a.c"]), "*** abc");
});
