import assert from "@std/assert";
import { dictionaryOptions } from "./text_search_dictionary.ts";

Deno.test("dictionaryOptions() reads names and values in every quoting", () => {
  assert.deepEqual(
    dictionaryOptions(
      `language = 'english', "Odd ""name" = 'it''s, a = b', accept = 5, path = E'a\\\\b''c', empty = ''`,
    ),
    {
      'Odd "name': "it's, a = b",
      accept: "5",
      empty: "",
      language: "english",
      path: "a\\b'c",
    },
  );
});

Deno.test("dictionaryOptions() reads the same of a number and of its text", () => {
  assert.deepEqual(dictionaryOptions("a = 5"), dictionaryOptions("a = '5'"));
});

Deno.test("dictionaryOptions() reads no options of an empty text", () => {
  assert.deepEqual(dictionaryOptions(""), {});
});
