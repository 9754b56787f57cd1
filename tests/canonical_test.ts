/**
 * One DDL text hashes the same on every version, object by object, and after
 * its own DDL was loaded again. `PAWL_TEST_POSTGRES` says which versions; on
 * one alone, what was read is compared with what was read after the reload.
 *
 * @module
 */

import assert from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  differences,
  type ReadSchema,
  reloaded,
  schemaOn,
  type Target,
} from "./support/six_servers.ts";
import { targetsUnderTest } from "./support/servers.ts";

/** What versions, or a dump and its loading, write differently. */
const DDL = `
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE t (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  a integer DEFAULT -1,
  b text DEFAULT 'x' || 'y',
  c varchar(20) DEFAULT 'new' CHECK (c IN ('new', 'old')),
  f numeric(10, 2) DEFAULT -1.5::numeric CHECK (f > -(2.5::numeric)),
  m mood DEFAULT 'ok' CHECK (m IN ('sad', 'ok')),
  g text[] DEFAULT ARRAY['a', 'b']::varchar[],
  d timestamptz DEFAULT now(),
  y numeric GENERATED ALWAYS AS (EXTRACT(year FROM d AT TIME ZONE 'UTC')) STORED,
  k boolean GENERATED ALWAYS AS (c = ANY (ARRAY['new', 'old'])) STORED,
  CHECK (a BETWEEN -5 AND 5 AND (b <> '' AND c <> ALL (ARRAY['bad', 'worse'])))
);
CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t ON DELETE CASCADE, x text);
CREATE INDEX t_open ON t (lower(b), f DESC) WHERE c IN ('new', 'old') AND f > -1.5;
CREATE INDEX t_kind ON t ((c IN ('new', 'old')), (-f)) WITH (fillfactor = 70) WHERE k;
CREATE TABLE p (a integer, n numeric, s text) PARTITION BY RANGE (a, n);
CREATE TABLE p_low PARTITION OF p FOR VALUES FROM (MINVALUE, MINVALUE) TO (-1, -1.50);
CREATE INDEX p_s ON p (s);
CREATE VIEW one AS SELECT id, a AS b, b AS a, (SELECT true) AS yes FROM t WHERE c IN ('new', 'old') ORDER BY a, b;
CREATE VIEW alias AS SELECT x.id, x.g[1] AS first FROM t AS x WHERE x.a > -2;
CREATE VIEW several AS SELECT t.id, u.id AS uid FROM t JOIN u ON u.t_id = t.id WHERE EXISTS (SELECT true FROM u v WHERE v.x = t.b);
CREATE VIEW nested AS SELECT s.b, s.n FROM (SELECT b, count(*) AS n FROM t GROUP BY b) s WHERE s.n > 1;
CREATE VIEW united AS SELECT id, NULL::integer, 'x' AS x FROM t UNION ALL SELECT id, NULL::integer, x FROM u;
CREATE VIEW common AS WITH w AS (SELECT id, true FROM t) SELECT w.id FROM w;
CREATE VIEW grouped AS SELECT c, sum(a) FILTER (WHERE a > -1) AS n FROM t GROUP BY ROLLUP (c) HAVING count(*) > 1;
CREATE VIEW windowed AS SELECT id, rank() OVER w AS r FROM t WINDOW w AS (PARTITION BY c ORDER BY f DESC);
CREATE VIEW called AS SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g(n, o);
CREATE VIEW listed AS SELECT v.n FROM (VALUES (1, true), (2, false)) AS v(n, yes) WHERE v.yes;
CREATE TABLE old (id integer, b text);
CREATE VIEW ruled AS SELECT old.*::old AS o, (SELECT max(new.id) FROM u new WHERE new.x = old.b) AS n FROM old JOIN t old_1 USING (id);
CREATE MATERIALIZED VIEW kept_old AS SELECT b FROM old;
CREATE MATERIALIZED VIEW kept AS SELECT c, count(*) AS n FROM t GROUP BY c;
CREATE FUNCTION known(a integer DEFAULT -5, z text[] DEFAULT ARRAY['a']::varchar[]) RETURNS boolean LANGUAGE sql
  RETURN a IN (1, 2) AND EXISTS (SELECT true FROM t WHERE t.c IN ('new', 'old'));
CREATE POLICY own ON t USING (c IN ('new', 'old') AND EXISTS (SELECT true FROM u WHERE u.t_id = t.id));
CREATE RULE log AS ON INSERT TO u WHERE new.x IN ('a', 'b') DO ALSO UPDATE t SET a = (SELECT count(*) FROM u) WHERE f > -1.5;
`;

const targets = targetsUnderTest();

/** What each target reads of some DDL, and of the DDL of what it read. */
async function everywhere(sql: string): Promise<ReadSchema[]> {
  const schemas = await Promise.all(
    targets.map(async (target) => await twice(target, sql)),
  );
  return schemas.flat();
}

async function twice(target: Target, sql: string): Promise<ReadSchema[]> {
  const schema = await schemaOn(target, sql);
  const again = await reloaded(schema, target);
  return [{ name: String(target), schema }, {
    name: `${target} reloaded`,
    schema: again,
  }];
}

Deno.test(`one DDL text is one schema on ${targets.join(", ")}, before and after a reload`, async () => {
  const schemas = await everywhere(DDL);
  assert.ok((schemas[0]?.schema.objects.size ?? 0) > 40);
  assert.deepEqual(await differences(schemas), []);
});

Deno.test("differences() tells the field and where it is what", async () => {
  const [target = 18] = targets;
  const schemas = [
    {
      name: "one",
      schema: await schemaOn(target, "CREATE TABLE t (a integer DEFAULT -1)"),
    },
    {
      name: "two",
      schema: await schemaOn(target, "CREATE TABLE t (a integer DEFAULT -2)"),
    },
    {
      name: "three",
      schema: await schemaOn(target, "CREATE TABLE t (a integer DEFAULT '-1')"),
    },
  ];
  assert.deepEqual(await differences(schemas), [{
    address: "column:public.t.a",
    field: "default",
    values: [
      { names: ["one", "three"], value: `"'-1'::integer"` },
      { names: ["two"], value: `"'-2'::integer"` },
    ],
  }]);
});

/** Dumps of other projects; absent in a user's clone. */
const SCHEMAS = fileURLToPath(
  new URL("../../shared/data/schemas", import.meta.url),
);

for (const name of ["chinook", "dependencytrack", "temporal_visibility"]) {
  const file = `${SCHEMAS}/${name}.sql`;
  Deno.test({
    name: `${name}.sql is one schema on ${
      targets.join(", ")
    }, before and after a reload`,
    ignore: !exists(file),
    fn: async () => {
      assert.deepEqual(
        await differences(await everywhere(await Deno.readTextFile(file))),
        [],
      );
    },
  });
}

function exists(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error(`No ${file}: its test is skipped.`);
    return false;
  }
}
