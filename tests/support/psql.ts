/**
 * Runs SQL through psql, the way a DBA would. It knows how to call the program;
 * it must not know what the SQL is for.
 *
 * @module
 */

/** What psql did. */
export interface PsqlResult {
  /** Its exit code: 0, 1 of its own, 2 connection lost, 3 a statement failed. */
  readonly code: number;
  /** Its standard output. */
  readonly stdout: string;
  /** Its standard error. */
  readonly stderr: string;
}

/** Whether there is no psql on PATH: for a test's `ignore`. */
export const psqlMissing: boolean = !found();
if (psqlMissing) {
  console.error("No psql on PATH: the tests that need it are skipped.");
}

/**
 * Runs psql with `ON_ERROR_STOP`, without anybody's configuration.
 *
 * @param url The database.
 * @param input SQL and meta-commands for standard input, or a file to run.
 * @param args Further arguments, such as `-At` or `--single-transaction`.
 * @returns How it ended and what it wrote.
 */
export async function psql(
  url: string,
  input: string | { readonly file: string },
  args: readonly string[] = [],
): Promise<PsqlResult> {
  const file = typeof input === "string" ? "-" : input.file;
  const child = new Deno.Command("psql", {
    args: ["-X", "-q", "-v", "ON_ERROR_STOP=1", ...args, "-d", url, "-f", file],
    // No PG* variable and no locale of the machine's.
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      LC_ALL: "C",
      PGCLIENTENCODING: "UTF8",
      PSQLRC: "/dev/null",
      PGPASSFILE: "/dev/null",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  try {
    if (typeof input === "string") {
      await writer.write(new TextEncoder().encode(input));
    }
    await writer.close();
  } catch (error) {
    // psql has stopped at an error and reads no more.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  const { code, stdout, stderr } = await output;
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

function found(): boolean {
  try {
    return new Deno.Command("psql", {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
