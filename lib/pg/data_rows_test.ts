/**
 * Rows cut out of a server's bytes, however those arrive.
 *
 * @module
 */

import assert from "@std/assert";
import { Buffer } from "node:buffer";
import { DataRowSplitter } from "./data_rows.ts";

type Fields = readonly (string | null)[];

function message(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function dataRow(values: readonly (string | Uint8Array | null)[]): Buffer {
  const parts: Buffer[] = [Buffer.alloc(2)];
  parts[0]?.writeUInt16BE(values.length);
  for (const value of values) {
    const bytes = value === null ? undefined : Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes?.length ?? -1);
    parts.push(length, ...(bytes === undefined ? [] : [bytes]));
  }
  return message("D", Buffer.concat(parts));
}

/** What comes out, in order: rows, and other bytes joined up. */
function taken(chunks: readonly Uint8Array[]): (Fields | string)[] {
  const found: (Fields | string)[] = [];
  const splitter = new DataRowSplitter({
    bytes: (data) => {
      const text = Buffer.from(data).toString("hex");
      const last = found.at(-1);
      if (typeof last === "string") found[found.length - 1] = last + text;
      else found.push(text);
    },
    row: (fields) => found.push(fields),
  });
  for (const chunk of chunks) splitter.take(chunk);
  return found;
}

const ROWS: readonly Fields[] = [
  ["1", "app", null, ""],
  [],
  [null],
  ["naïve", "日本語", "x", "🙂"],
  ["\ufeffmark", "plain"],
  ["a".repeat(5000), null, "é".repeat(3000), "b".repeat(20000)],
  ["tab\tand\0nul"],
];

const BEFORE = message("T", Buffer.from("fields"));
const AFTER = message("C", Buffer.from("SELECT 7\0"));
const EMPTY = message("I", Buffer.alloc(0));
const SENT = Buffer.concat([
  BEFORE,
  EMPTY,
  ...ROWS.map((row) => dataRow(row)),
  AFTER,
  EMPTY,
]);
const EXPECTED = [
  Buffer.concat([BEFORE, EMPTY]).toString("hex"),
  ...ROWS,
  Buffer.concat([AFTER, EMPTY]).toString("hex"),
];

Deno.test("rows come out whole, and all else as it went in", () => {
  assert.deepEqual(taken([SENT]), EXPECTED);
});

Deno.test("it does not matter where the bytes are cut", () => {
  const short = SENT.subarray(0, 400);
  for (let at = 0; at <= short.length; at++) {
    assert.deepEqual(
      taken([SENT.subarray(0, at), SENT.subarray(at)]),
      EXPECTED,
      `cut at ${at}`,
    );
  }
  for (const size of [1, 2, 3, 5, 7, 64, 4096]) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < SENT.length; at += size) {
      chunks.push(SENT.subarray(at, at + size));
    }
    assert.deepEqual(taken(chunks), EXPECTED, `pieces of ${size}`);
  }
});

Deno.test("bytes that are no UTF-8 are replaced, as the driver does", () => {
  const bytes = Uint8Array.of(0x66, 0xe9, 0x66);
  assert.deepEqual(taken([dataRow([bytes, "x"])]), [["f\ufffdf", "x"]]);
  const cutOff = Uint8Array.of(0xe6, 0x97);
  assert.deepEqual(taken([dataRow([cutOff, "\u0080"])]), [
    ["\ufffd", "\u0080"],
  ]);
});

Deno.test("a row that is none ends the connection instead of being read", () => {
  const good = dataRow(["abc"]);
  const longer = Buffer.from(good);
  longer.writeInt32BE(4, 7);
  assert.throws(() => taken([longer]), /a value is longer than its row/);
  const negative = Buffer.from(good);
  negative.writeInt32BE(-2, 7);
  assert.throws(() => taken([negative]), /a value is longer than its row/);
  const fewer = Buffer.from(good);
  fewer.writeUInt16BE(2, 5);
  assert.throws(() => taken([fewer]), /a row ends before its values/);
  assert.throws(
    () => taken([message("D", Buffer.alloc(1))]),
    /a row ends before its values/,
  );
  assert.throws(
    () => taken([Buffer.from([0x43, 0, 0, 0, 3, 0])]),
    /impossible length/,
  );
});
