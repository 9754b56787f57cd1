import assert from "@std/assert";
import {
  definitionList,
  displayWidth,
  harmless,
  makeStyle,
  truncate,
  wantsColor,
  wrap,
} from "./style.ts";

const asked = (
  env: Record<string, string>,
  isTerminal = true,
  choice: "auto" | "always" | "never" = "auto",
) => wantsColor({ choice, isTerminal, env: (name) => env[name] });

Deno.test("wantsColor() gives colour to terminals and not to pipes", () => {
  assert.equal(asked({}), true);
  assert.equal(asked({}, false), false);
});

Deno.test("wantsColor() heeds --color before everything else", () => {
  assert.equal(asked({ NO_COLOR: "1" }, false, "always"), true);
  assert.equal(asked({ FORCE_COLOR: "1" }, true, "never"), false);
});

Deno.test("wantsColor() heeds NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, CLICOLOR and TERM=dumb", () => {
  assert.equal(asked({ NO_COLOR: "1" }), false);
  assert.equal(asked({ NO_COLOR: "" }), true);
  assert.equal(asked({ NO_COLOR: "1", FORCE_COLOR: "1" }), false);
  assert.equal(asked({ FORCE_COLOR: "1" }, false), true);
  assert.equal(asked({ FORCE_COLOR: "0" }, false), false);
  assert.equal(asked({ CLICOLOR_FORCE: "1", TERM: "dumb" }, false), true);
  assert.equal(asked({ TERM: "dumb" }), false);
  assert.equal(asked({ CLICOLOR: "0" }), false);
});

Deno.test("makeStyle() says the same with and without colour", () => {
  const plain = makeStyle({ color: false, width: 80 });
  const dressed = makeStyle({ color: true, width: 80 });
  assert.equal(plain.ok("done"), "✓ done");
  assert.equal(plain.bad("failed"), "✗ failed");
  assert.equal(plain.fix("differs"), "~ differs");
  assert.equal(dressed.red("x"), "\x1b[31mx\x1b[39m");
  assert.equal(dressed.red(""), "");
});

Deno.test("displayWidth() counts columns, not characters or escape sequences", () => {
  assert.equal(displayWidth("\x1b[31mabc\x1b[39m"), 3);
  assert.equal(displayWidth("表😀"), 4);
  assert.equal(displayWidth("e\u0301"), 1);
});

Deno.test("truncate() never exceeds the columns", () => {
  assert.equal(truncate("abcdef", 6), "abcdef");
  assert.equal(truncate("abcdef", 4), "abc…");
  assert.ok(displayWidth(truncate("表表表表", 4)) <= 4);
});

Deno.test("wrap() fills paragraphs, keeps indented lines and long words", () => {
  assert.deepEqual(wrap("aa bb cc\ndd", 5), ["aa bb", "cc dd"]);
  assert.deepEqual(wrap("aa\n\n  kept   as is\nbb", 4), [
    "aa",
    "",
    "  kept   as is",
    "bb",
  ]);
  assert.deepEqual(wrap("a toolongword b", 5), ["a", "toolongword", "b"]);
});

Deno.test("definitionList() aligns meanings and puts a long term on its own line", () => {
  const style = makeStyle({ color: false, width: 40 });
  const long = "--a-very-long-option-name VALUE";
  assert.deepEqual(definitionList([["-a", "one"], [long, "two"]], style), [
    `  -a${" ".repeat(28)}one`,
    `  ${long}`,
    `${" ".repeat(32)}two`,
  ]);
  assert.deepEqual(definitionList([], style), []);
});

Deno.test("harmless() keeps colour, tabs and line ends, and shows other controls", () => {
  assert.equal(harmless("a\x1b[31mb\x1b[0m\tc\n"), "a\x1b[31mb\x1b[0m\tc\n");
  assert.equal(harmless("a\r\nb"), "a\nb");
  assert.equal(harmless("\x1b]0;title\x07"), "␛]0;title␇");
  assert.equal(harmless("a\rb\x9b2J\x7f"), "a␍b\ufffd2J␡");
  assert.equal(harmless("\x1b[2J"), "␛[2J");
});
