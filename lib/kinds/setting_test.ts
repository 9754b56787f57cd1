import assert from "@std/assert";
import { listItems, settingClause } from "./setting.ts";

Deno.test("a setting that is a list of names is written item by item", () => {
  assert.equal(
    settingClause("search_path", '"$user", public, "My Schema", "a,b", "q""q"'),
    `SET search_path TO '$user', 'public', 'My Schema', 'a,b', 'q"q'`,
  );
});

Deno.test("an empty search_path stays empty", () => {
  assert.equal(settingClause("search_path", '""'), "SET search_path TO ''");
  assert.equal(
    settingClause("temp_tablespaces", ""),
    "SET temp_tablespaces TO ''",
  );
});

Deno.test("any other setting is one literal, whatever is in it", () => {
  assert.equal(
    settingClause("DateStyle", "iso, dmy"),
    `SET "DateStyle" TO 'iso, dmy'`,
  );
  assert.equal(settingClause("my.custom", "it's"), "SET my.custom TO 'it''s'");
});

Deno.test("listItems() takes quotes off", () => {
  assert.deepEqual(listItems('a , "b ""c""",d'), ["a", 'b "c"', "d"]);
  assert.deepEqual(listItems(""), []);
});
