import assert from "@std/assert";

/** The toy program on a real process. */
function toy(args: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      new URL("_toy_host.ts", import.meta.url).href,
      ...args,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs a line of sh in which $TOY is the toy program. */
async function sh(line: string) {
  const url = new URL("_toy_host.ts", import.meta.url).href;
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", line],
    env: { TOY: `${Deno.execPath()} run -A --no-check ${url}` },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Reads a stream; `until` waits for a text that may have come already. */
function watch(stream: ReadableStream<Uint8Array>) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  return {
    until: async (text: string): Promise<void> => {
      while (!seen.includes(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`it ended with: ${seen}`);
        seen += value;
      }
    },
    cancel: () => reader.cancel(),
  };
}

Deno.test("a reader that goes away ends the program quietly", async () => {
  const run = await sh(
    "{ $TOY toy many --times 500000; echo $? >&2; } | head -1",
  );
  assert.equal(run.stdout, "line\n");
  assert.equal(run.stderr, "0\n");
});

Deno.test("talk that nobody reads stops no work", async () => {
  const run = await sh(
    // The pipe is broken for certain once an echo into it has failed.
    "trap '' PIPE; { while echo >&3; do :; done 2>/dev/null; " +
      "$TOY toy note 2>&3 >/dev/null; echo $? >&4; } 3>&1 4>&2 | true",
  );
  assert.equal(run.stderr, "0\n");
});

Deno.test("a full disk under the data is exit 3, and said", async () => {
  const run = await sh("$TOY toy many >/dev/full");
  assert.equal(run.code, 3);
  assert.match(run.stderr, /Cannot write standard output: .*space/i);
  const json = await sh("$TOY toy many --json >/dev/full");
  assert.equal(json.code, 3);
  assert.match(json.stderr, /Cannot write standard output/);
});

Deno.test("a full disk under the talk stops no work", async () => {
  const run = await sh("$TOY toy note 2>/dev/full");
  assert.equal(run.code, 0);
  assert.equal(run.stdout, "said\n");
});

Deno.test("standard input is read to its end", async () => {
  const run = await sh(
    "head -c 300000 /dev/zero | tr '\\0' x | $TOY toy stdin",
  );
  assert.equal(run.stdout, "300000\n");
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the first ${signal} stops cleanly with 130`, async () => {
    const child = toy(["toy", "interrupt"]).spawn();
    const stderr = watch(child.stderr);
    await stderr.until("ready");
    child.kill(signal);
    await stderr.until(`Stopping: ${signal} received`);
    await stderr.until(`error: Cannot go on: interrupted by ${signal}`);
    await stderr.cancel();
    await child.stdin.close();
    await child.stdout.cancel();
    assert.equal((await child.status).code, 130);
  });
}

Deno.test("the second interrupt ends the program at once with 130", async () => {
  const child = toy(["toy", "interrupt", "--times", "2"]).spawn();
  const stderr = watch(child.stderr);
  await stderr.until("ready");
  child.kill("SIGINT");
  await stderr.until("still");
  child.kill("SIGINT");
  const { code, signal } = await child.status;
  await stderr.cancel();
  await child.stdin.close();
  await child.stdout.cancel();
  assert.deepEqual({ code, signal }, { code: 130, signal: null });
});
