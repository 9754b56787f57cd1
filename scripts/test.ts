/**
 * `deno task test`: starts one PostgreSQL server a version, runs `deno test`
 * over everything with their addresses, and ends with one plain line that
 * `.ci/run` adds up: `N passed, N failed`.
 *
 *     deno task test                       all tests
 *     deno task test lib/sql               the tests of a directory or file
 *     deno task test "P43"                 the tests whose names match
 *     deno task test:e2e                   the executable named by PAWL_BIN
 *
 * What begins with `-` goes to `deno test` as it is.
 *
 * @module
 */

import { resolve } from "node:path";
import {
  SERVER_VERSIONS,
  serverVariable,
  startServer,
  targetsUnderTest,
  type TestServer,
} from "../tests/support/servers.ts";

/** What `deno test` counted. */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/** Where tests and examples are; `--doc` runs the examples. */
const EVERYTHING = ["mod.ts", "lib", "tests", "README.md", "docs"];

// What the tests may do is what pawl may do; not everything.
const PERMISSIONS = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net",
  "--allow-sys",
  "--allow-run",
];

/** What `deno test` is to run. */
interface Selection {
  readonly flags: readonly string[];
  readonly paths: readonly string[];
}

async function main(args: readonly string[]): Promise<number> {
  const own = args.filter((arg) => !/^--(e2e$|postgres=)/.test(arg));
  const postgres = args.find((arg) => arg.startsWith("--postgres="));
  const targets = postgres?.slice("--postgres=".length) ??
    Deno.env.get("PAWL_TEST_POSTGRES") ?? "14,18,embedded";
  Deno.env.set("PAWL_TEST_POSTGRES", targets);
  const environment: Record<string, string> = {
    PAWL_TEST_POSTGRES: targets,
  };
  const binary = Deno.env.get("PAWL_BIN");
  if (binary !== undefined) environment.PAWL_BIN = existing(binary);

  const selection = args.includes("--e2e")
    ? { flags: filterOf(own), paths: endToEndTests() }
    : selectionOf(own);
  const servers = await startServers();
  try {
    for (const server of servers) {
      environment[serverVariable(server.version)] = server.url();
    }
    return await runTests(selection, environment);
  } finally {
    await Promise.all(servers.map((server) => server.stop("immediate")));
  }
}

/** Starts what is to be tested on and does not run already. */
function startServers(): Promise<TestServer[]> {
  const targets = targetsUnderTest();
  return Promise.all(
    SERVER_VERSIONS.filter((version) =>
      targets.includes(version) &&
      Deno.env.get(serverVariable(version)) === undefined
    ).map((version) => startServer({ version })),
  );
}

/** Paths that exist are paths, `-…` are flags, the rest is what names must match. */
function selectionOf(args: readonly string[]): Selection {
  const paths = args.filter((arg) => !arg.startsWith("-") && exists(arg));
  return {
    flags: filterOf(args.filter((arg) => !paths.includes(arg))),
    paths: paths.length > 0 ? paths : EVERYTHING.filter(exists),
  };
}

function filterOf(args: readonly string[]): string[] {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const words = args.filter((arg) => !arg.startsWith("-"));
  if (words.length === 0) return flags;
  const escaped = words.map((word) =>
    word.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&")
  );
  return [...flags, `--filter=/${escaped.join("|")}/`];
}

function endToEndTests(): string[] {
  const files = [...Deno.readDirSync("tests")].map(({ name }) => name)
    .filter((name) => /^e2e.*_test\.ts$/.test(name)).sort();
  if (files.length === 0) {
    throw new Error("Cannot test end to end: there is no tests/e2e*_test.ts");
  }
  return files.map((name) => `tests/${name}`);
}

async function runTests(
  { flags, paths }: Selection,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const terminal = Deno.stdout.isTerminal();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--parallel",
      "--doc",
      // `deno task check` has checked the types, of the examples too.
      "--no-check",
      // As in the executable: PGlite's second compilation is the longest part.
      "--v8-flags=--liftoff-only",
      ...PERMISSIONS,
      ...flags,
      ...paths,
    ],
    env: { ...environment, ...(terminal ? { FORCE_COLOR: "1" } : {}) },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  // The counts stand in the summary only: the JUnit report leaves out errors
  // outside of tests, and counts what a filter left out as skipped.
  let tail = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    await writeAll(chunk);
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-8_192);
  }
  const { code } = await child.status;
  const counts = countsIn(tail);
  const none = counts.passed + counts.failed + counts.ignored === 0;
  if (none) console.error("No test was run.");
  // A module that cannot be loaded ends the run without a failed test.
  const failed = Math.max(counts.failed, code !== 0 || none ? 1 : 0);
  console.log(
    `${counts.passed} passed, ${failed} failed` +
      (counts.ignored > 0 ? `, ${counts.ignored} skipped` : ""),
  );
  return failed > 0 ? 1 : 0;
}

/** Reads `ok | 12 passed (3 steps) | 0 failed | 1 ignored (2s)`. */
function countsIn(output: string): Counts {
  // deno-lint-ignore no-control-regex
  const plain = output.replaceAll(/\x1b\[[0-9;]*m/g, "");
  const lines = plain.split("\n").filter((line) =>
    /^(ok|FAILED) \| \d+ passed/.test(line)
  );
  const summary = lines.at(-1) ?? "";
  const count = (word: string) =>
    Number(new RegExp(`(\\d+) ${word}`).exec(summary)?.[1] ?? "0");
  return {
    passed: count("passed"),
    failed: count("failed"),
    ignored: count("ignored"),
  };
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += await Deno.stdout.write(bytes.subarray(done));
  }
}

/** A path as the tests, which change directories, can use it. */
function existing(path: string): string {
  if (!exists(path)) {
    throw new Error(`Cannot test PAWL_BIN: there is no file ${path}`);
  }
  return resolve(path);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
