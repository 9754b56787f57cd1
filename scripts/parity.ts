/**
 * Prints which rows of FEATURES.md no test names. A row is named by its number
 * in brackets in a test's name: `[P43]`, or `[P43, H12]` for several.
 *
 * @module
 */

const ROOT = new URL("../", import.meta.url);
const FEATURES = new URL("../shared/FEATURES.md", ROOT);

/** A row, such as P43. */
interface Row {
  readonly id: string;
  readonly text: string;
}

/** The rows that pawl is to do: P, Q, H and G. */
function rowsIn(features: string): Row[] {
  return [...features.matchAll(/^- ([PQHG]\d+) (.*)$/gm)].map((match) => ({
    id: match[1] ?? "",
    text: match[2] ?? "",
  }));
}

/**
 * The rows that state a principle or a limit: the documentation shows them.
 * The decisions list them in one sentence, ranges as `P17–P21`; a row named
 * "in part" still wants a test.
 */
function principlesIn(features: string): Set<string> {
  const list = /^- Rows that state a principle.*?: ((?:[PQHG]\d+[^.]*))\./m
    .exec(features);
  const ids = new Set<string>();
  for (const word of (list?.[1] ?? "").split(",")) {
    const match = /^([PQHG])(\d+)(?:–[PQHG](\d+))?$/.exec(word.trim());
    if (match === null) continue;
    const [, group = "", first = "", last = first] = match;
    for (let n = Number(first); n <= Number(last); n++) ids.add(`${group}${n}`);
  }
  return ids;
}

/** The rows that stand in brackets: `[P43]`, `[P43, H12]`, `[Q20 as documented]`. */
function namedIn(source: string): string[] {
  return [...source.matchAll(/\[[^\]\n]*\]/g)].flatMap(([bracket]) =>
    bracket.match(/\b[PQHG]\d+\b/g) ?? []
  );
}

function* testSources(directory: URL): Generator<string> {
  for (const entry of Deno.readDirSync(directory)) {
    const url = new URL(
      entry.name + (entry.isDirectory ? "/" : ""),
      directory,
    );
    if (entry.isDirectory) yield* testSources(url);
    else if (entry.name.endsWith("_test.ts")) yield Deno.readTextFileSync(url);
  }
}

function print(title: string, rows: readonly Row[]): void {
  console.log(`${title}: ${rows.length}`);
  for (const { id, text } of rows) console.log(`  ${id.padEnd(5)}${text}`);
  console.log();
}

function main(): number {
  let features: string;
  try {
    features = Deno.readTextFileSync(FEATURES);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(
      "There is no ../shared/FEATURES.md beside this repository: no parity to show.",
    );
    return 0;
  }
  const rows = rowsIn(features);
  const principles = principlesIn(features);
  const named = new Set(
    ["lib/", "tests/", "scripts/"].flatMap((directory) =>
      [...testSources(new URL(directory, ROOT))].flatMap(namedIn)
    ),
  );
  const known = new Set(rows.map(({ id }) => id));
  const missing = rows.filter(({ id }) =>
    !named.has(id) && !principles.has(id)
  );
  print(
    "Principles and limits, shown by the documentation",
    rows.filter(({ id }) => principles.has(id)),
  );
  print("Rows that no test names", missing);
  const unknown = [...named].filter((id) => !known.has(id));
  if (unknown.length > 0) {
    console.log(`Named by tests, but no rows: ${unknown.join(", ")}\n`);
  }
  const count = (title: string, all: readonly Row[]) => {
    const tested = all.filter(({ id }) => named.has(id)).length;
    const open = all.filter((row) => missing.includes(row)).length;
    console.log(
      `${title}: ${all.length} rows, ${tested} named by tests, ` +
        `${all.length - tested - open} principles only, ${open} open`,
    );
  };
  for (const group of ["P", "Q", "H", "G"]) {
    count(group, rows.filter(({ id }) => id.startsWith(group)));
  }
  count("All", rows);
  return 0;
}

if (import.meta.main) Deno.exit(main());
