import assert from "@std/assert";
import { clauseNeeds } from "./version_need.ts";

const whats = (definition: string) =>
  clauseNeeds(definition).map(({ since, what }) => `${what} ${since}`);

Deno.test("clauses that came with a version are told from names and constants", () => {
  assert.deepEqual(
    whats('FOREIGN KEY (k, PERIOD v) REFERENCES p(k, PERIOD "v w")'),
    ["PERIOD 18"],
  );
  assert.deepEqual(
    whats("UNIQUE NULLS NOT DISTINCT (a)"),
    ["NULLS NOT DISTINCT 15"],
  );
  assert.deepEqual(
    whats(
      "FOREIGN KEY (a, b) REFERENCES t(a, b) ON DELETE SET NULL (b) NOT ENFORCED",
    ),
    ["ON DELETE SET … of some columns 15", "NOT ENFORCED 18"],
  );
  assert.deepEqual(
    whats(`CHECK ((a <> ' NOT ENFORCED'::text) AND ("PERIOD x" > 1))`),
    [],
  );
  assert.deepEqual(whats("FOREIGN KEY (period) REFERENCES t(period)"), []);
});
