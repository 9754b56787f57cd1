import assert from "@std/assert";
import { runToy, type ToySetting } from "./_toy_host.ts";

const TERMINAL: ToySetting = { terminals: ["stdin", "stderr"] };

Deno.test("confirm() asks on standard error and reads the answer", async () => {
  const yes = await runToy(["toy", "ask"], { ...TERMINAL, stdin: ["YES\r\n"] });
  assert.equal(yes.stderr, "Drop it? [y/N] ");
  assert.equal(yes.stdout, "yes\n");
  for (const answer of ["n\n", "\n", "no\n"]) {
    const no = await runToy(["toy", "ask"], { ...TERMINAL, stdin: [answer] });
    assert.equal(no.stdout, "no\n");
  }
});

Deno.test("confirm() reads an answer that comes in pieces, and asks again for another", async () => {
  const run = await runToy(["toy", "ask"], {
    ...TERMINAL,
    stdin: ["yx\ny", "e", "s"],
  });
  assert.match(run.stderr, /Please answer y or n/);
  assert.equal(run.stdout, "yes\n");
});

Deno.test("confirm() is answered by -y without a prompt", async () => {
  const run = await runToy(["-y", "toy", "ask"]);
  assert.equal(run.stdout, "yes\n");
  assert.equal(run.stderr, "");
});

Deno.test("confirm() that nobody answers is exit 6 and names --yes", async () => {
  const cases: [string[], ToySetting][] = [
    [[], {}],
    [[], { terminals: ["stdin"] }],
    [[], { terminals: ["stderr"], stdin: ["y\n"] }],
    [["--no-input"], { ...TERMINAL, stdin: ["y\n"] }],
    [[], { ...TERMINAL, stdin: [] }],
  ];
  for (const [args, setting] of cases) {
    const run = await runToy(["toy", "ask", ...args], setting);
    assert.equal(run.code, 6);
    assert.match(run.stderr, /Answer with --yes\n$/);
    assert.equal(run.stdout, "");
  }
});

Deno.test("confirmTyped() wants the very word, and -y is not enough", async () => {
  const args = ["toy", "typed", "-y"];
  const none = await runToy(args);
  assert.equal(none.code, 6);
  assert.match(none.stderr, /hint: Answer with --confirm DATABASE/);
  const good = await runToy(args, { ...TERMINAL, stdin: ["prod\n"] });
  assert.equal(good.stdout, "typed\n");
  const bad = await runToy(args, { ...TERMINAL, stdin: ["y\n"] });
  assert.equal(bad.code, 6);
});

Deno.test("confirmTyped() takes the word from its option, and no other word", async () => {
  const good = await runToy(["toy", "typed", "--confirm", "prod"]);
  assert.equal(good.code, 0);
  const bad = await runToy(["toy", "typed", "--confirm", "dev"], {
    ...TERMINAL,
    stdin: ["prod\n"],
  });
  assert.equal(bad.code, 6);
  assert.match(bad.stderr, /"dev" where "prod" is meant/);
});

Deno.test("an interrupt ends an open question with 130", async () => {
  const run = await runToy(["toy", "ask"], {
    ...TERMINAL,
    stdin: [],
    onRead: ({ signal }) => signal("SIGINT"),
  });
  assert.equal(run.code, 130);
  assert.match(
    run.stderr,
    /\[y\/N\] \nStopping: SIGINT received.*\n.*error:.*interrupted by SIGINT\n$/,
  );
  assert.equal(run.left, 0);
});
