import assert from "@std/assert";
import { runToy } from "./_toy_host.ts";

Deno.test("text goes to standard output, talk to standard error", async () => {
  const run = await runToy(["toy", "note"]);
  assert.equal(run.code, 0);
  assert.equal(run.stdout, "said\n");
  assert.equal(run.stderr, "a note\nwarning: a warning\n  hint: a remedy\n");
});

Deno.test("-q leaves warnings, -v and -vv add details", async () => {
  const quiet = await runToy(["toy", "note", "-q"]);
  assert.equal(quiet.stderr, "warning: a warning\n  hint: a remedy\n");
  assert.match(
    (await runToy(["toy", "note", "-v"])).stderr,
    /^a note\na detail\nw/,
  );
  assert.match((await runToy(["-vv", "toy", "note"])).stderr, /more detail/);
});

Deno.test("--format json writes exactly one document, diagnostics included [P33]", async () => {
  const run = await runToy(["diff", "a", "b", "--json"]);
  const document = JSON.parse(run.stdout);
  assert.deepEqual(Object.keys(document)[0], "format");
  assert.equal(document.format, "pawl.diff/1");
  assert.equal(document.diagnostics[0].code, "drop-table");
  assert.match(run.stderr, /warning\[drop-table\]: A table is dropped/);
});

Deno.test("--format json writes errors as a document, the exit code unchanged", async () => {
  const run = await runToy(["toy", "known", "--format=json"]);
  assert.equal(run.code, 3);
  assert.equal(run.stderr, "");
  const { format, error } = JSON.parse(run.stdout);
  assert.equal(format, "pawl.error/1");
  assert.equal(error.code, "migration-failed");
  assert.deepEqual(error.location, {
    file: "m/7_x.sql",
    line: 3,
    column: 7,
    text: "ALTER TABEL x",
  });
  assert.equal(error.server.sqlstate, "42601");
  assert.deepEqual(error.details, ["rolled back"]);
});

Deno.test("usage errors are documents too, whatever else is wrong", async () => {
  for (
    const args of [
      ["upgrad", "--json"],
      ["--json"],
      ["upgrade", "--bogus", "--format", "json"],
      ["sql", "a", "--json"],
    ]
  ) {
    const run = await runToy(args);
    assert.equal(run.code, 2);
    assert.equal(JSON.parse(run.stdout).format, "pawl.error/1", args.join(" "));
    assert.equal(run.stderr, "");
  }
});

Deno.test("usage errors are on standard error with where the help is", async () => {
  const run = await runToy(["upgrade", "--bogus"]);
  assert.equal(run.code, 2);
  assert.equal(run.stdout, "");
  assert.equal(
    run.stderr,
    "error: Cannot run `pawl upgrade`: it has no option --bogus\n" +
      "hint: See `pawl upgrade --help`\n",
  );
});

Deno.test("--format sql is byte for byte what the command made", async () => {
  const run = await runToy(["diff", "a", "b", "--format", "sql"]);
  assert.equal(run.stdout, "-- a\nSELECT '\x1b';\n");
});

Deno.test("an exit code without an error is the command's answer", async () => {
  assert.equal((await runToy(["diff", "a", "b", "--check"])).code, 1);
});

Deno.test("JSON writes big integers as text and escapes what terminals obey", async () => {
  const run = await runToy(["toy", "json", "--json", "--secret", "users"]);
  assert.deepEqual(JSON.parse(run.stdout).said, {
    big: "12",
    odd: "\x9b",
    url: "postgres://a:***@h",
  });
  assert.ok(!run.stdout.includes("\x9b"));
});

Deno.test("a secret is hidden in text, notes and errors [P12]", async () => {
  const run = await runToy(["toy", "note", "--secret", "hunter22"]);
  assert.equal(run.stdout, "said ***\n");
  assert.match(run.stderr, /a note \*\*\*/);
});

Deno.test("passwords that pawl was started with are hidden before anything is parsed [P12]", async () => {
  const url = "postgres://app:hunter22@h/db";
  const wrong = await runToy(["drift", url, "hunter22"]);
  assert.equal(wrong.code, 2);
  assert.doesNotMatch(wrong.stdout + wrong.stderr, /hunter22/);
  for (const name of ["PAWL_URL", "DATABASE_URL", "PGPASSWORD"]) {
    const env = { [name]: name === "PGPASSWORD" ? "hunter22" : url };
    const run = await runToy(["upgrade", "-l", "hunter22", "--json"], { env });
    assert.match(JSON.parse(run.stdout).error.message, /"\*\*\*"/, name);
  }
});

Deno.test("data is never changed in silence: a secret in it is warned of", async () => {
  const url = "postgres://app:base2head@h/db";
  const run = await runToy(["sql", "base2head"], { env: { PAWL_URL: url } });
  assert.equal(run.stdout, "-- base2head for psql\n");
  assert.match(run.stderr, /^warning: standard output holds a password/);
});

Deno.test("control sequences of foreign text do not reach the terminal", async () => {
  const run = await runToy(["downgrade", "\x1b]0;x\x07\x1b[2J"], {
    terminals: ["stdout"],
  });
  assert.equal(run.stdout, "to ␛]0;x␇␛[2J\n");
});

Deno.test("colour is decided for each stream by itself [P29]", async () => {
  const piped = await runToy(["upgrade"], { terminals: ["stderr"] });
  assert.equal(piped.stdout, "✓ 1 migration applied\n~ 1 index (auto-fix)\n");
  const shown = await runToy(["upgrade"], { terminals: ["stdout"] });
  assert.ok(shown.stdout.startsWith("\x1b[32m✓"));
  const error = await runToy(["upgrad", "--color=always"]);
  assert.ok(error.stderr.includes("\x1b[31m"));
  const plain = await runToy(["upgrad", "--color", "never"], {
    terminals: ["stdout", "stderr"],
  });
  assert.ok(!plain.stderr.includes("\x1b"));
});

Deno.test("progress appears after one second, cut to the width, and makes way", async () => {
  let round = 0;
  const run = await runToy(["toy", "slow", "--secret", "hunter22"], {
    terminals: ["stderr"],
    columns: 21,
    stdin: ["a", "b"],
    onRead: ({ pass }) => pass([900, 200, 2000][round++] ?? 0),
  });
  assert.equal(
    run.stderr,
    "\r\x1b[K⠙ building *** (1 s)\r\x1b[K⠹ building *** (3 s)\r\x1b[Ktalk\n",
  );
  assert.equal(run.stdout, "built\n");
  assert.equal(run.left, 0);
  const dumb = await runToy(["toy", "slow", "-q"], {
    terminals: ["stderr"],
    onRead: ({ pass }) => pass(5000),
  });
  assert.equal(dumb.stderr, "");
});

Deno.test("progress rests during a question", async () => {
  let round = 0;
  const run = await runToy(["toy", "progress"], {
    terminals: ["stdin", "stderr"],
    columns: 24,
    stdin: ["what\n", "y\n"],
    onRead: ({ pass }) => {
      round++;
      pass(round === 1 ? 500 : 5000);
    },
  });
  // It rests while a question is open, however long that takes.
  assert.equal(run.stderr, "Go on? [y/N] Please answer y or n.\nGo on? [y/N] ");
  assert.equal(run.left, 0);
});

Deno.test("progress is no line of a pipe", async () => {
  const run = await runToy(["toy", "progress", "-y"]);
  assert.equal(run.stderr, "");
  assert.equal(run.stdout, "built\n");
});
