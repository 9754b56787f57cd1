/**
 * Holds the modules to docs/architecture.md: imports flow one way, pure
 * modules stay pure, `mod.ts` only re-exports. The order of the rooms is read
 * from that page, so that page and test cannot differ.
 *
 * It reads the text as `deno fmt` leaves it: a static import or re-export
 * begins in the first column, or ends there as `} from "…"`.
 *
 * @module
 */

import assert from "@std/assert";
import { posix } from "node:path";

/** A module and its text. */
interface Module {
  /** The path from the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** Rooms that have no effects: no file, clock, network or environment. */
const PURE = ["lib/sql", "lib/errors.ts"];

/** The chain of rooms, highest first; those of one rank do not know one another. */
function ranksIn(architecture: string): string[][] {
  const chain = /`(cli\.ts → [^`]+)`/.exec(architecture.replaceAll("\n", " "));
  return (chain?.[1] ?? "").split("→").map((rank) =>
    rank.split(",").map((room) => room.trim())
  );
}

function roomOf(path: string, ranks: readonly string[][]): string | undefined {
  return ranks.flat().find((room) =>
    path === room || path.startsWith(`${room}/`)
  );
}

/** What each module imports, comments left out. */
function importsOf({ path, text }: Module): string[] {
  const code = codeOf(text);
  const specifiers = [
    ...code.matchAll(/^(?:import|export|\}).*?\bfrom "([^"]+)"/gm),
    ...code.matchAll(/^import "([^"]+)"/gm),
    ...code.matchAll(/\bimport\(\s*"([^"]+)"/g),
    ...code.matchAll(/\bnew URL\(\s*"(\.[^"]+\.ts)"/g),
  ].map((match) => match[1] ?? "");
  return specifiers.filter((specifier) => specifier.startsWith("."))
    .map((specifier) => posix.join(posix.dirname(path), specifier));
}

function codeOf(text: string): string {
  return text.replaceAll(/^\s*\/\*[^]*?\*\//gm, "")
    .replaceAll(/(^|\s)\/\/.*$/gm, "");
}

/** Every import that does not flow down, as one line each. */
function upwardImports(
  modules: readonly Module[],
  ranks: readonly string[][],
): string[] {
  const found: string[] = [];
  for (const module of modules) {
    const from = roomOf(module.path, ranks);
    if (from === undefined) {
      found.push(`${module.path} is in no room of docs/architecture.md`);
      continue;
    }
    for (const target of importsOf(module)) {
      const to = roomOf(target, ranks);
      if (to === from) continue;
      if (to === undefined || rankOf(to, ranks) <= rankOf(from, ranks)) {
        found.push(`${module.path} imports ${target}`);
      }
    }
  }
  return found;
}

function rankOf(room: string, ranks: readonly string[][]): number {
  return ranks.findIndex((rank) => rank.includes(room));
}

/** Every use of what a pure module must not touch, as one line each. */
function impurities(modules: readonly Module[]): string[] {
  const effect =
    /\bDeno\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bcrypto\.(?:randomUUID|getRandomValues)\b|"node:(?:fs|process|os|net|child_process)/;
  return modules.flatMap(({ path, text }) => {
    const use = effect.exec(codeOf(text))?.[0];
    return use === undefined ? [] : [`${path} uses ${use}`];
  });
}

/** What is left of a module without its re-exports and comments. */
function ownCode({ text }: Module): string {
  return codeOf(text)
    .replaceAll(
      /^export (?:type )?(?:\*(?: as \w+)?|\{[^}]*\}) from "[^"]+";$/gm,
      "",
    )
    .trim();
}

const root = new URL("../", import.meta.url);

function read(path: string): Module {
  return { path, text: Deno.readTextFileSync(new URL(path, root)) };
}

function modulesBelow(directory: string): Module[] {
  return [...Deno.readDirSync(new URL(directory, root))].flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) return modulesBelow(path);
    return /(?<!_test)\.ts$/.test(entry.name) ? [read(path)] : [];
  });
}

/** `cli.ts` and other entry files at the root; `mod.ts` has its own rule. */
function entryModules(): Module[] {
  return [...Deno.readDirSync(root)].map(({ name }) => name)
    .filter((name) => /^cli.*\.ts$/.test(name)).map(read);
}

Deno.test("imports flow down the rooms of docs/architecture.md", () => {
  const ranks = ranksIn(read("docs/architecture.md").text);
  assert.ok(ranks.length >= 5, "docs/architecture.md has no chain of rooms");
  const modules = modulesBelow("lib");
  assert.ok(modules.length > 0);
  assert.deepEqual(upwardImports(modules, ranks), []);
  // Entry files are all in the topmost room.
  const entries = entryModules().map(({ text }) => ({ path: "cli.ts", text }));
  assert.deepEqual(upwardImports(entries, ranks), []);
});

Deno.test("pure modules touch no file, clock, randomness or environment", () => {
  const modules = PURE.flatMap((room) =>
    room.endsWith(".ts") ? [read(room)] : modulesBelow(room)
  );
  assert.deepEqual(impurities(modules), []);
});

Deno.test("mod.ts only re-exports", () => {
  assert.equal(ownCode(read("mod.ts")), "");
});

Deno.test("an import upward, sideways or out of the rooms is found, in every form", () => {
  const ranks = [["cli.ts"], ["lib/high"], ["lib/left", "lib/right"], [
    "lib/errors.ts",
  ]];
  const found = (path: string, text: string) =>
    upwardImports([{ path, text }], ranks);
  const upward = ["lib/left/a.ts imports lib/high/b.ts"];
  for (
    const text of [
      'import { b } from "../high/b.ts";',
      'import type { B } from "../high/b.ts";',
      'import {\n  b,\n  c,\n} from "../high/b.ts";',
      'import "../high/b.ts";',
      'export * from "../high/b.ts";',
      'export { b } from "../high/b.ts";',
      'const { b } = await import("../high/b.ts");',
      'const b = await import(\n  "../high/b.ts"\n);',
      'new Worker(new URL("../high/b.ts", import.meta.url));',
    ]
  ) assert.deepEqual(found("lib/left/a.ts", text), upward, text);
  assert.deepEqual(
    found("lib/left/a.ts", 'import { c } from "../right/c.ts";'),
    ["lib/left/a.ts imports lib/right/c.ts"],
  );
  assert.deepEqual(
    found("lib/left/a.ts", 'import { x } from "../../tests/x.ts";'),
    ["lib/left/a.ts imports tests/x.ts"],
  );
  assert.deepEqual(found("lib/new/a.ts", ""), [
    "lib/new/a.ts is in no room of docs/architecture.md",
  ]);
});

Deno.test("an import downward, within a room, of a package or in a comment is none", () => {
  const ranks = [["cli.ts"], ["lib/high"], ["lib/low"]];
  const text = `/**
 * @example
 * import { x } from "../../cli.ts";
 */
import { low } from "../low/a.ts";
import { own } from "./own.ts";
import pg from "@db/postgres";
// import { x } from "../../cli.ts";
`;
  assert.deepEqual(upwardImports([{ path: "lib/high/b.ts", text }], ranks), []);
});

Deno.test("an effect in a pure module is found, in a comment it is none", () => {
  const uses = (text: string) => impurities([{ path: "lib/sql/a.ts", text }]);
  assert.deepEqual(uses("const now = Date.now();"), [
    "lib/sql/a.ts uses Date.now",
  ]);
  assert.deepEqual(uses('  Deno.readTextFileSync("a");'), [
    "lib/sql/a.ts uses Deno",
  ]);
  assert.deepEqual(uses("// Deno.args\n/** Deno.args */\nconst a = 1;"), []);
});

Deno.test("code in mod.ts is found", () => {
  const own = (text: string) => ownCode({ path: "mod.ts", text });
  assert.equal(
    own(
      '/** Doc. @module */\nexport * from "./a.ts";\nexport {\n  type A,\n  b,\n} from "./b.ts";\n',
    ),
    "",
  );
  assert.notEqual(own('export * from "./a.ts";\nexport const c = 1;\n'), "");
  assert.notEqual(own('import { a } from "./a.ts";\n'), "");
});
