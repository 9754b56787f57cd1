/**
 * The proof itself: it finds SQL that leaves something undone, does too much,
 * loses rows without saying so, or does not run; and a bench is as empty as a
 * new database whatever was in it.
 *
 * @module
 */

import assert from "@std/assert";
import { readSchema } from "../lib/catalog/read.ts";
import { planBothWays, statementsOf } from "../lib/change/change_plan.ts";
import { prove } from "../lib/change/prove.ts";
import { sliceOf } from "../lib/plan/mod.ts";
import { ddlScript } from "../lib/render/ddl_script.ts";
import { makeSchema } from "../lib/schema/schema.ts";
import { type Bench, loadInto, openBench } from "./support/bench.ts";
import {
  type Goal,
  loadGoal,
  type Problem,
  provePlan,
} from "./support/converge.ts";
import { dumpDifferences } from "./support/pg_dump.ts";
import { planOf } from "./support/planned.ts";
import { targetsUnderTest } from "./support/servers.ts";

const FROM = "CREATE TABLE t (a integer PRIMARY KEY, b text);";
const TO =
  "CREATE TABLE t (a integer PRIMARY KEY, b text, c text NOT NULL DEFAULT 'x'); CREATE INDEX t_b ON t (b);";

async function goal(bench: Bench, sql: string): Promise<Goal> {
  const loaded = await loadGoal(bench, sql);
  if (!("schema" in loaded)) throw new Error(loaded.message);
  return loaded;
}

for (const target of targetsUnderTest()) {
  Deno.test(`a proof finds what is wrong with the SQL (${target})`, async () => {
    const bench = await openBench(target);
    try {
      const from = await goal(bench, FROM);
      const to = await goal(bench, TO);
      const options = { locking: true };
      const plan = await planOf(bench, [from.schema, to.schema], options);
      const problems = async (script: string): Promise<readonly Problem[]> => {
        const proof = await provePlan(
          bench,
          { from, to, plan: { ...plan, script } },
          options,
        );
        assert.equal(proof.filled, 1, "t has no rows");
        return proof.problems;
      };
      const stages = async (script: string) =>
        (await problems(script)).map(({ stage }) => stage);

      assert.deepEqual(await problems(plan.script), []);
      assert.deepEqual(await stages(""), ["schema"]);
      assert.deepEqual(await stages(`${plan.script}\nDROP INDEX t_b;`), [
        "schema",
      ]);
      assert.deepEqual(
        await stages(`${plan.script}\nCREATE TABLE public.u ();`),
        ["schema"],
      );
      assert.deepEqual(
        await stages(`${plan.script}\nDELETE FROM public.t WHERE a = 1;`),
        ["rows"],
      );
      assert.deepEqual(
        await stages(`${plan.script}\nUPDATE public.t SET b = 'other';`),
        ["rows"],
      );
      const [refused] = await problems(
        `${plan.script}\nSELECT 1;\nCREATE TABLE public.t ();\nSELECT 2;`,
      );
      assert.equal(refused?.stage, "run");
      assert.match(refused?.summary ?? "", /relation "t" already exists/);
      assert.deepEqual(refused?.details, ["CREATE TABLE public.t ()"]);
    } finally {
      await bench.close();
    }
  });

  Deno.test(`a cleared bench is as empty as a new database (${target})`, async () => {
    const bench = await openBench(target);
    try {
      const empty = await goal(bench, "");
      const { session } = bench;
      for (
        const [sql, emptied] of [[EVERYTHING, true], [PUBLIC, false]] as const
      ) {
        assert.equal(await loadInto(bench, sql), undefined);
        const again = await goal(bench, "");
        // What cannot be undone object by object takes a new database.
        assert.equal(bench.session === session, emptied);
        assert.deepEqual(
          dumpDifferences(again.dump ?? "", empty.dump ?? ""),
          [],
        );
        assert.deepEqual(
          [...again.schema.objects.keys()],
          [...empty.schema.objects.keys()],
        );
      }
    } finally {
      await bench.close();
    }
  });
}

/** What comes from beyond that which changes: from a partitioned table, from default privileges. */
const SLICED = [
  "constraint/table_attached",
  "index/table_attached",
  "domain/what_is_about_it",
  "privilege/columns",
];

Deno.test("a change is proved on the part of the schema that it is about", async (t) => {
  const file = (path: string) =>
    Deno.readTextFileSync(new URL(`cases/${path}.sql`, import.meta.url));
  const bench = await openBench("embedded", file("roles"));
  const options = {
    managedSchemas: undefined,
    historySchema: "pawl",
    dependencies: true,
  };
  const read = async (sql: string) => {
    await bench.clear();
    assert.equal(await loadInto(bench, sql), undefined);
    return await readSchema(bench.session, options);
  };
  const beside = "CREATE TABLE beside (a integer);";
  try {
    for (const name of SLICED) {
      const from = await read(beside + file(`${name}/from`));
      const to = await read(beside + file(`${name}/to`));
      for (const [a, b] of [[from, to], [to, from]] as const) {
        await t.step(`${name} ${a === from ? "there" : "back"}`, async () => {
          const plan = await planBothWays(a, b);
          const touched = [plan.up, plan.down].flatMap(statementsOf);
          const within = sliceOf(
            [a, b],
            touched.map(({ address }) => address),
          );
          const has = within.map(({ objects }) =>
            objects.has("table:public.beside")
          );
          assert.deepEqual(has, [false, false]);
          await bench.clear();
          await bench.session.script(ddlScript(within[0]).sql);
          await bench.session.script("RESET ALL");
          await prove(
            bench.session,
            { plan, from: a, to: b },
            { read: options, within },
          );
        });
      }
    }
  } finally {
    await bench.close();
  }
});

Deno.test("the way back need not make an index invalid again", async () => {
  const bench = await openBench("embedded");
  try {
    const options = {
      managedSchemas: undefined,
      historySchema: "pawl",
      dependencies: true,
    };
    const table = "CREATE TABLE t (a integer, b integer);";
    const read = async (sql: string) => {
      await bench.clear();
      assert.equal(await loadInto(bench, table + sql), undefined);
      return await readSchema(bench.session, options);
    };
    const whole = await read(
      "CREATE UNIQUE INDEX u ON t (a); CREATE INDEX i ON t (b);",
    );
    // As a concurrent build that was interrupted leaves them.
    const from = makeSchema(
      [...whole.objects.values()].map((object) =>
        object.kind === "index"
          ? { ...object, payload: { ...object.payload, valid: false } }
          : object
      ),
      whole,
    );
    const to = await read(
      "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a); CREATE INDEX i ON t (b);",
    );
    const plan = await planBothWays(from, to);
    assert.match(
      JSON.stringify(plan.up.steps),
      /REINDEX INDEX CONCURRENTLY public\.i/,
    );
    await bench.clear();
    await bench.session.script(ddlScript(from).sql);
    await bench.session.script("RESET ALL");
    await prove(bench.session, { plan, from, to }, { read: options });
  } finally {
    await bench.close();
  }
});

const EVERYTHING = `
  CREATE SCHEMA s;
  CREATE EXTENSION pg_trgm SCHEMA s;
  CREATE TYPE s.c AS (a integer);
  CREATE CAST (s.c AS text) WITH INOUT;
  CREATE CAST (integer AS macaddr) WITH INOUT;
  CREATE DOMAIN public.d AS integer;
  CREATE TABLE public.t (a integer GENERATED BY DEFAULT AS IDENTITY, b public.d);
  CREATE TABLE public.u (a serial PRIMARY KEY, c s.c);
  CREATE VIEW public.v AS SELECT * FROM public.u;
  CREATE FUNCTION public.f(public.u) RETURNS integer LANGUAGE sql AS 'SELECT 1';
  CREATE AGGREGATE public.total(integer) (SFUNC = int4pl, STYPE = integer);
  CREATE OPERATOR public.=#= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq);
  CREATE OPERATOR FAMILY public.family USING btree;
  CREATE OPERATOR CLASS public.class FOR TYPE integer USING hash AS OPERATOR 1 =;
  CREATE TEXT SEARCH DICTIONARY public.dictionary (TEMPLATE = simple);
  CREATE TEXT SEARCH CONFIGURATION public.configuration (COPY = simple);
  CREATE COLLATION public.collation (PROVIDER = libc, LOCALE = 'C');
  CREATE STATISTICS public.statistics ON a, c FROM public.u;
  CREATE FOREIGN DATA WRAPPER w;
  CREATE SERVER r FOREIGN DATA WRAPPER w;
  CREATE USER MAPPING FOR PUBLIC SERVER r;
  CREATE FOREIGN TABLE public.o (a integer) SERVER r;
  CREATE PUBLICATION p FOR ALL TABLES;
  CREATE FUNCTION public.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION public.e();
  ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
  ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO pg_monitor;
  SET search_path = s;
`;

const PUBLIC =
  "GRANT ALL ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'mine';";
