/**
 * What a plan takes away for a moment comes back in the same transaction: what
 * must be committed by itself goes before, or behind it.
 *
 * @module
 */

import assert from "@std/assert";
import { readSchema } from "../lib/catalog/read.ts";
import { planBothWays } from "../lib/change/change_plan.ts";
import { type Bench, loadInto, openBench } from "./support/bench.ts";

/** Both schemas, and beginnings of statements that one transaction holds. */
const PLANS: Readonly<
  Record<string, {
    readonly from: string;
    readonly to: string;
    readonly together: readonly string[];
  }>
> = {
  "a type is made anew with the policies and views that use it": {
    from: `CREATE TYPE mood AS ENUM ('sad', 'ok', 'old');
      CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL);
      CREATE INDEX t_m ON t (m) WHERE m = 'ok';
      ALTER TABLE t ENABLE ROW LEVEL SECURITY;
      CREATE POLICY guard ON t AS RESTRICTIVE USING (m <> 'sad');
      CREATE VIEW v AS SELECT id FROM t WHERE m = 'ok';`,
    to: `CREATE TYPE mood AS ENUM ('sad', 'ok');
      CREATE TABLE t (id integer PRIMARY KEY, m mood NOT NULL);
      CREATE INDEX t_m ON t (m) WHERE m = 'ok';
      ALTER TABLE t ENABLE ROW LEVEL SECURITY;
      CREATE POLICY guard ON t AS RESTRICTIVE USING (m <> 'sad');
      CREATE VIEW v AS SELECT id FROM t WHERE m = 'ok';`,
    together: [
      "ALTER POLICY guard ON public.t USING (false)",
      "DROP VIEW public.v",
      "DROP INDEX public.t_m",
      "ALTER TABLE public.t ALTER COLUMN m TYPE",
      "CREATE VIEW public.v",
      "ALTER POLICY guard ON public.t USING ((m",
    ],
  },
  "a value is added to a type while a view is replaced": {
    from: `CREATE TYPE mood AS ENUM ('sad', 'ok');
      CREATE TABLE t (a integer, m mood);
      CREATE VIEW v AS SELECT a FROM t;`,
    to: `CREATE TYPE mood AS ENUM ('sad', 'ok', 'new');
      CREATE TABLE t (a bigint, m mood);
      CREATE VIEW v AS SELECT a FROM t;`,
    together: ["DROP VIEW", "ALTER TABLE public.t ALTER", "CREATE VIEW"],
  },
  "an index goes that a constraint in use stands on, and others go with a function":
    {
      from: `CREATE TABLE t (a integer);
      CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
      CREATE INDEX t_f ON t (f(a));
      CREATE VIEW v AS SELECT f(a) AS b FROM t;`,
      to: `CREATE TABLE t (a integer);
      CREATE FUNCTION f(y integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
      CREATE INDEX t_f ON t (f(a));
      CREATE VIEW v AS SELECT f(a) AS b FROM t;`,
      together: [
        "DROP VIEW",
        "DROP FUNCTION",
        "CREATE FUNCTION",
        "CREATE VIEW",
      ],
    },
  "partitions give up values to others, and columns become NOT NULL": {
    from: `CREATE TABLE m (id integer, v text) PARTITION BY LIST (id);
      CREATE TABLE m1 PARTITION OF m FOR VALUES IN (1, 4);
      CREATE TABLE m2 PARTITION OF m FOR VALUES IN (2);`,
    to: `CREATE TABLE m (id integer, v text NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE m1 PARTITION OF m FOR VALUES IN (1);
      CREATE TABLE m2 PARTITION OF m FOR VALUES IN (2, 4);
      CREATE TABLE md PARTITION OF m DEFAULT;`,
    together: [
      "ALTER TABLE public.m DETACH PARTITION public.m1",
      "ALTER TABLE public.m DETACH PARTITION public.m2",
      "ALTER TABLE ONLY public.m ATTACH PARTITION public.m1",
      "ALTER TABLE ONLY public.m ATTACH PARTITION public.m2",
    ],
  },
  "a partition goes over to another table, whose columns are NOT NULL": {
    from: `CREATE TABLE a (id integer, v text) PARTITION BY LIST (id);
      CREATE TABLE b (id integer, v text NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE p PARTITION OF a FOR VALUES IN (1);`,
    to: `CREATE TABLE a (id integer, v text) PARTITION BY LIST (id);
      CREATE TABLE b (id integer, v text NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE p PARTITION OF b FOR VALUES IN (1);`,
    together: [
      "ALTER TABLE public.a DETACH PARTITION public.p",
      "ALTER TABLE ONLY public.b ATTACH PARTITION public.p",
    ],
  },
  "a key is exchanged that a foreign key refers to, and a view groups by": {
    from:
      `CREATE TABLE t (id integer, b integer, CONSTRAINT t_pkey PRIMARY KEY (id));
      CREATE TABLE u (t integer CONSTRAINT u_t REFERENCES t (id));
      CREATE VIEW v AS SELECT id, b FROM t GROUP BY id;`,
    to:
      `CREATE TABLE t (id integer, b integer, CONSTRAINT t_pkey PRIMARY KEY (id) INCLUDE (b));
      CREATE TABLE u (t integer CONSTRAINT u_t REFERENCES t (id));
      CREATE VIEW v AS SELECT id, b FROM t GROUP BY id;`,
    together: [
      "DROP VIEW",
      "ALTER TABLE public.u DROP CONSTRAINT u_t",
      "ALTER TABLE public.t DROP CONSTRAINT t_pkey, ADD CONSTRAINT",
      "ALTER TABLE public.u ADD CONSTRAINT u_t",
      "CREATE VIEW",
    ],
  },
  "an index is exchanged that a foreign key refers to, and the key of a partitioned table":
    {
      from: `CREATE TABLE t (id integer, b integer);
      CREATE UNIQUE INDEX t_i ON t (id);
      CREATE TABLE p (id integer, b integer, CONSTRAINT pk PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF p DEFAULT;
      CREATE TABLE u (t integer CONSTRAINT u_t REFERENCES t (id), p integer CONSTRAINT u_p REFERENCES p);`,
      to: `CREATE TABLE t (id integer, b integer);
      CREATE UNIQUE INDEX t_i ON t (id) INCLUDE (b);
      CREATE TABLE p (id integer, b integer, CONSTRAINT pk PRIMARY KEY (id) INCLUDE (b)) PARTITION BY RANGE (id);
      CREATE TABLE p1 PARTITION OF p DEFAULT;
      CREATE TABLE u (t integer CONSTRAINT u_t REFERENCES t (id), p integer CONSTRAINT u_p REFERENCES p);`,
      together: [
        "ALTER TABLE public.u DROP CONSTRAINT u_p",
        "ALTER TABLE public.p DROP CONSTRAINT pk",
        "ALTER TABLE public.u DROP CONSTRAINT u_t",
        "ALTER TABLE public.p ADD CONSTRAINT pk",
        "ALTER TABLE public.u ADD CONSTRAINT u_p",
        "DROP INDEX public.t_i",
        "ALTER INDEX public.t_i_pawl RENAME TO t_i",
        "ALTER TABLE public.u ADD CONSTRAINT u_t",
      ],
    },
  "a partitioned table is made anew, with its keys": {
    from: `CREATE TABLE t (id integer PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
      CREATE TABLE u (t integer CONSTRAINT u_t REFERENCES t);`,
    to: `CREATE TABLE t (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
      CREATE TABLE u (t bigint CONSTRAINT u_t REFERENCES t);`,
    together: [
      "ALTER TABLE public.u DROP CONSTRAINT u_t",
      "ALTER TABLE public.t DETACH PARTITION public.t1",
      "ALTER TABLE ONLY public.t ATTACH PARTITION public.t1",
      "DROP TABLE public.t__pawl_old",
      "ALTER TABLE public.t ADD CONSTRAINT t_pkey",
      "ALTER TABLE public.u ADD CONSTRAINT u_t",
    ],
  },
  "a unique column gets a type that its values may not fit": {
    from:
      "CREATE TABLE t (a text UNIQUE, b text); CREATE UNIQUE INDEX i ON t (b) WHERE b > '1';",
    to:
      "CREATE TABLE t (a integer UNIQUE NULLS NOT DISTINCT, b integer); CREATE UNIQUE INDEX i ON t (b) WHERE b > 1;",
    together: [
      "ALTER TABLE public.t DROP CONSTRAINT t_a_key",
      "ALTER TABLE public.t ADD CONSTRAINT t_a_key",
      "CREATE UNIQUE INDEX i",
    ],
  },
  "a default gives way to an identity": {
    from: `CREATE SEQUENCE s;
      CREATE TABLE g (i integer DEFAULT nextval('s'), n text);`,
    to: `CREATE SEQUENCE s;
      CREATE TABLE g (i integer GENERATED ALWAYS AS IDENTITY, n text);`,
    together: [
      "ALTER TABLE ONLY public.g ALTER COLUMN i DROP DEFAULT",
      "ALTER TABLE public.g ALTER COLUMN i ADD GENERATED",
    ],
  },
};

Deno.test("what a plan takes away comes back in the same transaction", async (t) => {
  const bench = await openBench("embedded");
  try {
    for (const [name, { from, to, together }] of Object.entries(PLANS)) {
      await t.step(name, async () => {
        const { up } = await planBothWays(
          await read(bench, from),
          await read(bench, to),
        );
        const steps = up.steps.map(({ statements, transactional }) => ({
          transactional,
          sql: statements.map(({ sql }) => sql),
        }));
        const [first = ""] = together;
        const step = steps.find(({ sql }) =>
          sql.some((text) => text.startsWith(first))
        );
        const found = together.map((start) =>
          step?.sql.findIndex((text) => text.startsWith(start)) ?? -1
        );
        const shown = JSON.stringify(steps, null, 2);
        assert.ok(step?.transactional === true, shown);
        assert.ok(!found.includes(-1), shown);
        assert.deepEqual(found, found.toSorted((a, b) => a - b), shown);
      });
    }
  } finally {
    await bench.close();
  }
});

async function read(bench: Bench, sql: string) {
  await bench.clear();
  assert.equal(await loadInto(bench, sql), undefined);
  return await readSchema(bench.session, {
    managedSchemas: undefined,
    historySchema: "pawl",
    dependencies: true,
  });
}
