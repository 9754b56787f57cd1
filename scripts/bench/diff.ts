/**
 * What a comparison of large schemas takes: `diff` of two live databases that
 * differ in two objects, beside `pgdelta plan` of the same, and of two
 * snapshots.
 *
 * @module
 */

import { join } from "node:path";
import { startServer, type TestServer } from "../../tests/support/servers.ts";
import type { Bench, BenchContext } from "./bench_context.ts";
import { inTurn, median, type Row } from "./compare.ts";
import { installPgDelta } from "./peers.ts";
import { run, runWatched } from "./process.ts";
import { manyTables } from "./schema.ts";

const LARGE = 5000;
const SMALL = 1000;

/** The most that `diff` may keep in memory, in MB. */
const ALLOWED_MB = 300;

/** The most that `diff` of two snapshots of 5,000 tables may take, in seconds. */
const SNAPSHOT_SECONDS = 1;

/** What the second of two databases has more. */
const CHANGE = `ALTER TABLE app.table_500 ADD COLUMN note text;
CREATE INDEX extra ON app.table_700 (amount);
VACUUM (ANALYZE);
`;

/** `diff` of 5,000 and of 1,000 tables. */
export const diffBench: Bench = {
  name: "diff",
  title:
    "pawl diff of two databases that differ in two objects / pgdelta plan; of two snapshots",
  run: async (context) => {
    const psql = await context.psql();
    if (psql === undefined) {
      context.say("  skipped: there is no psql on PATH");
      return [];
    }
    const peer = await installPgDelta(join(context.scratch, "pg-delta"));
    if ("missing" in peer) context.say(`  without pg-delta: ${peer.missing}`);
    // 17: of 18's not-null constraints pg-delta prints a warning each.
    const server = await startServer({
      version: 17,
      settings: {
        shared_buffers: "256MB",
        max_wal_size: "4GB",
        max_locks_per_transaction: "512",
      },
    });
    try {
      const execute = async (url: string, name: string, sql: string) => {
        const file = join(context.scratch, `${name}.sql`);
        await Deno.writeTextFile(file, sql);
        const options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file];
        await run([psql.program, ...options, url]);
      };
      const make = (tables: number) => makePair(server, tables, execute);
      const command = "missing" in peer ? undefined : peer.command;
      const large = await make(LARGE);
      return [
        ...await live(context, command, { ...large, bar: 0.3 }),
        ...await snapshots(context, large),
        ...await live(context, command, { ...await make(SMALL), bar: 0.5 }),
      ];
    } finally {
      await server.stop();
    }
  },
};

/** Two databases. */
interface Pair {
  readonly tables: number;
  readonly from: string;
  readonly to: string;
}

async function makePair(
  server: TestServer,
  tables: number,
  execute: (url: string, name: string, sql: string) => Promise<void>,
): Promise<Pair> {
  const from = await server.createDatabase(`from_${tables}`);
  await execute(from.url, from.name, manyTables(tables));
  const name = `to_${tables}`;
  await execute(
    server.url(),
    "copy",
    `CREATE DATABASE ${name} TEMPLATE ${from.name};\n`,
  );
  const to = server.url(name);
  await execute(to, name, CHANGE);
  return { tables, from: from.url, to };
}

async function live(
  context: BenchContext,
  peer: readonly string[] | undefined,
  { tables, from, to, bar }: Pair & { readonly bar: number },
): Promise<Row[]> {
  const options = { cwd: context.scratch };
  const peaks: number[] = [];
  const diff = async () => {
    const { seconds, peakMb } = await runWatched(
      [context.pawl, "diff", from, to],
      options,
    );
    peaks.push(peakMb);
    return seconds;
  };
  const unproved = async () =>
    (await run([context.pawl, "diff", "--no-prove", from, to], options))
      .seconds;
  const out = join(context.scratch, "plan.json");
  const times = peer === undefined
    ? { ...await inTurn(context.rounds, { diff, unproved }), peer: NaN }
    : await inTurn(context.rounds, {
      diff,
      unproved,
      peer: async () =>
        (await run(
          [...peer, "plan", "--source", from, "--desired", to, "--out", out],
          options,
        )).seconds,
    });
  const peak = median(peaks);
  const beside = { peer: "pgdelta plan", theirs: times.peer };
  const rows: Row[] = [
    {
      name: `diff of ${tables} tables, proved`,
      ours: times.diff,
      ...beside,
      bar,
    },
    {
      name: `diff --no-prove of ${tables} tables`,
      ours: times.unproved,
      ...beside,
      bar: undefined,
      note: "pgdelta plan does not prove either",
    },
  ];
  return [
    ...(peer === undefined ? [] : rows),
    {
      name: `peak memory of diff of ${tables} tables, ${
        peak.toFixed(0)
      } MB; shown as seconds`,
      ours: peak,
      peer: `${ALLOWED_MB} MB`,
      theirs: ALLOWED_MB,
      bar: 1,
    },
  ];
}

async function snapshots(
  context: BenchContext,
  { tables, from, to }: Pair,
): Promise<Row[]> {
  const options = { cwd: context.scratch };
  const files = ["from.json", "to.json"];
  for (const [i, url] of [from, to].entries()) {
    const file = files[i] ?? "";
    await run([context.pawl, "snapshot", url, "-o", file], options);
  }
  const diff = (...more: readonly string[]) => async () =>
    (await run([context.pawl, "diff", ...more, ...files], options)).seconds;
  const times = await inTurn(context.rounds, {
    diff: diff(),
    unproved: diff("--no-prove"),
  });
  const name = `of two snapshots of ${tables} tables`;
  const allowed = { peer: "allowed", theirs: SNAPSHOT_SECONDS };
  return [
    { name: `diff ${name}, proved`, ours: times.diff, ...allowed, bar: 1 },
    {
      name: `diff --no-prove ${name}`,
      ours: times.unproved,
      ...allowed,
      bar: undefined,
    },
  ];
}
