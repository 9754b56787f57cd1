/**
 * Real PostgreSQL servers for tests, and a database for each test. It knows
 * how servers are started, shared and ended; it must not use any code of pawl,
 * which is what the tests are about.
 *
 * A server belongs to the process that started it. A watchdog outside of that
 * process waits for its end, however it comes, then stops the servers and
 * removes their files. Nothing here holds a pipe or a child open, so that a
 * test may start a server under Deno's sanitizers.
 *
 * Which versions: `PAWL_TEST_POSTGRES`, such as `14,18`; by default `18`.
 * `PAWL_TEST_SERVER_18`, a superuser's URL, names a server that runs already:
 * `scripts/test.ts` sets it, and so may you.
 *
 * @module
 */

import { join } from "node:path";
import { execute } from "./execute.ts";
import {
  exists,
  ignoreMissing,
  runAsServerAccount,
  serverAccount,
  serverFiles,
  type ServerVersion,
  SUPERUSER,
  SUPERUSER_PASSWORD,
} from "./postgres_files.ts";
import { processDirectory } from "./process_directory.ts";
import { serversUnderTest } from "./targets.ts";

export { execute } from "./execute.ts";
export { SERVER_VERSIONS, type ServerVersion } from "./postgres_files.ts";
export { serversUnderTest, targetsUnderTest } from "./targets.ts";

/** Who connects, where it is not the superuser. */
export interface Login {
  /** The role. */
  readonly user: string;
  /** Its password. */
  readonly password?: string;
}

/** A database that a test may do anything to. */
export interface TestDatabase {
  /** Its name. */
  readonly name: string;
  /** The superuser's URL of it. */
  readonly url: string;
  /** The server that it is in. */
  readonly server: ServerAddress;
  /** Drops it, whoever is still connected. */
  drop(): Promise<void>;
}

/** A server to make databases on; whose it is does not matter. */
export interface ServerAddress {
  /** The major version that was asked for. */
  readonly version: ServerVersion;
  /**
   * A URL of a database on it, over TCP.
   *
   * @param database The database's name; `postgres` by default.
   * @param login Who connects; the superuser by default.
   */
  url(database?: string, login?: Login): string;
  /**
   * Makes a database.
   *
   * @param name Its name; one of its own by default.
   */
  createDatabase(name?: string): Promise<TestDatabase>;
}

/** How a server is stopped, as `pg_ctl` has it. */
export type StopMode = "smart" | "fast" | "immediate";

/** A server of one's own: it may be stopped, restarted, crashed. */
export interface TestServer extends ServerAddress, AsyncDisposable {
  /** The TCP port on 127.0.0.1. */
  readonly port: number;
  /** The directory of its Unix socket, for which no password is asked. */
  readonly socketDirectory: string;
  /** Its data directory. */
  readonly dataDirectory: string;
  /** What the server has logged. */
  log(): Promise<string>;
  /** Stops it; its data stays, for {@linkcode TestServer.start}. */
  halt(mode?: StopMode): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Stops it if it runs, and starts it again. */
  restart(mode?: StopMode): Promise<void>;
  /** Stops it and removes its data. May be called twice. */
  stop(mode?: StopMode): Promise<void>;
}

/** What kind of server to start. */
export interface ServerOptions {
  /** The major version; by default the first of {@linkcode serversUnderTest}. */
  readonly version?: ServerVersion;
  /** Further settings, as in `postgresql.conf`, such as `{ log_statement: "all" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether it waits for the disk, as it must to survive a crash of the machine; false by default. */
  readonly fsync?: boolean;
}

/**
 * Registers a test once for each of {@linkcode serversUnderTest}, with a
 * database of its own.
 *
 * @param name What the test shows; the version is added.
 * @param body The test.
 */
export function testOnServers(
  name: string,
  body: (database: TestDatabase, t: Deno.TestContext) => Promise<void>,
): void {
  for (const version of serversUnderTest()) {
    Deno.test(
      `${name} (PostgreSQL ${version})`,
      (t) => withDatabase(version, (database) => body(database, t)),
    );
  }
}

/**
 * Gives a fresh database to a function and drops it afterwards.
 *
 * @param version The server's version; undefined for the first under test.
 * @param body What to do with it.
 * @returns What `body` returns.
 */
export async function withDatabase<T>(
  version: ServerVersion | undefined,
  body: (database: TestDatabase) => Promise<T>,
): Promise<T> {
  const server = await sharedServer(version ?? defaultVersion());
  const database = await server.createDatabase();
  try {
    return await body(database);
  } finally {
    await database.drop();
  }
}

/**
 * The server that the tests of a process share, started on first use.
 *
 * @param version The major version.
 * @returns Its address. It is not the caller's to stop.
 */
export async function sharedServer(
  version: ServerVersion,
): Promise<ServerAddress> {
  const variable = serverVariable(version);
  let url = Deno.env.get(variable);
  if (url === undefined) {
    // The isolates of `deno test --parallel` are threads of one process: they
    // share its environment, and must not all start one.
    const lock = await Deno.open(
      join(await processDirectory(), `${version}.lock`),
      { create: true, write: true },
    );
    try {
      await lock.lock(true);
      url = Deno.env.get(variable);
      if (url === undefined) {
        url = (await startServer({ version })).url();
        Deno.env.set(variable, url);
      }
    } finally {
      lock.close();
    }
  }
  return addressOf(version, url);
}

/**
 * The environment variable that names a running server.
 *
 * @param version The server's major version.
 * @returns The variable's name.
 */
export function serverVariable(version: ServerVersion): string {
  return `PAWL_TEST_SERVER_${version}`;
}

/**
 * Starts a server. It ends with the process at the latest.
 *
 * @param options Its version and settings.
 * @returns The server, which accepts connections.
 * @throws {Error} When it does not start; the message has its log.
 */
export async function startServer(
  options: ServerOptions = {},
): Promise<TestServer> {
  const version = options.version ?? defaultVersion();
  const { bin, template } = await serverFiles(version);
  const root = await processDirectory();
  const directory = await Deno.makeTempDir({
    dir: root,
    prefix: `${version}-`,
  });
  const account = serverAccount();
  if (account !== undefined) {
    await Deno.chown(directory, account.uid, account.gid);
  }
  const data = join(directory, "data");
  const logFile = join(directory, "log");
  await runAsServerAccount("cp", [
    "-R",
    "--reflink=auto",
    join(template, "data"),
    data,
  ]);
  const control = (...args: string[]) =>
    runAsServerAccount(join(bin, "pg_ctl"), [...args, "-w", "-s", "-D", data]);
  const log = () => Deno.readTextFile(logFile);
  const start = async () => {
    try {
      await control("start", "-l", logFile);
    } catch (error) {
      const said = await log().catch(() => "");
      throw new Error(`Cannot start PostgreSQL ${version}: ${said}`, {
        cause: error,
      });
    }
  };

  const configuration = await Deno.readTextFile(join(data, "postgresql.conf"));
  let port = 0;
  for (let attempt = 1;; attempt++) {
    port = freePort();
    await Deno.writeTextFile(
      join(data, "postgresql.conf"),
      configuration + settingsText({
        ...SETTINGS,
        fsync: options.fsync ? "on" : "off",
        full_page_writes: options.fsync ? "on" : "off",
        unix_socket_directories: directory,
        port: String(port),
        ...options.settings,
      }),
    );
    try {
      await start();
      break;
    } catch (error) {
      // Between our look and its bind, somebody else may take the port.
      const taken = error instanceof Error &&
        /could not bind|lock file .* already exists/.test(error.message);
      if (!taken || attempt === 5) throw error;
    }
  }

  const running = async () => await exists(join(data, "postmaster.pid"));
  const halt = async (mode: StopMode = "fast") => {
    if (await running()) await control("stop", "-m", mode);
  };
  const stop = async (mode: StopMode = "fast") => {
    await halt(mode);
    await Deno.remove(directory, { recursive: true }).catch(ignoreMissing);
  };
  return {
    ...addressOf(
      version,
      serverUrl(`127.0.0.1:${port}`, SUPERUSER, {
        user: SUPERUSER,
        password: SUPERUSER_PASSWORD,
      }),
    ),
    port,
    socketDirectory: directory,
    dataDirectory: data,
    log,
    halt,
    start,
    restart: async (mode) => {
      await halt(mode);
      await start();
    },
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

// Small, so that many servers fit beside each other; what matters to a
// migration tool is as PostgreSQL has it by default.
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  max_connections: "200",
  max_prepared_transactions: "10",
  max_locks_per_transaction: "256",
  shared_buffers: "32MB",
  max_wal_size: "256MB",
  min_wal_size: "32MB",
  timezone: "UTC",
  log_timezone: "UTC",
};

function defaultVersion(): ServerVersion {
  return serversUnderTest()[0] ?? 18;
}

function addressOf(version: ServerVersion, url: string): ServerAddress {
  const parsed = new URL(url);
  const superuser = {
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  };
  const address: ServerAddress = {
    version,
    url: (database = "postgres", login = superuser) =>
      serverUrl(parsed.host, database, login),
    createDatabase: async (name = uniqueName()) => {
      await execute(
        address.url(),
        `CREATE DATABASE ${quoted(name)} TEMPLATE template0`,
      );
      return {
        name,
        url: address.url(name),
        server: address,
        drop: async () => {
          await execute(
            address.url(),
            `DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`,
          );
        },
      };
    },
  };
  return address;
}

function serverUrl(host: string, database: string, login: Login): string {
  const user = encodeURIComponent(login.user);
  const password = login.password === undefined
    ? ""
    : `:${encodeURIComponent(login.password)}`;
  return `postgres://${user}${password}@${host}/${
    encodeURIComponent(database)
  }`;
}

/** Unlike any other on a server that several processes share. */
function uniqueName(): string {
  return `test_${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings).map(([name, value]) =>
    `${name} = '${value.replaceAll("'", "''")}'\n`
  ).join("");
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    return listener.addr.port;
  } finally {
    listener.close();
  }
}
