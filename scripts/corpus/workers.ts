/**
 * The processes that prove items: so many at a time, each on a database of its
 * own. One that breaks down or hangs is replaced, and its item has failed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { ItemResult } from "../../tests/support/corpus.ts";

/** What is to be done, and who is told. */
export interface Work {
  /** Such as `15` or `embedded`. */
  readonly target: string;
  /** Item names. */
  readonly items: readonly string[];
  /** How many processes. */
  readonly workers: number;
  /** Called when an item is done. */
  readonly onResult: (result: ItemResult) => void;
}

/** Longer than the longest item takes, replaying a history included. */
const PATIENCE_MS = 300_000;

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/**
 * Proves items, and tells of each.
 *
 * @param work The items, and who is told.
 */
export async function proveItems(work: Work): Promise<void> {
  const queue = [...work.items].reverse();
  const loop = async () => {
    let worker: ItemWorker | undefined;
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
      worker ??= new ItemWorker(work.target);
      const result = await worker.prove(item);
      if (typeof result === "string") {
        await worker.end();
        worker = undefined;
        work.onResult(brokenDown(item, result));
      } else work.onResult(result);
    }
    await worker?.end();
  };
  await Promise.all(Array.from({ length: work.workers }, loop));
}

function brokenDown(item: string, reason: string): ItemResult {
  return {
    item,
    unloaded: undefined,
    proofs: [{
      direction: "a→b",
      mode: "online",
      problems: [{ stage: "run", summary: reason, details: [] }],
      script: undefined,
      filled: 0,
      withoutRows: false,
    }],
  };
}

/** A process that proves one item after another. */
class ItemWorker {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: AsyncIterator<string>;
  readonly #complaints: Promise<string>;

  constructor(target: string) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", "-A", WORKER, target],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout);
    this.#complaints = new Response(this.#child.stderr).text();
  }

  /** What became of an item; a text for why nobody knows. */
  async prove(item: string): Promise<ItemResult | string> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hung = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
    try {
      await this.#input.write(new TextEncoder().encode(`${item}\n`));
      const line = await Promise.race([this.#lines.next(), hung]);
      if (line === undefined) return `hung for ${PATIENCE_MS / 1000} s`;
      if (line.done !== true) {
        const result: ItemResult = JSON.parse(line.value);
        return result;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    } finally {
      clearTimeout(timer);
    }
    return `broke down: ${(await this.#complaints).trim().slice(-2000)}`;
  }

  async end(): Promise<void> {
    await this.#input.close().catch(() => {});
    const timer = setTimeout(() => {
      try {
        this.#child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }, 10_000);
    await this.#child.status;
    clearTimeout(timer);
  }
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
