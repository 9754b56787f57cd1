import assert from "@std/assert";
import { rewriteDepends } from "./rewrite_depends.ts";

const drop = () => undefined;
const to = (...words: string[]) => () => words;

Deno.test("the line is rewritten, taken out or written, and nothing else", () => {
  const text =
    "-- pawl:message a\n-- pawl:depends 1, 2\n-- pawl:up\nSELECT 1;\n";
  assert.equal(
    rewriteDepends(
      text,
      "a.sql",
      (words) => words?.map((w) => w === "2" ? "9" : w),
    ),
    text.replace("1, 2", "1 9"),
  );
  assert.equal(
    rewriteDepends(text, "a.sql", drop),
    "-- pawl:message a\n-- pawl:up\nSELECT 1;\n",
  );
  assert.equal(
    rewriteDepends(
      "-- pawl:message a\r\nSELECT 1;\r\n",
      "a.sql",
      to("3", "b:4"),
    ),
    "-- pawl:message a\r\n-- pawl:depends 3 b:4\r\nSELECT 1;\r\n",
  );
  assert.equal(
    rewriteDepends("\uFEFFSELECT 1", "a.sql", to("3")),
    "\uFEFF-- pawl:depends 3\nSELECT 1",
  );
  assert.equal(rewriteDepends("-- pawl:depends 1", "a.sql", drop), "");
});

Deno.test("the same words change not even their spaces", () => {
  const text = "  --pawl:depends   1,  2  \nSELECT 1;";
  assert.equal(rewriteDepends(text, "a.sql", to("1", "2")), text);
  assert.equal(rewriteDepends(text, "a.sql", drop), "SELECT 1;");
  assert.equal(rewriteDepends("SELECT 1;", "a.sql", drop), "SELECT 1;");
});

Deno.test("what only looks like the line stays", () => {
  for (
    const text of [
      "SELECT '\n-- pawl:depends 1\n';",
      "DO $$\n-- pawl:depends 1\n$$;",
      "/*\n-- pawl:depends 1\n*/\nSELECT 1;",
      "SELECT 1;\n-- pawl:depends 1\n",
      "-- pawl:dependson 1\nSELECT 1;",
      "-- see pawl:depends 1\nSELECT 1;",
    ]
  ) {
    assert.equal(rewriteDepends(text, "a.sql", drop), text);
    assert.equal(
      rewriteDepends(text, "a.sql", to("7")),
      `-- pawl:depends 7\n${text}`,
    );
  }
});

Deno.test("a program's line is a // comment", () => {
  const text =
    "// pawl:message a\n// pawl:depends 1\nexport function up() {}\n";
  assert.equal(rewriteDepends(text, "a.ts", to("2")), text.replace("1", "2"));
  assert.equal(
    rewriteDepends("export function up() {}\n", "a.js", to("2")),
    "// pawl:depends 2\nexport function up() {}\n",
  );
});
