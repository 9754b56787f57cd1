import assert from "@std/assert";
import { join } from "node:path";
import { openProject } from "./project.ts";

/** Whether a project's database is protected, with `[env.prod]` as given. */
function isProtected(
  prod: string,
  chosen: {
    readonly db?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): boolean {
  const cwd = Deno.makeTempDirSync({ prefix: "pawl-test-" });
  try {
    Deno.writeTextFileSync(
      join(cwd, "pawl.toml"),
      `[env.dev]\nurl = "none"\n[env.prod]\nprotected = true\n${prod}\n`,
    );
    Deno.writeTextFileSync(
      join(cwd, "services.conf"),
      "[there]\nhost=prod\nport=5444\ndbname=app\n",
    );
    Deno.mkdirSync(join(cwd, "data"));
    Deno.symlinkSync("data", join(cwd, "link"));
    return openProject({
      cwd,
      db: chosen.db,
      env: {
        USER: "me",
        HOME: cwd,
        PGSERVICEFILE: join(cwd, "services.conf"),
        ...chosen.env,
      },
    }).settings.protected;
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

Deno.test("a protected database stays protected however its address is spelt", () => {
  const prod = 'url = "postgres://app@prod:5444/app?sslmode=disable"';
  for (
    const db of [
      "postgresql://PROD.:5444/app",
      "postgres://other:secret@prod:5444/app?application_name=x",
      "postgres:///app?host=prod&port=5444",
      "postgres://standby:5432,prod:5444/app",
      "host=prod port=5444 dbname='app' user=me",
      "host=prod hostaddr=10.0.0.9 port=5444 dbname=app",
      "service=there",
    ]
  ) assert.ok(isProtected(prod, { db }), db);
  const variables: readonly Readonly<Record<string, string>>[] = [
    { PGHOST: "prod", PGPORT: "5444", PGDATABASE: "app" },
    { PGSERVICE: "there" },
    { DATABASE_URL: "postgres://prod/app", PGPORT: "5444" },
    { PAWL_URL: "host=prod port=5444 dbname=app" },
  ];
  for (const env of variables) {
    assert.ok(isProtected(prod, { env }), JSON.stringify(env));
  }
  for (
    const db of [
      "postgres://prod:5444/other",
      "postgres://prod:5445/app",
      "postgres://dev:5444/app",
      "pglite:data",
      "none",
    ]
  ) assert.ok(!isProtected(prod, { db }), db);
});

Deno.test("every way to this machine is one server", () => {
  const prod = 'url = "postgres://localhost:5444/app"';
  const hosts = [
    "127.0.0.1",
    "127.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "LocalHost",
    "%2Ftmp",
  ];
  for (const host of hosts) {
    const db = `postgres://${host}:5444/app`;
    assert.ok(isProtected(prod, { db }), db);
  }
  const socket = "host=/var/run/postgresql port=5444 dbname=app";
  assert.ok(isProtected(prod, { db: socket }));
  const elsewhere = "postgres://127.example.com:5444/app";
  assert.ok(!isProtected(prod, { db: elsewhere }));
});

Deno.test("the pooler's address of a protected environment is as protected as its own", () => {
  const prod =
    'url = "postgres://pooler:6432/app"\nmanagement_url = "postgres://direct/app"';
  for (const host of ["pooler:6432", "direct:5432"]) {
    const db = `postgres://someone@${host}/app`;
    assert.ok(isProtected(prod, { db }), db);
  }
  const env = {
    DATABASE_URL: "postgres://other/app",
    PAWL_MANAGEMENT_URL: "host=direct dbname=app",
  };
  assert.ok(isProtected(prod, { env }));
});

Deno.test("a protected embedded database is known through a symbolic link", () => {
  const prod = 'url = "pglite:data"';
  assert.ok(isProtected(prod, { db: "pglite:./link/" }));
  assert.ok(!isProtected(prod, { db: "pglite:elsewhere" }));
  assert.ok(!isProtected(prod, { db: "pglite:" }));
});
