import assert from "@std/assert";
import type { PawlError } from "../errors.ts";
import type { ConfigFile } from "./config_file.ts";
import { parseConfig } from "./toml.ts";
import { refused } from "../../tests/support/refused.ts";

function parse(text: string): ConfigFile {
  return parseConfig(text, { file: "pawl.toml", path: "/app/pawl.toml" });
}

function refusal(text: string): PawlError {
  return refused(() => parse(text), text);
}

/** Refused as `config-invalid` at a line, the message and hint matching. */
function refuses(
  text: string,
  expected: { line: number; message: RegExp; hint?: RegExp },
): void {
  const error = refusal(text);
  assert.equal(error.code, "config-invalid");
  assert.equal(error.location?.file, "pawl.toml");
  assert.equal(error.location?.line, expected.line, error.message);
  assert.match(error.message, expected.message);
  if (expected.hint) assert.match(error.hint ?? "", expected.hint);
}

Deno.test("[G13] parseConfig() accepts every key of every table", () => {
  const config = parse(`
[project]
name = "app"
migrations = "db/migrations"
schema = ["schema/a.sql", "schema/b"]
code = "db/code"
seeds = "db/seeds"
snapshots = "db/snapshots"
layout = "golang-migrate"
version_format = "sequence"
managed_schemas = ["public"]
ignore = ["partman.*"]
generate = "structural"
undeclared = "drop"
postgres = 15
env_file = ".env"

[projects.billing]
migrations = "billing/migrations"
schema = { program = ["python", "ddl.py"] }
depends = ["app"]

[env.dev]
url = "pglite:.pawl/db"

[env.prod]
url = "\${POOLER}"
management_url = "\${DIRECT}"
role = "ddl"
schema = "app"
protected = true
generate = "all"
[env.prod.timeouts]
migration_lock = "10s"

[timeouts]
migration_lock = "3s"
migration_statement = 500
converge_lock = "off"
converge_statement = "1min"
lock_wait = "0"

[history]
schema = "pawl"
store_sql = false
readers = ["auditor"]

[drift]
fail = true
[converge]
unmanaged = ["gin"]
[lint]
down = "require"
ignore = ["a"]
error = ["b"]
warn = ["c"]
[shadow]
url = "embedded"
extensions = ["pg_trgm"]
[hooks]
before_upgrade = "echo go"
after_upgrade = ["echo one", "echo two"]
`);
  assert.equal(config.directory, "/app");
  assert.deepEqual([...config.environments.keys()], ["dev", "prod"]);
  assert.deepEqual([...config.projects.keys()], ["billing"]);
  assert.equal(config.tables.project.get("postgres")?.value, 15);
  assert.equal(config.tables.project.get("postgres")?.location.line, 15);
  assert.equal(
    config.environments.get("prod")?.timeouts.get("migration_lock")?.value,
    "10s",
  );
});

Deno.test("parseConfig() accepts an empty file, a BOM and CRLF", () => {
  assert.equal(parse("").hasProject, false);
  const config = parse('\uFEFF[project]\r\nname = "x"\r\n\r\nlayout = "pgmg"');
  assert.equal(config.tables.project.get("layout")?.location.line, 4);
});

Deno.test("parseConfig() names the near word for an unknown key and an unknown table", () => {
  refuses('[project]\nname = "x"\nmigratons = "m"\n', {
    line: 3,
    message: /"migratons" is no key of \[project\]/,
    hint: /"migrations"/,
  });
  refuses("\n[timeout]\nlock_wait = 1\n", {
    line: 2,
    message: /"timeout" is no table/,
    hint: /"timeouts"/,
  });
  refuses('[env.prod]\nurll = "none"', {
    line: 2,
    message: /urll/,
    hint: /url/,
  });
  refuses('[env.prod.timeouts]\nlockwait = "1s"', {
    line: 2,
    message: /no key of \[env\.prod\.timeouts\]/,
    hint: /lock_wait/,
  });
});

Deno.test("parseConfig() says where a key belongs that stands in the wrong place", () => {
  refuses('migrations = "m"', {
    line: 1,
    message: /"migrations" is no table/,
    hint: /\[project\]/,
  });
  refuses("[project]\nlock_wait = 1", {
    line: 2,
    message: /lock_wait/,
    hint: /\[timeouts\]/,
  });
  refuses('[env]\nurl = "none"', {
    line: 2,
    message: /stands in \[env\] itself/,
    hint: /\[env\.NAME\]/,
  });
  refuses('[env.dev]\nenv_file = "x"', {
    line: 2,
    message: /env_file/,
    hint: /\[project\]/,
  });
});

Deno.test("parseConfig() refuses a value of another type, out of range or of no known word", () => {
  refuses("[project]\nname = 1", {
    line: 2,
    message: /is an integer, not a string/,
  });
  refuses("[project]\npostgres = 13", {
    line: 2,
    message: /is 13/,
    hint: /from 14 to 18/,
  });
  refuses("[project]\npostgres = 15.5", {
    line: 2,
    message: /a float, not an integer/,
  });
  refuses('[project]\nlayout = "golang_migrate"', {
    line: 2,
    message: /is "golang_migrate"/,
    hint: /Did you mean "golang-migrate"/,
  });
  refuses('[drift]\nfail = "yes"', {
    line: 2,
    message: /a string, not a boolean/,
  });
  refuses("[project]\nmanaged_schemas = []", { line: 2, message: /is empty/ });
  refuses('[project]\nignore = ["a", 1]', {
    line: 2,
    message: /number 2\) that is an integer/,
  });
  refuses("[project]\nschema = { prog = [] }", {
    line: 2,
    message: /other keys/,
  });
  refuses("[project]\nschema = { program = [] }", {
    line: 2,
    message: /program that is empty/,
  });
  refuses('[history]\nschema = "pg_pawl"', { line: 2, message: /reserved/ });
  refuses(`[history]\nschema = "${"x".repeat(64)}"`, {
    line: 2,
    message: /63 bytes/,
  });
  refuses('[env.p]\nrole = "none"', { line: 2, message: /SET ROLE/ });
  refuses('[project]\nname = "a\\nb"', {
    line: 2,
    message: /control character/,
  });
  refuses("[project]\nname = 2020-01-01", { line: 2, message: /a date/ });
  refuses("[[project]]\nname = 'x'", {
    line: 1,
    message: /project is not a table/,
  });
  refuses('[env."a b"]\nurl = "none"', {
    line: 1,
    message: /cannot be a name/,
  });
});

Deno.test("[P90] parseConfig() refuses time-outs that PostgreSQL would not take", () => {
  for (
    const bad of [
      '"3 seconds"',
      '"3S"',
      '"-1s"',
      '"1us"',
      '"3s3"',
      '""',
      '"1e3"',
      "-1",
      "1.5",
      '"25d"',
    ]
  ) {
    refuses(`[timeouts]\nmigration_lock = ${bad}`, {
      line: 2,
      message: /migration_lock in \[timeouts\]/,
      hint: /500ms/,
    });
  }
  refuses('[timeouts]\nlock_wait = "off"', { line: 2, message: /lock_wait/ });
});

Deno.test("parseConfig() finds the line of dotted, quoted and inline keys", () => {
  refuses("a = 1\n", { line: 1, message: /"a"/ });
  refuses('# c\nproject.name = "x"\nproject.layuot = "pawl"', {
    line: 3,
    message: /layuot/,
  });
  refuses('[project]\n"lay\\u006fot" = "pawl"', { line: 2, message: /layoot/ });
  refuses('[project]\nname = """\nlayuot = 1\n"""\n\'wrong\' = 1', {
    line: 2,
    message: /control/,
  });
  refuses(
    "[hooks]\nbefore_seed = [\n  \"layuot = 1\", # ]\n  '''x''',\n]\nbefor_sync = \"x\"",
    {
      line: 6,
      message: /befor_sync/,
    },
  );
  refuses('[env]\ndev = { url = "none", rolle = "x" }', {
    line: 2,
    message: /rolle/,
  });
  refuses('env = { dev = { url = "none" },\nprod = { protekted = true } }', {
    line: 2,
    message: /protekted/,
  });
});

Deno.test("parseConfig() reports a syntax error with line and column, and never a password", () => {
  const error = refusal(
    '[env.prod]\nurl = "postgres://me:hunter2@db/app\nrole = "x"\n',
  );
  assert.equal(error.code, "config-invalid");
  assert.equal(error.location?.line, 2);
  assert.ok((error.location?.column ?? 0) > 0);
  assert.equal(
    JSON.stringify([error.message, error.hint, error.location, error.details])
      .includes("hunter2"),
    false,
  );
  const other = refusal("[project]\nname = = 1\n");
  assert.equal(other.location?.text, "name = = 1");
});

Deno.test("parseConfig() does not repeat the address of a database that it refuses", () => {
  for (
    const url of [
      "mysql://me:hunter2@db",
      "postgres:/me:hunter2@db",
      "me:hunter2@db",
    ]
  ) {
    const error = refusal(`[env.prod]\nurl = "${url}"`);
    assert.equal(error.location?.line, 2);
    assert.equal(`${error.message}${error.hint}`.includes("hunter2"), false);
  }
});

Deno.test("parseConfig() refuses projects that share a name, depend on nothing or in a circle", () => {
  refuses('[project]\nname = "a"\n[projects.a]\n', {
    line: 3,
    message: /share one history/,
  });
  refuses('[projects.a]\n[projects.b]\nname = "a"', {
    line: 3,
    message: /two projects/,
  });
  refuses('[projects.a]\ndepends = ["bb"]\n[projects.b]', {
    line: 2,
    message: /"bb"/,
    hint: /Known: a, b/,
  });
  refuses('[projects.a]\ndepends = ["b"]\n[projects.b]\ndepends = ["a"]', {
    line: 4,
    message: /a → b → a/,
  });
  refuses('[projects.a]\ndepends = ["a"]', { line: 2, message: /circle/ });
});

Deno.test("parseConfig() refuses a lint rule that stands in two lists", () => {
  refuses('[lint]\nerror = ["x"]\nwarn = ["y", "x"]', {
    line: 3,
    message: /both in error and in warn/,
  });
});

Deno.test("parseConfig() leaves a value with a variable to whoever uses it", () => {
  const config = parse('[project]\nlayout = "${L}"\npostgres = "${V}"\n');
  assert.equal(config.tables.project.get("layout")?.value, "${L}");
  refuses('[project]\nlayout = "$${L}"', { line: 2, message: /layout/ });
});

Deno.test("parseConfig() takes names like __proto__ and constructor for unknown, not for known", () => {
  refuses("[constructor]\n", { line: 1, message: /"constructor" is no table/ });
  refuses("[project]\n__proto__ = 1", {
    line: 2,
    message: /"__proto__" is no key/,
  });
});
