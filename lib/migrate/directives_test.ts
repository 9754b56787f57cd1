import assert from "@std/assert";
import { EMPTY_HEADER, readHeader, readStep } from "./directives.ts";
import type { Header } from "./model.ts";
import { refused } from "../../tests/support/refused.ts";

/** Reads directives given as `name argument`. */
function header(...lines: string[]): Header {
  const text = lines.map((line) => `-- pawl:${line}`).join("\n");
  let start = 0;
  const directives = lines.map((line) => {
    const [, name = "", argument = ""] = /^(\S*) ?(.*)$/.exec(line) ?? [];
    const end = start + "-- pawl:".length + line.length;
    const directive = { name, argument, start, end };
    start = end + 1;
    return directive;
  });
  return readHeader({ path: "a.sql", text }, directives);
}

function step(argument: string, from: Header = EMPTY_HEADER) {
  return readStep(
    { path: "a.sql", text: `-- pawl:step ${argument}` },
    { name: "step", argument, start: 0, end: 13 + argument.length },
    from,
  );
}

Deno.test("no directives make an empty header", () => {
  assert.deepEqual(header(), EMPTY_HEADER);
});

Deno.test("every directive is read into its field", () => {
  const hash = `h1:${"0".repeat(64)}`;
  assert.deepEqual(
    header(
      "message Add: a, b",
      "depends 1, 2 other:3",
      "replaces 1 2,3",
      "transaction none",
      "timeout lock=500ms statement=off",
      "irreversible gone",
      "allow a-b,c: because: of it",
      `before ${hash}`,
      `after ${hash}`,
      "only dev",
      "out-of-order",
    ),
    {
      message: "Add: a, b",
      depends: [{ version: "1" }, { version: "2" }, {
        project: "other",
        version: "3",
      }],
      replaces: ["1", "2", "3"],
      transaction: "none",
      timeouts: { lock: 500, statement: 0 },
      irreversible: "gone",
      allow: [{ codes: ["a-b", "c"], reason: "because: of it" }],
      before: hash,
      after: hash,
      only: ["dev"],
      outOfOrder: true,
    },
  );
  assert.deepEqual(header("timeout off").timeouts, { lock: 0, statement: 0 });
  assert.deepEqual(header("timeout lock=1min").timeouts, { lock: 60_000 });
});

Deno.test("what says nothing, or nothing that makes sense, is refused by line", () => {
  for (
    const [line, message] of [
      ["message", /pawl:message says nothing/],
      ["depends", /pawl:depends says nothing/],
      ["depends ,", /a list without a word/],
      ["only , ,", /a list without a word/],
      ["replaces ,", /a list without a word/],
      ["depends a:", /a: is neither VERSION nor PROJECT:VERSION/],
      ["depends :1", /:1 is neither/],
      ["depends a:b:c", /a:b:c is neither/],
      ["transaction never", /pawl:transaction never is unknown/],
      ["timeout soon", /pawl:timeout soon is no time-out/],
      ["timeout lock=-1s", /is no time-out/],
      ["timeout lock=1fortnight", /is no time-out/],
      ["timeout lock=1s lock=2s", /lock=2s is no time-out/],
      ["timeout lock=1s off", /off is no time-out/],
      ["allow drop-table", /pawl:allow needs codes and a reason/],
      ["allow : why", /pawl:allow needs codes and a reason/],
      ["before h1:12", /pawl:before needs a schema hash/],
      [`after h2:${"0".repeat(64)}`, /pawl:after needs a schema hash/],
      ["out-of-order please", /takes nothing behind it/],
      ["dependson 1", /there is no directive pawl:dependson/],
      ["renamed-from x", /belongs in schema files/],
    ] as const
  ) {
    const error = refused(() => header("message m", "irreversible x", line));
    assert.equal(error.code, "migration-invalid");
    if (!line.startsWith("message")) {
      assert.equal(error.location?.line, 3, line);
    }
    if (line !== "message") assert.match(error.message, message, line);
    assert.ok(error.hint !== undefined, line);
  }
  assert.match(refused(() => header("message")).message, /says nothing/);
});

Deno.test("a directive stands once, but for allow", () => {
  const error = refused(() => header("only a", "only b"));
  assert.match(error.message, /a second pawl:only line/);
  assert.equal(error.location?.line, 2);
  assert.equal(header("allow a: x", "allow b: y").allow.length, 2);
});

Deno.test("a step has the header's ways unless it says otherwise", () => {
  const from = header("transaction none", "timeout lock=1s");
  assert.deepEqual(step("", from), {
    transaction: "none",
    timeouts: { lock: 1000 },
  });
  assert.deepEqual(step("transaction=auto timeout statement=2s", from), {
    transaction: "auto",
    timeouts: { lock: 1000, statement: 2000 },
  });
  assert.deepEqual(step("timeout off transaction=none"), {
    transaction: "none",
    timeouts: { lock: 0, statement: 0 },
  });
});

Deno.test("a step refuses words that it does not know", () => {
  for (
    const argument of [
      "concurrently",
      "transaction=maybe",
      "transaction = none",
      "transaction=none transaction=auto",
      "timeout",
      "timeout lock=1s please",
      "lock=1s",
    ]
  ) {
    assert.equal(
      refused(() => step(argument)).code,
      "migration-invalid",
      argument,
    );
  }
});
