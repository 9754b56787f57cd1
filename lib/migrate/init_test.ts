import assert from "@std/assert";
import { ALL_KEYS } from "../config/keys.ts";
import { parseConfig } from "../config/toml.ts";
import { CONFIG_TEMPLATE } from "./init.ts";

Deno.test("the configuration that init writes says what is so", () => {
  const place = { file: "pawl.toml", path: "/x/pawl.toml" };
  assert.deepEqual(
    [...parseConfig(CONFIG_TEMPLATE, place).environments.keys()],
    ["dev"],
  );
  // With every comment that holds a key or a table taken off, it still reads.
  const open = CONFIG_TEMPLATE.replaceAll(/^# (?=\[|\w+ = )/gm, "");
  assert.deepEqual(
    [...parseConfig(open, place).environments.keys()],
    ["dev", "production"],
  );
  let table = "";
  let compared = 0;
  for (const line of open.split("\n")) {
    table = /^\[(.+)\]$/.exec(line)?.[1] ?? table;
    const [, name, value] = /^(\w+) = ("[^"]*"|\S+)/.exec(line) ?? [];
    if (name === undefined || table.startsWith("env.")) continue;
    const key = ALL_KEYS.find((k) => k.table === table && k.name === name);
    assert.equal(key?.shown, `\`${value}\``, `[${table}] ${name}`);
    compared++;
  }
  assert.ok(compared >= 12, `${compared} keys`);
});
