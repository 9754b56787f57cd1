import assert from "@std/assert";
import { runToy } from "./_toy_host.ts";
import { displayWidth } from "./style.ts";

Deno.test("--help is on standard output, exit 0, usage and examples before options", async () => {
  const run = await runToy(["upgrade", "--help"]);
  assert.equal(run.code, 0);
  assert.equal(run.stderr, "");
  const at = (text: string) => {
    const found = run.stdout.indexOf(text);
    assert.ok(found >= 0, text);
    return found;
  };
  const order = [
    "Usage: pawl upgrade [OPTIONS] [TARGET]\n",
    "Examples:\n  pawl upgrade\n      Apply all\n",
    "Arguments:\n  TARGET",
    "Options:\n  -n, --dry-run ",
    "Global options:\n",
    "Aliases:\n  pawl migrate\n  pawl up\n",
    "PAWL_TOY",
    '"format": "pawl.upgrade/1"',
    "Exit codes:\n  0  Done",
  ].map(at);
  assert.deepEqual(order, [...order].sort((left, right) => left - right));
});

Deno.test("help says defaults, choices, variables and what may be repeated", async () => {
  const { stdout } = await runToy(["help", "upgrade"]);
  assert.match(
    stdout,
    /--lock-wait DURATION +How long .*default: 30s; env: PAWL_LOCK_WAIT/,
  );
  assert.match(stdout, /--allow CODE .*may be repeated/);
  assert.match(stdout, /--no-lock /);
  assert.match(stdout, /--\[no-\]batch /);
  assert.match(stdout, /--format text\|json/);
  assert.doesNotMatch(stdout, /--permit|db migrate/);
});

Deno.test("help, -h and --help say the same", async () => {
  const { stdout } = await runToy(["help", "profiles", "list"]);
  for (
    const args of [["profiles", "list", "-h"], ["--help", "profiles", "list"]]
  ) assert.equal((await runToy(args)).stdout, stdout);
  assert.equal(
    (await runToy(["help"])).stdout,
    (await runToy(["--help"])).stdout,
  );
});

Deno.test("the overview lists commands by group with aliases, hidden ones not", async () => {
  const { stdout } = await runToy(["--help"]);
  assert.match(
    stdout,
    /\nRun:\n {2}upgrade {4}Apply pending migrations \[migrate, up\]\n/,
  );
  assert.ok(stdout.indexOf("Set up:") < stdout.indexOf("Offline:"));
  assert.doesNotMatch(stdout, /users|toy note/);
});

Deno.test("the first word of several commands has help too", async () => {
  for (const args of [["help", "profiles"], ["profiles", "--help"]]) {
    const run = await runToy(args);
    assert.equal(run.code, 0);
    assert.match(run.stdout, /profiles save +Save a profile/);
  }
});

Deno.test("help of no command is exit 2 with the near one", async () => {
  for (const args of [["help", "upgrad"], ["upgrad", "--help"]]) {
    const run = await runToy(args);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /Did you mean `pawl upgrade`/);
  }
});

Deno.test("pawl alone shows its help on standard error and is exit 2", async () => {
  const run = await runToy([]);
  assert.equal(run.code, 2);
  assert.equal(run.stdout, "");
  assert.match(run.stderr, /^Usage: pawl \[OPTIONS\] COMMAND/);
});

Deno.test("help fits the terminal", async () => {
  for (const columns of [60, 100, 300]) {
    const { stdout } = await runToy(["help", "upgrade"], {
      terminals: ["stdout"],
      columns,
    });
    const widest = Math.max(...stdout.split("\n").map(displayWidth));
    assert.ok(widest <= Math.min(columns, 100), `${widest} > ${columns}`);
  }
});

Deno.test("--version says the version, also as JSON", async () => {
  assert.equal((await runToy(["--version"])).stdout, "pawl 0.0.0-toy\n");
  const run = await runToy(["upgrade", "--version", "--json"]);
  assert.deepEqual(JSON.parse(run.stdout), {
    format: "pawl.version/1",
    version: "0.0.0-toy",
  });
});
