import assert from "@std/assert";
import { outsideWindows } from "./windows.ts";

/** Nodes that end in `!` are committed by themselves. */
function moved(
  order: string,
  windows: string,
  after: Readonly<Record<string, string>> = {},
): string {
  return outsideWindows(
    order.split(" "),
    windows.split(" ").map((window) => {
      const [open = "", close = ""] = window.split(">");
      return { open, close };
    }),
    {
      after: (id) => after[id]?.split(" ") ?? [],
      commits: (id) => id.endsWith("!"),
    },
  ).join(" ");
}

Deno.test("outsideWindows() leaves an order alone in which nothing is committed inside", () => {
  assert.equal(
    moved("a! drop x create b!", "drop>create"),
    "a! drop x create b!",
  );
  assert.equal(moved("drop! a! create", "drop!>create"), "drop! a! create");
});

Deno.test("outsideWindows() moves what is committed before the window, with what it needs", () => {
  assert.equal(
    moved("drop x y a! create", "drop>create", { "a!": "y", create: "a!" }),
    "y a! drop x create",
  );
});

Deno.test("outsideWindows() moves what needs the opening behind the window", () => {
  assert.equal(
    moved("drop a! x create y", "drop>create", { "a!": "drop", x: "a!" }),
    "drop create y a! x",
  );
});

Deno.test("outsideWindows() keeps what must be inside", () => {
  assert.equal(
    moved("drop a! create", "drop>create", { "a!": "drop", create: "a!" }),
    "drop a! create",
  );
});
