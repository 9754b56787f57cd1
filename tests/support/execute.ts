/**
 * SQL on the side of a test: over a connection of its own, by the driver and
 * not by pawl, which is what the tests are about.
 *
 * @module
 */

/**
 * Runs SQL that sets up or looks at what a test needs, over a connection of
 * its own.
 *
 * @param url The database.
 * @param sql One or more statements.
 * @returns The rows of the last statement that returned any, values as text.
 */
export async function execute(
  url: string,
  sql: string,
): Promise<Record<string, string | null>[]> {
  // npm:pg decodes a URL's database by decodeURI, which leaves %2F and others.
  const { hostname, port, username, password, pathname } = new URL(url);
  const client = new (await driver()).Client({
    host: hostname,
    port: Number(port || "5432"),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    types: { getTypeParser: () => (text) => text },
  });
  await client.connect();
  try {
    const results = [await client.query(sql)].flat();
    return results.findLast(({ fields }) => fields.length > 0)?.rows ?? [];
  } finally {
    await client.end();
  }
}

/** As much of npm:pg as is used here. */
interface Driver {
  readonly Client: new (options: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
    readonly database: string;
    readonly types: {
      readonly getTypeParser: () => (text: string | null) => string | null;
    };
  }) => {
    connect(): Promise<void>;
    query(sql: string): Promise<DriverResult | DriverResult[]>;
    end(): Promise<void>;
  };
}

interface DriverResult {
  readonly fields: readonly unknown[];
  readonly rows: Record<string, string | null>[];
}

async function driver(): Promise<Driver> {
  const module: { readonly default: Driver } = await import("@db/postgres");
  return module.default;
}
