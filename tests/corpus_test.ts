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

/** The same each time, so that a run can be told from the one before by what was changed. */
const seed = Number(Deno.env.get("PAWL_TEST_SEED") ?? 1);

/**
 * How much of each there is time for. On the embedded database one proof takes
 * longer, and pg_dump as WASM most of all.
 */
const COUNTS = {
  server: { pairs: 40, steps: 4, generated: 16 },
  embedded: { pairs: 8, steps: 2, generated: 4 },
} as const;

/** A few steps of one history, one after another. */
function stepItems(count: number): string[] {
  const all = historyItems();
  const from = Math.floor((sampled([...all.keys()], 1, seed)[0] ?? 0) / count);
  return all.slice(from * count, (from + 1) * count);
}

function generatedItems(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `random:${seed + i}`);
}

for (const target of targetsUnderTest()) {
  const counts = COUNTS[target === "embedded" ? target : "server"];
  for (
    const [what, ignore, items] of [
      [
        "pairs of other projects",
        corpusMissing,
        () => sampled(pairItems(), counts.pairs, seed),
      ],
      [
        "steps of real histories",
        corpusMissing,
        () => stepItems(counts.steps),
      ],
      ["generated schemas", false, () => generatedItems(counts.generated)],
    ] as const
  ) {
    Deno.test({
      name:
        `${what} converge both ways, online and locking by turns (${target})`,
      ignore,
      fn: async () => {
        console.log(`PAWL_TEST_SEED=${seed}`);
        const bench = await openBench(target, corpusRoles());
        try {
          const corpus = new Corpus(bench);
          const failed: string[] = [];
          let proofs = 0;
          for (const [i, item] of items().entries()) {
            const mode = (seed + i) % 2 === 0 ? "online" : "locking";
            const result = await corpus.prove(item, [mode]);
            proofs += result.proofs.length;
            // A pair of somebody else's may be for 15 and later, or need what
            // PGlite has not; the generator knows what it writes for.
            if (result.unloaded === undefined || item.startsWith("random:")) {
              failed.push(explain(result));
            }
          }
          const text = failed.filter((one) => one !== "").join("\n\n");
          assert.equal(text, "", `PAWL_TEST_SEED=${seed}\n${text}`);
          assert.ok(proofs > 0, "nothing could be loaded");
        } finally {
          await bench.close();
        }
      },
    });
  }
}
