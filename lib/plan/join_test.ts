import assert from "@std/assert";
import type { PlannedStatement } from "./planned_statement.ts";
import { joinClauses, partsOf } from "./join.ts";

function statement(
  address: string,
  more: Partial<PlannedStatement> & { readonly table?: string } = {},
): PlannedStatement {
  const { table = "t", ...rest } = more;
  const clause = `ALTER COLUMN ${address} TYPE bigint`;
  return {
    address,
    action: "alter",
    phase: "create",
    sql: `ALTER TABLE ${table} ${clause}`,
    clause,
    ...rest,
  };
}

const REWRITE = { kind: "rewrite", reason: "t is written anew" } as const;

Deno.test("joinClauses() makes one statement of neighbours that alter one table, and says each hazard once", () => {
  const [joined, ...more] = joinClauses([
    statement("a", { hazards: [REWRITE] }),
    statement("b", {
      hazards: [REWRITE, { kind: "data-dependent", reason: "b may not fit" }],
    }),
  ]);
  assert.equal(more.length, 0);
  assert.equal(
    joined?.sql,
    "ALTER TABLE t\n    ALTER COLUMN a TYPE bigint,\n    ALTER COLUMN b TYPE bigint",
  );
  assert.deepEqual(joined?.hazards?.map(({ reason }) => reason), [
    "t is written anew",
    "b may not fit",
  ]);
  assert.deepEqual(
    joined === undefined ? [] : partsOf(joined).map(({ address }) => address),
    ["a", "b"],
  );
});

Deno.test("joinClauses() joins over what is said of the same columns afterwards", () => {
  const proof: PlannedStatement = {
    address: "a",
    action: "alter",
    phase: "create",
    sql: "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID",
  };
  assert.deepEqual(
    joinClauses([statement("a"), proof, statement("b"), statement("c")])
      .map(({ sql }) => sql.split(/\s+/).slice(2).join(" ")),
    [
      "t ALTER COLUMN a TYPE bigint, ALTER COLUMN b TYPE bigint, ALTER COLUMN c TYPE bigint",
      "t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID",
    ],
  );
  const committed = [
    statement("a"),
    { ...proof, commits: true },
    statement("b"),
  ];
  assert.deepEqual(joinClauses(committed), committed);
});

Deno.test("joinClauses() leaves apart what is not alike, and what has to be", () => {
  const apart: readonly (readonly PlannedStatement[])[] = [
    [statement("a"), statement("b", { table: "u" })],
    [statement("a"), statement("b", { action: "create" })],
    [statement("a"), statement("b", { phase: "attach" })],
    [statement("a"), statement("b", { alone: true })],
    [statement("a", { commits: true }), statement("b")],
    [statement("a"), statement("b", { withheld: ["password"] })],
    // A table does not change a column's type twice in one statement.
    [statement("a"), statement("a")],
    [
      statement("a"),
      { address: "x", action: "alter", phase: "create", sql: "SELECT 1" },
      statement("b"),
    ],
  ];
  for (const statements of apart) {
    assert.deepEqual(joinClauses(statements), statements);
  }
});
