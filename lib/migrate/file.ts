/**
 * Reads a migration file in pawl's own format: one text with `up`, `verify`
 * and `down` sections, or all up. The header and the checksums are read at
 * once, the statements when they are first needed. Pure.
 *
 * @module
 */

import { PawlError } from "../errors.ts";
import { classify } from "../sql/classify.ts";
import { Lexer } from "../sql/lexer.ts";
import { splitStatements } from "../sql/split.ts";
import { rawHash, tokenHash } from "../sql/token_hash.ts";
import {
  type Directive,
  EMPTY_HEADER,
  invalidAt,
  readHeader,
  readStep,
  SECTIONS,
  unknownDirective,
} from "./directives.ts";
import type {
  Checksums,
  FileStatement,
  FileText,
  Header,
  Migration,
  SqlBody,
  SqlDirection,
  Step,
} from "./model.ts";
import { parseFileName } from "./version.ts";

// One for all files: making it costs ten times what a small file's text does.
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Decodes a file; a byte order mark stays in the text for the checksum. */
export function decodeFile(path: string, bytes: Uint8Array): FileText {
  try {
    return { path, text: UTF8.decode(bytes) };
  } catch {
    throw new PawlError(
      "migration-invalid",
      `Cannot read ${path}: it is not UTF-8`,
      {
        location: { file: path, line: firstBadLine(bytes) },
        hint: "Convert it, for example with iconv -f LATIN1 -t UTF-8",
      },
    );
  }
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let end = bytes.indexOf(10);; end = bytes.indexOf(10, start)) {
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? undefined : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    start = end + 1;
    line++;
  }
}

/** A part of a file's text. */
interface Section {
  readonly kind: "header" | "up" | "verify" | "down";
  readonly start: number;
  /** Where the text behind the marker line begins. */
  readonly bodyStart: number;
  readonly end: number;
}

interface Outline {
  readonly sections: readonly Section[];
  readonly directives: readonly Directive[];
}

// White space of one line: \s would make thousands of empty lines take minutes.
const OLD_MARKER =
  /^[^\S\r\n\u2028\u2029]*--[ \t]*(UP|DOWN)[^\S\r\n\u2028\u2029]*$/im;

/** Whether a text can hold any marker at all; most bodies of DDL do not. */
function mayHaveMarkers(text: string): boolean {
  return text.includes("pawl:") || OLD_MARKER.test(text);
}

function outline(file: FileText): Outline {
  const bom = file.text.startsWith("\uFEFF") ? 1 : 0;
  const whole: Section = {
    kind: "header",
    start: 0,
    bodyStart: bom,
    end: file.text.length,
  };
  if (!mayHaveMarkers(file.text)) return { sections: [whole], directives: [] };
  const directives = findDirectives(file, bom);
  const sections: Section[] = [];
  let current = whole;
  for (const directive of directives) {
    const kind = SECTIONS.find((name) => name === directive.name);
    if (kind === undefined) continue;
    if (sections.some((s) => s.kind === kind) || current.kind === kind) {
      throw invalidAt(file, directive.start, {
        message: `a second ${kind} section`,
        hint:
          "Put its statements into the first one; -- pawl:step starts a part that is committed by itself",
      });
    }
    if (directive.argument !== "") {
      throw invalidAt(file, directive.start, {
        message: `pawl:${kind} takes nothing behind it`,
        hint: "Put the text into a comment line of its own",
      });
    }
    sections.push({ ...current, end: directive.start });
    current = {
      kind,
      start: directive.start,
      bodyStart: directive.end,
      end: file.text.length,
    };
  }
  sections.push(current);
  return { sections, directives };
}

/**
 * Every `-- pawl:` line that is a comment, in order; `-- UP` and `-- DOWN` too.
 * `-- Down` is refused: nobody writes that word alone on a line but as a
 * marker, and what stands below it would be run as up. A file that is divided
 * by markers of pawl's own may say in comments what it likes.
 */
function findDirectives(file: FileText, from: number): Directive[] {
  const found: Directive[] = [];
  let divided = false;
  let misspelt: { readonly word: string; readonly start: number } | undefined;
  const lexer = new Lexer(file.text);
  lexer.seek(from);
  while (lexer.next()) {
    if (lexer.kind !== "line_comment") continue;
    const { start, end } = lexer;
    const comment = file.text.slice(start, end).trimEnd();
    const word = /^--[ \t]*(up|down)$/i.exec(comment)?.[1];
    // PostgreSQL ends a line at \n and \r only, JavaScript's dot at more.
    const match = /^--[ \t]*pawl:([\w-]*)[ \t]*(.*)$/s.exec(comment);
    if (word === undefined && match === null) continue;
    const before = file.text.slice(from, start);
    const lineStart =
      Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1;
    if (before.slice(lineStart).trim() !== "") {
      if (match === null) continue;
      throw invalidAt(file, start, {
        message: `pawl:${match[1]} stands behind a statement`,
        hint: "A directive has a line of its own",
      });
    }
    if (match !== null) {
      const name = match[1] ?? "";
      divided ||= SECTIONS.some((section) => section === name);
      found.push({ name, argument: match[2]?.trim() ?? "", start, end });
    } else if (word === "UP" || word === "DOWN") {
      found.push({ name: word.toLowerCase(), argument: "", start, end });
    } else if (word !== undefined) misspelt ??= { word, start };
  }
  if (misspelt !== undefined && !divided) {
    const { word, start } = misspelt;
    throw invalidAt(file, start, {
      message: `-- ${word} is a marker only in capitals`,
      hint:
        `Write -- ${word.toUpperCase()} or -- pawl:${word.toLowerCase()}; a remark needs more words on its line`,
    });
  }
  return found;
}

/** What is known of a file without reading its statements. */
export interface FileHead {
  readonly header: Header;
  readonly up: Checksums;
  readonly down: Checksums | undefined;
  /**
   * Whether there is anything that undoes it: a down section that was never
   * filled in undoes nothing but an up without statements.
   */
  readonly hasDown: boolean;
  readonly body: () => SqlBody;
}

/**
 * Reads a text in pawl's format.
 *
 * @param file The text and the path that messages show.
 * @returns Header, checksums, and a function that reads the statements.
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function readSqlFile(file: FileText): FileHead {
  const { sections, directives } = outline(file);
  const plan = arrange(file, sections, directives);
  const up = joined(file, sections.filter((s) => s.kind !== "down"));
  const downSection = sections.find((s) => s.kind === "down");
  const down = downSection === undefined
    ? undefined
    : joined(file, [downSection]);
  return {
    header: plan.header,
    up: checksums(up),
    down: down === undefined ? undefined : checksums(down),
    hasDown: downSection !== undefined &&
      (firstToken(file, downSection) !== undefined ||
        plan.up.every((part) =>
          firstToken(file, { bodyStart: part.start, end: part.end }) ===
            undefined
        )),
    body: once(() => readBody(file, plan, { up, down })),
  };
}

function joined(file: FileText, sections: readonly Section[]): string {
  if (
    sections.length === 1 && sections[0]?.end === file.text.length &&
    sections[0].start === 0
  ) {
    return file.text;
  }
  return sections.map((s) => file.text.slice(s.start, s.end)).join("");
}

/** Both are read late: most commands need neither. */
function checksums(text: string): Checksums {
  let raw: string | undefined;
  let tokens: string | undefined;
  return {
    get raw() {
      return raw ??= rawHash(new TextEncoder().encode(text));
    },
    get tokens() {
      return tokens ??= tokenHash(
        text.startsWith("\uFEFF") ? text.slice(1) : text,
      );
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

interface Arrangement {
  readonly header: Header;
  /** Where the up statements stand. */
  readonly up: readonly { readonly start: number; readonly end: number }[];
  readonly verify: Section | undefined;
  readonly down: Section | undefined;
  readonly steps: readonly Directive[];
}

/** Finds out what the text before the first marker is, and reads the header. */
function arrange(
  file: FileText,
  sections: readonly Section[],
  directives: readonly Directive[],
): Arrangement {
  const [head] = sections;
  const section = (kind: Section["kind"]) =>
    sections.find((s) => s.kind === kind);
  if (directives.length === 0) {
    return {
      header: EMPTY_HEADER,
      up: head === undefined ? [] : [{ start: head.bodyStart, end: head.end }],
      verify: undefined,
      down: undefined,
      steps: [],
    };
  }
  const upSection = section("up");
  const firstStatement = firstToken(file, head);
  if (upSection !== undefined && firstStatement !== undefined) {
    throw invalidAt(file, firstStatement, {
      message: "a statement before -- pawl:up",
      hint:
        "Move it below that line, or remove the line: what stands first is up",
    });
  }
  const headerDirectives: Directive[] = [];
  const steps: Directive[] = [];
  const upStart = upSection === undefined
    ? firstStatement
    : firstToken(file, upSection);
  for (const directive of directives) {
    if (SECTIONS.some((name) => name === directive.name)) continue;
    const inside = sections.find((s) =>
      directive.start >= s.start && directive.start < s.end
    );
    if (directive.name === "step") {
      if (inside?.kind === "verify") {
        throw invalidAt(file, directive.start, {
          message: "pawl:step in the verify section",
          hint: "The verify section belongs to the last step",
        });
      }
      steps.push(directive);
    } else if (
      (inside?.kind === "header" || inside?.kind === "up") &&
      (upStart === undefined || directive.start < upStart)
    ) headerDirectives.push(directive);
    else {
      readHeader(file, [directive]); // an unknown name is the better message
      throw invalidAt(file, directive.start, {
        message: `pawl:${directive.name} stands behind the first statement`,
        hint: "It speaks of the whole file: move it to the top",
      });
    }
  }
  return {
    header: readHeader(file, headerDirectives),
    up: upSection === undefined
      ? head === undefined ? [] : [{ start: head.bodyStart, end: head.end }]
      : [{ start: upSection.bodyStart, end: upSection.end }],
    verify: section("verify"),
    down: section("down"),
    steps,
  };
}

function firstToken(
  file: FileText,
  section: Pick<Section, "bodyStart" | "end"> | undefined,
): number | undefined {
  if (section === undefined) return undefined;
  const lexer = new Lexer(file.text.slice(section.bodyStart, section.end));
  while (lexer.next()) {
    if (lexer.kind !== "line_comment" && lexer.kind !== "block_comment") {
      return section.bodyStart + lexer.start;
    }
  }
  return undefined;
}

function readBody(
  file: FileText,
  plan: Arrangement,
  text: { readonly up: string; readonly down: string | undefined },
): SqlBody {
  const up: SqlDirection = {
    steps: plan.up.flatMap((part) => readSteps(file, plan, part)),
    verify: plan.verify === undefined ? [] : readStatements(file, {
      start: plan.verify.bodyStart,
      end: plan.verify.end,
    }),
    sql: text.up,
  };
  const down: SqlDirection | undefined = plan.down === undefined ? undefined : {
    steps: readSteps(file, plan, {
      start: plan.down.bodyStart,
      end: plan.down.end,
    }),
    verify: [],
    sql: text.down ?? "",
  };
  return { kind: "sql", up, down, upFile: file, downFile: file };
}

/** Cuts a part of the file at its `pawl:step` lines. */
function readSteps(
  file: FileText,
  plan: Arrangement,
  part: { readonly start: number; readonly end: number },
): Step[] {
  const marks = plan.steps.filter((d) =>
    d.start >= part.start && d.start < part.end
  );
  const steps: Step[] = [];
  const first = readStatements(file, {
    start: part.start,
    end: marks[0]?.start ?? part.end,
  });
  if (first.length > 0 || marks.length === 0) {
    steps.push({
      transaction: plan.header.transaction,
      timeouts: plan.header.timeouts,
      statements: first,
    });
  }
  for (const [i, mark] of marks.entries()) {
    steps.push({
      ...readStep(file, mark, plan.header),
      statements: readStatements(file, {
        start: mark.end,
        end: marks[i + 1]?.start ?? part.end,
      }),
    });
  }
  return steps;
}

const PROBLEM_HINTS: Readonly<Record<string, string>> = {
  "meta-command":
    "Lines that begin with a backslash are psql's own; write SQL instead",
  "copy-from-stdin":
    "Data after COPY … FROM stdin cannot be sent from a file: use INSERT, or pawl seed",
  "transaction-control":
    "pawl runs each step in a transaction of its own: remove the line, or start a new part with -- pawl:step",
};

/** The statements of a part of the file; refuses what pawl cannot run. */
export function readStatements(
  file: FileText,
  part: { readonly start: number; readonly end: number },
  options: { readonly transactionControl?: "refuse" | "keep" } = {},
): FileStatement[] {
  const { statements, problems } = splitStatements(
    file.text.slice(part.start, part.end),
  );
  const [problem] = problems;
  if (problem !== undefined) {
    const hint = PROBLEM_HINTS[problem.kind];
    throw invalidAt(file, part.start + problem.offset, {
      message: problem.message,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const found = statements.map((s) => ({
    sql: s.text,
    start: part.start + s.start,
    parsed: s,
  }));
  if (options.transactionControl !== "keep") {
    for (const statement of found) refuseTransactionControl(file, statement);
  }
  return found;
}

/** First words of the statements that begin or end a transaction. */
const CONTROL_WORDS: ReadonlySet<string> = new Set([
  "begin",
  "start",
  "commit",
  "end",
  "rollback",
  "abort",
  "prepare",
]);

function refuseTransactionControl(
  file: FileText,
  statement: FileStatement,
): void {
  if (!CONTROL_WORDS.has(statement.parsed.words[0] ?? "")) return;
  const { control, verb } = classify(statement.parsed);
  const ends = control === "begin" || control === "commit" ||
    control === "rollback" ||
    control === "prepare-transaction";
  if (!ends || verb.endsWith("PREPARED")) return;
  throw invalidAt(file, statement.start, {
    message: `${verb} inside a migration`,
    hint: PROBLEM_HINTS["transaction-control"] ?? "",
  });
}

/** The header of a JavaScript or TypeScript migration: its `// pawl:` lines. */
function programHeader(file: FileText): Header {
  const directives: Directive[] = [];
  for (
    const match of file.text.matchAll(/^\/\/[ \t]*pawl:([\w-]*)[ \t]*(.*)$/gm)
  ) {
    const directive = {
      name: match[1] ?? "",
      argument: match[2]?.trim() ?? "",
      start: match.index,
      end: match.index + match[0].length,
    };
    if (
      directive.name === "step" || SECTIONS.some((s) => s === directive.name)
    ) {
      throw unknownDirective(file, directive);
    }
    directives.push(directive);
  }
  return readHeader(file, directives);
}

const EXPORTS_DOWN =
  /\bexport\s+(?:async\s+)?function\s+down\b|\bexport\s+(?:const|let|var)\s+down\b|\bexport\s*\{[^}]*\bdown\b/;

/**
 * Makes a migration of a file in pawl's layout.
 *
 * @param file The text and the path that messages show.
 * @returns The migration, or undefined for a file whose name is none.
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function readMigration(file: FileText): Migration | undefined {
  const name = parseFileName(file.path.slice(file.path.lastIndexOf("/") + 1));
  if (name === undefined) return undefined;
  const common = {
    version: name.version,
    name: name.name,
    file: file.path,
    language: name.language,
    ownTimeouts: true,
  };
  if (name.language === "sql") {
    const head = readSqlFile(file);
    return { ...common, ...head };
  }
  const language = name.language;
  const raw = rawHash(new TextEncoder().encode(file.text));
  const sums = { raw, tokens: `raw:${raw}` };
  const hasDown = EXPORTS_DOWN.test(file.text);
  return {
    ...common,
    header: programHeader(file),
    up: sums,
    down: hasDown ? sums : undefined,
    hasDown,
    body: () => ({
      kind: "program",
      language,
      path: file.path,
      source: file.text,
    }),
  };
}
