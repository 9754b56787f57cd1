import assert from "@std/assert";
import { nearest, slips } from "./suggest.ts";

Deno.test("slips() counts a letter more, less, other, and two swapped", () => {
  assert.equal(slips("upgrade", "upgrade"), 0);
  assert.equal(slips("upgrad", "upgrade"), 1);
  assert.equal(slips("upgrxde", "upgrade"), 1);
  assert.equal(slips("ugprade", "upgrade"), 1);
  assert.equal(slips("", "abc"), 3);
});

Deno.test("nearest() finds the near word and nothing where none is near", () => {
  const known = ["status", "stamp", "upgrade", "up"];
  assert.equal(nearest("statsu", known), "status");
  assert.equal(nearest("UPGRADE", known), "upgrade");
  assert.equal(nearest("upgr", known), "upgrade");
  assert.equal(nearest("sta", known), undefined);
  assert.equal(nearest("xy", known), undefined);
  assert.equal(nearest("", known), undefined);
});

Deno.test("nearest() gives up on a word that is no slip, at no cost", () => {
  assert.equal(nearest("x".repeat(1_000_000), ["status"]), undefined);
});
