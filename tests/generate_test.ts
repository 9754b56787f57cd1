/**
 * `generate` and `check`: from an edited schema to a migration, and back.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { generate, type GenerateRequest } from "../lib/change/generate.ts";
import { findRenames } from "../lib/change/find_rename.ts";
import { parseRename } from "../lib/change/rename.ts";
import { PawlError } from "../lib/errors.ts";
import { openProject } from "../lib/migrate/project.ts";
import { runCli, withProject } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import { execute, testOnServers } from "./support/servers.ts";

const CONFIG = '[project]\n[env.dev]\nurl = "pglite:.pawl/db"\n';

const USERS = `CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL
);
`;

interface Scene {
  readonly cwd: string;
  /** Generates, a minute later each time. */
  readonly run: (
    request?: Partial<GenerateRequest>,
  ) => ReturnType<typeof generate>;
  /** Writes the declared schema. */
  readonly declare: (sql: string) => void;
  /** The names of the migrations. */
  readonly files: () => string[];
}

function withSchema(
  sql: string,
  body: (scene: Scene) => Promise<void>,
  config = CONFIG,
): Promise<void> {
  return withProject(
    {
      "pawl.toml": config,
      "schema/app.sql": sql,
      "migrations/.keep": "",
    },
    async (cwd) => {
      const env = { HOME: cwd };
      let minute = 0;
      await body({
        cwd,
        run: (request = {}) =>
          generate(openProject({ cwd, env }), {
            now: new Date(Date.UTC(2026, 0, 2, 3, minute++)),
            cache: cacheDirectory(),
            ...request,
          }),
        declare: (text) =>
          Deno.writeTextFileSync(join(cwd, "schema/app.sql"), text),
        files: () =>
          [...Deno.readDirSync(join(cwd, "migrations"))].map(({ name }) => name)
            .filter((name) => name.endsWith(".sql")).sort(),
      });
    },
  );
}

function read(cwd: string, file: string): string {
  return Deno.readTextFileSync(join(cwd, "migrations", file));
}

async function blocked(work: Promise<unknown>): Promise<PawlError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PawlError && error.code === "change-blocked") {
      return error;
    }
    throw error;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

Deno.test("generate writes up and down with a comment a statement, named after the change, and then has nothing to do [Q3, H1, H9, H17, H35]", async () => {
  await withSchema(USERS, async ({ run, files, cwd, declare }) => {
    const first = await run();
    assert.equal(first.proved, true);
    assert.deepEqual(files(), ["20260102_030000_create_users.sql"]);
    const text = read(cwd, "20260102_030000_create_users.sql");
    assert.match(text, /^-- pawl:message create users\n/);
    assert.match(text, /^-- pawl:before h1:[0-9a-f]{64}$/m);
    assert.match(text, /^-- pawl:after h1:[0-9a-f]{64}$/m);
    assert.match(
      text,
      /-- pawl:up\n-- create table:public\.users\nCREATE TABLE public\.users/,
    );
    assert.match(
      text,
      /-- pawl:down\n-- drop table:public\.users\n-- data-loss \(drop-table\): .*\nDROP TABLE public\.users;/,
    );
    assert.equal((await run()).written, undefined);
    declare(`${USERS}CREATE INDEX users_email ON users (email);`);
    const second = await run({ message: "find users by email" });
    assert.equal(
      second.written?.files[0],
      "migrations/20260102_030200_find_users_by_email.sql",
    );
    // On a table that is there already.
    assert.match(
      second.text?.up ?? "",
      /CREATE INDEX CONCURRENTLY users_email/,
    );
    assert.match(second.text?.down ?? "", /DROP INDEX CONCURRENTLY/);
    assert.equal((await run()).written, undefined);
    assert.equal(files().length, 2);
  });
});

Deno.test("down undoes in the reverse order of up [H12]", async () => {
  await withSchema(
    `${USERS}CREATE TABLE posts (user_id bigint REFERENCES users);
     CREATE VIEW authors AS SELECT id FROM users;`,
    async ({ run }) => {
      const { text } = await run();
      const order = (sql: string | undefined, words: readonly string[]) =>
        words.map((word) => sql?.indexOf(word) ?? -1);
      const up = order(text?.up, [
        "CREATE TABLE public.users",
        "FOREIGN KEY",
        "CREATE VIEW",
      ]);
      const down = order(text?.down, [
        "DROP VIEW",
        "DROP TABLE public.posts",
        "DROP TABLE public.users",
      ]);
      for (const places of [up, down]) {
        assert.ok(places.every((at) => at >= 0), text?.down);
        assert.deepEqual([...places].sort((a, b) => a - b), places);
      }
    },
  );
});

Deno.test("what a table loses is refused with its ways out, and written with --allow [P76, P77, H14, H27]", async () => {
  await withSchema(
    `${USERS}CREATE TABLE posts (title text, n smallint);`,
    async ({ run, declare, files }) => {
      await run();
      declare(`${USERS}CREATE TABLE posts (n integer);`);
      const drop = await blocked(run());
      assert.match(
        drop.details.join("\n"),
        /column:public\.posts\.title.*drop-column/,
      );
      assert.match(drop.details.join("\n"), /--rename OLD=NEW/);
      assert.match(drop.hint ?? "", /--allow drop-column/);
      assert.equal(files().length, 1);

      declare(
        `${USERS}CREATE TABLE posts (title text, n integer, at timestamptz NOT NULL);`,
      );
      const required = await blocked(run());
      assert.match(
        required.details.join("\n"),
        /add-required-column[^]*give the column a default[^]*without NOT NULL/,
      );

      declare(`${USERS}CREATE TABLE posts (title integer, n integer);`);
      const type = await blocked(run());
      assert.match(type.details.join("\n"), /change-type/);

      // A widening is safe.
      declare(`${USERS}CREATE TABLE posts (title text, n bigint);`);
      const widened = await run();
      assert.match(widened.text?.up ?? "", /ALTER COLUMN n TYPE bigint/);
      declare(`${USERS}CREATE TABLE posts (n bigint);`);
      const dropped = await run({ allow: ["drop-column"] });
      assert.match(dropped.text?.up ?? "", /DROP COLUMN title/);
      assert.ok(
        dropped.text?.header.includes(
          "-- pawl:allow drop-column: allowed when this was generated",
        ),
      );
      assert.match(dropped.text?.down ?? "", /ADD COLUMN title text/);
    },
  );
});

const SCAFFOLDED = `
  CREATE TABLE t (c text PRIMARY KEY, j json);
  CREATE TABLE u (id int PRIMARY KEY, r text NOT NULL REFERENCES t (c), mail text, at timestamp NOT NULL DEFAULT now());
  CREATE UNIQUE INDEX u_r ON u (r, mail);
  CREATE VIEW v AS SELECT r FROM u;
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at := clock_timestamp(); RETURN NEW; END';
  CREATE TRIGGER set_at BEFORE UPDATE ON u FOR EACH ROW EXECUTE FUNCTION touch();`;

Deno.test("generate --scaffold writes expand, backfill and contract, which keep keys, renames and rows, there and back [P16, P79]", async () => {
  await withSchema(SCAFFOLDED, async ({ cwd, run, declare, files }) => {
    const env = { XDG_CACHE_HOME: cacheDirectory() };
    const pawl = async (...args: string[]) => {
      const { code, stderr } = await runCli(args, { cwd, env });
      assert.equal(code, 0, stderr);
    };
    const migration = (name: string, up: string, down: string) =>
      Deno.writeTextFileSync(
        join(cwd, `migrations/${name}.sql`),
        `-- pawl:up\n${up};\n-- pawl:down\n${down};\n`,
      );
    const holds = (condition: string) =>
      `DO $$ BEGIN ASSERT (SELECT count(*) FROM u JOIN t ON c = r WHERE j ->> 'a' = '1' AND ${condition}) = 400; END $$`;
    await run();
    migration(
      "20260102_030030_rows",
      `INSERT INTO t SELECT i, '{"a":1}' FROM generate_series(1, 400) i; INSERT INTO u SELECT i, i, 'm' || i FROM generate_series(1, 400) i`,
      holds("r = id::text AND mail = 'm' || r"),
    );
    declare(
      SCAFFOLDED.replace("c text", "c int").replace("j json", "j jsonb")
        .replace("r text", "r int").replace("(r, mail)", "(r, email)")
        .replace("mail text, at timestamp", "email text, at timestamptz"),
    );
    const { scaffold } = await run({
      scaffold: true,
      renames: [parseRename("u.mail=email")],
    });
    assert.match(
      files().join("\n"),
      /_rename_.*\n.*_expand_.*\n.*_backfill_.*\n.*_contract_/,
    );
    const [rename, , , contract] = scaffold.map(({ text }) => text.up);
    assert.match(rename ?? "", /RENAME COLUMN mail TO email/);
    // The columns change places in one transaction, with all that is theirs.
    const swap = contract?.split("-- pawl:step").find((step) =>
      step.includes("RENAME COLUMN c TO c_old")
    ) ?? "";
    for (
      const part of [
        'DROP TRIGGER "~r_sync"',
        "DROP VIEW public.v",
        "DROP COLUMN c_old",
        "PRIMARY KEY USING INDEX t_pkey_new",
        "RENAME CONSTRAINT u_r_fkey_new TO u_r_fkey",
        "CREATE VIEW public.v",
      ]
    ) {
      assert.ok(swap.includes(part), `${part}: ${contract}`);
    }
    migration("20990101_000000_look", holds("r = id"), "SELECT 1");
    await pawl("upgrade", "-q");
    await pawl("check");
    await pawl("downgrade", "-6", "--yes", "-q");
  });
});

Deno.test("generate --dry-run and --check write nothing; check exits 1 until the migration is there; the document holds each file [P62, Q7]", async () => {
  await withSchema(USERS, async ({ cwd, declare, files }) => {
    const env = { XDG_CACHE_HOME: cacheDirectory() };
    const pawl = (...args: string[]) => runCli(args, { cwd, env });
    const dry = await pawl("generate", "good\nDROP TABLE x;", "--dry-run");
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /^-- pawl:message good DROP TABLE x;$/m);
    assert.match(dry.stdout, /^-- pawl:up$/m);
    assert.match(dry.stdout, /^CREATE TABLE public\.users/m);
    const check = await pawl("check");
    assert.equal(check.code, 1, check.stderr);
    assert.match(check.stdout, /\+ table:public\.users/);
    assert.equal((await pawl("generate", "--check", "-q")).code, 1);
    assert.deepEqual(files(), []);
    const made = await pawl("generate", "--name", "first", "--json");
    assert.equal(made.code, 0, made.stderr);
    const document = JSON.parse(made.stdout);
    assert.equal(document.format, "pawl.generate/1");
    assert.match(document.files[0], /_first\.sql$/);
    const [one, ...others] = document.migrations;
    assert.deepEqual(others, []);
    for (const key of ["version", "files", "up", "down", "steps", "undo"]) {
      assert.deepEqual(one[key], document[key], key);
    }
    assert.equal((await pawl("check")).code, 0);
    const empty = await pawl("generate", "--empty", "by hand");
    assert.equal(empty.code, 0, empty.stderr);
    assert.equal(files().length, 2);
    declare(USERS.replace(/\)\s*;?\s*$/, ", age text NOT NULL);"));
    const scaffolded = await pawl("generate", "--scaffold", "--json");
    assert.equal(scaffolded.code, 0, scaffolded.stderr);
    const three = JSON.parse(scaffolded.stdout);
    assert.deepEqual([three.version, three.up, three.down], [null, null, null]);
    const paths: string[] = [];
    for (
      const { step, version, files: [path, ...more], up } of three.migrations
    ) {
      const text = await Deno.readTextFile(`${cwd}/${path}`);
      assert.match(path, new RegExp(`${version}_${step}_`));
      assert.ok(text.includes(up.trim()), text);
      assert.deepEqual(more, []);
      paths.push(path);
    }
    assert.deepEqual(paths, three.files);
    const steps = three.migrations.map(({ step }: { step: string }) => step);
    assert.deepEqual(steps, ["expand", "backfill", "contract"]);
    const all = (key: "steps" | "undo") =>
      three.migrations.map((file: Record<string, unknown>) => file[key]);
    assert.deepEqual(three.steps, all("steps").flat());
    assert.deepEqual(three.undo, all("undo").reverse().flat());
    assert.ok(
      JSON.stringify(three.steps).includes(
        "fill in the value of public.users.age",
      ),
    );
  });
});

Deno.test("generate = structural leaves indexes, constraints, NOT NULL and defaults to converge [P14, P15, P78]", async () => {
  await withSchema(
    USERS,
    async ({ run, declare }) => {
      await run();
      declare(`CREATE TABLE users (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email text DEFAULT 'x' CHECK (email <> '')
      );
      CREATE INDEX users_email ON users (email);`);
      assert.equal((await run()).written, undefined);
      declare(`CREATE TABLE users (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email text DEFAULT 'x',
        name text
      );
      CREATE TABLE posts (id int PRIMARY KEY);
      CREATE INDEX posts_id ON posts (id);`);
      const { text } = await run();
      assert.match(text?.up ?? "", /ADD COLUMN name text/);
      assert.doesNotMatch(text?.up ?? "", /DEFAULT/);
      // A new table comes with all that is on it.
      assert.match(text?.up ?? "", /posts_pkey[^]*CREATE INDEX posts_id/);
    },
    `${CONFIG.replace("[project]", '[project]\ngenerate = "structural"')}`,
  );
});

Deno.test("a rename that is told keeps the rows, on the command line and in the DDL [P53, H25]", async () => {
  await withSchema(USERS, async ({ cwd, run, declare, files }) => {
    await run();
    declare(USERS.replace("email", "mail"));
    await blocked(run());
    const { text } = await run({
      renames: [{
        from: ["users", "email"],
        to: ["mail"],
        shown: "users.email=mail",
        mayBeDone: false,
      }],
    });
    // Another branch has renamed it, too.
    const [, own = ""] = files();
    assert.match(own, /_rename_email_of_users\.sql$/);
    const branch = join(cwd, "migrations", "20990101_000000_branch.sql");
    const theirs = read(cwd, own).replaceAll(/\bmail\b/g, "e_mail");
    Deno.writeTextFileSync(branch, theirs);
    await assert.rejects(run(), (error: unknown) => {
      const { details, hint } = error instanceof PawlError
        ? error
        : assert.fail(String(error));
      assert.match(details.join("\n"), new RegExp(`${own} was generated`));
      assert.match(hint ?? "", /Keep one of the two/);
      return true;
    });
    Deno.removeSync(branch);
    assert.match(text?.up ?? "", /RENAME COLUMN email TO mail/);
    assert.doesNotMatch(text?.up ?? "", /DROP|ADD/);
    assert.match(text?.down ?? "", /RENAME COLUMN mail TO email/);
    declare(
      "-- pawl:renamed-from users\n" +
        USERS.replace("email text", "address text").replace("users", "people")
          .replace(
            /address.*/,
            "address text NOT NULL -- pawl:renamed-from mail",
          ),
    );
    const second = await run();
    assert.match(second.text?.up ?? "", /RENAME COLUMN mail TO address/);
    assert.match(second.text?.up ?? "", /RENAME TO people/);
    assert.doesNotMatch(second.text?.up ?? "", /DROP|ADD COLUMN/);
    // The comments stay, and say nothing new.
    assert.equal((await run()).written, undefined);
  });
});

Deno.test("things change names among each other, and what cannot be renamed says why [P53, H25]", async () => {
  const before = `
    CREATE TYPE mood AS ENUM ('sad', 'ok');
    CREATE TABLE a (id int PRIMARY KEY, x int, y int, m mood);
    CREATE TABLE b (id int PRIMARY KEY, x text);
    CREATE TABLE "Q" (n int, o int);
    CREATE VIEW v AS SELECT x, y FROM a;`;
  await withSchema(before, async ({ run, declare }) => {
    await run();
    declare(`
      CREATE TYPE mood AS ENUM ('ok', 'sad');
      CREATE TABLE b (id int CONSTRAINT a_pkey PRIMARY KEY, y int, x int, m mood);
      CREATE TABLE bb (id int CONSTRAINT b_pkey PRIMARY KEY, x2 text);
      CREATE TABLE a2 (n int, o int);
      CREATE VIEW v AS SELECT y AS x, x AS y FROM b;`);
    const told = [
      "a=b",
      "b=bb",
      "a.x=y",
      "a.y=x",
      "b.x=x2",
      '"Q"=a2',
      "mood.sad=ok",
      "mood.ok=sad",
    ];
    const { text, from, to } = await run({
      renames: told.map(parseRename),
      dryRun: true,
    });
    const sql = (way = "") =>
      way.split("\n").filter((line) => line !== "" && !line.startsWith("--"));
    assert.deepEqual(sql(text?.up), [
      "ALTER TABLE public.b RENAME COLUMN x TO x2;",
      "ALTER TYPE public.mood RENAME VALUE 'sad' TO 'pawl_renamed_1';",
      "ALTER TYPE public.mood RENAME VALUE 'ok' TO 'sad';",
      "ALTER TYPE public.mood RENAME VALUE 'pawl_renamed_1' TO 'ok';",
      "ALTER TABLE public.a RENAME COLUMN x TO pawl_renamed_1;",
      "ALTER TABLE public.a RENAME COLUMN y TO x;",
      "ALTER TABLE public.a RENAME COLUMN pawl_renamed_1 TO y;",
      "ALTER TABLE public.b RENAME TO bb;",
      "ALTER TABLE public.a RENAME TO b;",
      'ALTER TABLE public."Q" RENAME TO a2;',
    ]);
    assert.equal(sql(text?.down).length, sql(text?.up).length);
    for (
      const [renames, message, hint] of [
        [["a=nosuch"], /the goal has no table nosuch$/, /new name/],
        [["a=b", "b=bb", "b.z=x"], /nothing of the old name/, /a\.z$/],
        [["Q=a2"], /nothing of the old name/, /'"Q"=…'/],
        [
          ["a=b"],
          /there is a table of the new name$/,
          /what becomes of that one/,
        ],
      ] as const
    ) {
      assert.throws(
        () => findRenames([from, to], renames.map(parseRename)),
        (error: unknown) =>
          error instanceof PawlError && error.code === "rename-unknown" &&
          message.test(error.message) && hint.test(error.hint ?? ""),
        renames.join(" "),
      );
    }
  });
});

Deno.test("models tell renames, and what is in a renamed schema gets there with that [P53]", async () => {
  const models = (items: string) => `export default (s) => [${items}];\n`;
  await withProject({
    "pawl.toml": CONFIG.replace("[project]", '[project]\nschema = "m.ts"'),
    "m.ts": models(
      `s.schema("app"), s.table(["app", "users"], { mail: s.text() })`,
    ),
    "migrations/.keep": "",
  }, async (cwd) => {
    const run = (minute: number) =>
      generate(openProject({ cwd, env: { HOME: cwd } }), {
        now: new Date(Date.UTC(2026, 0, 2, 3, minute)),
        cache: cacheDirectory(),
        prove: false,
      });
    await run(1);
    Deno.writeTextFileSync(
      join(cwd, "m.ts"),
      models(
        `s.schema("web", { renamedFrom: "app" }), s.table(["web", "people"], { mail: s.text() }, { renamedFrom: ["app", "users"] })`,
      ),
    );
    const { text } = await run(2);
    const sql = (way = "") =>
      way.split("\n").filter((line) => line !== "" && !line.startsWith("--"));
    assert.deepEqual(sql(text?.up), [
      "ALTER TABLE app.users RENAME TO people;",
      "ALTER SCHEMA app RENAME TO web;",
    ]);
    assert.deepEqual(sql(text?.down), [
      "ALTER SCHEMA web RENAME TO app;",
      "ALTER TABLE app.people RENAME TO users;",
    ]);
  });
});

Deno.test("a rename of what is not there is refused", async () => {
  await withSchema(USERS, async ({ cwd }) => {
    const refused = (...renames: string[]) =>
      runCli(
        ["generate", ...renames.flatMap((rename) => ["--rename", rename])],
        { cwd, env: { XDG_CACHE_HOME: cacheDirectory() } },
      );
    const { code, stderr } = await refused("nobody=users");
    assert.equal(code, 2, stderr);
    assert.match(
      stderr,
      /Cannot rename nobody=users: nothing of the old name is gone/,
    );
    assert.match(
      (await refused("people=users", "users.mail=email")).stderr,
      /Say it under the old name of what it is a part of: people\.mail/,
    );
  });
});

testOnServers(
  "generate --live starts from the database, and leaves alone what is not declared",
  async ({ url }) => {
    await execute(url, `${USERS} CREATE TABLE others (id int);`);
    await withSchema(
      USERS.replace("NOT NULL", "NOT NULL,\n  age integer"),
      async ({ cwd }) => {
        const project = openProject({ cwd, db: url, env: { HOME: cwd } });
        const { text } = await generate(project, {
          now: new Date(0),
          live: true,
          cache: cacheDirectory(),
        });
        assert.match(text?.up ?? "", /ADD COLUMN age integer/);
        assert.doesNotMatch(text?.up ?? "", /others/);
      },
    );
  },
);

testOnServers(
  "a file's before hash tells that somebody has changed what it touches; with [drift] fail nothing runs",
  async ({ url }) => {
    await withSchema(USERS, async ({ cwd, run, declare }) => {
      const pawl = (...args: string[]) =>
        runCli([...args, "--db", url], { cwd });
      await run();
      const first = await pawl("upgrade");
      assert.equal(first.code, 0, first.stderr);
      assert.doesNotMatch(first.stderr, /another state/);
      declare(USERS.replace("NOT NULL", "NOT NULL,\n  age integer"));
      await run();
      await execute(url, "ALTER TABLE users ADD COLUMN by_hand text");
      const config = join(cwd, "pawl.toml");
      await Deno.writeTextFile(config, `${CONFIG}\n[drift]\nfail = true\n`);
      const refused = await pawl("upgrade");
      assert.equal(refused.code, 6, refused.stderr);
      assert.match(refused.stderr, /public\.users/);
      await Deno.writeTextFile(config, CONFIG);
      const warned = await pawl("upgrade");
      assert.equal(warned.code, 0, warned.stderr);
      for (
        const line of [
          /add_age_to_users\.sql was written for another state of public\.users/,
          /add_age_to_users\.sql should have left another state of public\.users/,
        ]
      ) assert.match(warned.stderr, line);
    });
  },
);

testOnServers(
  "files of two branches that were merged are no drift, though each was written for another state",
  async ({ url }) => {
    await withSchema(USERS, async ({ cwd, run, files, declare }) => {
      await run();
      const aged = USERS.replace("NOT NULL", "NOT NULL,\n  age integer");
      declare(aged);
      await run();
      const [, age = ""] = files();
      const mine = read(cwd, age);
      await Deno.remove(join(cwd, "migrations", age));
      const orders =
        "CREATE TABLE orders (id bigint PRIMARY KEY, who bigint REFERENCES users);";
      declare(`${USERS}${orders}`);
      await run();
      await Deno.writeTextFile(join(cwd, "migrations", age), mine);
      await Deno.writeTextFile(
        join(cwd, "pawl.toml"),
        `${CONFIG}\n[drift]\nfail = true\n`,
      );
      // The other branch is there already, or comes in the same run.
      for (const targets of [[age.slice(0, 15), "head"], ["head"]]) {
        for (const target of targets) {
          const upgrade = await runCli(["upgrade", target, "--db", url], {
            cwd,
          });
          assert.equal(upgrade.code, 0, upgrade.stderr);
          assert.doesNotMatch(upgrade.stderr, /another state/);
        }
        await execute(
          url,
          "DROP TABLE orders, users; DROP SCHEMA pawl CASCADE",
        );
      }
    });
  },
);
