/**
 * What reading a large schema takes: `hash`, `drift` and `inspect` of a
 * database of 5,000 tables, beside `pg_dump -s` of the same, and how it grows.
 *
 * @module
 */

import { join } from "node:path";
import {
  SERVER_VERSIONS,
  startServer,
  type TestServer,
} from "../../tests/support/servers.ts";
import type { Bench, BenchContext } from "./bench_context.ts";
import { inTurn, median, type Row } from "./compare.ts";
import { run, runWatched } from "./process.ts";

const TABLES = 5000;

/** The most that `hash` may keep in memory, in MB. */
const ALLOWED_MB = 250;

/**
 * The SQL that makes tables: 8 columns, 4 indexes and 3 constraints each. The
 * primary key's index comes on top. Every hundred tables are committed: a
 * transaction of all of them would hold more locks than a server has room for.
 *
 * @param tables How many.
 */
export function manyTables(tables: number): string {
  return `CREATE SCHEMA app;
CREATE PROCEDURE app.make() LANGUAGE plpgsql AS $$
DECLARE
  t text;
  parent text;
BEGIN
  FOR i IN 1..${tables} LOOP
    t := 'app.table_' || i;
    parent := 'app.table_' || greatest(i - 1, 1);
    EXECUTE format('CREATE TABLE %s (id bigint PRIMARY KEY, parent_id bigint REFERENCES %s, name text NOT NULL, state text DEFAULT ''new'' NOT NULL, amount numeric(12,2) CHECK (amount >= 0), payload jsonb, made_at timestamptz DEFAULT now() NOT NULL, changed_at timestamptz)', t, parent);
    EXECUTE format('CREATE INDEX ON %s (parent_id)', t);
    EXECUTE format('CREATE INDEX ON %s (lower(name))', t);
    EXECUTE format('CREATE INDEX ON %s (made_at DESC) WHERE state = ''new''', t);
    EXECUTE format('CREATE UNIQUE INDEX ON %s (name, state) INCLUDE (amount)', t);
    IF i % 100 = 0 THEN
      COMMIT;
    END IF;
  END LOOP;
END
$$;
CALL app.make();
DROP PROCEDURE app.make();
VACUUM (ANALYZE);
`;
}

/** `hash`, `drift` and `inspect` of 5,000 tables. */
export const schemaBench: Bench = {
  name: "schema",
  title: `pawl hash, drift and inspect of ${TABLES} tables / pg_dump -s`,
  run: async (context) => {
    const psql = await context.psql();
    const dump = await findPgDump();
    if (psql === undefined || dump === undefined) {
      context.say(
        "  skipped: there is no psql, or no pg_dump that fits a server of ours",
      );
      return [];
    }
    // pg_dump takes a lock on each table.
    const server = await startServer({
      version: dump.version,
      settings: {
        shared_buffers: "256MB",
        max_wal_size: "4GB",
        max_locks_per_transaction: "512",
      },
    });
    try {
      const fill = async (tables: number) => {
        const { url } = await server.createDatabase(`tables_${tables}`);
        const file = join(context.scratch, `tables_${tables}.sql`);
        await Deno.writeTextFile(file, manyTables(tables));
        await run([
          psql.program,
          "-X",
          "-q",
          "-v",
          "ON_ERROR_STOP=1",
          "-f",
          file,
          url,
        ]);
        return url;
      };
      const small = await fill(TABLES);
      return [
        ...await reading(context, dump.program, small),
        await growth(context, small, await fill(2 * TABLES)),
      ];
    } finally {
      await server.stop();
    }
  },
};

async function reading(
  context: BenchContext,
  pgDump: string,
  url: string,
): Promise<Row[]> {
  const directory = join(context.scratch, "schema");
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(join(directory, "pawl.toml"), "[project]\n");
  const options = { cwd: directory };
  await run(
    [context.pawl, "state", "push", "--live", "--db", url, "-y"],
    options,
  );
  const pawl = (...args: readonly string[]) => async () =>
    (await run([context.pawl, ...args], options)).seconds;
  // Watching takes a share of what is watched: it is not what is timed.
  const peaks: number[] = [];
  for (let i = 0; i < context.rounds; i++) {
    const { peakMb } = await runWatched([context.pawl, "hash", url], options);
    peaks.push(peakMb);
  }
  const times = await inTurn(context.rounds, {
    hash: pawl("hash", url),
    drift: pawl("drift", "--db", url),
    inspect: pawl("inspect", "--format", "sql", url),
    dump: async () => (await run([pgDump, "-s", url], options)).seconds,
  });
  const peak = median(peaks);
  const peer = "pg_dump -s";
  return [
    { name: "hash", ours: times.hash, peer, theirs: times.dump, bar: 0.5 },
    {
      name: `peak memory of hash, ${peak.toFixed(0)} MB; shown as seconds`,
      ours: peak,
      peer: `${ALLOWED_MB} MB`,
      theirs: ALLOWED_MB,
      bar: 1,
    },
    {
      name: "drift, nothing changed",
      ours: times.drift,
      peer: "hash",
      theirs: times.hash,
      bar: 1.1,
    },
    {
      name: "inspect --format sql",
      ours: times.inspect,
      peer,
      theirs: times.dump,
      bar: 1,
    },
  ];
}

async function growth(
  context: BenchContext,
  small: string,
  large: string,
): Promise<Row> {
  const hash = (url: string) => async () =>
    (await run([context.pawl, "hash", url], { cwd: context.scratch })).seconds;
  const times = await inTurn(context.rounds, {
    large: hash(large),
    small: hash(small),
  });
  return {
    name: `hash of ${2 * TABLES} tables`,
    ours: times.large,
    peer: `of ${TABLES}`,
    theirs: times.small,
    bar: 2.2,
  };
}

/** pg_dump dumps servers up to its own version. */
async function findPgDump(): Promise<
  | { readonly program: string; readonly version: TestServer["version"] }
  | undefined
> {
  let said: string;
  try {
    said = (await run(["pg_dump", "--version"])).stdout;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const major = Number(/\) (\d+)/.exec(said)?.[1]);
  const version = SERVER_VERSIONS.findLast((one) => one <= major);
  // Debian's command is a script that looks for the right version first.
  const debian = `/usr/lib/postgresql/${major}/bin/pg_dump`;
  const there = await Deno.stat(debian).then(() => true, () => false);
  return version === undefined
    ? undefined
    : { program: there ? debian : "pg_dump", version };
}
