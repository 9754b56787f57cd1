/**
 * `deno task bench`: what pawl's speed is measured by. Each number is a ratio
 * to a peer or a floor in the same run, so that it says the same on any
 * machine; nothing here is a test. Peers that this machine lacks are named.
 *
 *     deno task bench                  everything
 *     deno task bench version status   these only
 *     deno task bench --rounds=9       slow comparisons more often (default 5)
 *
 * It times the executable `dist/pawl`, which `deno task build` makes;
 * `PAWL_BIN` names another. It ends with 1 when a bar is missed.
 *
 * @module
 */

import { resolve } from "node:path";
import { startServer, type TestServer } from "../tests/support/servers.ts";
import type { Bench, BenchContext } from "./bench/bench_context.ts";
import { missed, type Row, rowLine } from "./bench/compare.ts";
import { diffBench } from "./bench/diff.ts";
import { embeddedBench } from "./bench/embedded.ts";
import { generateBench } from "./bench/generate.ts";
import { largeBench } from "./bench/large.ts";
import { findPsql, type Psql } from "./bench/peers.ts";
import { run } from "./bench/process.ts";
import { schemaBench } from "./bench/schema.ts";
import { statusBench, versionBench } from "./bench/start_up.ts";
import { upgradeBench } from "./bench/upgrade.ts";
import { verifyBench } from "./bench/verify.ts";

const BENCHES: readonly Bench[] = [
  versionBench,
  statusBench,
  upgradeBench,
  verifyBench,
  embeddedBench,
  schemaBench,
  diffBench,
  generateBench,
  largeBench,
];

async function main(args: readonly string[]): Promise<number> {
  const { chosen, rounds } = readArguments(args);
  const pawl = resolve(Deno.env.get("PAWL_BIN") ?? "dist/pawl");
  const version = await run([pawl, "--version"]).catch((error) => {
    throw error instanceof Deno.errors.NotFound
      ? new Error(
        `Cannot measure: there is no ${pawl}; deno task build makes it`,
      )
      : error;
  });
  console.log(
    `${version.stdout.trim()}, medians of runs in turn; ours / theirs`,
  );
  const scratch = await Deno.makeTempDir({ prefix: "pawl-bench-" });
  let server: Promise<TestServer> | undefined;
  // The data of the whole run fits: what is measured is not the server's I/O.
  const startOnce = () =>
    server ??= startServer({
      version: 18,
      fsync: true,
      settings: { shared_buffers: "256MB", max_wal_size: "4GB" },
    });
  let psql: Promise<Psql | undefined> | undefined;
  const context: BenchContext = {
    pawl,
    rounds,
    scratch,
    server: startOnce,
    psql: () => psql ??= startOnce().then((started) => findPsql(started.url())),
    say: (line) => console.log(line),
  };
  const rows: Row[] = [];
  try {
    for (const bench of chosen) {
      console.log(`\n${bench.name}: ${bench.title}`);
      const found = await bench.run(context);
      for (const row of found) console.log(rowLine(row));
      rows.push(...found);
    }
  } finally {
    await (await server)?.stop();
    await Deno.remove(scratch, { recursive: true });
  }
  const misses = rows.filter(missed).length;
  const bars = rows.filter((row) => row.bar !== undefined).length;
  console.log(`\n${bars - misses} of ${bars} bars met`);
  return misses === 0 ? 0 : 1;
}

function readArguments(
  args: readonly string[],
): { readonly chosen: readonly Bench[]; readonly rounds: number } {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const unknown =
    names.find((name) => BENCHES.every((bench) => bench.name !== name)) ??
      args.find((arg) =>
        arg.startsWith("-") && !/^--rounds=[1-9]\d?$/.test(arg)
      );
  if (unknown !== undefined) {
    throw new Error(
      `Cannot measure: there is no "${unknown}"; there are ${
        BENCHES.map((bench) => bench.name).join(", ")
      } and --rounds=N`,
    );
  }
  const rounds = args.find((arg) => arg.startsWith("--rounds="));
  return {
    chosen: names.length === 0
      ? BENCHES
      : BENCHES.filter((bench) => names.includes(bench.name)),
    rounds: rounds === undefined ? 5 : Number(rounds.slice("--rounds=".length)),
  };
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
