/**
 * A directory, a database and a project in both, for tests that use pawl as a
 * library.
 *
 * @module
 */

import type { ConfigData } from "../../lib/config/config_data.ts";
import { openProject, type Project } from "../../lib/migrate/project.ts";
import { withProject } from "./cli.ts";
import { type TestDatabase, testOnServers } from "./servers.ts";

/** What a test is given. */
export interface LibraryScene {
  readonly cwd: string;
  readonly url: string;
  readonly database: TestDatabase;
  /** The project as the files in the directory configure it. */
  readonly project: Project;
  /** The project with a configuration given as data, or on another database. */
  open(config?: ConfigData, database?: string): Project;
  /** Makes a further database. */
  another(): Promise<string>;
}

/**
 * Registers a test on a database of its own.
 *
 * @param name What it says.
 * @param files Text by path.
 * @param body The test.
 */
export function libraryScene(
  name: string,
  files: Readonly<Record<string, string>>,
  body: (scene: LibraryScene) => Promise<void>,
): void {
  testOnServers(name, async (database) => {
    const { url, server } = database;
    const others: TestDatabase[] = [];
    try {
      await withProject(files, (cwd) => {
        const env = { HOME: cwd };
        return body({
          cwd,
          url,
          database,
          project: openProject({ cwd, db: url, env }),
          open: (config = {}, db = url) =>
            openProject({ cwd, db, env, config }),
          another: async () => {
            const made = await server.createDatabase();
            others.push(made);
            return made.url;
          },
        });
      });
    } finally {
      for (const other of others) await other.drop();
    }
  });
}
