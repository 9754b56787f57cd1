import assert from "@std/assert";
import type { PawlError } from "../errors.ts";
import { nothing, runToy } from "./_toy_host.ts";
import { TOY } from "./_toy_table.ts";
import { parse } from "./parse.ts";

type Env = Readonly<Record<string, string>>;

/** The JSON document of `pawl upgrade …`: the options as the handler saw them. */
async function options(
  line: string,
  env: Env = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout, stderr } = await runToy(
    ["--json", ...line.split(" ").filter((word) => word)],
    { env },
  );
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout);
}

const DEFAULTS = {
  format: "pawl.upgrade/1",
  target: null,
  dryRun: false,
  lock: true,
  lockWait: 30_000,
  allow: [],
};

/** The usage error of a command line. */
function refused(line: string, env: Env = {}): PawlError {
  const { action } = parse(
    line.split(" ").filter((word) => word),
    TOY,
    (name) => env[name],
  );
  if (action.kind !== "invalid" && action.kind !== "bare") {
    throw new assert.AssertionError({ message: `it is a ${action.kind}` });
  }
  assert.equal(action.error.exitCode, 2);
  assert.match(action.error.hint ?? "", /--help/);
  return action.error;
}

/** The command that a line runs. */
function runs(line: string): string {
  const { action } = parse(line.split(" "), TOY, nothing);
  if (action.kind === "invalid") throw action.error;
  return action.kind === "run" ? action.command.name : action.kind;
}

Deno.test("parse() gives every option its declared type and default", async () => {
  assert.deepEqual(await options("upgrade"), DEFAULTS);
  assert.deepEqual(
    await options(
      "upgrade head --dry-run --no-lock --no-batch --lock-wait 500ms --allow a --allow=b -l 3 -o -",
    ),
    {
      ...DEFAULTS,
      target: "head",
      dryRun: true,
      lock: false,
      batch: false,
      lockWait: 500,
      allow: ["a", "b"],
      limit: 3,
      output: "-",
    },
  );
});

Deno.test("parse() reads bundled letters, glued and joined values", async () => {
  const expected = { ...DEFAULTS, dryRun: true, limit: 3 };
  for (const line of ["-nl3", "-nl 3", "-n -l=3", "-n --limit=3"]) {
    assert.deepEqual(await options(`upgrade ${line}`), expected, line);
  }
});

Deno.test("parse() takes global and own options before and after the command", async () => {
  const expected = { ...DEFAULTS, target: "5", limit: 2 };
  for (
    const line of [
      "-e dev upgrade 5 -l 2",
      "upgrade -e dev -l 2 5",
      "-l 2 -e dev upgrade 5",
      "--limit 2 -qe dev upgrade --target 5",
      "-edev upgrade --limit=2 -- 5",
    ]
  ) assert.deepEqual(await options(line), expected, line);
});

Deno.test("parse() ends options at --", async () => {
  assert.deepEqual(await options("upgrade -- --dry-run"), {
    ...DEFAULTS,
    target: "--dry-run",
  });
});

Deno.test("parse() takes -2 and +2 for positionals where a command says so [Q5]", async () => {
  assert.equal((await runToy(["downgrade", "-2"])).stdout, "to -2\n");
  assert.equal((await runToy(["down", "+2"])).stdout, "to +2\n");
  assert.equal((await options("upgrade --target -2")).target, "-2");
  assert.match(refused("upgrade -2").message, /no option -2/);
  assert.match(refused("downgrade -x").message, /no option -x/);
});

Deno.test("parse() takes from the environment what the command line leaves out", async () => {
  const env = { PAWL_LOCK_WAIT: "2min", PAWL_ALLOW: "a, b,", PAWL_X: "y" };
  const filled = { ...DEFAULTS, lockWait: 120_000, allow: ["a", "b"] };
  assert.deepEqual(await options("upgrade", env), filled);
  assert.deepEqual(await options("upgrade --lock-wait 0 --allow c", env), {
    ...filled,
    lockWait: 0,
    allow: ["c"],
  });
  assert.deepEqual(await options("upgrade", { PAWL_LOCK_WAIT: "" }), DEFAULTS);
  assert.match(
    refused("upgrade", { PAWL_LOCK_WAIT: "soon" }).message,
    /PAWL_LOCK_WAIT "soon": it accepts a duration/,
  );
});

Deno.test("parse() knows commands of two words, aliases and hidden ones [X11]", () => {
  assert.equal(runs("profiles list"), "profiles list");
  assert.equal(runs("profiles -v list"), "profiles list");
  assert.equal(runs("profiles -e a list"), "profiles list");
  assert.equal(runs("db drift"), "drift");
  assert.equal(runs("db verify"), "drift");
  assert.equal(runs("migrate"), "upgrade");
  assert.equal(runs("db migrate"), "upgrade");
  assert.equal(runs("rollback -1"), "downgrade");
  assert.equal(runs("users"), "users");
  assert.equal(runs("sql base:head"), "sql");
  assert.equal(runs("sql upgrade"), "sql upgrade");
  assert.equal(runs("sql --for plain base:head"), "sql");
});

Deno.test("parse() names the near command and never runs it", () => {
  const error = refused("upgrad");
  assert.equal(error.code, "unknown-command");
  assert.match(error.hint ?? "", /`pawl upgrade`/);
  assert.match(refused("db drfit").hint ?? "", /`pawl db drift`/);
  assert.match(refused("profiles lst").hint ?? "", /`pawl profiles list`/);
  assert.match(
    refused("profiles").hint ?? "",
    /`profiles list`, `profiles save`/,
  );
  assert.doesNotMatch(refused("user").hint ?? "", /users/);
  assert.equal(refused("__proto__").code, "unknown-command");
});

Deno.test("parse() refuses an unknown option and names the near one", () => {
  assert.match(refused("upgrade --dry-rn").hint ?? "", /--dry-run/);
  assert.match(refused("upgrade --constructor").message, /no option/);
  assert.match(refused("upgrade -target").hint ?? "", /--target\?/);
  assert.match(refused("upgrade --lock-wait=1s -x").message, /-x/);
  assert.match(refused("upgrade --no-dry-run").message, /no option/);
});

Deno.test("parse() refuses an option without a value, or with one too many", () => {
  assert.match(
    refused("upgrade --lock-wait").message,
    /needs a value, DURATION/,
  );
  assert.match(
    refused("upgrade --output --dry-run").hint ?? "",
    /--output=FILE/,
  );
  assert.match(refused("upgrade --output=").message, /not empty/);
  assert.match(refused("upgrade --dry-run=yes").message, /takes no value/);
  assert.match(refused("upgrade -l").message, /-l needs a value/);
});

Deno.test("parse() says what a bad value may be", () => {
  assert.match(refused("upgrade -l 10").message, /whole number from 1 to 9/);
  assert.match(refused("upgrade -l 1e0").message, /whole number/);
  for (
    const bad of ["30", "5m", "-1s", "1h30min", "30d", "1e3s", "Infinitys"]
  ) {
    assert.match(
      refused(`upgrade --lock-wait=${bad}`).message,
      /a duration/,
      bad,
    );
  }
  const error = refused("sql a --for plan");
  assert.match(error.message, /psql, plain/);
  assert.match(error.hint ?? "", /plain\?/);
  assert.match(refused("upgrade --color red").message, /auto, always, never/);
});

Deno.test("parse() refuses an option twice unless it is repeatable or says the same", () => {
  assert.match(
    refused("upgrade -l 1 --limit 1").message,
    /exclude one another/,
  );
  assert.match(refused("upgrade --db a --db a").message, /--db stands twice/);
  assert.match(refused("upgrade --batch --no-batch").message, /exclude/);
  assert.match(refused("upgrade 5 --target 5").message, /say the same/);
  assert.match(refused("upgrade -q -v").message, /exclude/);
  assert.equal(runs("upgrade -n -n -v -v --no-lock --no-lock"), "upgrade");
});

Deno.test("parse() takes several environments only where they make sense", () => {
  assert.equal(runs("profiles list -e a -e b"), "profiles list");
  assert.match(refused("upgrade -e a -e b").message, /one environment/);
});

Deno.test("parse() refuses global options and formats that a command has no use for", () => {
  assert.match(refused("diff a b --db x").message, /no use for --db/);
  assert.match(refused("upgrade --format sql").message, /only text, json/);
  assert.match(refused("sql a --json").message, /no format json/);
  assert.match(refused("upgrade --json --format text").message, /exclude/);
  assert.equal(runs("upgrade --json --format json"), "upgrade");
});

Deno.test("parse() counts positionals", () => {
  assert.match(refused("diff a").message, /`pawl diff`: TO is missing/);
  assert.match(refused("upgrade a b").message, /after TARGET, and got "b"/);
  assert.match(refused("drift a").message, /takes no argument, and got "a"/);
  assert.match(refused("profiles save").message, /--url URL is missing/);
  assert.match(refused("diff a").hint ?? "", /`pawl diff --help`/);
});

Deno.test("parse() shows help for a command line that is wrong otherwise", () => {
  assert.equal(runs("upgrade --bogus --help"), "help");
  assert.equal(runs("-h"), "help");
  assert.equal(runs("profiles --help"), "help");
  assert.equal(runs("--version"), "version");
  assert.equal(runs("upgrade -- --help"), "upgrade");
});

Deno.test("parse() needs a command", () => {
  assert.match(refused("").message, /no command is given/);
  assert.match(refused("-v").message, /no command is given/);
  assert.match(refused("--bogus").message, /no option --bogus/);
});
