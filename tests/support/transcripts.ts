/**
 * Markdown pages whose examples run: a fence ` ```console run=NAME ` is a
 * terminal session, a fence with `file=PATH` is a file of that session, in the
 * order of the page. A session begins in a copy of examples/NAME, or in an
 * empty directory where there is none.
 *
 * It knows Markdown and how a shell is started; not what a command means.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";

/** A fenced block of a page. */
export interface Fence {
  /** The language: the first word behind the backticks. */
  readonly language: string;
  /** The words `key=value` behind it. */
  readonly attributes: ReadonlyMap<string, string>;
  /** What stands between the fences, with its line end. */
  readonly text: string;
  /** Where the text begins in the page. */
  readonly start: number;
  /** The line of the first backtick, from 1. */
  readonly line: number;
}

/** One command of a session and what it writes. */
export interface Exchange {
  /** What is typed behind `$ `, continuation lines included. */
  readonly command: string;
  /** What follows it, standard output and error as a terminal mixes them. */
  readonly output: string;
}

/**
 * Finds the fenced blocks of a page.
 *
 * @param page The Markdown text.
 * @returns The blocks, in order.
 */
export function fencesOf(page: string): Fence[] {
  const found: Fence[] = [];
  const pattern = /^```([\w-]*)([^\n`]*)\n([^]*?)^```$/gm;
  for (const match of page.matchAll(pattern)) {
    const [whole, language = "", words = "", text = ""] = match;
    const attributes = new Map(
      [...words.matchAll(/(\S+?)=(\S+)/g)].map(([, key = "", value = ""]) =>
        [key, value] as const
      ),
    );
    found.push({
      language,
      attributes,
      text,
      start: match.index + whole.length - text.length - 3,
      line: page.slice(0, match.index).split("\n").length,
    });
  }
  return found;
}

/**
 * Takes a terminal session apart.
 *
 * @param text The text of a `console` block.
 * @returns Its commands and what each wrote.
 */
export function exchangesOf(text: string): Exchange[] {
  const exchanges: { command: string; output: string }[] = [];
  let continues = false;
  for (const line of text.split(/(?<=\n)/)) {
    const last = exchanges.at(-1);
    if (continues && last !== undefined) last.command += line;
    else if (line.startsWith("$ ")) {
      exchanges.push({ command: line.slice(2), output: "" });
    } else if (last !== undefined) last.output += line;
    continues = line.endsWith("\\\n");
  }
  return exchanges.map(({ command, output }) => ({
    command: command.trimEnd(),
    output,
  }));
}

/** How a session's commands find pawl. */
export interface SessionOptions {
  /** The examples. */
  readonly examples: string;
  /** The program that `pawl` is, and its first arguments. */
  readonly program: readonly string[];
  /** Further environment variables; there are no others but PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
}

/** The name of a session's home, whatever the directory that it runs in. */
const HOME = "/home/ada";

/**
 * Runs the sessions of a page.
 *
 * @param page The Markdown text.
 * @param options The examples and the program.
 * @returns The page with what the commands write now.
 */
export async function runPage(
  page: string,
  options: SessionOptions,
): Promise<string> {
  const base = await Deno.realPath(
    await Deno.makeTempDir({ prefix: "pawl-docs-" }),
  );
  try {
    await writePawl(base, options.program);
    let result = "";
    let position = 0;
    for (const fence of fencesOf(page)) {
      const session = fence.attributes.get("run");
      if (session === undefined) continue;
      const directory = await sessionDirectory(base, session, options.examples);
      const file = fence.attributes.get("file");
      if (file !== undefined) {
        await writeFence(directory, file, fence.text);
        continue;
      }
      const blocks: string[] = [];
      for (const { command, output } of exchangesOf(fence.text)) {
        const written = await runLine(command, { base, directory }, options);
        const kept = sameText(output, written) ? output : written;
        blocks.push(`$ ${command}\n${kept}`);
      }
      result += page.slice(position, fence.start) + blocks.join("");
      position = fence.start + fence.text.length;
    }
    return result + page.slice(position);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

/** Writes a file; `*_slug.sql` is the one that has such a name already. */
async function writeFence(
  directory: string,
  file: string,
  text: string,
): Promise<void> {
  const folder = join(directory, dirname(file));
  await Deno.mkdir(folder, { recursive: true });
  const end = basename(file).startsWith("*") ? basename(file).slice(1) : "";
  const found = end === ""
    ? undefined
    : [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(end));
  if (end !== "" && found === undefined) {
    throw new Error(`Cannot write ${file}: there is no such file yet`);
  }
  await Deno.writeTextFile(join(folder, found?.name ?? basename(file)), text);
}

/** A program named pawl, for the shell. */
async function writePawl(
  base: string,
  program: readonly string[],
): Promise<void> {
  const words = program.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const path = join(base, "bin", "pawl");
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`);
  await Deno.chmod(path, 0o755);
}

/** The directory of a session, made from the example of its name. */
async function sessionDirectory(
  base: string,
  session: string,
  examples: string,
): Promise<string> {
  const directory = join(base, session);
  try {
    await Deno.mkdir(directory);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return directory;
    throw error;
  }
  await copyTree(join(examples, session), directory);
  return directory;
}

/**
 * Copies a directory without what pawl has made in it.
 *
 * @param from The directory; nothing is copied where there is none.
 * @param to An existing directory.
 */
export async function copyTree(from: string, to: string): Promise<void> {
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(from));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  for (const entry of entries) {
    if (entry.name === ".pawl") continue;
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory) {
      await Deno.mkdir(target, { recursive: true });
      await copyTree(source, target);
    } else await Deno.copyFile(source, target);
  }
}

async function runLine(
  command: string,
  at: { readonly base: string; readonly directory: string },
  options: SessionOptions,
): Promise<string> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `exec 2>&1\n${command}`],
    cwd: at.directory,
    clearEnv: true,
    env: {
      ...options.env,
      PATH: `${join(at.base, "bin")}:${Deno.env.get("PATH") ?? ""}`,
      HOME: at.base,
      USER: "ada",
    },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout).replaceAll(at.base, HOME)
    .replaceAll(new RegExp(`[\\w.-]+@${Deno.hostname()}`, "g"), "ada@laptop");
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** What differs from run to run, and what stands for it in a comparison. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)?/g, "TIME"],
  [/(?<!\d)\d{8}_\d{6}(?!\d)/g, "VERSION"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID"],
  [/\b[0-9a-f]{40,}\b/g, "HASH"],
  [/\b\d+(\.\d+)? (ms|s)\b/g, "DURATION"],
  [/"(\w+Ms)": ?\d+/g, '"$1": N'],
  [/\S+@\S+ pid \d+/g, "ORIGIN"],
  [/\bpid \d+/g, "PID"],
  [/\bPostgreSQL 1\d(\.\d+)?/g, "POSTGRESQL"],
  [/[ \t]+$/gm, ""],
];

/**
 * A text without what differs from run to run: times, versions of new files,
 * ids, durations, processes.
 *
 * @param text What a command wrote.
 * @returns The same with words in their place.
 */
export function steady(text: string): string {
  return VARIABLE.reduce(
    (steadied, [pattern, word]) => steadied.replaceAll(pattern, word),
    text,
  );
}

/** Whether the page's output says what the command wrote; a line `…` stands for any lines. */
function sameText(expected: string, written: string): boolean {
  const parts = steady(expected).split(/^…\n/m);
  const text = steady(written);
  let from = 0;
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    const at = last && part !== "" && i > 0
      ? text.length - part.length
      : text.indexOf(part, from);
    if (at < from || !text.startsWith(part, at) || (i === 0 && at !== 0)) {
      return false;
    }
    from = at + part.length;
  }
  return from === text.length || (parts.length > 1 && parts.at(-1) === "");
}
