/**
 * Connections that stay open in a test: somebody else who holds a lock, a
 * snapshot, a transaction; and waiting for what other sessions do. By the
 * driver and not by pawl, which is what the tests are about.
 *
 * @module
 */

/** A connection that a test holds. */
export interface HeldSession {
  /** Its backend. */
  readonly pid: number;
  /**
   * Runs SQL in it.
   *
   * @param sql One or more statements.
   */
  run(sql: string): Promise<void>;
  /** Ends it; may be called twice. */
  close(): Promise<void>;
}

/** As much of npm:pg as is used here. */
interface Client {
  connect(): Promise<void>;
  query(sql: string): Promise<{ readonly rows: readonly unknown[] }>;
  end(): Promise<void>;
  on(event: "error", listener: (error: Error) => void): unknown;
  readonly processID: number | null;
}

interface Driver {
  readonly Client: new (
    options: {
      readonly connectionString: string;
      readonly application_name?: string;
    },
  ) => Client;
}

/**
 * Opens a connection and runs something in it.
 *
 * @param url The database.
 * @param sql One or more statements.
 * @param applicationName Its `application_name`.
 * @returns The connection; the caller closes it.
 */
export async function holdSession(
  url: string,
  sql: string,
  applicationName?: string,
): Promise<HeldSession> {
  const client = await openClient(url, applicationName);
  const run = async (text: string) => {
    await client.query(text);
  };
  let closed: Promise<void> | undefined;
  const close = () => closed ??= client.end();
  try {
    await run(sql);
  } catch (error) {
    await close();
    throw error;
  }
  return { pid: client.processID ?? 0, run, close };
}

/**
 * Asks again and again until a query returns a row.
 *
 * @param url The database.
 * @param sql A query that returns a row when what is waited for has come.
 * @throws {Error} When it has not come within half a minute.
 */
export async function untilRow(url: string, sql: string): Promise<void> {
  const client = await openClient(url);
  try {
    // A statement each: one that lasted would hold a snapshot, which builds wait for.
    for (let tries = 0; tries < 3000; tries++) {
      const { rows } = await client.query(`${sql} LIMIT 1`);
      if (rows.length > 0) return;
      await client.query("SELECT pg_sleep(0.01)");
    }
  } finally {
    await client.end();
  }
  throw new Error(`Cannot go on with the test: it has not come: ${sql}`);
}

async function openClient(
  url: string,
  applicationName?: string,
): Promise<Client> {
  const module: { readonly default: Driver } = await import("@db/postgres");
  const client = new module.default.Client({
    connectionString: url,
    ...(applicationName === undefined
      ? {}
      : { application_name: applicationName }),
  });
  // A test may end it from the server's side.
  client.on("error", () => {});
  await client.connect();
  return client;
}
