/**
 * `diff`, `plan`, `apply`, `squash` and `baseline` as commands: what they say,
 * write and refuse. That the SQL converges is the corpus's and the cases' to
 * prove.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { apply } from "../lib/change/apply.ts";
import { statementsOf } from "../lib/change/change_plan.ts";
import { diffSources } from "../lib/change/diff.ts";
import { migrationText } from "../lib/change/migration_text.ts";
import { planData } from "../lib/change/plan_data.ts";
import { planScript } from "../lib/change/plan_script.ts";
import { openProject } from "../lib/migrate/project.ts";
import type { PlannedStatement } from "../lib/plan/mod.ts";
import { planLines } from "../lib/render/plan_text.ts";
import { runCli, withProject } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import { execute, testOnServers } from "./support/servers.ts";

const CONFIG = '[project]\n[env.dev]\nurl = "pglite:.pawl/db"\n';

const A = `CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE VIEW emails AS SELECT email FROM users;
`;

const B = `CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);
CREATE INDEX users_email ON users (email);
CREATE VIEW emails AS SELECT email FROM users;
`;

/** Roles of the whole server. */
const ROLES = Deno.readTextFileSync(
  new URL("cases/roles.sql", import.meta.url),
);

type Pawl = (...args: string[]) => ReturnType<typeof runCli>;

function withFiles(
  files: Readonly<Record<string, string>>,
  body: (scene: { readonly pawl: Pawl; readonly cwd: string }) => Promise<void>,
): Promise<void> {
  return withProject(files, async (cwd) => {
    const env = { XDG_CACHE_HOME: cacheDirectory() };
    await body({ cwd, pawl: (...args) => runCli(args, { cwd, env }) });
  });
}

Deno.test("diff shows text, SQL and JSON, and the way back, of two snapshots without a database", async () => {
  await withFiles({ "a.sql": A, "b.sql": B }, async ({ pawl, cwd }) => {
    for (const name of ["a", "b"]) {
      const { code, stdout, stderr } = await pawl(
        ...["inspect", `${name}.sql`, "--json"],
      );
      assert.equal(code, 0, stderr);
      assert.ok(stdout.length > 0);
      const snapshot = await pawl(
        "snapshot",
        `${name}.sql`,
        "-o",
        `${name}.json`,
      );
      assert.equal(snapshot.code, 0, snapshot.stderr);
    }
    const text = await pawl("diff", "a.json", "b.json");
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, /^~ table:public\.users$/m);
    assert.match(text.stdout, /\+ index:public\.users_email/);
    assert.match(text.stdout, /notNull: false → true/);
    assert.match(text.stdout, /! data-dependent \(set-not-null\)/);
    assert.match(text.stdout, /proved on a shadow in both directions/);
    const sql = await pawl("diff", "a.json", "b.json", "--format", "sql");
    assert.match(sql.stdout, /^CREATE INDEX CONCURRENTLY users_email/m);
    const plain = await pawl(
      ...["diff", "a.sql", "b.sql", "--format", "sql", "--locking"],
      "--no-prove",
    );
    assert.match(plain.stdout, /^CREATE INDEX users_email/m);
    const json = await pawl("diff", "a.json", "b.json", "--json", "--no-prove");
    const document = JSON.parse(json.stdout);
    assert.equal(document.format, "pawl.plan/1");
    assert.match(document.from, /^h1:[0-9a-f]{64}$/);
    assert.match(document.to, /^h1:[0-9a-f]{64}$/);
    const undone = document.undo.flatMap((
      step: { readonly statements: readonly { readonly sql: string }[] },
    ) => step.statements.map(({ sql }) => sql)).join("\n");
    assert.match(undone, /DROP INDEX CONCURRENTLY public\.users_email/);
    assert.equal((await pawl("diff", "a.json", "b.json", "--check")).code, 1);
    const same = await pawl("diff", "a.json", "a.sql", "--check");
    assert.equal(same.code, 0, same.stdout);
    await Deno.remove(join(cwd, "a.json"));
    const gone = await pawl("diff", "a.json", "b.json");
    assert.equal(gone.code, 2, gone.stderr);
  });
});

Deno.test("what the server that SQL is written for is too old for is refused by name", async () => {
  const from = `CREATE TABLE t (id int PRIMARY KEY, a int);
    CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE VIEW v AS SELECT id FROM t;
    CREATE PUBLICATION pub FOR TABLE t;`;
  const to =
    `CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a) VIRTUAL, CONSTRAINT c CHECK (a > 0) NOT ENFORCED);
    CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (id); CREATE VIEW v WITH (security_invoker) AS SELECT id FROM t;
    CREATE PUBLICATION pub FOR TABLE t (id) WHERE (id > 0); CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT;
    CREATE COLLATION co (PROVIDER = builtin, LOCALE = 'C'); CREATE UNLOGGED SEQUENCE s;`;
  const files = {
    "pawl.toml": "[project]\npostgres = 14\n",
    "a.sql": from,
    "b.sql": to,
  };
  await withFiles(files, async ({ pawl }) => {
    const old = await pawl("diff", "a.sql", "b.sql", "--no-prove", "--json");
    assert.equal(old.code, 6, old.stderr);
    const { error } = JSON.parse(old.stdout);
    assert.equal(error.code, "server-lacks");
    assert.deepEqual(error.details, [
      "collation:public.co: the provider builtin, since 17",
      "column:public.p.id: identity columns of partitioned tables, since 17",
      "column:public.t.b: virtual generated columns, since 18",
      "constraint:public.t.c: NOT ENFORCED, since 18",
      "index:public.i: NULLS NOT DISTINCT, since 15",
      "publication_table:pub.public.t: lists of columns, since 15",
      "publication_table:pub.public.t: WHERE, since 15",
      "sequence:public.s: unlogged sequences, since 15",
      "view:public.v: security_invoker, since 15",
    ]);
    // The way back from them is no matter of that.
    const gone = await pawl("diff", "b.sql", "a.sql", "--no-prove");
    assert.equal(gone.code, 0, gone.stderr);
  });
});

Deno.test("a step says which tables that are there it keeps writers from, in text, SQL, JSON and migrations", async () => {
  const from =
    `CREATE TABLE accounts (id int PRIMARY KEY); CREATE TABLE users (id int PRIMARY KEY, account int, code int CONSTRAINT c CHECK (code > 0));
    CREATE TABLE orders (id int, user_id int CONSTRAINT o REFERENCES users); CREATE INDEX gone ON orders (id); CREATE TABLE old (id int REFERENCES accounts);
    CREATE TABLE events (id int) PARTITION BY LIST (id); CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1); CREATE DOMAIN d AS int; CREATE TABLE uses (a d);`;
  const to =
    `CREATE TABLE accounts (id int PRIMARY KEY, name text); CREATE TABLE users (id int PRIMARY KEY, account int REFERENCES accounts, code int CONSTRAINT c CHECK (code > 0));
    CREATE TABLE orders (id int, user_id int); CREATE TABLE lines (id int PRIMARY KEY, user_id int REFERENCES users, note text);
    CREATE INDEX lines_note ON lines (note); CREATE TABLE events (id int) PARTITION BY LIST (id); CREATE DOMAIN d AS int CHECK (value > 0); CREATE TABLE uses (a d);`;
  await withProject({ "a.sql": from, "b.sql": to }, async (cwd) => {
    const project = openProject({ cwd, env: { HOME: cwd } });
    const { plan, from, to } = await diffSources(project, {
      from: "a.sql",
      to: "b.sql",
      cache: cacheDirectory(),
      prove: false,
      locking: true,
    });
    const held = (statements: readonly PlannedStatement[]) =>
      statements.flatMap(({ sql, locks = [] }) =>
        [...locks].map(([table, mode]) =>
          `${/^\w+ \w+/.exec(sql)?.[0]}: ${mode} ${table}`
        )
      );
    assert.deepEqual(held(statementsOf(plan.up)), [
      "DROP INDEX: ACCESS EXCLUSIVE public.orders",
      "ALTER TABLE: ACCESS EXCLUSIVE public.orders",
      "ALTER TABLE: ACCESS EXCLUSIVE public.users",
      // What goes for good is no news; what it referred to or was a part of is.
      "DROP TABLE: ACCESS EXCLUSIVE public.events",
      "DROP TABLE: ACCESS EXCLUSIVE public.accounts",
      "ALTER DOMAIN: SHARE public.uses",
      "ALTER TABLE: ACCESS EXCLUSIVE public.accounts",
      "ALTER TABLE: SHARE ROW EXCLUSIVE public.users",
      "ALTER TABLE: SHARE ROW EXCLUSIVE public.users",
      "ALTER TABLE: SHARE ROW EXCLUSIVE public.accounts",
    ]);
    const lines = [
      "locks: ACCESS EXCLUSIVE on public.accounts, public.events, public.orders, public.users",
      "locks: SHARE on public.uses",
    ];
    const script = planScript(plan.up, {
      header: [],
      timeouts: { lock: 0, statement: 0 },
    });
    assert.ok(
      script.includes(
        `-- Step 1 of 1\n${lines.map((line) => `-- ${line}\n`).join("")}BEGIN`,
      ),
      script,
    );
    const plain = (text: string) => text;
    const text = planLines({
      ...plan.up,
      schemas: [from, to],
      paint: {
        bold: plain,
        dim: plain,
        green: plain,
        red: plain,
        yellow: plain,
      },
      sizes: undefined,
    }).join("\n");
    assert.ok(
      text.includes(
        `  1. in one transaction\n${
          lines.map((line) => `     ${line}\n`).join("")
        }     DROP INDEX`,
      ),
      text,
    );
    const { up } = migrationText(plan, {
      schemas: [from, to],
      allowed: [],
      touched: { before: "", after: "" },
    });
    assert.ok(
      up.startsWith(`${lines.map((line) => `-- ${line}\n`).join("")}-- drop`),
      up,
    );
    const { steps } = planData(plan);
    assert.match(
      JSON.stringify(steps),
      /"tables":\[\{"table":"public\.uses","mode":"SHARE"\}\]/,
    );
  });
});

Deno.test("what is dropped in one transaction and created again in a later one says that it is absent meanwhile", async () => {
  const table = (type: string, more: string) =>
    `CREATE TABLE t (id int PRIMARY KEY, code int, n ${type}, CONSTRAINT u UNIQUE (${more}n), CONSTRAINT c CHECK (length(n::text) > 0));`;
  await withProject({
    "a.sql": `${table("text", "")} CREATE INDEX i ON t (n text_pattern_ops);
      CREATE INDEX j ON t (code); CREATE VIEW v AS SELECT n FROM t;
      CREATE TYPE st AS ENUM ('a'); CREATE TABLE s (st st, x int); CREATE VIEW w AS SELECT st, x FROM s;`,
    "b.sql": `${table("int", "code, ")} CREATE INDEX i ON t (n);
      CREATE INDEX j ON t (code DESC); CREATE VIEW v AS SELECT n FROM t;
      CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE s (st st, x bigint); CREATE VIEW w AS SELECT st, x FROM s;`,
  }, async (cwd) => {
    const { plan } = await diffSources(
      openProject({ cwd, env: { HOME: cwd } }),
      {
        from: "a.sql",
        to: "b.sql",
        cache: cacheDirectory(),
        prove: false,
      },
    );
    // The check, the key and the views come back at once, j is built beside
    // itself, and the enum's value is committed before anything is gone.
    assert.deepEqual(
      statementsOf(plan.up).flatMap(({ sql, hazards = [] }) =>
        hazards.filter(({ kind }) => kind === "absent")
          .map(({ reason }) => `${sql}: ${reason}`)
      ),
      [
        "DROP INDEX public.i: index:public.i is not there until a later step creates it again",
      ],
    );
  });
});

testOnServers(
  "apply asks for leave, runs, reads back, and has nothing to do the next time [P47]",
  async ({ url, name }) => {
    await execute(url, `${A} INSERT INTO users VALUES (1, 'a'), (2, NULL);`);
    await withFiles(
      {
        "b.sql": B,
        "c.sql": B.replace(", email text NOT NULL", "").replace(
          /CREATE INDEX.*\n/,
          "",
        ).replaceAll("email FROM", "id FROM"),
      },
      async ({ pawl }) => {
        const at = ["--db", url];
        const plan = await pawl("plan", "--to", "b.sql", ...at);
        assert.equal(plan.code, 0, plan.stderr);
        assert.match(plan.stdout, /users_email/);
        assert.equal(
          (await pawl("plan", "--to", "b.sql", "--check", ...at)).code,
          1,
        );
        const unasked = await pawl(
          "apply",
          "--to",
          "b.sql",
          "--no-input",
          ...at,
        );
        assert.equal(unasked.code, 6, unasked.stderr);
        const failed = await pawl("apply", "--to", "b.sql", "-y", ...at);
        assert.equal(failed.code, 3, failed.stderr);
        assert.match(failed.stderr, /column:public\.users\.email/);
        assert.match(failed.stderr, /null values|is violated by some row/);
        assert.match(failed.stderr, /run the same command again/);
        await execute(url, "UPDATE users SET email = 'b' WHERE id = 2");
        const applied = await pawl("apply", "--to", "b.sql", "-y", ...at);
        assert.equal(applied.code, 0, applied.stderr);
        assert.match(applied.stdout, /^✓ Applied: /m);
        const again = await pawl("apply", "--to", "b.sql", "-y", ...at);
        assert.equal(again.code, 0, again.stderr);
        assert.match(again.stdout, /Nothing to apply/);
        const drops = await pawl("apply", "--to", "c.sql", "-y", ...at);
        assert.equal(drops.code, 6, drops.stderr);
        assert.match(drops.stderr, /drop-column/);
        const allowed = await pawl(
          ...["apply", "--to", "c.sql", "-y", "--allow", "drop-column"],
          ...at,
        );
        assert.equal(allowed.code, 0, allowed.stderr);
        assert.ok(name.length > 0);
      },
    );
  },
);

testOnServers(
  "apply has nothing left to do where another run was there first, and refuses what anybody else has changed",
  async ({ url }) => {
    await execute(url, "CREATE TABLE users (id int)");
    const files = { "goal.sql": "CREATE TABLE users (id int, name text);" };
    await withFiles(files, async ({ cwd }) => {
      const project = openProject({ cwd, db: url, env: { HOME: cwd } });
      const meanwhile = (sql: string) =>
        apply(project, {
          to: "goal.sql",
          prove: false,
          cache: cacheDirectory(),
          confirm: async () => {
            await execute(url, sql);
          },
        });
      await assert.rejects(
        meanwhile("ALTER TABLE users ADD COLUMN by_hand int"),
        {
          code: "plan-stale",
          details: ["created: column:public.users.by_hand"],
        },
      );
      await execute(url, "ALTER TABLE users DROP COLUMN by_hand");
      const second = await meanwhile("ALTER TABLE users ADD COLUMN name text");
      assert.equal(second.applied, false);
    });
  },
);

testOnServers(
  "apply on somebody else's database makes everything theirs, and leaves what is another's",
  async ({ url, name }) => {
    await execute(
      url,
      `${ROLES}; ALTER DATABASE ${name} OWNER TO pawl_owner;
       CREATE TABLE mine (a int); ALTER TABLE mine OWNER TO pawl_owner;
       CREATE VIEW v AS SELECT a FROM mine; ALTER VIEW v OWNER TO pawl_owner;
       CREATE TABLE others (a int); ALTER TABLE others OWNER TO pawl_reader`,
    );
    const goal =
      `CREATE TABLE mine (a bigint); CREATE VIEW v AS SELECT a FROM mine;
       CREATE TABLE others (a int, b int); CREATE SCHEMA app; CREATE TABLE app.fresh (a int);`;
    await withFiles({ "goal.sql": goal }, async ({ pawl }) => {
      const at = ["--to", "goal.sql", "--db", url, "--shadow", url];
      const applied = await pawl("apply", "-y", ...at);
      assert.equal(applied.code, 0, applied.stderr);
      const owners = await execute(
        url,
        `SELECT relname || ' ' || pg_get_userbyid(relowner) AS said FROM pg_class
         WHERE relname IN ('mine', 'v', 'others', 'fresh') ORDER BY 1`,
      );
      assert.deepEqual(owners.map(({ said }) => said), [
        "fresh pawl_owner",
        "mine pawl_owner",
        "others pawl_reader",
        "v pawl_owner",
      ]);
      const again = await pawl("plan", "--check", ...at);
      assert.equal(again.code, 0, again.stdout);
    });
  },
);

testOnServers(
  "a saved plan runs only as it was written, and from the schema that it was made for",
  async ({ url }) => {
    await execute(url, A);
    await withFiles({ "b.sql": B }, async ({ pawl, cwd }) => {
      const at = ["--db", url];
      const { stdout } = await pawl("plan", "--to", "b.sql", "--json", ...at);
      const file = join(cwd, "plan.json");
      const run = async (text: string) => {
        await Deno.writeTextFile(file, text);
        return await pawl("apply", "--plan", "plan.json", "-y", ...at);
      };
      const edited = await run(stdout.replace("CONCURRENTLY ", ""));
      assert.equal(edited.code, 4, edited.stderr);
      assert.match(edited.stderr, /it was edited: its checksum does not fit/);
      const newer = await run(stdout.replace("pawl.plan/1", "pawl.plan/2"));
      assert.equal(newer.code, 4, newer.stderr);
      assert.match(newer.stderr, /format pawl\.plan\/2/);
      const cut = await run(stdout.slice(0, 100));
      assert.equal(cut.code, 4, cut.stderr);
      await execute(url, "ALTER TABLE users ADD COLUMN age int");
      const moved = await run(stdout);
      assert.equal(moved.code, 6, moved.stderr);
      assert.match(moved.stderr, /not the one that it was made for/);
      assert.match(moved.stderr, /created: column:public\.users\.age/);
      assert.doesNotMatch(moved.stderr, /(altered|dropped): /);
      await execute(url, "ALTER TABLE users DROP COLUMN age");
      const done = await run(stdout);
      assert.equal(done.code, 0, done.stderr);
    });
  },
);

Deno.test("squash leaves the same schema and rows, in databases that have all, none or some of what it replaces [Q13, P66, P67, P69]", async () => {
  const files = {
    "pawl.toml": CONFIG,
    "migrations/20260101_000000_users.sql":
      "CREATE TABLE users (id int PRIMARY KEY, name text);\n-- pawl:down\nDROP TABLE users;\n",
    "migrations/20260102_000000_rows.sql":
      "-- pawl:up\nINSERT INTO users VALUES (1, 'a'), (2, 'b');\n-- pawl:down\nDELETE FROM users;\n",
    "migrations/20260103_000000_age.sql":
      "-- pawl:up\nALTER TABLE users ADD COLUMN age int;\nUPDATE users SET age = id * 10;\n-- pawl:down\nALTER TABLE users DROP COLUMN age;\n",
  };
  await withFiles(files, async ({ pawl, cwd }) => {
    const some = { db: "pglite:some" };
    assert.equal((await pawl("upgrade", "+1", "--db", some.db)).code, 0);
    assert.equal((await pawl("upgrade", "--db", "pglite:all")).code, 0);
    const { code, stdout, stderr } = await pawl(
      "squash",
      "all of it",
      "--json",
    );
    assert.equal(code, 0, stderr);
    const document = JSON.parse(stdout);
    assert.deepEqual(document.replaces, [
      "20260101_000000",
      "20260102_000000",
      "20260103_000000",
    ]);
    assert.equal(document.optimized, true);
    assert.match(
      document.up,
      /CREATE TABLE public\.users[^]*INSERT INTO users[^]*UPDATE users/,
    );
    for (const db of ["pglite:none", "pglite:all", "pglite:some"]) {
      const up = await pawl("upgrade", "--db", db);
      assert.equal(up.code, 0, up.stderr);
      const check = await pawl("status", "--check", "--db", db);
      assert.equal(check.code, 0, check.stdout + check.stderr);
    }
    const hashes = await Promise.all(
      ["pglite:none", "pglite:all", "pglite:some"].map((db) =>
        pawl("hash", db)
      ),
    );
    assert.equal(new Set(hashes.map((hash) => hash.stdout)).size, 1);
    const twice = await pawl("squash", "again");
    assert.equal(twice.code, 6, twice.stderr);
    assert.match(twice.stderr, /a squash cannot be squashed again/);
    const one = await pawl("squash", "--from", "20260102", "--to", "20260102");
    assert.equal(one.code, 6, one.stderr);
    assert.ok(cwd.length > 0);
  });
});

Deno.test("squash puts files one behind the other where their rows do not fit the last schema, or one DDL would lose rows of before, and says why", async () => {
  const files = {
    "pawl.toml": CONFIG,
    "migrations/20260101_000000_a.sql":
      "CREATE TABLE t (id int, was text);\nINSERT INTO t VALUES (1, 'x');\n-- pawl:down\nDROP TABLE t;\n",
    "migrations/20260102_000000_b.sql":
      "-- pawl:up\nALTER TABLE t RENAME COLUMN was TO now;\n-- pawl:down\nALTER TABLE t RENAME COLUMN now TO was;\n",
    "migrations/20260103_000000_c.sql":
      "-- pawl:up\nALTER TABLE t ADD n int;\n-- pawl:down\nALTER TABLE t DROP n;\n",
  };
  await withFiles(files, async ({ pawl }) => {
    const { code, stdout, stderr } = await pawl(
      ...["squash", "--no-optimize", "--dry-run", "--to", "20260102_000000"],
    );
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /-- from migrations\/20260101_000000_a\.sql[^]*-- pawl:step\n-- from migrations\/20260102_000000_b\.sql\nALTER TABLE t RENAME COLUMN was TO now;/,
    );
    assert.match(
      stdout,
      /-- pawl:down\n-- from migrations\/20260102[^]*DROP TABLE t;/,
    );
    // Of names without a schema it is not known what they touch.
    assert.doesNotMatch(stdout, /pawl:(before|after)/);
    const range = await pawl(
      "squash",
      "--from",
      "20260102_000000",
      "--dry-run",
    );
    assert.match(range.stderr, /the values of public\.t\.was are gone/);
    assert.match(range.stdout, /ALTER TABLE t RENAME COLUMN was TO now;/);
    assert.doesNotMatch(range.stdout.split("pawl:down")[0] ?? "", /DROP/);
  });
});

Deno.test("squash --reset removes files and rows, and refuses while a database is behind [H42, P73]", async () => {
  const files = {
    "pawl.toml": `${CONFIG}[env.other]\nurl = "pglite:other"\n`,
    "migrations/20260101_000000_a.sql": "CREATE TABLE a (id int);\n",
    "migrations/20260102_000000_b.sql": "CREATE TABLE b (id int);\n",
  };
  await withFiles(files, async ({ pawl, cwd }) => {
    assert.equal((await pawl("upgrade", "-e", "dev")).code, 0);
    assert.equal((await pawl("upgrade", "+1", "-e", "other")).code, 0);
    const both = ["-e", "dev", "-e", "other"];
    const behind = await pawl("squash", "--reset", ...both);
    assert.equal(behind.code, 6, behind.stderr);
    assert.match(behind.stderr, /behind/);
    assert.match(behind.stderr, /20260102_000000 is not applied/);
    assert.equal((await pawl("upgrade", "-e", "other")).code, 0);
    const files = () =>
      [...Deno.readDirSync(join(cwd, "migrations"))].map(({ name }) => name)
        .sort();
    // A database that refuses the squash leaves the files as they were.
    const before = files();
    const config = join(cwd, "pawl.toml");
    const text = Deno.readTextFileSync(config);
    Deno.writeTextFileSync(
      config,
      `${text}[hooks]\nbefore_upgrade = ["false"]\n`,
    );
    const refused = await pawl("squash", "--reset", ...both);
    assert.match(refused.stderr, /before_upgrade/);
    assert.deepEqual(files(), before);
    Deno.writeTextFileSync(config, text);
    const reset = await pawl("squash", "initial", "--reset", ...both);
    assert.equal(reset.code, 0, reset.stderr);
    const left = [...Deno.readDirSync(join(cwd, "migrations"))].map((
      { name },
    ) => name);
    assert.equal(left.length, 1);
    assert.match(left[0] ?? "", /_initial\.sql$/);
    for (const env of ["dev", "other"]) {
      const list = await pawl("history", "-e", env);
      assert.equal(list.code, 0, list.stderr);
      assert.doesNotMatch(list.stdout, /20260101_000000/);
      const status = await pawl("status", "--check", "-e", env);
      assert.equal(status.code, 0, status.stdout + status.stderr);
    }
  });
});

testOnServers(
  "baseline makes an existing database version one, once; refused by the database it leaves no file",
  async ({ url, name, server }) => {
    await execute(url, A);
    await execute(
      url,
      "DO $$ BEGIN CREATE ROLE pawl_weak LOGIN PASSWORD 'weak'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$",
    );
    await withFiles({ "migrations/.keep": "" }, async ({ pawl }) => {
      const at = ["--db", url];
      const weak = server.url(name, { user: "pawl_weak", password: "weak" });
      const refused = await pawl("baseline", "--db", weak);
      assert.equal(refused.code, 3, refused.stderr);
      assert.match(refused.stderr, /permission denied/);
      const made = await pawl("baseline", "before pawl", ...at);
      assert.equal(made.code, 0, made.stderr);
      assert.match(made.stdout, /_before_pawl\.sql makes the schema/);
      const status = await pawl("status", "--check", ...at);
      assert.equal(status.code, 0, status.stdout + status.stderr);
      const replayed = await pawl("hash", "migrations:migrations");
      const live = await pawl("hash", ...at);
      assert.equal(replayed.stdout, live.stdout);
      const drift = await pawl("drift", ...at);
      assert.equal(drift.code, 0, drift.stderr);
      const again = await pawl("baseline", ...at);
      assert.equal(again.code, 6, again.stderr);
      assert.match(again.stderr, /has migrations already/);
    });
    await withFiles({ "migrations/.keep": "" }, async ({ pawl }) => {
      const history = await pawl("baseline", "--db", url);
      assert.equal(history.code, 6, history.stderr);
      assert.match(history.stderr, /has a history already/);
    });
  },
);

testOnServers(
  "generate, upgrade, and the schema is as declared; downgrade, and it is not [H50]",
  async ({ url }) => {
    const files = { "schema/app.sql": B, "migrations/.keep": "" };
    await withFiles(files, async ({ pawl }) => {
      const at = ["--db", url];
      const made = await pawl("makemigrations", "start", "--shadow", url);
      assert.equal(made.code, 0, made.stderr);
      const applied = await pawl("migrate", ...at);
      assert.equal(applied.code, 0, applied.stderr);
      const fits = await pawl("schema", "--shadow", url, ...at);
      assert.equal(fits.code, 0, fits.stdout + fits.stderr);
      assert.match(fits.stdout, /✓ table public\.users/);

      const back = await pawl("rollback", "-y", ...at);
      assert.equal(back.code, 0, back.stderr);
      const gone = await pawl("schema", "--shadow", url, ...at);
      assert.equal(gone.code, 1, gone.stdout + gone.stderr);
      assert.match(gone.stdout, /✗ table public\.users: missing/);
    });
  },
);

testOnServers(
  "apply says before it runs anything whom it may not give objects to",
  ({ name, server, url }) =>
    withFiles({}, async ({ pawl }) => {
      const role = `pawl_test_maker_${name.slice(-8)}`;
      const goal = await server.createDatabase();
      await execute(goal.url, "CREATE TABLE t (a integer)");
      await execute(
        url,
        `CREATE ROLE ${role} LOGIN PASSWORD 'm'; GRANT CREATE ON DATABASE "${name}" TO ${role}; GRANT CREATE ON SCHEMA public TO ${role}`,
      );
      try {
        const db = server.url(name, { user: role, password: "m" });
        const request = ["--to", goal.url, "--no-prove", "--db", db];
        const plan = await pawl("plan", ...request);
        assert.match(plan.stdout, /OWNER TO postgres;\n *! manual: .* GRANT/);
        const refused = await pawl("apply", "-y", ...request);
        assert.equal(refused.code, 3, refused.stderr);
        assert.match(
          refused.stderr,
          RegExp(`${role} is not allowed to act as postgres`),
        );
        await execute(url, `GRANT postgres TO ${role}`);
        const applied = await pawl("apply", "-y", ...request);
        assert.equal(applied.code, 0, applied.stderr);
      } finally {
        await goal.drop();
        await execute(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    }),
);
