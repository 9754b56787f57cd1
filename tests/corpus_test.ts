/**
 * A sample of what `deno task test:corpus` runs in full: pairs and histories
 * of other projects, and generated schemas, converge both ways, online and
 * locking. The seed is printed; `PAWL_TEST_SEED` repeats a run.
 *
 * @module
 */

import assert from "@std/assert";
import { openBench } from "./support/bench.ts";
import {
  Corpus,
  corpusMissing,
  corpusRoles,
  explain,
  historyItems,
  pairItems,
  sampled,
} from "./support/corpus.ts";
import { targetsUnderTest } from "./support/servers.ts";

const seed = Number(
  Deno.env.get("PAWL_TEST_SEED") ?? Math.floor(Math.random() * 1_000_000),
);

const PAIRS = 40;
const STEPS = 6;
const GENERATED = 100;

/** A few steps of one history, one after another. */
function steps(): string[] {
  const all = historyItems();
  const from = Math.floor(
    (sampled([...all.keys()], 1, seed)[0] ?? 0) / STEPS,
  ) * STEPS;
  return all.slice(from, from + STEPS);
}

for (const target of targetsUnderTest()) {
  for (
    const [what, ignore, items] of [
      [
        "pairs of other projects",
        corpusMissing,
        () => sampled(pairItems(), PAIRS, seed),
      ],
      ["steps of real histories", corpusMissing, steps],
      [
        "generated schemas",
        false,
        () => Array.from({ length: GENERATED }, (_, i) => `random:${seed + i}`),
      ],
    ] as const
  ) {
    Deno.test({
      name: `${what} converge both ways, online and locking (${target})`,
      ignore,
      fn: async () => {
        console.log(`PAWL_TEST_SEED=${seed}`);
        const bench = await openBench(target, corpusRoles());
        try {
          const corpus = new Corpus(bench);
          const failed: string[] = [];
          let proofs = 0;
          for (const item of items()) {
            const result = await corpus.prove(item);
            proofs += result.proofs.length;
            // Some pairs are for 15 and later, or need what PGlite has not.
            if (result.unloaded === undefined) failed.push(explain(result));
            else if (target === 15) failed.push(explain(result));
          }
          const text = failed.filter((one) => one !== "").join("\n\n");
          assert.equal(text, "", `seed ${seed}\n${text}`);
          assert.ok(proofs > 0);
        } finally {
          await bench.close();
        }
      },
    });
  }
}
