/**
 * `deno task check`: everything that can be known without running the tests.
 * Each step is one command; all are run, so that one look shows all there is
 * to mend.
 *
 * @module
 */

/** A command and what it shows. */
interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** A file without which there is nothing to check. */
  readonly of?: string;
}

const STEPS: readonly Step[] = [
  { name: "formatting", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  // `--frozen`: deno.lock fits deno.json and what is imported.
  { name: "types", args: ["check", "--frozen", "--doc", "."] },
  {
    name: "documentation of the exports",
    args: ["doc", "--lint", "mod.ts"],
    of: "mod.ts",
  },
  {
    name: "direction of the imports",
    args: ["test", "--no-check", "--allow-read", "tests/structure_test.ts"],
  },
  {
    name: "docs/cli.md against the command table",
    args: [
      "run",
      "--no-prompt",
      "--allow-read",
      "--allow-env",
      "scripts/docs.ts",
      "--check",
    ],
    of: "scripts/docs.ts",
  },
];

async function main(): Promise<number> {
  const failed: string[] = [];
  for (const { name, args, of } of STEPS) {
    if (of !== undefined && !await exists(of)) {
      console.log(`- ${name}: skipped, there is no ${of}`);
      continue;
    }
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    console.log(`${code === 0 ? "✓" : "✗"} ${name}`);
    if (code !== 0) {
      failed.push(name);
      const text = new TextDecoder();
      console.log(`  deno ${args.join(" ")} ended with ${code}`);
      console.log(text.decode(stdout) + text.decode(stderr));
    }
  }
  if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  Deno.exit(await main());
}
