import assert from "@std/assert";
import { EXIT } from "../errors.ts";
import { command, type CommandSpec, type Table } from "./command.ts";
import { renderCheckedDocs, renderDocs } from "./docs.ts";
import { type Declarations, option, positional } from "./option.ts";
import { tableProblems } from "./table_problems.ts";
import { TOY } from "./_toy_table.ts";

/** A table of one good command with some facts changed. */
function changed(
  facts: Partial<CommandSpec<Declarations, Declarations, never>>,
): Table {
  return {
    ...TOY,
    commands: [command<Declarations, Declarations, never>({
      name: "good",
      group: "look",
      summary: "Be good",
      description: "Is good.",
      exits: [0, 2],
      examples: [{ line: "pawl good", does: "Be good" }],
      run: () => Promise.resolve({ exit: EXIT.ok }),
      ...facts,
    })],
  };
}

Deno.test("tableProblems() finds none in a good table", () => {
  assert.deepEqual(tableProblems(TOY), []);
  assert.deepEqual(tableProblems(changed({})), []);
});

Deno.test("tableProblems() names what a command lacks", () => {
  const found = (facts: Parameters<typeof changed>[0], problem: RegExp) =>
    assert.match(tableProblems(changed(facts)).join("\n"), problem);
  found({ summary: "" }, /lacks a summary/);
  found({ summary: "Ends." }, /full stop/);
  found({ description: " " }, /lacks a description/);
  found({ examples: [] }, /lacks an example/);
  found({ exits: [] }, /lacks exit codes/);
  found({ exits: [0] }, /lacks exit code 2/);
  found({ name: "Two Words Here" }, /odd name/);
  found({ formats: ["text", "json"] }, /JSON document/);
  found({ examples: [{ line: "pawl good --bogus", does: "x" }] }, /is refused/);
  found({ examples: [{ line: "pawl bad", does: "x" }] }, /another command/);
  found({ examples: [{ line: "ls", does: "x" }] }, /does not run it/);
  found({ examples: [{ line: "pawl good", does: "" }] }, /says not/);
  found({ globals: ["env", "envs"] }, /one environment and several/);
  found(
    { options: { quiet: option.flag({ description: "Hush" }) } },
    /--quiet hides a global option/,
  );
  found(
    { options: { all: option.flag({ short: "e", description: "All" }) } },
    /-e hides a global option/,
  );
  found(
    { options: { all: option.flag({ description: "" }) } },
    /--all says nothing/,
  );
  found({
    positionals: {
      a: positional.optional({ name: "A", description: "One" }),
      b: positional.required({ name: "B", description: "Two" }),
    },
  }, /B can never be given alone/);
});

Deno.test("tableProblems() names what two commands both want to be", () => {
  const other = changed({ name: "other", aliases: ["good"] }).commands;
  const table = { ...TOY, commands: [...changed({}).commands, ...other] };
  assert.match(tableProblems(table).join("\n"), /the name good is good's/);
});

Deno.test("command() refuses an option and a positional of one key", () => {
  assert.throws(() =>
    command({
      name: "twice",
      group: "look",
      summary: "Be twice",
      description: "Is twice.",
      exits: [0],
      examples: [],
      options: { a: option.flag({ description: "A" }) },
      positionals: { a: positional.required({ name: "A", description: "A" }) },
      run: () => Promise.resolve({ exit: EXIT.ok }),
    }), /a stands twice/);
});

Deno.test("renderDocs() has every shown command with usage, options, examples, exit codes and JSON", () => {
  const docs = renderDocs(TOY);
  for (const { name, hidden } of TOY.commands) {
    assert.equal(docs.includes(`\n### pawl ${name}\n`), !hidden, name);
  }
  for (
    const part of [
      "pawl upgrade [OPTIONS] [TARGET]",
      "| `--lock-wait DURATION` | How long to wait [default: 30s; env: PAWL_LOCK_WAIT] |",
      "# Show the next one\npawl upgrade +1 --dry-run | less",
      "- JSON document: `pawl.upgrade/1`",
      "- Aliases: `pawl migrate`, `pawl up`",
      "- Exit codes: 0, 1, 2, 3, 4, 5, 6",
      "| `--format text\\|json\\|sql\\|mermaid` |",
      "| 130 | Interrupted |",
    ]
  ) assert.ok(docs.includes(part), part);
  assert.ok(docs.endsWith("\n") && !docs.includes("\n\n\n"));
});

Deno.test("renderCheckedDocs() writes nothing of a table with problems", () => {
  assert.throws(() => renderCheckedDocs(changed({ exits: [] })), {
    code: "internal",
  });
  assert.equal(renderCheckedDocs(TOY), renderDocs(TOY));
});
