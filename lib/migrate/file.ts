/**
 * Reads a migration file in pawl's own format: one text with `up`, `verify`
 * and `down` sections, or all up. The header and the checksums are read at
 * once, the statements when they are first needed. Pure.
 *
 * @module
 */

import { rawHash, tokenHash } from "../sql/token_hash.ts";
import {
  type Directive,
  readHeader,
  readStep,
  SECTIONS,
  unknownDirective,
} from "./directives.ts";
import { readStatements } from "./file_statements.ts";
import type {
  Checksums,
  FileText,
  Header,
  Migration,
  SqlBody,
  SqlDirection,
  Step,
} from "./model.ts";
import {
  arrange,
  type Arrangement,
  firstToken,
  outline,
  type Section,
} from "./sections.ts";
import { parseFileName } from "./version.ts";

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
  const cut = outline(file);
  const { sections } = cut;
  const plan = arrange(file, cut);
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
