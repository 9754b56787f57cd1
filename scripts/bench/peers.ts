/**
 * The programs that pawl is compared with, where this machine has them. What
 * is missing is said, not guessed at.
 *
 * @module
 */

import { join } from "node:path";
import { run } from "./process.ts";

/** What is known of the psql on PATH. */
export interface Psql {
  /** The command as a user types it. */
  readonly command: string;
  /**
   * The program that runs in the end. Debian's `psql` is a Perl script that
   * looks for the right version first, and takes most of the time.
   */
  readonly program: string;
  /** Whether these are two. */
  readonly wrapped: boolean;
}

/**
 * Looks for psql.
 *
 * @param url A database, to see what process connects to it.
 * @returns The command, or undefined where PATH has none.
 */
export async function findPsql(url: string): Promise<Psql | undefined> {
  try {
    await run(["psql", "--version"]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  // psql runs the shell: its parent is the program itself.
  const { stdout } = await run([
    "psql",
    "-X",
    "-q",
    url,
    "-c",
    "\\! readlink /proc/$PPID/exe",
  ]);
  const program = stdout.trim();
  const typed = await run(["sh", "-c", 'readlink -f "$(command -v psql)"']);
  return program === ""
    ? { command: "psql", program: "psql", wrapped: false }
    : { command: "psql", program, wrapped: program !== typed.stdout.trim() };
}

/**
 * Installs dbmate from npm into a directory.
 *
 * @param directory Where; it is made.
 * @returns The program, or why there is none.
 */
export async function installDbmate(
  directory: string,
): Promise<{ readonly program: string } | { readonly missing: string }> {
  const missing = await installPackage(directory, "dbmate");
  if (missing !== undefined) return { missing };
  const platform = Deno.build.os === "darwin" ? "darwin" : "linux";
  const machine = Deno.build.arch === "aarch64" ? "arm64" : "x64";
  const program = join(
    directory,
    "node_modules",
    "@dbmate",
    `${platform}-${machine}`,
    "bin",
    "dbmate",
  );
  try {
    await run([program, "--version"]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { missing: `npm's dbmate has nothing for ${platform}-${machine}` };
    }
    throw error;
  }
  return { program };
}

/**
 * Installs pg-delta from npm into a directory.
 *
 * @param directory Where; it is made.
 * @returns The command, or why there is none.
 */
export async function installPgDelta(
  directory: string,
): Promise<
  { readonly command: readonly string[] } | { readonly missing: string }
> {
  const missing = await installPackage(
    directory,
    "@supabase/pg-delta@1.0.0-alpha.34",
  );
  if (missing !== undefined) return { missing };
  const program = join(directory, "node_modules", ".bin", "pgdelta");
  try {
    await run(["node", "--version"]);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { missing: "there is no node to run pg-delta with" };
    }
    throw error;
  }
  return { command: ["node", program] };
}

/** Installs a package; says why where npm cannot. */
async function installPackage(
  directory: string,
  name: string,
): Promise<string | undefined> {
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(
    join(directory, "package.json"),
    '{"private":true}\n',
  );
  try {
    await run(
      [
        "npm",
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        name,
      ],
      { cwd: directory, env: registryVariables() },
    );
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `npm cannot install ${name}: ${why}`;
  }
}

/** A registry, proxy or certificate that npm is told of by the environment. */
function registryVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      /^(npm_config_|https?_proxy$|no_proxy$|NODE_EXTRA_CA_CERTS$|SSL_CERT_)/i
        .test(name)
    ),
  );
}
