import assert from "node:assert/strict";
import { foldCase, quotedName, relationKey, wordName } from "./names.ts";

Deno.test("foldCase() folds ASCII letters only", () => {
  assert.equal(foldCase("AbC_É"), "abc_É");
  assert.equal(foldCase("\u212aEY"), "\u212aey");
});

Deno.test("quotedName() reads doubled quotes and Unicode escapes", () => {
  assert.equal(quotedName('"A""b"'), 'A"b');
  assert.equal(quotedName('"d\\0061ta"'), "d\\0061ta");
  assert.equal(quotedName('U&"d\\0061t\\+000061"'), "data");
  assert.equal(quotedName('u&"\\d83d\\de00\\\\"'), "😀\\");
  assert.equal(quotedName('U&"d!0061t\\a"', "!"), "dat\\a");
  assert.equal(quotedName('U&"\\zz"'), "\\zz");
});

Deno.test("names are cut at 63 bytes, never inside a character", () => {
  assert.equal(wordName("A".repeat(70)), "a".repeat(63));
  assert.equal(quotedName(`"${"é".repeat(40)}"`), "é".repeat(31));
  assert.equal(quotedName(`"${"😀".repeat(16)}"`), "😀".repeat(15));
  assert.equal(quotedName(`"${"a".repeat(63)}"`), "a".repeat(63));
});

Deno.test("relationKey() is one text for one name, and for no other", () => {
  assert.equal(
    relationKey({ schema: "public", name: "users" }),
    "public.users",
  );
  assert.equal(relationKey({ name: "public.users" }), '"public.users"');
  assert.equal(relationKey({ schema: "a", name: 'b"."c' }), 'a."b"".""c"');
  assert.equal(relationKey({ name: "User" }), '"User"');
});
