/**
 * How much slower a real history runs on the embedded database than on a
 * server.
 *
 * @module
 */

import { join } from "node:path";
import { type Bench, type BenchContext, withFresh } from "./bench_context.ts";
import { inTurn, type Subject } from "./compare.ts";
import { run } from "./process.ts";

/** Where the history of crates.io is, beside the repository, unless BENCH_CRATES_IO says otherwise. */
const CRATES_IO = "../shared/data/migrations/crates_io";

const settings = { env: { PAWL_LAYOUT: "diesel" } };

/** Upgrade without start-up: less what `status` takes on an equally empty database. */
function upgradeOf(
  context: BenchContext,
  migrations: string,
  withDatabase: (body: (db: string) => Promise<number>) => Promise<number>,
): Subject {
  const env = { ...settings.env, PAWL_MIGRATIONS: migrations };
  const time = (command: string) => (db: string) =>
    run([context.pawl, command, "--db", db], { cwd: context.scratch, env })
      .then((measured) => measured.seconds);
  return async () => {
    const startUp = await withDatabase(time("status"));
    return await withDatabase(time("upgrade")) - startUp;
  };
}

/** `upgrade` to the head of the crates.io history. */
export const embeddedBench: Bench = {
  name: "embedded",
  title:
    "pawl upgrade to the head of the crates.io history, embedded against a server, start-up aside",
  run: async (context) => {
    const migrations = Deno.env.get("BENCH_CRATES_IO") ??
      new URL(`../../${CRATES_IO}`, import.meta.url).pathname;
    const found = await Deno.stat(migrations).then(() => true, () => false);
    if (!found) {
      context.say(
        "  skipped: no crates.io history; BENCH_CRATES_IO names its directory",
      );
      return [];
    }
    const server = await context.server();
    let made = 0;
    const times = await inTurn(Math.min(context.rounds, 3), {
      embedded: upgradeOf(context, migrations, async (body) => {
        const directory = join(context.scratch, `embedded-${++made}`);
        try {
          return await body(`pglite:${directory}`);
        } finally {
          await Deno.remove(directory, { recursive: true }).catch(() => {});
        }
      }),
      server: upgradeOf(context, migrations, (body) => withFresh(server, body)),
    });
    return [{
      name: "on the embedded database",
      ours: times.embedded,
      peer: "on a server",
      theirs: times.server,
      bar: 5,
    }];
  },
};
