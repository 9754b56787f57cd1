import assert from "@std/assert";
import { PawlError } from "../errors.ts";
import { ConnectionLostError, ServerError } from "../pg/session.ts";
import {
  asPawlError,
  diagnosticLines,
  errorDocument,
  errorLines,
} from "./report.ts";
import { makeStyle } from "./style.ts";

const PLAIN = makeStyle({ color: false, width: 60 });
const CALM = new AbortController().signal;

/** The lines of an error at a place in a line. */
function caret(text: string, column: number): string[] {
  const location = { file: "a.sql", line: 12, column, text };
  return errorLines(
    new PawlError("usage", "Cannot x", { location }),
    PLAIN,
    false,
  )
    .slice(1);
}

Deno.test("errorLines() tells what, where, the server's report, details, and the hint apart", () => {
  const error = new PawlError("migration-failed", "Cannot run 7_x: no", {
    hint: "Mend it",
    details: ["rolled back", "two\nlines"],
    location: { file: "7_x.sql", line: 3 },
    server: {
      sqlstate: "23505",
      message: "duplicate key",
      detail: "Key (a)=(1)",
      where: "PL/pgSQL function f()\nline 2",
    },
  });
  assert.deepEqual(errorLines(error, PLAIN, false), [
    "error: Cannot run 7_x: no",
    "  7_x.sql:3",
    "  ERROR: duplicate key",
    "  SQLSTATE: 23505",
    "  DETAIL: Key (a)=(1)",
    "  CONTEXT: PL/pgSQL function f()\n    line 2",
    "  rolled back",
    "  two\n    lines",
    "hint: Mend it",
  ]);
});

Deno.test("errorLines() sets the caret below the column, over tabs and wide characters", () => {
  assert.deepEqual(caret("\tDROP x", 2), [
    "  a.sql:12:2",
    "  12 |  DROP x",
    "     |  ^",
  ]);
  assert.equal(caret("'表' x", 5).at(-1), "     |      ^");
  assert.equal(caret("ab", 99).at(-1), "     |   ^");
});

Deno.test("errorLines() shows the part of a long line that matters", () => {
  const [, line = "", mark = ""] = caret(
    `${"x".repeat(5000)}!${"y".repeat(5000)}`,
    5001,
  );
  assert.ok(line.length <= 60, line);
  assert.equal(line[mark.indexOf("^")], "!");
  const [, end = "", at = ""] = caret(`${"x".repeat(500)}!`, 501);
  assert.equal(end[at.indexOf("^")], "!");
});

Deno.test("asPawlError() makes a fault of pawl ask for a report, with the stack under -v only", () => {
  const error = asPawlError(new RangeError("no such thing"), CALM);
  assert.equal(error.code, "internal");
  assert.equal(error.exitCode, 3);
  assert.match(error.message, /RangeError: no such thing/);
  assert.match(error.hint ?? "", /report/);
  assert.doesNotMatch(
    errorLines(error, PLAIN, false).join("\n"),
    /report_test/,
  );
  assert.match(errorLines(error, PLAIN, true).join("\n"), /report_test/);
  assert.match(asPawlError("text", CALM).message, /thrown: text/);
  assert.equal(asPawlError(undefined, CALM).code, "internal");
});

Deno.test("asPawlError() takes a refused statement and a lost connection for no fault of pawl", () => {
  const fields = { severity: "ERROR", sqlstate: "42501", message: "denied" };
  const refused = asPawlError(new ServerError(fields, 0), CALM);
  assert.equal(refused.code, "statement-failed");
  assert.equal(refused.server?.sqlstate, "42501");
  const lost = asPawlError(new ConnectionLostError("gone", fields), CALM);
  assert.equal(lost.code, "connection-lost");
  assert.equal(lost.message, "Cannot go on: gone");
  // What says itself what cannot be done is not told twice.
  const told = new ConnectionLostError("Cannot run a statement: it is closed");
  assert.equal(asPawlError(told, CALM).message, told.message);
  assert.equal(lost.server?.message, "denied");
  assert.equal(
    asPawlError(new ConnectionLostError("gone"), CALM).server,
    undefined,
  );
});

Deno.test("asPawlError() makes what an interrupt broke an interruption, and nothing else", () => {
  const controller = new AbortController();
  controller.abort(new PawlError("interrupted", "Cannot go on: SIGINT"));
  const { signal } = controller;
  const canceled = new PawlError("statement-failed", "Cannot run", {
    server: { sqlstate: "57014", message: "canceling statement" },
  });
  assert.equal(asPawlError(canceled, signal).exitCode, 130);
  assert.equal(asPawlError(new Error("socket"), signal).exitCode, 130);
  assert.equal(
    asPawlError(signal.reason, signal).message,
    "Cannot go on: SIGINT",
  );
  const other = new PawlError("checksum-mismatch", "Cannot upgrade");
  assert.equal(asPawlError(other, signal), other);
});

Deno.test("errorLines() ends where causes bite their tail", () => {
  const [left, right] = [new Error("left"), new Error("right")];
  left.cause = right;
  right.cause = left;
  const error = new PawlError("usage", "Cannot x", { cause: left });
  assert.ok(errorLines(error, PLAIN, true).length < 20);
});

Deno.test("errorDocument() is pawl.error/1 with null for what is not known", () => {
  assert.deepEqual(
    errorDocument(new PawlError("lock-held", "Cannot x"), false),
    {
      format: "pawl.error/1",
      error: {
        code: "lock-held",
        message: "Cannot x",
        hint: null,
        details: [],
        location: null,
        server: null,
      },
    },
  );
});

Deno.test("diagnosticLines() names severity and code in words", () => {
  assert.deepEqual(
    diagnosticLines({
      severity: "warning",
      code: "drop-table",
      message: "Drops t",
      hint: "Keep it",
    }, PLAIN),
    ["warning[drop-table]: Drops t", "  hint: Keep it"],
  );
});
