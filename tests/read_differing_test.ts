/**
 * Two live databases of which only a part is read: the plan is the one that
 * reading all of both makes, and so is what it is tried on.
 *
 * @module
 */

import assert from "@std/assert";
import {
  type ChangePlan,
  planBothWays,
  touchedBy,
} from "../lib/change/change_plan.ts";
import {
  type PartLimits,
  readDiffering,
  type ReadSide,
  readWhole,
} from "../lib/change/read_differing.ts";
import { diffSources } from "../lib/change/diff.ts";
import { PawlError } from "../lib/errors.ts";
import { openProject } from "../lib/migrate/project.ts";
import { connectServer } from "../lib/pg/server.ts";
import { sliceOf } from "../lib/plan/mod.ts";
import type { Schema } from "../lib/schema/schema.ts";
import { execute, serversUnderTest, withDatabase } from "./support/servers.ts";

/** However little there is, and however much of it matters. */
const ALWAYS: PartLimits = { least: 0, most: Infinity };

/** A port at which nobody listens. */
const NOWHERE = "postgres://postgres@127.0.0.1:1/nothing";

const OPTIONS = {
  managedSchemas: undefined,
  historySchema: "pawl",
  dependencies: true,
};

/** Tables that have to do with each other in all ways that there are, beside many that have to do with none. */
const BASE = `
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE numbers;
CREATE FUNCTION next_number() RETURNS int LANGUAGE sql AS 'SELECT nextval(''public.numbers'')::int';
CREATE TABLE users (id int PRIMARY KEY DEFAULT next_number(), name text, mood mood);
COMMENT ON COLUMN users.name IS 'how they are called';
CREATE FUNCTION sad_users() RETURNS SETOF users LANGUAGE sql AS 'SELECT * FROM users WHERE mood = ''sad''';
CREATE FUNCTION note_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM count(*) FROM public.orders; RETURN NEW; END';
CREATE TABLE orders (id serial PRIMARY KEY, buyer int REFERENCES users, amount positive, moods mood[]);
CREATE INDEX orders_amount ON orders (amount) WHERE amount > 10;
CREATE TRIGGER note BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note_it();
CREATE TABLE order_lines (order_id int REFERENCES orders, line int, whose users, PRIMARY KEY (order_id, line));
CREATE VIEW sad AS SELECT * FROM sad_users();
CREATE VIEW sums AS SELECT buyer, sum(amount) AS total FROM orders GROUP BY buyer;
CREATE VIEW big_sums AS SELECT * FROM sums WHERE total > 100;
CREATE MATERIALIZED VIEW kept_sums AS SELECT * FROM big_sums;
CREATE UNIQUE INDEX ON kept_sums (buyer);
CREATE TABLE days (day date NOT NULL, id int, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
CREATE TABLE days_2024 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE days_2025 PARTITION OF days FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shapes (id int, area int);
CREATE TABLE squares (side int) INHERITS (shapes);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (id IN (SELECT buyer FROM orders));
CREATE STATISTICS of_orders ON buyer, amount FROM orders;
DO $$BEGIN FOR i IN 1..40 LOOP
EXECUTE format('CREATE TABLE other_%s (id int PRIMARY KEY, before int REFERENCES other_%s, mood text)', i, greatest(i - 1, 1));
END LOOP; END$$;
`;

/** Changes, and what takes them back. */
const CHANGES: readonly (readonly [string, string])[] = [
  [
    "ALTER TABLE other_7 ADD COLUMN note text",
    "ALTER TABLE other_7 DROP COLUMN note",
  ],
  ["CREATE INDEX extra ON other_7 (before)", "DROP INDEX extra"],
  ["COMMENT ON TABLE other_7 IS 'x'", "COMMENT ON TABLE other_7 IS NULL"],
  ["CREATE TABLE new_one (id int REFERENCES other_3)", "DROP TABLE new_one"],
  [
    "ALTER TABLE other_7 ALTER mood TYPE varchar(10)",
    "ALTER TABLE other_7 ALTER mood TYPE text",
  ],
  [
    "ALTER TABLE other_7 DROP CONSTRAINT other_7_pkey CASCADE",
    "ALTER TABLE other_7 ADD PRIMARY KEY (id); ALTER TABLE other_8 ADD FOREIGN KEY (before) REFERENCES other_7",
  ],
  ["ALTER TABLE days ADD COLUMN n int", "ALTER TABLE days DROP COLUMN n"],
  ["CREATE INDEX on_days ON days (id)", "DROP INDEX on_days"],
  ["ALTER TABLE shapes ADD COLUMN n int", "ALTER TABLE shapes DROP COLUMN n"],
  ["ALTER TYPE mood ADD VALUE 'glad' BEFORE 'ok'", ""],
  [
    "ALTER DOMAIN positive ADD CHECK (VALUE < 1000)",
    "ALTER DOMAIN positive DROP CONSTRAINT positive_check1",
  ],
  [
    "CREATE OR REPLACE VIEW sums AS SELECT buyer, sum(amount) + 1 AS total FROM orders GROUP BY buyer",
    "",
  ],
  [
    "DROP VIEW sums CASCADE; CREATE VIEW sums AS SELECT sum(amount) AS total, buyer FROM orders GROUP BY buyer; CREATE VIEW big_sums AS SELECT * FROM sums WHERE total > 100; CREATE MATERIALIZED VIEW kept_sums AS SELECT * FROM big_sums; CREATE UNIQUE INDEX ON kept_sums (buyer)",
    "",
  ],
  ["ALTER TABLE order_lines ALTER line TYPE bigint", ""],
  [
    "ALTER TABLE users ADD COLUMN email text",
    "ALTER TABLE users DROP COLUMN email",
  ],
  [
    "CREATE OR REPLACE FUNCTION next_number() RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "",
  ],
  ["ALTER SEQUENCE numbers OWNED BY users.id", ""],
];

/** What of a plan is told. */
function told(plan: ChangePlan): unknown {
  return { ...plan, up: plan.up.steps, down: plan.down.steps };
}

function slices(
  schemas: readonly [Schema, Schema],
  plan: ChangePlan,
): unknown {
  return sliceOf(schemas, touchedBy(plan)).map(({ objects }) => [...objects]);
}

for (const version of serversUnderTest()) {
  Deno.test(`a part of two databases leads to the same plan as all of them (PostgreSQL ${version})`, () =>
    withDatabase(version, (from) =>
      withDatabase(version, async (to) => {
        const one = await connectServer(from.url);
        const two = await connectServer(to.url);
        try {
          await one.script(BASE);
          await two.script(BASE);
          const sides = [
            { session: one, options: OPTIONS },
            { session: two, options: OPTIONS },
          ] as const;
          for (const [change, back] of CHANGES) {
            await two.script(change);
            await leadsToTheSame(sides, change);
            if (back === "") await one.script(change);
            else await two.script(back);
          }
          // Whose it is, all in it is of which nobody says otherwise.
          await two.script("ALTER SCHEMA public OWNER TO pg_monitor");
          await leadsToTheSame(sides, "the schema's owner", false);
        } finally {
          await one.close();
          await two.close();
        }
      })));
}

async function leadsToTheSame(
  sides: readonly [ReadSide, ReadSide],
  change: string,
  partly = true,
): Promise<void> {
  const whole = [await readWhole(sides[0]), await readWhole(sides[1])] as const;
  const planOf = (from: Schema, to: Schema) => planBothWays(from, to);
  const part = await readDiffering(sides, {
    touched: async (from, to) => touchedBy(await planOf(from, to)),
    limits: ALWAYS,
  });
  const [planned, narrow] = [await planOf(...whole), await planOf(...part)];
  assert.deepEqual(told(narrow), told(planned), change);
  assert.deepEqual(slices(part, narrow), slices(whole, planned), change);
  const [all, some] = [whole[0].objects.size, part[0].objects.size];
  assert.equal(some < all, partly, `${change}: ${some} of ${all} were read`);
}

Deno.test("diff reads of two large databases a part, and waits for none that does not open", () =>
  withDatabase(undefined, (from) =>
    withDatabase(undefined, async (to) => {
      const many =
        "DO $$BEGIN FOR i IN 1..200 LOOP EXECUTE format('CREATE TABLE t_%s (id int)', i); END LOOP; END$$";
      await execute(from.url, many);
      await execute(
        to.url,
        `${many}; CREATE VIEW v AS SELECT 7 AS n, count(*) FROM t_7`,
      );
      const project = openProject();
      const { plan, from: start } = await diffSources(project, {
        from: from.url,
        to: to.url,
        prove: false,
      });
      assert.deepEqual(
        plan.up.steps.flatMap(({ statements }) => statements.map((s) => s.sql)),
        ["CREATE VIEW public.v AS\n SELECT 7 AS n,\n    count(*) AS count\n   FROM public.t_7"],
      );
      assert.ok(start.objects.size < 10, `${start.objects.size} objects`);
      const same = await diffSources(project, { from: to.url, to: to.url });
      assert.deepEqual(same.plan.up.steps, []);
      for (const sides of [[from.url, NOWHERE], [NOWHERE, from.url]] as const) {
        await assert.rejects(
          diffSources(project, { from: sides[0], to: sides[1] }),
          (error: unknown) =>
            error instanceof PawlError && error.code === "connection-failed",
        );
      }
    })));
