import assert from "@std/assert";
import { completionPlan } from "./completion_plan.ts";
import { completionScript, type Shell } from "./completions.ts";
import { runToy } from "./_toy_host.ts";
import { TOY } from "./_toy_table.ts";

/** Runs a program with a script on standard input; undefined when it is absent. */
async function piped(
  program: string,
  args: readonly string[],
  script: string,
  cwd?: string,
): Promise<{ code: number; stdout: string; stderr: string } | undefined> {
  try {
    const child = new Deno.Command(program, {
      args: [...args],
      ...cwd === undefined ? {} : { cwd },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      // A shell that waits for a terminal must not hang the run.
      signal: AbortSignal.timeout(30_000),
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(script));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`skipped: ${program} is not installed`);
    return undefined;
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * What bash offers at the end of a line: its words as bash's readline cuts
 * them, at "=" too.
 */
async function bash(line: string, cwd?: string): Promise<string[]> {
  const words = line.split(/(=)| +/).filter((word) => word !== undefined);
  const last = words.at(-1) === "" && line.endsWith("=") ? "" : words.at(-1);
  const cut = [...words.slice(0, -1).filter((word) => word !== ""), last ?? ""];
  const run = await piped(
    "bash",
    ["--norc", "-s"],
    `
set -u
${completionScript("bash", TOY)}
COMP_WORDS=(${cut.map(quoted).join(" ")})
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
COMPREPLY=()
_pawl 2>&1
printf '%s\\n' "\${COMPREPLY[@]+"\${COMPREPLY[@]}"}"
`,
    cwd,
  );
  if (run === undefined) throw new Error("bash is needed");
  assert.equal(run.stderr, "");
  return run.stdout.trimEnd().split("\n").filter((word) => word !== "");
}

Deno.test("completionPlan() knows what can stand where", () => {
  const plan = completionPlan(TOY);
  const words = plan.words.map(({ word }) => word);
  assert.deepEqual(words.sort(), [
    "completions",
    "diff",
    "down",
    "downgrade",
    "drift",
    "help",
    "migrate",
    "profiles",
    "sql",
    "up",
    "upgrade",
  ]);
  assert.deepEqual(
    plan.families.get("profiles")?.map(({ word }) => word),
    ["list", "save"],
  );
  const upgrade = plan.commands.find(({ name }) => name === "upgrade");
  const names = upgrade?.options.flatMap((option) => option.names) ?? [];
  for (
    const name of ["-n", "--dry-run", "--no-lock", "--batch", "--no-batch"]
  ) {
    assert.equal(names.filter((each) => each === name).length, 1, name);
  }
  for (const name of ["--lock", "--permit", "--input"]) {
    assert.ok(!names.includes(name), name);
  }
});

Deno.test("bash completes commands, subcommands and aliases", async () => {
  assert.deepEqual(await bash("pawl up"), ["upgrade", "up"]);
  assert.deepEqual(await bash("pawl -e dev upg"), ["upgrade"]);
  assert.deepEqual(await bash("pawl profiles "), ["list", "save"]);
  assert.deepEqual(await bash("pawl profiles s"), ["save"]);
  assert.deepEqual(await bash("pawl help dif"), ["diff"]);
  assert.deepEqual(await bash("pawl user"), []);
  assert.deepEqual(await bash("pawl sql "), ["upgrade"]);
});

Deno.test("bash completes a command's options and the global ones it takes", async () => {
  assert.deepEqual(await bash("pawl upgrade --no-"), [
    "--no-lock",
    "--no-batch",
    "--no-input",
  ]);
  assert.deepEqual(await bash("pawl migrate --dr"), ["--dry-run"]);
  assert.deepEqual(await bash("pawl diff --db"), []);
  assert.deepEqual(await bash("pawl diff --ch"), ["--check"]);
  assert.deepEqual(await bash("pawl profiles save --u"), ["--url"]);
  assert.deepEqual(await bash("pawl --col"), ["--color"]);
  assert.deepEqual(await bash("pawl upgrade -- --dr"), []);
});

Deno.test("bash completes values: choices, after a space or an equals sign", async () => {
  const formats = ["text", "json", "sql"];
  assert.deepEqual(await bash("pawl diff --format "), formats);
  assert.deepEqual(await bash("pawl diff --format="), formats);
  assert.deepEqual(await bash("pawl diff --format=j"), ["json"]);
  assert.deepEqual(await bash("pawl upgrade --format s"), []);
  assert.deepEqual(await bash("pawl --color=n upgrade --dr"), ["--dry-run"]);
  assert.deepEqual(await bash("pawl completions "), ["bash", "zsh", "fish"]);
  assert.deepEqual(await bash("pawl completions bash "), []);
  assert.deepEqual(await bash("pawl sql --for p"), ["psql", "plain"]);
});

Deno.test("bash completes files where a file is meant, and runs nothing of their names", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a b.sql`, "");
    await Deno.writeTextFile(`${folder}/$(touch x)`, "");
    assert.deepEqual(await bash("pawl diff a", folder), ["a b.sql"]);
    assert.deepEqual(await bash("pawl diff x $", folder), ["$(touch x)"]);
    assert.deepEqual(await bash("pawl upgrade -o a", folder), ["a b.sql"]);
    assert.deepEqual(await bash("pawl upgrade a", folder), []);
    assert.deepEqual([...Deno.readDirSync(folder)].length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const shell of ["bash", "zsh", "fish"] as const satisfies Shell[]) {
  Deno.test(`${shell} finds no fault in the script for it`, async () => {
    const run = await piped(shell, ["-n"], completionScript(shell, TOY));
    if (run === undefined) return;
    assert.deepEqual(run, { code: 0, stdout: "", stderr: "" });
  });
}

/** What fish offers at the end of a line. */
async function fish(line: string): Promise<string[] | undefined> {
  const run = await piped(
    "fish",
    ["--no-config"],
    `
${completionScript("fish", TOY)}
complete -C ${quoted(line)}
`,
  );
  if (run === undefined) return undefined;
  assert.equal(run.stderr, "");
  return run.stdout.trimEnd().split("\n").map((row) => row.split("\t")[0] ?? "")
    .filter((word) => word !== "").sort();
}

Deno.test("fish completes commands, options and values", async () => {
  const words = await fish("pawl up");
  if (words === undefined) return;
  assert.deepEqual(words, ["up", "upgrade"]);
  assert.deepEqual(await fish("pawl profiles "), ["list", "save"]);
  assert.deepEqual(await fish("pawl -e dev upgrade --dr"), ["--dry-run"]);
  assert.deepEqual(await fish("pawl migrate --no-"), [
    "--no-batch",
    "--no-input",
    "--no-lock",
  ]);
  assert.deepEqual(await fish("pawl diff --format j"), ["json"]);
  assert.deepEqual(await fish("pawl completions "), ["bash", "fish", "zsh"]);
});

/** What zsh offers at the end of a line, asked for with the Tab key. */
async function zsh(line: string): Promise<string | undefined> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/_pawl`, completionScript("zsh", TOY));
    const run = await piped(
      "zsh",
      ["-f"],
      `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=(${folder} \\$fpath); autoload -Uz compinit; compinit -D -u; setopt no_beep; bindkey '^I' complete-word"
zpty -w shell "zle-line-init() { print REA''DY }; zle -N zle-line-init"
zpty -r -m shell out '*READY*'
zpty -w -n shell ${quoted(`${line}\t`)}
zpty -w -n shell $'\\C-a\\C-kprint EN\\'\\'D\\n'
zpty -r -m shell out '*END*'
print -r -- "$out"
zpty -d shell
`,
    );
    return run?.stdout;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("zsh completes commands, options and values", async () => {
  const commands = await zsh("pawl profi");
  if (commands === undefined) return;
  assert.match(commands, /profiles/);
  assert.match(await zsh("pawl -e dev upgrade --dr") ?? "", /--dry-run/);
  assert.match(await zsh("pawl diff --format js") ?? "", /json/);
  assert.match(await zsh("pawl profiles sa") ?? "", /save/);
  assert.match(await zsh("pawl completions fi") ?? "", /fish/);
});

Deno.test("completions prints the script, byte for byte, and refuses other shells", async () => {
  const run = await runToy(["completions", "fish"]);
  assert.equal(run.stdout, completionScript("fish", TOY));
  const other = await runToy(["completions", "tcsh"]);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /it accepts bash, zsh, fish/);
});
