/**
 * Makes migrations of other tools' files: one text for up, perhaps another
 * for down. It knows no tool's file names; what all tools' files have in
 * common is here, and what makes a file in such a directory pawl's own.
 *
 * @module
 */

import { Lexer } from "../../sql/lexer.ts";
import { rawHash, tokenHash } from "../../sql/token_hash.ts";
import { type Directive, invalidAt, readHeader } from "../directives.ts";
import { readMigration } from "../file.ts";
import type { Listing } from "../layout.ts";
import type {
  Checksums,
  FileText,
  Header,
  Migration,
  SqlBody,
  Step,
} from "../model.ts";
import { parseFileName } from "../version.ts";

/** A migration of another tool, as its files say it. */
export interface ForeignFiles {
  /** What it sorts by. */
  readonly version: string;
  /** The rest of the file's or folder's name. */
  readonly name: string;
  /** The text that applies it. */
  readonly up: FileText;
  /** The text that takes it back. */
  readonly down: FileText | undefined;
  /** What the tool itself says of transactions, beside the file. */
  readonly transaction?: "none";
  /** Cuts one text into steps. */
  readonly steps: (file: FileText, header: Header) => readonly Step[];
}

/**
 * Makes a migration of another tool's files. The `-- pawl:` lines at the top
 * of its up file are its header, as in pawl's own files.
 *
 * @param files Its texts, and how they are read.
 * @returns The migration; statements are read when they are first needed.
 * @throws {PawlError} `migration-invalid` for a `-- pawl:` line elsewhere.
 */
export function foreignMigration(files: ForeignFiles): Migration {
  const { version, name, up, down, steps } = files;
  const written = topHeader(up);
  if (down !== undefined) refuseDirectives(down, 0);
  const header = files.transaction === undefined
    ? written
    : { ...written, transaction: files.transaction };
  let body: SqlBody | undefined;
  const direction = (file: FileText) => ({
    steps: steps(file, header),
    verify: [],
    sql: withoutMark(file.text),
  });
  return {
    version,
    name,
    file: up.path,
    header,
    hasDown: down !== undefined,
    language: "sql",
    up: fileChecksums(up),
    down: down === undefined ? undefined : fileChecksums(down),
    ownTimeouts: false,
    body: () =>
      body ??= {
        kind: "sql",
        up: direction(up),
        down: down === undefined ? undefined : direction(down),
        upFile: up,
        downFile: down ?? up,
      },
  };
}

function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** The checksums of a whole file, read late: most commands need neither. */
function fileChecksums(file: FileText): Checksums {
  let raw: string | undefined;
  let tokens: string | undefined;
  return {
    get raw() {
      return raw ??= rawHash(new TextEncoder().encode(file.text));
    },
    get tokens() {
      return tokens ??= tokenHash(withoutMark(file.text));
    },
  };
}

const DIRECTIVE = /^--[ \t]*pawl:([\w-]*)[ \t]*(.*)$/;

/** The `-- pawl:` lines among the comments at the top of a file. */
function topHeader(file: FileText): Header {
  const directives: Directive[] = [];
  if (!file.text.includes("pawl:")) return readHeader(file, directives);
  const lexer = new Lexer(file.text);
  lexer.seek(file.text.length - withoutMark(file.text).length);
  let end = file.text.length;
  while (lexer.next()) {
    if (lexer.kind === "block_comment") continue;
    if (lexer.kind !== "line_comment") {
      end = lexer.start;
      break;
    }
    const match = DIRECTIVE.exec(
      file.text.slice(lexer.start, lexer.end).trimEnd(),
    );
    if (match === null) continue;
    const name = match[1] ?? "";
    if (/^(up|verify|down|step)$/.test(name)) {
      refuseSection(file, lexer.start, name);
    }
    directives.push({
      name,
      argument: match[2]?.trim() ?? "",
      start: lexer.start,
      end: lexer.end,
    });
  }
  refuseDirectives(file, end);
  return readHeader(file, directives);
}

function refuseSection(file: FileText, offset: number, name: string): never {
  throw invalidAt(file, offset, {
    message: `pawl:${name} in a file of another tool's layout`,
    hint:
      "Only a file with a name of pawl's own, VERSION_slug.sql, is cut into parts",
  });
}

/** Nothing that looks like a directive may be passed over. */
function refuseDirectives(file: FileText, from: number): void {
  if (!file.text.includes("pawl:", from)) return;
  const lexer = new Lexer(file.text);
  lexer.seek(from);
  while (lexer.next()) {
    if (lexer.kind !== "line_comment") continue;
    const name = DIRECTIVE.exec(
      file.text.slice(lexer.start, lexer.end).trimEnd(),
    )?.[1];
    if (name === undefined) continue;
    if (/^(up|verify|down|step)$/.test(name)) {
      refuseSection(file, lexer.start, name);
    }
    throw invalidAt(file, lexer.start, {
      message:
        `pawl:${name} stands behind the first statement or in a down file`,
      hint:
        "It speaks of the whole migration: move it to the top of the up file",
    });
  }
}

/** Whether a text says of itself that it is in pawl's own format. */
export function isMarked(text: string): boolean {
  return /^[ \t]*(--|\/\/)[ \t]*pawl:/m.test(withoutMark(text));
}

/** Whether a path below the migrations directory has a name of pawl's own. */
export function hasOwnName(file: string): boolean {
  return !file.includes("/") && !/\.(up|down)\.sql$/.test(file) &&
    parseFileName(file) !== undefined;
}

/**
 * Reads the files that are pawl's own in a directory of another layout: those
 * with pawl's name and a `-- pawl:` line, so that a project may go on in
 * pawl's format. A file without such a line is passed over, as the other tool
 * passes over it, but not silently.
 *
 * @param listing The directory.
 * @param rest The files that are none of the other tool's.
 * @param layout The other layout, for the warning.
 */
export function readOwnFiles(
  listing: Listing,
  rest: readonly string[],
  layout: string,
): {
  readonly migrations: readonly Migration[];
  readonly others: readonly string[];
  readonly warnings: readonly string[];
} {
  const migrations: Migration[] = [];
  const others: string[] = [];
  const warnings: string[] = [];
  for (const file of rest) {
    const text = hasOwnName(file) ? listing.read(file) : undefined;
    const migration = text !== undefined && isMarked(text.text)
      ? readMigration(text)
      : undefined;
    if (migration !== undefined) migrations.push(migration);
    else {
      others.push(file);
      if (text !== undefined) {
        warnings.push(
          `${text.path} is not run: this directory has the layout of ${layout}, and the file has no -- pawl: line`,
        );
      }
    }
  }
  return { migrations, others, warnings };
}
