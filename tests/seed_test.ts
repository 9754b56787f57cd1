/**
 * Seeds on a real server: rows found again by their key, the order of foreign
 * keys, values by the column's type, all or nothing, and where an error is.
 *
 * @module
 */

import assert from "@std/assert";
import { openProject } from "../lib/migrate/project.ts";
import {
  seed,
  type SeedOptions,
  type SeedReport,
} from "../lib/migrate/seed.ts";
import { runCli, startCli, withProject } from "./support/cli.ts";
import {
  execute,
  type TestDatabase,
  testOnServers,
} from "./support/servers.ts";
import { rejected } from "./support/refused.ts";

/** Seeds a database from files, all of them by `-f` unless said otherwise. */
function seedFiles(
  database: TestDatabase,
  files: Readonly<Record<string, string>>,
  options: SeedOptions & { readonly own?: boolean } = {},
): Promise<SeedReport> {
  return withProject(files, (cwd) => {
    const project = openProject({ cwd, db: database.url, env: {} });
    return seed(
      project,
      options.own ? options : { files: Object.keys(files), ...options },
    );
  });
}

/** `table inserted/updated/unchanged` of each table. */
function counts(report: SeedReport): string[] {
  return report.tables.map((each) =>
    `${each.table} ${each.inserted}/${each.updated}/${each.unchanged}`
  );
}

const SHOP = `
CREATE TABLE roles (id int PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE users (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  role_id int NOT NULL REFERENCES roles,
  boss int REFERENCES users,
  email varchar(20) NOT NULL
);
CREATE SCHEMA audit;
CREATE TABLE audit.logs (id serial PRIMARY KEY, user_id int REFERENCES users, note text);
`;

testOnServers(
  "[Q16] seeds insert, update what differs, and leave the rest untouched",
  async (database) => {
    await execute(database.url, SHOP);
    const files = {
      "dev.json": JSON.stringify({
        "audit.logs": [{ id: 7, user_id: 2, note: "hi" }],
        users: [
          { id: 2, role_id: 1, boss: 5, email: "b@x" },
          { id: 5, role_id: 2, email: "e@x" },
        ],
        roles: [{ id: 1, name: "admin" }, { id: 2, name: "user" }],
      }),
    };
    const first = await seedFiles(database, files);
    assert.deepEqual(counts(first), [
      "audit.logs 1/0/0",
      "public.users 2/0/0",
      "public.roles 2/0/0",
    ]);
    assert.deepEqual(first.sequences, [
      { sequence: "audit.logs_id_seq", value: "7" },
      { sequence: "public.users_id_seq", value: "5" },
    ]);
    const before = await execute(
      database.url,
      "UPDATE roles SET name = 'boss' WHERE id = 1; SELECT xmin, id FROM users ORDER BY id",
    );
    const again = await seedFiles(database, files);
    assert.deepEqual(counts(again), [
      "audit.logs 0/0/1",
      "public.users 0/0/2",
      "public.roles 0/1/1",
    ]);
    assert.deepEqual(again.sequences, []);
    assert.deepEqual(
      await execute(database.url, "SELECT xmin, id FROM users ORDER BY id"),
      before,
    );
    // The next values of sequences are free.
    const [next] = await execute(
      database.url,
      "INSERT INTO users (role_id, email) VALUES (1, 'n') RETURNING id",
    );
    assert.equal(next?.["id"], "6");
  },
);

testOnServers(
  "[Q16] rows that refer to one another are loaded together, though no constraint is deferrable",
  async (database) => {
    await execute(
      database.url,
      `CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL);
       CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);
       ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
       CREATE TABLE late (id int PRIMARY KEY, a int REFERENCES a INITIALLY DEFERRED);`,
    );
    const report = await seedFiles(database, {
      "1.json": '{"late": [{"id": 1, "a": 2}], "b": [{"id": 9, "a": 1}]}',
      "2.yaml": "a: [{id: 1, b: 9}, {id: 2, b: 9}]\n",
    });
    assert.deepEqual(counts(report), [
      "public.late 1/0/0",
      "public.b 1/0/0",
      "public.a 2/0/0",
    ]);
    const error = await rejected(
      seedFiles(database, { "x.json": '{"late": [{"id": 2, "a": 77}]}' }),
    );
    assert.equal(error.code, "statement-failed");
    assert.equal(error.server?.sqlstate, "23503");
  },
);

testOnServers(
  "[Q16] values are read by the column's type and keep what JavaScript would lose",
  async (database) => {
    await execute(
      database.url,
      `CREATE DOMAIN email AS varchar(9) CHECK (VALUE LIKE '%@%');
       CREATE TYPE mood AS ENUM ('ok', 'sad');
       CREATE TYPE pair AS (x int, y text);
       CREATE TABLE v (id bigint PRIMARY KEY, n numeric(30, 3), f float8, e email, m mood,
         t timestamptz, b bytea, j json, jb jsonb, a text[], aa int[], p pair, c char(4),
         pt point, ok boolean, r int4range, zip text, s text DEFAULT 'default',
         "Odd "" name" text, big int8 GENERATED ALWAYS AS (id * 2) STORED);`,
    );
    const files = {
      "v.yaml": String.raw`
v:
- id: 9007199254740993
  n: 12345678901234567890.125
  f: .inf
  e: a@b
  m: sad
  t: 2026-01-02T03:04:05Z
  b: !!binary aGk=
  j: {n: 1e400, z: [1, {k: null}]}
  jb: text
  a: [x, null, 'y,"z', '{']
  aa: [[1, 2], [3, 4]]
  p: {x: 1, y: two}
  c: ab
  pt: (1,2)
  ok: yes
  r: "[1,5)"
  zip: 01234
  'Odd " name': "é\u0001😀\\"
`,
    };
    await seedFiles(database, files);
    const [row] = await execute(
      database.url,
      `SELECT id, n, f, e, m, t AT TIME ZONE 'UTC' AS t, b, j, jb, a::text, aa::text, p, c, pt::text, ok, r::text, zip, s, "Odd "" name" AS o FROM v`,
    );
    assert.deepEqual(row, {
      id: "9007199254740993",
      n: "12345678901234567890.125",
      f: "Infinity",
      e: "a@b",
      m: "sad",
      t: "2026-01-02 03:04:05",
      b: "\\x6869",
      j: '{"n":1e400,"z":[1,{"k":null}]}',
      jb: '"text"',
      a: '{x,NULL,"y,\\"z","{"}',
      aa: "{{1,2},{3,4}}",
      p: "(1,two)",
      c: "ab  ",
      pt: "(1,2)",
      ok: "t",
      r: "[1,5)",
      zip: "01234",
      s: "default",
      o: "é\u0001😀\\",
    });
    assert.deepEqual(counts(await seedFiles(database, files)), [
      "public.v 0/0/1",
    ]);
  },
);

testOnServers(
  "[Q16] an error names file, line and column of the row, and nothing of the run stays",
  async (database) => {
    await execute(
      database.url,
      `${SHOP} ALTER TABLE roles ADD COLUMN len int GENERATED ALWAYS AS (length(name)) STORED;
       CREATE VIEW seen AS SELECT * FROM roles;
       CREATE TABLE keyless (x int); CREATE TABLE tags (t text[], id int PRIMARY KEY);
       CREATE SCHEMA other; CREATE TABLE other.hidden (id int PRIMARY KEY);`,
    );
    const roles = (rows: string) => `{"roles": [\n${rows}\n]}`;
    const many = Array.from(
      { length: 50 },
      (_, i) => `{"id": ${i === 37 ? '"3x"' : i}, "name": "r${i}"}`,
    );
    const cases: [string, RegExp, number | undefined, string?][] = [
      [
        roles('{"id": 1, "name": "a", "nam": 1}'),
        /has no column nam/,
        2,
        "name",
      ],
      [roles('{"id": 1, "len": 1}'), /len is a generated column/, 2],
      [roles('{"id": [1]}'), /id is integer, and a list/, 2],
      [roles('{"id": 1, "name": "a\\u0000"}'), /name has a NUL/, 2],
      [roles('{"id": 1, "name": "a"},\n{"x": 1}'), /no column x/, 3],
      [roles("{}"), /does not give \(id\) or \(name\)/, 2],
      [roles('{"id": 1, "name": "a"},\n{"name": "b"}'), /gives id too/, 2],
      [
        roles('{"id": 1, "name": "a"},\n{"id": 2}'),
        /null value in column "name"/,
        3,
      ],
      [
        roles('{"id": 1, "name": "a"},\n{"id": "1", "name": "b"}'),
        /same key \(id\)/,
        3,
      ],
      [
        roles('{"id": 1, "name": "a"},\n{"id": 2, "name": "a"}'),
        /duplicate key/,
        3,
      ],
      [
        roles(many.join(",\n")),
        /invalid input syntax for type integer: "3x"/,
        39,
      ],
      [
        '{"users":\n[{"id": 1, "role_id": 9, "email": "a"}]}',
        /violates foreign key/,
        2,
      ],
      [
        '{"users": [{"id": 1, "role_id": 9, "email": "a23456789012345678901"}]}',
        /too long/,
        1,
      ],
      ['{"role": []}', /has no such table/, 1, "roles"],
      ['{"hidden": []}', /has no such table/, 1, "other.hidden"],
      ['{"zzzzzzzzz": []}', /has no such table/, 1, "pawl upgrade"],
      ['{"seen": []}', /it is a view/, 1],
      ['{"keyless": [{"x": 1}]}', /no primary key and no unique/, 1],
      ['{"pg_catalog.pg_class": []}', /a table of PostgreSQL itself/, 1],
      ['{"a.b.c": []}', /no name of a table/, 1],
      ['{"tags":\n[{"id": 1, "t": [["a"],["b","c"]]}]}', /array|dimension/, 2],
      ["{", /it ends where/, 1],
    ];
    for (const [text, message, line, hint] of cases) {
      const error = await rejected(seedFiles(database, { "x.json": text }));
      assert.match(error.message, message);
      assert.equal(error.location?.line, line, text);
      if (hint !== undefined) assert.ok(error.hint?.includes(hint), error.hint);
    }
    const [left] = await execute(
      database.url,
      "SELECT (SELECT count(*) FROM roles) + (SELECT count(*) FROM users) AS rows",
    );
    assert.equal(left?.["rows"], "0");
  },
);

testOnServers(
  "[G15] SQL seeds run in order in the same transaction, and an error takes all back",
  async (database) => {
    await execute(database.url, SHOP);
    const good = {
      "seeds/01_roles.sql":
        "SET search_path = audit;\nINSERT INTO public.roles VALUES (1, 'a');",
      "seeds/02_users.sql":
        "-- a comment\nINSERT INTO users (role_id, email) VALUES (1, 'é;x'); DO $$ BEGIN PERFORM 1; END $$",
      "seeds/notes.txt": "no seed",
      "seeds/.hidden.sql": "no sql",
      "seeds/rows.json": "no json",
    };
    const report = await seedFiles(database, good, { own: true });
    assert.deepEqual(report.files, [
      { file: "seeds/01_roles.sql", kind: "sql", count: 2 },
      { file: "seeds/02_users.sql", kind: "sql", count: 2 },
    ]);
    const error = await rejected(seedFiles(database, {
      "1.json": '{"roles": [{"id": 5, "name": "five"}]}',
      "2.sql": "SELECT 1;\n  SELECT 'é', nope;\n",
    }));
    assert.equal(error.code, "statement-failed");
    assert.match(error.message, /column "nope" does not exist/);
    assert.deepEqual(
      [error.location?.file, error.location?.line, error.location?.column],
      ["2.sql", 2, 15],
    );
    assert.deepEqual(
      await execute(database.url, "SELECT id FROM roles"),
      [{ id: "1" }],
    );
    const events = await execute(
      database.url,
      "SELECT event FROM pawl.events ORDER BY id",
    );
    assert.deepEqual(events.map((each) => each["event"]), ["seeded", "failed"]);
  },
);

testOnServers(
  "a dry run says what would change, finds errors and leaves nothing",
  async (database) => {
    await execute(database.url, SHOP);
    const files = {
      "x.json":
        '{"audit.logs": [{"id": 4}], "roles": [{"id": 1, "name": "a"}]}',
    };
    const report = await seedFiles(database, files, { dryRun: true });
    assert.deepEqual(counts(report), [
      "audit.logs 1/0/0",
      "public.roles 1/0/0",
    ]);
    assert.deepEqual(report.sequences, [
      { sequence: "audit.logs_id_seq", value: "4" },
    ]);
    const [left] = await execute(
      database.url,
      `SELECT (SELECT count(*) FROM roles) AS rows, (SELECT last_value FROM audit.logs_id_seq) AS last,
        to_regclass('pawl.meta') AS meta`,
    );
    assert.deepEqual(left, { rows: "0", last: "1", meta: null });
    const error = await rejected(
      seedFiles(database, { "x.json": '{"roles": [{"id": 1}]}' }, {
        dryRun: true,
      }),
    );
    assert.equal(error.server?.sqlstate, "23502");
  },
);

testOnServers(
  "a unique constraint finds rows where the seeds leave the primary key out",
  async (database) => {
    await execute(
      database.url,
      `${SHOP} CREATE UNIQUE INDEX ON audit.logs (lower(note));
       CREATE EXTENSION citext; CREATE TABLE names (n citext PRIMARY KEY, v json);
       CREATE TABLE part (k int, d date, x int, PRIMARY KEY (k, d)) PARTITION BY RANGE (d);
       CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');
       CREATE TABLE slow (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, x int NOT NULL);
       INSERT INTO slow VALUES (1, 5);`,
    );
    const files = (v: number) => ({
      "x.yaml": `
roles: [{name: a, id: 3}]
names: [{n: Ann, v: {x: ${v}}}]
part: [{k: 1, d: 2020-05-05, x: ${v}}]
slow: [{id: 1}]
`,
    });
    assert.deepEqual(counts(await seedFiles(database, files(1))), [
      "public.roles 1/0/0",
      "public.names 1/0/0",
      "public.part 1/0/0",
      "public.slow 0/0/1",
    ]);
    // The key's own equality: ann is Ann.
    await execute(database.url, "UPDATE names SET n = 'ann'");
    assert.deepEqual(counts(await seedFiles(database, files(2))), [
      "public.roles 0/0/1",
      "public.names 0/1/0",
      "public.part 0/1/0",
      "public.slow 0/0/1",
    ]);
    const byName = await seedFiles(database, {
      "x.json": '{"roles": [{"name": "a"}]}',
    });
    assert.deepEqual(counts(byName), ["public.roles 0/0/1"]);
    const error = await rejected(
      seedFiles(database, { "x.json": '{"audit.logs": [{"note": "a"}]}' }),
    );
    assert.match(error.message, /does not give \(id\)/);
  },
);

testOnServers(
  "[X10] `pawl seed -e ENV` loads that environment's seeds and no others; a protected one is refused",
  async (database) => {
    await execute(database.url, SHOP);
    const config = (name: string, more = "") =>
      `[env.${name}]\nurl = "${database.url}"\n${more}\n`;
    const files = {
      "pawl.toml": config("dev") + config("test") + config("empty"),
      "seeds/dev.json": '{"roles": [{"id": 1, "name": "json"}]}',
      "seeds/dev.yml": "roles: [{id: 2, name: yml}]",
      "seeds/dev/b.sql": "INSERT INTO roles VALUES (4, 'folder sql')",
      "seeds/dev/a.json": '{"roles": [{"id": 3, "name": "folder"}]}',
      "seeds/dev.sql": "INSERT INTO roles VALUES (5, 'sql')",
      "seeds/test.sql": "INSERT INTO roles VALUES (6, 'test')",
    };
    await withProject(files, async (cwd) => {
      const dev = await runCli(["seed", "-e", "dev", "--json"], { cwd });
      assert.equal(dev.code, 0, dev.stderr);
      const document = JSON.parse(dev.stdout);
      assert.equal(document.format, "pawl.seed/1");
      assert.deepEqual(
        document.files.map((file: { file: string }) => file.file),
        [
          "seeds/dev.json",
          "seeds/dev.yml",
          "seeds/dev/a.json",
          "seeds/dev/b.sql",
          "seeds/dev.sql",
        ],
      );
      assert.deepEqual(document.tables, [
        { table: "public.roles", inserted: 3, updated: 0, unchanged: 0 },
      ]);
      const empty = await runCli(["seed", "-e", "empty"], { cwd });
      assert.equal(empty.code, 2);
      assert.match(empty.stderr, /Cannot find seeds for empty: seeds has dev/);
      const file = await runCli(
        ["seed", "-e", "empty", "-f", "seeds/test.sql"],
        {
          cwd,
        },
      );
      assert.equal(file.code, 0, file.stderr);
      assert.match(file.stdout, /seeds\/test.sql: 1 statement/);
      for (const wrong of ["nope.json", "pawl.toml"]) {
        const { code } = await runCli(["seed", "-e", "dev", "-f", wrong], {
          cwd,
        });
        assert.equal(code, 2);
      }
    });
    const guarded = {
      ...files,
      "pawl.toml": config("dev", "protected = true"),
    };
    await withProject(guarded, async (cwd) => {
      // By its URL too.
      for (
        const how of [["-e", "dev"], [
          "--db",
          database.url,
          "-f",
          "seeds/dev.json",
        ]]
      ) {
        const { code, stderr } = await runCli(["seed", "-y", ...how], { cwd });
        assert.equal(code, 6, stderr);
        assert.match(stderr, /protected/);
      }
    });
  },
);

testOnServers(
  "two seed runs at once do not mix: the second waits for the lock, or says who holds it",
  async (database) => {
    await execute(database.url, SHOP);
    const files = { "x.json": '{"roles": [{"id": 1, "name": "a"}]}' };
    await seedFiles(database, files);
    const both = await Promise.all([
      seedFiles(database, files),
      seedFiles(database, {
        "x.json": '{"roles": [{"id": 1, "name": "b"}]}',
      }),
    ]);
    const updated = both.flatMap((report) => report.tables)
      .reduce((sum, table) => sum + table.updated, 0);
    const [row] = await execute(database.url, "SELECT name FROM roles");
    // Whoever came last has the last word, and neither saw half of the other.
    assert.equal(updated, row?.["name"] === "a" ? 2 : 1);
  },
);

testOnServers(
  "seeds run as the environment's role on its search_path, whatever a SQL seed has set before",
  async (database) => {
    const role = `seeder_${database.name}`;
    await execute(
      database.url,
      `CREATE ROLE ${role}; CREATE SCHEMA app AUTHORIZATION ${role};
       CREATE TABLE app.things (id serial PRIMARY KEY, by text DEFAULT current_user);
       ALTER TABLE app.things OWNER TO ${role};`,
    );
    try {
      const files = {
        "pawl.toml":
          `[env.dev]\nurl = "${database.url}"\nrole = "${role}"\nschema = "app"\n[history]\nschema = "app"\n`,
        "a.sql":
          "RESET ROLE; SET search_path = pg_catalog; SET lock_timeout = 0",
        "b.yaml": "things: [{id: 3}]",
        "c.yaml": "migrations: [{version: x}]",
      };
      await withProject(files, async (cwd) => {
        const args = ["seed", "-e", "dev", "-f"];
        const { code, stderr } = await runCli(
          [...args, "a.sql", "-f", "b.yaml"],
          { cwd },
        );
        assert.equal(code, 0, stderr);
        assert.deepEqual(
          await execute(database.url, "SELECT id, by FROM app.things"),
          [{ id: "3", by: role }],
        );
        const own = await runCli([...args, "c.yaml"], { cwd });
        assert.equal(own.code, 2);
        assert.match(own.stderr, /a table of pawl's history/);
      });
    } finally {
      await execute(
        database.url,
        `DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`,
      );
    }
  },
);

testOnServers(
  "an interrupted seed run ends with 130 and leaves nothing",
  async (database) => {
    await execute(database.url, SHOP);
    const files = {
      "x.sql":
        "INSERT INTO roles VALUES (1, 'a'); DO $$ BEGIN RAISE WARNING 'here'; END $$; SELECT pg_sleep(600)",
    };
    await withProject(files, async (cwd) => {
      const running = startCli(["seed", "--db", database.url, "-f", "x.sql"], {
        cwd,
      });
      await running.said(/here/);
      running.kill("SIGINT");
      const { code } = await running.result;
      assert.equal(code, 130);
      const [left] = await execute(database.url, "SELECT count(*) FROM roles");
      assert.equal(left?.["count"], "0");
    });
  },
);
