import assert from "@std/assert";
import type { PawlError } from "../errors.ts";
import { rawHash, tokenHash } from "../sql/token_hash.ts";
import { compareSum, formatSum, parseSum, type SumEntry } from "./sum.ts";
import { refused } from "../../tests/support/refused.ts";

function entry(file: string, sql: string): SumEntry {
  return {
    file,
    raw: rawHash(new TextEncoder().encode(sql)),
    tokens: tokenHash(sql),
  };
}

const a = entry("0001_a.sql", "SELECT 1;");
const b = entry("0002_b c.sql", "SELECT 2;");
const c = entry("2024_x/up.sql", "SELECT 3;");
const entries = [a, b, c];

function refusal(text: string): PawlError {
  return refused(() => parseSum(text, "migrations/pawl.sum"));
}

Deno.test("parseSum() reads what formatSum() wrote, with any line ends", () => {
  const text = formatSum(entries);
  assert.deepEqual(parseSum(text, "pawl.sum"), entries);
  assert.deepEqual(
    parseSum(text.replaceAll("\n", "\r\n"), "pawl.sum"),
    entries,
  );
  assert.deepEqual(parseSum(`\uFEFF${text}`, "pawl.sum"), entries);
  assert.deepEqual(parseSum(formatSum([]), "pawl.sum"), []);
});

Deno.test("the first line changes with every other, in order too", () => {
  const first = (list: readonly SumEntry[]) => formatSum(list).split("\n")[0];
  const lines = [
    first([a, b]),
    first([b, a]),
    first([a, b, c]),
    first([a]),
    first([a, { ...b, file: "0003_b.sql" }]),
    first([a, { ...b, raw: a.raw }]),
  ];
  assert.equal(new Set(lines).size, lines.length);
});

Deno.test("parseSum() refuses a merge conflict, with its line", () => {
  const text = formatSum(entries);
  const error = refusal(`<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> b\n`);
  assert.equal(error.code, "sum-stale");
  assert.match(error.message, /it holds a merge conflict/);
  assert.equal(error.location?.line, 1);
  assert.match(error.hint ?? "", /pawl sum/);
});

Deno.test("parseSum() refuses every single changed, missing or added line", () => {
  const lines = formatSum(entries).trimEnd().split("\n");
  for (const [i, line] of lines.entries()) {
    assert.equal(
      refusal(lines.toSpliced(i, 1).join("\n") + "\n").code,
      "sum-stale",
    );
    const changed = line.replace(
      /[0-9a-f](?=[0-9a-f]* )/,
      (c) => c === "0" ? "1" : "0",
    );
    assert.notEqual(changed, line);
    assert.equal(
      refusal(lines.with(i, changed).join("\n") + "\n").code,
      "sum-stale",
      line,
    );
  }
  const added = formatSum([entry("0009_z.sql", "")]).split("\n")[1] ?? "";
  assert.match(
    refusal([...lines, added].join("\n") + "\n").message,
    /its first line does not fit the others/,
  );
});

Deno.test("parseSum() refuses other formats and other files", () => {
  assert.match(refusal("").message, /its first line is not pawl\.sum\/1/);
  assert.match(
    refusal("h1:abc=\n").message,
    /its first line is not pawl\.sum\/1/,
  );
  assert.match(refusal("pawl.sum/2\n").message, /format 2, this pawl knows 1/);
  const odd = formatSum(entries).replace("raw:", "raw: ");
  assert.equal(refusal(odd).code, "sum-stale");
});

Deno.test("compareSum() tells edits from comments, and reads tokens late", () => {
  const file = (one: SumEntry, sql: string) => ({
    file: one.file,
    raw: rawHash(new TextEncoder().encode(sql)),
    tokens: () => tokenHash(sql),
  });
  const unread = () => assert.fail("tokens were read");
  assert.deepEqual(
    compareSum(entries, entries.map((e) => ({ ...e, tokens: unread }))),
    [],
  );
  assert.deepEqual(
    compareSum(entries, [
      file(a, "SELECT  1; -- one"),
      file(b, "SELECT 22;"),
      file(entry("0005_new.sql", ""), ""),
    ]),
    [
      { file: a.file, kind: "cosmetic" },
      { file: b.file, kind: "edited" },
      { file: "0005_new.sql", kind: "added" },
      { file: c.file, kind: "removed" },
    ],
  );
});
