import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import {
  compareVersions,
  findVersion,
  nextVersion,
  parseFileName,
  slug,
} from "./version.ts";

/** Whether an error is a PawlError with that code, its message like that. */
function fails(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof PawlError && error.code === code &&
    message.test(error.message);
}

Deno.test("compareVersions() orders digits as numbers, and before text", () => {
  const sorted = [
    "1",
    "0002",
    "10",
    "9999999999999",
    "20260102030405",
    "20260102_030406",
    "2026-01-02-030407",
    "202601020304070001",
    "20260102_030408",
    "v1",
    "v10",
    "v2",
  ];
  const shuffled = sorted.toReversed();
  assert.deepEqual(shuffled.sort(compareVersions), sorted);
  assert.equal(compareVersions("20260102_030405", "20260102030405"), 0);
  assert.equal(compareVersions("0001", "1"), 0);
  assert.equal(compareVersions("0", "0000"), 0);
});

Deno.test("parseFileName() knows pawl's names and no others [Q23]", () => {
  assert.deepEqual(parseFileName("20260102_030405_add_users.sql"), {
    version: "20260102_030405",
    name: "add_users",
    language: "sql",
  });
  assert.deepEqual(parseFileName("0001_init.ts"), {
    version: "0001",
    name: "init",
    language: "ts",
  });
  assert.deepEqual(parseFileName("7.js"), {
    version: "7",
    name: "",
    language: "js",
  });
  for (
    const name of [
      "README.md",
      "pawl.sum",
      "add_users.sql",
      "0001_types.d.ts",
      "0001_a.sql.orig",
      "0001_a\nb.sql",
      "0001-a.sql",
      ".0001_a.sql",
    ]
  ) {
    assert.equal(parseFileName(name), undefined, name);
  }
});

Deno.test("slug() makes lower-case words, without accents or half characters", () => {
  assert.equal(slug('Add e-mail to "Users"!'), "add_e_mail_to_users");
  assert.equal(slug("Éclair über Größe"), "eclair_uber_große");
  assert.equal(slug("../../etc/passwd"), "etc_passwd");
  assert.equal(slug("!?"), "");
  // Hangul and Devanagari stay as they are written.
  assert.equal(slug("한국어 हिन्दी"), "한국어_हिन्दी");
  assert.equal(slug("x".repeat(80)), "x".repeat(60));
  const gothic = slug("𐌰".repeat(80));
  assert.equal(gothic.isWellFormed(), true);
  assert.ok(new TextEncoder().encode(gothic).length <= 160);
  assert.equal(slug(`${"x".repeat(59)} y`), "x".repeat(59));
});

const now = new Date("2026-01-02T03:04:05.678Z");

Deno.test("nextVersion() is the time in UTC, or a second after the latest [Q23]", () => {
  const next = (...existing: string[]) =>
    nextVersion(existing, { format: "timestamp", now });
  assert.equal(next(), "20260102_030405");
  assert.equal(next("20250101_000000"), "20260102_030405");
  assert.equal(next("20260102_030405"), "20260102_030406");
  assert.equal(next("20260102_030405", "20260102_030406"), "20260102_030407");
  assert.equal(next("20281231_235959", "20270101_000000"), "20290101_000000");
  assert.equal(next("20280228_235959"), "20280229_000000");
  assert.equal(next("0001", "0002"), "20260102_030405");
});

Deno.test("nextVersion() continues a sequence in four digits or more", () => {
  const next = (...existing: string[]) =>
    nextVersion(existing, { format: "sequence", now });
  assert.equal(next(), "0001");
  assert.equal(next("0009", "3"), "0010");
  assert.equal(next("9999"), "10000");
  assert.equal(next("20260102030405"), "20260102030406");
  assert.equal(next("9007199254740993"), "9007199254740994");
});

Deno.test("nextVersion() refuses what would not come last", () => {
  assert.throws(
    () => nextVersion(["0001", "20260101_000000"], { format: "sequence", now }),
    fails("config-invalid", /0002 would sort before 20260101_000000/),
  );
  assert.throws(
    () => nextVersion(["99999999999999"], { format: "timestamp", now }),
    fails("config-invalid", /would sort before 99999999999999/),
  );
  assert.throws(
    () => nextVersion(["99991231_235959"], { format: "timestamp", now }),
    fails("config-invalid", /has no version|would sort before/),
  );
});

const files = [
  { version: "0001", name: "init" },
  { version: "20260101_000000", name: "users" },
  { version: "20260101_000001", name: "users_again" },
];

Deno.test("findVersion() takes a version, a file, or a prefix of either", () => {
  const find = (word: string) => findVersion(files, word).version;
  assert.equal(find("0001"), "0001");
  assert.equal(find("1"), "0001");
  assert.equal(find("20260101_000000"), "20260101_000000");
  assert.equal(find("20260101_000000_users"), "20260101_000000");
  assert.equal(find("migrations/20260101_000000_users.sql"), "20260101_000000");
  assert.equal(find("20260101_000001_us"), "20260101_000001");
  assert.equal(find("20260101000001"), "20260101_000001");
});

Deno.test("findVersion() guesses nothing", () => {
  assert.throws(
    () => findVersion(files, "2026"),
    fails("target-unknown", /2 versions begin so/),
  );
  assert.throws(
    () => findVersion(files, "2027"),
    fails("target-unknown", /no version begins so/),
  );
  assert.throws(
    () => findVersion(files, "users"),
    fails("target-unknown", /no version begins so/),
  );
  assert.throws(
    () => findVersion(files, ""),
    fails("target-unknown", /begin/),
  );
});
