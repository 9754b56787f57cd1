import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import type { ConfigFiles } from "./files.ts";
import { findConfig } from "./find.ts";
import { hookCommands, shadowSettings } from "./late_settings.ts";
import {
  loadSettings,
  optionalDatabase,
  requireDatabase,
  type Settings,
  type SettingsRequest,
} from "./settings.ts";
import { describeDatabase } from "./database.ts";
import { processVariables } from "./variables.ts";

interface World {
  /** Text by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The text of /app/pawl.toml. */
  readonly toml?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly config?: string;
  readonly flags?: SettingsRequest["flags"];
  readonly project?: string;
  readonly environment?: string;
  readonly db?: string;
  readonly envFile?: string;
  /** Files that another user may have planted. */
  readonly foreign?: readonly string[];
}

function filesOf(world: World): ConfigFiles {
  const texts = new Map(Object.entries(world.files ?? {}));
  if (world.toml !== undefined) texts.set("/app/pawl.toml", world.toml);
  const isDirectory = (path: string) =>
    [...texts.keys()].some((each) => each.startsWith(`${path}/`));
  return {
    read: (path) => texts.get(path),
    isDirectory,
    exists: (path) => texts.has(path) || isDirectory(path),
    isForeign: (path) => world.foreign?.includes(path) ?? false,
    writePrivate: (path) => {
      throw new Error(`wrote ${path}`);
    },
  };
}

function load(world: World): Settings {
  const files = filesOf(world);
  const variables = processVariables({ HOME: "/home/me", ...world.env });
  const cwd = world.cwd ?? "/app";
  const { config } = world;
  return loadSettings({
    ...world,
    cwd,
    variables,
    files,
    config: findConfig(cwd, files, { config, variables }),
  });
}

/** The address and the setting of the database that is used. */
function database(world: World): readonly [string, string] {
  const { source, setting } = requireDatabase(load(world));
  return [source, setting];
}

function fails(world: World, code: string, message?: RegExp): PawlError {
  try {
    requireDatabase(load(world));
  } catch (error) {
    if (!(error instanceof PawlError)) throw error;
    assert.equal(error.code, code, error.message);
    if (message) assert.match(`${error.message} ${error.hint}`, message);
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

const DEV = '[env.dev]\nurl = "postgres://dev/app"\n';
const PROD = '[env.prod]\nurl = "postgres://prod/app"\n';
const PROFILES = JSON.stringify({
  format: "pawl.profiles/1",
  default: "home",
  profiles: [
    { name: "home", url: "postgres://home/app" },
    { name: "dev", url: "postgres://profile-dev/app" },
    { name: "safe", url: "postgres://me@safe/app", password: "var:SAFE_PW" },
  ],
});
const WITH_PROFILES = { "/home/me/.config/pawl/profiles.json": PROFILES };

Deno.test("[P1] one url in pawl.toml configures the database", () => {
  assert.deepEqual(database({ toml: DEV }), [
    "postgres://dev/app",
    "dev, the only environment of pawl.toml (pawl.toml:2)",
  ]);
});

Deno.test("[P2] PAWL_URL names the database, DATABASE_URL where it does not", () => {
  const env = { DATABASE_URL: "postgres://fallback/app" };
  assert.deepEqual(database({ env }), [
    "postgres://fallback/app",
    "DATABASE_URL",
  ]);
  assert.deepEqual(
    database({ env: { ...env, PAWL_URL: "postgres://own/app" } }),
    ["postgres://own/app", "PAWL_URL"],
  );
});

Deno.test("[P3] the first of --db or -e, PAWL_URL, PAWL_ENV, DATABASE_URL, PG*, the only environment, the default profile names the database", () => {
  const toml = DEV;
  const env = {
    PAWL_URL: "postgres://pawl-url/app",
    PAWL_ENV: "dev",
    DATABASE_URL: "postgres://database-url/app",
    PGHOST: "pg",
  };
  const { PAWL_URL: _1, ...noUrl } = env;
  const { PAWL_ENV: _2, ...noEnv } = noUrl;
  const { DATABASE_URL: _3, ...noDatabaseUrl } = noEnv;
  const files = WITH_PROFILES;
  const worlds: readonly (readonly [World, string, string])[] = [
    [{ db: "postgres://flag/app" }, "postgres://flag/app", "--db"],
    [{ environment: "dev" }, "postgres://dev/app", "-e dev (pawl.toml:2)"],
    [{}, "postgres://pawl-url/app", "PAWL_URL"],
    [{ env: noUrl }, "postgres://dev/app", "PAWL_ENV dev (pawl.toml:2)"],
    [{ env: noEnv }, "postgres://database-url/app", "DATABASE_URL"],
    [{ env: noDatabaseUrl }, "postgres://", "PGHOST"],
    [
      { env: {} },
      "postgres://dev/app",
      "dev, the only environment of pawl.toml (pawl.toml:2)",
    ],
    [{ env: {}, toml: "" }, "postgres://home/app", "profile home, the default"],
  ];
  for (const [world, source, setting] of worlds) {
    assert.deepEqual(database({ toml, env, files, ...world }), [
      source,
      setting,
    ]);
  }
});

Deno.test("[Q20] any PG* variable that says which database is meant names it, the PSQL_* ones do not", () => {
  for (
    const name of [
      "PGHOST",
      "PGHOSTADDR",
      "PGDATABASE",
      "PGSERVICE",
      "PGUSER",
      "PGPORT",
    ]
  ) {
    assert.deepEqual(database({ env: { [name]: "x" } }), ["postgres://", name]);
    fails({ env: { [name]: "" } }, "database-missing");
  }
  fails({ env: { PGPASSWORD: "x", PGSSLMODE: "require" } }, "database-missing");
  fails(
    {
      env: { PSQL_USER: "u", PSQL_PASSWORD: "p", PSQL_HOST: "h", PSQL_DB: "d" },
    },
    "database-missing",
  );
});

Deno.test("no database named, or several environments and none named, is exit 2 only where one is needed", () => {
  const missing = fails(
    {},
    "database-missing",
    /--db SOURCE or -e NAME.*PAWL_URL/,
  );
  assert.equal(missing.exitCode, 2);
  const ambiguous = fails(
    { toml: DEV + PROD, files: WITH_PROFILES },
    "database-ambiguous",
    /dev, prod/,
  );
  assert.equal(ambiguous.exitCode, 2);
  for (const world of [{}, { toml: DEV + PROD }, { db: "none" }]) {
    assert.equal(optionalDatabase(load(world)), undefined);
  }
  assert.equal(
    optionalDatabase(load({ toml: DEV }))?.source,
    "postgres://dev/app",
  );
  const bare = load({ toml: "[env.dev]\nrole = 'r'", environment: "dev" });
  assert.throws(() => optionalDatabase(bare), { code: "database-missing" });
  fails(
    { toml: "[env.dev]\nrole = 'r'" },
    "database-missing",
    /\[env\.dev\] has neither url/,
  );
  fails({
    toml: DEV + "[env.prod]\n",
    environment: "prod",
    env: { DATABASE_URL: "postgres://x" },
  }, "database-missing");
});

Deno.test("--db and -e together are refused, and so is a name that neither an environment nor a profile has", () => {
  const both = fails(
    { db: "none", environment: "dev", toml: DEV },
    "usage",
    /--db and -e/,
  );
  assert.equal(both.exitCode, 2);
  fails(
    { environment: "porfile", files: WITH_PROFILES, toml: DEV },
    "usage",
    /neither an environment/,
  );
  fails({ environment: "prd", toml: DEV + PROD }, "usage", /"prod"/);
  fails(
    { env: { PAWL_ENV: "prd" }, toml: DEV + PROD },
    "usage",
    /PAWL_ENV "prd"/,
  );
  fails({ environment: "constructor" }, "usage");
  fails({ environment: "", toml: DEV }, "usage");
  fails({ db: "schema/", toml: DEV }, "usage", /is no address/);
  fails({ db: "", toml: DEV }, "usage", /is empty/);
});

Deno.test("an empty PAWL_URL, PAWL_ENV, DATABASE_URL or PAWL_MANAGEMENT_URL stops, and does not go on to another database", () => {
  for (
    const name of [
      "PAWL_URL",
      "PAWL_ENV",
      "DATABASE_URL",
      "PAWL_MANAGEMENT_URL",
    ]
  ) {
    const world = { toml: DEV, env: { [name]: "" } };
    fails(world, "config-invalid", new RegExp(`${name}.*set but empty`));
    assert.throws(() => optionalDatabase(load(world)), {
      code: "config-invalid",
    });
  }
});

Deno.test("[P5] none disables the database, wherever it is said", () => {
  const worlds: readonly World[] = [
    { db: "none" },
    { env: { PAWL_URL: "none", DATABASE_URL: "postgres://x" } },
    { env: { DATABASE_URL: "none", PGHOST: "x" } },
    { toml: '[env.build]\nurl = "none"', environment: "build" },
    { toml: '[env.build]\nurl = "none"\nmanagement_url = "postgres://x"' },
    { env: { PAWL_URL: "none", PAWL_MANAGEMENT_URL: "postgres://x" } },
  ];
  for (const world of worlds) {
    const error = fails(world, "database-disabled");
    assert.equal(error.exitCode, 2);
    assert.equal(load(world).database?.source, "none");
  }
});

Deno.test("[P6] [P7] management_url is what is connected to where it is set", () => {
  const toml =
    '[env.prod]\nurl = "postgres://pooler/app"\nmanagement_url = "postgres://direct/app"\n';
  assert.deepEqual(requireDatabase(load({ toml, environment: "prod" })), {
    source: "postgres://direct/app",
    setting: "-e prod (pawl.toml:3)",
    runtimeUrl: "postgres://pooler/app",
  });
  const env = {
    PAWL_URL: "postgres://pooler/app",
    PAWL_MANAGEMENT_URL: "postgres://other/app",
  };
  assert.deepEqual(requireDatabase(load({ env })), {
    source: "postgres://other/app",
    setting: "PAWL_MANAGEMENT_URL",
    runtimeUrl: "postgres://pooler/app",
  });
  const { PAWL_MANAGEMENT_URL } = env;
  assert.equal(
    database({ toml, env: { PAWL_MANAGEMENT_URL } })[0],
    "postgres://other/app",
  );
  assert.equal(
    database({ env: { PAWL_MANAGEMENT_URL } })[0],
    "postgres://other/app",
  );
});

Deno.test("[P6] PAWL_MANAGEMENT_URL does not lead away from the database that --db or -e names", () => {
  const env = { PAWL_MANAGEMENT_URL: "postgres://prod-direct/app" };
  for (
    const world of [{ environment: "dev" }, { db: "postgres://dev/app" }, {
      db: "env:dev",
    }]
  ) {
    const settings = load({ toml: DEV + PROD, env, ...world });
    assert.equal(requireDatabase(settings).source, "postgres://dev/app");
    assert.match(settings.warnings.join(), /PAWL_MANAGEMENT_URL is not used/);
  }
});

Deno.test("[P8] without a management url every command uses the ordinary one", () => {
  const choice = requireDatabase(load({ toml: PROD }));
  assert.equal(choice.source, "postgres://prod/app");
  assert.equal("runtimeUrl" in choice, false);
});

Deno.test("[P12] describeDatabase() and errors show no password", () => {
  const settings = load({ env: { PAWL_URL: "postgres://me:hunter2@db/app" } });
  assert.equal(
    describeDatabase(requireDatabase(settings)),
    "postgres://me:***@db/app (PAWL_URL)",
  );
  const wrong: readonly World[] = [
    { env: { PAWL_URL: "mysql://me:hunter2@db" } },
    { env: { DATABASE_URL: "me:hunter2@db" } },
    { env: { PAWL_MANAGEMENT_URL: "postgres:/me:hunter2@db" } },
    { db: "postgres:me:hunter2@db" },
    { toml: '[env.p]\nurl = "${X}"', env: { X: "jdbc:me:hunter2@db" } },
    {
      toml: '[project]\nlayout = "${X}"',
      env: { X: "postgres://me:hunter2@db" },
    },
  ];
  for (const world of wrong) {
    const { message, hint, details } = fails(
      world,
      world.db ? "usage" : "config-invalid",
    );
    assert.equal(
      JSON.stringify([message, hint, details]).includes("hunter2"),
      false,
    );
  }
});

Deno.test("[P11] every key with one value has a variable that overrides the file", () => {
  const toml = `
[project]
migrations = "m"
postgres = 14
[env.dev]
url = "none"
role = "r"
[timeouts]
migration_lock = "3s"
[history]
readers = ["a"]
`;
  const env = {
    PAWL_MIGRATIONS: "elsewhere",
    PAWL_SCHEMA: "a.sql, b",
    PAWL_POSTGRES: "17",
    PAWL_LAYOUT: "pgmg",
    PAWL_ENV_ROLE: "ddl",
    PAWL_ENV_SCHEMA: "tenant",
    PAWL_ENV_PROTECTED: "yes",
    PAWL_TIMEOUTS_MIGRATION_LOCK: "10s",
    PAWL_TIMEOUTS_LOCK_WAIT: "0",
    PAWL_HISTORY_STORE_SQL: "false",
    PAWL_HISTORY_READERS: "b,c",
    PAWL_DRIFT_FAIL: "1",
    PAWL_LINT_DOWN: "require",
  };
  const settings = load({ toml, env });
  assert.equal(settings.migrations, "/app/elsewhere");
  assert.deepEqual(settings.schemaSource, {
    kind: "paths",
    paths: ["/app/a.sql", "/app/b"],
  });
  assert.equal(settings.postgres, 17);
  assert.equal(settings.layout, "pgmg");
  assert.equal(settings.role, "ddl");
  assert.equal(settings.searchPath, "tenant");
  assert.equal(settings.protected, true);
  assert.equal(settings.timeouts.migrationLock, 10_000);
  assert.equal(settings.timeouts.lockWait, 0);
  assert.equal(settings.timeouts.convergeLock, 3000);
  assert.deepEqual([...settings.timeouts.asked], ["migrationLock", "lockWait"]);
  assert.equal(settings.history.storeSql, false);
  assert.deepEqual(settings.history.readers, ["b", "c"]);
  assert.equal(settings.drift.fail, true);
  assert.equal(settings.lint.down, "require");
  assert.deepEqual(settings.warnings, []);
});

Deno.test("[P90] a variable with a malformed value is refused by name", () => {
  const wrong: readonly (readonly [string, string])[] = [
    ["PAWL_TIMEOUTS_MIGRATION_LOCK", "3 seconds"],
    ["PAWL_TIMEOUTS_LOCK_WAIT", "off"],
    ["PAWL_LAYOUT", "flyway"],
    ["PAWL_POSTGRES", "13"],
    ["PAWL_DRIFT_FAIL", "maybe"],
    ["PAWL_MIGRATIONS", ""],
    ["PAWL_ENV_ROLE", "none"],
  ];
  for (const [name, value] of wrong) {
    fails(
      { env: { [name]: value } },
      "config-invalid",
      new RegExp(`Cannot use ${name}: it .*Accepted: `),
    );
  }
});

Deno.test("[G13] a flag wins over its variable and the file, and its paths start from the current directory", () => {
  const settings = load({
    toml: '[project]\nmigrations = "m"\n',
    cwd: "/app/sub",
    env: { PAWL_MIGRATIONS: "v" },
    flags: [{ key: "project.migrations", flag: "--migrations", text: "f" }],
  });
  assert.equal(settings.migrations, "/app/sub/f");
  const flags = [{
    key: "timeouts.lock_wait",
    flag: "--lock-wait",
    text: "soon",
  }];
  fails({ flags }, "usage", /Cannot use --lock-wait/);
});

Deno.test("[G13] pawl.toml is found in a directory above, and paths start from it", () => {
  const settings = load({
    toml: '[env.dev]\nurl = "pglite:.pawl/db"',
    cwd: "/app/a/b",
  });
  assert.equal(settings.root, "/app");
  assert.equal(settings.migrations, "/app/migrations");
  assert.equal(settings.config?.file, "../../pawl.toml");
  assert.equal(settings.database?.source, "pglite:/app/.pawl/db");
  const cwd = "/app/a/b";
  assert.equal(
    load({ toml: "", cwd, env: { PAWL_URL: "pglite:x" } }).database?.source,
    "pglite:/app/x",
  );
  assert.equal(
    load({ toml: "", cwd, db: "pglite:x" }).database?.source,
    "pglite:/app/a/b/x",
  );
  assert.equal(
    load({ toml: "", cwd, db: "pglite:" }).database?.source,
    "pglite:",
  );
  assert.equal(load({ cwd }).root, cwd);
});

Deno.test("findConfig() takes --config, then PAWL_CONFIG, and refuses a file that is not there", () => {
  const files = {
    "/etc/one.toml": '[project]\nname = "one"',
    "/app/x/pawl.toml": '[project]\nname = "two"',
  };
  const env = { PAWL_CONFIG: "x/pawl.toml" };
  assert.equal(load({ files, env, config: "/etc/one.toml" }).project, "one");
  assert.equal(load({ files, env, toml: "" }).project, "two");
  assert.equal(load({ files, env }).root, "/app/x");
  const gone = fails(
    { files, config: "gone.toml" },
    "config-missing",
    /gone\.toml.*--config/,
  );
  assert.equal(gone.exitCode, 2);
  fails({ files, config: "x" }, "config-missing", /x\/pawl\.toml/);
  fails({ env: { PAWL_CONFIG: "" } }, "config-missing", /PAWL_CONFIG/);
});

Deno.test("findConfig() does not take a file that another user may have planted above", () => {
  const foreign = ["/tmp/pawl.toml"];
  const files = { "/tmp/pawl.toml": "" };
  fails({ files, foreign, cwd: "/tmp/mine" }, "config-invalid", /another user/);
  assert.equal(
    load({ files, foreign, cwd: "/tmp/mine", config: "../pawl.toml" }).root,
    "/tmp",
  );
});

Deno.test("a variable that is not set stops only what uses it", () => {
  const toml = DEV + `
[env.production]
url = "\${PROD_URL}"
role = "\${PROD_ROLE}"
[shadow]
url = "\${SHADOW}"
[hooks]
before_upgrade = ["\${HOOK}"]
`;
  const settings = load({ toml, environment: "dev" });
  assert.equal(requireDatabase(settings).source, "postgres://dev/app");
  assert.throws(() => shadowSettings(settings), { code: "variable-unset" });
  assert.throws(() => hookCommands(settings, "before_upgrade"), {
    code: "variable-unset",
  });
  assert.deepEqual(hookCommands(settings, "after_upgrade"), []);
  const error = fails(
    { toml, environment: "production", env: { PROD_ROLE: "ddl" } },
    "variable-unset",
    /PROD_URL/,
  );
  assert.deepEqual([error.location?.file, error.location?.line], [
    "pawl.toml",
    5,
  ]);
  const env = {
    PROD_URL: "postgres://p",
    PROD_ROLE: "ddl",
    SHADOW: "postgres://s",
    HOOK: "go",
  };
  const production = load({ toml, environment: "production", env });
  assert.deepEqual([production.database?.source, production.role], [
    "postgres://p",
    "ddl",
  ]);
  assert.equal(shadowSettings(production).url, "postgres://s");
  assert.deepEqual(hookCommands(production, "before_upgrade"), ["go"]);
});

Deno.test("an unset variable in the url of the only environment does not stop a command without a database", () => {
  const settings = load({ toml: '[env.dev]\nurl = "${GONE}"' });
  assert.equal(settings.database, undefined);
  assert.equal(settings.databaseProblem?.code, "variable-unset");
  assert.throws(() => optionalDatabase(settings), { code: "variable-unset" });
});

Deno.test("a value that is a variable is read as its key's kind", () => {
  const toml =
    '[project]\npostgres = "${V}"\nignore = "${I}"\n[env.dev]\nurl = "none"\nprotected = "${P}"';
  const settings = load({ toml, env: { V: "16", I: "a,b", P: "true" } });
  assert.equal(settings.postgres, 16);
  assert.deepEqual(settings.ignore, ["a", "b"]);
  assert.equal(settings.protected, true);
});

Deno.test("the environment overrides project keys and time-outs, and its schema is the search_path's", () => {
  const toml = `
[project]
schema = "ddl"
generate = "all"
[timeouts]
migration_lock = "1s"
[env.prod]
url = "none"
generate = "structural"
schema = "app"
[env.prod.timeouts]
migration_lock = "20s"
[env.dev]
url = "none"
`;
  const prod = load({ toml, environment: "prod" });
  assert.equal(prod.generate, "structural");
  assert.equal(prod.searchPath, "app");
  assert.deepEqual(prod.schemaSource, { kind: "paths", paths: ["/app/ddl"] });
  assert.equal(prod.timeouts.migrationLock, 20_000);
  const dev = load({ toml, environment: "dev" });
  assert.deepEqual([dev.generate, dev.timeouts.migrationLock, dev.searchPath], [
    "all",
    1000,
    undefined,
  ]);
});

Deno.test("PAWL_ENV beside PAWL_URL keeps the environment's other settings, and --db leaves them out", () => {
  const toml = PROD +
    'role = "ddl"\nprotected = true\nmanagement_url = "postgres://direct/app"\n';
  const env = { PAWL_ENV: "prod", PAWL_URL: "postgres://own/app" };
  const both = load({ toml, env });
  assert.deepEqual(
    [both.database?.source, both.environment, both.role, both.protected],
    ["postgres://own/app", "prod", "ddl", true],
  );
  const flag = load({ toml, env, db: "postgres://scratch/app" });
  assert.deepEqual(
    [flag.database?.source, flag.environment, flag.role, flag.protected],
    ["postgres://scratch/app", undefined, undefined, false],
  );
});

Deno.test("the database of a protected environment is protected whichever setting names it", () => {
  const toml = DEV + PROD + "protected = true\n" +
    '[env.pooled]\nurl = "${POOLER}"\nmanagement_url = "postgres://direct/app"\nprotected = true\n';
  for (
    const db of ["env:prod", "postgres://prod/app", "postgres://direct/app"]
  ) {
    assert.equal(load({ toml, db }).protected, true, db);
  }
  const env = { DATABASE_URL: "postgres://prod/app" };
  assert.equal(load({ toml, env }).protected, true);
  const direct = { PAWL_MANAGEMENT_URL: "postgres://x", ...env };
  assert.equal(load({ toml, env: direct }).protected, true);
  assert.equal(load({ toml, db: "postgres://dev/app" }).protected, false);
  const lifted = { PAWL_ENV_PROTECTED: "false" };
  assert.equal(
    load({ toml, environment: "prod", env: lifted }).protected,
    false,
  );
});

Deno.test("an env file adds variables, never overrides, and is required only where it was named", () => {
  const files = {
    "/app/.env":
      "PAWL_LAYOUT=pgmg\nDATABASE_URL='postgres://file/app'\nPAWL_CONFIG=x\n",
  };
  const toml = '[project]\nenv_file = ".env"\n';
  const settings = load({ toml, files });
  assert.equal(settings.layout, "pgmg");
  assert.equal(requireDatabase(settings).setting, "DATABASE_URL (.env:2)");
  assert.match(settings.warnings.join(), /PAWL_CONFIG \(\.env:3\) is not used/);
  const env = { DATABASE_URL: "postgres://real/app" };
  assert.equal(database({ toml, files, env })[0], "postgres://real/app");
  fails({ toml }, "database-missing");
  fails({ toml, envFile: "gone" }, "file-unreadable", /gone.*--env-file/);
  fails(
    { env: { PAWL_ENV_FILE: "gone" } },
    "file-unreadable",
    /gone.*PAWL_ENV_FILE/,
  );
  assert.equal(load({ files, env: { PAWL_ENV_FILE: ".env" } }).layout, "pgmg");
  assert.equal(load({ files }).layout, "auto");
});

Deno.test("[X17] -p and PAWL_PROJECT choose a project with directories and a name of its own", () => {
  const toml = `
[project]
name = "main"
migrations = "db/migrations"
code = "db/code"
generate = "structural"
[projects.billing]
depends = ["main"]
[projects.shop]
name = "shop2"
migrations = "packages/shop/sql"
generate = "all"
`;
  const main = load({ toml });
  assert.deepEqual([main.project, main.section, main.migrations], [
    "main",
    undefined,
    "/app/db/migrations",
  ]);
  assert.equal(load({ toml, project: "main" }).section, undefined);
  const billing = load({
    toml,
    project: "billing",
    env: { PAWL_PROJECT: "shop" },
  });
  assert.equal(billing.project, "billing");
  assert.equal(billing.migrations, "/app/billing/migrations");
  assert.equal(billing.seeds, "/app/billing/seeds");
  assert.deepEqual(billing.schemaSource, {
    kind: "paths",
    paths: ["/app/billing/schema"],
  });
  assert.equal(billing.code, undefined);
  assert.equal(billing.generate, "structural");
  assert.deepEqual(billing.depends, ["main"]);
  const shop = load({ toml, env: { PAWL_PROJECT: "shop" } });
  assert.deepEqual([shop.project, shop.generate], ["shop2", "all"]);
  assert.equal(shop.migrations, "/app/packages/shop/sql");
  assert.equal(shop.snapshots, "/app/packages/shop/sql/snapshots");
  fails({ toml, project: "shpo" }, "usage", /"shop"/);
  fails({ toml, env: { PAWL_PROJECT: "" } }, "usage", /PAWL_PROJECT/);
  fails({ project: "billing" }, "usage", /without a pawl\.toml/);
  fails(
    { toml: "[projects.a]\n[projects.b]\n" },
    "usage",
    /\[projects\.a\], \[projects\.b\] and no \[project\]/,
  );
});

Deno.test("without a file every setting has its default", () => {
  const settings = load({ files: { "/app/other": "" } });
  assert.equal(settings.project, "default");
  assert.equal(settings.root, "/app");
  assert.equal(settings.seeds, "/app/seeds");
  assert.equal(settings.snapshots, "/app/migrations/snapshots");
  assert.deepEqual(settings.timeouts, {
    migrationLock: 3000,
    migrationStatement: 3000,
    convergeLock: 3000,
    convergeStatement: 3000,
    lockWait: 30_000,
    asked: new Set(),
  });
  assert.deepEqual(settings.history, {
    schema: "pawl",
    storeSql: true,
    readers: [],
  });
  assert.deepEqual(shadowSettings(settings), {
    url: "embedded",
    extensions: [],
  });
  const beside = load({ files: { "/app/migrations/seeds/dev.json": "" } });
  assert.equal(beside.seeds, "/app/migrations/seeds");
});

Deno.test("[Q17] -e takes an environment first and a profile of that name otherwise", () => {
  const files = WITH_PROFILES;
  assert.equal(
    database({ files, toml: DEV, environment: "dev" })[0],
    "postgres://dev/app",
  );
  assert.deepEqual(database({ files, toml: PROD, environment: "dev" }), [
    "postgres://profile-dev/app",
    "-e dev, a profile",
  ]);
  assert.equal(
    database({ files, env: { PAWL_ENV: "home" } })[0],
    "postgres://home/app",
  );
  assert.equal(load({ files, environment: "home" }).environment, "home");
});

Deno.test("[Q21] a profile's password comes from the variable it names, and is not shown", () => {
  const files = WITH_PROFILES;
  const settings = load({
    files,
    environment: "safe",
    env: { SAFE_PW: "hunter2&x" },
  });
  const choice = requireDatabase(settings);
  assert.equal(choice.source, "postgres://me@safe/app?password=hunter2%26x");
  assert.equal(describeDatabase(choice).includes("hunter2"), false);
  fails(
    { files, environment: "safe" },
    "variable-unset",
    /SAFE_PW, which is not set/,
  );
});

Deno.test("a damaged profiles file stops only what needs a profile", () => {
  const files = { "/home/me/.config/pawl/profiles.json": "{" };
  assert.equal(database({ files, toml: DEV })[0], "postgres://dev/app");
  assert.throws(() => load({ files, environment: "x" }), {
    code: "profile-invalid",
  });
});

Deno.test("a variable that is almost one of pawl's is pointed out", () => {
  const settings = load({
    env: {
      PAWL_MIGRATIONS_DIR2: "x",
      PAWL_TIMEOUTS_MIGRATON_LOCK: "1s",
      PAWL_XYZ: "",
    },
  });
  assert.match(
    settings.warnings.join(),
    /PAWL_TIMEOUTS_MIGRATON_LOCK is not used: did you mean PAWL_TIMEOUTS_MIGRATION_LOCK\?/,
  );
  assert.equal(settings.warnings.join().includes("XYZ"), false);
});
