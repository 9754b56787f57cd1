import assert from "@std/assert";
import { runToy } from "./_toy_host.ts";

Deno.test("readStdin() gives all of standard input as UTF-8", async () => {
  const bytes = new TextEncoder().encode("ä");
  const run = await runToy(["toy", "stdin"], {
    stdin: ["abc\n", bytes.subarray(0, 1), bytes.subarray(1)],
  });
  assert.equal(run.stdout, "5\n");
  assert.equal(run.stderr, "");
});

Deno.test("readStdin() refuses what is not UTF-8", async () => {
  const run = await runToy(["toy", "stdin"], {
    stdin: [new Uint8Array([0xff, 0xfe])],
  });
  assert.equal(run.code, 2);
  assert.match(run.stderr, /Cannot read standard input: it is not UTF-8/);
});

Deno.test("readStdin() tells a person at a terminal what it waits for", async () => {
  const run = await runToy(["toy", "stdin"], { terminals: ["stdin"] });
  assert.match(run.stderr, /Reading standard input; end it with Ctrl-D/);
});

Deno.test("readStdin() is given up on an interrupt", async () => {
  const run = await runToy(["toy", "stdin"], {
    onRead: ({ signal }) => signal("SIGTERM"),
  });
  assert.equal(run.code, 130);
  assert.match(run.stderr, /interrupted by SIGTERM/);
});
