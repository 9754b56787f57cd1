/**
 * One worker of `deno task test:corpus`: proves the items that it is sent, one
 * name a line, and answers each with one line of JSON.
 *
 * @module
 */

import { openBench } from "../../tests/support/bench.ts";
import { Corpus, corpusRoles } from "../../tests/support/corpus.ts";
import { targetOf } from "./target.ts";

if (import.meta.main) {
  const target = targetOf(Deno.args[0] ?? "");
  const bench = await openBench(target, corpusRoles());
  const corpus = new Corpus(bench);
  const encoder = new TextEncoder();
  let rest = "";
  for await (
    const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  ) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const item of lines) {
      const answer = encoder.encode(
        JSON.stringify(await corpus.prove(item)) + "\n",
      );
      for (let done = 0; done < answer.length;) {
        done += await Deno.stdout.write(answer.subarray(done));
      }
    }
  }
  await bench.close();
  Deno.exit(0);
}
