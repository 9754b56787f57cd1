/**
 * JavaScript and TypeScript migrations through the command line: whatever a
 * program does, pawl stays in charge, says what happened, and leaves nothing.
 *
 * @module
 */

import assert from "@std/assert";
import { type CliResult, startCli } from "./support/cli.ts";
import { type CommandScene, commandScene } from "./support/command_scene.ts";

/** A project on a database, as a test sees it. */
interface Scene extends CommandScene {
  /** The versions that are applied. */
  applied(): Promise<string | null>;
}

const TABLE_FILE = { "migrations/0001_t.sql": "CREATE TABLE t (a text);\n" };

/** Registers a test with a project of a table `t` and the program `0002_p`. */
function scene(
  name: string,
  program: string | Readonly<Record<string, string>>,
  body: (scene: Scene) => Promise<void>,
): void {
  const files = typeof program === "string"
    ? { ...TABLE_FILE, "migrations/0002_p.ts": program }
    : { ...TABLE_FILE, ...program };
  commandScene(
    name,
    files,
    (s) => body({ ...s, applied: () => s.value(APPLIED) }),
  );
}

const APPLIED =
  "SELECT string_agg(version, ',' ORDER BY version) FROM pawl.migrations WHERE state = 'applied'";

/** The one document on standard output. */
function errorOf(
  result: CliResult,
): { readonly code: string; readonly message: string } {
  return JSON.parse(result.stdout).error;
}

for (
  const [what, code] of [
    [
      "that waits for a promise that never settles",
      "await new Promise(() => {});",
    ],
    ["in a loop without end", "while (true);"],
    [
      "that catches everything",
      "for (;;) await db.query('SELECT pg_sleep(600)').catch(() => {});",
    ],
  ] as const
) {
  scene(
    `an interrupt ends a program ${what}`,
    `export async function up(db: any) {
  await db.execute("INSERT INTO t VALUES ('x')");
  db.log("the program runs");
  ${code}
}
`,
    async ({ cwd, url, applied, value }) => {
      const running = startCli(["upgrade"], {
        cwd,
        env: { DATABASE_URL: url },
      });
      await running.said(/the program runs/);
      running.kill("SIGINT");
      const result = await running.result;
      assert.equal(result.code, 130, result.stderr);
      assert.equal(await applied(), "0001");
      assert.equal(await value("SELECT count(*) FROM t"), "0");
      assert.equal(
        await value(
          "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND datname = current_database()",
        ),
        "0",
      );
      assert.equal(
        await value(
          "SELECT event FROM pawl.events ORDER BY id DESC LIMIT 1",
        ),
        "interrupted",
      );
    },
  );
}

for (
  const [what, code, message] of [
    ["Deno.exit(0)", "Deno.exit(0);", /exit/],
    ["process.exit(0)", "process.exit(0);", /exit/],
    ["exit(0) of node:process", "exit(0);", /exit/],
    ["close()", "close(); await new Promise(() => {});", /exit/],
    [
      "an error in a timer",
      "setTimeout(() => { throw new Error('late'); }); await new Promise(() => {});",
      /late/,
    ],
    [
      "an unhandled rejection",
      "Promise.reject(new Error('unheard')); await new Promise(() => {});",
      /unheard/,
    ],
    ["a rejection that is no Error", "throw 'bare';", /bare/],
    ["a COMMIT of its own", "await db.script('COMMIT');", /COMMIT/],
    ["a call that it does not await", "db.query('SELECT nothing');", /nothing/],
  ] as const
) {
  scene(
    `${what} in a program fails the migration and rolls it back`,
    `import process, { exit } from "node:process";
export async function up(db: any) {
  await db.execute("INSERT INTO t VALUES ('x')");
  ${code}
}
`,
    async ({ pawl, applied, value }) => {
      const result = await pawl("upgrade", "--json");
      assert.equal(result.code, 3, result.stderr + result.stdout);
      const error = errorOf(result);
      assert.equal(error.code, "migration-failed");
      assert.match(error.message, /Cannot apply migrations\/0002_p\.ts: /);
      assert.match(error.message, message);
      assert.equal(await applied(), "0001");
      assert.equal(await value("SELECT count(*) FROM t"), "0");
    },
  );
}

scene(
  "a rejection at the top level of a program fails the migration",
  `await Promise.reject(new Error("at the top"));
export function up() {}
`,
  async ({ pawl, applied }) => {
    const result = await pawl("upgrade", "--json");
    assert.equal(result.code, 3, result.stderr + result.stdout);
    assert.match(errorOf(result).message, /at the top/);
    assert.equal(await applied(), "0001");
  },
);

scene(
  "the place of an error in a program is shown",
  `export async function up(db: any): Promise<void> {
  const wrong: string = "SELECT nothing";
  await db.query(wrong);
}
`,
  async ({ pawl }) => {
    const result = await pawl("upgrade");
    assert.equal(result.code, 3);
    assert.match(result.stderr, /migrations\/0002_p\.ts:3/);
    assert.match(result.stderr, /42703/);
  },
);

for (
  const [what, code, message] of [
    ["does not parse", "export function up( {", /Cannot load .*0003_q\.js/],
    ["exports no function up", "export const x = 1;", /exports no function up/],
    [
      "imports its neighbour",
      'import "./0002_p.ts";\nexport function up() {}',
      /Cannot load/,
    ],
    [
      "imports what node: does not export",
      'import { nope } from "node:fs";\nexport function up() {}',
      /nope/,
    ],
  ] as const
) {
  scene(
    `a later program that ${what} is found before anything runs`,
    { "migrations/0003_q.js": `${code}\n` },
    async ({ pawl, value }) => {
      const result = await pawl("upgrade", "--json");
      assert.equal(result.code, 2, result.stderr + result.stdout);
      assert.equal(errorOf(result).code, "migration-invalid");
      assert.match(errorOf(result).message, message);
      assert.doesNotMatch(result.stdout, /base64/);
      assert.equal(await value("SELECT to_regclass('t')"), null);
    },
  );
}

scene(
  "checking a program runs none of it",
  `console.log("the program runs");
export function up() {}
`,
  async ({ pawl }) => {
    const result = await pawl("upgrade", "--dry-run");
    assert.equal(result.code, 0, result.stderr);
    assert.doesNotMatch(result.stderr, /the program runs/);
    assert.match((await pawl("upgrade")).stderr, /the program runs/);
  },
);

scene(
  "a program without down is found before anything is taken back",
  {
    "migrations/0002_p.js": "export function up() {}\n",
    "migrations/0003_u.sql":
      "CREATE TABLE u ();\n-- pawl:down\nDROP TABLE u;\n",
  },
  async ({ pawl, applied }) => {
    assert.equal((await pawl("upgrade")).code, 0);
    const result = await pawl("downgrade", "0001", "-y", "--json");
    assert.equal(result.code, 6, result.stderr + result.stdout);
    assert.equal(errorOf(result).code, "irreversible");
    assert.equal(await applied(), "0001,0002,0003");
  },
);

scene(
  "what a program writes to the console and to standard output leaves the JSON document alone",
  `import process from "node:process";
export async function up(db: any) {
  console.log("said %s", "loudly");
  console.table([{ a: 1 }]);
  console.group("indented");
  console.count("counted");
  process.stdout.write("written\\n");
  Deno.stdout.writeSync(new TextEncoder().encode("directly\\n"));
  await Deno.stdout.write(new TextEncoder().encode("later\\n"));
}
`,
  async ({ pawl }) => {
    const result = await pawl("upgrade", "--json");
    assert.equal(result.code, 0, result.stderr + result.stdout);
    assert.equal(JSON.parse(result.stdout).success, true);
    const told = await pawl("downgrade", "--fake", "-y");
    assert.equal(told.code, 0, told.stderr);
    const { stderr, stdout } = await pawl("upgrade");
    assert.doesNotMatch(
      stdout,
      /loudly|indented|counted|written|directly|later/,
    );
    for (
      const text of [
        "said loudly",
        "indented",
        "counted: 1",
        "written",
        "directly",
        "later",
      ]
    ) {
      assert.ok(stderr.includes(text), `${text}: ${stderr}`);
    }
  },
);

scene(
  "a program gives and gets values of each kind, and catches a server's error",
  `import type { MigrationDatabase } from "@pawl/pawl";
import { deepEqual } from "node:assert/strict";
export async function up(db: MigrationDatabase): Promise<void> {
  const [row] = await db.query(
    "SELECT $1::int AS i, $2::int8 AS b, $3::bool AS t, $4::jsonb AS j, $5::bytea AS y, $6::text[] AS l, NULL AS n, $7::timestamptz AT TIME ZONE 'UTC' AS d",
    [1, 2n, true, { a: [1] }, new Uint8Array([0, 255]), ["x", null], new Date(0)],
  );
  deepEqual(row, {
    i: 1, b: 2n, t: true, j: { a: [1] }, y: new Uint8Array([0, 255]),
    l: "{x,NULL}", n: null, d: "1970-01-01 00:00:00",
  });
  await db.script("SAVEPOINT s");
  const error: any = await db.execute("SELECT 1/0").catch((error) => error);
  deepEqual([error.name, error.sqlstate, error.fields.message], ["ServerError", "22012", "division by zero"]);
  await db.script("ROLLBACK TO s");
  deepEqual(await db.execute("INSERT INTO t SELECT 'x' FROM generate_series(1, 3)"), 3);
  deepEqual(db.signal.aborted, false);
}
`,
  async ({ pawl, value }) => {
    const result = await pawl("upgrade");
    assert.equal(result.code, 0, result.stderr + result.stdout);
    assert.equal(await value("SELECT count(*) FROM t"), "3");
  },
);

scene(
  "db.transaction() commits what succeeds, and fails where a statement in it has failed",
  {
    "migrations/0002_p.js": `// pawl:transaction none
export async function up(db) {
  await db.transaction(() => db.execute("INSERT INTO t VALUES ('kept')"));
  await db.transaction(async () => {
    await db.execute("INSERT INTO t VALUES ('lost')");
    await db.query("SELECT 1/0").catch(() => {});
  });
}
`,
  },
  async ({ pawl, value }) => {
    const result = await pawl("upgrade");
    assert.equal(result.code, 3, result.stderr + result.stdout);
    assert.match(result.stderr, /was rolled back/);
    assert.equal(await value("SELECT string_agg(a, ',') FROM t"), "kept");
  },
);

scene(
  "db.transaction() that a program does not await is rolled back, and fails it",
  {
    "migrations/0002_p.js": `// pawl:transaction none
export async function up(db) {
  db.transaction(async () => {
    await db.execute("INSERT INTO t VALUES ('lost')");
    await new Promise((resolve) => setTimeout(resolve, 50));
    await db.execute("INSERT INTO t VALUES ('late')");
  });
}
`,
  },
  async ({ pawl, value }) => {
    const result = await pawl("upgrade");
    assert.equal(result.code, 3, result.stderr + result.stdout);
    assert.match(result.stderr, /await every call/);
    assert.equal(await value("SELECT count(*) FROM t"), "0");
  },
);
