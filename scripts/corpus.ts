/**
 * `deno task test:corpus`: proves that pawl's SQL converges, on everything
 * there is: the pairs and histories in `../shared/data`, and generated
 * schemas; both ways, online and locking; on PostgreSQL 15 and 18 and the
 * embedded database.
 *
 *     deno task test:corpus                        all of it
 *     deno task test:corpus --only pair:migra      items whose names match
 *     deno task test:corpus --on 15 --sample 50    50 items, on 15
 *     deno task test:corpus --report report.txt    with each failure's SQL
 *
 * `--seed` chooses the sample and the generated schemas; it is printed.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  corpusMissing,
  historyItems,
  type ItemResult,
  pairItems,
  sampled,
} from "../tests/support/corpus.ts";
import {
  serverVariable,
  startServer,
  type TestServer,
} from "../tests/support/servers.ts";
import {
  failureCount,
  failures,
  summary,
  type TargetResults,
  unloadedItems,
} from "./corpus/report.ts";
import { targetOf } from "./corpus/target.ts";
import { proveItems } from "./corpus/workers.ts";

const OPTIONS = {
  only: { type: "string" },
  on: { type: "string", default: "15,18,embedded" },
  sample: { type: "string" },
  seed: { type: "string" },
  random: { type: "string", default: "1000" },
  workers: { type: "string", default: "2" },
  report: { type: "string" },
} as const;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const seed = count("seed", values.seed ?? String(Date.now() % 1_000_000));
  const workers = count("workers", values.workers);
  const targets = values.on.split(",").map(targetOf);
  if (corpusMissing) console.log("There are no pairs and no histories here.");
  const only = new RegExp(values.only ?? "");
  const generated = Array.from(
    { length: count("random", values.random) },
    (_, i) => `random:${seed + i}`,
  );
  const all = [...pairItems(), ...historyItems(), ...generated]
    .filter((item) => only.test(item));
  const items = values.sample === undefined
    ? all
    : sampled(all, count("sample", values.sample), seed);
  console.log(
    `${items.length} items on ${targets.join(", ")}, seed ${seed}`,
  );
  usePlainPrograms();
  const runs: TargetResults[] = [];
  for (const target of targets) {
    const server = target === "embedded" ? undefined : await serverOf(target);
    try {
      runs.push(await runOn(String(target), items, workers));
    } finally {
      await server?.stop("immediate");
      if (server !== undefined) Deno.env.delete(serverVariable(server.version));
    }
    if (values.report !== undefined) await writeReport(values.report, runs);
  }
  console.log(`\n${failures(runs, "brief")}\n\n${unloadedItems(runs)}\n`);
  console.log(summary(runs));
  return failureCount(runs) > 0 ? 1 : 0;
}

async function runOn(
  target: string,
  items: readonly string[],
  workers: number,
): Promise<TargetResults> {
  const results: ItemResult[] = [];
  const started = performance.now();
  let failed = 0;
  await proveItems({
    target,
    items,
    workers,
    onResult(result) {
      results.push(result);
      if (result.proofs.some(({ problems }) => problems.length > 0)) failed++;
      if (results.length % 50 === 0) {
        console.error(
          `${target}: ${results.length} of ${items.length}, ${failed} failed`,
        );
      }
    },
  });
  const order = new Map(items.map((item, i) => [item, i]));
  results.sort((a, b) => (order.get(a.item) ?? 0) - (order.get(b.item) ?? 0));
  const seconds = (performance.now() - started) / 1000;
  return { target, results, seconds };
}

/** Starts a server for the workers, where none is named already. */
async function serverOf(
  version: Exclude<ReturnType<typeof targetOf>, "embedded">,
): Promise<TestServer | undefined> {
  const variable = serverVariable(version);
  if (Deno.env.get(variable) !== undefined) return undefined;
  const server = await startServer({ version });
  Deno.env.set(variable, server.url());
  return server;
}

async function writeReport(
  path: string,
  runs: readonly TargetResults[],
): Promise<void> {
  await Deno.writeTextFile(
    path,
    `${summary(runs)}\n\nCauses, the most frequent first:\n\n${
      failures(runs, "brief")
    }\n\nNot loaded:\n\n${unloadedItems(runs)}\n\nIn full:\n\n${
      failures(runs, "full")
    }\n`,
  );
}

/** Debian's psql and pg_dump on PATH are Perl, which takes longer than they do. */
function usePlainPrograms(): void {
  const directory = ["18", "17", "16", "15"]
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((path) => existsSync(`${path}/psql`));
  if (directory === undefined) return;
  Deno.env.set("PATH", `${directory}:${Deno.env.get("PATH") ?? ""}`);
}

function count(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new Error(`Cannot read --${name} ${text}: it must be a number`);
  }
  return Number(text);
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url));
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
