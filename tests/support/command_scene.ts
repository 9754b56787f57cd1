/**
 * A project in a directory and a database of its own, for tests that run pawl
 * as a user does.
 *
 * @module
 */

import assert from "@std/assert";
import { type CliResult, runCli, withProject } from "./cli.ts";
import { execute, type TestDatabase, testOnServers } from "./servers.ts";

/** What a test is given. */
export interface CommandScene {
  readonly cwd: string;
  readonly url: string;
  readonly database: TestDatabase;
  /** Runs pawl. */
  pawl(...args: string[]): Promise<CliResult>;
  /** Runs pawl, which must end well. */
  ok(...args: string[]): Promise<CliResult>;
  /** Runs pawl, which must end well, and reads its JSON document. */
  json(...args: string[]): Promise<Record<string, unknown>>;
  /** Rows, values as text. */
  rows(sql: string): Promise<Record<string, string | null>[]>;
  /** The first value of each row. */
  values(sql: string): Promise<(string | null)[]>;
  /** The first value of the first row. */
  value(sql: string): Promise<string | null>;
}

/**
 * Registers a test on a database of its own.
 *
 * @param name What it says.
 * @param files Text by path.
 * @param body The test.
 */
export function commandScene(
  name: string,
  files: Readonly<Record<string, string>>,
  body: (scene: CommandScene) => Promise<void>,
): void {
  testOnServers(
    name,
    (database) =>
      withProject(files, (cwd) => {
        const { url } = database;
        const pawl = (...args: string[]) =>
          runCli(args, { cwd, env: { DATABASE_URL: url } });
        const ok = async (...args: string[]) => {
          const result = await pawl(...args);
          assert.equal(result.code, 0, result.stderr + result.stdout);
          return result;
        };
        const rows = (sql: string) => execute(url, sql);
        const values = async (sql: string) =>
          (await rows(sql)).map((row) => Object.values(row)[0] ?? null);
        return body({
          cwd,
          url,
          database,
          pawl,
          ok,
          json: async (...args) =>
            JSON.parse((await ok(...args, "--json")).stdout),
          rows,
          values,
          value: async (sql) => (await values(sql))[0] ?? null,
        });
      }),
  );
}
