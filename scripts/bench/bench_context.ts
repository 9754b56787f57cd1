/**
 * What every comparison is given: the executable, a server, the peers, a
 * directory to work in. It knows no comparison.
 *
 * @module
 */

import type { TestServer } from "../../tests/support/servers.ts";
import type { Psql } from "./peers.ts";
import type { Row } from "./compare.ts";

/** What a comparison may use. */
export interface BenchContext {
  /** The pawl executable, by its absolute path. */
  readonly pawl: string;
  /** How often each subject of a slow comparison is timed. */
  readonly rounds: number;
  /** A directory that is removed in the end. */
  readonly scratch: string;
  /** A server that waits for the disk at each commit; started on first use. */
  readonly server: () => Promise<TestServer>;
  /** The psql of this machine; undefined where there is none. */
  readonly psql: () => Promise<Psql | undefined>;
  /** Shows a line at once. */
  readonly say: (line: string) => void;
}

/** One comparison; it returns what it found, or says why it found nothing. */
export interface Bench {
  /** What it is called on the command line. */
  readonly name: string;
  /** What it shows; without a full stop. */
  readonly title: string;
  /** Does it. */
  readonly run: (context: BenchContext) => Promise<readonly Row[]>;
}

/** A database that is dropped after use, by its URL. */
export async function withFresh<T>(
  server: TestServer,
  body: (url: string) => Promise<T>,
): Promise<T> {
  const database = await server.createDatabase();
  try {
    return await body(database.url);
  } finally {
    await database.drop();
  }
}
