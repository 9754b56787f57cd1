import assert from "@std/assert";
import {
  indexColumns,
  indexTail,
  withoutParameters,
  writeIndex,
} from "./index_definition.ts";

const HOSTILE =
  `CREATE UNIQUE INDEX "a USING b" ON ONLY public."t; WHERE" USING btree (lower((x || ' WHERE ('::text)), y) WHERE (x <> ' WITH ('::text)`;

Deno.test("indexTail() is the same whatever index and table are called", () => {
  assert.equal(
    indexTail(HOSTILE),
    "USING btree (lower((x || ' WHERE ('::text)), y) WHERE (x <> ' WITH ('::text)",
  );
  assert.equal(indexTail("USING btree (a)"), "USING btree (a)");
});

Deno.test("writeIndex() puts parameters and tablespace before the condition", () => {
  const index = {
    on: 'public."t; WHERE"',
    definition: HOSTILE,
    unique: true,
    parameters: { fillfactor: "70", odd: "it's" },
    tablespace: "Fast disk",
  };
  assert.equal(
    writeIndex(index, { name: "x y", concurrently: true }),
    `CREATE UNIQUE INDEX CONCURRENTLY "x y" ON public."t; WHERE" USING btree (lower((x || ' WHERE ('::text)), y) WITH (fillfactor=70, odd='it''s') TABLESPACE "Fast disk" WHERE (x <> ' WITH ('::text)`,
  );
  assert.equal(
    writeIndex({ on: "s.t", definition: "USING hash (a)", unique: false }, {
      on: "s.p",
      only: true,
      ifNotExists: true,
      name: "i",
    }),
    "CREATE INDEX IF NOT EXISTS i ON ONLY s.p USING hash (a)",
  );
});

Deno.test("withoutParameters() takes WITH out and leaves the rest", () => {
  assert.equal(
    withoutParameters(
      "CREATE INDEX i ON s.t USING btree (a) WITH (fillfactor='70') WHERE (a > 0)",
    ),
    "CREATE INDEX i ON s.t USING btree (a) WHERE (a > 0)",
  );
  assert.equal(
    withoutParameters("CREATE INDEX i ON s.t USING btree (a)"),
    "CREATE INDEX i ON s.t USING btree (a)",
  );
});

Deno.test("indexColumns() names columns, and says nothing of expressions", () => {
  const columns = (list: string) => indexColumns(`USING btree ${list}`);
  assert.deepEqual(
    columns(
      `(a COLLATE "C" text_pattern_ops (x='1') DESC, "B ""b") INCLUDE (c) NULLS NOT DISTINCT WHERE (d > 0)`,
    ),
    ["a", 'B "b', "c"],
  );
  assert.equal(columns("(a, lower(b))"), undefined);
  assert.equal(columns("((a + b))"), undefined);
  assert.equal(columns("(s.f(a))"), undefined);
});
