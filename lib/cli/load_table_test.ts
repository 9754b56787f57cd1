import assert from "@std/assert";
import { loadTable, WORDS_ALONE } from "./load_table.ts";
import { parse } from "./parse.ts";
import { TABLE } from "./table.ts";

const noVariable = () => undefined;

function named(word: string) {
  return TABLE.commands.find((c) =>
    [c.name, ...c.aliases, ...c.hiddenAliases].includes(word)
  );
}

Deno.test("loadTable() loads by each of its words the very command that the whole table has", async () => {
  for (const word of WORDS_ALONE) {
    const { commands } = await loadTable([word], noVariable);
    assert.deepEqual(commands.map((c) => c.name), [named(word)?.name], word);
    assert.equal(commands[0], named(word), word);
  }
});

Deno.test("loadTable() knows no word that begins a longer command", () => {
  const begins = TABLE.commands.flatMap((
    c,
  ) => [c.name, ...c.aliases, ...c.hiddenAliases])
    .filter((name) =>
      WORDS_ALONE.includes(name.split(" ")[0] ?? "") && name.includes(" ")
    );
  assert.deepEqual(begins, []);
});

Deno.test("loadTable() gives the whole table to whatever is no plain run", async () => {
  for (
    const args of [
      [],
      ["--help"],
      ["status", "--help"],
      ["status", "--no-such-option"],
      ["status", "one", "too", "many"],
      ["statu"],
      ["-q", "status"],
      ["upgrade", "--format", "mermaid"],
      ["--version", "--json"],
    ]
  ) assert.equal(await loadTable(args, noVariable), TABLE, args.join(" "));
});

Deno.test("loadTable() needs no command to say the version", async () => {
  const table = await loadTable(["--version"], noVariable);
  assert.deepEqual(table.commands, []);
  assert.deepEqual(
    parse(["--version"], table, noVariable).action,
    parse(["--version"], TABLE, noVariable).action,
  );
  assert.deepEqual({ ...table, commands: TABLE.commands }, TABLE);
});
