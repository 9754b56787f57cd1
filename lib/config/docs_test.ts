import assert from "@std/assert";
import { renderConfigDocs } from "./docs.ts";
import { ALL_KEYS, SELECTORS, TABLES } from "./keys.ts";

Deno.test("renderConfigDocs() has a row for every key and every variable", () => {
  const docs = renderConfigDocs();
  for (const key of ALL_KEYS) {
    const row = docs.split("\n").find((line) =>
      line.startsWith(`| \`${key.name}\` |`) && line.includes(key.description)
    );
    const variable = key.variable === undefined ? "" : `\`${key.variable}\``;
    assert.ok(row?.includes(variable), `${key.table}.${key.name}`);
  }
  for (const { variable } of SELECTORS) {
    assert.ok(docs.includes(`\`${variable}\``));
  }
  assert.equal(docs.match(/^### /gm)?.length, TABLES.length + 1);
});

Deno.test("no two keys have one variable, and a selector's variable is no key's but the database's", () => {
  const variables = ALL_KEYS.flatMap((key) => key.variable ?? []);
  assert.equal(new Set(variables).size, variables.length);
  const shared = SELECTORS.map((each) => each.variable).filter((each) =>
    variables.includes(each)
  );
  assert.deepEqual(shared.sort(), [
    "PAWL_ENV_FILE",
    "PAWL_MANAGEMENT_URL",
    "PAWL_URL",
  ]);
});

Deno.test("every row of the documentation has five cells or three", () => {
  for (
    const line of renderConfigDocs().split("\n").filter((each) =>
      each.startsWith("|")
    )
  ) {
    const cells = line.split(/(?<!\\)\|/).length - 2;
    assert.ok(cells === 5 || cells === 3, line);
  }
});
