/**
 * The documentation: its sessions run, its command lines parse, its lists are
 * complete, its links lead somewhere.
 *
 * `PAWL_UPDATE_DOCS=1 deno task test tests/docs_test.ts` writes what commands
 * print now into the pages; look at the difference before it is committed.
 *
 * @module
 */

import assert from "@std/assert";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { TABLE } from "../lib/cli/table.ts";
import { parse } from "../lib/cli/parse.ts";
import { EXIT_CODES } from "../lib/errors.ts";
import { cacheDirectory, pawlProgram } from "./support/program.ts";
import { exchangesOf, fencesOf, runPage } from "./support/transcripts.ts";
import { pages } from "../scripts/docs.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const UPDATE = Deno.env.get("PAWL_UPDATE_DOCS") === "1";

/** Every page of documentation, by its path below the repository. */
function documentation(): string[] {
  const docs = [...Deno.readDirSync(join(ROOT, "docs"))]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `docs/${name}`);
  const examples = [...Deno.readDirSync(join(ROOT, "examples"))]
    .filter(({ name }) => name.endsWith(".md"))
    .map(({ name }) => `examples/${name}`);
  return ["README.md", "CHANGELOG.md", ...examples.sort(), ...docs.sort()];
}

const read = (path: string) => Deno.readTextFileSync(join(ROOT, path));

for (const path of documentation()) {
  const page = read(path);
  if (!fencesOf(page).some((fence) => fence.attributes.has("run"))) continue;
  Deno.test(`the sessions of ${path} write what the page shows`, async () => {
    const { words, env } = pawlProgram();
    const now = await runPage(page, {
      examples: join(ROOT, "examples"),
      program: words,
      env: { ...env, XDG_CACHE_HOME: cacheDirectory(), NO_COLOR: "1" },
    });
    if (UPDATE && now !== page) Deno.writeTextFileSync(join(ROOT, path), now);
    else assert.equal(now, page);
  });
}

/** A command line with the page and line where it stands. */
interface ShownLine {
  readonly place: string;
  readonly line: string;
}

/** Every `pawl …` line of a page's shell blocks. */
function shownLines(path: string): ShownLine[] {
  return fencesOf(read(path)).flatMap((fence) => {
    const place = `${path}:${fence.line}`;
    const lines = fence.language === "console"
      ? exchangesOf(fence.text).map(({ command }) => command)
      : ["sh", "bash", "yaml", "dockerfile"].includes(fence.language)
      ? fence.text.replaceAll("\\\n", " ").split("\n")
      : [];
    return lines.flatMap(commandsIn).map((line) => ({ place, line }));
  });
}

/** Every `pawl …` line of the examples for continuous integration. */
function exampleLines(): ShownLine[] {
  return [...Deno.readDirSync(join(ROOT, "scripts/ci"))].flatMap(
    ({ name }) => {
      const place = `scripts/ci/${name}`;
      return read(place).split("\n").flatMap(commandsIn).map((line) => ({
        place,
        line,
      }));
    },
  );
}

/** The calls of pawl in one line of shell; what `echo` says is none. */
function commandsIn(line: string): string[] {
  if (/^\s*echo\b/.test(line)) return [];
  const code = line.replace(/(^|\s)#(\s.*)?$/, "");
  return [...code.matchAll(/(?<=^|[\s;&|(!])pawl(?=\s)[^;&|)]*/g)].map(
    ([call]) => call.trim(),
  );
}

/** Takes a line apart as a shell does, as far as the pages need it. */
function words(line: string): string[] {
  const found: string[] = [];
  const pattern = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+))+/g;
  for (const [whole] of line.matchAll(pattern)) {
    if (/^\d*>/.test(whole)) break;
    found.push(whole.replaceAll(/["']/g, ""));
  }
  return found;
}

Deno.test("every command line of the documentation parses", () => {
  const lines = [...documentation().flatMap(shownLines), ...exampleLines()];
  assert.ok(lines.length > 100, `only ${lines.length} lines were found`);
  const wrong = lines.flatMap(({ place, line }) => {
    const { action } = parse(words(line).slice(1), TABLE, () => undefined);
    // A run on purpose: the page shows what a wrong line says.
    if (/frobnicate|upgrad\b/.test(line)) return [];
    return action.kind === "invalid" || action.kind === "bare"
      ? [`${place}: ${line}: ${action.error.message}`]
      : [];
  });
  assert.deepEqual(wrong, []);
});

/** The commands that README.md says are not there yet. */
function notThereYet(): ReadonlySet<string> {
  const [, section = ""] = read("README.md").split("## What is not there yet");
  return new Set(
    [...section.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name),
  );
}

/** Every `pawl …` in the prose of a page, with values in place of their names. */
function spokenLines(path: string): ShownLine[] {
  const prose = read(path).replaceAll(/^```[^]*?^```$/gm, "");
  return [...prose.matchAll(/`(pawl\s[^`]*)`/g)].map(([, span = ""]) => ({
    place: path,
    line: span.replaceAll(/\s+/g, " ").replaceAll(/\[[A-Z]+\]/g, "")
      .replaceAll(/([+-])N\b/g, "$11").replaceAll(/\bTIME\b/g, "5s"),
  }));
}

Deno.test("every command in the prose of the documentation parses", () => {
  const known = notThereYet();
  const lines = documentation().flatMap(spokenLines);
  assert.ok(lines.length > 100, `only ${lines.length} were found`);
  const wrong = lines.flatMap(({ place, line }) => {
    const [, ...args] = words(line);
    if (args[0] === "COMMAND" || known.has(args[0] ?? "")) return [];
    const { action } = parse(args, TABLE, () => undefined);
    // What a sentence leaves out, a command line may not.
    const partial = action.kind === "invalid" &&
      /is missing|needs a value/.test(action.error.message);
    return action.kind === "invalid" && !partial
      ? [`${place}: ${line}: ${action.error.message}`]
      : [];
  });
  assert.deepEqual(wrong, []);
});

Deno.test("what scripts/docs.ts writes is as the code wants it", () => {
  for (const { path, wanted } of pages()) {
    assert.equal(
      read(path),
      wanted(read(path)),
      `${path}: run scripts/docs.ts`,
    );
  }
});

Deno.test("docs/errors.md explains every error code with its exit code", () => {
  const rows = new Map(
    [...read("docs/errors.md").matchAll(/^\| `([a-z-]+)` +\| (\d+) +\|/gm)].map(
      ([, code = "", exit = ""]) => [code, Number(exit)],
    ),
  );
  assert.deepEqual(
    Object.fromEntries([...rows].sort()),
    Object.fromEntries(Object.entries(EXIT_CODES).sort()),
  );
});

Deno.test("docs/json.md has every document", () => {
  const named = new Set(
    [...read("docs/json.md").matchAll(/`(pawl\.[a-z-]+\/\d+)`/g)].map(
      ([, name = ""]) => name,
    ),
  );
  const missing = TABLE.commands.filter(({ hidden, json }) =>
    !hidden && json !== undefined && !named.has(json)
  );
  assert.deepEqual(missing.map(({ json }) => json), []);
});

Deno.test("docs/history.md has every table and column of the history", () => {
  const page = read("docs/history.md");
  const ddl = read("migrations/0001_history.sql");
  const missing = [...ddl.matchAll(/^CREATE TABLE (\w+) \(([^]*?)^\);/gm)]
    .flatMap(([, table = "", body = ""]) => {
      const section = page.split(/^## /m).find((part) =>
        part.startsWith(`\`${table}\``)
      ) ?? "";
      return [...body.matchAll(/^ {4}([a-z_]+) /gm)].map(([, column = ""]) =>
        column
      ).filter((column) => !section.includes(`| \`${column}\``))
        .map((column) => `${table}.${column}`);
    });
  assert.deepEqual(missing, []);
});

Deno.test("README.md lists every command", () => {
  const page = read("README.md");
  const missing = TABLE.commands.filter(({ name, hidden }) =>
    !hidden && !page.includes(`\`${name.split(" ")[0]}\``) &&
    !page.includes(`\`${name}\``)
  );
  assert.deepEqual(missing.map(({ name }) => name), []);
});

/** How GitHub names a heading in links. */
function anchor(heading: string): string {
  return heading.replaceAll(/`/g, "").trim().toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(/\s/g, "-");
}

Deno.test("every link between the pages leads somewhere", () => {
  const broken: string[] = [];
  for (const path of documentation()) {
    const text = read(path).replaceAll(/^```[^]*?^```$/gm, "");
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", heading] = target.split("#");
      const to = file === ""
        ? path
        : relative(ROOT, join(ROOT, dirname(path), file));
      try {
        Deno.statSync(join(ROOT, to));
      } catch {
        broken.push(`${path}: ${target}`);
        continue;
      }
      if (heading === undefined) continue;
      const anchors = [...read(to).matchAll(/^#+ (.*)$/gm)].map(([, h = ""]) =>
        anchor(h)
      );
      if (!anchors.includes(heading)) broken.push(`${path}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

const PRINCIPLES = [
  "P10",
  "P17",
  "P18",
  "P19",
  "P20",
  "P21",
  "P74",
  "P112",
  "Q21",
  "H24",
];

Deno.test("the rows that state a principle are shown by the documentation", () => {
  const pages = documentation().map(read).join("\n");
  const named = new Set(
    [...pages.matchAll(/<!-- ([PQHG\d, ]+) -->/g)].flatMap(([, list = ""]) =>
      list.split(/,\s*/)
    ),
  );
  assert.deepEqual(PRINCIPLES.filter((row) => !named.has(row)), []);
});
