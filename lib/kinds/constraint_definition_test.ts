import assert from "@std/assert";
import {
  keyIndexOf,
  timingClause,
  timingOf,
  withIndexClause,
} from "./constraint_definition.ts";

Deno.test("timingOf() takes the end off a definition and nothing else", () => {
  assert.deepEqual(
    timingOf("UNIQUE (a) DEFERRABLE INITIALLY DEFERRED NOT ENFORCED"),
    { base: "UNIQUE (a)", deferrable: true, deferred: true, enforced: false },
  );
  const check = "CHECK ((a <> ' DEFERRABLE'::text)) NO INHERIT";
  assert.equal(timingOf(check).base, check);
});

Deno.test("timingClause() says what ALTER CONSTRAINT is to make of a foreign key", () => {
  const clause = (end: string) =>
    timingClause(timingOf(`FOREIGN KEY (a)${end}`));
  assert.equal(clause(""), "NOT DEFERRABLE");
  assert.equal(clause(" DEFERRABLE"), "DEFERRABLE INITIALLY IMMEDIATE");
  assert.equal(
    clause(" DEFERRABLE INITIALLY DEFERRED"),
    "DEFERRABLE INITIALLY DEFERRED",
  );
});

Deno.test("keyIndexOf() is the index that a key can be made of", () => {
  assert.deepEqual(
    keyIndexOf(`UNIQUE NULLS NOT DISTINCT (a, "b ) c") INCLUDE (d) DEFERRABLE`),
    {
      tail: `btree (a, "b ) c") INCLUDE (d) NULLS NOT DISTINCT`,
      type: "UNIQUE",
      timing: " DEFERRABLE",
    },
  );
  assert.equal(keyIndexOf("PRIMARY KEY (a)")?.type, "PRIMARY KEY");
  assert.equal(keyIndexOf("PRIMARY KEY (a, b WITHOUT OVERLAPS)"), undefined);
  assert.equal(keyIndexOf("EXCLUDE USING gist (a WITH &&)"), undefined);
  assert.equal(keyIndexOf("CHECK (true)"), undefined);
});

Deno.test("withIndexClause() stands before DEFERRABLE, and before an exclusion's WHERE", () => {
  const storage = { parameters: { fillfactor: "70" }, tablespace: "fast" };
  assert.equal(
    withIndexClause({ definition: "UNIQUE (a) DEFERRABLE", ...storage }),
    "UNIQUE (a) WITH (fillfactor=70) USING INDEX TABLESPACE fast DEFERRABLE",
  );
  assert.equal(
    withIndexClause({
      definition:
        "EXCLUDE USING gist (a WITH &&) WHERE ((b <> ' WHERE ('::text)) DEFERRABLE",
      ...storage,
    }),
    "EXCLUDE USING gist (a WITH &&) WITH (fillfactor=70) USING INDEX TABLESPACE fast WHERE ((b <> ' WHERE ('::text)) DEFERRABLE",
  );
  assert.equal(withIndexClause({ definition: "UNIQUE (a)" }), "UNIQUE (a)");
});
