import assert from "@std/assert";
import { dataLoss, hazardReason } from "../kinds/hazard.ts";
import { blockedBy, joinClauses } from "../plan/mod.ts";
import { makeSchema } from "../schema/schema.ts";
import { withSizes } from "./hazard_sizes.ts";

Deno.test("withSizes() tells the rows of each part of a joined statement, which are refused one by one", () => {
  const table = makeSchema([{
    kind: "table",
    address: "table:public.t",
    name: ["public", "t"],
    parent: undefined,
    depends: [],
    position: 0,
    payload: {},
  }], { version: 180000 });
  const drop = (name: string) => ({
    address: `column:public.t.${name}`,
    action: "drop",
    phase: "create",
    sql: `ALTER TABLE public.t DROP COLUMN ${name}`,
    clause: `DROP COLUMN ${name}`,
    hazards: [{
      ...dataLoss("drop-column", `the values of ${name} are gone`),
      tables: ["table:public.t"],
    }],
  } as const);
  const { steps } = withSizes({
    changes: [],
    steps: [{
      transactional: true,
      statements: joinClauses([drop("a"), drop("b")]),
    }],
  }, {
    schemas: [table, table],
    sizes: new Map([["table:public.t", { rows: 40, bytes: 8192 }]]),
    back: [],
  });
  const statements = steps.flatMap((step) => step.statements);
  assert.equal(statements.length, 1);
  assert.deepEqual(
    blockedBy(statements, new Set()).map(({ hazard, statement }) =>
      `${statement.address}: ${hazardReason(hazard)}`
    ),
    [
      "column:public.t.a: the values of a are gone (about 40 rows)",
      "column:public.t.b: the values of b are gone (about 40 rows)",
    ],
  );
});
