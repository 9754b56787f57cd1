/**
 * What the tests of this directory run over: other projects' SQL where the
 * checkout has it beside it, and a seeded generator of token soup. It knows
 * nothing of what is tested, and has no tests of its own.
 *
 * @module
 */

/** A file of the corpus. */
export interface CorpusFile {
  /** Its path. */
  readonly path: string;
  /** Its text, without a byte order mark. */
  readonly sql: string;
}

const DATA = new URL("../../../shared/data/", import.meta.url);

/** The path of a file beside the checkout, or undefined where it is absent. */
export function dataFile(path: string): URL | undefined {
  const url = new URL(path, DATA);
  try {
    Deno.statSync(url);
    return url;
  } catch {
    return undefined;
  }
}

let files: CorpusFile[] | undefined;

/** Every .sql file of `../shared/data`; none, said aloud, where it is absent. */
export function corpus(): readonly CorpusFile[] {
  if (files === undefined) {
    files = [];
    if (dataFile(".") === undefined) {
      console.warn(`skipped: no corpus at ${DATA.pathname}`);
    } else collect(DATA, files);
  }
  return files;
}

function collect(directory: URL, into: CorpusFile[]): void {
  const entries = [...Deno.readDirSync(directory)];
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const entry of entries) {
    if (entry.isDirectory) {
      collect(new URL(`${encodeURIComponent(entry.name)}/`, directory), into);
    } else if (entry.name.endsWith(".sql")) {
      const url = new URL(encodeURIComponent(entry.name), directory);
      const sql = new TextDecoder().decode(Deno.readFileSync(url));
      into.push({ path: url.pathname, sql });
    }
  }
}

/** A repeatable source of numbers from 0 (inclusive) to a limit (exclusive). */
export type RandomSource = (limit: number) => number;

/** A source seeded with a number (mulberry32). */
export function randomSource(seed: number): RandomSource {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

const PIECES = [
  ..."abeExXnNuUbB_$.,;:()[]'\"+-*/<>=~!@#%^&|`?0123456789 \n\r\t",
  "select",
  "from",
  "'a'",
  "'it''s'",
  "E'\\''",
  "\n'b'",
  "$$;$$",
  "$t$ ' $t$",
  '"q""q"',
  "U&'x'",
  'U&"x"',
  "-- c\n",
  "/* c */",
  "/*/* c */*/",
  "1.5e3",
  "0x1f",
  "::",
  ":=",
  "=>",
  "..",
  "--",
  "/*",
  "*/",
  "->>",
  "@-",
  "$1",
];

/** A random text of up to a dozen pieces, legal or not. */
export function tokenSoup(random: RandomSource): string {
  let text = "";
  for (let n = 1 + random(12); n > 0; n--) {
    text += PIECES[random(PIECES.length)] ?? "";
    if (random(3) === 0) text += " ";
  }
  return text;
}
