/**
 * The sections of a migration file in pawl's format: where they stand, and
 * which of its directives speak of the whole file and which of a step. Pure.
 *
 * @module
 */

import { Lexer } from "../sql/lexer.ts";
import {
  type Directive,
  EMPTY_HEADER,
  invalidAt,
  readHeader,
  SECTIONS,
} from "./directives.ts";
import type { FileText, Header } from "./model.ts";

/** A part of a file's text. */
export interface Section {
  readonly kind: "header" | "up" | "verify" | "down";
  readonly start: number;
  /** Where the text behind the marker line begins. */
  readonly bodyStart: number;
  readonly end: number;
}

/** A file's sections, and its directives in order. */
export interface Outline {
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

/**
 * Cuts a file at the lines that begin a section.
 *
 * @param file The text and the path that messages show.
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function outline(file: FileText): Outline {
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

/** What a file's directives say, and where its statements stand. */
export interface Arrangement {
  readonly header: Header;
  /** Where the up statements stand. */
  readonly up: readonly { readonly start: number; readonly end: number }[];
  readonly verify: Section | undefined;
  readonly down: Section | undefined;
  readonly steps: readonly Directive[];
}

/**
 * Finds out what the text before the first marker is, and reads the header.
 *
 * @param file The text and the path that messages show.
 * @param outline What {@linkcode outline} has made of it.
 * @throws {PawlError} `migration-invalid` with file and line.
 */
export function arrange(
  file: FileText,
  { sections, directives }: Outline,
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

/** Where the first token of a part stands that is no comment; undefined where there is none. */
export function firstToken(
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
