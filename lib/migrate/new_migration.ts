/**
 * Writes a new migration file, named and laid out as the others of its
 * directory are, with nothing in it yet. It knows no database.
 *
 * @module
 */

import { dirname } from "node:path";
import { PawlError } from "../errors.ts";
import type { MigrationFiles } from "./directory.ts";
import { LAYOUT_NAMES, recogniseFile, versionAfter } from "./file_names.ts";
import { buildGraph, type Graph } from "./graph.ts";
import type { LayoutName } from "./layout.ts";
import { displayPath, type Project } from "./project.ts";
import {
  readProjectFiles,
  sumBefore,
  type SumUpdate,
  sumWarnings,
  updateSum,
} from "./sum_file.ts";
import { findVersion, slug } from "./version.ts";
import { unwritable, writeFileAtomic } from "./write_file.ts";

/** What names a file where no target of a run is meant. */
export const NAME_HINT =
  "Name a migration's file, its version, or the beginning of one";

/** What a new migration is to be. */
export interface NewMigrationOptions {
  /** One line for people; the file is named after it. */
  readonly message: string;
  /** The time now. */
  readonly now: Date;
  /** What it is written in; SQL by default. */
  readonly language?: "sql" | "js" | "ts";
  /** Versions that it follows: whole, prefixes, or `PROJECT:VERSION`. */
  readonly depends?: readonly string[] | undefined;
  /** Whether its version is a number, whatever the configuration says. */
  readonly sequence?: boolean;
  /** Whether to leave out the lines that say what to fill in. */
  readonly empty?: boolean;
  /** Its version, where it is not the next one: a squash stands where others stood. */
  readonly version?: string | undefined;
  /** What it does; else a person fills it in. */
  readonly body?: MigrationText | undefined;
}

/** The SQL of a migration that pawl writes. */
export interface MigrationText {
  /** Lines for the header, such as `-- pawl:before h1:…`. */
  readonly header: readonly string[];
  /** What makes the change; each line ends in a line feed. */
  readonly up: string;
  /** What undoes it; undefined where nothing does, which the header says. */
  readonly down: string | undefined;
}

/** A migration that has been written. */
export interface NewMigration {
  /** As it stands in the file's name. */
  readonly version: string;
  /** In one line, as it was written. */
  readonly message: string;
  /** The paths of its files, as the user would type them. */
  readonly files: readonly string[];
  /** The versions in its `depends` line; undefined without one. */
  readonly depends: readonly string[] | undefined;
  /** What became of `pawl.sum`. */
  readonly sum: SumUpdate;
  /** One line each. */
  readonly warnings: readonly string[];
}

/**
 * Writes a new migration.
 *
 * @param project The project.
 * @param options What it is to be.
 * @returns What was written, and what to know about it.
 * @throws {PawlError} `usage`, `target-unknown` for `depends`, `file-exists`,
 * `file-unwritable`, what reading the directory throws, or what
 * {@linkcode buildGraph} throws of files that do not fit together.
 */
export function newMigration(
  project: Project,
  options: NewMigrationOptions,
): NewMigration {
  const files = readProjectFiles(project);
  const graph = buildGraph(files.migrations);
  const depends = options.depends === undefined || options.depends.length === 0
    ? undefined
    : resolveDepends(graph, options.depends);
  return writeMigration(project, files, { ...options, depends });
}

/** Full versions for what a user has typed. */
function resolveDepends(graph: Graph, words: readonly string[]): string[] {
  const resolved = words.flatMap((word) => word.split(/[\s,]+/)).filter(Boolean)
    .map((word) => {
      if (!word.includes(":")) {
        return findVersion(graph.order, word, NAME_HINT).version;
      }
      if (/^[^:]+:[^:]+$/.test(word)) return word;
      throw new PawlError(
        "usage",
        `Cannot depend on ${word}: it is neither VERSION nor PROJECT:VERSION`,
      );
    });
  if (resolved.length === 0) {
    throw new PawlError(
      "usage",
      "Cannot depend on nothing: no version is named",
    );
  }
  // A line of other projects' versions only would make it a first migration.
  const own = resolved.some((version) => !version.includes(":"))
    ? []
    : graph.heads.map((head) => head.version);
  return [...new Set([...own, ...resolved])];
}

/** Control characters and line ends would break the header line. */
function oneLine(message: string): string {
  return message.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
}

/**
 * Writes a migration whose dependencies are settled.
 *
 * @param project The project.
 * @param files What is there already.
 * @param options What it is to be; `depends` holds full versions.
 */
export function writeMigration(
  project: Project,
  files: MigrationFiles,
  options: NewMigrationOptions,
): NewMigration {
  const { settings } = project;
  const message = oneLine(options.message);
  if (message === "") {
    throw new PawlError(
      "usage",
      "Cannot name a migration: the message is empty",
      { hint: 'Say what it changes: pawl new "add email to users"' },
    );
  }
  const request = { ...options, message };
  refuseForeign(files.layout, request);
  const names = LAYOUT_NAMES[files.layout];
  const taken = files.files.flatMap(({ file }) =>
    recogniseFile(files.layout, file)?.version ?? []
  );
  const replaced = files.migrations.flatMap((m) => m.header.replaces);
  const version = options.version ??
    versionAfter(files.layout, [...taken, ...replaced], {
      format: options.sequence ? "sequence" : settings.versionFormat,
      now: options.now,
    });
  const language = options.language ?? "sql";
  const paths = names.paths(version, slug(message), options.now)
    .map((path) => language === "sql" ? path : path.replace(/sql$/, language));
  const texts = textsOf(files.layout, version, request);
  const before = sumBefore(project, files);
  const shown = writeAll(
    project,
    paths.map((path, i) => ({ path, text: texts[i] ?? "" })),
  );
  const sum = updateSum(project, before);
  return {
    version,
    message,
    files: shown,
    depends: options.depends,
    sum,
    warnings: [...headWarnings(project), ...sumWarnings(project, sum)],
  };
}

/** What other tools' files have no words for. */
function refuseForeign(
  layout: LayoutName,
  options: {
    readonly language?: "sql" | "js" | "ts";
    readonly depends?: readonly string[] | undefined;
  },
): void {
  if (layout === "pawl") return;
  const what = options.depends !== undefined
    ? "depends"
    : options.language === "js" || options.language === "ts"
    ? `.${options.language} files`
    : undefined;
  if (what === undefined) return;
  throw new PawlError(
    "usage",
    `Cannot write the migration: the ${layout} layout has no ${what}`,
    { hint: 'layout = "pawl" in pawl.toml names pawl\'s own layout' },
  );
}

/** The texts of the files that the layout's `paths` names, in that order. */
function textsOf(
  layout: LayoutName,
  version: string,
  options: NewMigrationOptions,
): readonly string[] {
  // A message alone, such as UP, could be a marker.
  const title = `-- Migration: ${options.message}`;
  const say = (text: string) => options.empty ? "" : `${text}\n`;
  const { body } = options;
  const up = body?.up ?? say("-- SQL that makes the change.");
  const down = body?.down ?? say("-- SQL that undoes it.");
  switch (layout) {
    case "pawl":
      return [
        options.language === "js" || options.language === "ts"
          ? programText(options.language, options)
          : sqlText(options),
      ];
    case "golang-migrate":
    case "diesel":
      return [`${title}\n${up}`, `${title}\n${down}`];
    case "hyperdjango":
      return [
        `-- Migration ${version}: ${options.message}\n\n-- UP\n${up}\n-- DOWN\n${down}`,
      ];
    case "pgmg":
      return [`${title}\n${up}`];
    default:
      return layout satisfies never;
  }
}

function dependsLine(
  comment: "--" | "//",
  depends: readonly string[] | undefined,
): string {
  return depends === undefined
    ? ""
    : `${comment} pawl:depends ${depends.join(" ")}\n`;
}

/**
 * The text of a migration in pawl's own layout.
 *
 * @param options What it is to be.
 */
export function sqlText(options: NewMigrationOptions): string {
  const say = (...lines: string[]) =>
    options.empty ? "" : lines.map((line) => `-- ${line}\n`).join("");
  const head = `-- pawl:message ${oneLine(options.message)}\n` +
    dependsLine("--", options.depends);
  const { body } = options;
  if (body !== undefined) {
    return head + body.header.map((line) => `${line}\n`).join("") +
      `\n-- pawl:up\n${body.up}` +
      (body.down === undefined ? "" : `\n-- pawl:down\n${body.down}`);
  }
  return head +
    "\n-- pawl:up\n" +
    say("SQL that makes the change.") +
    "\n-- pawl:down\n" +
    say(
      "SQL that undoes it. Where nothing can undo it: take this section out and",
      "write the reason at the top, as in -- pawl:irreversible REASON",
    );
}

/** A program that has not been written must not pass for one that undoes. */
function programText(
  language: "js" | "ts",
  options: NewMigrationOptions,
): string {
  const typed = language === "ts";
  const parameter = typed ? "db: MigrationDatabase" : "db";
  const result = typed ? ": Promise<void>" : "";
  const head = `// pawl:message ${options.message}\n` +
    dependsLine("//", options.depends) +
    (typed && !options.empty
      ? '\nimport type { MigrationDatabase } from "@pawl/pawl";\n'
      : "");
  if (options.empty) {
    return `${head}\nexport function up() {}\n\nexport function down() {}\n`;
  }
  return `${head}
export async function up(${parameter})${result} {
  await db.execute("SELECT 1"); // The change.
}

export async function down(${parameter})${result} {
  throw new Error("What undoes this migration is not written yet");
}
`;
}

/** Writes all of the files or none. */
function writeAll(
  project: Project,
  files: readonly { readonly path: string; readonly text: string }[],
): string[] {
  const made: string[] = [];
  try {
    return files.map(({ path, text }) => {
      const full = `${project.settings.migrations}/${path}`;
      const display = displayPath(project, full);
      const folder = dirname(full);
      if (path.includes("/") && !made.includes(folder)) {
        makeFolder(folder, displayPath(project, folder));
        made.push(folder);
      }
      writeFileAtomic(full, text, { display });
      made.push(full);
      return display;
    });
  } catch (error) {
    for (const path of made.reverse()) Deno.removeSync(path);
    throw error;
  }
}

function makeFolder(folder: string, display: string): void {
  try {
    Deno.mkdirSync(folder);
  } catch (error) {
    throw unwritable(display, error);
  }
}

/** Several heads block the next upgrade: whoever adds a file should know. */
function headWarnings(project: Project): string[] {
  const { heads } = buildGraph(readProjectFiles(project).migrations);
  if (heads.length <= 1) return [];
  return [
    `${heads.length} migrations have none after them now, which blocks the next upgrade: ${
      heads.map((head) => head.file).join(", ")
    }; pawl merge "message" joins them`,
  ];
}
