/**
 * How long pawl takes to say its version, and to say where a database stands.
 *
 * @module
 */

import { join } from "node:path";
import { type Bench, type BenchContext, withFresh } from "./bench_context.ts";
import { inTurn, type Row, type Subject } from "./compare.ts";
import { smallTable, writeMigrations } from "./fixtures.ts";
import type { Psql } from "./peers.ts";
import { run } from "./process.ts";

/** Short processes vary most. */
const ROUNDS = 21;

async function withPsql(
  context: BenchContext,
  body: (psql: Psql) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const psql = await context.psql();
  if (psql !== undefined) return await body(psql);
  context.say("  skipped: there is no psql on PATH");
  return [];
}

const timed = (command: readonly string[], cwd?: string): Subject => async () =>
  (await run(command, cwd === undefined ? {} : { cwd })).seconds;

/** `--version`. */
export const versionBench: Bench = {
  name: "version",
  title: "pawl --version against psql --version, whole processes",
  run: (context) =>
    withPsql(context, async (psql) => {
      const times = await inTurn(ROUNDS, {
        ours: timed([context.pawl, "--version"]),
        psql: timed([psql.command, "--version"]),
        program: timed([psql.program, "--version"]),
      });
      const rows: Row[] = [{
        name: "pawl --version",
        ours: times.ours,
        peer: "psql --version",
        theirs: times.psql,
        bar: 3,
      }];
      // What a wrapper adds to psql is not psql's: that row has no bar.
      if (psql.wrapped) {
        rows.push({
          name: "pawl --version",
          ours: times.ours,
          peer: `${psql.program} --version`,
          theirs: times.program,
          bar: undefined,
          note: "without the wrapper that `psql` is here",
        });
      }
      return rows;
    }),
};

/** `status` with 1,000 applied migrations. */
export const statusBench: Bench = {
  name: "status",
  title:
    "pawl status on 1,000 applied migrations against 3 × psql -c 'select 1' + 50 ms",
  run: (context) =>
    withPsql(context, async (psql) => {
      const directory = join(context.scratch, "status");
      await writeMigrations(join(directory, "migrations"), {
        files: 1000,
        sql: smallTable,
      });
      await Deno.writeTextFile(join(directory, "pawl.toml"), "[project]\n");
      const server = await context.server();
      return await withFresh(server, async (url) => {
        const ours = [context.pawl, "status", "--db", url];
        const select = ["-X", url, "-c", "select 1"];
        await run([context.pawl, "upgrade", "--db", url], { cwd: directory });
        const times = await inTurn(ROUNDS, {
          ours: timed(ours, directory),
          psql: timed([psql.command, ...select]),
          program: timed([psql.program, ...select]),
        });
        const rows: Row[] = [{
          name: "pawl status",
          ours: times.ours,
          peer: "3 × psql + 50 ms",
          theirs: 3 * times.psql + 0.05,
          bar: 1,
        }];
        if (psql.wrapped) {
          rows.push({
            name: "pawl status",
            ours: times.ours,
            peer: `3 × ${psql.program} + 50 ms`,
            theirs: 3 * times.program + 0.05,
            bar: undefined,
            note: "without the wrapper that `psql` is here",
          });
        }
        return rows;
      });
    }),
};
