/**
 * Sources: every way to name a schema, DDL in any order, and what is said of
 * what cannot be read.
 *
 * @module
 */

import assert from "@std/assert";
import { join } from "node:path";
import { PawlError } from "../lib/errors.ts";
import { openProject, type Project } from "../lib/migrate/project.ts";
import { connectServer } from "../lib/pg/server.ts";
import type { Schema } from "../lib/schema/schema.ts";
import { withShadow } from "../lib/shadow/mod.ts";
import {
  declaredSource,
  hashOf,
  loadDdl,
  parseSource,
  readSnapshotFile,
  readSource,
  type SourceContext,
  writeSnapshotFile,
} from "../lib/sources/mod.ts";
import { loadFacts } from "../lib/sources/ddl_facts.ts";
import { orderStatements } from "../lib/sources/ddl_order.ts";
import { type DdlFile, readDdlScript } from "../lib/sources/ddl_script.ts";
import { testOnServers, withDatabase } from "./support/servers.ts";
import { rejected } from "./support/refused.ts";

/** Files by name, in a directory of their own, and a project there. */
async function withFiles(
  files: Readonly<Record<string, string>>,
  use: (context: SourceContext & { readonly root: string }) => Promise<void>,
): Promise<void> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(root, name);
      Deno.mkdirSync(join(path, ".."), { recursive: true });
      Deno.writeTextFileSync(path, text);
    }
    const project: Project = openProject({ cwd: root, env: { HOME: root } });
    await use({ project, root, cache: join(root, ".cache") });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function ddlFiles(files: Readonly<Record<string, string>>): DdlFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

/** Loads files into a shadow on a server. */
function load(
  url: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  return withShadow({ url }, (session) => loadDdl(session, ddlFiles(files)));
}

function addresses(schema: Schema, kind: string): string[] {
  return [...schema.objects.keys()].filter((a) => a.startsWith(`${kind}:`));
}

/** A small schema, one statement a file, in an order in which nothing works. */
const SHUFFLED = {
  "schema/01.sql":
    "ALTER TABLE app.orders ADD FOREIGN KEY (user_id) REFERENCES app.users;",
  "schema/02.sql":
    "CREATE VIEW app.totals AS SELECT user_id, app.cents(total) AS t FROM app.orders;",
  "schema/03.sql": "CREATE INDEX ON app.orders (state);",
  "schema/04.sql":
    "CREATE TABLE app.orders (id int DEFAULT nextval('app.seq') PRIMARY KEY, user_id int, total app.money_amount, state app.state);",
  "schema/05.sql": "ALTER SEQUENCE app.seq OWNED BY app.orders.id;",
  "schema/06.sql":
    "CREATE FUNCTION app.cents(a app.money_amount) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT (a * 100)::int; END;",
  "schema/07.sql":
    "CREATE DOMAIN app.money_amount AS numeric CHECK (VALUE >= 0);",
  "schema/deeper/08.sql": "CREATE TYPE app.state AS ENUM ('new', 'paid');",
  "schema/deeper/09.sql": "CREATE SEQUENCE app.seq;",
  "schema/deeper/10.sql": "CREATE TABLE app.users (id int PRIMARY KEY);",
  "schema/deeper/11.sql": "CREATE SCHEMA app;",
  "schema/.hidden.sql": "no SQL at all",
};

testOnServers(
  "DDL in any order is the same schema as in the right one",
  async ({ url }) => {
    await withFiles(SHUFFLED, async (context) => {
      const shadow = { ...context, shadow: url };
      const shuffled = await readSource("schema", shadow);
      assert.ok(shuffled.objects.has("view:app.totals"));
      const order = [11, 10, 9, 8, 7, 6, 4, 5, 3, 2, 1];
      const texts = Object.entries(SHUFFLED);
      const right = order.map((n) =>
        texts.find(([path]) =>
          path.endsWith(`${String(n).padStart(2, "0")}.sql`)
        )?.[1] ?? ""
      );
      const path = join(context.root, "all.sql");
      Deno.writeTextFileSync(path, right.join("\n"));
      assert.equal(
        await hashOf(shuffled),
        await hashOf(await readSource("all.sql", shadow)),
      );
    });
  },
);

testOnServers(
  "tables that refer to one another, and functions that call one another, load in any order",
  async ({ url }) => {
    const a =
      `CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b ON DELETE SET NULL,
       CONSTRAINT again FOREIGN KEY (b_id) REFERENCES b (id), up int REFERENCES a);`;
    const b =
      `CREATE TABLE b (a_id int CONSTRAINT named REFERENCES a DEFERRABLE NOT NULL, id int PRIMARY KEY);`;
    const even =
      "CREATE FUNCTION even(n int) RETURNS boolean LANGUAGE sql AS 'SELECT n = 0 OR odd(n - 1)';";
    const odd =
      "CREATE FUNCTION odd(n int) RETURNS boolean LANGUAGE sql AS 'SELECT n <> 0 AND even(n - 1)';";
    const right = `${even} ${odd}
      CREATE TABLE a (id int PRIMARY KEY, b_id int, up int REFERENCES a);
      CREATE TABLE b (a_id int NOT NULL, id int PRIMARY KEY);
      ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b ON DELETE SET NULL,
        ADD CONSTRAINT again FOREIGN KEY (b_id) REFERENCES b (id);
      ALTER TABLE b ADD CONSTRAINT named FOREIGN KEY (a_id) REFERENCES a DEFERRABLE;`;
    const hashes = new Set<string>();
    const load = async (text: string) =>
      await withFiles({ "a.sql": text }, async (context) => {
        const source = { ...context, shadow: url };
        hashes.add(await hashOf(await readSource("a.sql", source)));
      });
    await load(`SET check_function_bodies = off; ${right}`);
    await load([a, b, even, odd].join("\n"));
    await load([odd, b, even, a].join("\n"));
    assert.equal(hashes.size, 1);
  },
);

testOnServers(
  "what cannot be loaded is said with file, line and column",
  async ({ url }) => {
    const cases: readonly {
      readonly files: Readonly<Record<string, string>>;
      readonly at: string;
      readonly message: RegExp;
      readonly details?: RegExp;
    }[] = [
      {
        files: { "a.sql": "CREATE TABLE t (a int);\nCREATE TABEL u (a int);" },
        at: "a.sql:2:8",
        message: /syntax error at or near "TABEL"/,
      },
      {
        files: {
          "a.sql": "CREATE VIEW v AS SELECT * FROM w;",
          "b.sql": "-- w\nCREATE VIEW w AS SELECT 1 FROM nope;",
        },
        at: "b.sql:2:32",
        message: /relation "nope" does not exist/,
        details: /a\.sql:1/,
      },
      {
        files: {
          "a.sql": "CREATE TABLE t (a int);",
          "b.sql": "\n\nCREATE TABLE t (b int);",
        },
        at: "b.sql:3:1",
        message: /"t" already exists: it is defined twice/,
        details: /a\.sql:1/,
      },
      {
        files: {
          "a.sql": "CREATE TABLE IF NOT EXISTS t (a int);",
          "b.sql": "CREATE TABLE IF NOT EXISTS public.t (b int);",
        },
        at: "b.sql:1:1",
        message: /table public\.t is defined twice/,
        details: /a\.sql:1/,
      },
      {
        files: {
          "a.sql": "CREATE VIEW a AS SELECT * FROM b;",
          "b.sql": "\nCREATE VIEW b AS SELECT * FROM a;",
        },
        at: "a.sql:1:32",
        message:
          /"b" does not exist, and what defines it mentions this in turn/,
        details: /b\.sql:2/,
      },
      {
        files: {
          "a.sql":
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT 1 FROM nowhere\n$$;",
        },
        at: "a.sql:2:17",
        message: /relation "nowhere" does not exist/,
      },
      {
        files: {
          "a.sql":
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1 +;\nEND $$;",
        },
        at: "a.sql:3:13",
        message: /syntax error/,
      },
      {
        files: { "a.sql": "\nSET no_such_setting = 1;\nCREATE TABLE t ();" },
        at: "a.sql:2:1",
        message: /no_such_setting/,
      },
      {
        files: {
          "a.sql":
            "CREATE TABLE t ();\nALTER TABLE t OWNER TO nobody_of_that_name;",
        },
        at: "a.sql:2:1",
        message: /role "nobody_of_that_name" does not exist/,
      },
      {
        files: {
          "a.sql": "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p;",
        },
        at: "a.sql:1:1",
        message: /would connect/,
      },
    ];
    for (const { files, at, message, details } of cases) {
      const error = await rejected(load(url, files));
      const { file, line, column } = error.location ?? { file: "" };
      assert.equal(`${file}:${line}:${column}`, at, error.message);
      assert.match(error.message, message);
      if (details !== undefined) {
        assert.match(
          error.details.join("\n"),
          details,
        );
      }
    }
  },
);

testOnServers(
  "a file's settings hold for its own statements only",
  async ({ url }) => {
    await withFiles({
      "a.sql":
        "CREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE inside (a int);",
      "b.sql":
        "CREATE TABLE outside (a int);\nCREATE VIEW app.late AS SELECT * FROM app.inside;",
      "c.sql":
        "BEGIN;\nSET LOCAL search_path = app;\nCREATE TABLE local (a int);\nCOMMIT;\nCREATE TABLE plain (a int);\nCREATE INDEX CONCURRENTLY ON plain (a);",
      "d.sql":
        "\\restrict x\nSET statement_timeout = 0;\nSET transaction_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\nSET check_function_bodies = false;\nCREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM gone';\n\\unrestrict x\n",
    }, async (context) => {
      const schema = await readSource(".", { ...context, shadow: url });
      assert.deepEqual(addresses(schema, "table"), [
        "table:app.inside",
        "table:app.local",
        "table:public.outside",
        "table:public.plain",
      ]);
      assert.ok(schema.objects.has("function:app.f()"));
    });
  },
);

testOnServers(
  "a live database, and an environment that names it, are sources",
  async ({ url }) => {
    const session = await connectServer(url);
    await session.script("CREATE TABLE t (a int PRIMARY KEY)");
    await session.close();
    await withFiles(
      { "pawl.toml": `[env.here]\nurl = "${url}"\n` },
      async (context) => {
        const live = await readSource(url, context);
        assert.deepEqual(addresses(live, "table"), ["table:public.t"]);
        assert.equal(
          await hashOf(await readSource("env:here", context)),
          await hashOf(live),
        );
        const error = await rejected(readSource("env:heer", context));
        assert.equal(error.code, "usage");
        assert.match(error.hint ?? "", /here/);
      },
    );
  },
);

testOnServers(
  "migrations are replayed up to a version, in any layout",
  async ({ url }) => {
    await withFiles({
      "migrations/0001_a.sql": "CREATE TABLE a (id int);",
      "migrations/0002_b.sql":
        "-- pawl:up\nCREATE TABLE b (id int);\n-- pawl:step transaction=none\nCREATE INDEX CONCURRENTLY b_id ON b (id);\n-- pawl:down\nDROP TABLE b;",
      "migrations/0003_c.ts":
        'export const up = (db: any) => db.execute("CREATE TABLE c (id int)");',
      "other/1_a.up.sql": "CREATE TABLE a (id int);",
      "other/1_a.down.sql": "DROP TABLE a;",
    }, async (context) => {
      const read = (source: string) =>
        readSource(source, { ...context, shadow: url });
      const tables = async (source: string) =>
        addresses(await read(source), "table");
      assert.deepEqual(await tables("migrations:migrations"), [
        "table:public.a",
        "table:public.b",
        "table:public.c",
      ]);
      assert.deepEqual(await tables("migrations:migrations@0002"), [
        "table:public.a",
        "table:public.b",
      ]);
      assert.equal(
        await hashOf(await read("migrations:migrations@1")),
        await hashOf(await read("migrations:other")),
      );
      assert.equal(
        (await rejected(read("migrations:migrations@9"))).code,
        "target-unknown",
      );
    });
  },
);

Deno.test("the embedded shadow makes missing roles, and says what it cannot host", async () => {
  await withFiles({
    "owned.sql":
      'CREATE TABLE t (a int);\nALTER TABLE t OWNER TO "Ann B";\nGRANT SELECT ON t TO bob;\nCREATE ROLE bob;',
    "icu.sql": 'CREATE TABLE i (\n  a text COLLATE "de-x-icu");',
    "migrations/1_a.sql": "CREATE TABLE a ();\nGRANT SELECT ON a TO carol;",
    "migrations/2_b.sql": "CREATE TABLE b ();\nCREATE EXTENSION postgis;",
  }, async (context) => {
    const embedded = { ...context, shadow: "embedded" };
    assert.deepEqual(
      addresses(await readSource("owned.sql", embedded), "table"),
      ["table:public.t"],
    );
    assert.deepEqual(
      addresses(await readSource("migrations:migrations@1", embedded), "table"),
      ["table:public.a"],
    );
    const icu = await rejected(readSource("icu.sql", embedded));
    assert.equal(icu.code, "shadow-lacks");
    assert.match(icu.message, /de-x-icu/);
    assert.equal(icu.location?.line, 2);
    assert.match(icu.hint ?? "", /--shadow/);
    const extension = await rejected(
      readSource("migrations:migrations", embedded),
    );
    assert.equal(extension.code, "shadow-lacks");
    assert.match(extension.message, /postgis/);
    assert.equal(extension.location?.line, 2);
  });
});

Deno.test("standard input and a program's output are sources", async () => {
  await withDatabase(undefined, async ({ url }) => {
    const program = ["deno", "eval", 'console.log("CREATE TABLE p (a int);")'];
    await withFiles({
      "pawl.toml": `[project]\nschema = { program = ${
        JSON.stringify(program)
      } }\n`,
    }, async (context) => {
      const shadow = { ...context, shadow: url };
      const declared = declaredSource(context.project.settings);
      assert.deepEqual(addresses(await readSource(declared, shadow), "table"), [
        "table:public.p",
      ]);
      const stdin = () =>
        Promise.resolve(
          new TextEncoder().encode("\uFEFFCREATE TABLE s (a int)"),
        );
      assert.deepEqual(
        addresses(await readSource("-", { ...shadow, stdin }), "table"),
        ["table:public.s"],
      );
      const run = (...words: string[]) =>
        rejected(readSource({ kind: "program", program: words }, shadow));
      assert.match((await run("deno", "eval", "")).message, /printed nothing/);
      const failed = await run(
        "deno",
        "eval",
        'console.error("models are broken"); Deno.exit(7)',
      );
      assert.match(failed.message, /exit code 7/);
      assert.deepEqual(failed.details, ["models are broken"]);
      assert.match(
        (await run("no-such-program-anywhere")).message,
        /there is no program/,
      );
    });
  });
});

Deno.test("an interrupt ends a program and what it has started, even what would not go", async () => {
  await withFiles({ "pawl.toml": "" }, async (context) => {
    const pipe = join(context.root, "alive");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const started = 'trap "" TERM; sleep 600 & echo started >&3; sleep 600';
    const program = ["sh", "-c", `exec 3>"$0"; ${started}`, pipe];
    const interrupt = new AbortController();
    const { signal } = interrupt;
    const read = rejected(
      readSource({ kind: "program", program }, { ...context, signal }),
    );
    // The pipe ends when nobody has it open any more.
    const alive = (await Deno.open(pipe)).readable.getReader();
    assert.equal(
      new TextDecoder().decode((await alive.read()).value).trim(),
      "started",
    );
    interrupt.abort();
    assert.equal((await read).code, "interrupted");
    assert.equal((await alive.read()).done, true);
  });
});

Deno.test("a snapshot reads back as it was written, and says what is wrong with one that was not", async () => {
  await withDatabase(undefined, async ({ url }) => {
    await withFiles(SHUFFLED, async (context) => {
      const schema = await readSource("schema", { ...context, shadow: url });
      const path = join(context.root, "s.json");
      const hash = await writeSnapshotFile(path, schema);
      const back = await readSource("s.json", context);
      assert.deepEqual([...back.objects.keys()], [...schema.objects.keys()]);
      assert.equal(back.version, schema.version);
      assert.equal(await hashOf(back), hash);
      const text = await Deno.readTextFile(path);
      const again = join(context.root, "again.json");
      await writeSnapshotFile(again, back);
      assert.equal(await Deno.readTextFile(again), text);
      const lines = text.split("\n");
      assert.equal(lines.length, schema.objects.size + 3);
      const rewritten = async (changed: string) => {
        await Deno.writeTextFile(path, changed);
        return await rejected(readSnapshotFile(path, "s.json"));
      };
      const said = async (changed: string) => {
        const error = await rewritten(changed);
        return `${error.code} ${error.location?.line}: ${error.message}`;
      };
      const cut = lines.slice(0, 5).join("\n").slice(0, -7);
      assert.match(await said(cut), /^snapshot-invalid 5: .*cut off/);
      assert.match(await said(""), /it is empty/);
      assert.match(await said("[]"), /it is no snapshot/);
      assert.match(
        await said(text.replace("snapshot/1", "snapshot/2")),
        /^snapshot-invalid 1: .*its format is pawl.snapshot\/2/,
      );
      const edited = text.replace(
        /"app","state","paid"|'paid'|"paid"/,
        '"payd"',
      );
      assert.notEqual(edited, text);
      assert.match(await said(edited), /^checksum-mismatch 1: /);
      const column = lines.findIndex((line) =>
        line.includes('"column:app.orders.id"')
      ) + 1;
      assert.ok(column > 1);
      const broken = text.replace(
        /("column:app\.orders\.id".*"type":)"integer"/,
        "$17",
      );
      assert.match(
        await said(broken),
        new RegExp(
          `^snapshot-invalid ${column}: .*column:app.orders.id.*"type"`,
        ),
      );
      const unknown = text.replace(
        '{"address":"schema:app"',
        '{"address":"wormhole:app"',
      );
      assert.match(await said(unknown), /knows no kind wormhole/);
      const twice = lines.toSpliced(2, 0, lines[1] ?? "").join("\n");
      assert.match(await said(twice), /^snapshot-invalid 3: .*twice/);
      const conflict = lines.toSpliced(4, 0, "<<<<<<< ours").join("\n");
      assert.match(
        await said(conflict),
        /^snapshot-invalid 5: .*merge conflict/,
      );
      // A formatter may have been at it.
      await Deno.writeTextFile(path, JSON.stringify(JSON.parse(text), null, 2));
      assert.equal(await hashOf(await readSnapshotFile(path)), hash);
    });
  });
});

Deno.test("a source that is not there is refused, and nothing is made in its place", async () => {
  await withFiles(
    { "empty/readme.md": "", "latin.sql": "" },
    async (context) => {
      await Deno.writeFile(
        join(context.root, "latin.sql"),
        new Uint8Array([45, 45, 10, 233, 10]),
      );
      const said = async (source: string) =>
        (await rejected(readSource(source, context))).message;
      assert.match(
        await said("nowhere"),
        /Cannot read nowhere: there is no such file/,
      );
      assert.match(await said("nowhere.json"), /Cannot read nowhere\.json/);
      assert.match(await said("pglite:nowhere"), /Cannot read nowhere/);
      assert.throws(() => Deno.statSync(join(context.root, "nowhere")));
      assert.match(await said("empty"), /no \.sql file/);
      assert.match(await said("latin.sql"), /not UTF-8/);
      assert.match(await said("migrations:nowhere"), /there is no directory/);
    },
  );
});

Deno.test("names of sources", () => {
  const parse = (text: string) => parseSource(text, "/app");
  assert.deepEqual(parse("postgres://h/d"), {
    kind: "server",
    url: "postgres://h/d",
  });
  assert.deepEqual(parse("host=h dbname=d"), {
    kind: "server",
    url: "host=h dbname=d",
  });
  assert.deepEqual(parse("pglite:"), {
    kind: "embedded",
    directory: undefined,
  });
  assert.deepEqual(parse("pglite:.pawl/db"), {
    kind: "embedded",
    directory: "/app/.pawl/db",
  });
  assert.deepEqual(parse("schema"), { kind: "files", paths: ["/app/schema"] });
  assert.deepEqual(parse("a/b.JSON"), {
    kind: "snapshot",
    path: "/app/a/b.JSON",
  });
  assert.deepEqual(parse("-"), { kind: "stdin" });
  assert.deepEqual(parse("env:prod"), { kind: "environment", name: "prod" });
  assert.deepEqual(parse("migrations:m"), {
    kind: "migrations",
    directory: "/app/m",
    target: undefined,
  });
  for (
    const text of [
      "",
      "env:",
      "migrations:",
      "migrations:m@",
      "mysql://u:secret@h/d",
      "pglite:///x",
    ]
  ) {
    assert.throws(
      () => parse(text),
      (error: unknown) =>
        error instanceof PawlError && error.code === "usage" &&
        !/secret/.test(error.message),
      text,
    );
  }
});

Deno.test("what is no schema is refused with its line", () => {
  const said = (text: string): string => {
    try {
      readDdlScript({ path: "a.sql", text });
      return "nothing";
    } catch (error) {
      if (!(error instanceof PawlError)) throw error;
      return `${error.location?.line}:${error.location?.column} ${error.message}`;
    }
  };
  assert.match(
    said("SELECT 1;\n\\connect other"),
    /^2:1 .*\\connect is a command of psql's/,
  );
  assert.match(said("\\i other.sql"), /^1:1 /);
  assert.match(
    said("CREATE TABLE t ();\nCOPY t FROM stdin;\n1\n\\.\n"),
    /^2:1 .*COPY t FROM stdin/,
  );
  assert.match(said("COMMENT ON TABLE t IS 'x;\n"), /^1:23 .*unterminated/);
  assert.match(said("BEGIN;\nROLLBACK;"), /^2:1 .*ROLLBACK/);
  assert.match(said("CREATE DATABASE d"), /^1:1 .*CREATE DATABASE/);
  assert.equal(
    said(
      "\\restrict a\n\\set ON_ERROR_STOP on\nBEGIN; CREATE TABLE t (); COMMIT;",
    ),
    "nothing",
  );
});

Deno.test("an order needs no second try, even for one file that is backwards", async () => {
  const readFacts = await loadFacts();
  const right = [
    "CREATE SCHEMA app",
    "CREATE TABLE app.a (id int, b int)",
    "ALTER TABLE app.a OWNER TO CURRENT_USER",
    "CREATE TABLE app.p PARTITION OF app.a DEFAULT",
    "ALTER TABLE app.a ADD CONSTRAINT a_key PRIMARY KEY (id)",
    "CREATE INDEX ON app.a (b)",
    "CREATE TABLE app.z (a int REFERENCES app.a)",
    "ALTER TABLE app.a ADD FOREIGN KEY (b) REFERENCES app.z",
  ];
  const { statements } = readDdlScript({
    path: "a.sql",
    text: right.toReversed().join(";\n"),
  });
  const order = orderStatements(
    statements.map((ddl) => ({ ddl, facts: readFacts(ddl.statement.text) })),
  ).map(({ statement }) => statement.text);
  const place = (sql: string) => order.indexOf(sql);
  assert.equal(order[0], right[0]);
  assert.equal(order[1], right[1]);
  const before = (first: number, second: number) =>
    assert.ok(
      place(right[first] ?? "") < place(right[second] ?? ""),
      right[second],
    );
  for (const second of [3, 4, 5, 6, 7]) before(1, second);
  before(3, 4);
  before(3, 5);
  before(6, 7);
});

Deno.test("statements tell what they define and mention", async () => {
  const readFacts = await loadFacts();
  const of = (sql: string) => {
    const { defines, mentions, changes, stage } = readFacts(sql);
    const names = (list: typeof mentions) =>
      [...new Set(list.map(({ name }) => name))].sort();
    return {
      defines: names(defines),
      mentions: names(mentions),
      changes: changes?.name,
      stage,
    };
  };
  assert.deepEqual(
    of(
      "CREATE TABLE app.a (b app.st DEFAULT app.f(), c int REFERENCES z (id), d int DEFAULT nextval('q.s'))",
    ),
    {
      defines: ["a"],
      mentions: [
        "app",
        "f",
        "int4",
        "nextval",
        "pg_catalog",
        "q",
        "s",
        "st",
        "z",
      ],
      changes: "a",
      stage: 1,
    },
  );
  const key = of(
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES u (b)",
  );
  assert.deepEqual(key, {
    defines: ["k"],
    mentions: ["t", "u"],
    changes: "t",
    stage: 3,
  });
  assert.deepEqual(
    of("CREATE TRIGGER x BEFORE INSERT ON t EXECUTE FUNCTION f()").mentions,
    ["f", "t"],
  );
  assert.deepEqual(of("no SQL").defines, []);
});
