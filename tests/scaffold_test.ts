/**
 * `generate --scaffold`: what is done to rows, and to those who write them
 * while the three migrations run, and on the way back.
 *
 * @module
 */

import assert from "@std/assert";
import { generate } from "../lib/change/generate.ts";
import type { ScaffoldFile } from "../lib/change/scaffold.ts";
import { openProject } from "../lib/migrate/project.ts";
import type { ToldRename } from "../lib/sources/mod.ts";
import { splitStatements } from "../lib/sql/split.ts";
import { withProject } from "./support/cli.ts";
import { cacheDirectory } from "./support/program.ts";
import { execute, withDatabase } from "./support/servers.ts";

interface Change {
  readonly before: string;
  readonly after: string;
  readonly renames?: readonly ToldRename[];
}

/** The migrations that a change is written as. */
async function scaffolded(change: Change): Promise<readonly ScaffoldFile[]> {
  let files: readonly ScaffoldFile[] = [];
  await withProject({
    "pawl.toml": "[project]\n",
    "before.sql": change.before,
    "after.sql": change.after,
  }, async (cwd) => {
    const { scaffold } = await generate(
      openProject({ cwd, env: { HOME: cwd } }),
      {
        now: new Date(0),
        cache: cacheDirectory(),
        from: "before.sql",
        to: "after.sql",
        scaffold: true,
        dryRun: true,
        renames: change.renames ?? [],
      },
    );
    files = scaffold;
  });
  return files;
}

/** What is committed as one, in order. */
function commitsOf(text: string, header: readonly string[]): string[] {
  return text.split(/^-- pawl:step/m).flatMap((step, i) => {
    const alone = i === 0
      ? header.includes("-- pawl:transaction none")
      : step.startsWith(" transaction=none");
    const sql = i === 0 ? step : step.slice(step.indexOf("\n"));
    return alone
      ? splitStatements(sql).statements.map((statement) => statement.text)
      : [`BEGIN;\n${sql}\nCOMMIT;`];
  });
}

/** Runs one way of some migrations; somebody writes after each commit. */
async function run(
  url: string,
  texts: readonly (readonly [string, readonly string[]])[],
  write: (commits: number) => string,
): Promise<void> {
  let commits = 0;
  for (const [text, header] of texts) {
    for (const sql of commitsOf(text, header)) {
      await execute(url, sql);
      await execute(url, write(++commits));
    }
  }
}

const ups = (files: readonly ScaffoldFile[]) =>
  files.map(({ text }) => [text.up, text.header] as const);
const downs = (files: readonly ScaffoldFile[]) =>
  files.toReversed().map(({ text }) => [text.down ?? "", text.header] as const);

Deno.test("scaffolded migrations let writers go on between any two commits, there and back: keys, foreign keys, views, triggers, defaults, privileges [P16, P79]", async () => {
  const schema = (type: string, at: string, check: string) => `
    CREATE TABLE goods (code ${type} PRIMARY KEY, name text${check});
    CREATE TABLE sales (id integer PRIMARY KEY,
      code ${type} NOT NULL REFERENCES goods ON UPDATE CASCADE,
      at ${at} NOT NULL DEFAULT now());
    CREATE INDEX sales_code ON sales (code) WHERE code <> '7';
    CREATE VIEW sold AS SELECT code, name FROM goods;
    GRANT SELECT (code) ON goods TO public;
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN NEW.at := clock_timestamp(); RETURN NEW; END $$;
    CREATE TRIGGER set_at BEFORE UPDATE ON sales
      FOR EACH ROW EXECUTE FUNCTION touch();`;
  const before = schema("text", "timestamp", "");
  const after = schema("integer", "timestamptz", ", CHECK (code > 0)");
  const files = await scaffolded({ before, after });
  assert.deepEqual(files.map(({ step }) => step), [
    "expand",
    "backfill",
    "contract",
  ]);
  await withDatabase(undefined, async ({ url }) => {
    await execute(
      url,
      `${before}
      INSERT INTO goods SELECT i, i FROM generate_series(1, 300) i;
      INSERT INTO sales SELECT i, i FROM generate_series(1, 300) i;`,
    );
    const look = () =>
      execute(
        url,
        `SELECT (SELECT count(*) FROM goods WHERE code::text = name) AS goods,
          (SELECT count(*) FROM sales JOIN goods USING (code) WHERE code::text = id::text OR id = 3) AS sales,
          (SELECT code FROM sales WHERE id = 3) AS moved,
          (SELECT string_agg(format_type(atttypid, atttypmod), ',' ORDER BY attname) FROM pg_attribute
            WHERE attrelid IN ('goods'::regclass, 'sales'::regclass) AND attname IN ('code', 'at')) AS types,
          (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' ORDER BY conname) FROM pg_constraint
            WHERE contype <> 'n' AND conrelid IN ('goods'::regclass, 'sales'::regclass)) AS constraints`,
      );
    const write = (code: number) =>
      `INSERT INTO goods (code, name) VALUES ('${code}', '${code}');
       INSERT INTO sales (id, code) VALUES (${code}, '${code}');
       UPDATE goods SET code = '${code + 5000}', name = '${
        code + 5000
      }' WHERE name = '${code - 1 + 5000}' OR name = '3';
       SELECT 1 / count(*) FROM sold;
       DO $$ BEGIN ASSERT has_column_privilege('public', 'goods', 'code', 'SELECT'); END $$`;
    await run(url, ups(files), (n) => write(1000 + n));
    const [there] = await look();
    assert.match(there?.moved ?? "", /^60\d\d$/);
    assert.equal(there?.goods, there?.sales);
    assert.equal(
      there?.types,
      "timestamp with time zone,integer,integer",
    );
    assert.equal(
      there?.constraints,
      "goods_code_check CHECK ((code > 0)), goods_pkey PRIMARY KEY (code), sales_code_fkey FOREIGN KEY (code) REFERENCES goods(code) ON UPDATE CASCADE, sales_pkey PRIMARY KEY (id)",
    );
    await execute(
      url,
      "UPDATE goods SET code = 2999, name = '2999' WHERE name = (SELECT code::text FROM sales WHERE id = 3)",
    );
    await run(url, downs(files).slice(0, 1), (n) => write(2000 + n));
    const columns = await execute(
      url,
      "SELECT count(*) FILTER (WHERE code_new IS DISTINCT FROM code::integer OR at_new IS DISTINCT FROM at::timestamptz) AS stale, count(*) AS all FROM sales",
    );
    assert.equal(columns[0]?.stale, "0");
    await run(url, downs(files).slice(1), (n) => write(3000 + n));
    const [back] = await look();
    assert.equal(back?.goods, back?.sales);
    assert.equal(back?.types, "timestamp without time zone,text,text");
    const left = await execute(
      url,
      "SELECT count(*) AS n FROM pg_trigger WHERE NOT tgisinternal",
    );
    assert.equal(left[0]?.n, "1");
  });
});

Deno.test("scaffolding goes over to types without an equality operator, in all partitions and tables that inherit, whose indexes are built before; a second backfill writes nothing [P16]", async () => {
  const schema = (json: string, point: string, number: string, id: string) => `
    CREATE TABLE n (id ${id} GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY);
    CREATE TABLE t (id integer PRIMARY KEY, j ${json}, p ${point} NOT NULL);
    CREATE TABLE m (id integer PRIMARY KEY, v ${number} NOT NULL) PARTITION BY RANGE (id);
    CREATE TABLE m1 PARTITION OF m FOR VALUES FROM (0) TO (100);
    CREATE TABLE m2 PARTITION OF m FOR VALUES FROM (100) TO (10000) PARTITION BY RANGE (id);
    CREATE TABLE m21 PARTITION OF m2 DEFAULT;
    ALTER TABLE m ADD CONSTRAINT m_key UNIQUE (id, v), ADD CONSTRAINT m_check CHECK (v IS NOT NULL);
    CREATE INDEX m_v ON m (v);
    CREATE INDEX own ON m1 (v, id);
    CREATE TABLE p (id integer, v ${number});
    CREATE TABLE c (w integer) INHERITS (p);
    CREATE INDEX p_v ON p (v);
    CREATE UNIQUE INDEX c_v ON c (v, w);`;
  const before = schema("text", "text", "text", "bigint");
  const files = await scaffolded({
    before,
    after: schema("json", "point", "integer", "smallint"),
  });
  await withDatabase(undefined, async ({ url }) => {
    await execute(
      url,
      `${before}
       INSERT INTO t VALUES (1, '{"a": 1}', '(1,2)'), (2, NULL, '(3,4)'), (3, 'null', '(5,6)');
       INSERT INTO n SELECT nextval('n_id_seq') FROM generate_series(1, 9);
       DELETE FROM n WHERE id > 2;
       INSERT INTO m SELECT i, i FROM generate_series(1, 300) i;
       INSERT INTO p SELECT i, i FROM generate_series(1, 9) i;
       INSERT INTO c SELECT i, i, i FROM generate_series(1, 9) i`,
    );
    const write = (n: number) =>
      `INSERT INTO m (id, v) VALUES (${n}, '${n}');
       INSERT INTO p (id, v) VALUES (${n}, '${n}');
       INSERT INTO c (id, v, w) VALUES (${n}, '${n}', 0)`;
    for (const way of ["up", "down"] as const) {
      const steps = files[2]?.text[way]?.split("-- pawl:step") ?? [];
      const swap = steps.filter((step) => step.includes("RENAME COLUMN"));
      assert.equal(swap.length, 1);
      assert.match(swap[0] ?? "", /UNIQUE USING INDEX m21_id_v_key_new/);
      assert.doesNotMatch(swap[0] ?? "", /CREATE (UNIQUE )?INDEX| CHECK /);
    }
    const [, backfill = ["", []] as const] = ups(files);
    await run(url, ups(files).slice(0, 1), (n) => write(1000 + n));
    // What was not filled is not thrown away.
    await assert.rejects(
      run(url, ups(files).slice(2), () => "SELECT 1"),
      /rows of public\.\w+ have no \w+ yet/,
    );
    await run(url, [backfill], (n) => write(1500 + n));
    const places =
      "SELECT (SELECT string_agg(ctid::text, ' ' ORDER BY id) FROM t) AS t, (SELECT string_agg(ctid::text, ' ' ORDER BY id) FROM m) AS m";
    const once = await execute(url, places);
    await run(url, [backfill], () => "SELECT 1");
    assert.deepEqual(await execute(url, places), once);
    await run(url, ups(files).slice(2), (n) => write(2000 + n));
    const values =
      "SELECT string_agg(concat_ws(' ', j::text, p::text), '; ' ORDER BY id) AS t, (SELECT count(*) FROM (SELECT id, v FROM m UNION ALL SELECT id, v FROM p) x WHERE v::text IS DISTINCT FROM id::text) AS m FROM t";
    const next = "INSERT INTO n DEFAULT VALUES RETURNING id";
    // The numbers of rows that are gone are not given again.
    assert.deepEqual(await execute(url, next), [{ id: "10" }]);
    await execute(url, "DELETE FROM n WHERE id > 2");
    const rows = [{ t: '{"a": 1} (1,2); (3,4); null (5,6)', m: "0" }];
    assert.deepEqual(await execute(url, values), rows);
    await run(url, downs(files), (n) => write(3000 + n));
    assert.deepEqual(await execute(url, values), rows);
    assert.deepEqual(await execute(url, next), [{ id: "11" }]);
  });
});

Deno.test("a rename that is told with --scaffold is a migration before the three [P16, P53]", async () => {
  const before =
    "CREATE TABLE people (id bigint PRIMARY KEY, mail text, age text)";
  const files = await scaffolded({
    before,
    after:
      "CREATE TABLE persons (id bigint PRIMARY KEY, email text, age integer NOT NULL)",
    renames: [
      {
        from: ["people", "mail"],
        to: ["email"],
        shown: "people.mail=email",
        mayBeDone: false,
      },
      {
        from: ["people"],
        to: ["persons"],
        shown: "people=persons",
        mayBeDone: false,
      },
    ],
  });
  assert.equal(files[0]?.step, "rename");
  assert.equal(files.length, 4);
  await withDatabase(undefined, async ({ url }) => {
    await execute(url, `${before}; INSERT INTO people VALUES (1, 'a@b', '30')`);
    await run(url, ups(files), () => "SELECT 1");
    const rows = [{ id: "1", email: "a@b", age: "30" }];
    const read = (table: string) =>
      execute(
        url,
        `SELECT id, ${table} FROM ${
          table === "email, age" ? "persons" : "people"
        }`,
      );
    assert.deepEqual(await read("email, age"), rows);
    await run(url, downs(files), () => "SELECT 1");
    assert.deepEqual(await read("mail AS email, age"), rows);
  });
});
