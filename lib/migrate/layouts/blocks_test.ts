import assert from "@std/assert";
import type { PawlError } from "../../errors.ts";
import { EMPTY_HEADER } from "../directives.ts";
import { readBlocks } from "./blocks.ts";
import { refused } from "../../../tests/support/refused.ts";

function blocks(text: string, transaction: "auto" | "none" = "auto") {
  return readBlocks({ path: "1_a.up.sql", text }, {
    ...EMPTY_HEADER,
    transaction,
  })
    .map((step) => ({
      transaction: step.transaction,
      statements: step.statements.map((s) => s.sql),
    }));
}

function refusal(text: string): PawlError {
  return refused(() => blocks(text));
}

Deno.test("readBlocks() takes the BEGIN and COMMIT around a file away", () => {
  assert.deepEqual(blocks("-- note\nBEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;\n"), [
    { transaction: "auto", statements: ["SELECT 1", "SELECT 2"] },
  ]);
});

Deno.test("readBlocks() makes a step of each block and of what stands between them", () => {
  const text =
    "SELECT 0; BEGIN; SELECT 1; END; SELECT 2; START TRANSACTION; SELECT 3; COMMIT WORK; SELECT 4";
  assert.deepEqual(blocks(text, "none"), [
    { transaction: "none", statements: ["SELECT 0"] },
    { transaction: "auto", statements: ["SELECT 1"] },
    { transaction: "none", statements: ["SELECT 2"] },
    { transaction: "auto", statements: ["SELECT 3"] },
    { transaction: "none", statements: ["SELECT 4"] },
  ]);
});

Deno.test("readBlocks() goes on with a new block behind COMMIT AND CHAIN", () => {
  assert.deepEqual(
    blocks("BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT;", "none"),
    [
      { transaction: "auto", statements: ["SELECT 1"] },
      { transaction: "auto", statements: ["SELECT 2"] },
    ],
  );
});

Deno.test("readBlocks() lets COMMIT without BEGIN end what stands before it", () => {
  assert.deepEqual(
    blocks("SELECT 1; COMMIT; SELECT 2").map((s) => s.statements),
    [
      ["SELECT 1"],
      ["SELECT 2"],
    ],
  );
});

Deno.test("readBlocks() leaves BEGIN and END inside bodies and savepoints alone", () => {
  const body =
    "CREATE FUNCTION f() RETURNS void AS $$\nBEGIN\n  PERFORM 1;\nEND;\n$$ LANGUAGE plpgsql";
  assert.deepEqual(
    blocks(`${body}; SAVEPOINT a; ROLLBACK TO SAVEPOINT a; SELECT 1;`),
    [
      {
        transaction: "auto",
        statements: [
          body,
          "SAVEPOINT a",
          "ROLLBACK TO SAVEPOINT a",
          "SELECT 1",
        ],
      },
    ],
  );
});

Deno.test("readBlocks() keeps offsets into the file, behind a byte order mark too", () => {
  const text = "\uFEFFBEGIN;\nSELECT 1;\nCOMMIT;";
  const [step] = readBlocks({ path: "a", text }, EMPTY_HEADER);
  const start = step?.statements[0]?.start ?? -1;
  assert.equal(text.slice(start, start + 8), "SELECT 1");
});

Deno.test("readBlocks() makes one empty step of a file of comments or of an empty block", () => {
  assert.deepEqual(blocks("-- nothing"), [{
    transaction: "auto",
    statements: [],
  }]);
  assert.deepEqual(blocks("BEGIN; COMMIT;"), [{
    transaction: "auto",
    statements: [],
  }]);
});

Deno.test("readBlocks() refuses a block without an end where it begins", () => {
  const error = refusal("SELECT 1;\n  BEGIN;\nSELECT 2;");
  assert.equal(error.code, "migration-invalid");
  assert.match(error.message, /no COMMIT ends/);
  assert.deepEqual([error.location?.line, error.location?.column], [2, 3]);
});

Deno.test("readBlocks() refuses what pawl's own transaction cannot stand for", () => {
  for (
    const text of [
      "BEGIN; SELECT 1; ROLLBACK;",
      "BEGIN; SELECT 1; ABORT;",
      "BEGIN; SELECT 1; PREPARE TRANSACTION 'a';",
      "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;",
      "START TRANSACTION READ ONLY; SELECT 1; COMMIT;",
    ]
  ) assert.equal(refusal(text).code, "migration-invalid", text);
  assert.equal(
    blocks("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT 1; COMMIT;").length,
    1,
  );
});
