/**
 * How long `verify` takes over 10 MB of SQL without a database: as many small
 * files, and as a few large ones.
 *
 * @module
 */

import { join } from "node:path";
import { openProject } from "../../lib/migrate/project.ts";
import { writeSum } from "../../lib/migrate/sum_file.ts";
import type { Bench } from "./bench_context.ts";
import { inTurn, type Row } from "./compare.ts";
import { ddlText, writeMigrations } from "./fixtures.ts";
import { run } from "./process.ts";

const BYTES = 10_000_000;
/** The bar: seconds for each 10 MB. */
const ALLOWED = 1;

const SHAPES = [
  { name: "small", files: 10_000 },
  { name: "large", files: 10 },
];

/** `verify --db none`, unchanged and with every file edited. */
export const verifyBench: Bench = {
  name: "verify",
  title: "pawl verify --db none, for each 10 MB of SQL",
  run: async (context) => {
    const rows: Row[] = [];
    for (const { name, files } of SHAPES) {
      const directory = join(context.scratch, `verify-${name}`);
      const migrations = join(directory, "migrations");
      const each = BYTES / files;
      await writeMigrations(migrations, {
        files,
        sql: (n) => ddlText(n, each),
      });
      await Deno.writeTextFile(join(directory, "pawl.toml"), "[project]\n");
      writeSum(openProject({ cwd: directory, env: { HOME: directory } }));
      const bytes = await bytesIn(migrations);
      const verify = (codes: readonly number[]) => async () =>
        (await run([context.pawl, "verify", "--db", "none"], {
          cwd: directory,
          codes,
        })).seconds;
      // What reading and hashing the same bytes takes by itself.
      const floor = async () =>
        (await run(["sh", "-c", "cat migrations/*.sql | sha256sum"], {
          cwd: directory,
        })).seconds;
      const of = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
      const allowed = ALLOWED * bytes / BYTES;
      const same = await inTurn(context.rounds, { ours: verify([0]), floor });
      rows.push({
        name: `verify, ${of}`,
        ours: same.ours,
        peer: "1 s for each 10 MB",
        theirs: allowed,
        bar: 1,
        note: `${
          (same.ours / same.floor).toFixed(1)
        } × cat | sha256sum of the same files`,
      });
      // A comment more in each: raw hashes differ, every token is read.
      for await (const { name: file } of Deno.readDir(migrations)) {
        if (!file.endsWith(".sql")) continue;
        await Deno.writeTextFile(join(migrations, file), "-- edited\n", {
          append: true,
        });
      }
      const edited = await inTurn(context.rounds, { ours: verify([0]) });
      rows.push({
        name: `verify, a comment added to each of ${of}`,
        ours: edited.ours,
        peer: "1 s for each 10 MB",
        theirs: allowed,
        bar: 1,
        note: "token hashes too",
      });
    }
    return rows;
  },
};

async function bytesIn(directory: string): Promise<number> {
  let bytes = 0;
  for await (const { name } of Deno.readDir(directory)) {
    if (name.endsWith(".sql")) {
      bytes += (await Deno.stat(join(directory, name))).size;
    }
  }
  return bytes;
}
